/** Days of a series year by year: which are there, partial or missing, as runs to draw and as words. */
import { counted, quantity } from "../format/numbers.ts";

export type DayState = "there" | "partial" | "missing";

export interface Run {
  readonly state: DayState;
  /** Trading days of the year before it, and in it. */
  readonly at: number;
  readonly length: number;
}

export interface YearStrip {
  readonly year: number;
  /** Trading days of the whole year. */
  readonly length: number;
  readonly runs: readonly Run[];
  /** "251 of 252 days; missing 2024-03-11". */
  readonly words: string;
}

export interface StripDays {
  /** Trading days, oldest first, of whole years. */
  readonly tradingDays: readonly string[];
  /** Dates of the first and the last bar. */
  readonly from: string;
  readonly to: string;
  readonly partial: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
}

export function yearStrips(days: StripDays): readonly YearStrip[] {
  const years = new Map<number, string[]>();
  for (const date of days.tradingDays) {
    const year = Number(date.slice(0, 4));
    years.set(year, [...(years.get(year) ?? []), date]);
  }
  return [...years].map(([year, dates]) => ({
    year,
    length: dates.length,
    runs: runsOf(dates, days),
    words: wordsOf(dates, days),
  }));
}

function runsOf(dates: readonly string[], days: StripDays): readonly Run[] {
  const runs: Run[] = [];
  for (const [at, date] of dates.entries()) {
    const state = stateOf(date, days);
    if (state === undefined) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.state === state && last.at + last.length === at)
      runs[runs.length - 1] = { ...last, length: last.length + 1 };
    else runs.push({ state, at, length: 1 });
  }
  return runs;
}

/** Undefined before the first bar and after the last. */
function stateOf(date: string, { from, to, partial, missing }: StripDays): DayState | undefined {
  if (date < from || date > to) return undefined;
  if (missing.has(date)) return "missing";
  return partial.has(date) ? "partial" : "there";
}

/** Dates that a sentence names. */
const NAMED_MAX = 4;

function wordsOf(dates: readonly string[], days: StripDays): string {
  const within = dates.filter((date) => date >= days.from && date <= days.to);
  const missing = within.filter((date) => days.missing.has(date));
  const partial = within.filter((date) => days.partial.has(date));
  return [
    `${quantity(within.length - missing.length)} of ${counted(within.length, "day")}`,
    ...named("missing", missing),
    ...named("partial", partial),
  ].join("; ");
}

function named(what: string, dates: readonly string[]): readonly string[] {
  if (dates.length === 0) return [];
  const more = dates.length > NAMED_MAX ? ` and ${quantity(dates.length - NAMED_MAX)} more` : "";
  return [`${what} ${dates.slice(0, NAMED_MAX).join(", ")}${more}`];
}
