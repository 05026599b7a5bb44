/** What the end of a process has left on the log is carried into the database, before anything else happens. */
import type Database from "libsql";
import type { LogRecord } from "./append-log.ts";
import { damagedEntry } from "./chain.ts";
import { ownerOfDamaged, recoverRecord } from "./pending.ts";
import { toText } from "./session-row.ts";
import type { Statements } from "./statements.ts";

/** Of a transaction that is on disk for good: a database with fewer has lost some. */
export const noteOf = (commits: number): string => `#${commits}`;

/** The most transactions that a log knows of. */
export function commitsNoted(records: readonly LogRecord[]): number {
  const notes = records.flatMap(({ text, isDamaged }) =>
    isDamaged || !text.startsWith("#") ? [] : [Number(text.slice(1))],
  );
  return Math.max(0, ...notes.filter(Number.isSafeInteger));
}

/** In one transaction. A session of which an entry is lost fails, and is named; the others go on. */
export function recoverLog(database: Database.Database, statements: Statements, records: readonly LogRecord[]): void {
  if (records.length === 0) return;
  database.exec("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
  try {
    for (const record of records) recover(statements, record);
    database.exec("COMMIT; PRAGMA synchronous = NORMAL");
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function recover(statements: Statements, { text, isDamaged }: LogRecord): void {
  if (text.startsWith("#")) return;
  const recovered = isDamaged ? ownerOfDamaged(text) : recoverRecord(statements, text);
  if (recovered === undefined || typeof recovered === "string") return;
  const { session, seq } = recovered;
  statements.failSession.run(toText(damagedEntry(session, seq, "the log does not hold it whole")), session);
}
