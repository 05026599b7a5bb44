/** Imports a table, corporate actions or assets, from one file: read, checked, merged and published, all or nothing. */
import { AppError } from "../../kernel/index.ts";
import { ASSETS_TABLE } from "../assets/assets-table.ts";
import type { Market } from "../market.ts";
import { ACTIONS_TABLE } from "../tables/actions-table.ts";
import { commitTable } from "../tables/table-file.ts";
import type { TableKind } from "../tables/table-kind.ts";
import { TableReading } from "../tables/table-reading.ts";
import { nothingToImport } from "./nothing-to-import.ts";
import { findFiles } from "./files/find-files.ts";
import { sourceFiles } from "./files/open-files.ts";
import { readLines } from "./files/read-lines.ts";
import type { ReasonTotal, RefusedRow } from "./refused-rows.ts";

export interface TableImportOptions {
  /** Sees the new rows as soon as they are there. */
  readonly market: Market;
  readonly path: string;
  /** Bytes of the file on disk. */
  readonly onProgress?: ((bytesRead: number, bytesTotal: number) => void) | undefined;
  /** Milliseconds to wait for another import to end. */
  readonly lockWaitMs?: number | undefined;
}

export interface TableImportReport {
  readonly path: string;
  readonly bytes: number;
  /** Rows of the file without its header and without empty lines: those taken, repeated and refused. */
  readonly rowsRead: number;
  readonly rowsAccepted: number;
  /** Rows that said the same as an earlier one of the file. */
  readonly rowsRepeated: number;
  readonly rowsRefused: number;
  /** Of the rows taken, those of which the catalog had nothing. */
  readonly rowsAdded: number;
  /** Of the rows taken, those of which the catalog said something else until now. */
  readonly rowsReplaced: number;
  /** True where the catalog had everything already: nothing was written. */
  readonly isUnchanged: boolean;
  /** The first hundred, with line numbers. */
  readonly refused: readonly RefusedRow[];
  /** How many rows were refused for which reason. */
  readonly reasons: readonly ReasonTotal[];
}

/**
 * Splits, dividends and the like, also of symbols without bars. A row takes the place of one with its symbol, ex-date
 * and type. Throws AppError "import_failed" (the file cannot be read, or has no row that can be taken) and
 * "data_directory_locked" (another import does not end). Then nothing has changed.
 */
export async function importActions(options: TableImportOptions): Promise<TableImportReport> {
  return importTable(ACTIONS_TABLE, options);
}

/** Names, exchanges and traits of assets; an empty field leaves what was known. Throws as `importActions` does. */
export async function importAssets(options: TableImportOptions): Promise<TableImportReport> {
  return importTable(ASSETS_TABLE, options);
}

async function importTable<Row extends object>(
  kind: TableKind<Row>,
  { market, path, onProgress, lockWaitMs }: TableImportOptions,
): Promise<TableImportReport> {
  const reading = new TableReading(path, kind);
  const bytesTotal = await readTable(reading, path, onProgress);
  const { rows, refused } = reading;
  if (rows.size === 0) throw nothingToImport(path, reading);
  const { added, replaced } = await commitTable(market.directory, { kind, rows, path, lockWaitMs });
  market.refresh();
  return {
    path,
    bytes: bytesTotal,
    rowsRead: reading.rowsRead,
    rowsAccepted: rows.size,
    rowsRepeated: reading.rowsRepeated,
    rowsRefused: refused.count,
    rowsAdded: added,
    rowsReplaced: replaced,
    isUnchanged: added + replaced === 0,
    refused: refused.rows(),
    reasons: refused.totals(),
  };
}

/** Returns the bytes of the file on disk. */
async function readTable<Row extends object>(
  reading: TableReading<Row>,
  path: string,
  onProgress: TableImportOptions["onProgress"],
): Promise<number> {
  const { files, isFolder } = await findFiles(path);
  const [file] = files;
  if (isFolder || file === undefined) {
    throw new AppError("import_failed", `${path} is a folder; a table is one file. Nothing was imported.`);
  }
  for await (const source of sourceFiles(file, (bytesRead) => onProgress?.(bytesRead, file.bytes))) {
    await readLines(source, (bytes, { start, end }, line) => reading.take(bytes.toString("utf8", start, end), line));
  }
  return file.bytes;
}
