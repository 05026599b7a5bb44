/** The exchange's sessions as instants, and the searches over them. */
import { assert, daysFromCivil, instant, HOUR_MS, MINUTE_MS, type CivilDate, type Instant } from "../kernel/index.ts";
import { midnightOfDay } from "./new-york.ts";
import { FIRST_YEAR, YEARS } from "./table.ts";
import type { TradingDay } from "./trading-day.ts";

/** First and last date that the calendar covers. */
export const CALENDAR_FROM = "1990-01-01" as CivilDate;
export const CALENDAR_TO = "2030-12-31" as CivilDate;

/** The four instants of a day that can be searched by. */
export type Edge = "sessionOpen" | "open" | "close" | "sessionClose";

/** New York hours of each kind of session. */
const HOURS: Record<string, { readonly close: number; readonly sessionClose: number }> = {
  r: { close: 16, sessionClose: 20 },
  e: { close: 13, sessionClose: 17 },
  f: { close: 14, sessionClose: 18 },
};

/** "-01" to "-31": writing ten thousand dates from parts takes a third of the time of formatting them. */
const TWO_DIGITS = Array.from({ length: 32 }, (_, value) => `-${String(value).padStart(2, "0")}`);

function tradingDay(date: CivilDate, midnight: Instant, letter: string): TradingDay {
  const hours = HOURS[letter];
  assert(hours !== undefined, "Invariant: each letter of the table is a kind of session");
  return {
    date,
    sessionOpen: instant(midnight + 4 * HOUR_MS),
    open: instant(midnight + 9 * HOUR_MS + 30 * MINUTE_MS),
    close: instant(midnight + hours.close * HOUR_MS),
    sessionClose: instant(midnight + hours.sessionClose * HOUR_MS),
  };
}

/** The sessions of one year, from its letters: the first letter is that of 1 January. */
function sessionsOf(year: number, letters: string): readonly TradingDay[] {
  const newYear = daysFromCivil({ year, month: 1, day: 1 });
  const sessions: TradingDay[] = [];
  for (let month = 1; month <= 12; month += 1) {
    const first = daysFromCivil({ year, month, day: 1 });
    // Month 13 is the next January to the arithmetic of days.
    const length = daysFromCivil({ year, month: month + 1, day: 1 }) - first;
    for (let day = 1; day <= length; day += 1) {
      const letter = letters.charAt(first - newYear + day - 1);
      if (letter === ".") continue;
      const date = `${year}${TWO_DIGITS[month]}${TWO_DIGITS[day]}` as CivilDate;
      sessions.push(tradingDay(date, midnightOfDay(first + day - 1, year), letter));
    }
  }
  return sessions;
}

/** Every session from 1990 to 2030, oldest first. Clocks change on Sundays, so a session never spans a change. */
export const tradingDays: readonly TradingDay[] = YEARS.flatMap((letters, index) =>
  sessionsOf(FIRST_YEAR + index, letters),
);

/** The session of a date, or undefined where the exchange is closed or the calendar ends. */
export function tradingDayOn(date: CivilDate): TradingDay | undefined {
  const day = tradingDays[indexFrom(date)];
  return day?.date === date ? day : undefined;
}

/** The date asked for last: whoever asks mostly asks for the same one again. */
let recent = { date: CALENDAR_FROM, index: 0 };

/** Index of the first session on a date or after it. */
function indexFrom(date: CivilDate): number {
  if (date !== recent.date) recent = { date, index: firstIndex((each) => each.date >= date) };
  return recent.index;
}

/** Index of the first session of which `isAfter` is true; it must be false, then true, along the calendar. */
function firstIndex(isAfter: (day: TradingDay) => boolean): number {
  let low = 0;
  let high = tradingDays.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const day = tradingDays[middle];
    if (day !== undefined && isAfter(day)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first session whose edge is after an instant; undefined after the last. */
export function firstTradingDay(after: Instant, edge: Edge): TradingDay | undefined {
  const last = found[edge];
  const day = tradingDays[last];
  const before = tradingDays[last - 1];
  if (day !== undefined && day[edge] > after && (before === undefined || before[edge] <= after)) return day;
  const index = firstIndex((candidate) => candidate[edge] > after);
  found[edge] = index;
  return tradingDays[index];
}

/** Which day each edge was found on last: a clock mostly asks for the same one again. */
const found: Record<Edge, number> = { sessionOpen: 0, open: 0, close: 0, sessionClose: 0 };

/** The last session whose edge is not after an instant; undefined before the first. */
export function lastTradingDay(at: Instant, edge: Edge): TradingDay | undefined {
  return tradingDays[firstIndex((day) => day[edge] > at) - 1];
}

/** The session that an instant lies in, pre-market and after-hours included. */
export function tradingDayAt(at: Instant): TradingDay | undefined {
  const day = firstTradingDay(at, "sessionClose");
  return day !== undefined && day.sessionOpen <= at ? day : undefined;
}

/** Whether the exchange trades regularly at an instant. */
export function isRegularHours(at: Instant): boolean {
  const day = firstTradingDay(at, "close");
  return day !== undefined && day.open <= at;
}

/** The sessions from one date to another, both included. */
export function tradingDaysBetween(from: CivilDate, to: CivilDate): readonly TradingDay[] {
  return tradingDays.slice(
    firstIndex((day) => day.date >= from),
    firstIndex((day) => day.date > to),
  );
}

/** When what is announced for a date takes effect: the first session open on it or after it; undefined after the calendar. */
export const effectiveAt = (date: CivilDate): Instant | undefined => tradingDays[indexFrom(date)]?.sessionOpen;

/** The session before a date, or so many before it; undefined at the beginning of the calendar. */
export const tradingDayBefore = (date: CivilDate, count = 1): TradingDay | undefined =>
  tradingDays[indexFrom(date) - count];

/** The session after a date; undefined at the end of the calendar. */
export function tradingDayAfter(date: CivilDate): TradingDay | undefined {
  const index = indexFrom(date);
  return tradingDays[tradingDays[index]?.date === date ? index + 1 : index];
}

/** The `count` sessions before a date, oldest first; fewer at the beginning of the calendar. */
export function tradingDaysBefore(date: CivilDate, count: number): readonly TradingDay[] {
  const end = indexFrom(date);
  return tradingDays.slice(Math.max(0, end - count), end);
}
