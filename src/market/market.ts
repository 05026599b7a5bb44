/** The market: what data exists, stretches of it in memory for sessions, and pages of bars. */
import { endianness } from "node:os";
import {
  AppError,
  assert,
  isRefusal,
  SERIES_BYTES_MAX,
  type CorporateAction,
  type Instant,
  type Refusal,
} from "../kernel/index.ts";
import { assetBook, type Asset, type AssetBook } from "./assets/asset-book.ts";
import { parseBarsRequest, type BarsRequest } from "./bars/bars-query.ts";
import { adjustedPage } from "./bars/adjusted-page.ts";
import type { BarsPage } from "./bars/page.ts";
import type { BarSource, SeriesSummary } from "./catalog/bar-source.ts";
import { Catalog, type CatalogSnapshot } from "./catalog/catalog.ts";
import { marketDirectory } from "./catalog/manifest.ts";
import { unknownSymbol } from "./catalog/unknown-symbol.ts";
import type { Month } from "./months.ts";
import { monthContent, NO_CONTENT, type MonthContent } from "./segments/month-content.ts";
import { planLoad, type LoadSteps } from "./segments/load-plan.ts";
import type { LoadedMarket } from "./segments/loaded-market.ts";
import { SegmentStore } from "./segments/segment-store.ts";
import { ViewMemo } from "./segments/view-memo.ts";
import type { BarSeries } from "./series/bar-series.ts";

export interface MarketOptions {
  readonly dataDir: string;
  /** Whether the built-in sample is there; default true. */
  readonly sample?: boolean;
  /** Bytes of bars to keep in memory, and the most that one load may hold; default `SERIES_BYTES_MAX`. */
  readonly bytesMax?: number;
}

export interface LoadRequest {
  readonly symbols: readonly string[];
  readonly from: Instant;
  /** Bars that start before it, at least, are loaded where memory allows. */
  readonly until: Instant;
}

const NO_ACTIONS: readonly CorporateAction[] = [];

/** Throws AppError data_directory_damaged, _foreign or _newer. Creates nothing. */
export async function openMarket(options: MarketOptions): Promise<Market> {
  assert(endianness() === "LE", "Invariant: the machine is little-endian, as the columns on disk are");
  return new Market(options);
}

export class Market {
  /** Where the catalog lives. */
  readonly directory: string;
  readonly #catalog: Catalog;
  readonly #store: SegmentStore;
  readonly #bytesMax: number;
  readonly #views = new ViewMemo();
  #book: AssetBook | undefined;

  constructor({ dataDir, sample = true, bytesMax = SERIES_BYTES_MAX }: MarketOptions) {
    this.directory = marketDirectory(dataDir);
    this.#catalog = new Catalog(this.directory, sample);
    this.#store = new SegmentStore(bytesMax);
    this.#bytesMax = bytesMax;
  }

  /** Grows by one whenever the catalog changes, also by another process (noticed within 50 ms). */
  generation(): number {
    return this.#catalog.current().generation;
  }

  /** Looks at the catalog now. */
  refresh(): void {
    this.#catalog.refresh();
  }

  hasSymbol(symbol: string): boolean {
    return this.#catalog.find(symbol) !== undefined;
  }

  /** Sorted by symbol. */
  assets(): readonly Asset[] {
    return this.#assetBook().assets();
  }

  /** By symbol or id. */
  findAsset(symbolOrId: string): Asset | undefined {
    const found = this.#assetBook().find(symbolOrId);
    if (found !== undefined) return found;
    this.refresh();
    return this.#assetBook().find(symbolOrId);
  }

  /** In the order in which they happen: by ex-date, then splits, dividends, and last what ends the symbol. */
  corporateActions(symbol: string): readonly CorporateAction[] {
    return this.#catalog.current().actions.get(symbol) ?? NO_ACTIONS;
  }

  /** Sorted by symbol, then as above; symbols without bars included. */
  allCorporateActions(): readonly CorporateAction[] {
    return [...this.#catalog.refresh().actions.values()].flat();
  }

  /** Whether the prices of its finest bars are marked as adjusted for splits or dividends. */
  isAdjusted(symbol: string): boolean {
    return this.#catalog.current().symbols.get(symbol)?.isAdjusted ?? false;
  }

  /** Symbols of which that is so, sorted. */
  adjustedSymbols(): readonly string[] {
    const { symbols } = this.#catalog.current();
    return [...symbols.values()].flatMap(({ symbol, isAdjusted }) => (isAdjusted ? [symbol] : []));
  }

  /** Its series, finest first; none of an unknown symbol. */
  sources(symbol: string): readonly BarSource[] {
    return this.#catalog.find(symbol)?.sources ?? [];
  }

  /** Every series, sorted by symbol, finest first. */
  describe(): readonly SeriesSummary[] {
    return [...this.#catalog.refresh().symbols.values()].flatMap(({ sources }) =>
      sources.map((source) => source.summary()),
    );
  }

  /**
   * A view of some symbols that holds what it needs: at once where everything is in memory, else a promise.
   * Unknown symbols have no bars. Refuses "too_many" where one month of all symbols exceeds the byte budget.
   * Throws AppError "data_directory_damaged" naming the file.
   */
  load(request: LoadRequest): LoadedMarket | Refusal | Promise<LoadedMarket | Refusal> {
    const snapshot = this.#catalog.current();
    const recent = this.#views.find(request, snapshot.generation);
    if (recent !== undefined) return recent;
    const remembered = (view: LoadedMarket | Refusal): LoadedMarket | Refusal => {
      if (!isRefusal(view)) this.#views.remember(request, view);
      return view;
    };
    const result = this.#tryLoad(snapshot, request);
    return result instanceof Promise
      ? result.then(remembered, (error: unknown) => this.#again(snapshot, error, () => this.load(request)))
      : remembered(result);
  }

  /** A page of bars in the order of their labels, made from the finest data present (docs/reference/bars.md). */
  async bars(request: BarsRequest): Promise<BarsPage | Refusal> {
    const parsed = parseBarsRequest(request);
    if (isRefusal(parsed)) return parsed;
    const snapshot = this.#catalog.current();
    const entry = snapshot.symbols.get(request.symbol) ?? this.#catalog.find(request.symbol);
    if (entry === undefined) return unknownSymbol(request.symbol);
    const wanted = { ...parsed, entry, actions: this.corporateActions(request.symbol) };
    const page = adjustedPage(wanted, (month) => this.#store.segment(entry, month));
    return page.catch((error: unknown) => this.#again(snapshot, error, () => this.bars(request)));
  }

  /** Changes where the bars of a symbol's month may have changed; months of equal identity hold equal bars. */
  monthIdentity(symbol: string, month: Month): string {
    const entry = this.#catalog.current().symbols.get(symbol);
    const sources = entry?.sources.filter((source) => source.months.includes(month)) ?? [];
    return sources.map((source) => `${source.timeframe.name} ${source.identityOf(month)}`).join(", ");
  }

  /** What a symbol's month holds now. Throws AppError "data_directory_damaged" naming the file. */
  async monthContent(symbol: string, month: Month): Promise<MonthContent> {
    const snapshot = this.#catalog.current();
    const entry = snapshot.symbols.get(symbol);
    if (entry?.months.includes(month) !== true) return NO_CONTENT;
    try {
      return monthContent(await this.#store.segment(entry, month));
    } catch (error) {
      return this.#again(snapshot, error, () => this.monthContent(symbol, month));
    }
  }

  /** Bytes of bars in memory. */
  get bytesHeld(): number {
    return this.#store.bytes;
  }

  #tryLoad(
    { generation, symbols: known }: CatalogSnapshot,
    { symbols, from, until }: LoadRequest,
  ): LoadedMarket | Refusal | Promise<LoadedMarket | Refusal> {
    const entries = [...new Set(symbols)].map((symbol) => known.get(symbol)).filter((entry) => entry !== undefined);
    const steps = planLoad({ entries, from, until, generation, bytesMax: this.#bytesMax });
    for (let step = steps.next(); ;) {
      if (step.done === true) return step.value;
      const series = this.#store.segment(step.value.entry, step.value.month);
      if (series instanceof Promise) return this.#finish(steps, series);
      step = steps.next(series);
    }
  }

  /** Goes on with a load that has to wait. */
  async #finish(steps: LoadSteps, waiting: Promise<BarSeries>): Promise<LoadedMarket | Refusal> {
    let step = steps.next(await waiting);
    while (step.done !== true) step = steps.next(await this.#store.segment(step.value.entry, step.value.month));
    return step.value;
  }

  /** A file that is gone was replaced by an import in the meantime: with the new manifest, all is there. */
  #again<T>(used: CatalogSnapshot, error: unknown, attempt: () => T): T {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "ENOENT") throw error;
    if (this.#catalog.refresh().generation === used.generation) {
      throw new AppError(
        "data_directory_damaged",
        `${error.message}. Restore the file, or import its bars again.`,
        error,
      );
    }
    return attempt();
  }

  #assetBook(): AssetBook {
    const snapshot = this.#catalog.current();
    if (this.#book?.generation !== snapshot.generation) this.#book = assetBook(snapshot);
    return this.#book;
  }
}
