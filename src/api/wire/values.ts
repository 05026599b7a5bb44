/** Values from outside: decimals, times, whole numbers and truths, each with a refusal that names its field. */
import {
  MINUTE_MS,
  parseDate,
  parseInstant,
  parseUnits,
  refuse,
  type Instant,
  type RefusalReason,
} from "../../kernel/index.ts";
import { newYorkMidnight } from "../../calendar/index.ts";
import { RefusedRequest } from "./errors.ts";
import { shown } from "./validation.ts";

const reject = (reason: RefusalReason, message: string): never => {
  throw new RefusedRequest(refuse(reason, message));
};

/** Units of 10⁻⁹ from a JSON string or number; absent, null and "" are undefined, as SDKs pad bodies with them. */
export function optionalUnits(field: string, value: unknown, reason: RefusalReason): bigint | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const units = typeof value === "string" || typeof value === "number" ? unitsOf(value) : "not_a_decimal";
  if (typeof units === "bigint") return units;
  const wanted = units === "too_many_decimals" ? "must have at most 9 decimals" : "must be a plain decimal number";
  return reject(reason, `${field} ${wanted}, got ${shown(value)}`);
}

/** A JSON number is taken by its shortest decimal form; one so small that this has an exponent has too many decimals. */
function unitsOf(value: string | number): ReturnType<typeof parseUnits> {
  if (typeof value === "string") return parseUnits(value.trim());
  if (!Number.isFinite(value)) return "not_a_decimal";
  const text = String(value);
  if (!text.includes("e")) return parseUnits(text);
  return Math.abs(value) >= 1 ? parseUnits(BigInt(value).toString()) : parseUnits(value.toFixed(20));
}

/** A time with an offset, or (where `dates` allows) a date: midnight New York. */
export function requiredTime(field: string, value: unknown, dates: "times only" | "dates too" = "times only"): Instant {
  if (typeof value !== "string") return reject("bad_request", `${field} must be an RFC 3339 time, got ${shown(value)}`);
  const date = dates === "dates too" ? parseDate(value) : undefined;
  if (date !== undefined) return newYorkMidnight(date);
  const parsed = parseInstant(value.replace(/ (\d{2}:?\d{2})$/, "+$1"));
  if (parsed === "no_offset") {
    return reject(
      "bad_request",
      `${field} must have an offset, for example 2023-01-03T09:30:00Z or 2023-01-03T09:30:00-05:00, got ${shown(value)}`,
    );
  }
  return typeof parsed === "number"
    ? parsed
    : reject("bad_request", `${field} must be an RFC 3339 time, got ${shown(value)}`);
}

export function optionalTime(field: string, value: string | undefined): Instant | undefined {
  return value === undefined || value === "" ? undefined : requiredTime(field, value, "dates too");
}

/** A nanosecond of an RFC 3339 fraction that lies beyond the millisecond, for exact paging by submitted_at. */
export function nanosOf(value: string | undefined): number {
  const fraction = /\.(\d{1,9})/.exec(value ?? "")?.[1] ?? "";
  return Number(fraction.padEnd(9, "0").slice(3, 9));
}

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly otherwise: number;
  readonly reason?: RefusalReason;
}

/** A whole number from a query. */
export function wholeNumber(field: string, value: string | undefined, range: Range): number {
  if (value === undefined || value === "") return range.otherwise;
  const number = Number(value);
  if (/^\d{1,15}$/.test(value) && number >= range.min && number <= range.max) return number;
  return reject(
    range.reason ?? "bad_request",
    `${field} must be a whole number from ${range.min} to ${range.max}, got ${shown(value)}`,
  );
}

/** A truth from a query; Python clients write True. */
export function truth(field: string, value: string | undefined): boolean {
  const text = value?.toLowerCase();
  if (text === undefined || text === "" || text === "false") return false;
  return text === "true" || reject("bad_request", `${field} must be true or false, got ${shown(value)}`);
}

export function oneOf<T extends string>(field: string, value: string | undefined, known: readonly T[]): T | undefined {
  if (value === undefined || value === "") return undefined;
  return (
    known.find((each) => each === value) ??
    reject("bad_request", `${field} must be one of ${known.join(", ")}, got ${shown(value)}`)
  );
}

/** Milliseconds from minutes, to the millisecond. */
export const minutesToMs = (minutes: number): number => Math.round(minutes * MINUTE_MS);
