/** What a session needs of a journal: durable, ordered, fenced. Adapters live in the journal room. */
import type { Command, EngineEvent } from "../engine/index.ts";
import type { Instant } from "../kernel/index.ts";

/** One command with the events that it caused. Numbered from 1 without a gap; chained by hash. */
export interface JournalEntry {
  readonly seq: number;
  /** The clock at which the command acted (for an advance: where it ended). */
  readonly at: Instant;
  readonly command: Command;
  readonly events: readonly EngineEvent[];
}

/** An entry as it is kept, and as others can check it. */
export interface StoredEntry {
  readonly seq: number;
  readonly at: number;
  /** SHA-256 of the hash before and the payload, hexadecimal. */
  readonly hash: string;
  /** The canonical text of the entry. */
  readonly payload: string;
}

/** An entry whose events are text still: mostly they need only be held against what happens again. */
export interface RecordedEntry {
  readonly seq: number;
  readonly at: Instant;
  readonly command: Command;
  /** Whether the text is that of these events, to the letter. */
  readonly isOf: (events: readonly EngineEvent[]) => boolean;
  /** The events behind the text. Throws an Error where there are none. */
  readonly events: () => readonly EngineEvent[];
}

/** How entries are written, and what their hashes are taken over. */
export interface EntryCodec {
  /** The canonical text. */
  readonly encode: (entry: JournalEntry) => string;
  /** The entry behind a canonical text; what its fields hold is not checked. Throws an Error for any other text. */
  readonly decode: (text: string) => JournalEntry;
  /** An event, or a command, as JSON: sorted fields, fixed-point numbers as decimal text. */
  readonly plain: (value: EngineEvent | Command) => Readonly<Record<string, unknown>>;
  /** The hash of an entry that follows another one; `genesis` stands before the first. */
  readonly hash: (previous: string, text: string) => string;
  readonly genesis: string;
}

/** What a list shows of a session without opening it. Rewritten with every entry; the mark renews its last two fields. */
export interface SessionSummary {
  readonly id: string;
  readonly owner: string;
  /** Wall time, RFC 3339. */
  readonly createdAt: string;
  readonly name: string | undefined;
  readonly startTime: Instant;
  readonly endTime: Instant;
  /** Dollars, decimal text. */
  readonly initialCash: string;
  /** The echoed config, JSON text. */
  readonly config: string;
  readonly status: "active" | "completed" | "failed";
  /** Why a failed session failed. */
  readonly failure: string | undefined;
  readonly playbackState: "paused" | "playing";
  readonly playbackSpeed: number;
  /** Dollars, decimal text. */
  readonly totalRealizedPnl: string;
  /** Dollars; a reporting figure. Renewed by marks. */
  readonly totalUnrealizedPnl: number;
  /** Renewed by marks. */
  readonly clock: Instant;
  /** Sequence number of the last entry. */
  readonly lastSeq: number;
  /** Hash of the last entry, hexadecimal. */
  readonly lastHash: string;
  /** Where it came from; undefined for a session that was created. */
  readonly origin: Origin | undefined;
  /** Since which ordinals ids are of another epoch; a rewind begins one. */
  readonly epochs: readonly Epoch[];
  /** Whether the clock may have been further before the machine stopped; until the session moves. */
  readonly isClockRecovered?: boolean;
}

/** The session whose past a fork shares. */
export interface Origin {
  readonly session: string;
  /** Simulated time up to which the past is shared. */
  readonly at: Instant;
  /** The last entry that is shared. */
  readonly seq: number;
  /** Whether that session is gone. */
  readonly isDeleted: boolean;
}

/** Accounts and orders from these ordinals on have ids of this epoch, up to where the next one begins. */
export interface Epoch {
  readonly epoch: number;
  readonly account: number;
  readonly order: number;
}

/** What a writer hands in; the rest is the journal's own to fill in, and fixed once the session is there. */
export type SummaryDraft = Omit<SessionSummary, "lastSeq" | "lastHash" | "origin" | "epochs" | "isClockRecovered">;

/** A state as it was after an entry: what is always needed, and what has changed of the rest since the one before. */
export interface Snapshot {
  readonly seq: number;
  /** Tells those that can be read by this version. */
  readonly format: string;
  readonly head: Uint8Array;
  readonly pages: readonly { readonly list: string; readonly page: number; readonly content: Uint8Array }[];
  readonly keys: readonly { readonly account: number; readonly key: string; readonly ordinal: number }[];
}

/** Snapshots of one session, and what it has of its parents'. They can be made anew, and are no part of the journal. */
export interface SnapshotStore {
  /** Durable some time after it resolves: what is lost is made anew. */
  readonly save: (snapshot: Snapshot) => Promise<void>;
  /** The newest sound one of a format, up to an entry. */
  readonly find: (format: string, uptoSeq: number) => Pick<Snapshot, "seq" | "head"> | undefined;
  /** A page as it was at a snapshot; undefined where it is missing or damaged. */
  readonly page: (seq: number, list: string, page: number) => Uint8Array | undefined;
  /** The ordinal of an order by its client_order_id, as of a snapshot. */
  readonly key: (seq: number, account: number, key: string) => number | undefined;
  /** Forgets all of its own: something is wrong with them. */
  readonly clear: () => Promise<void>;
}

/** A session that begins with the past of another. */
export interface Fork {
  readonly source: string;
  /** The last entry that both have. */
  readonly uptoSeq: number;
  /** Simulated time of the fork. */
  readonly at: Instant;
  /** What is its own from the beginning, numbered from `uptoSeq` + 1. */
  readonly entries: readonly JournalEntry[];
}

/** A session that goes back. */
export interface Rewind {
  /** The last entry that stays. */
  readonly uptoSeq: number;
  readonly at: Instant;
  /** Entries after that, numbered from `uptoSeq` + 1. */
  readonly entries: readonly JournalEntry[];
  readonly epoch: Epoch;
  /** The session that keeps what came after, and what it adds to that; undefined: it is removed. */
  readonly kept: { readonly draft: SummaryDraft; readonly entries: readonly JournalEntry[] } | undefined;
}

/** The clock, and the figure that moves with it: written before an answer, not synced. */
export interface ClockMark {
  readonly clock: Instant;
  readonly totalUnrealizedPnl: number;
}

export interface ListPage {
  readonly sessions: readonly SessionSummary[];
  /** Hand it in as `after` for the next page; undefined on the last. */
  readonly next: string | undefined;
}

/** Lines of text about what a session has used of the tape; they go with the session, but are no part of its past. */
export interface PinStore {
  /** On disk, not synced, when it returns: it survives kill -9. */
  readonly add: (lines: string) => void;
  /** All lines; "" where there are none. */
  readonly read: () => string;
  /** Takes the place of all lines. */
  readonly replace: (lines: string) => void;
}

export interface Journal {
  /** Starts a session's journal with its first entry (seq 1). Durable when it resolves. Throws if the id exists. */
  readonly create: (summary: SummaryDraft, entry: JournalEntry) => Promise<void>;
  /**
   * Appends one entry: atomic, ordered, durable when it resolves. Commits of sessions that append at once are grouped.
   * Throws AppError "stale_writer" unless `entry.seq` is lastSeq + 1, "journal_unavailable" where the disk says no.
   */
  readonly append: (summary: SummaryDraft, entry: JournalEntry) => Promise<void>;
  /** Notes where the clock stands. On disk (not synced) when it returns; survives kill -9. */
  readonly mark: (id: string, mark: ClockMark) => void;
  /** A fork begins with those of its source. */
  readonly pins: (id: string) => PinStore;
  /** Marks a session as failed, with the reason. Its entries are kept. */
  readonly fail: (id: string, reason: string) => Promise<void>;
  /** One summary, marks included, or undefined. */
  readonly find: (id: string) => Promise<SessionSummary | undefined>;
  /** Summaries of one owner, newest first. `after` is a page's `next`. */
  readonly list: (
    owner: string,
    page: { readonly limit: number; readonly after: string | undefined },
  ) => Promise<ListPage>;
  /** Ids of the sessions whose playback state is "playing" (after a crash they must be paused). */
  readonly listPlaying: () => Promise<readonly string[]>;
  /**
   * Entries from `fromSeq` on, in order, each checked against its hash and its predecessor's.
   * Throws AppError "data_directory_damaged" naming session and seq where one does not hold.
   */
  readonly read: (id: string, fromSeq: number) => AsyncIterable<JournalEntry>;
  /** The same as they are kept: checked against the hashes, not decoded. */
  readonly stored: (id: string, fromSeq: number) => AsyncIterable<StoredEntry>;
  /** The same with their commands, in pages, for who reads all of a long past. */
  readonly recorded: (id: string, fromSeq: number) => AsyncIterable<readonly RecordedEntry[]>;
  /** The hash of one entry; undefined where there is none. */
  readonly hashAt: (id: string, seq: number) => Promise<string | undefined>;
  readonly codec: EntryCodec;
  /** Gives a session to another owner. Durable when it resolves. */
  readonly adopt: (id: string, owner: string) => Promise<void>;
  /** The last entry whose clock is not after `at`; 0 where there is none. */
  readonly seqAt: (id: string, at: Instant) => Promise<number>;
  /** A new session with the entries of another up to one of them, same hashes. Costs the same however many they are. */
  readonly fork: (fork: Fork, summary: SummaryDraft) => Promise<void>;
  /** Takes a session back to an entry, atomically. Throws AppError "stale_writer" unless it has that entry. */
  readonly rewind: (rewind: Rewind, summary: SummaryDraft) => Promise<void>;
  /** Sessions that were forked from one, directly, oldest first. */
  readonly forksOf: (id: string) => Promise<readonly SessionSummary[]>;
  readonly snapshots: (id: string) => SnapshotStore;
  /** Removes every trace, but for the past that forks of it share. True if there was something. */
  readonly delete: (id: string) => Promise<boolean>;
  /** Syncs and closes. */
  readonly close: () => Promise<void>;
}
