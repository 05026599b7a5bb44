/** The metrics of days: returns, risk and drawdown. */
import { longestDrawdownDays, maxDrawdown } from "./drawdown.ts";
import { calmar, recoveryFactor, ulcerIndex, ulcerPerformance } from "./drawdown-ratios.ts";
import { exposure, gainToPain, kelly, omega, payoff, tailRatio, winRate } from "./gains.ts";
import {
  annualReturn,
  annualVolatility,
  calendarReturn,
  cumulativeReturn,
  DAYS_A_YEAR,
  expectedDailyReturn,
} from "./growth.ts";
import type { MetricTable } from "./metric.ts";
import { kurtosis, skew } from "./moments.ts";
import type { Sample } from "./sample.ts";
import { dailySharpe, probabilisticSharpe, sharpe } from "./sharpe.ts";
import { downsideDeviation, sortino } from "./sortino.ts";
import { stability } from "./stability.ts";
import { historicalCvar, historicalVar, normalCvar, normalVar } from "./value-at-risk.ts";

export const RETURN_METRICS = {
  cumulative_return: {
    means: "Growth of one unit of equity over the whole period less 1, flows taken out, as a ratio.",
    of: ({ returns }) => cumulativeReturn(returns),
  },
  cagr_252: {
    means: "Annual return by sessions, V^(252/n) − 1, as a ratio.",
    isAnnualised: true,
    of: ({ returns }) => annualReturn(returns),
  },
  cagr_calendar: {
    means: "Annual return by the calendar, V^(365.25/days) − 1, as a ratio.",
    isAnnualised: true,
    of: ({ returns, calendarDays }) => calendarReturn(returns, { days: calendarDays, year: DAYS_A_YEAR }),
  },
  expected_daily_return: {
    means: "The return a session that compounds to the whole, V^(1/n) − 1, as a ratio.",
    of: ({ returns }) => expectedDailyReturn(returns),
  },
  win_rate_days: {
    means: "Share of days that gained among the days that did not stand still.",
    of: ({ returns }) => winRate(returns),
  },
  payoff_days: {
    means: "Mean gain of the days that gained / mean loss of the days that lost.",
    of: ({ returns }) => payoff(returns),
  },
  kelly: {
    means: "Kelly share (p × payoff − (1 − p)) / payoff, p the win rate of days.",
    of: ({ returns }) => kelly(returns),
  },
  profit_factor_days: {
    means: "Sum of daily gains / sum of daily losses.",
    of: ({ returns }) => omega(returns),
  },
  gain_to_pain: {
    means: "Sum of daily returns / sum of daily losses.",
    of: ({ returns }) => gainToPain(returns),
  },
  exposure_days: {
    means: "Share of days that did not stand still, rounded up to a whole percent.",
    of: ({ returns }) => exposure(returns),
  },
} satisfies MetricTable<Sample>;

export const RISK_METRICS = {
  volatility_252: {
    means: "Sample standard deviation of daily returns × √252, as a ratio.",
    isAnnualised: true,
    of: ({ returns }) => annualVolatility(returns),
  },
  downside_deviation_252: {
    means: "√(mean of min(r − d, 0)²) over all days × √252, d the daily risk-free rate.",
    isAnnualised: true,
    of: ({ returns, rate }) => downsideDeviation(returns, rate),
  },
  sharpe_252: {
    means: "(m − d) / s × √252: mean and sample deviation of daily returns, d the daily risk-free rate.",
    isAnnualised: true,
    of: ({ returns, rate }) => sharpe(returns, rate),
  },
  sharpe_daily: {
    means: "(m − d) / s, not annualised.",
    of: ({ returns, rate }) => dailySharpe(returns, rate),
  },
  sortino_252: {
    means: "(m − d) × 252 / downside_deviation_252.",
    isAnnualised: true,
    of: ({ returns, rate }) => sortino(returns, rate),
  },
  probabilistic_sharpe: {
    means: "Chance that the true daily Sharpe ratio is above 0, given length, skew and kurtosis of the sample.",
    of: ({ estimate }) => probabilisticSharpe(estimate, 0),
  },
  omega: {
    means: "Omega ratio at a threshold of 0: sum of daily gains / sum of daily losses.",
    of: ({ returns }) => omega(returns),
  },
  tail_ratio: {
    means: "95th percentile / 5th percentile of daily returns, both without sign.",
    of: ({ returns }) => tailRatio(returns),
  },
  stability: {
    means: "r² of the straight line through the sums of log(1 + r).",
    of: ({ returns }) => stability(returns),
  },
  var95_hist: {
    means: "5th percentile of daily returns, interpolated; negative is a loss.",
    of: ({ returns }) => historicalVar(returns),
  },
  var95_normal: {
    means: "m + s × z(0.05): the 5th percentile of a normal with the mean and deviation of daily returns.",
    of: ({ returns }) => normalVar(returns),
  },
  cvar95_hist: {
    means: "Mean of the lowest int((n − 1) × 0.05) + 1 daily returns.",
    of: ({ returns }) => historicalCvar(returns),
  },
  cvar95_normal: {
    means: "Mean of the daily returns below var95_normal, or that itself where none is.",
    of: ({ returns }) => normalCvar(returns),
  },
  skew: { means: "Bias-corrected sample skewness of daily returns.", of: ({ returns }) => skew(returns) },
  kurtosis_excess: {
    means: "Bias-corrected sample kurtosis of daily returns in excess of a normal's 3.",
    of: ({ returns }) => kurtosis(returns),
  },
} satisfies MetricTable<Sample>;

export const DRAWDOWN_METRICS = {
  max_drawdown: {
    means: "Deepest fall from the highest value before, the start included, as a negative ratio of it.",
    of: ({ returns }) => maxDrawdown(returns),
  },
  longest_drawdown_days: {
    means: "Calendar days from a peak to the recovery, or to the last day, of the longest drawdown.",
    of: ({ path }) => (path.length === 0 ? Number.NaN : longestDrawdownDays(path)),
  },
  calmar: {
    means: "cagr_252 / max_drawdown without its sign.",
    isAnnualised: true,
    of: ({ returns }) => calmar(returns),
  },
  ulcer_index: {
    means: "√(sum of squared drawdowns / (n − 1)), as a ratio.",
    of: ({ returns }) => ulcerIndex(returns),
  },
  ulcer_performance_index: {
    means: "(cumulative_return − yearly risk-free rate) / ulcer_index.",
    of: ({ returns, riskFree }) => ulcerPerformance(returns, riskFree),
  },
  recovery_factor: {
    means: "Sum of daily returns / max_drawdown, both without sign.",
    of: ({ returns }) => recoveryFactor(returns),
  },
} satisfies MetricTable<Sample>;
