/** The journal port in memory, for tests: entries pass through the same codec and chain as on disk. */
import { assert } from "../kernel/index.ts";
import type { Journal, JournalEntry, ListPage, SessionSummary, StoredEntry, SummaryDraft } from "../sessions/index.ts";
import { chainHash, GENESIS_HASH, verifyEnd, verifyEntry, verifyStored } from "./chain.ts";
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
  withMark,
} from "./summary.ts";
import type { ListKey, PlacedMark } from "./summary.ts";

interface Row {
  readonly key: ListKey;
  summary: SessionSummary;
  mark: PlacedMark | undefined;
  pins: string;
  readonly entries: StoredEntry[];
}

/** An empty journal that is gone when it is garbage. */
export function openMemoryJournal(): Journal {
  const rows = new Map<string, Row>();
  let numbers = 0;
  let isClosed = false;

  const openRows = (): Map<string, Row> => {
    if (isClosed) throw journalClosed();
    return rows;
  };
  const start = (draft: SummaryDraft, entries: StoredEntry[]): void => {
    checkDraft(draft);
    assert(!openRows().has(draft.id), `Invariant: ${draft.id} is a new session's id`);
    const key = { createdMs: createdMsOf(draft), number: ++numbers };
    rows.set(draft.id, { key, summary: sealSummary(draft, headOf(entries)), mark: undefined, pins: "", entries });
  };
  return {
    create: async (draft, entry) => {
      assert(entry.seq === 1, "Invariant: a journal begins with entry 1");
      start(draft, [store({ seq: 0, hash: GENESIS_HASH }, entry)]);
    },
    append: async (draft, entry) => {
      checkDraft(draft);
      const row = openRows().get(draft.id);
      if (row?.summary.lastSeq !== entry.seq - 1) throw staleWriter(draft.id, entry.seq, row?.summary.lastSeq);
      row.entries.push(store(headOf(row.entries), entry));
      row.summary = sealSummary(draft, headOf(row.entries));
    },
    mark: (id, mark) => {
      const row = openRows().get(id);
      if (row !== undefined) row.mark = { ...mark, lastSeq: row.summary.lastSeq };
    },
    pins: (id) => ({
      add: (lines) => {
        const row = openRows().get(id);
        if (row !== undefined) row.pins += lines;
      },
      read: () => openRows().get(id)?.pins ?? "",
      replace: (lines) => {
        const row = openRows().get(id);
        if (row !== undefined) row.pins = lines;
      },
    }),
    fail: async (id, reason) => {
      const row = openRows().get(id);
      if (row !== undefined) row.summary = { ...row.summary, status: "failed", failure: reason };
    },
    find: async (id) => present(openRows().get(id)),
    list: async (owner, page) =>
      listRows(
        [...openRows().values()].filter((row) => row.summary.owner === owner),
        page,
      ),
    listPlaying: async () => [...openRows().values()].filter(isPlaying).map((row) => row.summary.id),
    read: (id, fromSeq) => readRow(openRows().get(id), fromSeq, verifyEntry),
    ...proofOf(openRows),
    fork: async (source, uptoSeq, draft) => {
      const entries = openRows().get(source)?.entries ?? [];
      assert(uptoSeq >= 1 && uptoSeq <= entries.length, `Invariant: session ${source} has entry ${uptoSeq}`);
      start(draft, entries.slice(0, uptoSeq));
      const fork = openRows().get(draft.id);
      if (fork !== undefined) fork.pins = openRows().get(source)?.pins ?? "";
    },
    delete: async (id) => openRows().delete(id),
    close: async () => {
      isClosed = true;
    },
  };
}

/** What proofs need. */
const proofOf = (openRows: () => Map<string, Row>): Pick<Journal, "stored" | "hashAt" | "codec" | "adopt"> => ({
  stored: (id, fromSeq) => readRow(openRows().get(id), fromSeq, verifyStored),
  hashAt: async (id, seq) => openRows().get(id)?.entries[seq - 1]?.hash,
  codec: entryCodec,
  adopt: async (id, owner) => {
    const row = openRows().get(id);
    if (row !== undefined) row.summary = { ...row.summary, owner };
  },
});

const isPlaying = (row: Row): boolean => row.summary.playbackState === "playing";

const present = (row: Row | undefined): SessionSummary | undefined => row && withMark(row.summary, row.mark);

function headOf(entries: readonly StoredEntry[]): ChainHead {
  return entries.at(-1) ?? { seq: 0, hash: GENESIS_HASH };
}

function store(head: ChainHead, entry: JournalEntry): StoredEntry {
  const payload = encodeEntry(entry);
  return { seq: entry.seq, at: entry.at, hash: chainHash(head.hash, payload), payload };
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
  let head = headOf(row.entries.slice(0, Math.max(0, fromSeq - 1)));
  for (const stored of row.entries.slice(head.seq, lastSeq)) {
    yield verify(id, head, stored);
    head = stored;
  }
  verifyEnd(id, head, { seq: lastSeq, hash: lastHash });
}
