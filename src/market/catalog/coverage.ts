/** Which trading days a series has, wholly or in part, by the exchange's regular hours (docs/reference/data-layout.md). */
import { firstTradingDay, tradingDays, type TradingDay } from "../../calendar/index.ts";
import { HOUR_MS, type Instant } from "../../kernel/index.ts";
import { lengthOfSpan, type Columns } from "../series/columns.ts";
import { isPair } from "../symbol.ts";
import type { TimeframeSpec } from "../timeframe.ts";

/** A trading day of which at least one bar touches the regular hours. */
export interface CoveredDay {
  readonly day: TradingDay;
  /** First and last row that touch its regular hours. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** Bars that touch them. */
  readonly bars: number;
  /** Whether a long stretch of its regular hours has no bar. */
  readonly isPartial: boolean;
}

/** What the catalog keeps of a stretch of bars. */
export interface DayCounts {
  /** Trading days of which at least one bar touches the regular hours. */
  readonly present: number;
  /** Of these, days with a long stretch of regular hours without a bar. */
  readonly partial: number;
}

/** Of a whole series. */
export interface SeriesDays extends DayCounts {
  /** Trading days from the first bar's date to the last one's that are not present. */
  readonly missing: number;
}

/** The shortest stretch without a bar that makes a day partial; where bars are longer, their length. */
const GAP_MS_MIN = HOUR_MS;

/** A pair such as BTC/USD trades around the clock: the exchange's calendar says nothing of it. */
export const followsCalendar = (symbol: string): boolean => !isPair(symbol);

interface OpenDay {
  readonly day: TradingDay;
  readonly firstRow: number;
  lastRow: number;
  bars: number;
  /** Up to where bars have been seen. */
  until: number;
  longestGapMs: number;
}

/** The days of some bars, oldest first; rows that are out of order are passed over. */
export function coveredDays(columns: Columns, timeframe: TimeframeSpec): readonly CoveredDay[] {
  const days: CoveredDay[] = [];
  const gapMs = timeframe.lengthMs === undefined ? Infinity : Math.max(GAP_MS_MIN, timeframe.lengthMs);
  let open: OpenDay | undefined;
  let lastStart = -Infinity;
  for (let row = 0; row < columns.rows; row += 1) {
    const start = columns.start[row] as Instant;
    if (!(start >= lastStart)) continue;
    lastStart = start;
    const end = start + lengthOfSpan(columns.span[row] as number);
    const day = firstTradingDay(start, "close");
    if (day === undefined || end <= day.open) continue;
    if (open?.day !== day) {
      if (open !== undefined) days.push(closeDay(open, gapMs));
      open = { day, firstRow: row, lastRow: row, bars: 0, until: day.open, longestGapMs: 0 };
    }
    takeBar(open, row, { start, end });
  }
  if (open !== undefined) days.push(closeDay(open, gapMs));
  return days;
}

function takeBar(open: OpenDay, row: number, { start, end }: { readonly start: number; readonly end: number }): void {
  open.lastRow = row;
  open.bars += 1;
  open.longestGapMs = Math.max(open.longestGapMs, start - open.until);
  open.until = Math.max(open.until, end);
}

function closeDay({ day, firstRow, lastRow, bars, until, longestGapMs }: OpenDay, gapMs: number): CoveredDay {
  const isPartial = Math.max(longestGapMs, day.close - until) >= gapMs;
  return { day, firstRow, lastRow, bars, isPartial };
}

export function countDays(days: readonly CoveredDay[]): DayCounts {
  return { present: days.length, partial: days.filter(({ isPartial }) => isPartial).length };
}

/** What the dates of New York between two instants hold: `to` is the end of the last bar. */
export function calendarRange(from: Instant, to: Instant): { readonly first: number; readonly until: number } {
  return { first: firstAfter(from - DATE_END_MS), until: firstAfter(to - 1 + DATE_BEGIN_MS) };
}

/** Days of the whole series, from those of its parts and the span of its bars. */
export function seriesDays(counts: readonly DayCounts[], from: Instant, to: Instant): SeriesDays {
  let [present, partial] = [0, 0];
  for (const part of counts) {
    present += part.present;
    partial += part.partial;
  }
  const { first, until } = calendarRange(from, to);
  return { present, partial, missing: Math.max(0, until - first - present) };
}

/** Trading days in a range of the calendar that are not among `days`, oldest first. */
export function missingDays(days: readonly CoveredDay[], from: Instant, to: Instant): readonly TradingDay[] {
  const present = new Set(days.map(({ day }) => day.date));
  const { first, until } = calendarRange(from, to);
  return tradingDays.slice(first, until).filter(({ date }) => !present.has(date));
}

/** A date begins four hours before its pre-market, and ends twenty hours after that: no trading day has a clock change. */
const DATE_BEGIN_MS = 4 * HOUR_MS;
const DATE_END_MS = 20 * HOUR_MS;

/** Starts of all sessions: a list of thousands of series asks for two of them each. */
const SESSION_OPENS = Float64Array.from(tradingDays, ({ sessionOpen }) => sessionOpen);

/** Index of the first trading day whose pre-market begins after an instant. */
function firstAfter(at: number): number {
  let low = 0;
  let high = SESSION_OPENS.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((SESSION_OPENS[middle] as number) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
