/** A directory with ten thousand sessions is listed by page without one of them being opened. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSession, OWNER } from "../../test/support/sessions.ts";
import { openLocalJournal } from "../journal/index.ts";
import { openMarket, type Market } from "../market/index.ts";
import type { Journal, JournalEntry, SummaryDraft } from "./journal-port.ts";
import { openRegistry } from "./registry.ts";

const SESSIONS = 10_000;

let directory: string;
let market: Market;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "tapedeck-many-"));
  market = await openMarket({ dataDir: directory });
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Copies of one session that was made in order. */
async function fill(): Promise<void> {
  const journal = openLocalJournal({ directory });
  const registry = await openRegistry({ journal, market });
  const { id } = await openSession(registry);
  const found = await journal.find(id);
  const first = (await journal.read(id, 1)[Symbol.asyncIterator]().next()).value as JournalEntry | undefined;
  if (first === undefined || found === undefined) throw new Error("no session");
  const { lastSeq: _seq, lastHash: _hash, origin: _origin, epochs: _epochs, isClockRecovered: _is, ...draft } = found;
  const copies = Array.from({ length: SESSIONS - 1 }, (): SummaryDraft => ({ ...draft, id: crypto.randomUUID() }));
  await Promise.all(copies.map((copy) => journal.create(copy, first)));
  await registry.close();
}

it("ten thousand sessions are listed by page without one being opened", async () => {
  await fill();
  const opened: string[] = [];
  const noting = <K extends "read" | "stored" | "recorded" | "snapshots">(journal: Journal, name: K): Journal[K] =>
    ((id: string, from: number) => {
      opened.push(id);
      return (journal[name] as (id: string, from: number) => unknown)(id, from);
    }) as Journal[K];
  const journal = openLocalJournal({ directory });
  const registry = await openRegistry({
    journal: {
      ...journal,
      read: noting(journal, "read"),
      stored: noting(journal, "stored"),
      recorded: noting(journal, "recorded"),
      snapshots: noting(journal, "snapshots"),
    },
    market,
  });
  const ids = new Set<string>();
  let after: string | undefined;
  let pages = 0;
  do {
    const { sessions, next } = await registry.list(OWNER, { limit: 100, after });
    for (const { id, clock, status } of sessions) {
      expect([clock, status]).toEqual([expect.any(Number), "active"]);
      ids.add(id);
    }
    after = next;
    pages += 1;
  } while (after !== undefined);
  expect([ids.size, pages, opened]).toEqual([SESSIONS, 100, []]);
  await registry.find(OWNER, [...ids][0] ?? "");
  expect(opened.length).toBeGreaterThan(0);
  await registry.close();
});
