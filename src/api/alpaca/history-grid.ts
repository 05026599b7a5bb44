/** The windows of a portfolio history: which there are by the calendar, and when each is valued. */
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, type CivilDate, type Instant } from "../../kernel/index.ts";
import {
  lastTradingDay,
  newYorkDate,
  newYorkMidnight,
  tradingDayOn,
  tradingDayBefore,
  tradingDaysBetween,
  type TradingDay,
} from "../../calendar/index.ts";
import { nextDate, shiftDate } from "./history-period.ts";
import type { HistoryRequest, HistoryTimeframe, Reporting } from "./history-query.ts";

/** One point of a history. */
export interface HistoryWindow {
  /** Where it begins: the label of the point. */
  readonly label: Instant;
  /** Where it ends, or now where it still runs: what the account is worth then is the value of the point. */
  readonly at: Instant;
  /** Whose prices count: `at`, but for the hours of the night, which have those of the close. */
  readonly pricedAt: Instant;
  /** The trading day that its profit is counted from the beginning of. */
  readonly date: CivilDate;
}

/** The life of an account as far as it is known. */
export interface Lifetime {
  readonly openedAt: Instant;
  readonly now: Instant;
}

/** Oldest first; nothing after now, and nothing before the account was opened. */
export function historyWindows(request: HistoryRequest, life: Lifetime): readonly HistoryWindow[] {
  const end = instant(Math.min(lastInstant(request), life.now));
  const all =
    request.reporting === "continuous" && request.timeframe !== "1D"
      ? continuousWindows(request, end, life)
      : daysOf(request, end, life).flatMap((day) =>
          request.timeframe === "1D" ? [dayWindow(day, life)] : windowsOfDay(request, { day, end, life }),
        );
  return all.filter(({ at }) => at >= life.openedAt);
}

/** Where the request ends by itself. */
function lastInstant({ start, end, period, hasPeriod }: HistoryRequest): Instant {
  if (end !== undefined) return end;
  if (start === undefined || !hasPeriod) return instant(Infinity);
  return instant(newYorkMidnight(shiftDate(newYorkDate(start), period, 1)) - 1);
}

const EDGES = {
  market_hours: { from: "open", to: "close" },
  extended_hours: { from: "sessionOpen", to: "sessionClose" },
} as const;

/** The hours of a day that a request shows; those of "continuous" matter to days as a whole only. */
const edgesOf = (reporting: Reporting) => EDGES[reporting === "market_hours" ? "market_hours" : "extended_hours"];

/** The trading days of a request. A period counts back from its last day, which is the first that it takes in. */
function daysOf(request: HistoryRequest, end: Instant, { openedAt }: Lifetime): readonly TradingDay[] {
  const { from, to } = edgesOf(request.reporting);
  const last = request.reporting === "continuous" ? newYorkDate(end) : lastTradingDay(end, from)?.date;
  if (last === undefined) return [];
  const first =
    request.start === undefined ? nextDate(shiftDate(last, request.period, -1)) : newYorkDate(request.start);
  const days = tradingDaysBetween(later(first, newYorkDate(openedAt)), last);
  const isOver = (day: TradingDay): boolean =>
    request.timeframe !== "1D" && request.start !== undefined && day[to] < request.start;
  return days.filter((day) => !isOver(day));
}

const later = (a: CivilDate, b: CivilDate): CivilDate => (a > b ? a : b);

/** A day is worth what it is worth at its regular close. */
function dayWindow(day: TradingDay, { now }: Lifetime): HistoryWindow {
  const at = instant(Math.min(day.close, now));
  return { label: newYorkMidnight(day.date), at, pricedAt: at, date: day.date };
}

const TIMEFRAME_MS: Readonly<Record<HistoryTimeframe, number>> = {
  "1Min": MINUTE_MS,
  "5Min": 5 * MINUTE_MS,
  "15Min": 15 * MINUTE_MS,
  "1H": HOUR_MS,
  "1D": DAY_MS,
};

/** From the beginning of the hours that are shown to their end, which has a point of its own. */
function windowsOfDay(
  { timeframe, reporting }: HistoryRequest,
  { day, end, life }: { readonly day: TradingDay; readonly end: Instant; readonly life: Lifetime },
): readonly HistoryWindow[] {
  const { from, to } = edgesOf(reporting);
  const windows: HistoryWindow[] = [];
  for (let label = day[from]; label <= day[to] && label <= end; label = instant(label + TIMEFRAME_MS[timeframe])) {
    const at = instant(Math.min(label + TIMEFRAME_MS[timeframe], day[to], life.now));
    windows.push({ label, at, pricedAt: at, date: day.date });
  }
  return windows;
}

/** Day and night, from a whole number of windows after a midnight in New York. */
function continuousWindows(
  request: HistoryRequest,
  end: Instant,
  { openedAt, now }: Lifetime,
): readonly HistoryWindow[] {
  const length = TIMEFRAME_MS[request.timeframe];
  const asked = request.start ?? before(end, request);
  const start = Math.max(asked, openedAt);
  const midnight = newYorkMidnight(newYorkDate(instant(start)));
  const first = midnight + Math.floor((start - midnight) / length) * length;
  const windows: HistoryWindow[] = [];
  for (let label = instant(first); label <= end; label = instant(label + length)) {
    const at = instant(Math.min(label + length, now));
    windows.push({ label, at, pricedAt: pricedAtNight(at), date: tradingDateOf(newYorkDate(label)) });
  }
  return windows;
}

/** The same time of day in New York, a period earlier. */
function before(end: Instant, { period }: HistoryRequest): Instant {
  const date = newYorkDate(end);
  return instant(newYorkMidnight(shiftDate(date, period, -1)) + (end - newYorkMidnight(date)));
}

/** A trading day, or the one before a day that is none. */
const tradingDateOf = (date: CivilDate): CivilDate => tradingDayOn(date)?.date ?? tradingDayBefore(date)?.date ?? date;

/** From ten in the evening of a trading day until the next one opens, what is held counts at its official close. */
const NIGHT_MS = 22 * HOUR_MS;

function pricedAtNight(at: Instant): Instant {
  const day = lastTradingDay(at, "sessionOpen");
  return day === undefined || at < newYorkMidnight(day.date) + NIGHT_MS ? at : day.close;
}
