/** Months of New York time: the unit in which bars are stored, generated and loaded. */
import { newYorkMidnight, tradingDays } from "../calendar/index.ts";
import { assert, formatCivil, instant, type Instant } from "../kernel/index.ts";

/** year × 12 + month − 1. */
export type Month = number;

/** The months that the exchange calendar covers; bars outside it cannot be kept. */
export const FIRST_MONTH: Month = monthOfDate(tradingDays[0]?.date ?? "1990-01-01");
export const LAST_MONTH: Month = monthOfDate(tradingDays.at(-1)?.date ?? "2030-12-31");

const STARTS: readonly Instant[] = Array.from({ length: LAST_MONTH - FIRST_MONTH + 2 }, (_, index) =>
  midnightOf(FIRST_MONTH + index),
);

/** When it begins in New York. */
export function monthStart(month: Month): Instant {
  const start = STARTS[month - FIRST_MONTH];
  assert(start !== undefined, "Invariant: a month lies within the exchange calendar");
  return start;
}

/** When the next one begins. */
export const monthEnd = (month: Month): Instant => monthStart(month + 1);

/** All that can be kept: the first instant of the calendar's first month, and the first after its last. */
export const CALENDAR_FROM: Instant = monthStart(FIRST_MONTH);
export const CALENDAR_UNTIL: Instant = monthEnd(LAST_MONTH);

/** The month that holds an instant; the first or last one for instants outside the calendar. */
export function monthAt(at: Instant): Month {
  let low = 0;
  let high = STARTS.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((STARTS[middle] ?? instant(0)) <= at) low = middle;
    else high = middle - 1;
  }
  return FIRST_MONTH + low;
}

export function yearOf(month: Month): number {
  return Math.floor(month / 12);
}

/** 0 for January. */
export function monthInYear(month: Month): number {
  return month % 12;
}

export function monthOf(year: number, indexInYear: number): Month {
  return year * 12 + indexInYear;
}

/** From "YYYY-MM-DD". */
export function monthOfDate(date: string): Month {
  return monthOf(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1);
}

function midnightOf(month: Month): Instant {
  return newYorkMidnight(formatCivil({ year: yearOf(month), month: monthInYear(month) + 1, day: 1 }));
}
