/** Which series are meant: those of some symbols or of all, in one timeframe or in any. */
import { isRefusal, refuse, type Refusal } from "../../kernel/index.ts";
import type { Market } from "../market.ts";
import { isStorable, parseTimeframe } from "../timeframe.ts";
import type { SeriesKey } from "./read-series.ts";
import { unknownSymbol } from "./unknown-symbol.ts";

export interface SeriesSelection {
  /** Undefined or none: all. */
  readonly symbols?: readonly string[] | undefined;
  /** "1Min", "5T" …; undefined: all. */
  readonly timeframe?: string | undefined;
}

export interface SelectedSeries extends SeriesKey {
  readonly rows: number;
  readonly isSynthetic: boolean;
}

/** Refuses "not_found" for a symbol without bars, or without bars of the timeframe, and "bad_request" for a timeframe. */
export function selectSeries(market: Market, selection: SeriesSelection): readonly SelectedSeries[] | Refusal {
  const timeframe = timeframeName(selection.timeframe);
  if (isRefusal(timeframe)) return timeframe;
  const all = market.describe();
  const { symbols = [] } = selection;
  const ofTimeframe = all.filter((one) => timeframe === undefined || one.timeframe === timeframe);
  if (symbols.length === 0) return ofTimeframe;
  const wanted = new Set(symbols);
  for (const symbol of wanted) {
    if (!ofTimeframe.some((one) => one.symbol === symbol)) return notThere(market, symbol, timeframe);
  }
  return ofTimeframe.filter(({ symbol }) => wanted.has(symbol));
}

function timeframeName(text: string | undefined): string | undefined | Refusal {
  if (text === undefined) return undefined;
  const spec = parseTimeframe(text);
  if (spec !== undefined && isStorable(spec)) return spec.name;
  return refuse(
    "bad_request",
    `timeframe: got ${JSON.stringify(text)}, wanted 1Min to 59Min, 1Hour to 23Hour, or 1Day`,
  );
}

function notThere(market: Market, symbol: string, timeframe: string | undefined): Refusal {
  const there = market.sources(symbol).map((source) => source.timeframe.name);
  if (there.length === 0 || timeframe === undefined) return unknownSymbol(symbol);
  return refuse("not_found", `timeframe: got ${timeframe}, of which ${symbol} has no bars; it has ${there.join(", ")}`);
}
