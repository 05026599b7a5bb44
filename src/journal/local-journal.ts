/** The journal port on one embedded SQLite database for all sessions, with the clock marks in a file beside it. */
import type { ClockMark, Journal, ListPage, SessionSummary } from "../sessions/index.ts";
import { verifyEntry, verifyStored } from "./chain.ts";
import { entryCodec } from "./entry-codec.ts";
import { journalClosed, journalFault } from "./faults.ts";
import { closeParts, openParts } from "./local-parts.ts";
import type { LocalParts, MarkPlace } from "./local-parts.ts";
import { openPinFiles } from "./pin-files.ts";
import { readEntries } from "./read-entries.ts";
import { toSummary, toText } from "./session-row.ts";
import type { HeadRow, SessionRow } from "./session-row.ts";
import { appendEntry, createSession, deleteSession, forkSession } from "./session-writes.ts";
import { formatCursor, LIST_START, parseCursor, withMark } from "./summary.ts";

/**
 * Opens `journal.db` and `marks.bin` in the data directory, whose lock the caller holds; creates what is missing.
 * Throws AppError "data_directory_foreign", "data_directory_newer", "data_directory_damaged" or "journal_unavailable".
 */
export function openLocalJournal(options: { readonly directory: string }): Journal {
  const parts = openParts(options.directory);
  let isClosed = false;
  const reading = <T>(read: () => T): T => {
    if (isClosed) throw journalClosed();
    try {
      return read();
    } catch (error) {
      throw journalFault(parts.path, error);
    }
  };
  const pins = openPinFiles(options.directory, reading);
  return {
    pins: pins.of,
    create: (draft, entry) => createSession(parts, draft, entry),
    append: (draft, entry) => appendEntry(parts, draft, entry),
    mark: (id, mark) => reading(() => writeMark(parts, id, mark)),
    fail: async (id, reason) => {
      await parts.commits.submit(() => parts.statements.failSession.run(toText(reason), id));
    },
    find: async (id) => reading(() => present(parts, parts.statements.findSession.get(id) as SessionRow | undefined)),
    list: async (owner, page) => reading(() => list(parts, owner, page)),
    listPlaying: async () =>
      reading(() => (parts.statements.listPlaying.all() as { id: string }[]).map((row) => row.id)),
    read: (id, fromSeq) => readEntries({ statements: parts.statements, reading, id, fromSeq, verify: verifyEntry }),
    stored: (id, fromSeq) => readEntries({ statements: parts.statements, reading, id, fromSeq, verify: verifyStored }),
    hashAt: async (id, seq) => reading(() => findHash(parts, id, seq)),
    codec: entryCodec,
    adopt: async (id, owner) => {
      await parts.commits.submit(() => parts.statements.adoptSession.run(owner, id));
    },
    fork: async (source, uptoSeq, draft) => {
      await forkSession(parts, { source, uptoSeq }, draft);
      pins.copy(source, draft.id);
    },
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

function findHash(parts: LocalParts, id: string, seq: number): string | undefined {
  const row = parts.statements.findHead.get(id) as HeadRow | undefined;
  if (row === undefined || seq > row.last_seq) return undefined;
  return (parts.statements.findEntryHash.get(row.number, seq) as { hash: string } | undefined)?.hash;
}

function writeMark(parts: LocalParts, id: string, mark: ClockMark): void {
  const place = parts.places.get(id) ?? findPlace(parts, id);
  // A session that has just been deleted has nothing to note.
  if (place === undefined) return;
  parts.marks.write(place.slot, place.number, { ...mark, lastSeq: place.lastSeq });
}

function findPlace(parts: LocalParts, id: string): MarkPlace | undefined {
  const row = parts.statements.findHead.get(id) as HeadRow | undefined;
  if (row === undefined) return undefined;
  const place = { number: row.number, slot: row.slot, lastSeq: row.last_seq };
  parts.places.set(id, place);
  return place;
}

function present(parts: LocalParts, row: SessionRow | undefined): SessionSummary | undefined {
  return row && withMark(toSummary(row), parts.marks.read(row.slot, row.number));
}

function list(parts: LocalParts, owner: string, page: { limit: number; after: string | undefined }): ListPage {
  const after = page.after === undefined ? LIST_START : parseCursor(page.after);
  if (after === undefined) return { sessions: [], next: undefined };
  const parameters = { owner, created_ms: after.createdMs, number: after.number, limit: page.limit + 1 };
  const rows = parts.statements.listSessions.all(parameters) as SessionRow[];
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    sessions: shown.map((row) => withMark(toSummary(row), parts.marks.read(row.slot, row.number))),
    next:
      last && rows.length > shown.length
        ? formatCursor({ createdMs: last.created_ms, number: last.number })
        : undefined,
  };
}
