/** Alpaca's grammar of timeframes: 1–59Min, 1–23Hour, 1Day, 1Week, 1, 2, 3, 4, 6 or 12Month. */
import { assert, HOUR_MS, MINUTE_MS, type Timeframe } from "../kernel/index.ts";

export type TimeframeUnit = "Min" | "Hour" | "Day" | "Week" | "Month";

export interface TimeframeSpec {
  readonly count: number;
  readonly unit: TimeframeUnit;
  /** Its spelling without abbreviations: "5T" reads "5Min". */
  readonly name: Timeframe;
  /** Milliseconds of a bar; undefined for days and more, whose bars follow the calendar. */
  readonly lengthMs: number | undefined;
}

/** What a timeframe must look like, for messages. */
export const TIMEFRAME_WANTED =
  "1Min to 59Min (or T), 1Hour to 23Hour (or H), 1Day (or D), 1Week (or W), or 1, 2, 3, 4, 6 or 12Month (or M)";

const PATTERN = /^([1-9]\d?)(Min|T|Hour|H|Day|D|Week|W|Month|M)$/;
const LONG: Readonly<Record<string, TimeframeUnit>> = { T: "Min", H: "Hour", D: "Day", W: "Week", M: "Month" };
const MONTH_COUNTS = [1, 2, 3, 4, 6, 12];

/** Undefined for anything outside the grammar. */
export function parseTimeframe(text: string): TimeframeSpec | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, digits = "", letters = ""] = match;
  const count = Number(digits);
  const unit = LONG[letters] ?? (letters as TimeframeUnit);
  return isInGrammar(count, unit)
    ? { count, unit, name: `${count}${unit}`, lengthMs: lengthOf(count, unit) }
    : undefined;
}

/** The same for names that the catalog holds. */
export function timeframeOf(name: string): TimeframeSpec {
  const spec = parseTimeframe(name);
  assert(spec !== undefined, "Invariant: the catalog holds only timeframes of the grammar");
  return spec;
}

function isInGrammar(count: number, unit: TimeframeUnit): boolean {
  switch (unit) {
    case "Min":
      return count <= 59;
    case "Hour":
      return count <= 23;
    case "Month":
      return MONTH_COUNTS.includes(count);
    case "Day":
    case "Week":
      return count === 1;
  }
}

function lengthOf(count: number, unit: TimeframeUnit): number | undefined {
  if (unit === "Min") return count * MINUTE_MS;
  return unit === "Hour" ? count * HOUR_MS : undefined;
}

/** Whether bars of this length may be kept in the catalog: weeks and months are always made from finer bars. */
export const isStorable = (spec: TimeframeSpec): boolean => spec.unit !== "Week" && spec.unit !== "Month";

/** Orders stored timeframes from the finest to the coarsest. */
export const finenessOf = (spec: TimeframeSpec): number => spec.lengthMs ?? Number.MAX_SAFE_INTEGER;
