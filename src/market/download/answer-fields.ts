/** The fields of a provider's answer: unknown until read here, typed afterwards. What is wrong is an UnsoundAnswer. */
import { parseDate, type CivilDate } from "../../kernel/index.ts";
import { UnsoundAnswer } from "./download-fault.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Characters of a foreign value that a message shows. */
const SHOWN_MAX = 60;

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new UnsoundAnswer(`${what}: got ${shown(value)}, wanted an object`);
}

/** Absent and null are an empty list: that is how providers say "none". */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new UnsoundAnswer(`${what}: got ${shown(value)}, wanted a list`);
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string") return value;
  throw new UnsoundAnswer(`${name}: got ${shown(value)}, wanted a text`);
}

export function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new UnsoundAnswer(`${name}: got ${shown(value)}, wanted a number`);
}

/** NaN where it is absent or null. */
export function optionalNumberOf(fields: Fields, name: string): number {
  const value = fields[name];
  return value === undefined || value === null ? Number.NaN : numberOf(fields, name);
}

/** Undefined where it is absent, null or empty. */
export function optionalTextOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || value === null || value === "" ? undefined : textOf(fields, name);
}

export function dateOf(fields: Fields, name: string): CivilDate {
  const date = parseDate(textOf(fields, name));
  if (date !== undefined) return date;
  throw new UnsoundAnswer(`${name}: got ${shown(fields[name])}, wanted a date such as 2024-01-02`);
}

/** A foreign value as part of a message: short, and without control characters. */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : (JSON.stringify(value) ?? typeof value);
  return printable(text, SHOWN_MAX);
}

/** A foreign text in one line of at most so many characters. */
export function printable(text: string, charactersMax: number): string {
  const line = text.replace(/\p{Cc}+/gu, " ").trim();
  return line.length > charactersMax ? `${line.slice(0, charactersMax)}…` : line;
}
