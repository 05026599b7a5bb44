/** Returns beside those of a benchmark, over the dates that both have. */
import type { CivilDate } from "../kernel/index.ts";
import type { DatedValue } from "./drawdown.ts";
import type { BenchmarkClose } from "./input.ts";
import { annualReturn, cumulativeReturn, SESSIONS_A_YEAR } from "./growth.ts";
import { covariance, deviation, mean, ratio } from "./moments.ts";

/** Returns of one length, day by day of the same span. */
export interface Pairs {
  readonly returns: readonly number[];
  readonly benchmark: readonly number[];
}

/**
 * Joins a growth path, its start included, with closes on their dates. Where the benchmark has no close the two days
 * become one return, on both sides.
 */
export function joinBenchmark(path: readonly DatedValue[], closes: readonly BenchmarkClose[]): Pairs {
  const closeOn = new Map<CivilDate, number>(closes.map(({ date, close }) => [date, close]));
  const both = path.flatMap(({ date, value }) => {
    const close = closeOn.get(date);
    return close !== undefined && close > 0 ? [{ value, close }] : [];
  });
  return {
    returns: changes(both.map(({ value }) => value)),
    benchmark: changes(both.map(({ close }) => close)),
  };
}

const changes = (values: readonly number[]): readonly number[] =>
  values.slice(1).map((value, index) => value / (values[index] ?? Number.NaN) - 1);

/** cov(r, b) / var(b). Not defined where the benchmark stands still. */
export function beta({ returns, benchmark }: Pairs): number {
  if (deviation(benchmark) === 0) return Number.NaN;
  return covariance(returns, benchmark) / covariance(benchmark, benchmark);
}

/** (1 + mean(r − d − beta (b − d)))^252 − 1, d the daily risk-free rate. */
export function compoundAlpha(pairs: Pairs, rate: number): number {
  const slope = beta(pairs);
  const excess = mean(pairs.returns) - rate - slope * (mean(pairs.benchmark) - rate);
  return (1 + excess) ** SESSIONS_A_YEAR - 1;
}

/** (m − beta × mean(b)) × 252. */
export const simpleAlpha = (pairs: Pairs): number =>
  (mean(pairs.returns) - beta(pairs) * mean(pairs.benchmark)) * SESSIONS_A_YEAR;

const differences = ({ returns, benchmark }: Pairs): readonly number[] =>
  returns.map((each, index) => each - (benchmark[index] ?? Number.NaN));

/** Deviation of r − b by the year: × √252. */
export const trackingError = (pairs: Pairs): number => deviation(differences(pairs)) * Math.sqrt(SESSIONS_A_YEAR);

/** mean(r − b) / deviation(r − b), by the day. */
export function informationRatio(pairs: Pairs): number {
  const apart = differences(pairs);
  return ratio(mean(apart), deviation(apart));
}

/** (Total return − yearly risk-free rate) / beta. */
export const treynor = (pairs: Pairs, riskFree: number): number =>
  ratio(cumulativeReturn(pairs.returns) - riskFree, beta(pairs));

/** Annual return over the benchmark's, on the days on which the benchmark rose, or fell. */
export function capture({ returns, benchmark }: Pairs, direction: "up" | "down"): number {
  const isMeant = (each: number): boolean => (direction === "up" ? each > 0 : each < 0);
  const days = benchmark.flatMap((each, index) => (isMeant(each) ? [index] : []));
  const pick = (values: readonly number[]): readonly number[] => days.map((index) => values[index] ?? Number.NaN);
  return ratio(annualReturn(pick(returns)), annualReturn(pick(benchmark)));
}
