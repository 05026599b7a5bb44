/** What the local journal writes of sessions: new ones, entries, forks, ways back and deletions. */
import { assert } from "../kernel/index.ts";
import type { Fork, JournalEntry, Rewind, SummaryDraft } from "../sessions/index.ts";
import { abandonIfPossible } from "./branches.ts";
import { chainHash, GENESIS_HASH } from "./chain.ts";
import type { ChainHead } from "./chain.ts";
import { encodeEntry } from "./codec.ts";
import { staleWriter } from "./faults.ts";
import { branchOf, findEntry, segmentsOf } from "./lineage.ts";
import { headOf, type Head, type LocalParts } from "./local-parts.ts";
import { formatRecord, type PendingEntry } from "./pending.ts";
import { toChanges, toParameters, type HeadRow, type Place } from "./session-row.ts";
import { checkDraft, withEpoch } from "./summary.ts";

/** A session with its first entry. */
export async function createSession(parts: LocalParts, draft: SummaryDraft, entry: JournalEntry): Promise<void> {
  assert(entry.seq === 1, "Invariant: a journal begins with entry 1");
  await addSession(parts, draft, () => {
    const branch = addBranch(parts, null, 0);
    return { branch, head: addEntries(parts, branch, { seq: 0, hash: GENESIS_HASH }, [entry]), origin: undefined };
  });
}

/** A session that goes on from an entry of another. */
export async function forkSession(parts: LocalParts, fork: Fork, draft: SummaryDraft): Promise<void> {
  const { source, uptoSeq, at, entries } = fork;
  await addSession(parts, draft, () => {
    const row = parts.statements.findHead.get(source) as HeadRow | undefined;
    const base = row && baseOf(parts, row, uptoSeq);
    assert(base !== undefined, `Invariant: session ${source} has entry ${uptoSeq}`);
    const branch = addBranch(parts, base.branch, uptoSeq);
    const head = addEntries(parts, branch, base.head, entries);
    return { branch, head, origin: { session: source, at, seq: uptoSeq } };
  });
}

interface Beginning extends Omit<Place, "slot"> {
  readonly head: ChainHead;
}

/** `begin` runs inside the transaction and checks before it writes. */
async function addSession(parts: LocalParts, draft: SummaryDraft, begin: () => Beginning): Promise<void> {
  checkDraft(draft);
  const slot = parts.slots.take();
  try {
    const head = await parts.commits.submit(() => insertSession(parts, draft, slot, begin));
    parts.heads.set(draft.id, head);
  } catch (error) {
    parts.slots.release(slot);
    throw error;
  }
}

function insertSession(parts: LocalParts, draft: SummaryDraft, slot: number, begin: () => Beginning): Head {
  const { statements } = parts;
  assert(statements.findHead.get(draft.id) === undefined, `Invariant: ${draft.id} is a new session's id`);
  const { branch, head, origin } = begin();
  const parameters = toParameters(draft, head, { branch, slot, origin });
  statements.insertSession.run(parameters);
  return { branch, slot, lastSeq: head.seq, lastHash: head.hash };
}

function addBranch({ statements }: LocalParts, parent: number | null, baseSeq: number): number {
  return (statements.insertBranch.get(parent, baseSeq) as { number: number }).number;
}

function addEntries(
  { statements }: LocalParts,
  branch: number,
  from: ChainHead,
  entries: readonly JournalEntry[],
): ChainHead {
  let head = from;
  for (const entry of entries) {
    assert(entry.seq === head.seq + 1, "Invariant: entries are numbered without a gap");
    const payload = encodeEntry(entry);
    head = { seq: entry.seq, hash: chainHash(head.hash, payload) };
    statements.insertEntry.run(branch, head.seq, entry.at, head.hash, payload);
  }
  return head;
}

/** The branch that has an entry of a session, and the chain up to it. */
function baseOf(
  parts: LocalParts,
  row: HeadRow,
  seq: number,
): { readonly branch: number; readonly head: ChainHead } | undefined {
  const segments = segmentsOf(parts, row.branch, row.last_seq);
  const [branch, entry] = [branchOf(segments, seq), findEntry(parts, segments, seq)];
  return branch === undefined || entry === undefined ? undefined : { branch, head: { seq, hash: entry.hash } };
}

/** A session goes on from an earlier entry, on a branch of its own; what came after goes to `kept`, or is removed. */
export async function rewindSession(parts: LocalParts, rewind: Rewind, draft: SummaryDraft): Promise<void> {
  checkDraft(draft);
  if (rewind.kept !== undefined) checkDraft(rewind.kept.draft);
  const slot = rewind.kept === undefined ? undefined : parts.slots.take();
  try {
    const done = await parts.commits.submit(() => moveBack(parts, rewind, { draft, slot }));
    parts.heads.set(draft.id, done.head);
    if (rewind.kept !== undefined && done.kept !== undefined) parts.heads.set(rewind.kept.draft.id, done.kept);
    if (rewind.kept === undefined) await abandonIfPossible(parts, done.left);
  } catch (error) {
    if (slot !== undefined) parts.slots.release(slot);
    throw error;
  }
}

interface Moved {
  readonly head: Head;
  readonly kept: Head | undefined;
  /** The branch that it has left. */
  readonly left: number;
}

function moveBack(
  parts: LocalParts,
  { uptoSeq, at, entries, epoch, kept }: Rewind,
  { draft, slot }: { readonly draft: SummaryDraft; readonly slot: number | undefined },
): Moved {
  const { statements } = parts;
  const row = statements.findHead.get(draft.id) as HeadRow | undefined;
  const base = row && baseOf(parts, row, uptoSeq);
  if (row === undefined || base === undefined) throw staleWriter(draft.id, uptoSeq, row?.last_seq);
  const branch = addBranch(parts, base.branch, uptoSeq);
  const head = addEntries(parts, branch, base.head, entries);
  const epochs = withEpoch(JSON.parse(row.epochs) as Rewind["epoch"][], epoch);
  statements.moveSession.run(branch, draft.config, JSON.stringify(epochs), draft.id);
  statements.updateSession.run({ id: draft.id, ...toChanges(draft), last_seq: head.seq, last_hash: head.hash });
  const keeping =
    kept === undefined || slot === undefined
      ? undefined
      : insertSession(parts, kept.draft, slot, () => ({
          branch: row.branch,
          head: addEntries(parts, row.branch, { seq: row.last_seq, hash: row.last_hash }, kept.entries),
          origin: { session: draft.id, at, seq: uptoSeq },
        }));
  return {
    head: { branch, slot: row.slot, lastSeq: head.seq, lastHash: head.hash },
    kept: keeping,
    left: row.branch,
  };
}

/** The next entry of a session, or "stale_writer". */
export async function appendEntry(parts: LocalParts, draft: SummaryDraft, entry: JournalEntry): Promise<void> {
  checkDraft(draft);
  const payload = encodeEntry(entry);
  await parts.commits.append(() => {
    const head = headOf(parts, draft.id);
    if (head?.lastSeq !== entry.seq - 1) throw staleWriter(draft.id, entry.seq, head?.lastSeq);
    const before = { lastSeq: head.lastSeq, lastHash: head.lastHash };
    const hash = chainHash(head.lastHash, payload);
    const { seq, at } = entry;
    const pending: PendingEntry = { session: draft.id, branch: head.branch, seq, at, hash, payload, draft };
    head.lastSeq = seq;
    head.lastHash = hash;
    return {
      text: formatRecord(pending),
      done: () => {
        parts.pending.add(pending);
        if (parts.areClocksDoubtful) parts.moved.add(draft.id);
      },
      undo: () => Object.assign(head, before),
    };
  });
}

/** Whether there was anything to remove. What forks share of it stays. */
export async function deleteSession(parts: LocalParts, id: string): Promise<boolean> {
  const { statements } = parts;
  const row = await parts.commits.submit((): HeadRow | undefined => {
    const found = statements.findHead.get(id) as HeadRow | undefined;
    if (found === undefined) return undefined;
    statements.deleteSession.run(found.number);
    statements.orphanForks.run(id);
    return found;
  });
  if (row === undefined) return false;
  parts.heads.delete(id);
  await abandonIfPossible(parts, row.branch);
  parts.slots.release(row.slot);
  return true;
}
