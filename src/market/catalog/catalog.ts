/** What data there is: the manifest's series, and the sample's where nothing real has taken their place. */
import { statSync, type Stats } from "node:fs";
import { AppError, type CorporateAction } from "../../kernel/index.ts";
import type { AssetRow } from "../assets/assets-table.ts";
import type { Month } from "../months.ts";
import { SAMPLE_SYMBOLS } from "../sample/sample-symbols.ts";
import { NO_TABLES, readTables, type Tables } from "../tables/tables.ts";
import { finenessOf } from "../timeframe.ts";
import { fileSource, monthsOf, sampleSource, type BarSource } from "./bar-source.ts";
import { manifestPath, readManifest, type Manifest } from "./manifest.ts";

export interface SymbolEntry {
  readonly symbol: string;
  /** Finest timeframe first. */
  readonly sources: readonly BarSource[];
  /** Months in which there may be bars, oldest first. */
  readonly months: readonly Month[];
  readonly isSynthetic: boolean;
  /** Whether the finest of the sources is marked as adjusted. */
  readonly isAdjusted: boolean;
}

/** The catalog at one moment. A load or a query works on one of these from its beginning to its end. */
export interface CatalogSnapshot {
  /** One more whenever the data has changed. */
  readonly generation: number;
  /** In order of symbols. */
  readonly symbols: ReadonlyMap<string, SymbolEntry>;
  /** Of symbols with bars and without, each list in the order in which its actions happen. */
  readonly actions: ReadonlyMap<string, readonly CorporateAction[]>;
  readonly assetRows: ReadonlyMap<string, AssetRow>;
}

/** Milliseconds for which a look at the manifest's stamp holds: a look costs about 2 µs, a quick request 20. */
const LOOK_INTERVAL_MS = 50;

export class Catalog {
  readonly #marketDir: string;
  readonly #hasSample: boolean;
  #stamp: string;
  #lookedAt: number;
  #tables: Tables = NO_TABLES;
  #snapshot: CatalogSnapshot;

  /** Throws AppError data_directory_damaged, _foreign or _newer. */
  constructor(marketDir: string, hasSample: boolean) {
    this.#marketDir = marketDir;
    this.#hasSample = hasSample;
    this.#stamp = stampOf(marketDir);
    this.#lookedAt = performance.now();
    this.#snapshot = this.#read(1);
  }

  /** As of at most 50 ms ago; a writer's change is picked up here. */
  current(): CatalogSnapshot {
    return performance.now() - this.#lookedAt < LOOK_INTERVAL_MS ? this.#snapshot : this.refresh();
  }

  /** As of now. */
  refresh(): CatalogSnapshot {
    const stamp = stampOf(this.#marketDir);
    this.#lookedAt = performance.now();
    if (stamp !== this.#stamp) {
      this.#snapshot = this.#read(this.#snapshot.generation + 1);
      this.#stamp = stamp;
    }
    return this.#snapshot;
  }

  /** A symbol that is not there is looked for once more, in case it has just been imported. */
  find(symbol: string): SymbolEntry | undefined {
    return this.current().symbols.get(symbol) ?? this.refresh().symbols.get(symbol);
  }

  #read(generation: number): CatalogSnapshot {
    const manifest = this.#readWhole(readManifest(this.#marketDir));
    const symbols = symbolsOf(this.#marketDir, manifest, this.#hasSample);
    return { generation, symbols, actions: this.#tables.actions, assetRows: this.#tables.assetRows };
  }

  /** A table that is gone was replaced by an import in the meantime: with the new manifest, all is there. */
  #readWhole(manifest: Manifest): Manifest {
    try {
      this.#tables = readTables(this.#marketDir, manifest.tables, this.#tables);
      return manifest;
    } catch (error) {
      const latest = readManifest(this.#marketDir);
      if (!(error instanceof AppError) || latest.revision === manifest.revision) throw error;
      return this.#readWhole(latest);
    }
  }
}

/** Tells one manifest from the next: a replaced file has another inode. */
function stampOf(marketDir: string): string {
  const stats: Stats | undefined = statSync(manifestPath(marketDir), { throwIfNoEntry: false });
  return stats === undefined ? "absent" : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
}

/** Real bars of a symbol, in whatever timeframe, take the place of its sample: the two are never mixed. */
function symbolsOf(marketDir: string, manifest: Manifest, hasSample: boolean): ReadonlyMap<string, SymbolEntry> {
  const sources = new Map<string, BarSource[]>();
  for (const entry of manifest.series) {
    sources.set(entry.symbol, [...(sources.get(entry.symbol) ?? []), fileSource(marketDir, entry)]);
  }
  for (const sample of hasSample ? SAMPLE_SYMBOLS : []) {
    if (!sources.has(sample.symbol)) sources.set(sample.symbol, [sampleSource(sample)]);
  }
  const sorted = [...sources].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([symbol, list]) => [symbol, symbolEntry(symbol, list)]));
}

function symbolEntry(symbol: string, unsorted: readonly BarSource[]): SymbolEntry {
  const sources = unsorted.toSorted((a, b) => finenessOf(a.timeframe) - finenessOf(b.timeframe));
  let months: readonly Month[] | undefined;
  return {
    symbol,
    sources,
    get months() {
      return (months ??= monthsOf(sources));
    },
    isSynthetic: sources.every((source) => source.isSynthetic),
    isAdjusted: sources[0]?.isAdjusted ?? false,
  };
}
