/** The metrics of trades, under LEAN's names, from round trips that were closed. */
import { unitsToNumber } from "../kernel/index.ts";
import { estimatedCapacity } from "./capacity.ts";
import { excursionOf, type Excursion } from "./excursions.ts";
import type { EquityPoint, ReportInput } from "./input.ts";
import type { MetricTable } from "./metric.ts";
import { highest, lowest, mean, ratio, sum } from "./moments.ts";
import type { RoundTrips } from "./round-trips.ts";
import {
  averageDurationMs,
  averageLoss,
  averageWin,
  expectancy,
  largestLoss,
  largestWin,
  longestDurationMs,
  longestRun,
  outcomesOf,
  profitLossRatio,
  tradeLossRate,
  tradeWinRate,
  type Outcome,
} from "./trade-statistics.ts";

export interface TradeSample {
  readonly outcomes: readonly Outcome[];
  /** Undefined where the prices of a trade are not known: a mean over the others would say too little. */
  readonly excursions: readonly Excursion[] | undefined;
  readonly openCount: number;
  readonly input: ReportInput;
}

/** The trades of an input. */
export function tradeSampleOf(input: ReportInput, { closed, open }: RoundTrips): TradeSample {
  const { priceRange } = input;
  const known = priceRange === undefined ? [] : closed.map((trip) => excursionOf(trip, priceRange));
  const excursions = known.filter((each) => each !== undefined);
  return {
    outcomes: outcomesOf(closed, input.startEquity),
    excursions: excursions.length === closed.length ? excursions : undefined,
    openCount: open.length,
    input,
  };
}

/** Mean of traded value / equity by session; NaN where a session ended without equity. */
export const portfolioTurnover = (points: readonly EquityPoint[]): number =>
  mean(points.map(({ traded, equity }) => (equity > 0 ? ratio(traded, equity) : Number.NaN)));

const MS_IN_SECOND = 1000;

const excursionFigure = (
  { excursions = [] }: TradeSample,
  pick: (excursion: Excursion) => number,
  of: (values: readonly number[]) => number,
): number => (excursions.length === 0 ? Number.NaN : of(excursions.map(pick)));

const adverse = (excursion: Excursion): number => excursion.adverse;
const favourable = (excursion: Excursion): number => excursion.favourable;

export const TRADE_METRICS = {
  total_trades: {
    means: "Round trips that were closed: from flat to flat in one symbol, first in, first out.",
    of: ({ outcomes }) => outcomes.length,
  },
  open_trades: {
    means: "Positions held at the end; they are in none of the other figures of trades but the fees.",
    of: ({ openCount }) => openCount,
  },
  win_rate: {
    means: "Trades with a profit after fees / all trades.",
    of: ({ outcomes }) => tradeWinRate(outcomes),
  },
  loss_rate: {
    means: "1 − win_rate: a trade that comes to nothing has lost.",
    of: ({ outcomes }) => tradeLossRate(outcomes),
  },
  average_win: {
    means: "Mean profit of the trades that won, as a ratio of the start equity and the profits of the trades before.",
    of: ({ outcomes }) => averageWin(outcomes),
  },
  average_loss: {
    means: "Mean profit of the trades that lost, as the same ratio; negative.",
    of: ({ outcomes }) => averageLoss(outcomes),
  },
  profit_loss_ratio: {
    means: "average_win / average_loss without its sign.",
    of: ({ outcomes }) => profitLossRatio(outcomes),
  },
  expectancy: {
    means: "win_rate × profit_loss_ratio − loss_rate.",
    of: ({ outcomes }) => expectancy(outcomes),
  },
  total_fees: {
    means: "Fees that all fills accrued, in dollars.",
    of: ({ input }) => sum(input.fills.map(({ fees }) => unitsToNumber(fees))),
  },
  portfolio_turnover: {
    means: "Value traded / equity at the close, mean by session.",
    of: ({ input }) => portfolioTurnover(input.points),
  },
  average_trade_duration_s: {
    means: "Mean time from entry to exit, in seconds.",
    of: ({ outcomes }) => averageDurationMs(outcomes) / MS_IN_SECOND,
  },
  longest_trade_duration_s: {
    means: "Longest time from entry to exit, in seconds.",
    of: ({ outcomes }) => longestDurationMs(outcomes) / MS_IN_SECOND,
  },
  largest_win: { means: "Profit of the best trade that won, in dollars.", of: ({ outcomes }) => largestWin(outcomes) },
  largest_loss: {
    means: "Profit of the worst trade that lost, in dollars; negative.",
    of: ({ outcomes }) => largestLoss(outcomes),
  },
  consecutive_wins: {
    means: "Most trades in a row, by time of exit, that won.",
    of: ({ outcomes }) => longestRun(outcomes, true),
  },
  consecutive_losses: {
    means: "Most trades in a row, by time of exit, that lost.",
    of: ({ outcomes }) => longestRun(outcomes, false),
  },
  average_mae: {
    means: "Mean of the trades' maximum adverse excursions, in dollars before fees; negative.",
    of: (sample) => excursionFigure(sample, adverse, mean),
  },
  largest_mae: {
    means: "Worst maximum adverse excursion of a trade, in dollars before fees; negative.",
    of: (sample) => excursionFigure(sample, adverse, lowest),
  },
  average_mfe: {
    means: "Mean of the trades' maximum favourable excursions, in dollars before fees.",
    of: (sample) => excursionFigure(sample, favourable, mean),
  },
  largest_mfe: {
    means: "Best maximum favourable excursion of a trade, in dollars before fees.",
    of: (sample) => excursionFigure(sample, favourable, highest),
  },
  estimated_capacity: {
    means:
      "Dollars of equity at which the scarcest symbol would take 20 % of the market's value in the minutes of its fills.",
    of: ({ input }) => estimatedCapacity(input.fills),
  },
} satisfies MetricTable<TradeSample>;
