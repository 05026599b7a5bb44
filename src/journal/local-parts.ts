/** What the local journal is made of: the log, the database, the queue of commits, the marks. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type Database from "libsql";
import { openAppendLog, type AppendLog } from "./append-log.ts";
import { AppError } from "../kernel/index.ts";
import { mendableProblem, openDatabase } from "./database.ts";
import { journalFault } from "./faults.ts";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";
import { finishMending, mendDatabase, type Mended } from "./salvage/mend.ts";
import { openMarkFile, type MarkFile } from "./mark-file.ts";
import { writePending, type PendingEntry } from "./pending.ts";
import { noteOf, recoverLog } from "./recovery.ts";
import type { HeadRow } from "./session-row.ts";
import { createSlots, type Slots } from "./slots.ts";
import { prepareStatements, type Statements } from "./statements.ts";

/** Where a session goes on. */
export interface Head {
  readonly branch: number;
  readonly slot: number;
  lastSeq: number;
  lastHash: string;
}

export interface LocalParts {
  readonly path: string;
  readonly database: Database.Database;
  readonly statements: Statements;
  readonly commits: GroupCommit;
  readonly log: AppendLog;
  readonly marks: MarkFile;
  readonly slots: Slots;
  /** Whether clocks may have been further: marks were lost, or the machine stopped under the server. */
  readonly areClocksDoubtful: boolean;
  /** Sessions whose clocks this process has noted. */
  readonly moved: Set<string>;
  /** Of the sessions that this process has written to; spares each entry a query. About 300 bytes a session. */
  readonly heads: Map<string, Head>;
  readonly pending: Pending;
}

/** Entries that are on the log only. */
export interface Pending {
  readonly add: (entry: PendingEntry) => void;
  readonly isEmpty: () => boolean;
  /** They are not carried into the database by themselves any more. */
  readonly stop: () => void;
}

/** Entries that wait for the database at most: carrying them takes some milliseconds. */
const PENDING_MAX = 256;

/** Milliseconds that they wait at most. */
const PENDING_MS = 200;

/** From here on the log begins anew; it takes that much of the disk. */
const LOG_BYTES_MAX = 16 * 1_048_576;

/**
 * Opens all files, creating what is missing; a database that can be mended is, and `warn` is told. Throws AppError naming
 * the database.
 */
export function openParts(directory: string, warn: (words: string) => void): LocalParts {
  const path = join(directory, "journal.db");
  finishMending(path);
  const database = openMended(path, warn);
  const log = openAppendLog(join(directory, "journal.log"));
  try {
    const statements = prepareStatements(database);
    recoverLog(database, statements, log.found);
    log.restart();
    const used = statements.listSlots.all() as { slot: number }[];
    const marksPath = join(directory, "marks.bin");
    const areClocksDoubtful = begin({ database, statements }) || (used.length > 0 && !existsSync(marksPath));
    return {
      path,
      areClocksDoubtful,
      database,
      statements,
      log,
      ...queue({ database, path, statements, log }),
      marks: openMarkFile(marksPath),
      slots: createSlots(used.map((row) => row.slot)),
      moved: new Set(),
      heads: new Map(),
    };
  } catch (error) {
    log.close();
    database.close();
    throw journalFault(path, error);
  }
}

function openMended(path: string, warn: (words: string) => void): Database.Database {
  try {
    return openDatabase(path);
  } catch (error) {
    const problem = isDamageFault(error) ? mendableProblem(path) : undefined;
    if (problem === undefined) throw error;
    const { keptAs, failed } = mend(path);
    const lost = failed.length === 0 ? "every session is whole" : `entries are lost of ${failed.join(", ")}`;
    const done = `It was written anew with what can be read: ${lost}. The damaged file is ${keptAs}`;
    warn(`${path} was damaged (data_directory_damaged): SQLite says "${problem}". ${done}.`);
    return openDatabase(path);
  }
}

function mend(path: string): Mended {
  try {
    return mendDatabase(path);
  } catch (error) {
    throw journalFault(path, error);
  }
}

const isDamageFault = (error: unknown): boolean => error instanceof AppError && error.code === "data_directory_damaged";

/**
 * Notes that the journal is open, in the file itself, where a start without its logs reads it. Says whether the machine
 * has stopped since it was opened last, without it being closed.
 */
function begin({ database, statements }: Pick<LocalParts, "database" | "statements">): boolean {
  const before = statements.readState.get() as { boot: string };
  statements.writeState.run(1, bootId());
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  return before.boot !== "" && before.boot !== bootId();
}

/** Another one after each start of the machine; where the system has none, the same for ever. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "unknown";
  }
}

/** SQLite's own log is carried into its file from here on: some milliseconds, between two turns. */
const WAL_BYTES_MAX = 4 * 1_048_576;

type QueueParts = Pick<LocalParts, "database" | "path" | "statements" | "log">;

function queue({ database, path, statements, log }: QueueParts): Pick<LocalParts, "commits" | "pending"> {
  let waiting: PendingEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let counted = 0;
  const commits = createGroupCommit({
    database,
    path,
    count: () => {
      counted = (statements.countCommit.get() as { commits: number }).commits;
    },
    committed: (isSynced) => {
      if (isSynced && !log.isBroken) log.note(noteOf(counted));
    },
    log: (texts) => {
      // What was acknowledged is carried to the database for good; then the log begins anew.
      if (log.isBroken) beginAnew();
      log.append(texts);
    },
    carry: () => {
      const carried = waiting;
      writePending(statements, carried);
      return () => {
        waiting = waiting.slice(carried.length);
      };
    },
  });
  const beginAnew = (): void => {
    commits.settle();
    log.restart();
    log.note(noteOf(counted));
  };
  const carry = (): void => {
    timer = undefined;
    if (isStopped) return;
    try {
      if (log.size > LOG_BYTES_MAX) beginAnew();
      else commits.flush();
      if (statSync(`${path}-wal`).size > WAL_BYTES_MAX) commits.checkpoint();
    } catch {
      // The log has them: whoever reads next meets the same fault and is told.
    }
  };
  return {
    commits,
    pending: {
      add: (entry) => {
        waiting.push(entry);
        if (waiting.length === PENDING_MAX) setImmediate(carry);
        timer ??= setTimeout(carry, PENDING_MS).unref();
      },
      isEmpty: () => waiting.length === 0,
      stop: () => {
        isStopped = true;
        clearTimeout(timer);
      },
    },
  };
}

/** Where a session goes on, or undefined for one that is not there. */
export function headOf(parts: LocalParts, id: string): Head | undefined {
  const known = parts.heads.get(id);
  if (known !== undefined) return known;
  const row = parts.statements.findHead.get(id) as HeadRow | undefined;
  if (row === undefined) return undefined;
  const head = {
    branch: row.branch,
    slot: row.slot,
    lastSeq: row.last_seq,
    lastHash: row.last_hash,
  };
  parts.heads.set(id, head);
  return head;
}

/** Syncs and closes. The log is carried into the file by hand: the driver keeps a connection alive while its statements are. */
export function closeParts(parts: LocalParts): void {
  try {
    parts.pending.stop();
    parts.commits.settle();
    parts.log.restart();
    parts.statements.writeState.run(0, "");
    parts.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    parts.log.close();
    parts.marks.close();
    parts.database.close();
  } catch (error) {
    throw journalFault(parts.path, error);
  }
}
