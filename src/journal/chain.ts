/** The hash chain: each entry's hash covers its text and the hash before it, and nothing of the session's id. */
import { hash } from "node:crypto";
import { AppError } from "../kernel/index.ts";
import type { JournalEntry, RecordedEntry, StoredEntry } from "../sessions/index.ts";
import { decodeEntry } from "./codec.ts";
import { EntryText } from "./recorded-entry.ts";

/** What stands before the first entry. */
export const GENESIS_HASH = "0".repeat(64);

/** The place in a chain from which it goes on. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export const chainHash = (previous: string, payload: string): string => hash("sha256", previous + payload, "hex");

/** Checks the entry that must follow `head`. Throws AppError "data_directory_damaged", naming session and seq. */
export function verifyStored(session: string, head: ChainHead, stored: StoredEntry): StoredEntry {
  const seq = head.seq + 1;
  if (stored.seq !== seq) throw damaged(session, seq, "the entry is missing");
  if (chainHash(head.hash, stored.payload) !== stored.hash) throw damaged(session, seq, "its hash does not hold");
  return stored;
}

/** The same, and decodes it. */
export function verifyEntry(session: string, head: ChainHead, stored: StoredEntry): JournalEntry {
  const { seq } = verifyStored(session, head, stored);
  const entry = readable(session, seq, () => decodeEntry(stored.payload));
  if (entry.seq !== seq || entry.at !== stored.at) throw damaged(session, seq, "it stands in the wrong place");
  return entry;
}

/** The same, and decodes what was asked for. */
export function verifyRecorded(session: string, head: ChainHead, stored: StoredEntry): RecordedEntry {
  const { seq, payload, at } = verifyStored(session, head, stored);
  const entry = readable(session, seq, () => new EntryText(seq, payload));
  if (entry.at !== at) throw damaged(session, seq, "it stands in the wrong place");
  return entry;
}

/** Checks that a chain read to its end ends where the session's summary says. */
export function verifyEnd(session: string, head: ChainHead, last: ChainHead): void {
  if (head.seq < last.seq) throw damaged(session, head.seq + 1, "the entry is missing");
  if (head.hash !== last.hash) throw damaged(session, head.seq, "it is not the entry that was written last");
}

/** The fault of one session: the others go on. */
export const damaged = (session: string, seq: number, problem: string, cause?: unknown): AppError =>
  new AppError("data_directory_damaged", damagedEntry(session, seq, problem), cause);

export const damagedEntry = (session: string, seq: number, problem: string): string =>
  `The journal of session ${session} is damaged at entry ${seq}: ${problem}. Restore it from a backup, or delete the session.`;

function readable<T>(session: string, seq: number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw damaged(session, seq, "its text cannot be read", error);
  }
}
