/** A copy of the journal as it is at one moment: whole, closed, without logs; a server may go on writing to the first one. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readLiveLog, type LogRecord } from "../append-log.ts";
import { checkLeftovers, checkLogs, hasContent, openDatabase, versionOf } from "../database.ts";
import { journalFault } from "../faults.ts";
import { markIn, openMarkFile } from "../mark-file.ts";
import { recoverLog } from "../recovery.ts";
import { SCHEMA_VERSION } from "../schema.ts";
import { prepareStatements, type Statements } from "../statements.ts";
import { checkChains, type CheckedSession } from "./check-chains.ts";
import { copyTables } from "./copy-tables.ts";

export interface JournalCopyOptions {
  /** A data directory. */
  readonly from: string;
  /** A directory without a journal. */
  readonly to: string;
  /** From 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Throws where the work is to end; called every few milliseconds. */
  readonly check?: () => void;
}

export interface JournalCopy {
  /** Of the schema. */
  readonly version: number;
  readonly sessions: readonly CheckedSession[];
}

/**
 * Copies database, log and clock marks. Everything that was acknowledged before it began is in the copy; the entries of
 * all sessions are those of one moment, a clock is that moment's or one a little later. Undefined where there is no
 * journal yet. Throws AppError "data_directory_…" or "journal_unavailable", and whatever `check` throws.
 */
export async function copyJournal(options: JournalCopyOptions): Promise<JournalCopy | undefined> {
  const { from, to, onProgress = () => undefined, check = () => undefined } = options;
  const path = join(from, "journal.db");
  try {
    if (!existsSync(path) || !hasContent(path)) {
      checkLeftovers(path);
      return undefined;
    }
    versionOf(path);
    // In this order: a mark is never newer than the entries here, nor an entry than the database.
    const marksBefore = readMarks(from);
    const records = readLiveLog(join(from, "journal.log")) ?? [];
    let marksAfter = marksBefore;
    await copyTables({
      from: path,
      to: join(to, "journal.db"),
      onMoment: (state) => {
        if (state?.is_open === 1) checkLogs(path, state.commits, records);
        marksAfter = readMarks(from);
      },
      onProgress,
      check,
    });
    return await settle(to, { records, marks: [marksAfter, marksBefore], check });
  } catch (error) {
    throw journalFault(path, error);
  }
}

const readMarks = (directory: string): Buffer => {
  const path = join(directory, "marks.bin");
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
};

interface Rest {
  readonly records: readonly LogRecord[];
  /** The newest first. */
  readonly marks: readonly Buffer[];
  readonly check: () => void;
}

/** What was on the log goes into the copy, as at a start after the end of a process; then it is one closed file. */
async function settle(directory: string, { records, marks, check }: Rest): Promise<JournalCopy> {
  const database = openDatabase(join(directory, "journal.db"));
  try {
    const statements = prepareStatements(database);
    recoverLog(database, statements, records);
    writeMarks(directory, statements, marks);
    const sessions = await checkChains(statements, check);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return { version: SCHEMA_VERSION, sessions };
  } finally {
    database.close();
  }
}

function writeMarks(directory: string, statements: Statements, marks: readonly Buffer[]): void {
  const file = openMarkFile(join(directory, "marks.bin"));
  for (const { slot, branch, last_seq } of statements.listPlaces.all() as MarkPlace[]) {
    const mark = marks.map((content) => markIn(content, slot, branch)).find((found) => found?.lastSeq === last_seq);
    if (mark !== undefined) file.write(slot, branch, mark);
  }
  file.close();
}

interface MarkPlace {
  readonly slot: number;
  readonly branch: number;
  readonly last_seq: number;
}
