/** Group commit: what several sessions write in one turn of the event loop shares one transaction and one sync. */
import type Database from "libsql";
import { isOwnError, journalClosed, journalFault } from "./faults.ts";

/** Jobs in one transaction: at about 15 µs each it stays under 10 ms; the rest goes into the next one. */
const GROUP_JOBS_MAX = 512;

export interface GroupCommit {
  /**
   * Runs `work` in the next transaction; resolves with its value once that is committed. Work that throws an AppError
   * or a broken invariant must not have written yet: it fails alone. Any other error fails the whole group, undone.
   */
  readonly submit: <T>(work: () => T) => Promise<T>;
  /** Commits what waits; afterwards everything is refused. */
  readonly close: () => void;
}

interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** What running a job came to, told to its caller only when the transaction's fate is known. */
type Settlement = () => void;

export function createGroupCommit(database: Database.Database, path: string): GroupCommit {
  let waiting: Job[] = [];
  let isClosed = false;

  const commit = (): void => {
    const group = waiting.slice(0, GROUP_JOBS_MAX);
    waiting = waiting.slice(GROUP_JOBS_MAX);
    if (waiting.length > 0) setImmediate(commit);
    try {
      for (const settle of commitGroup(database, group)) settle();
    } catch (error) {
      const fault = journalFault(path, error);
      for (const job of group) job.reject(fault);
    }
  };
  return {
    submit: (work) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(journalClosed());
        // Not a microtask: requests that arrived on several sockets at once are read in one turn of the loop.
        if (waiting.length === 0) setImmediate(commit);
        waiting.push({ work, resolve, reject });
      }),
    close: () => {
      isClosed = true;
      while (waiting.length > 0) commit();
    },
  };
}

function commitGroup(database: Database.Database, group: readonly Job[]): readonly Settlement[] {
  if (group.length === 0) return [];
  database.exec("BEGIN IMMEDIATE");
  try {
    const settlements = group.map(runJob);
    database.exec("COMMIT");
    return settlements;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** SQLite has already rolled back by itself where the disk was full. */
function rollBack(database: Database.Database): void {
  try {
    if (database.inTransaction) database.exec("ROLLBACK");
  } catch {
    // The first error tells more; and a transaction that stays open makes the next BEGIN fail.
  }
}

function runJob(job: Job): Settlement {
  try {
    const value = job.work();
    return () => job.resolve(value as never);
  } catch (error) {
    if (!isOwnError(error)) throw error;
    return () => job.reject(error);
  }
}
