/** What a bad day costs: value at risk and the mean beyond it, as returns (negative is a loss). */
import { deviation, mean, percentile } from "./moments.ts";
import { normalQuantile } from "./normal.ts";

/** The share of days that are worse. */
const BAD_SHARE = 0.05;

/** The 5th percentile of the days themselves, interpolated. */
export const historicalVar = (returns: readonly number[]): number => percentile(returns, BAD_SHARE);

/** m + s × z(0.05): the 5th percentile of a normal with the same mean and deviation. */
export const normalVar = (returns: readonly number[]): number =>
  mean(returns) + deviation(returns) * normalQuantile(BAD_SHARE);

/** Mean of the lowest int((n − 1) × 0.05) + 1 days. */
export function historicalCvar(returns: readonly number[]): number {
  const count = Math.floor((returns.length - 1) * BAD_SHARE) + 1;
  return mean(returns.toSorted((a, b) => a - b).slice(0, count));
}

/** Mean of the days below the normal value at risk, or that itself where none is. */
export function normalCvar(returns: readonly number[]): number {
  const limit = normalVar(returns);
  const beyond = returns.filter((each) => each < limit);
  return beyond.length === 0 ? limit : mean(beyond);
}
