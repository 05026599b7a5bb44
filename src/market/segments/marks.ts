/** The last price of one symbol, asked for at every step: time moves on by little, so the row is the same, or the next. */
import type { Instant } from "../../kernel/index.ts";
import { lastPrintBefore } from "../series/bar-series.ts";
import { lengthOfSpan, newColumns, type Columns } from "../series/columns.ts";
import { lastBarBefore, segmentAt, type LoadedSymbol } from "./loaded-symbol.ts";

/** The last price known at an instant, in dollars: a close, or the open of a bar that runs. NaN while nothing has printed. */
export type MarkAt = (at: Instant) => number;

const NOTHING = newColumns(0);

/** Where it looked last is in variables of its own: whoever holds it asks without looking anything up. */
export function marksOf(loaded: LoadedSymbol): MarkAt {
  let { start, open, close, span } = NOTHING;
  // Rows at which a walk ends: the segment's last, or none where bars without volume make it a matter of searching.
  let [row, last] = [0, -1];
  const walk = (columns: Columns, from: number, isWalkable: boolean): void => {
    ({ start, open, close, span } = columns);
    row = from;
    last = isWalkable ? columns.rows - 1 : -1;
  };
  const search = (at: Instant): number => {
    const series = loaded.segments[segmentAt(loaded.segments, at)]?.series;
    const found = series === undefined ? -1 : lastPrintBefore(series, at);
    if (series !== undefined && found >= 0) {
      walk(series, found, series.lastPrint === undefined);
      return printed(at);
    }
    const bar = lastBarBefore(loaded, at);
    if (bar === undefined) return NaN;
    return bar.end <= at ? bar.close : bar.open;
  };
  const printed = (at: Instant): number => {
    const hasEnded = (start[row] as number) + lengthOfSpan(span[row] as number) <= at;
    return (hasEnded ? close[row] : open[row]) as number;
  };
  return (at) => {
    if (row >= last || (start[row] as number) >= at) return search(at);
    if ((start[row + 1] as number) >= at) return printed(at);
    row += 1;
    return row < last && (start[row + 1] as number) >= at ? printed(at) : search(at);
  };
}
