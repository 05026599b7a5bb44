/** Return for what had to be endured: ratios to drawdowns. */
import { drawdownPath, maxDrawdown } from "./drawdown.ts";
import { annualReturn, cumulativeReturn } from "./growth.ts";
import { ratio, sum } from "./moments.ts";

/** Annual return / |maximum drawdown|. Not defined without a drawdown, as the others below. */
export const calmar = (returns: readonly number[]): number =>
  ratio(annualReturn(returns), Math.abs(maxDrawdown(returns)));

/** √(sum of squared drawdowns / (n − 1)); a ratio. Not defined of one day. */
export const ulcerIndex = (returns: readonly number[]): number =>
  Math.sqrt(ratio(sum(drawdownPath(returns).map((fall) => fall * fall)), returns.length - 1));

/** (Total return − yearly risk-free rate) / ulcer index. */
export const ulcerPerformance = (returns: readonly number[], riskFree: number): number =>
  ratio(cumulativeReturn(returns) - riskFree, ulcerIndex(returns));

/** |Sum of returns| / |maximum drawdown|. */
export const recoveryFactor = (returns: readonly number[]): number =>
  ratio(Math.abs(sum(returns)), Math.abs(maxDrawdown(returns)));
