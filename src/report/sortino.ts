/** Return for its deviation downwards. */
import { SESSIONS_A_YEAR } from "./growth.ts";
import { mean, NOISE, ratio } from "./moments.ts";

/** √(mean of min(r − d, 0)²) over all days, those above the daily rate included as zeros. */
function dailyDownsideDeviation(returns: readonly number[], rate: number): number {
  const size = Math.sqrt(mean(returns.map((each) => Math.min(each - rate, 0) ** 2)));
  return size < NOISE ? 0 : size;
}

/** The same by the year: × √252. */
export const downsideDeviation = (returns: readonly number[], rate: number): number =>
  dailyDownsideDeviation(returns, rate) * Math.sqrt(SESSIONS_A_YEAR);

/** (m − d) × 252 / yearly downside deviation. Not defined where no day was below the daily rate. */
export const sortino = (returns: readonly number[], rate: number): number =>
  ratio((mean(returns) - rate) * SESSIONS_A_YEAR, downsideDeviation(returns, rate));
