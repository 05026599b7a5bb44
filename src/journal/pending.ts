/** Entries that are on the log but not in the database yet, as the log keeps them and as the database takes them. */
import type { SummaryDraft } from "../sessions/index.ts";
import { chainHash, type ChainHead } from "./chain.ts";
import { toChanges, type HeadRow } from "./session-row.ts";
import type { Statements } from "./statements.ts";

/** An entry on its way. */
export interface PendingEntry {
  readonly session: string;
  readonly branch: number;
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
  readonly payload: string;
  readonly draft: SummaryDraft;
}

/** Of a record: branch, seq, clock, session, and the summary's changing columns; then, on a line by itself, the entry. */
type RecordHead = readonly [
  branch: number,
  seq: number,
  at: number,
  session: string,
  summary: ReturnType<typeof toChanges>,
];

export function formatRecord({ branch, seq, at, session, payload, draft }: PendingEntry): string {
  const head: RecordHead = [branch, seq, at, session, toChanges(draft)];
  return `${JSON.stringify(head)}\n${payload}`;
}

/** Puts entries into the database; for each session its summary once. */
export function writePending(statements: Statements, entries: readonly PendingEntry[]): void {
  const last = new Map<string, PendingEntry>();
  for (const entry of entries) {
    statements.insertEntry.run(entry.branch, entry.seq, entry.at, entry.hash, entry.payload);
    last.set(entry.session, entry);
  }
  for (const { session, seq, hash, draft } of last.values()) {
    statements.updateSession.run({ id: session, ...toChanges(draft), last_seq: seq, last_hash: hash });
  }
}

/** What became of a record that was found on the log. */
export type Recovered = "written" | "known" | { readonly session: string; readonly seq: number };

/**
 * Puts a record of the log into the database where it is not there yet. The place of an entry that is missing before it
 * is told; a record of a branch that nobody goes on with is of no use any more.
 */
export function recoverRecord(statements: Statements, text: string): Recovered {
  const { head, payload } = parseRecord(text);
  const [branch, seq, at, session, summary] = head;
  const row = statements.findHead.get(session) as HeadRow | undefined;
  if (row?.branch !== branch || seq <= row.last_seq) return "known";
  if (seq > row.last_seq + 1) return { session, seq: row.last_seq + 1 };
  const next: ChainHead = { seq, hash: chainHash(row.last_hash, payload) };
  statements.insertEntry.run(branch, seq, at, next.hash, payload);
  statements.updateSession.run({ id: session, ...summary, last_seq: seq, last_hash: next.hash });
  return "written";
}

/** Whose entry a damaged record was, as far as its text tells. */
export function ownerOfDamaged(text: string): { readonly session: string; readonly seq: number } | undefined {
  const [, seq, session] = /^\[\d+,(\d+),-?\d+,"([\w-]{1,64})"/.exec(text) ?? [];
  return session === undefined ? undefined : { session, seq: Number(seq) };
}

function parseRecord(text: string): { readonly head: RecordHead; readonly payload: string } {
  const end = text.indexOf("\n");
  return { head: JSON.parse(text.slice(0, end)) as RecordHead, payload: text.slice(end + 1) };
}
