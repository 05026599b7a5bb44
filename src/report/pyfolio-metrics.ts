/** The rows of pyfolio's tear sheet, in its order and under its names, as pyfolio computes them: risk-free 0. */
import { beta, compoundAlpha, type Pairs } from "./benchmark.ts";
import { maxDrawdown } from "./drawdown.ts";
import { calmar } from "./drawdown-ratios.ts";
import { omega, tailRatio } from "./gains.ts";
import { annualReturn, annualVolatility, cumulativeReturn } from "./growth.ts";
import type { EquityPoint } from "./input.ts";
import { DAYS_TO_ANNUALISE, type MetricTable } from "./metric.ts";
import { deviation, kurtosisOfPopulation, mean, ratio, skewOfPopulation } from "./moments.ts";
import type { Sample } from "./sample.ts";
import { sharpe } from "./sharpe.ts";
import { sortino } from "./sortino.ts";
import { stability } from "./stability.ts";

const NO_PAIRS: Pairs = { returns: [], benchmark: [] };

/** m − 2s. */
export const pyfolioVar = (returns: readonly number[]): number => mean(returns) - 2 * deviation(returns);

/** Mean of what is held / equity at each close; NaN where a point does not say what is held. */
export const grossLeverage = (points: readonly EquityPoint[]): number =>
  mean(points.map(({ held = Number.NaN, equity }) => ratio(held, equity)));

/** Mean of traded value / mean of what is held at the close and at the one before, nothing before the first. */
export function bookTurnover(points: readonly EquityPoint[]): number {
  const turnovers = points.map(({ traded, held = Number.NaN }, index) => {
    const before = index === 0 ? 0 : (points[index - 1]?.held ?? Number.NaN);
    const book = (held + before) / 2;
    // pyfolio makes 0/0 a 0; a trade without a book stays undefined here.
    return traded === 0 && book === 0 ? 0 : ratio(traded, book);
  });
  return mean(turnovers);
}

export const PYFOLIO_METRICS = {
  "Annual return": {
    means: "pyfolio: cagr_252.",
    isAnnualised: true,
    of: ({ returns }) => annualReturn(returns),
  },
  "Cumulative returns": { means: "pyfolio: cumulative_return.", of: ({ returns }) => cumulativeReturn(returns) },
  "Annual volatility": {
    means: "pyfolio: volatility_252.",
    isAnnualised: true,
    of: ({ returns }) => annualVolatility(returns),
  },
  "Sharpe ratio": {
    means: "pyfolio: sharpe_252 at a risk-free rate of 0.",
    isAnnualised: true,
    of: ({ returns }) => sharpe(returns, 0),
  },
  "Calmar ratio": { means: "pyfolio: calmar.", isAnnualised: true, of: ({ returns }) => calmar(returns) },
  Stability: { means: "pyfolio: stability.", of: ({ returns }) => stability(returns) },
  "Max drawdown": { means: "pyfolio: max_drawdown.", of: ({ returns }) => maxDrawdown(returns) },
  "Omega ratio": { means: "pyfolio: omega.", of: ({ returns }) => omega(returns) },
  "Sortino ratio": {
    means: "pyfolio: sortino_252 at a risk-free rate of 0.",
    isAnnualised: true,
    of: ({ returns }) => sortino(returns, 0),
  },
  Skew: {
    means: "pyfolio: skewness of the daily returns without bias correction, as SciPy has it.",
    of: ({ returns }) => skewOfPopulation(returns),
  },
  Kurtosis: {
    means: "pyfolio: excess kurtosis of the daily returns without bias correction, as SciPy has it.",
    of: ({ returns }) => kurtosisOfPopulation(returns),
  },
  "Tail ratio": { means: "pyfolio: tail_ratio.", of: ({ returns }) => tailRatio(returns) },
  "Daily value at risk": {
    means: "pyfolio: m − 2s of daily returns.",
    of: ({ returns }) => pyfolioVar(returns),
  },
  "Gross leverage": {
    means: "pyfolio: mean of holdings, shorts counted positive, / equity at the closes.",
    of: ({ points }) => grossLeverage(points),
  },
  "Daily turnover": {
    means: "pyfolio: mean of traded value / mean holdings of the close and the one before.",
    of: ({ points }) => bookTurnover(points),
  },
  Alpha: {
    means: "pyfolio: alpha_compound at a risk-free rate of 0.",
    isAnnualised: true,
    of: ({ pairs = NO_PAIRS }) => (pairs.returns.length < DAYS_TO_ANNUALISE ? Number.NaN : compoundAlpha(pairs, 0)),
  },
  Beta: { means: "pyfolio: beta.", of: ({ pairs = NO_PAIRS }) => beta(pairs) },
} satisfies MetricTable<Sample>;
