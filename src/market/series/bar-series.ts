/** A sorted series of bars with what makes searching it fast. Immutable, shared by all sessions. */
import type { Bar, BarCondition, Instant } from "../../kernel/index.ts";
import { isDaySpan, lengthOfSpan, lowerBound, NO_TRADES, type Columns } from "./columns.ts";
import { buildTree, firstBeyond, hasBeyond, treeBytes, type ExtremeTree } from "./extreme-tree.ts";

export interface BarSeries extends Columns {
  readonly lows: ExtremeTree;
  readonly highs: ExtremeTree;
  /** By row: the last row up to it with volume > 0, or −1. Undefined where every bar has volume. */
  readonly lastPrint: Int32Array | undefined;
  /** Memory it takes. */
  readonly bytes: number;
}

/** Takes the columns over: nobody may change them afterwards. Field by field: every series has the same shape. */
export function barSeries(columns: Columns): BarSeries {
  const { rows, start, open, high, low, close, volume, vwap, trades, span, buffer } = columns;
  const lows = buildTree(columns.low, 1);
  const highs = buildTree(columns.high, -1);
  const lastPrint = printIndex(columns);
  const bytes = columns.buffer.byteLength + treeBytes(lows) + treeBytes(highs) + (lastPrint?.byteLength ?? 0);
  return { rows, start, open, high, low, close, volume, vwap, trades, span, buffer, lows, highs, lastPrint, bytes };
}

function printIndex({ rows, volume }: Columns): Int32Array | undefined {
  if (volume.every((shares) => shares > 0)) return undefined;
  const index = new Int32Array(rows);
  let last = -1;
  for (let row = 0; row < rows; row += 1) {
    if ((volume[row] as number) > 0) last = row;
    index[row] = last;
  }
  return index;
}

/** First row with start ≥ `from` that meets the condition (bars with volume 0 count), or −1. */
export function findBar(series: BarSeries, from: Instant, condition: BarCondition): number {
  if (condition.kind === "any") {
    const row = lowerBound(series, from);
    return row >= series.rows ? -1 : row;
  }
  const tree = condition.kind === "low_below" ? series.lows : series.highs;
  // Most months hold nothing that a far order waits for: one comparison tells, before any search.
  if (!hasBeyond(tree, condition)) return -1;
  const row = lowerBound(series, from);
  return row >= series.rows ? -1 : firstBeyond(tree, row, condition);
}

/** The row that covers `at`, or −1. */
export function rowAt(series: BarSeries, at: Instant): number {
  const row = lowerBound(series, at + 1) - 1;
  if (row < 0) return -1;
  const end = (series.start[row] as number) + lengthOfSpan(series.span[row] as number);
  return at < end ? row : -1;
}

/** The last row with start < `at` and volume > 0, or −1. */
export function lastPrintBefore(series: BarSeries, at: number): number {
  const row = lowerBound(series, at) - 1;
  if (row < 0 || series.lastPrint === undefined) return row;
  return series.lastPrint[row] as number;
}

/** One row as a bar. */
export function barOf(columns: Columns, row: number): Bar {
  const start = columns.start[row] as Instant;
  const span = columns.span[row] as number;
  const vwap = columns.vwap[row] as number;
  const trades = columns.trades[row] as number;
  return {
    start,
    end: (start + lengthOfSpan(span)) as Instant,
    open: columns.open[row] as number,
    high: columns.high[row] as number,
    low: columns.low[row] as number,
    close: columns.close[row] as number,
    volume: columns.volume[row] as number,
    vwap: Number.isNaN(vwap) ? undefined : vwap,
    trades: trades === NO_TRADES ? undefined : trades,
    isDay: isDaySpan(span),
  };
}
