/**
 * Journal entries as JSON text: canonical (keys sorted, absent means undefined), and exact both ways.
 * Fixed-point fields are decimal text ("190.25"); which fields those are is fixed below, and checked by the compiler.
 * What is kept in units of 10⁻¹⁸ (accruals) is written in billionths of a dollar.
 */
import type { Command, EngineEvent } from "../engine/index.ts";
import { assert, formatUnits, parseUnits } from "../kernel/index.ts";
import type { JournalEntry } from "../sessions/index.ts";

type Plain = string | number | boolean | null | undefined;

/** Names of all fields that hold a bigint, at any depth, a config excepted. */
type UnitsKey<T> = T extends Plain | bigint
  ? never
  : T extends readonly (infer Item)[]
    ? UnitsKey<Item>
    : {
        [Key in keyof T & string]-?: Key extends "config"
          ? never
          : Extract<T[Key], bigint> extends never
            ? UnitsKey<T[Key]>
            : Key;
      }[keyof T & string];

/** A field that is missing here, or one too many, does not compile. */
const UNITS_FIELDS: Record<UnitsKey<Command | EngineEvent>, true> = {
  accrued: true,
  avgEntryPrice: true,
  cash: true,
  catFee: true,
  collar: true,
  costBasis: true,
  equity: true,
  initialCash: true,
  limitPrice: true,
  maintenance: true,
  mark: true,
  netAmount: true,
  newRate: true,
  notional: true,
  oldRate: true,
  percentage: true,
  perShare: true,
  price: true,
  qty: true,
  qtyChange: true,
  realized: true,
  referencePrice: true,
  reserved: true,
  secFee: true,
  sizedQty: true,
  slippage: true,
  stopLoss: true,
  stopLossLimit: true,
  stopPrice: true,
  tafFee: true,
  takeProfit: true,
  trail: true,
  trailPercent: true,
  trailPrice: true,
};

const UNITS_NAMES: ReadonlySet<string> = new Set(Object.keys(UNITS_FIELDS));

/** A config is kept as it is: it holds texts and numbers under names that are fixed-point elsewhere. */
const PLAIN_FIELD = "config";

/** `parseUnits` reads 30 digits before the point; the limits of orders and cash keep far below. */
const UNITS_TEXT_LENGTH_MAX = 30;

/** The canonical text of an entry: what is stored, and what the hash is taken over. */
export function encodeEntry(entry: JournalEntry): string {
  return `{"at":${entry.at},"command":${write(entry.command, false)}${encodeOutcome(entry)}`;
}

/** The end of an entry's text: what happened, from `OUTCOME` on. */
export const encodeOutcome = ({ seq, events }: Pick<JournalEntry, "seq" | "events">): string =>
  `${OUTCOME}${write(events, false)},"seq":${seq}}`;

/** Where what was asked for ends in a text. Within a text in quotes there is no such thing: it escapes its quotes. */
export const OUTCOME = ',"events":';

/** The entry behind a text of `encodeEntry`. Throws a plain Error for any other text. */
export function decodeEntry(text: string): JournalEntry {
  const value: unknown = JSON.parse(text);
  revive(value);
  if (!isEntry(value)) throw new Error("it is not a journal entry");
  return value;
}

/** What was asked for, behind a text of `encodeEntry` up to its `OUTCOME`. Throws a plain Error for any other text. */
export function decodeAsked(text: string): Pick<JournalEntry, "at" | "command"> {
  const value: unknown = JSON.parse(`${text}}`);
  revive(value);
  if (!isAsked(value)) throw new Error("it is not the beginning of a journal entry");
  return value;
}

/** An event or a command as JSON. */
export const plainOf = (value: Command | EngineEvent): Readonly<Record<string, unknown>> =>
  JSON.parse(write(value, false)) as Record<string, unknown>;

const isAsked = (value: unknown): value is Pick<JournalEntry, "at" | "command"> =>
  isRecord(value) && typeof value["at"] === "number" && isRecord(value["command"]);

const isEntry = (value: unknown): value is JournalEntry =>
  isRecord(value) &&
  typeof value["seq"] === "number" &&
  typeof value["at"] === "number" &&
  Array.isArray(value["events"]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function write(value: unknown, isPlain: boolean): string {
  if (typeof value === "string") return UNQUOTED.test(value) ? `"${value}"` : JSON.stringify(value);
  if (typeof value === "boolean" || value === null) return String(value);
  if (typeof value === "number") return writeNumber(value);
  if (Array.isArray(value)) return writeList(value, isPlain);
  assert(isRecord(value), `Invariant: an entry holds only values that JSON has, but got ${typeof value}`);
  return writeRecord(value, isPlain);
}

/** Texts in which JSON has nothing to escape. */
const UNQUOTED = /^[\w .:-]*$/;

function writeList(list: readonly unknown[], isPlain: boolean): string {
  let text = "";
  for (const item of list) text += `${text === "" ? "" : ","}${write(item, isPlain)}`;
  return `[${text}]`;
}

function writeRecord(record: Readonly<Record<string, unknown>>, isPlain: boolean): string {
  let text = "";
  for (const { key, label, isUnits } of fieldsOf(record)) {
    const value = record[key];
    if (value === undefined) continue;
    const written = isUnits && !isPlain ? writeUnits(key, value) : write(value, isPlain || key === PLAIN_FIELD);
    text += (text === "" ? label : `,${label}`) + written;
  }
  return `{${text}}`;
}

interface Field {
  readonly key: string;
  /** The key as it stands in the text. */
  readonly label: string;
  readonly isUnits: boolean;
}

/** Keys in the order in which a record was given them, one step each, to its fields in the order of their names. */
interface Shape {
  readonly next: Map<string, Shape>;
  fields: readonly Field[] | undefined;
}

/** Events and commands come in some hundred shapes, over and over; what has others is sorted each time. */
const SHAPES_MAX = 10_000;
const emptyShape: Shape = { next: new Map(), fields: undefined };
let shapeCount = 0;

function fieldsOf(record: Readonly<Record<string, unknown>>): readonly Field[] {
  let shape = emptyShape;
  for (const key in record) {
    let next = shape.next.get(key);
    if (next === undefined) {
      if (shapeCount >= SHAPES_MAX) return sortedFields(record);
      shapeCount += 1;
      next = { next: new Map(), fields: undefined };
      shape.next.set(key, next);
    }
    shape = next;
  }
  shape.fields ??= sortedFields(record);
  return shape.fields;
}

const sortedFields = (record: Readonly<Record<string, unknown>>): readonly Field[] =>
  Object.keys(record)
    .sort()
    .map((key) => ({ key, label: `"${key}":`, isUnits: UNITS_NAMES.has(key) }));

function writeUnits(key: string, value: unknown): string {
  assert(typeof value === "bigint", `Invariant: ${key} is a fixed-point number`);
  const text = formatUnits(value);
  assert(text.length <= UNITS_TEXT_LENGTH_MAX, `Invariant: ${key} has at most ${UNITS_TEXT_LENGTH_MAX} characters`);
  return `"${text}"`;
}

function writeNumber(value: number): string {
  assert(Number.isFinite(value), "Invariant: a number of an entry is finite");
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Turns decimal text back into units, in place: the tree was made by the parser just now and has no other owner. */
function revive(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) revive(item);
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) reviveField(value, key);
  }
}

function reviveField(record: Record<string, unknown>, key: string): void {
  if (key === PLAIN_FIELD) return;
  const field = record[key];
  if (!UNITS_NAMES.has(key)) return revive(field);
  const units = typeof field === "string" ? parseUnits(field) : "not_a_decimal";
  if (typeof units !== "bigint") throw new Error(`${key} is not a decimal`);
  record[key] = units;
}
