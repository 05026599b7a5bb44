/** Return for its deviation: Sharpe ratios, and how sure one can be of them. */
import { SESSIONS_A_YEAR } from "./growth.ts";
import { deviation, kurtosis, mean, ratio, skew } from "./moments.ts";
import { normalShareBelow } from "./normal.ts";

/** (m − d) / s: excess over the daily rate for one unit of deviation, by the day. Not defined without deviation. */
export function dailySharpe(returns: readonly number[], rate: number): number {
  return ratio(mean(returns) - rate, deviation(returns));
}

/** The same by the year: × √252. */
export const sharpe = (returns: readonly number[], rate: number): number =>
  dailySharpe(returns, rate) * Math.sqrt(SESSIONS_A_YEAR);

/** A daily Sharpe ratio with what its error depends on. */
export interface SharpeEstimate {
  readonly sharpe: number;
  readonly skew: number;
  /** Of a normal: 3. */
  readonly kurtosis: number;
  readonly count: number;
}

/** The estimate from daily returns over a daily rate. */
export function estimateSharpe(returns: readonly number[], rate: number): SharpeEstimate {
  return {
    sharpe: dailySharpe(returns, rate),
    skew: skew(returns),
    kurtosis: kurtosis(returns) + 3,
    count: returns.length,
  };
}

/** The chance that the true daily Sharpe ratio is above another (D. H. Bailey and M. López de Prado, 2012). */
export function probabilisticSharpe(estimate: SharpeEstimate, above: number): number {
  const { sharpe: found, skew: g3, kurtosis: g4, count } = estimate;
  const variance = (1 - g3 * found + ((g4 - 1) / 4) * found * found) / (count - 1);
  return normalShareBelow(ratio(found - above, Math.sqrt(variance)));
}
