/** Reading a session's entries from the database in pages, each entry checked against its hash and the one before. */
import { setImmediate } from "node:timers/promises";
import type { StoredEntry } from "../sessions/index.ts";
import { damaged, GENESIS_HASH, verifyEnd } from "./chain.ts";
import type { ChainHead } from "./chain.ts";
import { findEntry, segmentsOf, type Segment } from "./lineage.ts";
import type { HeadRow } from "./session-row.ts";
import type { Statements } from "./statements.ts";

/** Entries in one query: at about 10 µs each it takes 2 ms, then other sessions get a turn. */
const PAGE_ENTRIES = 200;

interface Reading<T> {
  readonly statements: Statements;
  /** Runs a query, making a fault of what SQLite throws. */
  readonly reading: <R>(query: () => R) => R;
  readonly id: string;
  readonly fromSeq: number;
  /** Checks an entry against the one before, and makes of it what is asked for. */
  readonly verify: (id: string, head: ChainHead, stored: StoredEntry) => T;
}

/** One entry after the other. */
export async function* readEntries<T>(options: Reading<T>): AsyncGenerator<T> {
  for await (const page of readPages(options)) yield* page;
}

/** Nothing for an unknown session, and nothing more for one that is deleted or taken back meanwhile. */
export async function* readPages<T>(options: Reading<T>): AsyncGenerator<readonly T[]> {
  const { statements, reading, id, fromSeq, verify } = options;
  const findRow = (): HeadRow | undefined => reading(() => statements.findHead.get(id) as HeadRow | undefined);
  const row = findRow();
  if (row === undefined || fromSeq > row.last_seq) return;
  const segments = reading(() => segmentsOf(options, row.branch, row.last_seq));
  let head = reading(() => headBefore(options, segments));
  for (const segment of segments) {
    while (head.seq < segment.upTo) {
      const page = reading(() => pageOf(statements, segment, head.seq));
      if (page.length === 0) break;
      const { sound, raise } = verifiedPage(page, head, (before, stored) => verify(id, before, stored));
      yield sound;
      raise?.();
      head = page.at(-1) ?? head;
      await setImmediate();
    }
  }
  if (findRow()?.branch === row.branch) verifyEnd(id, head, { seq: row.last_seq, hash: row.last_hash });
}

/** The entries of a page up to the first that does not hold, and what raises the problem of that. */
function verifiedPage<T>(
  page: readonly StoredEntry[],
  before: ChainHead,
  verify: (head: ChainHead, stored: StoredEntry) => T,
): { readonly sound: readonly T[]; readonly raise?: () => never } {
  const sound: T[] = [];
  let head = before;
  try {
    for (const stored of page) {
      sound.push(verify(head, stored));
      head = stored;
    }
    return { sound };
  } catch (problem) {
    const raise = (): never => {
      throw problem;
    };
    return { sound, raise };
  }
}

const pageOf = (statements: Statements, { branch, upTo }: Segment, after: number): readonly StoredEntry[] =>
  statements.readEntries.all(branch, after, upTo, PAGE_ENTRIES) as StoredEntry[];

/** The entry before the first one asked for: its stored hash is where the check begins. */
function headBefore(options: Reading<unknown>, segments: readonly Segment[]): ChainHead {
  const seq = Math.max(1, options.fromSeq) - 1;
  if (seq === 0) return { seq, hash: GENESIS_HASH };
  const entry = findEntry(options, segments, seq);
  if (entry === undefined) throw damaged(options.id, seq, "the entry is missing");
  return { seq, hash: entry.hash };
}
