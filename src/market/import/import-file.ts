/** Imports one file: read, checked, merged and published, all of it or nothing. */
import { AppError } from "../../kernel/index.ts";
import { commitSeries, isChange, type CommittedSeries, type NewSeries } from "../catalog/commit.ts";
import type { Market } from "../market.ts";
import { isSymbol, SYMBOL_WANTED } from "../symbol.ts";
import { isStorable, parseTimeframe, type TimeframeSpec } from "../timeframe.ts";
import type { FormatName } from "./bar-format.ts";
import { FileReading } from "./file-reading.ts";
import { nothingToImport } from "./nothing-to-import.ts";
import { readLines } from "./read-lines.ts";
import type { ReasonTotal, RefusedRow } from "./refused-rows.ts";
import { settleRows } from "./settle-rows.ts";

export interface ImportOptions {
  /** Sees the new bars as soon as they are there. */
  readonly market: Market;
  readonly path: string;
  /** The symbol of a file that holds one; for a file of many, those to take, separated by commas (default: all). */
  readonly symbol?: string | undefined;
  /** "1Min" to "59Min", "1Hour" to "23Hour" or "1Day"; default: what the stamps say. */
  readonly timeframe?: string | undefined;
  /** Default: what the header says. */
  readonly format?: string | undefined;
  /** What the user says of the prices; default: as the series has it, and unadjusted in a new one. */
  readonly isAdjusted?: boolean | undefined;
  /** Bytes of the file on disk. */
  readonly onProgress?: ((bytesRead: number, bytesTotal: number) => void) | undefined;
  /** Milliseconds to wait for another import to end. */
  readonly lockWaitMs?: number | undefined;
}

export interface ImportedSeries {
  readonly symbol: string;
  readonly timeframe: string;
  /** Bars of the file. */
  readonly rows: number;
  /** Of these, bars that the catalog did not have. */
  readonly added: number;
  /** Of these, bars that had no vwap or no count of trades, and have one now. */
  readonly completed: number;
  /** Whether the series is marked as adjusted. */
  readonly isAdjusted: boolean;
}

export interface ImportReport {
  readonly path: string;
  readonly format: FormatName;
  readonly timeframe: string;
  readonly bytes: number;
  /** Rows of the file without its header and without empty lines. */
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
  /** Symbols that were the built-in sample's until now: real bars take the place of all of its bars. */
  readonly sampleReplaced: readonly string[];
  /** The first hundred, with line numbers. */
  readonly refused: readonly RefusedRow[];
  /** How many rows were refused for which reason. */
  readonly reasons: readonly ReasonTotal[];
}

/**
 * Throws AppError "bad_argument" (an option is wrong), "import_failed" (the file cannot be read, has no row that can be
 * taken, contradicts the catalog, or would mix adjusted prices with others) and "data_directory_locked" (another import does not end). Then nothing has changed.
 */
export async function importFile(options: ImportOptions): Promise<ImportReport> {
  const { market, path, onProgress, lockWaitMs } = options;
  const asked = options.timeframe === undefined ? undefined : storedTimeframe(options.timeframe);
  const reading = new FileReading({
    path,
    symbols: options.symbol === undefined ? undefined : namedSymbols(options.symbol),
    timeframe: asked,
    format: options.format,
  });
  const onLine = reading.take.bind(reading);
  const { bytesTotal } = await readLines({ path, onLine, onProgress });
  const timeframe = asked ?? storedTimeframe(reading.detectTimeframe());
  const series = settle(reading, timeframe, options.isAdjusted);
  const rowsAccepted = series.reduce((sum, item) => sum + item.columns.rows, 0);
  if (rowsAccepted === 0) throw nothingToImport(path, reading);
  const synthetic = new Set(market.assets().flatMap(({ symbol, isSynthetic }) => (isSynthetic ? [symbol] : [])));
  const committed = await commitSeries(market.directory, series, lockWaitMs === undefined ? {} : { lockWaitMs });
  market.refresh();
  const { added, completed } = totalOf(committed);
  return {
    path,
    format: reading.format.name,
    timeframe: timeframe.name,
    bytes: bytesTotal,
    rowsRead: reading.rowsRead,
    rowsAccepted,
    rowsRefused: reading.refused.count,
    rowsOfOtherSymbols: reading.rowsOfOtherSymbols,
    rowsAdded: added,
    rowsCompleted: completed,
    isUnchanged: !committed.some(isChange),
    series: series.map((item, index) => importedSeries(item, committed[index])),
    sampleReplaced: series.map(({ symbol }) => symbol).filter((symbol) => synthetic.has(symbol)),
    refused: reading.refused.rows(),
    reasons: reading.refused.totals(),
  };
}

function totalOf(committed: readonly CommittedSeries[]): { added: number; completed: number } {
  return {
    added: committed.reduce((sum, item) => sum + item.added, 0),
    completed: committed.reduce((sum, item) => sum + item.completed, 0),
  };
}

function importedSeries(
  { symbol, timeframe, columns }: NewSeries,
  committed: CommittedSeries | undefined,
): ImportedSeries {
  const { added = 0, completed = 0, entry } = committed ?? {};
  return { symbol, timeframe, rows: columns.rows, added, completed, isAdjusted: entry?.isAdjusted ?? false };
}

function namedSymbols(text: string): readonly string[] {
  const symbols = text.split(",").map((symbol) => symbol.trim());
  const wrong = symbols.find((symbol) => !isSymbol(symbol));
  if (wrong === undefined) return symbols;
  throw new AppError("bad_argument", `--symbol: got ${JSON.stringify(wrong)}, wanted ${SYMBOL_WANTED}`);
}

function storedTimeframe(text: string): TimeframeSpec {
  const spec = parseTimeframe(text);
  if (spec !== undefined && isStorable(spec)) return spec;
  const wanted = "1Min to 59Min, 1Hour to 23Hour, or 1Day (weeks and months are made from these)";
  throw new AppError("bad_argument", `--timeframe: got ${JSON.stringify(text)}, wanted ${wanted}`);
}

function settle(reading: FileReading, timeframe: TimeframeSpec, isAdjusted: boolean | undefined): NewSeries[] {
  const source = reading.source;
  const settled = [...reading.collectors].map(([symbol, rows]) => ({
    symbol,
    timeframe: timeframe.name,
    source,
    isAdjusted,
    columns: settleRows(rows, timeframe, reading.refused),
  }));
  return settled.filter(({ columns }) => columns.rows > 0).toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
}
