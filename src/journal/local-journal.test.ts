import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError, instant } from "../kernel/index.ts";
import { accountEntry, collect, createdEntry, draftOf, forkOf, playEntry, rewindTo } from "./conformance-entries.ts";
import { JOURNAL_CONFORMANCE } from "./conformance.ts";
import { openLocalJournal } from "./local-journal.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tapedeck journal #%-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = () => openLocalJournal({ directory });

/** Runs SQL over a second connection, as a visitor with a SQLite shell would. */
function visit(sql: string): void {
  const database = new Database(join(directory, "journal.db"));
  database.exec(sql);
  database.close();
}

async function writeSessions(...ids: readonly string[]): Promise<void> {
  const journal = open();
  for (const id of ids) {
    await journal.create(draftOf(id), createdEntry());
    await journal.append(draftOf(id), accountEntry(2));
    await journal.append(draftOf(id), playEntry(3));
  }
  await journal.close();
}

describe("the local journal", () => {
  for (const { name, run } of JOURNAL_CONFORMANCE) it(name, () => run(open));

  it("commits what several sessions append in one turn with one transaction", async () => {
    const journal = open();
    await Promise.all(["a", "b", "c"].map((id) => journal.create(draftOf(id), createdEntry())));
    const appendAndCount = async (id: string): Promise<number> => {
      await journal.append(draftOf(id), playEntry(2));
      const all = await Promise.all(["a", "b", "c"].map((other) => journal.find(other)));
      return all.filter((summary) => summary?.lastSeq === 2).length;
    };
    const counts = await Promise.all(["a", "b", "c"].map(appendAndCount));
    expect(counts).toEqual([3, 3, 3]);
    await journal.close();
  });

  it("neither forks nor goes back where the lines about days cannot be copied", async () => {
    await writeSessions("a");
    const journal = open();
    journal.pins("a").add("{}\n");
    mkdirSync(join(directory, "pins", "b.jsonl"));
    const before = await journal.find("a");
    await expect(journal.fork(forkOf("a", 2), draftOf("b"))).rejects.toBeInstanceOf(AppError);
    const kept = { draft: draftOf("b"), entries: [] };
    await expect(journal.rewind(rewindTo(2, { kept }), draftOf("a"))).rejects.toBeInstanceOf(AppError);
    expect([await journal.find("a"), await journal.find("b")]).toEqual([before, undefined]);
    await expect(journal.fork(forkOf("a", 9), draftOf("c"))).rejects.toThrow();
    expect(readdirSync(join(directory, "pins"))).toEqual(["a.jsonl", "b.jsonl"]);
    await journal.append(draftOf("a"), playEntry(4));
    await journal.close();
  });

  it("has gone back, or deleted, also where the disk lets nothing of the rest be removed: the next start does", async () => {
    await writeSessions("a", "b");
    const journal = open();
    visit("CREATE TRIGGER full BEFORE DELETE ON entries BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
    await journal.rewind(rewindTo(1), draftOf("a"));
    expect(await journal.delete("b")).toBe(true);
    expect([(await journal.find("a"))?.lastSeq, await journal.find("b")]).toEqual([1, undefined]);
    await journal.append(draftOf("a"), accountEntry(2));
    await journal.close();
    visit("DROP TRIGGER full");
    const again = open();
    const left = (): unknown => {
      const database = new Database(join(directory, "journal.db"), { readonly: true });
      const row = database.prepare("SELECT count(*) AS count FROM entries").get();
      database.close();
      return row;
    };
    await expect.poll(left).toMatchObject({ count: 2 });
    expect(await collect(again.read("a", 1))).toHaveLength(2);
    await again.close();
  });

  it("undoes and refuses a whole group when the disk fails in the middle of it", async () => {
    const journal = open();
    await Promise.all(["a", "b", "c"].map((id) => journal.create(draftOf(id), createdEntry())));
    visit(`CREATE TRIGGER full BEFORE INSERT ON entries WHEN NEW.payload LIKE '%poison%'
      BEGIN SELECT RAISE(FAIL, 'disk I/O error'); END`);
    const poison = {
      ...playEntry(2),
      command: { kind: "open_account", initialCash: undefined, profile: "poison" },
    } as const;
    const results = await Promise.allSettled([
      journal.create(draftOf("d"), createdEntry()),
      journal.fork(forkOf("b", 1, [poison]), draftOf("e")),
      journal.delete("a"),
    ]);
    for (const result of results)
      expect(result).toMatchObject({ status: "rejected", reason: { code: "journal_unavailable" } });
    expect(String((results[0] as PromiseRejectedResult).reason)).toMatch(/journal\.db could not .* disk I\/O error/);
    for (const id of ["a", "b", "c"]) {
      expect((await journal.find(id))?.lastSeq).toBe(1);
      expect(await collect(journal.read(id, 1))).toHaveLength(1);
    }
    expect([await journal.find("d"), await journal.find("e")]).toEqual([undefined, undefined]);
    await journal.append(draftOf("a"), playEntry(2));
    await journal.close();
  });

  it("takes entries while another program writes to its file, and shows them afterwards", async () => {
    const journal = open();
    await journal.create(draftOf("a"), createdEntry());
    const visitor = new Database(join(directory, "journal.db"));
    visitor.exec("BEGIN IMMEDIATE");
    await journal.append(draftOf("a"), playEntry(2));
    await expect(journal.find("a")).rejects.toMatchObject({ code: "journal_unavailable" });
    await expect(journal.delete("a")).rejects.toMatchObject({ code: "journal_unavailable" });
    visitor.exec("ROLLBACK");
    visitor.close();
    await journal.append(draftOf("a"), playEntry(3));
    expect(await collect(journal.read("a", 1))).toHaveLength(3);
    await journal.close();
  });

  it("refuses a draft with a broken number before others are concerned", async () => {
    const journal = open();
    const results = await Promise.allSettled([
      journal.create(draftOf("a", { totalUnrealizedPnl: Number.NaN }), createdEntry()),
      journal.create(draftOf("b"), createdEntry()),
    ]);
    expect(results.map((result) => result.status)).toEqual(["rejected", "fulfilled"]);
    await journal.close();
  });

  it("never takes a deleted session's mark for that of the session that has its slot now", async () => {
    const journal = open();
    for (const id of ["a", "b"]) await journal.create(draftOf(id), createdEntry());
    journal.mark("a", { clock: instant(9e12), totalUnrealizedPnl: 9 });
    await journal.delete("a");
    await journal.create(draftOf("c"), createdEntry());
    expect((await journal.find("c"))?.clock).toBe(draftOf("c").clock);
    journal.mark("c", { clock: instant(8e12), totalUnrealizedPnl: 8 });
    await journal.close();
    const again = open();
    await again.create(draftOf("d"), createdEntry());
    again.mark("d", { clock: instant(7e12), totalUnrealizedPnl: 7 });
    const clocks = await Promise.all(["b", "c", "d"].map(async (id) => (await again.find(id))?.clock));
    expect(clocks).toEqual([draftOf("b").clock, 8e12, 7e12]);
    await again.close();
  });

  it("falls back to the last entry's clock where the marks are lost", async () => {
    const journal = open();
    await journal.create(draftOf("a"), createdEntry());
    journal.mark("a", { clock: instant(9e12), totalUnrealizedPnl: 9 });
    await journal.close();
    rmSync(join(directory, "marks.bin"));
    const again = open();
    expect((await again.find("a"))?.clock).toBe(draftOf("a").clock);
    await again.close();
  });
});

describe("a damaged journal", () => {
  const cases: Record<string, { sql: string; seq: number }> = {
    "a flipped digit in an entry": {
      sql: `payload = replace(payload, '"account":1', '"account":2') WHERE seq = 2`,
      seq: 2,
    },
    "a changed instant beside an entry": { sql: "at = at + 1 WHERE seq = 2", seq: 2 },
    "a hash that is not the entry's": { sql: "hash = upper(hash) WHERE seq = 3", seq: 3 },
    "a text that is no JSON": { sql: "payload = 'x' WHERE seq = 1", seq: 1 },
  };
  for (const [what, { sql, seq }] of Object.entries(cases)) {
    it(`is named by session and entry: ${what}`, async () => {
      await writeSessions("good", "bad");
      visit(`UPDATE entries SET ${sql} AND branch = (SELECT branch FROM sessions WHERE id = 'bad')`);
      await expectDamage(seq);
    });
  }

  for (const seq of [1, 2, 3]) {
    it(`is found where entry ${seq} of 3 is missing`, async () => {
      await writeSessions("good", "bad");
      visit(`DELETE FROM entries WHERE seq = ${seq} AND branch = (SELECT branch FROM sessions WHERE id = 'bad')`);
      await expectDamage(seq);
    });
  }

  it("is found where two entries have changed places with their hashes", async () => {
    await writeSessions("good", "bad");
    visit(`UPDATE entries SET seq = -seq; UPDATE entries SET seq = CASE seq WHEN -2 THEN 3 WHEN -3 THEN 2 ELSE 1 END
      WHERE branch = (SELECT branch FROM sessions WHERE id = 'bad'); UPDATE entries SET seq = -seq WHERE seq < 0`);
    await expectDamage(2);
  });

  async function expectDamage(seq: number): Promise<void> {
    const journal = open();
    const error: unknown = await collect(journal.read("bad", 1)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "data_directory_damaged" });
    expect(String(error)).toContain(`session bad is damaged at entry ${seq}`);
    const sound: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const page of journal.recorded("bad", 1)) sound.push(...page.map((each) => each.seq));
    };
    await expect(reading()).rejects.toThrow(String(error).replace("AppError: ", ""));
    expect(sound).toEqual([1, 2, 3].slice(0, seq - 1));
    expect(await collect(journal.read("good", 1))).toHaveLength(3);
    await journal.append(draftOf("good"), playEntry(4));
    await journal.close();
  }
});
