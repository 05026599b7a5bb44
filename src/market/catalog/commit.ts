/** Adding bars to the catalog: new files first, then one new manifest, under the writer's lock. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CorporateAction } from "../../kernel/index.ts";
import { ACTIONS_TABLE } from "../tables/actions-table.ts";
import { extendTable, sweepTables } from "../tables/table-file.ts";
import { finenessOf, timeframeOf } from "../timeframe.ts";
import type { ConflictPolicy } from "./conflicts.ts";
import { LOCK_WAIT_MS, withCatalogLock } from "./lock.ts";
import {
  barsFileName,
  makeDirectory,
  readManifest,
  syncDirectory,
  writeManifest,
  type Manifest,
  type SeriesEntry,
  type TableHashes,
} from "./manifest.ts";
import { SeriesMerge, type MergeSettings, type CommittedSeries, type NewSeries } from "./merge-series.ts";
import { WriteQueue } from "./write-queue.ts";

export type { CommittedSeries, NewSeries } from "./merge-series.ts";

export interface CommitOptions {
  /** Milliseconds to wait for another writer. */
  readonly lockWaitMs?: number;
  /** What is done with days that contradict the catalog; default "fail". */
  readonly onConflict?: ConflictPolicy;
}

/** What an import adds. */
export interface CatalogChange {
  /** Parts of one series follow one another. They may be made as they are asked for. */
  readonly series: Iterable<NewSeries> | AsyncIterable<NewSeries>;
  /** Corporate actions, which take the place of those of the same symbol, ex-date and type. */
  readonly actions?: readonly CorporateAction[];
  /** Where it comes from, for messages. */
  readonly path?: string;
}

export interface CommittedChange {
  /** One for each series. */
  readonly series: readonly CommittedSeries[];
  readonly actions: { readonly added: number; readonly replaced: number };
}

/**
 * All of it or nothing. Bars that are there already, with equal content, change nothing; where nothing is new, nothing
 * is written. Throws AppError "import_failed" naming the first bar that is there with different content, or the series
 * that would mix adjusted prices with others, and "data_directory_locked" while another writer is at work.
 */
export async function commitSeries(
  marketDir: string,
  series: readonly NewSeries[],
  options: CommitOptions = {},
): Promise<readonly CommittedSeries[]> {
  return (await commitChange(marketDir, { series }, options)).series;
}

/** The same with corporate actions, and of bars that need not be in memory all at once. */
export async function commitChange(
  marketDir: string,
  change: CatalogChange,
  { lockWaitMs = LOCK_WAIT_MS, onConflict = "fail" }: CommitOptions = {},
): Promise<CommittedChange> {
  await makeDirectory(marketDir);
  return withCatalogLock(marketDir, lockWaitMs, async () => {
    const manifest = readManifest(marketDir);
    const known = new Map(manifest.series.map((entry) => [keyOf(entry), entry]));
    const folders = new Set<string>();
    const writes = new WriteQueue();
    try {
      const series = await mergeAll({ marketDir, onConflict, known, folders, writes }, change.series);
      const { tables, ...actions } = await mergeActions(marketDir, manifest, change);
      if (series.some(isChange) || actions.added + actions.replaced > 0) {
        for (const { entry } of series) known.set(keyOf(entry), entry);
        const next = { revision: manifest.revision + 1, series: [...known.values()], tables };
        await writes.finish();
        await publish(marketDir, next, folders);
      }
      return { series, actions };
    } finally {
      await writes.settle();
      await sweep(marketDir, folders);
      await sweepTables(marketDir);
    }
  });
}

export const isChange = ({ added, completed, daysReplaced, isMarkChanged }: CommittedSeries): boolean =>
  added + completed + daysReplaced.length > 0 || isMarkChanged;

export const keyOf = (series: { symbol: string; timeframe: string }): string => `${series.symbol} ${series.timeframe}`;

interface Merging extends MergeSettings {
  readonly known: ReadonlyMap<string, SeriesEntry>;
}

async function mergeAll(merging: Merging, series: CatalogChange["series"]): Promise<readonly CommittedSeries[]> {
  const { known } = merging;
  const merges = new Map<string, SeriesMerge>();
  const committed: CommittedSeries[] = [];
  let last: SeriesMerge | undefined;
  for await (const item of series) {
    let merge = merges.get(keyOf(item));
    if (merge === undefined) {
      if (last !== undefined) committed.push(last.finish());
      merge = new SeriesMerge(merging, item, known.get(keyOf(item)));
      merges.set(keyOf(item), merge);
    }
    last = merge;
    await merge.add(item);
  }
  if (last !== undefined) committed.push(last.finish());
  return committed;
}

interface MergedActions {
  readonly tables: TableHashes;
  readonly added: number;
  readonly replaced: number;
}

async function mergeActions(
  marketDir: string,
  { tables }: Manifest,
  { actions = [], path = "" }: CatalogChange,
): Promise<MergedActions> {
  if (actions.length === 0) return { tables, added: 0, replaced: 0 };
  const rows = new Map(actions.map((action) => [ACTIONS_TABLE.keyOf(action), action]));
  const { tables: named, merged } = await extendTable(marketDir, { kind: ACTIONS_TABLE, rows, path });
  return { tables: named, added: merged.added, replaced: merged.replaced };
}

/** Makes the new files durable, then the manifest that names them. */
async function publish(marketDir: string, manifest: Manifest, folders: ReadonlySet<string>): Promise<void> {
  const series = manifest.series.toSorted((a, b) => compareText(a.symbol, b.symbol) || fineness(a) - fineness(b));
  for (const folder of folders) await syncDirectory(folder);
  if (folders.size > 0) await syncDirectory(join(marketDir, "bars"));
  await writeManifest(marketDir, { ...manifest, series });
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const fineness = (entry: SeriesEntry): number => finenessOf(timeframeOf(entry.timeframe));

/**
 * Removes what the manifest does not name: files that were replaced, and those of a commit that failed half way.
 * A reader that still has the old manifest finds a file gone, and reads the manifest again.
 */
export async function sweep(marketDir: string, folders: ReadonlySet<string>): Promise<void> {
  const { series } = readManifest(marketDir);
  const named = new Set(series.flatMap((entry) => entry.years.map((year) => barsFileName(entry, year))));
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      // On Windows a file that is being read cannot be removed: the next commit to this folder removes it.
      if (!named.has(name)) await rm(join(folder, name), { force: true }).catch(() => undefined);
    }
  }
}
