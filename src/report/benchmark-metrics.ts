/** The metrics beside a benchmark, over the days that both have. */
import {
  beta,
  capture,
  compoundAlpha,
  informationRatio,
  simpleAlpha,
  trackingError,
  treynor,
  type Pairs,
} from "./benchmark.ts";
import { annualReturn, cumulativeReturn } from "./growth.ts";
import type { MetricTable } from "./metric.ts";
import { leanInformationRatio } from "./other-tools.ts";

/** Pairs of returns, with the yearly risk-free rate and its daily one. */
export interface Comparison {
  readonly pairs: Pairs;
  readonly riskFree: number;
  readonly rate: number;
}

export const BENCHMARK_METRICS = {
  benchmark_days: {
    means: "Returns between dates on which both the equity and the benchmark are known.",
    of: ({ pairs }) => pairs.returns.length,
  },
  benchmark_cumulative_return: {
    means: "Growth of one unit of the benchmark over those days less 1, as a ratio.",
    of: ({ pairs }) => cumulativeReturn(pairs.benchmark),
  },
  benchmark_cagr_252: {
    means: "Annual return of the benchmark by sessions, V^(252/n) − 1, as a ratio.",
    isAnnualised: true,
    of: ({ pairs }) => annualReturn(pairs.benchmark),
  },
  beta: { means: "cov(r, b) / var(b) of daily returns.", of: ({ pairs }) => beta(pairs) },
  alpha_compound: {
    means: "(1 + mean(r − d − beta × (b − d)))^252 − 1, d the daily risk-free rate.",
    isAnnualised: true,
    of: ({ pairs, rate }) => compoundAlpha(pairs, rate),
  },
  alpha_simple: {
    means: "(mean(r) − beta × mean(b)) × 252.",
    isAnnualised: true,
    of: ({ pairs }) => simpleAlpha(pairs),
  },
  tracking_error_252: {
    means: "Sample standard deviation of r − b × √252.",
    isAnnualised: true,
    of: ({ pairs }) => trackingError(pairs),
  },
  information_ratio: {
    means: "mean(r − b) / sample standard deviation of r − b, not annualised.",
    of: ({ pairs }) => informationRatio(pairs),
  },
  information_ratio_lean: {
    means: "(annual return − benchmark's) / tracking_error_252, both returns LEAN's (1 + m)^252 − 1.",
    isAnnualised: true,
    of: ({ pairs }) => leanInformationRatio(pairs),
  },
  treynor: {
    means: "(cumulative return over those days − yearly risk-free rate) / beta.",
    of: ({ pairs, riskFree }) => treynor(pairs, riskFree),
  },
  up_capture: {
    means: "Annual return on the days on which the benchmark rose / the benchmark's on them.",
    isAnnualised: true,
    of: ({ pairs }) => capture(pairs, "up"),
  },
  down_capture: {
    means: "Annual return on the days on which the benchmark fell / the benchmark's on them.",
    isAnnualised: true,
    of: ({ pairs }) => capture(pairs, "down"),
  },
} satisfies MetricTable<Comparison>;
