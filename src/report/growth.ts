/** What a sample of daily returns grew to, in all and by the year. */
import { deviation } from "./moments.ts";

/** Sessions of a year, for all that is annualised. */
export const SESSIONS_A_YEAR = 252;

/** Days of a year for calendar figures. */
export const DAYS_A_YEAR = 365.25;

/** One unit grown by returns: its value after each of them. */
export function growthPath(returns: readonly number[]): readonly number[] {
  let value = 1;
  return returns.map((each) => (value *= 1 + each));
}

/** What one unit became. */
const growth = (returns: readonly number[]): number => growthPath(returns).at(-1) ?? Number.NaN;

/** V − 1 at the end; a ratio. */
export const cumulativeReturn = (returns: readonly number[]): number => growth(returns) - 1;

/** V^(252/n) − 1: the same growth over a year of sessions. Not defined of a loss of everything and more. */
export const annualReturn = (returns: readonly number[]): number =>
  growth(returns) ** (SESSIONS_A_YEAR / returns.length) - 1;

/** V^(year/days) − 1, both in calendar days. */
export function calendarReturn(
  returns: readonly number[],
  { days, year }: { readonly days: number; readonly year: number },
): number {
  return days > 0 ? growth(returns) ** (year / days) - 1 : Number.NaN;
}

/** V^(1/n) − 1: the return a day that would have grown to the same. */
export const expectedDailyReturn = (returns: readonly number[]): number => growth(returns) ** (1 / returns.length) - 1;

/** Deviation by the year: s × √252. */
export const annualVolatility = (returns: readonly number[]): number => deviation(returns) * Math.sqrt(SESSIONS_A_YEAR);

/** The daily rate that compounds to a yearly one over 252 sessions. */
export const dailyRate = (yearly: number): number => (1 + yearly) ** (1 / SESSIONS_A_YEAR) - 1;
