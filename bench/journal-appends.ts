/** (j) Appending entries to the journal, singly and in groups, beside bare writes of as many bytes with fdatasync. */
import { randomUUID } from "node:crypto";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultConfig } from "#dist/engine/index.js";
import { openLocalJournal } from "#dist/journal/index.js";
import { instant } from "#dist/kernel/index.js";
import type { Journal, JournalEntry, SummaryDraft } from "#dist/sessions/index.js";
import type { Measurement } from "./measure.js";
import { time } from "./sessions-in-process.js";

/** What an entry is as text. */
const ENTRY_BYTES = 200;
/** Sessions that append at once: their entries share a sync. */
const GROUP = 32;
/** Rounds of each of the four, alternating: a disk's pace changes within seconds. */
const ROUNDS = 20;
const SINGLE_APPENDS = 100;
const GROUP_APPENDS = 30;
const START = time("2022-12-01T14:30:00Z");
const CONFIG = JSON.stringify(defaultConfig("conservative"));

export async function measureJournalAppends(): Promise<readonly Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), "tapedeck-bench-"));
  const journal = openLocalJournal({ directory });
  const file = openSync(join(directory, "bare"), "a");
  try {
    const sessions = await Promise.all(Array.from({ length: GROUP }, () => begin(journal)));
    const ms = { bare: 0, single: 0, bareGroup: 0, group: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      ms.bare += await timed(SINGLE_APPENDS, () => write(file, ENTRY_BYTES));
      ms.single += await timed(SINGLE_APPENDS, () => sessions[0]?.());
      ms.bareGroup += await timed(GROUP_APPENDS, () => write(file, ENTRY_BYTES * GROUP));
      ms.group += await timed(GROUP_APPENDS, () => Promise.all(sessions.map((append) => append())));
    }
    return [
      measured("singly", { bareMs: ms.bare, journalMs: ms.single, writes: ROUNDS * SINGLE_APPENDS, limit: 0.8 }),
      measured(`in groups of ${GROUP}`, {
        bareMs: ms.bareGroup,
        journalMs: ms.group,
        writes: ROUNDS * GROUP_APPENDS,
        limit: 0.2,
      }),
    ];
  } finally {
    closeSync(file);
    await journal.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function write(file: number, bytes: number): void {
  writeSync(file, Buffer.alloc(bytes, "z"));
  fdatasyncSync(file);
}

async function timed(count: number, work: () => unknown): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) await work();
  return performance.now() - start;
}

/** A session's journal; gives what appends its next entry. */
async function begin(journal: Journal): Promise<() => Promise<void>> {
  const id = randomUUID();
  let seq = 1;
  await journal.create(draftOf(id, seq), entryOf(seq));
  return () => {
    seq += 1;
    return journal.append(draftOf(id, seq), entryOf(seq));
  };
}

function entryOf(seq: number): JournalEntry {
  const at = instant(START + seq);
  const command = { kind: "update_account", account: 1, profile: "" } as const;
  const bare = { seq, at, command, events: [{ kind: "account_updated", at, account: 1, profile: "" }] };
  const text = "x".repeat(ENTRY_BYTES - JSON.stringify(bare).length);
  return { ...bare, events: [{ kind: "account_updated", at, account: 1, profile: text }] };
}

const draftOf = (id: string, seq: number): SummaryDraft => ({
  id,
  owner: "bench",
  createdAt: "2024-01-01T00:00:00Z",
  name: undefined,
  startTime: START,
  endTime: time("2024-06-28T20:00:00Z"),
  initialCash: "100000",
  config: CONFIG,
  status: "active",
  failure: undefined,
  playbackState: "paused",
  playbackSpeed: 1,
  totalRealizedPnl: "0",
  totalUnrealizedPnl: 0,
  clock: instant(START + seq),
});

interface Times {
  readonly bareMs: number;
  readonly journalMs: number;
  readonly writes: number;
  readonly limit: number;
}

function measured(how: string, { bareMs, journalMs, writes, limit }: Times): Measurement {
  const each = (ms: number): string => `${((ms / writes) * 1000).toFixed(0)} µs`;
  return {
    name: `journal appends of ${ENTRY_BYTES} bytes ${how}, share of the speed of bare synced writes`,
    detail: `journal ${each(journalMs)}, write and fdatasync ${each(bareMs)}, means of ${writes}, alternating`,
    value: bareMs / journalMs,
    limit: { kind: "at least", value: limit },
  };
}
