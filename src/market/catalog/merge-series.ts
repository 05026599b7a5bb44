/** New bars of one series joining those in the catalog, year by year: files are written, the manifest is not. */
import { join } from "node:path";
import { AppError, instant, type CivilDate } from "../../kernel/index.ts";
import { CALENDAR_FROM, CALENDAR_UNTIL, FIRST_MONTH, LAST_MONTH, monthOf, monthStart, yearOf } from "../months.ts";
import { joinColumns, lengthOfSpan, lowerBound, newColumns, sliceRows, type Columns } from "../series/columns.ts";
import { timeframeOf } from "../timeframe.ts";
import { encodeYear, readMonths, type EncodedFile } from "./bars-file.ts";
import { conflictingDays, withoutDays, type ConflictPolicy } from "./conflicts.ts";
import { countDays, coveredDays, followsCalendar } from "./coverage.ts";
import { barsFileName, barsFolder, makeDirectory, type SeriesEntry, type YearEntry } from "./manifest.ts";
import type { WriteQueue } from "./write-queue.ts";
import { mergeColumns, type Merged } from "./merge.ts";

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
  /** Bars that came. */
  readonly rows: number;
  /** Bars that were not there before; those of replaced days are not counted. */
  readonly added: number;
  /** Bars that had no vwap or no count of trades, and have one now. */
  readonly completed: number;
  /** Days that contradicted and stayed as they were, oldest first. */
  readonly daysKept: readonly CivilDate[];
  /** Days that contradicted and are now as in the file, oldest first. */
  readonly daysReplaced: readonly CivilDate[];
  /** Whether the bars that were there are marked otherwise than before. */
  readonly isMarkChanged: boolean;
}

export interface MergeSettings {
  readonly marketDir: string;
  /** Of new files. */
  readonly writes: WriteQueue;
  /** Folders that are written to. */
  readonly folders: Set<string>;
  readonly onConflict: ConflictPolicy;
}

/** One series while its parts arrive, oldest first or not. */
export class SeriesMerge {
  readonly #settings: MergeSettings;
  readonly #known: SeriesEntry | undefined;
  readonly #first: NewSeries;
  readonly #years: Map<number, YearEntry>;
  readonly #daysKept: CivilDate[] = [];
  readonly #daysReplaced: CivilDate[] = [];
  #rows = 0;
  #added = 0;
  #completed = 0;

  constructor(settings: MergeSettings, first: NewSeries, known: SeriesEntry | undefined) {
    this.#settings = settings;
    this.#first = first;
    this.#known = known;
    this.#years = new Map((known?.years ?? []).map((year) => [year.year, year]));
  }

  /** A year in which nothing is new keeps its file. Throws AppError "import_failed" naming the first bar that differs. */
  async add(item: NewSeries): Promise<void> {
    this.#rows += item.columns.rows;
    for (const { year, columns } of splitByYear(item.columns)) {
      const old = this.#years.get(year);
      const existing = old === undefined ? newColumns(0) : await this.#read(old);
      const merged = this.#merge(item, existing, columns);
      if (merged === undefined) continue;
      const encoded = encodeYear({ symbol: item.symbol, timeframe: item.timeframe, year }, merged);
      await this.#write(encoded);
      this.#years.set(year, yearEntry(encoded, merged));
    }
  }

  async #write(encoded: EncodedFile): Promise<void> {
    const { marketDir, writes, folders } = this.#settings;
    const folder = barsFolder(marketDir, encoded.header.symbol);
    if (!folders.has(folder)) await makeDirectory(folder);
    folders.add(folder);
    const path = join(folder, barsFileName(encoded.header, { ...encoded.header, hash: encoded.hash }));
    await writes.add(path, encoded.parts);
  }

  /** Undefined where nothing is new. */
  #merge(item: NewSeries, existing: Columns, columns: Columns): Columns | undefined {
    const merged = mergeColumns(existing, columns);
    if (merged.kind === "merged") {
      this.#added += merged.added;
      this.#completed += merged.completed;
      return merged.added + merged.completed === 0 ? undefined : merged.columns;
    }
    const { onConflict } = this.#settings;
    if (onConflict === "fail") {
      const bar = `${item.source}: the ${item.timeframe} bar of ${item.symbol} at ${merged.message}`;
      throw new AppError("import_failed", `${bar}. Nothing was imported; --on-conflict keep or replace decides it.`);
    }
    const days = conflictingDays(existing, columns);
    const isReplaced = onConflict === "replace";
    (isReplaced ? this.#daysReplaced : this.#daysKept).push(...days);
    const [old, incoming] = isReplaced
      ? [withoutDays(existing, days), columns]
      : [existing, withoutDays(columns, days)];
    const settled = mergeColumns(old, incoming) as Merged;
    this.#added += settled.added - (isReplaced ? columns.rows - withoutDays(columns, days).rows : 0);
    this.#completed += settled.completed;
    return isReplaced || settled.added + settled.completed > 0 ? settled.columns : undefined;
  }

  /** Throws AppError "import_failed" where adjusted prices would stand beside others. */
  finish(): CommittedSeries {
    const { symbol, timeframe } = this.#first;
    const known = this.#known;
    const isAdjusted = this.#mark();
    return {
      entry: { symbol, timeframe, source: this.#source(), isAdjusted, years: this.#sortedYears() },
      rows: this.#rows,
      added: this.#added,
      completed: this.#completed,
      daysKept: this.#daysKept,
      daysReplaced: this.#daysReplaced,
      isMarkChanged: known !== undefined && known.isAdjusted !== isAdjusted,
    };
  }

  #sortedYears(): readonly YearEntry[] {
    return [...this.#years.values()].toSorted((a, b) => a.year - b.year);
  }

  #source(): string {
    const { source } = this.#first;
    return this.#known === undefined || this.#known.source === source ? source : "several files";
  }

  /** Bars that are all there already may be marked anew; new ones must be marked as those they join. */
  #mark(): boolean {
    const { isAdjusted, source, symbol, timeframe } = this.#first;
    const known = this.#known;
    if (known === undefined) return isAdjusted ?? false;
    if (this.#added === 0 && this.#daysReplaced.length === 0) return isAdjusted ?? known.isAdjusted;
    if ((isAdjusted ?? false) === known.isAdjusted) return known.isAdjusted;
    const series = `the ${timeframe} bars of ${symbol}`;
    const reason = known.isAdjusted
      ? `${series} in the catalog are marked as adjusted and these are not: if they are, say --adjusted`
      : `${series} in the catalog are not marked as adjusted: if they are, import their file again with --adjusted first`;
    throw new AppError("import_failed", `${source}: ${reason}. Nothing was imported.`);
  }

  async #read(year: YearEntry): Promise<Columns> {
    const path = join(barsFolder(this.#settings.marketDir, this.#first.symbol), barsFileName(this.#first, year));
    const present = year.monthRows.flatMap((rows, index) => (rows > 0 ? [index] : []));
    try {
      // An earlier part of this series may have written it just now.
      if (this.#known?.years.includes(year) !== true) await this.#settings.writes.finish();
      return joinColumns(await readMonths({ path, hash: year.hash }, present));
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError("data_directory_damaged", `${path} cannot be read: ${String(error)}`, error);
    }
  }
}

function* splitByYear(columns: Columns): Generator<{ year: number; columns: Columns }> {
  for (let year = yearOf(FIRST_MONTH); year <= yearOf(LAST_MONTH); year += 1) {
    const start = Math.max(CALENDAR_FROM, monthStart(monthOf(year, 0)));
    const end = Math.min(CALENDAR_UNTIL, monthStart(monthOf(year + 1, 0)));
    const [from, until] = [lowerBound(columns, start), lowerBound(columns, end)];
    if (until > from) yield { year, columns: sliceRows(columns, { from, until }) };
  }
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
    days: followsCalendar(header.symbol) ? countDays(coveredDays(columns, timeframeOf(header.timeframe))) : undefined,
  };
}
