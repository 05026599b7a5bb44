/**
 * A lock between processes: an exclusive transaction on a SQLite file of its own. The operating system holds it, so it
 * dies with its process, even by kill -9, and a stale one cannot exist.
 */
import { setTimeout } from "node:timers/promises";
import Database from "libsql";
import { AppError } from "../kernel/index.ts";

/** Milliseconds between two tries: a writer of keys holds its lock for about one. */
const RETRY_MS = 10;

export interface FileLock {
  readonly release: () => void;
}

/**
 * Takes the lock at `path`, whose directory must exist; tries for `waitMs` milliseconds. Undefined where another
 * process, or another holder in this one, keeps it. Throws AppError "data_directory_damaged" where the file is not a
 * lock, "bad_argument" where the directory cannot be used for another reason.
 *
 * Nothing else in the process may open the file: closing it would drop the lock, as POSIX locks are.
 */
export async function acquireFileLock(
  path: string,
  options: { readonly waitMs: number },
): Promise<FileLock | undefined> {
  const deadline = performance.now() + options.waitMs;
  const database = openLockFile(path);
  let hasLock = false;
  try {
    hasLock = tryLock(database, path);
    while (!hasLock && performance.now() < deadline) {
      await setTimeout(RETRY_MS);
      hasLock = tryLock(database, path);
    }
  } finally {
    if (!hasLock) database.close();
  }
  return hasLock ? { release: () => release(database) } : undefined;
}

function openLockFile(path: string): Database.Database {
  try {
    return new Database(path);
  } catch (error) {
    throw cannotLock(path, error);
  }
}

/** Statements are executed, never prepared: a prepared one would keep the file open beyond `close`. */
function tryLock(database: Database.Database, path: string): boolean {
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (codeOf(error) === "SQLITE_BUSY") return false;
    throw cannotLock(path, error);
  }
}

function release(database: Database.Database): void {
  if (!database.open) return;
  database.exec("ROLLBACK");
  database.close();
}

function cannotLock(path: string, error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  if (codeOf(error) === "SQLITE_NOTADB") {
    return new AppError("data_directory_damaged", `${path} is not a lock file ("${words}"). Remove it.`, error);
  }
  return new AppError(
    "bad_argument",
    `${path} cannot be locked: ${words}. Check the directory and its permissions.`,
    error,
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
