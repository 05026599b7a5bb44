/** The exchange's days as instants, and what part of a day an instant is in. */
import type { CalendarDay } from "../api/types.ts";
import { exchangeInstant } from "../format/times.ts";

export interface MarketDay {
  readonly date: string;
  readonly preOpen: number;
  readonly open: number;
  readonly close: number;
  readonly afterClose: number;
}

export type Phase = "pre-market" | "open" | "after hours" | "closed";

export interface PhaseNow {
  readonly phase: Phase;
  /** What comes next, and when; undefined beyond the last day that is known. */
  readonly next: { readonly what: "opens" | "closes" | "ends"; readonly at: number } | undefined;
}

/** The days of the calendar, oldest first. */
export const marketDaysOf = (days: readonly CalendarDay[]): readonly MarketDay[] =>
  days.map(({ date, open, close, session_open, session_close }) => ({
    date,
    preOpen: exchangeInstant(date, session_open),
    open: exchangeInstant(date, open),
    close: exchangeInstant(date, close),
    afterClose: exchangeInstant(date, session_close),
  }));

/** The first day that is not over at an instant. */
export function dayAt(days: readonly MarketDay[], at: number): MarketDay | undefined {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle]?.afterClose ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return days[low];
}

/** The part of the day at an instant, and what ends it. */
export function phaseAt(days: readonly MarketDay[], at: number): PhaseNow {
  const day = dayAt(days, at);
  if (day === undefined) return { phase: "closed", next: undefined };
  if (at < day.preOpen) return { phase: "closed", next: { what: "opens", at: day.open } };
  if (at < day.open) return { phase: "pre-market", next: { what: "opens", at: day.open } };
  if (at < day.close) return { phase: "open", next: { what: "closes", at: day.close } };
  return { phase: "after hours", next: { what: "ends", at: day.afterClose } };
}

/** The same time of day on the next trading day. */
export function nextDayAt(days: readonly MarketDay[], at: number, dateOf: (at: number) => string): number | undefined {
  const today = dateOf(at);
  const [day, next] = [days.findLast(({ date }) => date <= today), days.find(({ date }) => date > today)];
  if (next === undefined) return undefined;
  return day === undefined || day.date !== today ? next.open : next.open + (at - day.open);
}
