/** The journal port in memory, for tests: entries pass through the same codec and chain as on disk. */
import { assert } from "../kernel/index.ts";
import type {
  Fork,
  Journal,
  JournalEntry,
  ListPage,
  Rewind,
  SessionSummary,
  Snapshot,
  SnapshotStore,
  StoredEntry,
  SummaryDraft,
} from "../sessions/index.ts";
import { chainHash, GENESIS_HASH, verifyEnd, verifyEntry, verifyRecorded, verifyStored } from "./chain.ts";
import type { ChainHead } from "./chain.ts";
import { encodeEntry } from "./codec.ts";
import { entryCodec } from "./entry-codec.ts";
import { journalClosed, staleWriter } from "./faults.ts";
import {
  checkDraft,
  createdMsOf,
  formatCursor,
  isBefore,
  LIST_START,
  parseCursor,
  sealSummary,
  withEpoch,
  withMark,
} from "./summary.ts";
import type { ListKey, Past, PlacedMark } from "./summary.ts";

interface Row {
  readonly key: ListKey;
  summary: SessionSummary;
  mark: PlacedMark | undefined;
  pins: string;
  entries: StoredEntry[];
  snapshots: readonly Snapshot[];
}

const GENESIS: ChainHead = { seq: 0, hash: GENESIS_HASH };

/** An empty journal that is gone when it is garbage. */
export function openMemoryJournal(): Journal {
  const table = new Table();
  return {
    create: async (draft, entry) => {
      assert(entry.seq === 1, "Invariant: a journal begins with entry 1");
      table.add(draft, { entries: extend([], [entry]), past: { origin: undefined, epochs: [] } });
    },
    append: async (draft, entry) => {
      checkDraft(draft);
      const row = table.rows().get(draft.id);
      if (row?.summary.lastSeq !== entry.seq - 1) throw staleWriter(draft.id, entry.seq, row?.summary.lastSeq);
      renew(row, draft, extend(row.entries, [entry]));
    },
    mark: (id, mark) => {
      const row = table.rows().get(id);
      if (row !== undefined) row.mark = { ...mark, lastSeq: row.summary.lastSeq };
    },
    pins: (id) => pinsOf(table, id),
    fail: async (id, reason) => {
      const row = table.rows().get(id);
      if (row !== undefined) row.summary = { ...row.summary, status: "failed", failure: reason };
    },
    find: async (id) => present(table.rows().get(id)),
    list: async (owner, page) =>
      listRows(
        [...table.rows().values()].filter((row) => row.summary.owner === owner),
        page,
      ),
    listPlaying: async () => [...table.rows().values()].filter(isPlaying).map((row) => row.summary.id),
    read: (id, fromSeq) => readRow(table.rows().get(id), fromSeq, verifyEntry),
    ...proofOf(table),
    seqAt: async (id, at) =>
      table
        .rows()
        .get(id)
        ?.entries.findLast((entry) => entry.at <= at)?.seq ?? 0,
    fork: async (fork, draft) => forkRow(table, fork, draft),
    rewind: async (rewind, draft) => rewindRow(table, rewind, draft),
    forksOf: async (id) => {
      const forks = [...table.rows().values()].filter(({ summary }) => summary.origin?.session === id);
      return forks.sort((a, b) => (isBefore(a.key, b.key) ? 1 : -1)).map((row) => withMark(row.summary, row.mark));
    },
    snapshots: (id) => snapshotsOf(table, id),
    delete: async (id) => table.remove(id),
    close: async () => table.close(),
  };
}

/** What proofs need. */
const proofOf = (table: Table): Pick<Journal, "stored" | "recorded" | "hashAt" | "codec" | "adopt"> => ({
  stored: (id, fromSeq) => readRow(table.rows().get(id), fromSeq, verifyStored),
  recorded: (id, fromSeq) => singly(readRow(table.rows().get(id), fromSeq, verifyRecorded)),
  hashAt: async (id, seq) => table.rows().get(id)?.entries[seq - 1]?.hash,
  codec: entryCodec,
  adopt: async (id, owner) => {
    const row = table.rows().get(id);
    if (row !== undefined) row.summary = { ...row.summary, owner };
  },
});

class Table {
  readonly #rows = new Map<string, Row>();
  #numbers = 0;
  #isClosed = false;

  rows(): Map<string, Row> {
    if (this.#isClosed) throw journalClosed();
    return this.#rows;
  }

  add(draft: SummaryDraft, { entries, past }: { entries: StoredEntry[]; past: Past }): Row {
    checkDraft(draft);
    assert(!this.rows().has(draft.id), `Invariant: ${draft.id} is a new session's id`);
    const key = { createdMs: createdMsOf(draft), number: ++this.#numbers };
    const summary = sealSummary(draft, headOf(entries), past);
    const row: Row = { key, summary, mark: undefined, pins: "", entries, snapshots: [] };
    this.#rows.set(draft.id, row);
    return row;
  }

  remove(id: string): boolean {
    for (const row of this.rows().values()) {
      const { origin } = row.summary;
      if (origin?.session === id) row.summary = { ...row.summary, origin: { ...origin, isDeleted: true } };
    }
    return this.#rows.delete(id);
  }

  close(): void {
    this.#isClosed = true;
  }
}

function pinsOf(table: Table, id: string): ReturnType<Journal["pins"]> {
  return {
    add: (lines) => {
      const row = table.rows().get(id);
      if (row !== undefined) row.pins += lines;
    },
    read: () => table.rows().get(id)?.pins ?? "",
    replace: (lines) => {
      const row = table.rows().get(id);
      if (row !== undefined) row.pins = lines;
    },
  };
}

function forkRow(table: Table, { source, uptoSeq, at, entries }: Fork, draft: SummaryDraft): void {
  const row = table.rows().get(source);
  assert(row !== undefined && hasEntry(row, uptoSeq), `Invariant: session ${source} has entry ${uptoSeq}`);
  const origin = { session: source, at, seq: uptoSeq, isDeleted: false };
  const shared = extend(row.entries.slice(0, uptoSeq), entries);
  const fork = table.add(draft, { entries: shared, past: { origin, epochs: [] } });
  fork.pins = row.pins;
  fork.snapshots = row.snapshots.filter(({ seq }) => seq <= uptoSeq);
}

function rewindRow(table: Table, { uptoSeq, at, entries: more, epoch, kept }: Rewind, draft: SummaryDraft): void {
  const row = table.rows().get(draft.id);
  if (row === undefined || !hasEntry(row, uptoSeq)) throw staleWriter(draft.id, uptoSeq, row?.summary.lastSeq);
  if (kept !== undefined) {
    const origin = { session: draft.id, at, seq: uptoSeq, isDeleted: false };
    const entries = extend([...row.entries], kept.entries);
    const keeping = table.add(kept.draft, { entries, past: { origin, epochs: [] } });
    keeping.pins = row.pins;
    keeping.snapshots = row.snapshots;
  }
  row.snapshots = row.snapshots.filter(({ seq }) => seq <= uptoSeq);
  row.summary = { ...row.summary, epochs: withEpoch(row.summary.epochs, epoch) };
  renew(row, draft, extend(row.entries.slice(0, uptoSeq), more));
}

const hasEntry = (row: Row, seq: number): boolean => seq >= 1 && seq <= row.entries.length;

function renew(row: Row, draft: SummaryDraft, entries: StoredEntry[]): void {
  row.entries = entries;
  row.summary = sealSummary(draft, headOf(entries), row.summary);
}

function snapshotsOf(table: Table, id: string): SnapshotStore {
  const upTo = (seq: number): readonly Snapshot[] =>
    (table.rows().get(id)?.snapshots ?? []).filter((each) => each.seq <= seq).toReversed();
  return {
    save: async (snapshot) => {
      const row = table.rows().get(id);
      if (row !== undefined) row.snapshots = [...row.snapshots, snapshot];
    },
    find: (format, uptoSeq) => upTo(uptoSeq).find((each) => each.format === format),
    page: (seq, list, page) =>
      upTo(seq)
        .flatMap(({ pages }) => pages)
        .find((each) => each.list === list && each.page === page)?.content,
    key: (seq, account, key) =>
      upTo(seq)
        .flatMap(({ keys }) => keys)
        .find((each) => each.account === account && each.key === key)?.ordinal,
    clear: async () => {
      const row = table.rows().get(id);
      if (row !== undefined) row.snapshots = [];
    },
  };
}

const isPlaying = (row: Row): boolean => row.summary.playbackState === "playing";

const present = (row: Row | undefined): SessionSummary | undefined => row && withMark(row.summary, row.mark);

const headOf = (entries: readonly StoredEntry[]): ChainHead => entries.at(-1) ?? GENESIS;

/** In place. */
function extend(chain: StoredEntry[], entries: readonly JournalEntry[]): StoredEntry[] {
  for (const entry of entries) {
    const payload = encodeEntry(entry);
    chain.push({ seq: entry.seq, at: entry.at, hash: chainHash(headOf(chain).hash, payload), payload });
  }
  return chain;
}

function listRows(
  rows: readonly Row[],
  page: { readonly limit: number; readonly after: string | undefined },
): ListPage {
  const after = page.after === undefined ? LIST_START : parseCursor(page.after);
  if (after === undefined) return { sessions: [], next: undefined };
  const rest = rows.filter((row) => isBefore(after, row.key)).sort((a, b) => (isBefore(a.key, b.key) ? -1 : 1));
  const shown = rest.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    sessions: shown.map((row) => withMark(row.summary, row.mark)),
    next: last !== undefined && rest.length > shown.length ? formatCursor(last.key) : undefined,
  };
}

async function* readRow<T>(
  row: Row | undefined,
  fromSeq: number,
  verify: (id: string, head: ChainHead, stored: StoredEntry) => T,
): AsyncGenerator<T> {
  if (row === undefined) return;
  const { id, lastSeq, lastHash } = row.summary;
  if (fromSeq > lastSeq) return;
  const { entries } = row;
  let head = headOf(entries.slice(0, Math.max(0, fromSeq - 1)));
  for (const stored of entries.slice(head.seq, lastSeq)) {
    yield verify(id, head, stored);
    head = stored;
  }
  verifyEnd(id, head, { seq: lastSeq, hash: lastHash });
}

async function* singly<T>(entries: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  for await (const entry of entries) yield [entry];
}
