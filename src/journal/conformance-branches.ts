/** What every journal must do where pasts are shared: forks of forks, ways back, deletions, snapshots. */
import { deepEqual, equal, notEqual, rejects } from "node:assert/strict";
import { instant } from "../kernel/index.ts";
import type { Journal, Snapshot } from "../sessions/index.ts";
import {
  accountEntry,
  collect,
  createdEntry,
  draftOf,
  expectEntries,
  forkOf,
  playEntry,
  rewindTo,
  write,
} from "./conformance-entries.ts";

const AT = draftOf("any").clock;
const STALE = { name: "AppError", code: "stale_writer" };

const snapshotAt = (seq: number, text: string): Snapshot => ({
  seq,
  format: "1",
  head: Buffer.from(`head ${text}`),
  pages: [{ list: "orders", page: 0, content: Buffer.from(`page ${text}`) }],
  keys: [{ account: 1, key: `key\u0000 ${text}`, ordinal: seq }],
});

const textOf = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

const seqs = async (journal: Journal, id: string): Promise<readonly number[]> =>
  (await collect(journal.read(id, 1))).map(({ seq }) => seq);

export const branchCases: Record<string, (journal: Journal) => Promise<void>> = {
  "forks with entries of its own, in one go": async (journal) => {
    await write(journal, "a", 2);
    await journal.fork(forkOf("a", 1, [accountEntry(2), playEntry(3)]), draftOf("b"));
    await expectEntries(journal.read("b", 1), [createdEntry(), accountEntry(2), playEntry(3)]);
    await expectEntries(journal.read("b", 3), [playEntry(3)]);
    await journal.append(draftOf("b"), playEntry(4));
    equal((await journal.find("b"))?.lastSeq, 4);
    equal((await journal.find("a"))?.lastSeq, 2);
  },
  "tells where a fork came from, and lists forks oldest first": async (journal) => {
    await write(journal, "a", 3);
    equal((await journal.find("a"))?.origin, undefined);
    await journal.fork(forkOf("a", 2), draftOf("b", { createdAt: "2024-02-01T00:00:00Z" }));
    await journal.fork(forkOf("a", 3), draftOf("c", { createdAt: "2024-01-20T00:00:00Z" }));
    await journal.fork(forkOf("b", 1), draftOf("d"));
    deepEqual((await journal.find("b"))?.origin, { session: "a", at: AT, seq: 2, isDeleted: false });
    deepEqual(
      (await journal.forksOf("a")).map(({ id }) => id),
      ["c", "b"],
    );
    deepEqual(
      (await journal.forksOf("b")).map(({ id }) => id),
      ["d"],
    );
    await journal.delete("a");
    equal((await journal.find("b"))?.origin?.isDeleted, true);
    equal((await journal.find("d"))?.origin?.isDeleted, false);
  },
  "keeps what forks of forks share, whoever of them is deleted, until the last is gone": async (journal) => {
    await write(journal, "a", 6);
    await journal.fork(forkOf("a", 4), draftOf("b"));
    await journal.append(draftOf("b"), playEntry(5));
    await journal.fork(forkOf("b", 5), draftOf("c"));
    await journal.append(draftOf("c"), playEntry(6));
    await journal.fork(forkOf("c", 2), draftOf("d"));
    const hash = (await journal.find("c"))?.lastHash;
    await journal.delete("b");
    await journal.delete("a");
    deepEqual(await seqs(journal, "c"), [1, 2, 3, 4, 5, 6]);
    deepEqual([await seqs(journal, "d"), (await journal.find("c"))?.lastHash], [[1, 2], hash]);
    await journal.delete("c");
    deepEqual(await seqs(journal, "d"), [1, 2]);
    await journal.append(draftOf("d"), playEntry(3));
    deepEqual(await seqs(journal, "d"), [1, 2, 3]);
    equal(await journal.delete("d"), true);
  },
  "goes back, and leaves what came after to another session": async (journal) => {
    await write(journal, "a", 5);
    const before = await journal.find("a");
    const kept = { draft: draftOf("future", { name: "What came after" }), entries: [] };
    await journal.rewind(rewindTo(2, { entries: [playEntry(3)], kept }), draftOf("a", { clock: instant(7) }));
    const after = await journal.find("a");
    deepEqual([after?.lastSeq, after?.clock, after?.epochs], [3, 7, [{ epoch: 1, account: 1, order: 1 }]]);
    await expectEntries(journal.read("a", 1), [createdEntry(), accountEntry(2), playEntry(3)]);
    const future = await journal.find("future");
    deepEqual([future?.lastSeq, future?.lastHash, future?.name], [5, before?.lastHash, "What came after"]);
    deepEqual(future?.origin, { session: "a", at: AT, seq: 2, isDeleted: false });
    await journal.append(draftOf("a"), accountEntry(4));
    await journal.append(draftOf("future"), playEntry(6));
    deepEqual(
      [await seqs(journal, "a"), await seqs(journal, "future")],
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4, 5, 6],
      ],
    );
    await journal.delete("future");
    deepEqual(await seqs(journal, "a"), [1, 2, 3, 4]);
  },
  "goes back for good where nobody keeps what came after, but for what forks share of it": async (journal) => {
    await write(journal, "a", 5);
    await journal.fork(forkOf("a", 4), draftOf("b"));
    await journal.rewind(rewindTo(2), draftOf("a"));
    deepEqual(
      [await seqs(journal, "a"), await seqs(journal, "b")],
      [
        [1, 2],
        [1, 2, 3, 4],
      ],
    );
    await journal.rewind(rewindTo(1, { epoch: { epoch: 2, account: 1, order: 1 } }), draftOf("a"));
    deepEqual((await journal.find("a"))?.epochs, [{ epoch: 2, account: 1, order: 1 }]);
    await journal.append(draftOf("a"), playEntry(2));
    await journal.rewind(rewindTo(2, { epoch: { epoch: 3, account: 2, order: 1 } }), draftOf("a"));
    equal((await journal.find("a"))?.epochs.length, 2);
    deepEqual(
      [await seqs(journal, "a"), await seqs(journal, "b")],
      [
        [1, 2],
        [1, 2, 3, 4],
      ],
    );
    notEqual((await journal.find("a"))?.lastHash, (await journal.find("b"))?.lastHash);
  },
  "refuses to go back to what is not there": async (journal) => {
    await write(journal, "a", 2);
    for (const seq of [0, 3]) await rejects(journal.rewind(rewindTo(seq), draftOf("a")), STALE);
    await rejects(journal.rewind(rewindTo(1), draftOf("unknown")), STALE);
    deepEqual(await seqs(journal, "a"), [1, 2]);
  },
  "finds the last entry of a time, on every branch": async (journal) => {
    await journal.create(draftOf("a"), { ...createdEntry(), at: instant(10) });
    for (const [seq, at] of [
      [2, 20],
      [3, 20],
      [4, 30],
    ] as const) {
      await journal.append(draftOf("a"), { ...playEntry(seq), at: instant(at) });
    }
    await journal.fork(forkOf("a", 3, [{ ...playEntry(4), at: instant(25) }]), draftOf("b"));
    const found = async (id: string): Promise<readonly number[]> =>
      Promise.all([9, 10, 19, 20, 24, 25, 30, 99].map((at) => journal.seqAt(id, instant(at))));
    deepEqual(await found("a"), [0, 1, 1, 3, 3, 3, 4, 4]);
    deepEqual(await found("b"), [0, 1, 1, 3, 3, 4, 4, 4]);
    deepEqual(await found("unknown"), [0, 0, 0, 0, 0, 0, 0, 0]);
  },
  "keeps snapshots of a session, and hands those of a shared past on": async (journal) => {
    await write(journal, "a", 6);
    const store = journal.snapshots("a");
    equal(store.find("1", 9), undefined);
    await store.save(snapshotAt(2, "two"));
    await store.save({ ...snapshotAt(4, "four"), pages: [] });
    await journal.fork(forkOf("a", 5), draftOf("b"));
    await store.save(snapshotAt(6, "six"));
    deepEqual([store.find("1", 5)?.seq, store.find("1", 3)?.seq, store.find("1", 1)?.seq], [4, 2, undefined]);
    equal(store.find("another format", 9), undefined);
    deepEqual(
      [4, 6].map((seq) => textOf(store.page(seq, "orders", 0))),
      ["page two", "page six"],
    );
    equal(store.page(6, "orders", 1), undefined);
    deepEqual(
      [store.key(6, 1, "key\u0000 six"), store.key(4, 1, "key\u0000 six"), store.key(4, 1, "key\u0000 two")],
      [6, undefined, 2],
    );
    const fork = journal.snapshots("b");
    deepEqual([fork.find("1", 9)?.seq, textOf(fork.find("1", 9)?.head)], [4, "head four"]);
    await fork.save({ ...snapshotAt(5, "own"), keys: [] });
    deepEqual(
      [textOf(fork.page(5, "orders", 0)), fork.key(5, 1, "key\u0000 two"), fork.key(5, 1, "key\u0000 six")],
      ["page own", 2, undefined],
    );
    await journal.delete("a");
    deepEqual([textOf(fork.page(4, "orders", 0)), fork.key(5, 1, "key\u0000 two")], ["page two", 2]);
    await journal.snapshots("unknown").save(snapshotAt(1, "nobody's"));
  },
  "has no snapshot of what was left by going back": async (journal) => {
    await write(journal, "a", 4);
    const store = journal.snapshots("a");
    await store.save(snapshotAt(2, "two"));
    await store.save(snapshotAt(4, "four"));
    await journal.rewind(rewindTo(3, { kept: { draft: draftOf("future"), entries: [accountEntry(5)] } }), draftOf("a"));
    deepEqual([store.find("1", 9)?.seq, journal.snapshots("future").find("1", 9)?.seq], [2, 4]);
    await journal.append(draftOf("a"), playEntry(4));
    deepEqual([store.find("1", 9)?.seq, store.key(4, 1, "key\u0000 four")], [2, undefined]);
    await store.save(snapshotAt(4, "another four"));
    equal(textOf(store.page(4, "orders", 0)), "page another four");
  },
};
