/** Where bars of a timeframe begin and end: minutes and hours from midnight New York, days and more by the calendar. */
import {
  newYorkDate,
  newYorkMidnight,
  newYorkOffsetMs,
  tradingDaysBetween,
  type TradingDay,
} from "../../calendar/index.ts";
import {
  civilFromDays,
  dateFromDays,
  daysFromCivil,
  daysOf,
  DAY_MS,
  HOUR_MS,
  instant,
  weekdayOf,
  type Instant,
} from "../../kernel/index.ts";
import type { TimeframeSpec } from "../timeframe.ts";

/** One bar of the grid, before it is known whether anything traded in it. */
export interface Bucket {
  readonly label: Instant;
  readonly start: Instant;
  readonly end: Instant;
  /** Where the next bucket begins. */
  readonly until: Instant;
  /** For days and more: the sessions whose regular hours make it. */
  readonly days: readonly TradingDay[] | undefined;
}

/** The bucket that an instant falls into. */
export function bucketAt(spec: TimeframeSpec, at: Instant): Bucket {
  return spec.lengthMs === undefined ? calendarBucket(spec, at) : intradayBucket(spec.lengthMs, at);
}

/**
 * The grid starts again at each midnight New York, where the last bucket is cut if the length does not divide a day.
 * It is cut where clocks change too, so that each hour is a bar of its own, also the one that the wall shows twice.
 */
function intradayBucket(lengthMs: number, at: Instant): Bucket {
  const offset = newYorkOffsetMs(at);
  const local = at + offset;
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const startLocal = midnight + Math.floor((local - midnight) / lengthMs) * lengthMs;
  const plainStart = instant(startLocal - offset);
  const plainEnd = instant(Math.min(startLocal + lengthMs, midnight + DAY_MS) - offset);
  const offsetBefore = newYorkOffsetMs(plainStart);
  const start = offsetBefore === offset ? plainStart : clockChange(midnight, offsetBefore);
  const end = newYorkOffsetMs(plainEnd) === offset ? plainEnd : clockChange(midnight, offset);
  return { label: start, start, end, until: end, days: undefined };
}

/** 02:00 by the clock as it was before the change, on the day that begins at a New York wall time. */
const clockChange = (midnight: number, offsetBefore: number): Instant =>
  instant(midnight + CHANGE_AFTER_MS - offsetBefore);

/** Clocks change at 02:00. */
const CHANGE_AFTER_MS = 2 * HOUR_MS;

/** Labelled midnight New York of the period's first date; covers the regular hours of its sessions (R1). */
function calendarBucket(spec: TimeframeSpec, at: Instant): Bucket {
  const { first, next } = periodOf(spec, daysOf(newYorkDate(at)));
  const days = tradingDaysBetween(dateFromDays(first), dateFromDays(next - 1));
  const label = newYorkMidnight(dateFromDays(first));
  const until = newYorkMidnight(dateFromDays(next));
  return { label, start: days[0]?.open ?? label, end: days.at(-1)?.close ?? until, until, days };
}

/** First date of a day, week or group of months, and of the next one; both as days since 1970-01-01. */
function periodOf({ unit, count }: TimeframeSpec, days: number): { first: number; next: number } {
  if (unit === "Week") {
    const monday = days - ((weekdayOf(days) + 6) % 7);
    return { first: monday, next: monday + 7 };
  }
  if (unit === "Month") {
    const { year, month } = civilFromDays(days);
    const first = Math.floor((month - 1) / count) * count;
    return { first: firstOfMonth(year, first), next: firstOfMonth(year, first + count) };
  }
  return { first: days, next: days + 1 };
}

/** `index` counts months from January; 12 is next year's January. */
function firstOfMonth(year: number, index: number): number {
  return daysFromCivil({ year: year + Math.floor(index / 12), month: (index % 12) + 1, day: 1 });
}
