/** What can still be read of a database whose structure is damaged, in a new file. */
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { createDatabase } from "../database.ts";
import { databasePages, leafRows, type LeafRow, type Value } from "./leaf-rows.ts";

interface StateRow {
  readonly is_open: number;
  readonly boot: string;
  readonly commits: number;
}

/**
 * Sessions, branches and entries: what can be made anew is left out. Entries are taken from the leaves of the tree, since
 * their hashes tell what is true. `from` stays as it is; `to` must not be there yet.
 */
export function salvageTables(from: string, to: string): void {
  createDatabase(to);
  const database = new Database(`${pathToFileURL(from).href}?mode=ro`);
  try {
    database.exec(`ATTACH '${pathToFileURL(to).href.replaceAll("'", "''")}' AS copy`);
    database.exec("PRAGMA copy.synchronous = OFF; BEGIN");
    for (const table of ["branches", "sessions"]) copyTable(database, table);
    copyState(database);
    copyNumbers(database);
    takeEntries(database);
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

function columnsOf(database: Database.Database, table: string): readonly string[] {
  const names = database.prepare(`SELECT name FROM pragma_table_info('${table}', 'copy')`).raw().all() as string[][];
  return names.flat();
}

function copyTable(database: Database.Database, table: string): void {
  const columns = columnsOf(database, table).join(", ");
  database.exec(`INSERT INTO copy.${table} (${columns}) SELECT ${columns} FROM main.${table} NOT INDEXED`);
}

/** A salvaged file is not open; where the machine stopped under it, the next start still learns of that. */
function copyState(database: Database.Database): void {
  const [state] = database.prepare("SELECT is_open, boot, commits FROM main.state").all() as StateRow[];
  const boot = state?.is_open === 1 ? state.boot : "";
  database.prepare("UPDATE copy.state SET is_open = 0, boot = ?, commits = ?").run(boot, state?.commits ?? 0);
}

/** Numbers of what was deleted are not used again either. */
function copyNumbers(database: Database.Database): void {
  database.exec(
    "DELETE FROM copy.sqlite_sequence; INSERT INTO copy.sqlite_sequence SELECT * FROM main.sqlite_sequence",
  );
}

/** The first row of a place is taken; a stale one of the same place has the same hash, or breaks the chain. */
function takeEntries(database: Database.Database): void {
  const branches = new Set((database.prepare("SELECT number FROM copy.branches").raw().all() as number[][]).flat());
  const insert = database.prepare(
    "INSERT OR IGNORE INTO copy.entries (branch, seq, at, hash, payload) VALUES (?, ?, ?, ?, ?)",
  );
  for (const row of leafRows(databasePages(database))) {
    if (isEntry(row) && branches.has(row.values[0] as number)) insert.run(...(row.values as Value[]));
  }
}

/** Whether a row has the form of an entry; only its hash tells whether it is one. */
export function isEntry({ values }: LeafRow): boolean {
  const [branch, seq, at, hash, payload] = values;
  return (
    values.length === 5 &&
    [branch, seq, at].every((value) => Number.isSafeInteger(value)) &&
    typeof hash === "string" &&
    /^[0-9a-f]{64}$/.test(hash) &&
    typeof payload === "string"
  );
}
