/** A point in time: epoch milliseconds, an integer, with RFC 3339 at the wire. */
import { civilFromDays, daysOf, formatCivil, parseDate } from "./civil.ts";

declare const kind: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z; always an integer. */
export type Instant = number & { readonly [kind]: "Instant" };

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export const instant = (milliseconds: number): Instant => milliseconds as Instant;

export type InstantProblem = "not_a_time" | "no_offset";

const PATTERN = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads an RFC 3339 time with an offset. Digits beyond the millisecond are cut.
 * A time without an offset is "no_offset": a zone is never guessed.
 */
export function parseInstant(text: string): Instant | InstantProblem {
  const match = PATTERN.exec(text);
  if (match === null) return "not_a_time";
  const [, dateText = "", hour, minute, second = "0", fraction = "", offset] = match;
  const date = parseDate(dateText);
  if (date === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return "not_a_time";
  if (offset === undefined) return "no_offset";
  const offsetMs = parseOffset(offset);
  if (offsetMs === undefined) return "not_a_time";
  const timeMs = Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * SECOND_MS;
  return instant(daysOf(date) * DAY_MS + timeMs + Number(fraction.slice(0, 3).padEnd(3, "0")) - offsetMs);
}

function parseOffset(text: string): number | undefined {
  if (text === "Z" || text === "z") return 0;
  const digits = text.slice(1).replace(":", "");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2, 4));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}

/** RFC 3339 in UTC. No fraction where it is zero; `nanos` (0–999,999) are nanoseconds beyond the millisecond. */
export function formatInstant(at: Instant, nanos = 0): string {
  const days = Math.floor(at / DAY_MS);
  const time = at - days * DAY_MS;
  const fraction = String((time % SECOND_MS) * 1_000_000 + nanos)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${formatCivil(civilFromDays(days))}T${formatTime(time)}${fraction === "" ? "" : `.${fraction}`}Z`;
}

/** Milliseconds since midnight as "HH:MM:SS". */
export function formatTime(timeMs: number): string {
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${pad(timeMs / HOUR_MS)}:${pad((timeMs % HOUR_MS) / MINUTE_MS)}:${pad((timeMs % MINUTE_MS) / SECOND_MS)}`;
}
