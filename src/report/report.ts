/** The report: every figure of one account's run, ready to be written as JSON, each with its definition. */
import { assert } from "../kernel/index.ts";
import { BENCHMARK_METRICS } from "./benchmark-metrics.ts";
import { DRAWDOWN_METRICS, RETURN_METRICS, RISK_METRICS } from "./day-metrics.ts";
import type { ReportInput } from "./input.ts";
import { definitionsOf, figuresOf, type Figures } from "./metric.ts";
import { notesOf } from "./notes.ts";
import { OTHER_METRICS } from "./other-metrics.ts";
import { PERIOD_DEFINITIONS, periodOf, type Period } from "./period.ts";
import { PYFOLIO_METRICS } from "./pyfolio-metrics.ts";
import { roundTrips } from "./round-trips.ts";
import { sampleOf, type Sample } from "./sample.ts";
import { TRADE_METRICS, tradeSampleOf } from "./trade-metrics.ts";
import { ROW_DEFINITIONS, worstDrawdowns, type DrawdownRow } from "./worst-drawdowns.ts";

/** Keys are stable. A figure is null where it is not defined or withheld, and never NaN or infinite. */
export interface Report {
  readonly period: Period;
  readonly returns: Figures<typeof RETURN_METRICS>;
  readonly risk: Figures<typeof RISK_METRICS>;
  readonly drawdown: Figures<typeof DRAWDOWN_METRICS> & { readonly worst: readonly DrawdownRow[] };
  /** Null without a benchmark. */
  readonly benchmark: Figures<typeof BENCHMARK_METRICS> | null;
  readonly trades: Figures<typeof TRADE_METRICS>;
  /** Under pyfolio's own names, in its order. */
  readonly pyfolio: Figures<typeof PYFOLIO_METRICS>;
  readonly other_tools: Figures<typeof OTHER_METRICS>;
  /** One sentence for each key above. */
  readonly definitions: Readonly<Record<string, string>>;
  /** What to know before believing the figures. */
  readonly notes: readonly string[];
}

const DEFINITIONS: Readonly<Record<string, string>> = {
  ...PERIOD_DEFINITIONS,
  ...definitionsOf(RETURN_METRICS),
  ...definitionsOf(RISK_METRICS),
  ...definitionsOf(DRAWDOWN_METRICS),
  ...ROW_DEFINITIONS,
  ...definitionsOf(BENCHMARK_METRICS),
  ...definitionsOf(TRADE_METRICS),
  ...definitionsOf(PYFOLIO_METRICS),
  ...definitionsOf(OTHER_METRICS),
};

/** The report of an input whose points are finite and in order of their dates. */
export function makeReport(input: ReportInput): Report {
  checkPoints(input);
  const sample = sampleOf(input);
  const trades = tradeSampleOf(input, roundTrips(input.fills, input.splits, input.renames));
  const days = sample.returns.length;
  return {
    period: periodOf(input, sample),
    returns: figuresOf(RETURN_METRICS, sample, days),
    risk: figuresOf(RISK_METRICS, sample, days),
    drawdown: { ...figuresOf(DRAWDOWN_METRICS, sample, days), worst: worstDrawdowns(sample) },
    benchmark: comparisonOf(sample),
    trades: figuresOf(TRADE_METRICS, trades, days),
    pyfolio: figuresOf(PYFOLIO_METRICS, sample, days),
    other_tools: figuresOf(OTHER_METRICS, sample, days),
    definitions: DEFINITIONS,
    notes: notesOf(input, sample, trades),
  };
}

function checkPoints({ startEquity, points }: ReportInput): void {
  const isFinite = points.every(({ equity, flow }) => Number.isFinite(equity + flow));
  assert(isFinite && Number.isFinite(startEquity), "Invariant: the equity and flow of a report are finite");
  const isInOrder = points.every(({ date }, index) => index === 0 || date > (points[index - 1]?.date ?? date));
  assert(isInOrder, "Invariant: a report has one point a session, in order");
}

function comparisonOf({ pairs, riskFree, rate }: Sample): Figures<typeof BENCHMARK_METRICS> | null {
  if (pairs === undefined) return null;
  return figuresOf(BENCHMARK_METRICS, { pairs, riskFree, rate }, pairs.returns.length);
}
