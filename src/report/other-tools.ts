/** Figures as other tools define them, for whoever compares: LEAN, quantstats, backtesting.py. */
import type { Pairs } from "./benchmark.ts";
import { maxDrawdown } from "./drawdown.ts";
import { expectedDailyReturn, SESSIONS_A_YEAR } from "./growth.ts";
import { trackingError } from "./benchmark.ts";
import { deviation, mean, NOISE, ratio } from "./moments.ts";
import { probabilisticSharpe, type SharpeEstimate } from "./sharpe.ts";
import { normalVar } from "./value-at-risk.ts";

const ROOT = Math.sqrt(SESSIONS_A_YEAR);

/** LEAN compounds the mean, not the growth: (1 + m)^252 − 1. */
const leanAnnualReturn = (returns: readonly number[]): number => (1 + mean(returns)) ** SESSIONS_A_YEAR - 1;

/** LEAN: (compounded mean − yearly risk-free rate) / yearly deviation. */
export const leanSharpe = (returns: readonly number[], riskFree: number): number =>
  ratio(leanAnnualReturn(returns) - riskFree, deviation(returns) * ROOT);

/** LEAN: the same over the yearly deviation of the days that lost, about their own mean. */
export const leanSortino = (returns: readonly number[], riskFree: number): number =>
  leanOver(returns, riskFree, deviation(returns.filter((each) => each < 0)));

const leanOver = (returns: readonly number[], riskFree: number, daily: number): number =>
  ratio(leanAnnualReturn(returns) - riskFree, daily * ROOT);

/** LEAN: the maximum drawdown as a positive ratio of three places. */
export const leanDrawdown = (returns: readonly number[]): number => Math.round(-maxDrawdown(returns) * 1000) / 1000;

/** LEAN: the chance that the yearly Sharpe ratio is above 1. */
export const leanProbabilisticSharpe = (estimate: SharpeEstimate): number => probabilisticSharpe(estimate, 1 / ROOT);

/** LEAN: the normal value at risk of the last 252 days. */
export const leanVar = (returns: readonly number[]): number => normalVar(returns.slice(-SESSIONS_A_YEAR));

/** LEAN: (compounded mean − the benchmark's) / tracking error. */
export const leanInformationRatio = (pairs: Pairs): number =>
  ratio(leanAnnualReturn(pairs.returns) - leanAnnualReturn(pairs.benchmark), trackingError(pairs));

/** quantstats 0.0.81 takes 3 from a kurtosis that is in excess of 3 already. */
export const quantstatsProbabilisticSharpe = (estimate: SharpeEstimate): number =>
  probabilisticSharpe({ ...estimate, kurtosis: estimate.kurtosis - 3 }, 0);

/** backtesting.py: the geometric mean by the year. */
const compoundedMean = (returns: readonly number[]): number =>
  (1 + expectedDailyReturn(returns)) ** SESSIONS_A_YEAR - 1;

/** backtesting.py: √((s² + g²)^252 − g^504), g the geometric mean growth of a day. */
export function backtestingVolatility(returns: readonly number[]): number {
  const growth = (1 + expectedDailyReturn(returns)) ** 2;
  return Math.sqrt((deviation(returns) ** 2 + growth) ** SESSIONS_A_YEAR - growth ** SESSIONS_A_YEAR);
}

/** backtesting.py: (compounded geometric mean − yearly risk-free rate) / its volatility. */
export const backtestingSharpe = (returns: readonly number[], riskFree: number): number =>
  ratio(compoundedMean(returns) - riskFree, backtestingVolatility(returns));

/** backtesting.py: the same over √(mean of min(r, 0)²) × √252. */
export function backtestingSortino(returns: readonly number[], riskFree: number): number {
  const down = Math.sqrt(mean(returns.map((each) => Math.min(each, 0) ** 2)));
  return ratio(compoundedMean(returns) - riskFree, down < NOISE ? 0 : down * ROOT);
}
