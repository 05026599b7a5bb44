/** Tables on disk: one CSV file each, named for its hash; the manifest says which of them counts. */
import { readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, TABLE_ROWS_MAX } from "../../kernel/index.ts";
import { sha256 } from "../catalog/bars-file.ts";
import { LOCK_WAIT_MS, withCatalogLock } from "../catalog/lock.ts";
import {
  makeDirectory,
  readManifest,
  syncDirectory,
  tableFileName,
  writeDurably,
  writeManifest,
  type TableHashes,
} from "../catalog/manifest.ts";
import { ASSETS_TABLE } from "../assets/assets-table.ts";
import { ACTIONS_TABLE } from "./actions-table.ts";
import { mergeRows, tableText, type MergedRows, type TableKind } from "./table-kind.ts";
import { TableReading, tooManyRows } from "./table-reading.ts";

/** Files of tables, also those half written. */
const TABLE_FILE = /^(corporate-actions|assets)-[0-9a-f]{16}\.csv(\.\d+\.tmp)?$/;

export interface NewRows<Row extends object> {
  readonly kind: TableKind<Row>;
  /** By key. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Where they come from, for messages. */
  readonly path: string;
  /** Milliseconds to wait for another writer. */
  readonly lockWaitMs?: number | undefined;
}

/** The rows of a table by key; none where the manifest names no file. Throws AppError "data_directory_damaged". */
export function readTable<Row extends object>(
  marketDir: string,
  kind: TableKind<Row>,
  hash: string | undefined,
): ReadonlyMap<string, Row> {
  if (hash === undefined) return new Map();
  const path = join(marketDir, tableFileName(kind.name, hash));
  const bytes = readBytes(path);
  const reading = new TableReading(path, kind);
  const isWhole = sha256(bytes) === hash;
  if (isWhole) takeLines(reading, bytes.toString("utf8"));
  if (isWhole && reading.refused.count === 0) return reading.rows;
  const [first] = reading.refused.rows();
  const why = first === undefined ? "its content has changed" : `line ${first.line}: ${first.message}`;
  throw new AppError("data_directory_damaged", `${path}: ${why}. Restore it from a backup.`);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `${path} cannot be read: ${String(error)}. Restore it from a backup.`;
    throw new AppError("data_directory_damaged", message, error);
  }
}

function takeLines<Row extends object>(reading: TableReading<Row>, text: string): void {
  for (const [index, line] of text.split("\n").entries()) if (line !== "") reading.take(line, index + 1);
}

/**
 * All of the rows or none. Where nothing is new, nothing is written. Throws AppError "import_failed" where the table
 * would grow too long, and "data_directory_locked" while another writer is at work.
 */
export async function commitTable<Row extends object>(
  marketDir: string,
  { kind, rows, path, lockWaitMs = LOCK_WAIT_MS }: NewRows<Row>,
): Promise<MergedRows<Row>> {
  await makeDirectory(marketDir);
  return withCatalogLock(marketDir, lockWaitMs, async () => {
    const { tables } = readManifest(marketDir);
    const merged = mergeRows(kind, readTable(marketDir, kind, tables[kind.name]), rows);
    if (merged.rows.size > TABLE_ROWS_MAX) throw tooManyRows(path, TABLE_ROWS_MAX);
    if (merged.added + merged.replaced > 0) {
      try {
        await publish(marketDir, kind, merged.rows);
      } finally {
        await sweepTables(marketDir);
      }
    }
    return merged;
  });
}

/** Makes the new file durable, then the manifest that names it. */
async function publish<Row extends object>(
  marketDir: string,
  kind: TableKind<Row>,
  rows: ReadonlyMap<string, Row>,
): Promise<void> {
  const tables = await writeTable(marketDir, kind, rows);
  const manifest = readManifest(marketDir);
  await writeManifest(marketDir, { ...manifest, revision: manifest.revision + 1, tables });
}

/** Writes a table's file, durably, and gives the hashes of all tables that the next manifest is to name. */
export async function writeTable<Row extends object>(
  marketDir: string,
  kind: TableKind<Row>,
  rows: ReadonlyMap<string, Row>,
): Promise<TableHashes> {
  const { [kind.name]: _, ...others } = readManifest(marketDir).tables;
  if (rows.size === 0) return others;
  const bytes = Buffer.from(tableText(kind, rows.values()));
  const hash = sha256(bytes);
  await writeDurably(join(marketDir, tableFileName(kind.name, hash)), [bytes]);
  await syncDirectory(marketDir);
  return { ...others, [kind.name]: hash };
}

/** A table with rows added to it, for a commit that names it in a manifest of its own. The caller holds the lock. */
export async function extendTable<Row extends object>(
  marketDir: string,
  { kind, rows, path }: NewRows<Row>,
): Promise<{ readonly tables: TableHashes; readonly merged: MergedRows<Row> }> {
  const { tables } = readManifest(marketDir);
  const merged = mergeRows(kind, readTable(marketDir, kind, tables[kind.name]), rows);
  if (merged.rows.size > TABLE_ROWS_MAX) throw tooManyRows(path, TABLE_ROWS_MAX);
  const isSame = merged.added + merged.replaced === 0;
  return { tables: isSame ? tables : await writeTable(marketDir, kind, merged.rows), merged };
}

/** Removes what was replaced, and what a commit that failed half way has left. The caller holds the lock. */
export async function sweepTables(marketDir: string): Promise<void> {
  const { tables } = readManifest(marketDir);
  const named = new Set([ACTIONS_TABLE, ASSETS_TABLE].map(({ name }) => tableFileName(name, tables[name] ?? "")));
  for (const name of await readdir(marketDir)) {
    // On Windows a file that is being read cannot be removed: the next commit removes it.
    if (TABLE_FILE.test(name) && !named.has(name)) await rm(join(marketDir, name), { force: true }).catch(() => {});
  }
}
