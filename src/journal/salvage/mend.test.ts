import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instant } from "../../kernel/index.ts";
import { collect, createdEntry, draftOf, playEntry } from "../conformance-entries.ts";
import { openLocalJournal } from "../local-journal.ts";

const PAGE_BYTES = 4096;
const ENTRIES = 120;

let directory: string;
let path: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "tapedeck-mend-"));
  path = join(directory, "journal.db");
  const journal = openLocalJournal({ directory });
  for (const id of ["first", "second", "third"]) {
    await journal.create(draftOf(id), createdEntry());
    for (let seq = 2; seq <= ENTRIES; seq += 1) await journal.append(draftOf(id), playEntry(seq));
    journal.mark(id, { clock: instant(9e12), totalUnrealizedPnl: 1 });
  }
  await journal.close();
});

afterEach(() => rmSync(directory, { recursive: true }));

interface Page {
  readonly number: number;
  readonly kind: string;
}

/** The pages of a table or an index, as SQLite tells them. */
function pagesOf(name: string): readonly Page[] {
  const copy = join(directory, "copy.db");
  cpSync(path, copy);
  const database = new Database(copy);
  const rows = database.prepare("SELECT pageno, pagetype FROM dbstat WHERE name = ?").raw().all(name) as [
    number,
    string,
  ][];
  database.close();
  for (const each of readdirSync(directory)) if (each.startsWith("copy.db")) rmSync(join(directory, each));
  return rows.map(([number, kind]) => ({ number, kind }));
}

function hurt(page: number | undefined): void {
  const bytes = readFileSync(path);
  const at = ((page ?? 0) - 1) * PAGE_BYTES;
  bytes.fill(0xa5, at, at + 64);
  writeFileSync(path, bytes);
}

async function open(): Promise<{ readonly warnings: string[]; readonly whole: Record<string, boolean> }> {
  const warnings: string[] = [];
  const journal = openLocalJournal({ directory, warn: (words) => warnings.push(words) });
  const whole: Record<string, boolean> = {};
  for (const id of ["first", "second", "third"]) {
    whole[id] = await collect(journal.read(id, 1)).then(
      (entries) => entries.length === ENTRIES,
      () => false,
    );
    const summary = await journal.find(id);
    expect(summary?.status).toBe(whole[id] ? "active" : "failed");
    expect(summary?.clock).toBe(9e12);
    if (whole[id]) await journal.append(draftOf(id), playEntry(ENTRIES + 1));
    else expect(summary?.failure).toMatch(/damaged at entry \d+/);
  }
  await journal.close();
  return { warnings, whole };
}

const LEAVES = "entries";

describe("a database of which a page is damaged", () => {
  it("goes on with the sessions that lie elsewhere, names the others, and keeps the damaged file", async () => {
    const leaves = pagesOf(LEAVES).filter(({ kind }) => kind === "leaf");
    hurt(leaves[2]?.number);
    const before = readFileSync(path);
    const { warnings, whole } = await open();
    expect(whole).toEqual({ first: false, second: true, third: true });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/SQLite says .*entries are lost of first\./);
    expect(readFileSync(`${path}.damaged-1`).equals(before)).toBe(true);
    const again = openLocalJournal({ directory, warn: (words) => expect.fail(words) });
    expect(await collect(again.read("second", 1))).toHaveLength(ENTRIES + 1);
    await again.close();
  });

  it.each(["sqlite_autoindex_entries_1", "entries"])("loses nothing where it is above the leaves: %s", async (name) => {
    for (const { number, kind } of pagesOf(name)) if (name !== "entries" || kind === "internal") hurt(number);
    const { warnings, whole } = await open();
    expect(whole).toEqual({ first: true, second: true, third: true });
    expect(warnings[0]).toMatch(/every session is whole/);
  });

  it("begins anew where a kill has left half a file", async () => {
    hurt(pagesOf(LEAVES).filter(({ kind }) => kind === "leaf")[2]?.number);
    for (const suffix of ["", "-wal", "-shm"]) writeFileSync(`${path}.mended.partial${suffix}`, "half a file");
    expect((await open()).whole).toEqual({ first: false, second: true, third: true });
    expect(readdirSync(directory).filter((name) => name.includes("mended"))).toEqual([]);
  });

  it("goes on mending where a crash has cut in", async () => {
    hurt(pagesOf(LEAVES).find(({ kind }) => kind === "leaf")?.number);
    const damaged = readFileSync(path);
    await open();
    const mended = readFileSync(path);
    writeFileSync(path, damaged);
    writeFileSync(`${path}-wal`, "what belongs to the damaged file");
    writeFileSync(`${path}.mended`, mended);
    const journal = openLocalJournal({ directory, warn: (words) => expect.fail(words) });
    expect(await collect(journal.read("third", 1))).toHaveLength(ENTRIES + 1);
    await journal.close();
    expect(existsSync(`${path}.mended`)).toBe(false);
  });
});
