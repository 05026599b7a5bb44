/** The same questions as other tools answer them: figures to compare with theirs, not to be compared with ours. */
import { daysOf } from "../kernel/index.ts";
import { calendarReturn, SESSIONS_A_YEAR } from "./growth.ts";
import type { MetricTable } from "./metric.ts";
import {
  backtestingSharpe,
  backtestingSortino,
  backtestingVolatility,
  leanDrawdown,
  leanProbabilisticSharpe,
  leanSharpe,
  leanSortino,
  leanVar,
  quantstatsProbabilisticSharpe,
} from "./other-tools.ts";
import type { Sample } from "./sample.ts";

/** Older quantstats count from the first return, not from the start. */
function daysFromFirstReturn({ path }: Sample): number {
  const [first, last] = [path[1], path.at(-1)];
  return first === undefined || last === undefined ? 0 : daysOf(last.date) - daysOf(first.date);
}

export const OTHER_METRICS = {
  cagr_lean: {
    means: "LEAN: V^(365/days) − 1 by calendar days.",
    isAnnualised: true,
    of: ({ returns, calendarDays }) => calendarReturn(returns, { days: calendarDays, year: 365 }),
  },
  sharpe_lean: {
    means: "LEAN: ((1 + m)^252 − 1 − yearly risk-free rate) / (s × √252).",
    isAnnualised: true,
    of: ({ returns, riskFree }) => leanSharpe(returns, riskFree),
  },
  sortino_lean: {
    means: "LEAN: the same with the sample deviation of the days that lost.",
    isAnnualised: true,
    of: ({ returns, riskFree }) => leanSortino(returns, riskFree),
  },
  max_drawdown_lean: {
    means: "LEAN: max_drawdown as a positive ratio of three places.",
    of: ({ returns }) => leanDrawdown(returns),
  },
  probabilistic_sharpe_lean: {
    means: "LEAN: chance that the true daily Sharpe ratio is above 1/√252, by the textbook's formula.",
    of: ({ estimate }) => leanProbabilisticSharpe(estimate),
  },
  var95_lean: {
    means: "LEAN: var95_normal of the last 252 days.",
    of: ({ returns }) => leanVar(returns),
  },
  cagr_quantstats_old: {
    means: "quantstats before 0.0.81: V^(252/days) − 1 by calendar days from the first return.",
    isAnnualised: true,
    of: (sample) => calendarReturn(sample.returns, { days: daysFromFirstReturn(sample), year: SESSIONS_A_YEAR }),
  },
  probabilistic_sharpe_quantstats: {
    means: "quantstats 0.0.81: probabilistic_sharpe with 3 taken off a kurtosis that is in excess already.",
    of: ({ estimate }) => quantstatsProbabilisticSharpe(estimate),
  },
  volatility_backtesting_py: {
    means: "backtesting.py: √((s² + g²)^252 − g^504), g the geometric mean growth of a day.",
    isAnnualised: true,
    of: ({ returns }) => backtestingVolatility(returns),
  },
  sharpe_backtesting_py: {
    means: "backtesting.py: (cagr_252 − yearly risk-free rate) / volatility_backtesting_py.",
    isAnnualised: true,
    of: ({ returns, riskFree }) => backtestingSharpe(returns, riskFree),
  },
  sortino_backtesting_py: {
    means: "backtesting.py: (cagr_252 − yearly risk-free rate) / (√(mean of min(r, 0)²) × √252).",
    isAnnualised: true,
    of: ({ returns, riskFree }) => backtestingSortino(returns, riskFree),
  },
} satisfies MetricTable<Sample>;
