/** What the local journal is made of: the database, its statements, the queue of commits, the marks. */
import { join } from "node:path";
import type Database from "libsql";
import { openDatabase } from "./database.ts";
import { journalFault } from "./faults.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { GroupCommit } from "./group-commit.ts";
import { openMarkFile } from "./mark-file.ts";
import type { MarkFile } from "./mark-file.ts";
import { createSlots } from "./slots.ts";
import type { Slots } from "./slots.ts";
import { prepareStatements } from "./statements.ts";
import type { Statements } from "./statements.ts";

/** Where a mark of a session goes, and the entry that it comes after. */
export interface MarkPlace {
  readonly number: number;
  readonly slot: number;
  readonly lastSeq: number;
}

export interface LocalParts {
  readonly path: string;
  readonly database: Database.Database;
  readonly statements: Statements;
  readonly commits: GroupCommit;
  readonly marks: MarkFile;
  readonly slots: Slots;
  /** Of the sessions that this process has written to; spares each mark a query. About 100 bytes a session. */
  readonly places: Map<string, MarkPlace>;
}

/** Opens both files, creating what is missing. Throws AppError naming the database. */
export function openParts(directory: string): LocalParts {
  const path = join(directory, "journal.db");
  const database = openDatabase(path);
  try {
    const statements = prepareStatements(database);
    const used = statements.listSlots.all() as { slot: number }[];
    return {
      path,
      database,
      statements,
      commits: createGroupCommit(database, path),
      marks: openMarkFile(join(directory, "marks.bin")),
      slots: createSlots(used.map((row) => row.slot)),
      places: new Map(),
    };
  } catch (error) {
    database.close();
    throw journalFault(path, error);
  }
}

/** Syncs and closes. The log is carried into the file by hand: the driver keeps a connection alive while its statements are. */
export function closeParts(parts: LocalParts): void {
  try {
    parts.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    parts.marks.close();
    parts.database.close();
  } catch (error) {
    throw journalFault(parts.path, error);
  }
}
