/** A database whose structure is damaged where only entries lie is written anew at the start; the damaged one is kept. */
import { copyFileSync, existsSync, fsyncSync, openSync, closeSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { checkChainsNow } from "../copy/check-chains.ts";
import { damagedEntry } from "../chain.ts";
import { openDatabase } from "../database.ts";
import { toText } from "../session-row.ts";
import { prepareStatements } from "../statements.ts";
import { salvageTables } from "./salvage-tables.ts";

/** What a mended database is called until it takes its place: it is whole, and goes on where a crash cut in. */
const WHOLE = ".mended";

export interface Mended {
  /** Where the damaged file is now. */
  readonly keptAs: string;
  /** Sessions of which entries are lost. */
  readonly failed: readonly string[];
}

/** Takes the place of the database with what can be read of it. Nothing of the damaged one is lost. */
export function mendDatabase(path: string): Mended {
  const draft = `${path}${WHOLE}.partial`;
  const keptAs = freeName(path);
  try {
    removeAll(draft);
    salvageTables(path, draft);
    const failed = failDamaged(draft);
    sync(draft);
    for (const suffix of ["", "-wal"]) {
      if (!existsSync(path + suffix)) continue;
      copyFileSync(path + suffix, keptAs + suffix);
      sync(keptAs + suffix);
    }
    renameSync(draft, path + WHOLE);
    sync(dirname(path));
    finishMending(path);
    return { keptAs, failed };
  } finally {
    removeAll(draft);
  }
}

/** A log of SQLite's that stayed would be taken for the next file's of that name. */
function removeAll(draft: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(draft + suffix, { force: true });
}

/** Where a crash came between: SQLite's log goes first, since it belongs to the damaged file. */
export function finishMending(path: string): void {
  if (!existsSync(path + WHOLE)) return;
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
  renameSync(path + WHOLE, path);
  sync(dirname(path));
}

/** Fails the sessions of which entries are missing or wrong, and names them. */
export function failDamaged(path: string): readonly string[] {
  const database = openDatabase(path);
  try {
    const statements = prepareStatements(database);
    const damaged = checkChainsNow(statements).filter(({ damagedAt }) => damagedAt !== undefined);
    for (const { id, damagedAt = 0 } of damaged) {
      const reason = "the part of the database in which it lay is damaged";
      statements.failSession.run(toText(damagedEntry(id, damagedAt, reason)), id);
    }
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return damaged.map(({ id }) => id);
  } finally {
    database.close();
  }
}

function freeName(path: string): string {
  for (let number = 1; ; number += 1) if (!existsSync(`${path}.damaged-${number}`)) return `${path}.damaged-${number}`;
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
