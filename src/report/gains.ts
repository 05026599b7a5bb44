/** Days that gained against days that lost. */
import { mean, percentile, ratio, sum } from "./moments.ts";

const gainsOf = (returns: readonly number[]): readonly number[] => returns.filter((each) => each > 0);
const lossesOf = (returns: readonly number[]): readonly number[] => returns.filter((each) => each < 0);

/** Sum of gains / |sum of losses|, which is the profit factor of days. Not defined without losses. */
export const omega = (returns: readonly number[]): number =>
  ratio(sum(gainsOf(returns)), Math.abs(sum(lossesOf(returns))));

/** Sum of returns / |sum of losses|. Not defined without losses. */
export const gainToPain = (returns: readonly number[]): number => ratio(sum(returns), Math.abs(sum(lossesOf(returns))));

/** |95th percentile| / |5th percentile|. */
export const tailRatio = (returns: readonly number[]): number =>
  ratio(Math.abs(percentile(returns, 0.95)), Math.abs(percentile(returns, 0.05)));

/** Share of days that gained among those that did not stand still. */
export function winRate(returns: readonly number[]): number {
  const gains = gainsOf(returns).length;
  return ratio(gains, gains + lossesOf(returns).length);
}

/** Mean gain / |mean loss|. Not defined without either. */
export const payoff = (returns: readonly number[]): number =>
  ratio(mean(gainsOf(returns)), Math.abs(mean(lossesOf(returns))));

/** (p × payoff − (1 − p)) / payoff, p the win rate of days: the share of capital to risk (J. L. Kelly, 1956). */
export function kelly(returns: readonly number[]): number {
  const [chance, odds] = [winRate(returns), payoff(returns)];
  return ratio(chance * odds - (1 - chance), odds);
}

/** Share of days that did not stand still, rounded up to a whole percent. */
export function exposure(returns: readonly number[]): number {
  const moved = returns.filter((each) => each !== 0).length;
  return Math.ceil(ratio(moved * 100, returns.length)) / 100;
}
