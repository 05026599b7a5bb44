import { describe, expect, it } from "vitest";
import { beta, compoundAlpha, informationRatio, joinBenchmark, simpleAlpha } from "./benchmark.ts";
import { maxDrawdown } from "./drawdown.ts";
import { calmar, recoveryFactor, ulcerIndex, ulcerPerformance } from "./drawdown-ratios.ts";
import { gainToPain, kelly, omega, payoff, tailRatio, winRate } from "./gains.ts";
import {
  annualReturn,
  annualVolatility,
  calendarReturn,
  cumulativeReturn,
  dailyRate,
  expectedDailyReturn,
} from "./growth.ts";
import { deviation, kurtosis, mean, skew } from "./moments.ts";
import {
  backtestingSharpe,
  backtestingSortino,
  backtestingVolatility,
  leanSharpe,
  leanSortino,
  quantstatsProbabilisticSharpe,
} from "./other-tools.ts";
import { dailySharpe, estimateSharpe, probabilisticSharpe, sharpe } from "./sharpe.ts";
import { downsideDeviation, sortino } from "./sortino.ts";
import { stability } from "./stability.ts";
import { closes, expectTied, path, returns } from "./tie-out-fixture.ts";
import { historicalCvar, historicalVar, normalCvar, normalVar } from "./value-at-risk.ts";

const pairs = joinBenchmark(path, closes);
const estimate = estimateSharpe(returns, 0);

describe("the tie-out example", () => {
  it.each<[string, number, number]>([
    ["cumulative return (empyrical)", cumulativeReturn(returns), 0.05],
    ["annual return (empyrical, quantstats)", annualReturn(returns), 2.4195608523],
    ["calendar CAGR, 365.25 days", calendarReturn(returns, { days: 14, year: 365.25 }), 2.571195926329],
    ["calendar CAGR, 365 days (LEAN)", calendarReturn(returns, { days: 14, year: 365 }), 2.56808586643],
    ["CAGR of older quantstats, days / 252", calendarReturn(returns, { days: 13, year: 252 }), 1.574817266101],
    ["annual volatility (both)", annualVolatility(returns), 0.343726541387],
    ["Sharpe (both)", sharpe(returns, 0), 3.740013841322],
    ["Sharpe over 5 % (both)", sharpe(returns, dailyRate(0.05)), 3.598055389548],
    ["Sortino (both)", sortino(returns, 0), 6.632103382198],
    ["downside deviation (empyrical)", downsideDeviation(returns, 0), 0.193836245959],
    ["maximum drawdown (both)", maxDrawdown(returns), -0.029411764706],
    ["Calmar (both)", calmar(returns), 82.265068978216],
    ["omega (both)", omega(returns), 1.806473789475],
    ["tail ratio (both)", tailRatio(returns), 1.291555953573],
    ["stability (empyrical)", stability(returns), 0.41383546793],
    ["historical VaR (empyrical)", historicalVar(returns), -0.026993778281],
    ["normal VaR (quantstats)", normalVar(returns), -0.030514225502],
    ["CVaR (empyrical)", historicalCvar(returns), -0.029411764706],
    ["CVaR with no day below the VaR (quantstats)", normalCvar(returns), -0.030514225502],
    ["beta (empyrical)", beta(pairs), 2.151321540372],
    ["compound alpha (empyrical)", compoundAlpha(pairs, 0), -0.076021298996],
    ["simple alpha (quantstats)", simpleAlpha(pairs), -0.079053856048],
    ["information ratio (empyrical)", informationRatio(pairs), 0.218293765535],
    ["win rate (quantstats)", winRate(returns), 0.6],
    ["payoff (quantstats)", payoff(returns), 1.20431585965],
    ["Kelly (quantstats)", kelly(returns), 0.267861220298],
    ["ulcer index (quantstats)", ulcerIndex(returns), 0.015245044089],
    ["ulcer performance (quantstats)", ulcerPerformance(returns, 0), 3.279754371848],
    ["recovery factor (quantstats)", recoveryFactor(returns), 1.734461458815],
    ["gain to pain", gainToPain(returns), 0.806473789475],
    ["skew (quantstats)", skew(returns), -0.182765356029],
    ["excess kurtosis (quantstats)", kurtosis(returns), -0.624441652048],
    ["probabilistic Sharpe (quantstats)", quantstatsProbabilisticSharpe(estimate), 0.757928628394],
    ["probabilistic Sharpe (textbook)", probabilisticSharpe(estimate, 0), 0.753582523615],
    ["expected daily return (quantstats)", expectedDailyReturn(returns), 0.004890938199],
    ["return over deviation (quantstats)", dailySharpe(returns, 0), 0.235598726764],
    ["Sharpe of LEAN", leanSharpe(returns, 0), 7.578199337659],
    ["Sortino of LEAN", leanSortino(returns, 0), 12.830530027664],
    ["volatility of backtesting.py", backtestingVolatility(returns), 1.204586790591],
    ["Sharpe of backtesting.py", backtestingSharpe(returns, 0), 2.008623098974],
    ["Sortino of backtesting.py", backtestingSortino(returns, 0), 12.482499546628],
    ["daily VaR of pyfolio", mean(returns) - 2 * deviation(returns), -0.03820411646],
  ])("gives %s", (_, found, wanted) => {
    expectTied(found, wanted);
  });

  it("has ten returns beside ten of the benchmark", () => {
    expect([returns.length, pairs.returns.length, pairs.benchmark.length]).toEqual([10, 10, 10]);
  });
});
