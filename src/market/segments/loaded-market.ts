/** A stretch of time of some symbols, in memory: what the engine reads. It never changes. */
import { instant, type Bar, type BarCondition, type Instant } from "../../kernel/index.ts";
import { barOf, findBar, lastPrintBefore, rowAt, type BarSeries } from "../series/bar-series.ts";
import { lengthOfSpan } from "../series/columns.ts";
import { lastBarBefore, rangeOf, segmentAt, type LoadedSymbol, type Range } from "./loaded-symbol.ts";
import { marksOf, type MarkAt } from "./marks.ts";

export interface LoadedMarket {
  /** The catalog's generation that it was made from. */
  readonly generation: number;
  /** Every bar with `from` ≤ start < `coveredUntil` is in it. */
  readonly coveredUntil: Instant;
  /** Whether there are bars of a symbol in it. */
  readonly has: (symbol: string) => boolean;
  /** First bar with start ≥ `from` that meets the condition; bars with volume 0 count. */
  readonly firstBar: (symbol: string, from: Instant, condition: BarCondition) => Bar | undefined;
  /** The bar that covers `at` (start ≤ at < end). */
  readonly barAt: (symbol: string, at: Instant) => Bar | undefined;
  /** The last bar with start < `at` and volume > 0, however far back; `at` not before the `from` it was loaded for. */
  readonly lastBarBefore: (symbol: string, at: Instant) => Bar | undefined;
  /** The extremes of the bars with volume that lie between two instants, start and end; undefined where none does. */
  readonly range: (symbol: string, from: Instant, until: Instant) => Range | undefined;
  /** What that bar says at `at`: its close once it has ended, its open while it runs. */
  readonly lastPrint: (symbol: string, at: Instant) => Print | undefined;
  /** The price of that print, of one symbol, for whoever asks at every step; undefined for a symbol without bars. */
  readonly marks: (symbol: string) => MarkAt | undefined;
}

export interface Print {
  readonly price: number;
  readonly barStart: Instant;
}

export interface Coverage {
  readonly generation: number;
  readonly coveredUntil: Instant;
}

export function loadedMarket(
  { generation, coveredUntil }: Coverage,
  symbols: ReadonlyMap<string, LoadedSymbol>,
): LoadedMarket {
  const cursors = new Map<string, Cursor>();
  for (const [symbol, loaded] of symbols) {
    cursors.set(symbol, { loaded, series: undefined, row: 0, seen: undefined, seenIn: undefined, seenRow: 0 });
  }
  return {
    generation,
    coveredUntil,
    has: (symbol) => cursors.has(symbol),
    firstBar: (symbol, from, condition) => {
      const cursor = cursors.get(symbol);
      return cursor === undefined ? undefined : firstBar(cursor, from, condition);
    },
    barAt: (symbol, at) => {
      const cursor = cursors.get(symbol);
      return cursor === undefined ? undefined : barAt(cursor, at);
    },
    lastBarBefore: (symbol, at) => {
      const loaded = symbols.get(symbol);
      return loaded === undefined ? undefined : lastBarBefore(loaded, at);
    },
    range: (symbol, from, until) => rangeOf(symbols.get(symbol)?.segments ?? [], from, until),
    lastPrint: (symbol, at) => {
      const cursor = cursors.get(symbol);
      return cursor === undefined ? undefined : lastPrint(cursor, at);
    },
    marks: (symbol) => {
      const loaded = symbols.get(symbol);
      return loaded === undefined ? undefined : marksOf(loaded);
    },
  };
}

function firstBar(cursor: Cursor, from: Instant, condition: BarCondition): Bar | undefined {
  const near = condition.kind === "any" ? rowNear(cursor, from) : -1;
  if (near >= 0 && cursor.series !== undefined) return seenBar(cursor, cursor.series, near);
  const { segments } = cursor.loaded;
  for (let index = segmentAt(segments, from); index < segments.length; index += 1) {
    const series = segments[index]?.series;
    const row = series === undefined ? -1 : findBar(series, from, condition);
    if (series !== undefined && row >= 0) return seenBar(cursor, series, row);
  }
  return undefined;
}

function barAt(cursor: Cursor, at: Instant): Bar | undefined {
  if (isSeenAt(cursor, at)) return cursor.seen;
  const near = rowNear(cursor, at);
  if (near > 0 && cursor.series !== undefined) return barCovering(cursor, cursor.series, { near, at });
  const { segments } = cursor.loaded;
  const series = segments[segmentAt(segments, at)]?.series;
  const row = series === undefined ? -1 : rowAt(series, at);
  return series === undefined || row < 0 ? undefined : seenBar(cursor, series, row);
}

/** Whether the bar that was handed out last covers an instant, and no later one does. */
function isSeenAt({ seen, seenIn, seenRow }: Cursor, at: Instant): boolean {
  if (seen === undefined || seenIn === undefined || seen.start > at || seen.end <= at) return false;
  return seenRow + 1 >= seenIn.rows || (seenIn.start[seenRow + 1] as number) > at;
}

/** The bar at or before the first row that starts at `at` or later, if it covers `at`. */
function barCovering(cursor: Cursor, series: BarSeries, { near, at }: { near: number; at: Instant }): Bar | undefined {
  const row = series.start[near] === at ? near : near - 1;
  const end = (series.start[row] as number) + lengthOfSpan(series.span[row] as number);
  return at < end ? seenBar(cursor, series, row) : undefined;
}

/** Where the last print was, the row itself or the next, if that is the first row that starts at `from` or later. */
function rowNear({ series, row }: Cursor, from: Instant): number {
  if (series === undefined || row + 1 >= series.rows) return -1;
  if ((series.start[row + 1] as number) < from) return -1;
  if ((series.start[row] as number) < from) return row + 1;
  return row > 0 && (series.start[row - 1] as number) < from ? row : -1;
}

/** A row as a bar; orders of one symbol mostly ask for the same one. */
function seenBar(cursor: Cursor, series: BarSeries, row: number): Bar {
  if (cursor.seen !== undefined && cursor.seenRow === row && cursor.seenIn === series) return cursor.seen;
  const bar = barOf(series, row);
  cursor.seen = bar;
  cursor.seenIn = series;
  cursor.seenRow = row;
  return bar;
}

/** Where a symbol was looked at last. Time mostly moves on, and by little: the next place is the same, or the next row. */
interface Cursor {
  readonly loaded: LoadedSymbol;
  /** Undefined while nothing was found, and where bars without volume make the last print a matter of searching. */
  series: BarSeries | undefined;
  row: number;
  /** The bar that was handed out last, and its row. */
  seen: Bar | undefined;
  seenIn: BarSeries | undefined;
  seenRow: number;
}

function lastPrint(cursor: Cursor, at: Instant): Print | undefined {
  if (cursor.series !== undefined && moveTo(cursor, cursor.series, at)) return printOf(cursor.series, cursor.row, at);
  const { loaded } = cursor;
  const series = loaded.segments[segmentAt(loaded.segments, at)]?.series;
  const row = series === undefined ? -1 : lastPrintBefore(series, at);
  if (series !== undefined && row >= 0) {
    cursor.series = series.lastPrint === undefined ? series : undefined;
    cursor.row = row;
    return printOf(series, row, at);
  }
  const bar = lastBarBefore(loaded, at);
  return bar === undefined ? undefined : { price: bar.end <= at ? bar.close : bar.open, barStart: bar.start };
}

/** Rows that a cursor walks before it searches. */
const STEPS_MAX = 4;

/** Moves to the last row that starts before `at`; false where that is not close by, or may lie in another segment. */
function moveTo(cursor: Cursor, { start, rows }: BarSeries, at: Instant): boolean {
  if ((start[cursor.row] as number) >= at) return false;
  for (let step = 0; step <= STEPS_MAX; step += 1) {
    if (cursor.row + 1 >= rows) return false;
    if ((start[cursor.row + 1] as number) >= at) return true;
    cursor.row += 1;
  }
  return false;
}

function printOf(series: BarSeries, row: number, at: Instant): Print {
  const start = series.start[row] as number;
  const hasEnded = start + lengthOfSpan(series.span[row] as number) <= at;
  return { price: (hasEnded ? series.close[row] : series.open[row]) as number, barStart: instant(start) };
}
