/** From equity to returns: one a session, flows taken out, none after the account was ruined. */
import type { CivilDate } from "../kernel/index.ts";
import type { EquityPoint } from "./input.ts";
import { NOISE } from "./moments.ts";

export interface DailyReturns {
  /** One ratio a session: 0.01 is one percent. */
  readonly returns: readonly number[];
  /** The session of each return. */
  readonly dates: readonly CivilDate[];
  /** The session on which nothing was left: no return can be counted after it. */
  readonly ruinedOn: CivilDate | undefined;
}

/** What each session made of the equity before it; the flow of the day is taken as if at its end. Equity in dollars. */
export function dailyReturns(startEquity: number, points: readonly EquityPoint[]): DailyReturns {
  const returns: number[] = [];
  const dates: CivilDate[] = [];
  let before = startEquity;
  for (const { date, equity, flow } of points) {
    if (before <= 0) return { returns, dates, ruinedOn: date };
    const made = equity - flow;
    const change = made / before - 1;
    // Equity less the flow misses the equity before by a rounding: a day that stood still is exactly 0.
    returns.push(Math.abs(change) < NOISE ? 0 : change);
    dates.push(date);
    if (made <= 0) return { returns, dates, ruinedOn: date };
    before = equity;
  }
  return { returns, dates, ruinedOn: undefined };
}
