/** The journal port on one embedded SQLite database for all sessions, with a log in front of it and clock marks beside. */
import type { ClockMark, Journal, ListPage, SessionSummary } from "../sessions/index.ts";
import { abandonLeftovers } from "./branches.ts";
import { verifyEntry, verifyRecorded, verifyStored } from "./chain.ts";
import { entryCodec } from "./entry-codec.ts";
import { journalClosed, journalFault } from "./faults.ts";
import { findEntry, segmentsOf, seqAt, type Segment } from "./lineage.ts";
import { closeParts, headOf, openParts, type LocalParts } from "./local-parts.ts";
import { localSnapshots } from "./local-snapshots.ts";
import { openPinFiles, type PinFiles } from "./pin-files.ts";
import { readEntries, readPages } from "./read-entries.ts";
import { toSummary, toText, type SessionRow } from "./session-row.ts";
import { appendEntry, createSession, deleteSession, forkSession, rewindSession } from "./session-writes.ts";
import { formatCursor, LIST_START, parseCursor, withMark } from "./summary.ts";

export interface JournalOptions {
  readonly directory: string;
  /** Told of damage that does not keep the journal from being opened. */
  readonly warn?: (words: string) => void;
}

/**
 * Opens `journal.db`, `journal.log` and `marks.bin` in the data directory, whose lock the caller holds; creates what is
 * missing. Throws AppError "data_directory_foreign", "data_directory_newer", "data_directory_damaged" or
 * "journal_unavailable".
 */
export function openLocalJournal(options: JournalOptions): Journal {
  const parts = openParts(options.directory, options.warn ?? (() => undefined));
  let isClosed = false;
  const guardedAt = <T>(path: string, work: () => T): T => {
    if (isClosed) throw journalClosed();
    try {
      return work();
    } catch (error) {
      throw journalFault(path, error);
    }
  };
  const guarded = <T>(work: () => T): T => guardedAt(parts.path, work);
  /** What is on the log only is carried into the database first. */
  const reading = <T>(query: () => T): T =>
    guarded(() => {
      if (!parts.pending.isEmpty()) parts.commits.flush();
      return query();
    });
  const rows = (query: () => unknown): readonly SessionSummary[] =>
    reading(() => (query() as SessionRow[]).map((row) => present(parts, row)));
  const pins = openPinFiles(options.directory, guardedAt);
  // What a process that ended has left half removed; nothing waits for it.
  abandonLeftovers(parts).catch(() => undefined);
  return {
    pins: pins.of,
    create: (draft, entry) => createSession(parts, draft, entry),
    append: (draft, entry) => appendEntry(parts, draft, entry),
    mark: (id, mark) => guarded(() => writeMark(parts, id, mark)),
    fail: async (id, reason) => {
      await parts.commits.submit(() => parts.statements.failSession.run(toText(reason), id));
    },
    find: async (id) => rows(() => parts.statements.findSession.all(id))[0],
    list: async (owner, page) => reading(() => list(parts, owner, page)),
    listPlaying: async () =>
      reading(() => (parts.statements.listPlaying.all() as { id: string }[]).map((row) => row.id)),
    read: (id, fromSeq) => readEntries({ statements: parts.statements, reading, id, fromSeq, verify: verifyEntry }),
    stored: (id, fromSeq) => readEntries({ statements: parts.statements, reading, id, fromSeq, verify: verifyStored }),
    recorded: (id, fromSeq) =>
      readPages({ statements: parts.statements, reading, id, fromSeq, verify: verifyRecorded }),
    seqAt: async (id, at) => reading(() => seqAt(parts, segmentsOfSession(parts, id), at)),
    hashAt: async (id, seq) => reading(() => findEntry(parts, segmentsOfSession(parts, id), seq)?.hash),
    codec: entryCodec,
    adopt: async (id, owner) => {
      await parts.commits.submit(() => parts.statements.adoptSession.run(owner, id));
    },
    fork: (fork, draft) => withPins(pins, [fork.source, draft.id], () => forkSession(parts, fork, draft)),
    rewind: (rewind, draft) =>
      rewind.kept === undefined
        ? rewindSession(parts, rewind, draft)
        : withPins(pins, [draft.id, rewind.kept.draft.id], () => rewindSession(parts, rewind, draft)),
    forksOf: async (id) => rows(() => parts.statements.listForks.all(id)),
    snapshots: (id) => localSnapshots(parts, id, reading),
    delete: async (id) => {
      const isGone = await deleteSession(parts, id);
      pins.remove(id);
      return isGone;
    },
    close: async () => {
      if (isClosed) return;
      parts.commits.close();
      isClosed = true;
      closeParts(parts);
    },
  };
}

function segmentsOfSession(parts: LocalParts, id: string): readonly Segment[] {
  const head = headOf(parts, id);
  return head === undefined ? [] : segmentsOf(parts, head.branch, head.lastSeq);
}

function writeMark(parts: LocalParts, id: string, mark: ClockMark): void {
  const head = headOf(parts, id);
  // A session that has just been deleted has nothing to note.
  if (head === undefined) return;
  if (parts.areClocksDoubtful) parts.moved.add(id);
  parts.marks.write(head.slot, head.branch, { ...mark, lastSeq: head.lastSeq });
}

function present(parts: LocalParts, row: SessionRow): SessionSummary {
  const mark = parts.marks.read(row.slot, row.branch);
  const summary = withMark(toSummary(row), mark);
  return parts.areClocksDoubtful && !parts.moved.has(row.id) ? { ...summary, isClockRecovered: true } : summary;
}

function list(parts: LocalParts, owner: string, page: { limit: number; after: string | undefined }): ListPage {
  const after = page.after === undefined ? LIST_START : parseCursor(page.after);
  if (after === undefined) return { sessions: [], next: undefined };
  const parameters = { owner, created_ms: after.createdMs, number: after.number, limit: page.limit + 1 };
  const rows = parts.statements.listSessions.all(parameters) as SessionRow[];
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    sessions: shown.map((row) => present(parts, row)),
    next:
      last && rows.length > shown.length
        ? formatCursor({ createdMs: last.created_ms, number: last.number })
        : undefined,
  };
}

/** First the lines about days, then the session: a disk that is full in between may leave lines of nobody, not less. */
async function withPins(
  pins: Pick<PinFiles, "copy" | "remove">,
  [from, to]: readonly [string, string],
  work: () => Promise<void>,
): Promise<void> {
  try {
    pins.copy(from, to);
    await work();
  } catch (error) {
    try {
      pins.remove(to);
    } catch {
      // The first error tells more.
    }
    throw error;
  }
}
