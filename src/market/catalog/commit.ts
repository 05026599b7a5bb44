/** Adding bars to the catalog: new files first, then one new manifest, under the writer's lock. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, instant } from "../../kernel/index.ts";
import { CALENDAR_FROM, CALENDAR_UNTIL, FIRST_MONTH, LAST_MONTH, monthOf, monthStart, yearOf } from "../months.ts";
import { joinColumns, lengthOfSpan, lowerBound, newColumns, sliceRows, type Columns } from "../series/columns.ts";
import { finenessOf, parseTimeframe } from "../timeframe.ts";
import { encodeYear, readMonths, type EncodedFile } from "./bars-file.ts";
import { LOCK_WAIT_MS, withCatalogLock } from "./lock.ts";
import {
  barsFileName,
  barsFolder,
  makeDirectory,
  readManifest,
  syncDirectory,
  writeDurably,
  writeManifest,
  type Manifest,
  type SeriesEntry,
  type YearEntry,
} from "./manifest.ts";
import { mergeColumns } from "./merge.ts";

/** Bars of one symbol and timeframe, sorted, none before or after the exchange calendar. */
export interface NewSeries {
  readonly symbol: string;
  readonly timeframe: string;
  readonly columns: Columns;
  readonly source: string;
  /** Whether prices are adjusted; undefined: as the series has it, and unadjusted in a new one. */
  readonly isAdjusted?: boolean | undefined;
}

export interface CommittedSeries {
  readonly entry: SeriesEntry;
  /** Bars that were not there before. */
  readonly added: number;
  /** Bars that had no vwap or no count of trades, and have one now. */
  readonly completed: number;
  /** Whether the bars that were there are marked otherwise than before. */
  readonly isMarkChanged: boolean;
}

export interface CommitOptions {
  /** Milliseconds to wait for another writer. */
  readonly lockWaitMs?: number;
  /** What becomes of a bar that is there with different content; default: the commit fails. */
  readonly onConflict?: "keep" | "replace" | "fail";
}

/**
 * All of it or nothing. Bars that are there already, with equal content, change nothing; where nothing is new, nothing
 * is written. Throws AppError "import_failed" naming the first bar that is there with different content, or the series
 * that would mix adjusted prices with others, and "data_directory_locked" while another writer is at work.
 */
export async function commitSeries(
  marketDir: string,
  series: readonly NewSeries[],
  { lockWaitMs = LOCK_WAIT_MS }: CommitOptions = {},
): Promise<readonly CommittedSeries[]> {
  await makeDirectory(marketDir);
  return withCatalogLock(marketDir, lockWaitMs, async () => {
    const manifest = readManifest(marketDir);
    const known = new Map(manifest.series.map((entry) => [keyOf(entry), entry]));
    const committed: CommittedSeries[] = [];
    const folders = new Set(series.map((item) => barsFolder(marketDir, item.symbol)));
    try {
      for (const item of series) {
        const result = await mergeSeries(marketDir, item, known.get(keyOf(item)));
        committed.push(result);
        known.set(keyOf(item), result.entry);
      }
      if (committed.some(isChange)) {
        const next = { ...manifest, revision: manifest.revision + 1, series: [...known.values()] };
        await publish(marketDir, next, folders);
      }
    } finally {
      await sweep(marketDir, folders);
    }
    return committed;
  });
}

export const isChange = ({ added, completed, isMarkChanged }: CommittedSeries): boolean =>
  added + completed > 0 || isMarkChanged;

const keyOf = (series: { symbol: string; timeframe: string }): string => `${series.symbol} ${series.timeframe}`;

/** Merges year by year; a year in which nothing is new keeps its file. */
async function mergeSeries(
  marketDir: string,
  item: NewSeries,
  known: SeriesEntry | undefined,
): Promise<CommittedSeries> {
  const years = new Map((known?.years ?? []).map((year) => [year.year, year]));
  let [added, completed] = [0, 0];
  for (const { year, columns } of splitByYear(item.columns)) {
    const old = years.get(year);
    const existing = old === undefined ? newColumns(0) : await readYear(marketDir, item, old);
    const merged = mergeColumns(existing, columns);
    if (merged.kind === "conflict") {
      const bar = `${item.source}: the ${item.timeframe} bar of ${item.symbol} at ${merged.message}`;
      throw new AppError("import_failed", `${bar}. Nothing was imported.`);
    }
    if (merged.added + merged.completed === 0) continue;
    added += merged.added;
    completed += merged.completed;
    const encoded = encodeYear({ symbol: item.symbol, timeframe: item.timeframe, year }, merged.columns);
    await writeYear(marketDir, encoded);
    years.set(year, yearEntry(encoded, merged.columns));
  }
  const sorted = [...years.values()].toSorted((a, b) => a.year - b.year);
  const source = known === undefined || known.source === item.source ? item.source : "several files";
  const isAdjusted = markOf(item, known, added);
  const entry = { symbol: item.symbol, timeframe: item.timeframe, source, isAdjusted, years: sorted };
  return { entry, added, completed, isMarkChanged: known !== undefined && known.isAdjusted !== isAdjusted };
}

/** Bars that are all there already may be marked anew; new ones must be marked as those they join. */
function markOf(item: NewSeries, known: SeriesEntry | undefined, added: number): boolean {
  if (known === undefined) return item.isAdjusted ?? false;
  if (added === 0) return item.isAdjusted ?? known.isAdjusted;
  if ((item.isAdjusted ?? false) === known.isAdjusted) return known.isAdjusted;
  const series = `the ${item.timeframe} bars of ${item.symbol}`;
  const reason = known.isAdjusted
    ? `${series} in the catalog are marked as adjusted and these are not: if they are, say --adjusted`
    : `${series} in the catalog are not marked as adjusted: if they are, import their file again with --adjusted first`;
  throw new AppError("import_failed", `${item.source}: ${reason}. Nothing was imported.`);
}

function* splitByYear(columns: Columns): Generator<{ year: number; columns: Columns }> {
  for (let year = yearOf(FIRST_MONTH); year <= yearOf(LAST_MONTH); year += 1) {
    const start = Math.max(CALENDAR_FROM, monthStart(monthOf(year, 0)));
    const end = Math.min(CALENDAR_UNTIL, monthStart(monthOf(year + 1, 0)));
    const [from, until] = [lowerBound(columns, start), lowerBound(columns, end)];
    if (until > from) yield { year, columns: sliceRows(columns, { from, until }) };
  }
}

async function readYear(
  marketDir: string,
  series: { symbol: string; timeframe: string },
  year: YearEntry,
): Promise<Columns> {
  const path = join(barsFolder(marketDir, series.symbol), barsFileName(series, year));
  const present = year.monthRows.flatMap((rows, index) => (rows > 0 ? [index] : []));
  try {
    return joinColumns(await readMonths({ path, hash: year.hash }, present));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("data_directory_damaged", `${path} cannot be read: ${String(error)}`, error);
  }
}

async function writeYear(marketDir: string, encoded: EncodedFile): Promise<void> {
  const folder = barsFolder(marketDir, encoded.header.symbol);
  await makeDirectory(folder);
  await writeDurably(
    join(folder, barsFileName(encoded.header, { ...encoded.header, hash: encoded.hash })),
    encoded.parts,
  );
}

function yearEntry({ header, hash }: EncodedFile, columns: Columns): YearEntry {
  const last = columns.rows - 1;
  const to = (columns.start[last] ?? 0) + lengthOfSpan(columns.span[last] ?? 0);
  return {
    year: header.year,
    hash,
    from: instant(columns.start[0] ?? 0),
    to: instant(to),
    monthRows: header.monthRows,
  };
}

/** Makes the new files durable, then the manifest that names them. */
async function publish(marketDir: string, manifest: Manifest, folders: ReadonlySet<string>): Promise<void> {
  const series = manifest.series.toSorted((a, b) => compareText(a.symbol, b.symbol) || fineness(a) - fineness(b));
  for (const folder of folders) await syncDirectory(folder);
  await syncDirectory(join(marketDir, "bars"));
  await writeManifest(marketDir, { ...manifest, series });
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function fineness(entry: SeriesEntry): number {
  const spec = parseTimeframe(entry.timeframe);
  return spec === undefined ? 0 : finenessOf(spec);
}

/**
 * Removes what the manifest does not name: files that were replaced, and those of a commit that failed half way.
 * A reader that still has the old manifest finds a file gone, and reads the manifest again.
 */
async function sweep(marketDir: string, folders: ReadonlySet<string>): Promise<void> {
  const { series } = readManifest(marketDir);
  const named = new Set(series.flatMap((entry) => entry.years.map((year) => barsFileName(entry, year))));
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      // On Windows a file that is being read cannot be removed: the next commit to this folder removes it.
      if (!named.has(name)) await rm(join(folder, name), { force: true }).catch(() => undefined);
    }
  }
}
