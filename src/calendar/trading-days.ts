/** The exchange's sessions as instants, and the searches over them. */
import { dateFromDays, daysFromCivil, instant, HOUR_MS, MINUTE_MS, unreachable, type CivilDate, type Instant } from "../kernel/index.ts";
import { newYorkMidnight } from "./new-york.ts";
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

function tradingDay(date: CivilDate, letter: string): TradingDay {
  const hours = HOURS[letter];
  if (hours === undefined) return unreachable(letter as never);
  const midnight = newYorkMidnight(date);
  return {
    date,
    sessionOpen: instant(midnight + 4 * HOUR_MS),
    open: instant(midnight + 9 * HOUR_MS + 30 * MINUTE_MS),
    close: instant(midnight + hours.close * HOUR_MS),
    sessionClose: instant(midnight + hours.sessionClose * HOUR_MS),
  };
}

/** Every session from 1990 to 2030, oldest first. Clocks change on Sundays, so a session never spans a change. */
export const tradingDays: readonly TradingDay[] = YEARS.flatMap((letters, index) => {
  const first = daysFromCivil({ year: FIRST_YEAR + index, month: 1, day: 1 });
  return [...letters].flatMap((letter, day) => (letter === "." ? [] : [tradingDay(dateFromDays(first + day), letter)]));
});

const byDate = new Map(tradingDays.map((day) => [day.date, day]));

/** The session of a date, or undefined where the exchange is closed or the calendar ends. */
export const tradingDayOn = (date: CivilDate): TradingDay | undefined => byDate.get(date);

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
  return tradingDays[firstIndex((day) => day[edge] > after)];
}

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
