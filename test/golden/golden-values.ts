/** Decimals and times as worked examples write them, and as they are compared. */
import { newYorkMidnight } from "../../src/calendar/index.ts";
import {
  formatInstant,
  formatUnits,
  HOUR_MS,
  instant,
  MINUTE_MS,
  parseInstant,
  parseUnits,
  price,
  type CivilDate,
  type Instant,
  type Price,
} from "../../src/kernel/index.ts";

/** "12.5" in units of 10⁻⁹. */
export function units(text: string): bigint {
  const parsed = parseUnits(text);
  if (typeof parsed !== "bigint") throw new Error(`not a decimal: ${text}`);
  return parsed;
}

export const priceOf = (text: string | undefined): Price | undefined =>
  text === undefined ? undefined : price(units(text));

/** RFC 3339, at any offset. */
export function time(text: string): Instant {
  const parsed = parseInstant(text);
  if (typeof parsed === "string") throw new Error(`not a time: ${text}`);
  return parsed;
}

/** "2024-03-05 09:30" on a New York wall. */
export function wall(text: string): Instant {
  const [date, clock] = text.split(" ");
  const [hours, minutes] = (clock ?? "00:00").split(":");
  return instant(newYorkMidnight(date as CivilDate) + Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS);
}

/** Units of 10⁻¹⁸, which costs accrue in, as dollars. */
export function exact(accrued: bigint | undefined): string {
  const [whole, rest] = [(accrued ?? 0n) / 10n ** 18n, (accrued ?? 0n) % 10n ** 18n];
  return `${whole}.${rest.toString().padStart(18, "0")}`.replace(/\.?0+$/, "");
}

const DECIMAL = /^-?\d+(?:\.\d{1,9})?$/;
const TIME = /^\d{4}-\d{2}-\d{2}T/;

/** Whatever an example expects, with each decimal and each time in one spelling: "100.00" is "100". */
export function normal(value: unknown): unknown {
  if (typeof value === "string") {
    if (DECIMAL.test(value)) return formatUnits(units(value));
    return TIME.test(value) ? formatInstant(time(value)) : value;
  }
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, normal(each)]));
}
