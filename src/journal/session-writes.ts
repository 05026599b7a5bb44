/** What the local journal writes: sessions, entries, forks and deletions, each one job of a group commit. */
import { assert } from "../kernel/index.ts";
import type { JournalEntry, SummaryDraft } from "../sessions/index.ts";
import { chainHash, GENESIS_HASH } from "./chain.ts";
import type { ChainHead } from "./chain.ts";
import { encodeEntry } from "./codec.ts";
import { staleWriter } from "./faults.ts";
import type { LocalParts, MarkPlace } from "./local-parts.ts";
import { toParameters } from "./session-row.ts";
import type { HeadRow } from "./session-row.ts";
import { checkDraft } from "./summary.ts";

/** A session with its first entry. */
export async function createSession(parts: LocalParts, draft: SummaryDraft, entry: JournalEntry): Promise<void> {
  assert(entry.seq === 1, "Invariant: a journal begins with entry 1");
  const payload = encodeEntry(entry);
  const head = { seq: 1, hash: chainHash(GENESIS_HASH, payload) };
  await addSession(parts, draft, () => ({
    head,
    fill: (number) => parts.statements.insertEntry.run(number, 1, entry.at, head.hash, payload),
  }));
}

/** A session with the entries of another, up to one of them. */
export async function forkSession(
  parts: LocalParts,
  from: { source: string; uptoSeq: number },
  draft: SummaryDraft,
): Promise<void> {
  const { statements } = parts;
  await addSession(parts, draft, () => {
    const source = statements.findHead.get(from.source) as HeadRow | undefined;
    const hasEntries = source !== undefined && from.uptoSeq >= 1 && from.uptoSeq <= source.last_seq;
    assert(hasEntries, `Invariant: session ${from.source} has entry ${from.uptoSeq}`);
    const { count } = statements.countEntries.get(source.number, from.uptoSeq) as { count: number };
    assert(count === from.uptoSeq, `Invariant: session ${from.source} has every entry up to ${from.uptoSeq}`);
    const { hash } = statements.findEntryHash.get(source.number, from.uptoSeq) as { hash: string };
    return {
      head: { seq: from.uptoSeq, hash },
      fill: (number) => statements.copyEntries.run(number, source.number, from.uptoSeq),
    };
  });
}

interface Prefix {
  readonly head: ChainHead;
  /** Writes the entries of the session with this number. */
  readonly fill: (number: number) => void;
}

/** `prepare` runs inside the transaction and checks; nothing is written before it has returned. */
async function addSession(parts: LocalParts, draft: SummaryDraft, prepare: () => Prefix): Promise<void> {
  checkDraft(draft);
  const { statements } = parts;
  const slot = parts.slots.take();
  try {
    const place = await parts.commits.submit((): MarkPlace => {
      assert(statements.findHead.get(draft.id) === undefined, `Invariant: ${draft.id} is a new session's id`);
      const { head, fill } = prepare();
      const { number } = statements.insertSession.get(toParameters(draft, head, slot)) as { number: number };
      fill(number);
      return { number, slot, lastSeq: head.seq };
    });
    parts.places.set(draft.id, place);
  } catch (error) {
    parts.slots.release(slot);
    throw error;
  }
}

/** The next entry of a session, or "stale_writer". */
export async function appendEntry(parts: LocalParts, draft: SummaryDraft, entry: JournalEntry): Promise<void> {
  checkDraft(draft);
  const { statements } = parts;
  const payload = encodeEntry(entry);
  const place = await parts.commits.submit((): MarkPlace => {
    const row = statements.findHead.get(draft.id) as HeadRow | undefined;
    if (row?.last_seq !== entry.seq - 1) throw staleWriter(draft.id, entry.seq, row?.last_seq);
    const head = { seq: entry.seq, hash: chainHash(row.last_hash, payload) };
    statements.insertEntry.run(row.number, entry.seq, entry.at, head.hash, payload);
    statements.updateSession.run(toParameters(draft, head, row.slot));
    return { number: row.number, slot: row.slot, lastSeq: entry.seq };
  });
  parts.places.set(draft.id, place);
}

/** Whether there was anything to remove. */
export async function deleteSession(parts: LocalParts, id: string): Promise<boolean> {
  const { statements } = parts;
  const slot = await parts.commits.submit((): number | undefined => {
    const row = statements.findHead.get(id) as HeadRow | undefined;
    if (row === undefined) return undefined;
    statements.deleteEntries.run(row.number);
    statements.deleteSession.run(row.number);
    return row.slot;
  });
  if (slot === undefined) return false;
  parts.places.delete(id);
  parts.slots.release(slot);
  return true;
}
