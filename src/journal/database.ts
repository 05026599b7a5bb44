/** The database file of the local journal: its checks before anything is touched, its schema, its settings. */
import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { AppError } from "../kernel/index.ts";
import { readLog, type LogRecord } from "./append-log.ts";
import { isDamage, journalFault, suspectPath } from "./faults.ts";
import { commitsNoted } from "./recovery.ts";
import { migrate, SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/** "TPDK": tells SQLite files of ours from all others. */
const APPLICATION_ID = 0x54_50_44_4b;

/** The write-ahead log shrinks back to this after a checkpoint: many times what it takes between two of them. */
const LOG_BYTES_MAX = 64 * 1_048_576;

/** SQLite reads about a gigabyte a second, and less from a slow disk: a start waits a fraction of a second for it. */
const CHECKED_WHOLE_BYTES_MAX = 64 * 1_048_576;

/** Entries, snapshots and their pages have a hash or a checksum each, which is held against them when they are read. */
const UNSUMMED_TABLES: readonly string[] = ["sqlite_schema", "sessions", "branches"];

/** Without these nobody can tell whose an entry is. */
const VITAL_TABLES: readonly string[] = [...UNSUMMED_TABLES, "state", "sqlite_sequence"];

/** First bytes of a SQLite file, and where it keeps its two marks as big-endian 32-bit integers. */
const MAGIC = "SQLite format 3\0";
const USER_VERSION_OFFSET = 60;
const APPLICATION_ID_OFFSET = 68;
const HEADER_BYTES = 100;

/**
 * Opens the file, or creates it with its schema; one of an older version is migrated. A file that is not ours, newer or
 * damaged is refused with an AppError ("data_directory_foreign", "…_newer", "…_damaged") and left as it is.
 */
export function openDatabase(path: string): Database.Database {
  try {
    const isNew = !existsSync(path) || !hasContent(path);
    const version = isNew ? SCHEMA_VERSION : checkFile(path);
    if (isNew) checkLeftovers(path);
    else if (version >= WITH_STATE) checkWhole(path);
    if (isNew) createDatabase(path);
    const database = new Database(path);
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = FAST; PRAGMA journal_size_limit = ${LOG_BYTES_MAX};`,
    );
    migrate(database, version);
    return database;
  } catch (error) {
    throw journalFault(path, error);
  }
}

/** An empty one. Outside the log mode, so that the two marks are in the file itself, where the next start reads them. */
export function createDatabase(path: string): void {
  const database = new Database(path);
  try {
    database.exec(`BEGIN; ${SCHEMA} ${marks()} COMMIT;`);
  } finally {
    database.close();
  }
}

const marks = (): string => `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`;

export const hasContent = (path: string): boolean => readHeader(path).length > 0;

/** A log or clock marks without their database: it was lost, and a new one would take the place of what they tell. */
export function checkLeftovers(path: string): void {
  for (const leftover of [`${path}-wal`, join(dirname(path), "marks.bin"), join(dirname(path), "journal.log")]) {
    if (!existsSync(leftover) || statSync(leftover).size === 0) continue;
    const message = `${path} is missing or empty, but ${leftover} is not: the journal was lost. Restore it from a backup, or choose an empty data directory.`;
    throw new AppError("data_directory_damaged", message);
  }
}

/** Formats that say whether a server has the journal open. */
export const WITH_STATE = 2;

/** After the end of a process the logs are part of the journal, and the database has all that they know to be in it. */
function checkWhole(path: string): void {
  const state = readState(path);
  if (state.isOpen) checkLogs(path, state.commits, readLog(join(dirname(path), "journal.log")) ?? []);
}

/** What is gone of a journal besides what its database has, in words; undefined where nothing is, or nobody can tell. */
export function lossOf(path: string): string | undefined {
  try {
    if (!existsSync(path) || !hasContent(path)) checkLeftovers(path);
    else checkWhole(path);
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.message.replace(/ Restore .*$/, "") : undefined;
  }
}

/** Of a database that is open, or was when its process ended: that nothing is gone of what came last. */
export function checkLogs(path: string, commits: number, records: readonly LogRecord[]): void {
  const log = join(dirname(path), "journal.log");
  const missing = [`${path}-wal`, log].find((each) => !existsSync(each));
  if (missing !== undefined) {
    const message = `${missing} is missing, though the server did not stop in order: the latest entries were in it. Restore the data directory from a backup.`;
    throw new AppError("data_directory_damaged", message);
  }
  const noted = commitsNoted(records);
  if (commits >= noted) return;
  const message = `${path}-wal is damaged: ${noted - commits} of ${noted} transactions are gone. Restore the data directory from a backup.`;
  throw new AppError("data_directory_damaged", message);
}

/** Over a connection that changes nothing. */
function readState(path: string): { readonly isOpen: boolean; readonly commits: number } {
  const database = new Database(`${pathToFileURL(path).href}?mode=ro`);
  try {
    const [row] = database.prepare("SELECT is_open, commits FROM state").all() as {
      is_open: number;
      commits: number;
    }[];
    return { isOpen: row?.is_open === 1, commits: row?.commits ?? 0 };
  } finally {
    database.close();
  }
}

/** The file's version. Reads the marks as plain bytes first: not even a log is recovered in a file that is not for us. */
function checkFile(path: string): number {
  const version = versionOf(path);
  quickCheck(path);
  return version;
}

/** The version of a file that is ours, and none that is newer. Not in a process that has the file open. */
export function versionOf(path: string): number {
  const header = readHeader(path);
  if (header.length < HEADER_BYTES || header.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    throw new AppError(
      "data_directory_damaged",
      `${path} is damaged: it is not a SQLite database. Restore it from a backup.`,
    );
  }
  const applicationId = header.readInt32BE(APPLICATION_ID_OFFSET);
  if (applicationId !== APPLICATION_ID) {
    const message = `${path} belongs to another program (application id ${applicationId}, not ${APPLICATION_ID}). Choose another data directory.`;
    throw new AppError("data_directory_foreign", message);
  }
  const version = header.readInt32BE(USER_VERSION_OFFSET);
  if (version > SCHEMA_VERSION) {
    const message = `${path} has format ${version}, this version reads up to ${SCHEMA_VERSION}. Use the version that wrote it.`;
    throw new AppError("data_directory_newer", message);
  }
  return version;
}

/**
 * SQLite's own verdict. Of a large file only the tables that have no checksums of their own, since a start is not to wait
 * for all that ever was; unless SQLite has met damage in it.
 */
function quickCheck(path: string): void {
  const isWhole = statSync(path).size <= CHECKED_WHOLE_BYTES_MAX || existsSync(suspectPath(path));
  const problem = isWhole ? problemIn(path, "1") : problemInTables(path, UNSUMMED_TABLES);
  if (problem === undefined) {
    rmSync(suspectPath(path), { force: true });
    return;
  }
  const message = `${path} is damaged: SQLite says "${problem}". Restore it from a backup, or read what is left with \`tapedeck rescue\`.`;
  throw new AppError("data_directory_damaged", message);
}

/**
 * What is wrong with a file that is damaged where entries lie, or what can be made anew, and nowhere else: then it can be
 * written anew with all that can be read of it. Undefined for every other file.
 */
export function mendableProblem(path: string): string | undefined {
  try {
    if (versionOf(path) !== SCHEMA_VERSION) return undefined;
    checkWhole(path);
    return problemInTables(path, VITAL_TABLES) === undefined ? problemIn(path, "1") : undefined;
  } catch {
    return undefined;
  }
}

/** Whether what tells whose an entry is can be read as it was written. */
export function areListsSound(path: string): boolean {
  try {
    return versionOf(path) === SCHEMA_VERSION && problemInTables(path, VITAL_TABLES) === undefined;
  } catch {
    return false;
  }
}

const problemInTables = (path: string, tables: readonly string[]): string | undefined =>
  tables.map((table) => problemIn(path, table)).find((problem) => problem !== undefined);

/** Over a read-only connection: closing a writing one would carry the log into a damaged file. */
function problemIn(path: string, scope: string): string | undefined {
  const database = new Database(`${pathToFileURL(path).href}?mode=ro`);
  try {
    const [row] = database.prepare(`PRAGMA quick_check(${scope})`).raw().all();
    const verdict = Array.isArray(row) ? String(row[0]).replace(/^\*\*\*.*\*\*\*\s+/, "") : "nothing";
    return verdict === "ok" ? undefined : verdict;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  } finally {
    database.close();
  }
}

/** The first bytes of a file. Only before SQLite has it open: closing a file drops every lock that a process has on it. */
function readHeader(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(HEADER_BYTES);
    return buffer.subarray(0, readSync(file, buffer, 0, HEADER_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
