/** Imports one file, or all files of a folder: read, checked, merged and published, all of it or nothing. */
import { basename } from "node:path";
import { AppError, type CivilDate } from "../../kernel/index.ts";
import {
  commitChange,
  isChange,
  type CommittedChange,
  type CommittedSeries,
  type NewSeries,
} from "../catalog/commit.ts";
import { parseConflictPolicy } from "../catalog/conflicts.ts";
import { findFiles, type FoundFiles } from "./files/find-files.ts";
import { sourceFiles } from "./files/open-files.ts";
import { readingOptions, type ImportOptions } from "./import-options.ts";
import { ImportReading, type SkippedFile } from "./import-reading.ts";
import { WarningCollector, type ImportWarnings } from "./import-warnings.ts";
import { nothingToImport } from "./nothing-to-import.ts";
import type { ReasonTotal, RefusedRow } from "./refused-rows.ts";
import { RowStaging } from "./row-staging.ts";
import { settleRows } from "./settle-rows.ts";

export interface ImportedSeries {
  readonly symbol: string;
  readonly timeframe: string;
  /** Bars of the files. */
  readonly rows: number;
  /** Of these, bars that the catalog did not have. */
  readonly added: number;
  /** Of these, bars that had no vwap or no count of trades, and have one now. */
  readonly completed: number;
  /** Whether the series is marked as adjusted. */
  readonly isAdjusted: boolean;
  /** Days that contradicted the catalog and stayed as they were; only with "keep". */
  readonly daysKept: readonly CivilDate[];
  /** Days that contradicted the catalog and are as in the files now; only with "replace". */
  readonly daysReplaced: readonly CivilDate[];
}

export interface ImportReport {
  readonly path: string;
  /** Names of the formats that were found, separated by commas. */
  readonly format: string;
  /** Of the bars, separated by commas. */
  readonly timeframe: string;
  /** On disk. */
  readonly bytes: number;
  /** Files that were read, an archive's entries each for itself. */
  readonly files: number;
  /** Files of a folder that are of no known format. */
  readonly skipped: readonly SkippedFile[];
  /** Rows of the files without headers and empty lines. */
  readonly rowsRead: number;
  readonly rowsAccepted: number;
  readonly rowsRefused: number;
  /** Rows of symbols that were not asked for. */
  readonly rowsOfOtherSymbols: number;
  readonly rowsAdded: number;
  readonly rowsCompleted: number;
  /** True where the catalog had everything already: nothing was written. */
  readonly isUnchanged: boolean;
  /** Sorted by symbol. */
  readonly series: readonly ImportedSeries[];
  /** Corporate actions that the files told of. */
  readonly actions: { readonly read: number; readonly added: number; readonly replaced: number };
  /** Symbols that were the built-in sample's until now: real bars take the place of all of its bars. */
  readonly sampleReplaced: readonly string[];
  /** The first hundred, with line numbers. */
  readonly refused: readonly RefusedRow[];
  /** How many rows were refused for which reason. */
  readonly reasons: readonly ReasonTotal[];
  /** What a person should look at among the bars that were taken: the checks of `tapedeck data verify`. */
  readonly warnings: ImportWarnings;
}

/**
 * Throws AppError "bad_argument" (an option is wrong, or one is missing that only the user can know), "import_failed"
 * (a file cannot be read, there is no row that can be taken, a bar contradicts the catalog, or adjusted prices would
 * stand beside others) and "data_directory_locked" (another import does not end). Then nothing has changed.
 */
export async function importFile(options: ImportOptions): Promise<ImportReport> {
  const { market, path } = options;
  const found = await findFiles(path);
  const staging = new RowStaging(market.directory);
  try {
    const reading = new ImportReading(readingOptions(options, found.isFolder), staging);
    await readAll(reading, found, options);
    if (reading.files === 0) throw nothingKnown(path, reading);
    const warnings = new WarningCollector((symbol) => [
      ...market.corporateActions(symbol),
      ...reading.actions.filter((action) => action.symbol === symbol),
    ]);
    const source = `${basename(path)} (${[...reading.formats].join(", ")})`;
    const synthetic = new Set(market.assets().flatMap((asset) => (asset.isSynthetic ? [asset.symbol] : [])));
    const committed = await commitChange(
      market.directory,
      { series: settled(staging, reading, { ...options, source, warnings }), actions: reading.actions, path },
      {
        ...(options.lockWaitMs === undefined ? {} : { lockWaitMs: options.lockWaitMs }),
        ...(options.onConflict === undefined ? {} : { onConflict: parseConflictPolicy(options.onConflict) }),
      },
    );
    if (committed.series.length === 0 && reading.actions.length === 0) throw nothingToImport(path, reading);
    market.refresh();
    return report(path, found, { reading, committed, synthetic, warnings: warnings.finish() });
  } finally {
    await staging.close();
  }
}

async function readAll(reading: ImportReading, { files }: FoundFiles, options: ImportOptions): Promise<void> {
  const { onProgress, signal } = options;
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const file of files) {
    signal?.throwIfAborted();
    for await (const source of sourceFiles(file, (bytes) => onProgress?.(done + bytes, total))) {
      await reading.readFile(source);
    }
    done += file.bytes;
  }
}

interface Settling extends Pick<ImportOptions, "signal" | "onWriting"> {
  readonly source: string;
  readonly warnings: WarningCollector;
}

/** The bars year by year, each made as it is asked for. */
async function* settled(
  staging: RowStaging,
  { refused }: ImportReading,
  { source, signal, onWriting, warnings }: Settling,
): AsyncGenerator<NewSeries> {
  let done = 0;
  for await (const { symbol, timeframe, isAdjusted, rows } of staging.years()) {
    signal?.throwIfAborted();
    onWriting?.(done, staging.yearsStaged);
    done += 1;
    const columns = settleRows(rows, timeframe, refused);
    if (columns.rows === 0) continue;
    warnings.take({ symbol, timeframe, isAdjusted: isAdjusted ?? false }, columns);
    yield { symbol, timeframe: timeframe.name, source, isAdjusted, columns };
  }
}

interface Outcome {
  readonly reading: ImportReading;
  readonly committed: CommittedChange;
  readonly synthetic: ReadonlySet<string>;
  readonly warnings: ImportWarnings;
}

function report(path: string, { files }: FoundFiles, outcome: Outcome): ImportReport {
  const { reading, committed, synthetic, warnings } = outcome;
  const { series, actions } = committed;
  const symbols = [...new Set(series.map(({ entry }) => entry.symbol))];
  return {
    path,
    format: [...reading.formats].join(", "),
    timeframe: [...reading.timeframes].join(", "),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: reading.files,
    skipped: reading.skipped,
    rowsRead: reading.rowsRead,
    rowsAccepted: totalOf(series, "rows"),
    rowsRefused: reading.refused.count,
    rowsOfOtherSymbols: reading.rowsOfOtherSymbols,
    rowsAdded: totalOf(series, "added"),
    rowsCompleted: totalOf(series, "completed"),
    isUnchanged: !series.some(isChange) && actions.added + actions.replaced === 0,
    series: series.map(importedSeries),
    actions: { read: reading.actions.length, ...actions },
    sampleReplaced: symbols.filter((symbol) => synthetic.has(symbol)),
    refused: reading.refused.rows(),
    reasons: reading.refused.totals(),
    warnings,
  };
}

const totalOf = (series: readonly CommittedSeries[], field: "rows" | "added" | "completed"): number =>
  series.reduce((sum, one) => sum + one[field], 0);

function importedSeries({ entry, rows, added, completed, daysKept, daysReplaced }: CommittedSeries): ImportedSeries {
  const { symbol, timeframe, isAdjusted } = entry;
  return { symbol, timeframe, rows, added, completed, isAdjusted, daysKept, daysReplaced };
}

function nothingKnown(path: string, { skipped }: ImportReading): AppError {
  const [first] = skipped;
  const what =
    first === undefined ? "it holds no files" : `${skipped.length} files of no known format, such as ${first.path}`;
  return new AppError("import_failed", `${path} has nothing to import: ${what}.`);
}
