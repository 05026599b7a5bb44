/** What every journal must do, as cases that each adapter's test file runs. */
import { deepEqual, equal, notEqual, ok, rejects, throws } from "node:assert/strict";
import { instant } from "../kernel/index.ts";
import type { Journal } from "../sessions/index.ts";
import { branchCases } from "./conformance-branches.ts";
import {
  accountEntry,
  collect,
  createdEntry,
  draftOf,
  expectEntries,
  forkOf,
  normalize,
  playEntry,
  write,
} from "./conformance-entries.ts";

export interface ConformanceCase {
  readonly name: string;
  /** True where the case closes the journal and opens it again over what is on disk. */
  readonly needsDisk: boolean;
  readonly run: (open: () => Journal) => Promise<void>;
}

const STALE = { name: "AppError", code: "stale_writer" };
const BROKEN = { name: "InvariantError" };

const entryCases: Record<string, (journal: Journal) => Promise<void>> = {
  "gives back entries in order, exactly as they were appended": async (journal) => {
    const entries = [createdEntry(), accountEntry(2), playEntry(3)];
    await write(journal, "a", entries.length);
    await expectEntries(journal.read("a", 1), entries);
    await expectEntries(journal.read("a", 2), entries.slice(1));
    await expectEntries(journal.read("a", 4), []);
    await expectEntries(journal.read("unknown", 1), []);
  },
  "reads more entries than fit into one page": async (journal) => {
    await write(journal, "a", 450);
    const entries = await collect(journal.read("a", 1));
    deepEqual(
      entries.map((entry) => entry.seq),
      Array.from({ length: 450 }, (_, index) => index + 1),
    );
  },
  "keeps no reference to what was handed in": async (journal) => {
    const entry = { ...createdEntry(), events: [...createdEntry().events] };
    await journal.create(draftOf("a"), entry);
    entry.events.length = 0;
    await expectEntries(journal.read("a", 1), [createdEntry()]);
  },
  "refuses a second session of the same id and keeps the first": async (journal) => {
    await journal.create(draftOf("a", { name: "first" }), createdEntry());
    await rejects(journal.create(draftOf("a", { name: "second" }), createdEntry()), BROKEN);
    equal((await journal.find("a"))?.name, "first");
  },
  "refuses an entry that is not the next one": async (journal) => {
    await write(journal, "a", 2);
    for (const seq of [0, 1, 2, 4]) await rejects(journal.append(draftOf("a"), playEntry(seq)), STALE);
    await rejects(journal.append(draftOf("unknown"), playEntry(2)), STALE);
    equal((await collect(journal.read("a", 1))).length, 2);
  },
  "lets one of two writers of the same entry win": async (journal) => {
    await write(journal, "a", 1);
    const both = [journal.append(draftOf("a"), playEntry(2)), journal.append(draftOf("a"), accountEntry(2))];
    const results = await Promise.allSettled(both);
    deepEqual(
      results.map((result) => result.status),
      ["fulfilled", "rejected"],
    );
    await expectEntries(journal.read("a", 2), [playEntry(2)]);
  },
  "fails a stale writer alone when many sessions append at once": async (journal) => {
    const ids = Array.from({ length: 40 }, (_, index) => `s${index}`);
    await Promise.all(ids.map((id) => journal.create(draftOf(id), createdEntry())));
    const appends = ids.map((id, index) => journal.append(draftOf(id), playEntry(index === 20 ? 7 : 2)));
    const results = await Promise.allSettled(appends);
    equal(results.filter((result) => result.status === "fulfilled").length, 39);
    equal(results[20]?.status, "rejected");
    for (const [index, id] of ids.entries()) equal((await journal.find(id))?.lastSeq, index === 20 ? 1 : 2);
  },
  "takes a run of entries of one session without waiting in between": async (journal) => {
    const draft = draftOf("a");
    const writes = [journal.create(draft, createdEntry())];
    for (let seq = 2; seq <= 50; seq += 1) writes.push(journal.append(draft, playEntry(seq)));
    await Promise.all(writes);
    equal((await collect(journal.read("a", 1))).length, 50);
  },
  "chains hashes over entries and nothing else": async (journal) => {
    await write(journal, "a", 3);
    await write(journal, "b", 3, { name: "Other", owner: "someone else" });
    await write(journal, "c", 2);
    await journal.append(draftOf("c"), accountEntry(3));
    const hashes = await Promise.all(["a", "b", "c"].map(async (id) => (await journal.find(id))?.lastHash ?? ""));
    ok(/^[0-9a-f]{64}$/.test(hashes[0] ?? ""));
    equal(hashes[0], hashes[1]);
    notEqual(hashes[0], hashes[2]);
  },
};

const proofCases: Record<string, (journal: Journal) => Promise<void>> = {
  "gives entries as they are kept, with hashes that anyone can take again": async (journal) => {
    await write(journal, "a", 450);
    const { codec } = journal;
    const stored = await collect(journal.stored("a", 1));
    const entries = await collect(journal.read("a", 1));
    let hash = codec.genesis;
    for (const [index, each] of stored.entries()) {
      hash = codec.hash(hash, each.payload);
      deepEqual(each, { seq: index + 1, at: entries[index]?.at, hash, payload: each.payload });
      deepEqual(normalize(codec.decode(each.payload)), normalize(entries[index]));
    }
    equal(stored.length, 450);
    equal((await journal.find("a"))?.lastHash, hash);
    deepEqual(await collect(journal.stored("a", 449)), stored.slice(448));
    deepEqual(await collect(journal.stored("unknown", 1)), []);
  },
  "gives entries with their events as text, in pages": async (journal) => {
    await write(journal, "a", 450);
    const recorded = (await collect(journal.recorded("a", 1))).flat();
    const plain = recorded.map((each) => ({
      seq: each.seq,
      at: each.at,
      command: each.command,
      events: each.events(),
    }));
    deepEqual(plain.map(normalize), (await collect(journal.read("a", 1))).map(normalize));
    for (const [index, each] of recorded.entries()) {
      const events = plain[index]?.events ?? [];
      ok(each.isOf(events));
      ok(!each.isOf([...events, ...(plain[0]?.events ?? [])]));
    }
    deepEqual((await collect(journal.recorded("a", 449))).flat().length, 2);
    deepEqual(await collect(journal.recorded("unknown", 1)), []);
  },
  "tells the hash of one entry": async (journal) => {
    await write(journal, "a", 3);
    const stored = await collect(journal.stored("a", 1));
    const hashes = await Promise.all([0, 1, 3, 4].map((seq) => journal.hashAt("a", seq)));
    deepEqual(hashes, [undefined, stored[0]?.hash, stored[2]?.hash, undefined]);
    equal(await journal.hashAt("unknown", 1), undefined);
  },
  "gives a session to another owner": async (journal) => {
    await write(journal, "a", 2);
    await journal.adopt("a", "heir");
    await journal.adopt("unknown", "heir");
    deepEqual((await journal.list("owner", { limit: 9, after: undefined })).sessions, []);
    equal((await journal.list("heir", { limit: 9, after: undefined })).sessions[0]?.id, "a");
    await journal.append(draftOf("a", { owner: "heir" }), playEntry(3));
    equal((await journal.find("a"))?.owner, "heir");
  },
  "takes no text that is not canonical": async ({ codec }) => {
    const text = codec.encode(accountEntry(2));
    equal(codec.encode(codec.decode(text)), text);
    for (const wrong of [` ${text}`, text.replace('"at":', '"at": '), "{}", "", text.slice(1)]) {
      throws(() => codec.decode(wrong), Error);
    }
    equal(codec.plain(accountEntry(2).events[0] ?? { kind: "session_completed", at: instant(0) })["account"], 1);
  },
};

const pinCases: Record<string, (journal: Journal) => Promise<void>> = {
  "keeps lines about the tape for each session, and hands them on to a fork": async (journal) => {
    await write(journal, "a", 2);
    await write(journal, "b", 1);
    equal(journal.pins("a").read(), "");
    journal.pins("a").add("one\n");
    journal.pins("a").add("two\n");
    equal(journal.pins("a").read(), "one\ntwo\n");
    equal(journal.pins("b").read(), "");
    await journal.fork(forkOf("a", 1), draftOf("c"));
    journal.pins("a").replace("three\n");
    equal(journal.pins("c").read(), "one\ntwo\n");
    equal(journal.pins("a").read(), "three\n");
    await journal.delete("a");
    equal(journal.pins("a").read(), "");
    equal(journal.pins("c").read(), "one\ntwo\n");
  },
};

const summaryCases: Record<string, (journal: Journal) => Promise<void>> = {
  "keeps a summary exactly, whatever its texts hold": async (journal) => {
    const name = "\u0000 \ud800 \"quoted\" 'and' \\ — ✓ \u{1f4fc}";
    const draft = draftOf("a", { name, failure: "\u0000?", totalUnrealizedPnl: -0.1, playbackSpeed: 1e6 });
    await journal.create(draft, createdEntry());
    const found = await journal.find("a");
    deepEqual(found, { ...draft, lastSeq: 1, lastHash: found?.lastHash, origin: undefined, epochs: [] });
    equal(await journal.find("A"), undefined);
  },
  "renews the summary with every entry": async (journal) => {
    await write(journal, "a", 1);
    await journal.append(draftOf("a", { name: "New", clock: instant(5), status: "completed" }), playEntry(2));
    const found = await journal.find("a");
    deepEqual([found?.name, found?.clock, found?.status, found?.lastSeq], ["New", 5, "completed", 2]);
  },
  "shows a mark until the next entry": async (journal) => {
    await journal.create(draftOf("a", { clock: instant(100) }), createdEntry());
    journal.mark("a", { clock: instant(200), totalUnrealizedPnl: 1.5 });
    journal.mark("a", { clock: instant(300), totalUnrealizedPnl: -2.25 });
    deepEqual(await clockOf(journal), [300, -2.25]);
    deepEqual((await journal.list("owner", { limit: 5, after: undefined })).sessions[0]?.clock, 300);
    await journal.append(draftOf("a", { clock: instant(250), totalUnrealizedPnl: 7 }), playEntry(2));
    deepEqual(await clockOf(journal), [250, 7]);
    journal.mark("a", { clock: instant(10), totalUnrealizedPnl: 1 });
    deepEqual(await clockOf(journal), [250, 7]);
  },
  "ignores marks and failures of sessions that do not exist": async (journal) => {
    journal.mark("unknown", { clock: instant(1), totalUnrealizedPnl: 0 });
    await journal.fail("unknown", "why");
    equal(await journal.find("unknown"), undefined);
  },
  "marks a session as failed and keeps its entries": async (journal) => {
    await write(journal, "a", 2);
    await journal.fail("a", "an invariant broke");
    const found = await journal.find("a");
    deepEqual([found?.status, found?.failure, found?.lastSeq], ["failed", "an invariant broke", 2]);
    equal((await collect(journal.read("a", 1))).length, 2);
  },
  "lists the sessions that are playing": async (journal) => {
    await write(journal, "a", 1);
    await write(journal, "b", 1, { playbackState: "playing" });
    await write(journal, "c", 1, { playbackState: "playing" });
    await journal.append(draftOf("c"), playEntry(2));
    deepEqual(await journal.listPlaying(), ["b"]);
  },
  "lists newest first, page by page, and only the owner's": async (journal) => {
    const times = [
      "2024-01-01T00:00:00.5Z",
      "2024-01-01T00:00:00Z",
      "2024-01-01T00:00:00.25Z",
      "2024-01-01T00:00:00.25Z",
    ];
    for (const [index, createdAt] of times.entries()) await write(journal, `s${index}`, 1, { createdAt });
    await write(journal, "foreign", 1, { owner: "someone else" });
    deepEqual(await listIds(journal, 2), [
      ["s0", "s3"],
      ["s2", "s1"],
    ]);
    deepEqual(await listIds(journal, 3), [["s0", "s3", "s2"], ["s1"]]);
    deepEqual(await journal.list("nobody", { limit: 2, after: undefined }), { sessions: [], next: undefined });
    deepEqual(await journal.list("owner", { limit: 2, after: "no cursor" }), { sessions: [], next: undefined });
  },
  "goes on with a list after the session that ended a page was deleted": async (journal) => {
    for (const id of ["a", "b", "c"]) await write(journal, id, 1);
    const page = await journal.list("owner", { limit: 2, after: undefined });
    await journal.delete("b");
    const rest = await journal.list("owner", { limit: 2, after: page.next });
    deepEqual(
      rest.sessions.map((summary) => summary.id),
      ["a"],
    );
  },
};

const lifeCases: Record<string, (journal: Journal) => Promise<void>> = {
  "forks a prefix with the same hashes, after which both go their own way": async (journal) => {
    await write(journal, "a", 2);
    const hash = (await journal.find("a"))?.lastHash;
    await journal.append(draftOf("a"), playEntry(3));
    await journal.fork(forkOf("a", 2), draftOf("b", { name: "Fork" }));
    const fork = await journal.find("b");
    deepEqual([fork?.lastSeq, fork?.lastHash, fork?.name], [2, hash, "Fork"]);
    await journal.append(draftOf("b"), accountEntry(3));
    await expectEntries(journal.read("a", 3), [playEntry(3)]);
    await expectEntries(journal.read("b", 1), [createdEntry(), accountEntry(2), accountEntry(3)]);
    await journal.delete("a");
    equal((await collect(journal.read("b", 1))).length, 3);
  },
  "refuses to fork what is not there": async (journal) => {
    await write(journal, "a", 2);
    for (const seq of [0, 3]) await rejects(journal.fork(forkOf("a", seq), draftOf("b")), BROKEN);
    await rejects(journal.fork(forkOf("unknown", 1), draftOf("b")), BROKEN);
    await rejects(journal.fork(forkOf("a", 1), draftOf("a")), BROKEN);
    equal(await journal.find("b"), undefined);
  },
  ...branchCases,
  "deletes every trace, once": async (journal) => {
    await write(journal, "a", 3, { playbackState: "playing" });
    journal.mark("a", { clock: instant(9e12), totalUnrealizedPnl: 3 });
    equal(await journal.delete("a"), true);
    equal(await journal.delete("a"), false);
    equal(await journal.find("a"), undefined);
    deepEqual(await journal.listPlaying(), []);
    await expectEntries(journal.read("a", 1), []);
    await rejects(journal.append(draftOf("a"), playEntry(4)), STALE);
    await write(journal, "a", 1);
    deepEqual(await clockOf(journal), [draftOf("a").clock, 0]);
  },
  "refuses everything once it is closed": async (journal) => {
    await write(journal, "a", 1);
    await journal.close();
    const closed = { name: "AppError", code: "journal_unavailable" };
    await rejects(journal.append(draftOf("a"), playEntry(2)), closed);
    await rejects(journal.find("a"), closed);
  },
};

const diskCases: Record<string, (open: () => Journal) => Promise<void>> = {
  "has everything again after it was opened anew": async (open) => {
    const journal = open();
    await write(journal, "a", 3, { playbackState: "playing", name: "Kept" });
    await write(journal, "b", 1);
    journal.mark("a", { clock: instant(9e12), totalUnrealizedPnl: 3 });
    const before = [await journal.find("a"), await journal.list("owner", { limit: 9, after: undefined })];
    await journal.close();
    const again = open();
    deepEqual([await again.find("a"), await again.list("owner", { limit: 9, after: undefined })], before);
    await expectEntries(again.read("a", 1), [createdEntry(), accountEntry(2), playEntry(3)]);
    deepEqual(await again.listPlaying(), ["a"]);
    await rejects(again.append(draftOf("a"), playEntry(3)), STALE);
    await again.append(draftOf("a"), playEntry(4));
    await again.close();
  },
  "commits what was handed in before it was closed": async (open) => {
    const journal = open();
    const created = journal.create(draftOf("a"), createdEntry());
    await journal.close();
    await created;
    const again = open();
    equal((await again.find("a"))?.lastSeq, 1);
    await again.close();
  },
};

/** Every case, each to be run over an empty journal. */
export const JOURNAL_CONFORMANCE: readonly ConformanceCase[] = [
  ...Object.entries({ ...entryCases, ...proofCases, ...pinCases, ...summaryCases, ...lifeCases }).map(
    ([name, run]) => ({
      name,
      needsDisk: false,
      run: (open: () => Journal) => runOnce(open(), run),
    }),
  ),
  ...Object.entries(diskCases).map(([name, run]) => ({ name, needsDisk: true, run })),
];

async function runOnce(journal: Journal, run: (journal: Journal) => Promise<void>): Promise<void> {
  try {
    await run(journal);
  } finally {
    await journal.close();
  }
}

async function clockOf(journal: Journal): Promise<readonly unknown[]> {
  const summary = await journal.find("a");
  return [summary?.clock, summary?.totalUnrealizedPnl];
}

async function listIds(journal: Journal, limit: number): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  let after: string | undefined;
  do {
    const page = await journal.list("owner", { limit, after });
    pages.push(page.sessions.map((summary) => summary.id));
    after = page.next;
  } while (after !== undefined);
  return pages;
}
