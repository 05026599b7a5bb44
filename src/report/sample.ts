/** What every metric of days is computed from. */
import { lastTradingDay, newYorkMidnight } from "../calendar/index.ts";
import { dateFromDays, daysOf, type CivilDate } from "../kernel/index.ts";
import { joinBenchmark, type Pairs } from "./benchmark.ts";
import { dailyReturns } from "./daily-returns.ts";
import type { DatedValue } from "./drawdown.ts";
import { dailyRate, growthPath } from "./growth.ts";
import type { EquityPoint, ReportInput } from "./input.ts";
import { estimateSharpe, type SharpeEstimate } from "./sharpe.ts";

export interface Sample {
  readonly returns: readonly number[];
  /** The growth of one unit: the day before the first session, then each session with a return. */
  readonly path: readonly DatedValue[];
  /** The sessions that have a return. */
  readonly points: readonly EquityPoint[];
  /** Calendar days from the start to the last return. */
  readonly calendarDays: number;
  /** The yearly rate, and the daily rate that compounds to it. */
  readonly riskFree: number;
  readonly rate: number;
  readonly estimate: SharpeEstimate;
  /** Undefined without a benchmark. */
  readonly pairs: Pairs | undefined;
  readonly ruinedOn: CivilDate | undefined;
}

/** The sample of an input. */
export function sampleOf({ startEquity, points, riskFree = 0, benchmark }: ReportInput): Sample {
  const { returns, dates, ruinedOn } = dailyReturns(startEquity, points);
  const path = datedPath(returns, dates);
  const rate = dailyRate(riskFree);
  return {
    returns,
    path,
    points: points.slice(0, returns.length),
    calendarDays: calendarDaysOf(path),
    riskFree,
    rate,
    estimate: estimateSharpe(returns, rate),
    pairs: benchmark === undefined ? undefined : joinBenchmark(path, benchmark),
    ruinedOn,
  };
}

function datedPath(returns: readonly number[], dates: readonly CivilDate[]): readonly DatedValue[] {
  const [first] = dates;
  if (first === undefined) return [];
  const values = [1, ...growthPath(returns)];
  return [dayBefore(first), ...dates].map((date, index) => ({ date, value: values[index] ?? Number.NaN }));
}

/** The session before a date, at whose close the start equity stood; where the calendar has none, the day before. */
function dayBefore(date: CivilDate): CivilDate {
  return lastTradingDay(newYorkMidnight(date), "close")?.date ?? dateFromDays(daysOf(date) - 1);
}

function calendarDaysOf(path: readonly DatedValue[]): number {
  const [first, last] = [path[0], path.at(-1)];
  return first === undefined || last === undefined ? 0 : daysOf(last.date) - daysOf(first.date);
}
