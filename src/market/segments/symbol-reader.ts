/** One symbol, asked at every step: time moves on by little, so the next place is the same row, or the next. */
import type { Bar, BarCondition, Instant } from "../../kernel/index.ts";
import { barOf, findBar, lastPrintBefore, rowAt, type BarSeries } from "../series/bar-series.ts";
import { lengthOfSpan, newColumns } from "../series/columns.ts";
import { lastBarBefore, segmentAt, type LoadedSymbol } from "./loaded-symbol.ts";

/** The last price known at an instant, in dollars: a close, or the open of a bar that runs. NaN while nothing has printed. */
export type MarkAt = (at: Instant) => number;

export interface SymbolReader {
  readonly mark: MarkAt;
  /** First bar with start ≥ `from` that meets the condition; bars with volume 0 count. */
  readonly firstBar: (from: Instant, condition: BarCondition) => Bar | undefined;
  /** The bar that covers `at` (start ≤ at < end). */
  readonly barAt: (at: Instant) => Bar | undefined;
}

const NOTHING = newColumns(0);

function markOf(bar: Bar | undefined, at: Instant): number {
  if (bar === undefined) return NaN;
  return bar.end <= at ? bar.close : bar.open;
}

/** Where it looked last is in variables of its own: whoever holds a reader looks nothing up. */
export function symbolReader(loaded: LoadedSymbol): SymbolReader {
  const { segments } = loaded;
  let series: BarSeries | undefined;
  let { start, open, close, span } = NOTHING;
  // The row of the last mark, and the one before which its successor is looked for there: none where bars without
  // volume make it a matter of searching.
  let [row, last] = [0, -1];
  // The bar that was handed out last: orders of one symbol mostly ask for the same one.
  let seen: Bar | undefined;
  let seenIn: BarSeries | undefined;
  let seenRow = 0;

  const printed = (at: Instant): number => {
    const hasEnded = (start[row] as number) + lengthOfSpan(span[row] as number) <= at;
    return (hasEnded ? close[row] : open[row]) as number;
  };
  const searchMark = (at: Instant): number => {
    const found = segments[segmentAt(segments, at)]?.series;
    const foundRow = found === undefined ? -1 : lastPrintBefore(found, at);
    if (found !== undefined && foundRow >= 0) {
      series = found;
      ({ start, open, close, span } = found);
      row = foundRow;
      last = found.lastPrint === undefined ? found.rows - 1 : -1;
      return printed(at);
    }
    return markOf(lastBarBefore(loaded, at), at);
  };
  const handOut = (from: BarSeries, at: number): Bar => {
    if (seen !== undefined && seenRow === at && seenIn === from) return seen;
    seen = barOf(from, at);
    seenIn = from;
    seenRow = at;
    return seen;
  };
  /** Whether the bar that was handed out last covers an instant, and no later one does. */
  const isSeenAt = (at: Instant): boolean => {
    if (seen === undefined || seenIn === undefined || seen.start > at || seen.end <= at) return false;
    return seenRow + 1 >= seenIn.rows || (seenIn.start[seenRow + 1] as number) > at;
  };
  /** Whether the row behind the last mark is the first that starts at an instant or later. */
  const isNextAt = (at: Instant): boolean =>
    row < last && (start[row] as number) < at && (start[row + 1] as number) >= at;

  return {
    mark: (at) => {
      if (row >= last || (start[row] as number) >= at) return searchMark(at);
      if ((start[row + 1] as number) >= at) return printed(at);
      row += 1;
      return row < last && (start[row + 1] as number) >= at ? printed(at) : searchMark(at);
    },
    firstBar: (from, condition) => {
      if (series !== undefined && condition.kind === "any" && isNextAt(from)) return handOut(series, row + 1);
      for (let index = segmentAt(segments, from); index < segments.length; index += 1) {
        const found = segments[index]?.series;
        const foundRow = found === undefined ? -1 : findBar(found, from, condition);
        if (found !== undefined && foundRow >= 0) return handOut(found, foundRow);
      }
      return undefined;
    },
    barAt: (at) => {
      if (isSeenAt(at)) return seen;
      const found = segments[segmentAt(segments, at)]?.series;
      const foundRow = found === undefined ? -1 : rowAt(found, at);
      return found === undefined || foundRow < 0 ? undefined : handOut(found, foundRow);
    },
  };
}
