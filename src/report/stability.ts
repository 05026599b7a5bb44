/** How straight the growth was. */
import { covariance, deviation } from "./moments.ts";

/** r² of the straight line through the sums of log(1 + r). Not defined of a flat line, or after a loss of everything. */
export function stability(returns: readonly number[]): number {
  let height = 0;
  const heights = returns.map((each) => (height += Math.log1p(each)));
  const places = heights.map((_, index) => index);
  if (deviation(heights) === 0) return Number.NaN;
  return covariance(places, heights) ** 2 / (covariance(places, places) * covariance(heights, heights));
}
