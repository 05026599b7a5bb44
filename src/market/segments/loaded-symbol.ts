/** One symbol in memory, month by month: where a time lies in it. */
import type { Bar, Instant } from "../../kernel/index.ts";
import { barOf, lastPrintBefore, type BarSeries } from "../series/bar-series.ts";
import { lengthOfSpan, lowerBound } from "../series/columns.ts";

/** One month of a symbol. */
export interface Segment {
  /** When the month ends in New York. */
  readonly until: Instant;
  readonly series: BarSeries;
}

export interface LoadedSymbol {
  /** Oldest first; months without bars are left out. */
  readonly segments: readonly Segment[];
  /** The last bar with volume before the first segment, where that segment may be asked for it. */
  readonly earlier: Bar | undefined;
}

/** The last bar with start < `at` and volume > 0. */
export function lastBarBefore({ segments, earlier }: LoadedSymbol, at: Instant): Bar | undefined {
  for (let index = Math.min(segmentAt(segments, at), segments.length - 1); index >= 0; index -= 1) {
    const series = segments[index]?.series;
    const row = series === undefined ? -1 : lastPrintBefore(series, at);
    if (series !== undefined && row >= 0) return barOf(series, row);
  }
  return earlier;
}

/** Prices in dollars. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The extremes of the bars with volume that lie between two instants, start and end. */
export function rangeOf(segments: readonly Segment[], from: Instant, until: Instant): Range | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const { series } of segments.slice(segmentAt(segments, from))) {
    for (let row = lowerBound(series, from); row < series.rows; row += 1) {
      const end = (series.start[row] as number) + lengthOfSpan(series.span[row] as number);
      if (end > until) break;
      if ((series.volume[row] as number) <= 0) continue;
      low = Math.min(low, series.low[row] as number);
      high = Math.max(high, series.high[row] as number);
    }
  }
  return low <= high ? { low, high } : undefined;
}

/** Index of the first segment that ends after `at`; the number of segments where none does. */
export function segmentAt(segments: readonly Segment[], at: Instant): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle]?.until ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
