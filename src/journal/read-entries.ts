/** Reading a session's entries from the database in pages, each entry checked against its hash and the one before. */
import { setImmediate } from "node:timers/promises";
import type { StoredEntry } from "../sessions/index.ts";
import { damaged, GENESIS_HASH, verifyEnd } from "./chain.ts";
import type { ChainHead } from "./chain.ts";
import type { HeadRow } from "./session-row.ts";
import type { Statements } from "./statements.ts";

/** Entries in one query: at about 10 µs each it takes 2 ms, then other sessions get a turn. */
const PAGE_ENTRIES = 200;

interface Reading<T> {
  readonly statements: Statements;
  /** Runs a query, making a fault of what SQLite throws. */
  readonly reading: <T>(query: () => T) => T;
  readonly id: string;
  readonly fromSeq: number;
  /** Checks an entry against the one before, and makes of it what is asked for. */
  readonly verify: (id: string, head: ChainHead, stored: StoredEntry) => T;
}

/** Nothing for an unknown session, and nothing more for one that is deleted meanwhile. */
export async function* readEntries<T>(options: Reading<T>): AsyncGenerator<T> {
  const { statements, reading, id, fromSeq } = options;
  const findRow = (): HeadRow | undefined => reading(() => statements.findHead.get(id) as HeadRow | undefined);
  const row = findRow();
  if (row === undefined || fromSeq > row.last_seq) return;
  const last = { seq: row.last_seq, hash: row.last_hash };
  let head = reading(() => headBefore(options, row.number));
  while (head.seq < last.seq) {
    const { seq } = head;
    const page = reading(() => statements.readEntries.all(row.number, seq, last.seq, PAGE_ENTRIES) as StoredEntry[]);
    if (page.length === 0) break;
    for (const stored of page) {
      yield options.verify(id, head, stored);
      head = stored;
    }
    await setImmediate();
  }
  if (findRow()?.number === row.number) verifyEnd(id, head, last);
}

/** The entry before the first one asked for: its stored hash is where the check begins. */
function headBefore(options: Reading<unknown>, session: number): ChainHead {
  const seq = Math.max(1, options.fromSeq) - 1;
  if (seq === 0) return { seq, hash: GENESIS_HASH };
  const row = options.statements.findEntryHash.get(session, seq) as { hash: string } | undefined;
  if (row === undefined) throw damaged(options.id, seq, "the entry is missing");
  return { seq, hash: row.hash };
}
