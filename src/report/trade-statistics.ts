/** What round trips come to, under the names of LEAN. */
import { unitsToNumber } from "../kernel/index.ts";
import { highest, lowest, mean, ratio } from "./moments.ts";
import type { RoundTrip } from "./trip.ts";

/** A closed trade as the figures need it. */
export interface Outcome {
  /** Dollars, fees off. */
  readonly pnl: number;
  /** The profit as a ratio of the start equity and the profits of the trades closed before; NaN where that is not positive. */
  readonly share: number;
  /** A trade that comes to nothing has lost, as in LEAN. */
  readonly hasWon: boolean;
  readonly durationMs: number;
}

/** One outcome a trip, in the order in which they were closed. Start equity in dollars. */
export function outcomesOf(trips: readonly RoundTrip[], startEquity: number): readonly Outcome[] {
  let capital = startEquity;
  return trips.map(({ pnl: units, durationMs }) => {
    const pnl = unitsToNumber(units);
    const share = capital > 0 ? pnl / capital : Number.NaN;
    capital += pnl;
    return { pnl, share, hasWon: pnl > 0, durationMs };
  });
}

const wonOf = (outcomes: readonly Outcome[]): readonly Outcome[] => outcomes.filter(({ hasWon }) => hasWon);
const lostOf = (outcomes: readonly Outcome[]): readonly Outcome[] => outcomes.filter(({ hasWon }) => !hasWon);

/** Trades that won, as a ratio of all. */
export const tradeWinRate = (outcomes: readonly Outcome[]): number => ratio(wonOf(outcomes).length, outcomes.length);

/** 1 − win rate. */
export const tradeLossRate = (outcomes: readonly Outcome[]): number => 1 - tradeWinRate(outcomes);

/** Mean share of capital that a winning trade made. */
export const averageWin = (outcomes: readonly Outcome[]): number => mean(wonOf(outcomes).map(({ share }) => share));

/** Mean share of capital that a losing trade cost; 0 or negative. */
export const averageLoss = (outcomes: readonly Outcome[]): number => mean(lostOf(outcomes).map(({ share }) => share));

/** Average win / |average loss|. Not defined without either. */
export const profitLossRatio = (outcomes: readonly Outcome[]): number =>
  ratio(averageWin(outcomes), Math.abs(averageLoss(outcomes)));

/** Win rate × profit-loss ratio − loss rate: what a dollar at risk may be expected to make. */
export const expectancy = (outcomes: readonly Outcome[]): number =>
  tradeWinRate(outcomes) * profitLossRatio(outcomes) - tradeLossRate(outcomes);

/** Milliseconds from entry to exit, on average and of the longest trade. */
export const averageDurationMs = (outcomes: readonly Outcome[]): number =>
  mean(outcomes.map(({ durationMs }) => durationMs));
export const longestDurationMs = (outcomes: readonly Outcome[]): number =>
  highest(outcomes.map(({ durationMs }) => durationMs));

/** Dollars of the best trade that won, and of the worst that lost. */
export const largestWin = (outcomes: readonly Outcome[]): number => highest(wonOf(outcomes).map(({ pnl }) => pnl));
export const largestLoss = (outcomes: readonly Outcome[]): number => lowest(lostOf(outcomes).map(({ pnl }) => pnl));

/** The most trades in a row, by time of exit, that won, or that lost. */
export function longestRun(outcomes: readonly Outcome[], isOfWins: boolean): number {
  let [run, most] = [0, 0];
  for (const { hasWon } of outcomes) {
    run = hasWon === isOfWins ? run + 1 : 0;
    most = Math.max(most, run);
  }
  return most;
}
