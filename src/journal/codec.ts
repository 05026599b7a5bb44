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
  return write({ seq: entry.seq, at: entry.at, command: entry.command, events: entry.events }, false);
}

/** The entry behind a text of `encodeEntry`. Throws a plain Error for any other text. */
export function decodeEntry(text: string): JournalEntry {
  const value: unknown = JSON.parse(text);
  revive(value);
  if (!isEntry(value)) throw new Error("it is not a journal entry");
  return value;
}

/** An event or a command as JSON. */
export const plainOf = (value: Command | EngineEvent): Readonly<Record<string, unknown>> =>
  JSON.parse(write(value, false)) as Record<string, unknown>;

function isEntry(value: unknown): value is JournalEntry {
  return (
    isRecord(value) &&
    typeof value["seq"] === "number" &&
    typeof value["at"] === "number" &&
    Array.isArray(value["events"])
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function write(value: unknown, isPlain: boolean): string {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return JSON.stringify(value);
  if (typeof value === "number") return writeNumber(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, isPlain)).join(",")}]`;
  assert(isRecord(value), `Invariant: an entry holds only values that JSON has, but got ${typeof value}`);
  return writeRecord(value, isPlain);
}

function writeRecord(record: Readonly<Record<string, unknown>>, isPlain: boolean): string {
  let text = "";
  for (const key of Object.keys(record).sort()) {
    const value = record[key];
    if (value === undefined) continue;
    const isUnits = !isPlain && UNITS_NAMES.has(key);
    const written = isUnits ? writeUnits(key, value) : write(value, isPlain || key === PLAIN_FIELD);
    text += `${text === "" ? "" : ","}"${key}":${written}`;
  }
  return `{${text}}`;
}

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
