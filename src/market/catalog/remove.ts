/** Removing series from the catalog: one new manifest under the writer's lock, files after it. No file is read for it. */
import { existsSync } from "node:fs";
import { isRefusal, refuse, type CorporateAction, type Refusal } from "../../kernel/index.ts";
import type { Market } from "../market.ts";
import { ACTIONS_TABLE } from "../tables/actions-table.ts";
import { readTable, sweepTables, writeTable } from "../tables/table-file.ts";
import { keyOf, sweep } from "./commit.ts";
import { LOCK_WAIT_MS, withCatalogLock } from "./lock.ts";
import { barsFolder, readManifest, rowsOf, writeManifest, type Manifest, type SeriesEntry } from "./manifest.ts";
import type { SeriesKey } from "./read-series.ts";
import { selectSeries } from "./select-series.ts";

export interface RemovalRequest {
  /** At least one. */
  readonly symbols: readonly string[];
  /** "1Min", "5T" …; undefined: all of each symbol. */
  readonly timeframe?: string | undefined;
  /** Whether the symbols' corporate actions go too. */
  readonly withActions: boolean;
}

export interface RemovedSeries extends SeriesKey {
  readonly rows: number;
}

/** What a removal would take away now. */
export interface RemovalPlan {
  readonly series: readonly RemovedSeries[];
  /** Symbols whose corporate actions go too. */
  readonly actionsOf: readonly string[];
  /** Rows of corporate actions that go. */
  readonly actions: number;
}

export interface RemovalReport {
  readonly series: readonly RemovedSeries[];
  readonly actions: number;
  /** Symbols of which the built-in sample is there again. */
  readonly sampleReturned: readonly string[];
}

/** Refuses "not_found" for what is not there, and "bad_request" for the sample and for a wrong timeframe. */
export function planRemoval(market: Market, request: RemovalRequest): RemovalPlan | Refusal {
  const symbols = [...new Set(request.symbols)];
  const actionsOf = request.withActions ? symbols.filter((symbol) => market.corporateActions(symbol).length > 0) : [];
  const actions = actionsOf.reduce((sum, symbol) => sum + market.corporateActions(symbol).length, 0);
  // A symbol of which only corporate actions are there, or bars of the sample, loses those.
  const withBars = symbols.filter((symbol) => !actionsOf.includes(symbol) || hasOwnBars(market, symbol));
  if (withBars.length === 0) return { series: [], actionsOf, actions };
  const selected = selectSeries(market, { symbols: withBars, timeframe: request.timeframe });
  if (isRefusal(selected)) return selected;
  const sample = selected.find(({ isSynthetic }) => isSynthetic);
  if (sample !== undefined) return sampleStays(sample.symbol);
  return { series: selected.map(({ symbol, timeframe, rows }) => ({ symbol, timeframe, rows })), actionsOf, actions };
}

const hasOwnBars = (market: Market, symbol: string): boolean =>
  market.sources(symbol).some(({ isSynthetic }) => !isSynthetic);

const sampleStays = (symbol: string): Refusal =>
  refuse(
    "bad_request",
    `symbol: ${symbol} has bars of the built-in sample only, which cannot be removed; ` +
      "switch the sample off with --no-sample, TAPEDECK_SAMPLE=false, or `sample` in the config file",
  );

/**
 * All of the plan or nothing; what went meanwhile is not counted. Throws AppError "data_directory_locked" while another
 * writer is at work, "data_directory_damaged" where the table of corporate actions cannot be read.
 */
export async function removeSeries(
  market: Market,
  plan: RemovalPlan,
  { lockWaitMs = LOCK_WAIT_MS }: { readonly lockWaitMs?: number } = {},
): Promise<RemovalReport> {
  const marketDir = market.directory;
  const removed = existsSync(marketDir)
    ? await withCatalogLock(marketDir, lockWaitMs, () => removeLocked(marketDir, plan))
    : { series: [], actions: 0 };
  market.refresh();
  const symbols = new Set(removed.series.map(({ symbol }) => symbol));
  const isSample = (symbol: string): boolean => market.sources(symbol).some(({ isSynthetic }) => isSynthetic);
  return { ...removed, sampleReturned: [...symbols].filter(isSample) };
}

async function removeLocked(marketDir: string, plan: RemovalPlan): Promise<Omit<RemovalReport, "sampleReturned">> {
  const manifest = readManifest(marketDir);
  const keys = new Set(plan.series.map(keyOf));
  const gone = manifest.series.filter((entry) => keys.has(keyOf(entry)));
  const kept = manifest.series.filter((entry) => !keys.has(keyOf(entry)));
  const actions = actionsWithout(marketDir, manifest, new Set(plan.actionsOf));
  if (gone.length + actions.removed === 0) return { series: [], actions: 0 };
  const folders = new Set(gone.map(({ symbol }) => barsFolder(marketDir, symbol)));
  try {
    const tables = actions.removed > 0 ? await writeTable(marketDir, ACTIONS_TABLE, actions.kept) : manifest.tables;
    await writeManifest(marketDir, { ...manifest, revision: manifest.revision + 1, series: kept, tables });
  } finally {
    await sweep(marketDir, folders);
    await sweepTables(marketDir);
  }
  return { series: gone.map(removedSeries), actions: actions.removed };
}

interface ActionsSplit {
  readonly kept: ReadonlyMap<string, CorporateAction>;
  readonly removed: number;
}

/** The table is read only where rows of it are to go. */
function actionsWithout(marketDir: string, { tables }: Manifest, symbols: ReadonlySet<string>): ActionsSplit {
  if (symbols.size === 0) return { kept: new Map(), removed: 0 };
  const all = readTable(marketDir, ACTIONS_TABLE, tables[ACTIONS_TABLE.name]);
  const kept = new Map([...all].filter(([, { symbol }]) => !symbols.has(symbol)));
  return { kept, removed: all.size - kept.size };
}

const removedSeries = ({ symbol, timeframe, years }: SeriesEntry): RemovedSeries => ({
  symbol,
  timeframe,
  rows: years.reduce((sum, year) => sum + rowsOf(year), 0),
});
