/** The manifest: the one file that says which bars and tables exist. Replaced whole and atomically, read by anyone. */
import { readFileSync } from "node:fs";
import { mkdir, open, rename, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { AppError, type Instant } from "../../kernel/index.ts";
import type { DayCounts } from "./coverage.ts";
import { isSymbol, symbolInPath } from "../symbol.ts";
import { isStorable, parseTimeframe } from "../timeframe.ts";

/** A symbol's year in one timeframe. */
export interface YearEntry {
  readonly year: number;
  /** SHA-256 of the file's header; its first 16 digits are part of the file's name. */
  readonly hash: string;
  /** Start of the first bar and end of the last. */
  readonly from: Instant;
  readonly to: Instant;
  /** Bars of each New York month, January first. */
  readonly monthRows: readonly number[];
  /** Trading days of the exchange; undefined in files of before version 3, and for pairs, which have none. */
  readonly days?: DayCounts | undefined;
}

export interface SeriesEntry {
  readonly symbol: string;
  readonly timeframe: string;
  /** Where the bars came from, for people. */
  readonly source: string;
  /** Whether prices are adjusted for splits or dividends; absent in the file: they are not. */
  readonly isAdjusted: boolean;
  /** Oldest first. */
  readonly years: readonly YearEntry[];
}

export interface Manifest {
  /** One more with every change. */
  readonly revision: number;
  /** Sorted by symbol, then by timeframe. */
  readonly series: readonly SeriesEntry[];
  /** SHA-256 of the file of each table; its first 16 digits are part of the file's name. Absent: no rows. */
  readonly tables: TableHashes;
}

export type TableName = (typeof TABLE_NAMES)[number];
export type TableHashes = Readonly<Partial<Record<TableName, string>>>;

const TABLE_NAMES = ["corporate-actions", "assets"] as const;

export const EMPTY_MANIFEST: Manifest = { revision: 0, series: [], tables: {} };

const FORMAT = "tapedeck-catalog";
/**
 * Version 1 had no tables and no mark of adjusted prices, version 2 no counts of days: a program that knows no more
 * would drop them.
 */
const VERSION = 3;

export const marketDirectory = (dataDir: string): string => join(dataDir, "market");
export const manifestPath = (marketDir: string): string => join(marketDir, "manifest.json");

/** Folder of a symbol's files: its first character keeps folders small. */
export const barsFolder = (marketDir: string, symbol: string): string => join(marketDir, "bars", symbol.slice(0, 1));

export function barsFileName(
  series: { symbol: string; timeframe: string },
  year: { year: number; hash: string },
): string {
  return `${symbolInPath(series.symbol)}-${series.timeframe}-${year.year}-${year.hash.slice(0, 16)}.bars`;
}

export const tableFileName = (name: TableName, hash: string): string => `${name}-${hash.slice(0, 16)}.csv`;

export const rowsOf = (year: YearEntry): number => year.monthRows.reduce((sum, rows) => sum + rows, 0);

/** Reads the manifest; an absent one is empty. Throws AppError data_directory_damaged, _foreign or _newer. */
export function readManifest(marketDir: string): Manifest {
  const path = manifestPath(marketDir);
  const text = readIfPresent(path);
  if (text === undefined) return EMPTY_MANIFEST;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError("data_directory_damaged", `${path} is not JSON. Restore it from a backup.`, error);
  }
  if (!isRecord(value) || value["format"] !== FORMAT) {
    throw new AppError(
      "data_directory_foreign",
      `${path} is not a catalog of Tapedeck's. Choose another data directory.`,
    );
  }
  if (typeof value["version"] === "number" && value["version"] > VERSION) {
    const found = `it is version ${value["version"]}, this program reads versions up to ${VERSION}`;
    throw new AppError("data_directory_newer", `${path}: ${found}. Use a newer Tapedeck.`);
  }
  const manifest = parseManifest(value);
  if (typeof manifest === "string") {
    throw new AppError("data_directory_damaged", `${path}: ${manifest}. Restore it from a backup.`);
  }
  return manifest;
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new AppError("data_directory_damaged", `${path} cannot be read: ${String(error)}`, error);
  }
}

function parseManifest(value: Record<string, unknown>): Manifest | string {
  const { revision, series } = value;
  if (!isCount(revision)) return "revision is not a count";
  if (!Array.isArray(series)) return "series is not a list";
  const entries: SeriesEntry[] = [];
  for (const [index, item] of series.entries()) {
    const entry = parseSeries(item);
    if (entry === undefined) return `series[${index}] is not a series`;
    entries.push(entry);
  }
  const tables = parseTables(value["tables"] ?? {});
  return tables === undefined ? "tables is not a record of hashes" : { revision, series: entries, tables };
}

function parseTables(value: unknown): TableHashes | undefined {
  if (!isRecord(value)) return undefined;
  const isKnown = Object.entries(value).every(
    ([name, hash]) => TABLE_NAMES.some((one) => one === name) && isHash(hash),
  );
  return isKnown ? value : undefined;
}

function parseSeries(value: unknown): SeriesEntry | undefined {
  if (!isRecord(value) || !Array.isArray(value["years"])) return undefined;
  const { symbol, timeframe, source, isAdjusted = false } = value;
  if (typeof symbol !== "string" || !isSymbol(symbol) || typeof source !== "string") return undefined;
  if (typeof isAdjusted !== "boolean") return undefined;
  const spec = typeof timeframe === "string" ? parseTimeframe(timeframe) : undefined;
  if (spec === undefined || !isStorable(spec)) return undefined;
  const years = value["years"].map(parseYear);
  if (!years.every((year) => year !== undefined)) return undefined;
  return { symbol, timeframe: spec.name, source, isAdjusted, years };
}

function parseYear(value: unknown): YearEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { year, hash, from, to, monthRows, days } = value;
  if (!isCount(year) || !isHash(hash)) return undefined;
  if (!Number.isInteger(from) || !Number.isInteger(to)) return undefined;
  if (!Array.isArray(monthRows) || monthRows.length !== 12 || !monthRows.every(isCount)) return undefined;
  if (days !== undefined && !isDayCounts(days)) return undefined;
  return { year, hash, from: from as Instant, to: to as Instant, monthRows, days };
}

const isDayCounts = (value: unknown): value is DayCounts =>
  isRecord(value) && isCount(value["present"]) && isCount(value["partial"]);

const isHash = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Replaces the manifest: at every moment, and after a power cut, a reader finds the old one or the new one. */
export async function writeManifest(marketDir: string, manifest: Manifest): Promise<void> {
  const path = manifestPath(marketDir);
  const text = `${JSON.stringify({ format: FORMAT, version: VERSION, ...manifest }, undefined, 1)}\n`;
  await writeDurably(path, [Buffer.from(text)]);
  await syncDirectory(marketDir);
}

/** Writes a file beside its place, syncs it and moves it there. The caller syncs the directory. */
export async function writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void> {
  await writeBeside(path, async (file) => {
    await writeAll(file, parts);
    await file.sync();
  });
}

/** The world's no (rights, a full disk, a read-only one), with who must act. */
function unwritable(path: string, error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  return new AppError("import_failed", `${path} cannot be written: ${words}. See to the disk and its rights.`, error);
}

/** One call for all parts, which the system may answer with a part of them. */
async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const { bytesWritten } = await file.writev(parts);
  if (bytesWritten === bytes) return;
  await file.writeFile(Buffer.concat(parts).subarray(bytesWritten));
}

async function writeBeside(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      await write(file);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Makes renames inside a directory durable. Windows has no such call and needs none. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw unwritable(path, error);
  }
}
