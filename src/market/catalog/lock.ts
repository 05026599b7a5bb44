/** The writer's lock: an OS lock on a tiny SQLite file, so that it dies with the process that holds it. */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "libsql";
import { AppError } from "../../kernel/index.ts";

/** How long a writer waits for another: merging a large file takes seconds. */
export const LOCK_WAIT_MS = 10_000;

const RETRY_MS = 50;

/**
 * Runs `work` while no other process or task writes to the catalog.
 * Throws AppError "data_directory_locked" naming the lock file where it is still held after `waitMs`.
 */
export async function withCatalogLock<T>(marketDir: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const path = join(marketDir, "catalog.lock");
  const database = openLockFile(path);
  try {
    await acquire(database, path, waitMs);
    return await work();
  } finally {
    database.close();
  }
}

function openLockFile(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 0 });
  } catch (error) {
    throw new AppError("data_directory_damaged", `${path} cannot be opened: ${String(error)}`, error);
  }
}

async function acquire(database: Database.Database, path: string, waitMs: number): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    const failure = tryBegin(database);
    if (failure === undefined) return;
    if (!isBusy(failure))
      throw new AppError("data_directory_damaged", `${path} cannot be locked: ${failure.message}`, failure);
    if (waitedMs >= waitMs) {
      const advice = "Another import is writing to the catalog. Wait for it to end, then try again.";
      throw new AppError("data_directory_locked", `${path} is locked. ${advice}`, failure);
    }
    await wait(RETRY_MS);
  }
}

function tryBegin(database: Database.Database): Error | undefined {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const isBusy = (error: Error): boolean => "code" in error && error.code === "SQLITE_BUSY";
