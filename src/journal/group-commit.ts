/**
 * Group commit: what several sessions write in one turn of the event loop shares one sync. Entries go to the log in
 * front of the database; everything else is a transaction of the database itself.
 */
import type Database from "libsql";
import { isOwnError, journalClosed, journalFault } from "./faults.ts";

/** Jobs in one group: at about 10 µs each it stays under 10 ms; the rest goes into the next one. */
const GROUP_JOBS_MAX = 512;

/** An entry that is about to be logged. */
export interface Logged {
  /** What the log keeps of it. */
  readonly text: string;
  /** It is on disk. */
  readonly done: () => void;
  /** It is not, nor is anything after it. */
  readonly undo: () => void;
}

export interface GroupParts {
  readonly database: Database.Database;
  readonly path: string;
  /** Writes texts to the log, durably, all or none. */
  readonly log: (texts: readonly string[]) => void;
  /** Inside a transaction: counts it. */
  readonly count: () => void;
  /** A counted transaction is committed, and on disk for good if it was synced. */
  readonly committed: (isSynced: boolean) => void;
  /** Inside a transaction: carries what is in the log only into the database. Gives what to do once it is committed. */
  readonly carry: () => () => void;
}

export interface GroupCommit {
  /**
   * Runs `work` in the next transaction; resolves with its value once that is committed and synced. Work that throws an
   * AppError or a broken invariant must not have written yet: it fails alone. Any other error fails the group, undone.
   */
  readonly submit: <T>(work: () => T) => Promise<T>;
  /** The same without a sync of its own: a power cut may undo it. */
  readonly submitLazily: <T>(work: () => T) => Promise<T>;
  /** Runs `work` and logs what it gives; the same promises hold. */
  readonly append: (work: () => Logged) => Promise<void>;
  /** Carries what is in the log only into the database, without a sync. Throws what SQLite throws. */
  readonly flush: () => void;
  /** The same with a sync: the log is not needed any more. */
  readonly settle: () => void;
  /** Carries SQLite's log into its file. Throws what SQLite throws. */
  readonly checkpoint: () => void;
  /** Commits what waits; afterwards everything is refused. */
  readonly close: () => void;
}

interface Job {
  readonly kind: "synced" | "lazy" | "entry";
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** What running a job came to, told to its caller only when the group's fate is known. */
type Settlement = () => void;

export function createGroupCommit(parts: GroupParts): GroupCommit {
  let waiting: Job[] = [];
  let isClosed = false;
  const transactions = new Transactions(parts);

  const commit = (): void => {
    const group = waiting.slice(0, GROUP_JOBS_MAX);
    waiting = waiting.slice(GROUP_JOBS_MAX);
    if (waiting.length > 0) setImmediate(commit);
    for (const run of runsOf(group)) commitRun(parts, transactions, run);
  };
  const submit = <T>(kind: Job["kind"], work: () => unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      if (isClosed) return reject(journalClosed());
      // Not a microtask: requests that arrived on several sockets at once are read in one turn of the loop.
      if (waiting.length === 0) setImmediate(commit);
      waiting.push({ kind, work, resolve, reject });
    });
  return {
    submit: (work) => submit("synced", work),
    submitLazily: (work) => submit("lazy", work),
    append: (work) => submit("entry", work),
    flush: () => transactions.run({ isSynced: false, jobs: [] }),
    settle: () => transactions.run({ isSynced: true, jobs: [] }),
    checkpoint: () => transactions.checkpoint(),
    close: () => {
      isClosed = true;
      while (waiting.length > 0) commit();
    },
  };
}

/** Jobs of the log and jobs of the database, in their order. */
function runsOf(group: readonly Job[]): readonly (readonly Job[])[] {
  const runs: Job[][] = [];
  for (const job of group) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run === undefined || last === undefined || (last.kind === "entry") !== (job.kind === "entry")) runs.push([job]);
    else run.push(job);
  }
  return runs;
}

function commitRun(parts: GroupParts, transactions: Transactions, jobs: readonly Job[]): void {
  try {
    if (jobs[0]?.kind === "entry") logEntries(parts, jobs);
    else transactions.run({ isSynced: jobs.some(({ kind }) => kind === "synced"), jobs });
  } catch (error) {
    const fault = journalFault(parts.path, error);
    for (const job of jobs) job.reject(fault);
  }
}

function logEntries(parts: GroupParts, jobs: readonly Job[]): void {
  const logged: { readonly job: Job; readonly entry: Logged }[] = [];
  const refused: Settlement[] = [];
  for (const job of jobs) {
    try {
      logged.push({ job, entry: job.work() as Logged });
    } catch (error) {
      if (!isOwnError(error)) throw error;
      refused.push(() => job.reject(error));
    }
  }
  try {
    if (logged.length > 0) parts.log(logged.map(({ entry }) => entry.text));
  } catch (error) {
    for (const { entry } of logged.toReversed()) entry.undo();
    throw error;
  }
  for (const { entry } of logged) entry.done();
  for (const { job } of logged) job.resolve(undefined as never);
  for (const settle of refused) settle();
}

interface Transaction {
  readonly isSynced: boolean;
  readonly jobs: readonly Job[];
}

class Transactions {
  readonly #parts: GroupParts;
  /**
   * Whether a sync has failed since SQLite's log was carried into its file: what was written before it may never reach
   * the disk, whatever a later sync says, and a power cut would end the log there.
   */
  #isSuspect = false;

  constructor(parts: GroupParts) {
    this.#parts = parts;
  }

  /** Whatever our log has goes first, so that a transaction sees every entry. */
  run({ isSynced, jobs }: Transaction): void {
    const { database, carry, count, committed } = this.#parts;
    if (this.#isSuspect) this.checkpoint();
    if (isSynced) database.exec("PRAGMA synchronous = FULL");
    try {
      database.exec("BEGIN IMMEDIATE");
      const carried = carry();
      const settlements = jobs.map(runJob);
      count();
      database.exec("COMMIT");
      committed(isSynced);
      carried();
      for (const settle of settlements) settle();
    } catch (error) {
      this.#isSuspect ||= isSynced;
      rollBack(database);
      throw error;
    } finally {
      if (isSynced) database.exec("PRAGMA synchronous = NORMAL");
    }
  }

  checkpoint(): void {
    this.#isSuspect = true;
    const [row] = this.#parts.database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all() as { busy: number }[];
    // Somebody reads: all of it is in the file, only the log is not cut.
    if (row?.busy === 0) this.#isSuspect = false;
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
