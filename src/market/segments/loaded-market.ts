/** A stretch of time of some symbols, in memory: what the engine reads. It never changes. */
import type { Bar, BarCondition, Instant } from "../../kernel/index.ts";
import { monthEnd, monthStart, type Month } from "../months.ts";
import { monthContent, NO_CONTENT, type MonthContent } from "./month-content.ts";
import { lastBarBefore, rangeOf, type LoadedSymbol, type Range } from "./loaded-symbol.ts";
import { symbolReader, type MarkAt, type SymbolReader } from "./symbol-reader.ts";

export interface LoadedMarket {
  /** The catalog's generation that it was made from. */
  readonly generation: number;
  /** Every bar with `from` ≤ start < `coveredUntil` is in it. */
  readonly coveredUntil: Instant;
  /** What it holds of a symbol in a month; undefined for a month that it does not reach. */
  readonly content: (symbol: string, month: Month) => MonthContent | undefined;
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
  readonly mark: (symbol: string) => MarkAt | undefined;
}

export interface Print {
  readonly price: number;
  readonly barStart: Instant;
}

export interface Coverage {
  readonly generation: number;
  /** The first month that was asked for. */
  readonly firstMonth: Month;
  readonly coveredUntil: Instant;
}

export function loadedMarket(
  { generation, firstMonth, coveredUntil }: Coverage,
  symbols: ReadonlyMap<string, LoadedSymbol>,
): LoadedMarket {
  const readers = new Map<string, SymbolReader>();
  for (const [symbol, loaded] of symbols) readers.set(symbol, symbolReader(loaded));
  const lastBar = (symbol: string, at: Instant): Bar | undefined => {
    const loaded = symbols.get(symbol);
    return loaded === undefined ? undefined : lastBarBefore(loaded, at);
  };
  return {
    generation,
    coveredUntil,
    content: (symbol, month) => {
      const loaded = symbols.get(symbol);
      if (loaded === undefined || month < firstMonth || monthStart(month) >= coveredUntil) return undefined;
      const segment = loaded.segments.find(({ until }) => until === monthEnd(month));
      return segment === undefined ? NO_CONTENT : monthContent(segment.series);
    },
    has: (symbol) => readers.has(symbol),
    firstBar: (symbol, from, condition) => readers.get(symbol)?.firstBar(from, condition),
    barAt: (symbol, at) => readers.get(symbol)?.barAt(at),
    lastBarBefore: lastBar,
    range: (symbol, from, until) => rangeOf(symbols.get(symbol)?.segments ?? [], from, until),
    lastPrint: (symbol, at) => {
      const bar = lastBar(symbol, at);
      return bar === undefined ? undefined : { price: bar.end <= at ? bar.close : bar.open, barStart: bar.start };
    },
    mark: (symbol) => readers.get(symbol)?.mark,
  };
}
