/** Entries and summaries that the conformance suite writes. */
import { deepEqual } from "node:assert/strict";
import { defaultConfig } from "../engine/index.ts";
import { cash, instant, price, quantity, SCALE } from "../kernel/index.ts";
import type { Fork, Journal, JournalEntry, Rewind, SummaryDraft } from "../sessions/index.ts";

const START = instant(1_672_738_200_000);
const END = instant(1_703_865_600_000);

export const draftOf = (id: string, changes: Partial<SummaryDraft> = {}): SummaryDraft => ({
  id,
  owner: "owner",
  createdAt: "2024-01-15T10:30:00Z",
  name: undefined,
  startTime: START,
  endTime: END,
  initialCash: "100000",
  config: JSON.stringify(defaultConfig("conservative")),
  status: "active",
  failure: undefined,
  playbackState: "paused",
  playbackSpeed: 1,
  totalRealizedPnl: "0",
  totalUnrealizedPnl: 0,
  clock: START,
  ...changes,
});

/** Entry 1 of every session. */
export function createdEntry(): JournalEntry {
  const session = {
    name: undefined,
    startTime: START,
    endTime: END,
    initialCash: cash(100_000n * SCALE),
    config: {
      ...defaultConfig("conservative"),
      initialPositions: [{ symbol: "AAPL", qty: "1.5", avgEntryPrice: "130" }],
    },
  };
  return {
    seq: 1,
    at: START,
    command: { kind: "create_session", ...session },
    events: [{ kind: "session_created", at: START, ...session }],
  };
}

export const accountEntry = (seq: number): JournalEntry => ({
  seq,
  at: START,
  command: { kind: "open_account", initialCash: undefined, profile: '{"contact":{"city":"Zürich"}}' },
  events: [
    {
      kind: "account_opened",
      at: START,
      account: 1,
      initialCash: cash(1n),
      positions: [{ symbol: "AAPL", qty: quantity(-SCALE / 2n), avgEntryPrice: price(130n * SCALE) }],
      profile: '{"contact":{"city":"Zürich"}}',
    },
  ],
});

export const playEntry = (seq: number): JournalEntry => ({
  seq,
  at: instant(START + 60_000),
  command: { kind: "play" },
  events: [{ kind: "playback_started", at: instant(START + 60_000) }],
});

/** A fork with nothing of its own yet. */
export const forkOf = (source: string, uptoSeq: number, entries: readonly JournalEntry[] = []): Fork => ({
  source,
  uptoSeq,
  at: START,
  entries,
});

/** A session with entries 1 (created), 2 (account) and from 3 on (play). */
export async function write(
  journal: Journal,
  id: string,
  count: number,
  changes: Parameters<typeof draftOf>[1] = {},
): Promise<void> {
  await journal.create(draftOf(id, changes), createdEntry());
  for (let seq = 2; seq <= count; seq += 1) {
    await journal.append(draftOf(id, changes), seq === 2 ? accountEntry(seq) : playEntry(seq));
  }
}

export async function expectEntries(
  read: AsyncIterable<JournalEntry>,
  entries: readonly JournalEntry[],
): Promise<void> {
  deepEqual(normalize(await collect(read)), normalize(entries));
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** A copy in which an absent field and an undefined one are the same. */
export function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, normalize(field)]));
}

export const rewindTo = (uptoSeq: number, changes: Partial<Rewind> = {}): Rewind => ({
  uptoSeq,
  at: draftOf("any").clock,
  entries: [],
  epoch: { epoch: 1, account: 1, order: 1 },
  kept: undefined,
  ...changes,
});
