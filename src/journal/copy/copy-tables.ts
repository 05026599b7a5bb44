/** All rows of a database as they are at one moment, in a new file, while others go on writing to the first one. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import Database from "libsql";

/** Rows in one go: some milliseconds, then signals are heard. */
const SLICE_ROWS = 500;

/** Milliseconds that the file is waited for where somebody has it for himself alone. */
const BUSY_MS = 5000;

export interface CopyOrder {
  readonly from: string;
  /** Must not be there yet. */
  readonly to: string;
  /** Runs once the moment is fixed, with what the database said of itself then. */
  readonly onMoment: (state: StoredState) => void;
  /** From 0 to 1. */
  readonly onProgress: (share: number) => void;
  /** Throws where the work is to end. */
  readonly check: () => void;
}

/** The one row of `state`; undefined where the file's version has none. */
export type StoredState = { readonly is_open: number; readonly commits: number } | undefined;

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/** Copies rows, marks and numbers that are never used again; the copy is not marked as open. Throws what SQLite throws. */
export async function copyTables(order: CopyOrder): Promise<void> {
  const database = new Database(`${pathToFileURL(order.from).href}?mode=ro`);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    database.exec(`ATTACH '${pathToFileURL(order.to).href.replaceAll("'", "''")}?mode=rwc' AS copy`);
    // What a crash leaves of it is thrown away, and it is synced when it is whole.
    database.exec("PRAGMA copy.journal_mode = OFF; PRAGMA copy.synchronous = OFF; BEGIN");
    const schema = database
      .prepare("SELECT type, name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
      .all() as SchemaRow[];
    const tables = schema.filter(({ type }) => type === "table");
    order.onMoment(stateOf(database, tables));
    for (const { sql } of tables) database.exec(inCopy(sql));
    await copyRows(database, tables, order);
    for (const { type, sql } of schema) if (type !== "table") database.exec(inCopy(sql));
    database.exec(
      "DELETE FROM copy.sqlite_sequence; INSERT INTO copy.sqlite_sequence SELECT * FROM main.sqlite_sequence",
    );
    if (hasState(tables)) database.exec("UPDATE copy.state SET is_open = 0, boot = ''");
    for (const mark of ["application_id", "user_version"]) {
      const [value] = database.prepare(`PRAGMA main.${mark}`).raw().all() as number[][];
      database.exec(`PRAGMA copy.${mark} = ${value?.[0] ?? 0}`);
    }
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

const inCopy = (sql: string): string => sql.replace(/^CREATE (TABLE|UNIQUE INDEX|INDEX) /, "CREATE $1 copy.");

const hasState = (tables: readonly SchemaRow[]): boolean => tables.some(({ name }) => name === "state");

function stateOf(database: Database.Database, tables: readonly SchemaRow[]): StoredState {
  if (!hasState(tables)) {
    // A transaction sees the moment of its first look.
    database.prepare("SELECT count(*) FROM main.sessions").all();
    return undefined;
  }
  const [row] = database.prepare("SELECT is_open, commits FROM main.state").all() as NonNullable<StoredState>[];
  return row;
}

async function copyRows(database: Database.Database, tables: readonly SchemaRow[], order: CopyOrder): Promise<void> {
  const lasts = tables.map(({ name }) => lastOf(database, `SELECT max(rowid) FROM main."${name}"`, []) ?? 0);
  const total = lasts.reduce((sum, last) => sum + last, 0);
  let before = 0;
  for (const [index, { name }] of tables.entries()) {
    const slice = `SELECT max(rowid) FROM (SELECT rowid FROM main."${name}" WHERE rowid > ? ORDER BY rowid LIMIT ${SLICE_ROWS})`;
    const insert = database.prepare(
      `INSERT INTO copy."${name}" SELECT * FROM main."${name}" WHERE rowid > ? AND rowid <= ?`,
    );
    for (let after = -1; ;) {
      const last = lastOf(database, slice, [after]);
      if (last === undefined) break;
      insert.run(after, last);
      after = last;
      order.onProgress((before + after) / Math.max(1, total));
      await nextTurn();
      order.check();
    }
    before += lasts[index] ?? 0;
  }
}

function lastOf(database: Database.Database, sql: string, parameters: readonly number[]): number | undefined {
  const [row] = database
    .prepare(sql)
    .raw()
    .all(...parameters) as (number | null)[][];
  return row?.[0] ?? undefined;
}
