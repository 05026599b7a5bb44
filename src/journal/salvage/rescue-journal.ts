/** What can be read of a journal that no server starts with, as a journal in another directory. */
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { readLog } from "../append-log.ts";
import { areListsSound, createDatabase, lossOf, openDatabase } from "../database.ts";
import { journalFault } from "../faults.ts";
import { recoverLog } from "../recovery.ts";
import { prepareStatements } from "../statements.ts";
import { withFilePages, type PageSource } from "./file-pages.ts";
import { leafRows, type LeafRow, type Value } from "./leaf-rows.ts";
import { failDamaged } from "./mend.ts";
import { isEntry, salvageTables } from "./salvage-tables.ts";

export interface RescuedJournal {
  /** Every session that is in it. */
  readonly sessions: readonly string[];
  /** Those of which entries are lost. */
  readonly failed: readonly string[];
  /** Entries whose session could not be read, or was deleted long ago. */
  readonly orphans: number;
  /** What is gone besides, in words. */
  readonly loss: string | undefined;
}

/** `from` stays as it is; nobody else may use it. `to` has no journal yet. */
export function rescueJournal({ from, to }: { readonly from: string; readonly to: string }): RescuedJournal {
  const [source, target] = [join(from, "journal.db"), join(to, "journal.db")];
  try {
    const loss = lossOf(source);
    let orphans = 0;
    if (!existsSync(source)) createDatabase(target);
    else if (areListsSound(source)) salvageTables(source, target);
    else orphans = withFilePages(source, (pages) => takeAll(pages, target));
    if (existsSync(join(from, "marks.bin"))) copyFileSync(join(from, "marks.bin"), join(to, "marks.bin"));
    const sessions = addLog(from, target);
    return { sessions, failed: failDamaged(target), orphans, loss };
  } catch (error) {
    throw journalFault(target, error);
  }
}

function addLog(from: string, path: string): readonly string[] {
  const database = openDatabase(path);
  try {
    const statements = prepareStatements(database);
    recoverLog(database, statements, readLog(join(from, "journal.log")) ?? []);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return (statements.listPlaces.all() as { id: string }[]).map(({ id }) => id);
  } finally {
    database.close();
  }
}

const SESSION_COLUMNS = `number, id, owner, created_at, created_ms, name, start_time, end_time, initial_cash, config,
  status, failure, playback_state, playback_speed, total_realized_pnl, total_unrealized_pnl, clock, last_seq, last_hash,
  slot, branch, parent_id, forked_at, forked_seq, is_parent_deleted, epochs`;

/** Columns of a session that has never been written since its file was of version 1, and what they then hold. */
const LATER_COLUMNS: readonly Value[] = [null, null, null, 0, "[]"];
const SESSION_COLUMN_COUNT = 26;
const LAST_SEQ = 17;
const BRANCH = 20;

/** Rows are told apart by their form. Gives how many entries belong to no branch that could be read. */
function takeAll(pages: PageSource, path: string): number {
  createDatabase(path);
  const database = new Database(path);
  try {
    database.exec("PRAGMA synchronous = OFF; BEGIN");
    takeLists(database, pages);
    const known = new Set((database.prepare("SELECT number FROM branches").raw().all() as number[][]).flat());
    const insert = database.prepare(
      "INSERT OR IGNORE INTO entries (branch, seq, at, hash, payload) VALUES (?, ?, ?, ?, ?)",
    );
    let orphans = 0;
    for (const row of leafRows(pages)) {
      if (!isEntry(row)) continue;
      if (known.has(row.values[0] as number)) insert.run(...(row.values as Value[]));
      else orphans += 1;
    }
    database.exec("COMMIT");
    return orphans;
  } finally {
    database.close();
  }
}

function takeLists(database: Database.Database, pages: PageSource): void {
  const sessions = new Map<number, readonly Value[]>();
  const branch = database.prepare("INSERT OR IGNORE INTO branches (number, parent, base_seq) VALUES (?, ?, ?)");
  for (const row of leafRows(pages)) {
    if (isBranch(row)) branch.run(row.rowid, row.values[1] ?? null, row.values[2] ?? 0);
    if (!isSession(row)) continue;
    const values = [row.rowid, ...row.values.slice(1)];
    // In version 1 each session had entries of its own, under its own number.
    if (values.length === BRANCH) values.push(row.rowid);
    values.push(...LATER_COLUMNS.slice(values.length - BRANCH - 1));
    const before = sessions.get(row.rowid);
    if (before === undefined || Number(before[LAST_SEQ]) <= Number(values[LAST_SEQ])) sessions.set(row.rowid, values);
  }
  // The newest first: of two that claim one slot or one branch it is the one that was not deleted.
  const places = Array.from({ length: SESSION_COLUMN_COUNT }, () => "?").join(", ");
  const session = database.prepare(`INSERT OR IGNORE INTO sessions (${SESSION_COLUMNS}) VALUES (${places})`);
  for (const [, values] of [...sessions].toSorted(([a], [b]) => b - a)) session.run(...values);
  // A branch whose own row is lost: entries that begin with the first are all there is of most.
  database.exec("INSERT OR IGNORE INTO branches (number, parent, base_seq) SELECT branch, NULL, 0 FROM sessions");
}

function isBranch({ values: [number, parent, base, ...more] }: LeafRow): boolean {
  return number === null && (parent === null || isCount(parent)) && isCount(base) && more.length === 0;
}

const isCount = (value: Value | undefined): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** Texts and numbers where the table has them: the new file takes no others. */
function isSession({ values }: LeafRow): boolean {
  if (values.length < BRANCH || values.length > SESSION_COLUMN_COUNT) return false;
  const isText = [1, 2, 3, 8, 9, 10, 12, 14, 18].every((column) => typeof values[column] === "string");
  const isWhole = [4, 6, 7, 16, 17, 19].every((column) => Number.isSafeInteger(values[column]));
  const isNumber = [13, 15].every((column) => typeof values[column] === "number");
  const isOptional = [5, 11].every((column) => values[column] === null || typeof values[column] === "string");
  return values[0] === null && isText && isWhole && isNumber && isOptional;
}
