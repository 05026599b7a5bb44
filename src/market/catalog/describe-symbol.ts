/** Everything about the series of one symbol: years with their hashes, and the days that are not whole, by date. */
import type { CivilDate, CorporateAction, Refusal } from "../../kernel/index.ts";
import type { Asset } from "../assets/asset-book.ts";
import type { Market } from "../market.ts";
import type { BarSource, SeriesSummary, YearSummary } from "./bar-source.ts";
import { countDays, coveredDays, followsCalendar, missingDays, seriesDays, type CoveredDay } from "./coverage.ts";
import { readSeries } from "./read-series.ts";
import { isPair } from "../symbol.ts";
import { unknownSymbol } from "./unknown-symbol.ts";

/** A trading day that is not whole. */
export interface WantingDay {
  readonly date: CivilDate;
  readonly kind: "partial" | "missing";
  /** Bars that touch its regular hours. */
  readonly bars: number;
}

export interface SeriesDetail extends SeriesSummary {
  /** Oldest first; none of the sample, which has no files. */
  readonly years: readonly YearSummary[];
  /** Oldest first; none of a pair, and none where a file is damaged. */
  readonly wantingDays: readonly WantingDay[];
  /** What is wrong with its files; each message names one. */
  readonly damages: readonly string[];
}

export interface SymbolDetail {
  readonly symbol: string;
  /** Alpaca's word. */
  readonly assetClass: "us_equity" | "crypto";
  /** Undefined where there are corporate actions but no bars. */
  readonly asset: Asset | undefined;
  /** Finest first. */
  readonly series: readonly SeriesDetail[];
  /** In the order in which they happen. */
  readonly actions: readonly CorporateAction[];
}

/** Reads every bar of the symbol. Refuses "not_found" where there are neither bars nor corporate actions of it. */
export async function describeSymbol(market: Market, symbol: string): Promise<SymbolDetail | Refusal> {
  const actions = market.corporateActions(symbol);
  const series: SeriesDetail[] = [];
  for (const { timeframe } of market.sources(symbol)) {
    const detail = await describeSeries(market, symbol, timeframe.name);
    if (detail !== undefined) series.push(detail);
  }
  if (series.length === 0 && actions.length === 0) return unknownSymbol(symbol);
  const assetClass = isPair(symbol) ? "crypto" : "us_equity";
  return { symbol, assetClass, asset: market.findAsset(symbol), series, actions };
}

async function describeSeries(market: Market, symbol: string, timeframe: string): Promise<SeriesDetail | undefined> {
  const reading = await readSeries(market, { symbol, timeframe }, (source) => {
    const days: CoveredDay[] = [];
    return { take: (columns) => void days.push(...coveredDays(columns, source.timeframe)), result: () => days };
  });
  if (reading === undefined) return undefined;
  const { source, damages } = reading;
  const counted = damages.length === 0 && followsCalendar(symbol) ? reading.result : undefined;
  return {
    ...source.summary(),
    years: source.years(),
    ...daysOf(source, counted),
    damages: damages.map(({ message }) => message),
  };
}

function daysOf(
  source: BarSource,
  days: readonly CoveredDay[] | undefined,
): Pick<SeriesDetail, "days" | "wantingDays"> {
  const { from, to, days: known } = source.summary();
  if (days === undefined) return { days: known, wantingDays: [] };
  const partial = days.filter(({ isPartial }) => isPartial);
  const wantingDays = [
    ...partial.map(({ day, bars }) => ({ date: day.date, kind: "partial" as const, bars })),
    ...missingDays(days, from, to).map(({ date }) => ({ date, kind: "missing" as const, bars: 0 })),
  ];
  return {
    days: seriesDays([countDays(days)], from, to),
    wantingDays: wantingDays.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
  };
}
