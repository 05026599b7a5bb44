/** Law 6 on disk: what is damaged is found, named, and hits only the session or the start that it concerns. */
import { hash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../support/http-client.ts";
import { startServer } from "../support/server-process.ts";
import {
  HURT_LATE_MARK,
  HURT_MARK,
  HURT_SYMBOL,
  judge,
  makeTemplates,
  placeOrder,
  type Templates,
  type Verdict,
  WELL_MARK,
} from "./two-sessions.ts";

interface Damage {
  readonly name: string;
  /** Of a directory after an orderly stop, or after kill -9. */
  readonly after: "stopped" | "killed";
  readonly hurt: (directory: string, templates: Templates) => void;
  /** Any of these will do. */
  readonly ought: readonly Verdict["kind"][];
  /** True where clocks may go back, and with them prices: then orders alone are compared. */
  readonly costsClock?: boolean;
  /** What must be said. */
  readonly says?: RegExp;
}

/** Files to which entries are appended before they are in the database. */
const LOG = /(?:-wal|\.log)$/;

const DAMAGES: readonly Damage[] = [
  {
    name: "nothing at all, after an orderly stop",
    after: "stopped",
    hurt: () => undefined,
    ought: ["intact"],
  },
  {
    name: "nothing at all, after kill -9",
    after: "killed",
    hurt: () => undefined,
    ought: ["intact"],
  },
  {
    name: "a flipped bit in the text of an entry",
    after: "stopped",
    hurt: (directory) => flipIn(directory, () => true, Buffer.from(HURT_MARK)),
    ought: ["contained"],
    says: /data_directory_damaged|damaged at entry \d+/,
  },
  {
    name: "a flipped bit in the text of an entry that is still in the log, before others",
    after: "killed",
    hurt: (directory) => flipIn(directory, (name) => LOG.test(name), Buffer.from(`${HURT_LATE_MARK}-1`)),
    ought: ["contained", "refused"],
    says: /damaged/,
  },
  {
    name: "a flipped bit in the structure of the sessions' own page",
    after: "stopped",
    hurt: (directory) => flipAt(join(directory, "journal.db"), 4096),
    ought: ["refused"],
    says: /data_directory_damaged.*journal\.db.*tapedeck rescue/s,
  },
  {
    name: "a flipped bit in the structure of a page of entries",
    after: "stopped",
    hurt: (directory) => flipAt(join(directory, "journal.db"), pageOfHurt(directory)),
    ought: ["intact"],
    says: /journal\.db was damaged.*every session is whole.*journal\.db\.damaged-1/s,
  },
  {
    name: "a page of entries that is overwritten",
    after: "stopped",
    hurt: (directory) => overwrite(join(directory, "journal.db"), pageOfHurt(directory)),
    ought: ["contained"],
    says: /journal\.db was damaged.*entries are lost of .*journal\.db\.damaged-1/s,
  },
  {
    name: "a page of entries that is overwritten, after kill -9",
    after: "killed",
    hurt: (directory) => overwrite(join(directory, "journal.db"), pageOfHurt(directory)),
    ought: ["contained"],
    says: /journal\.db was damaged.*entries are lost of /s,
  },
  {
    name: "a flipped bit in the list of the rows of a page of entries",
    after: "stopped",
    hurt: (directory) => flipAt(join(directory, "journal.db"), pageOfHurt(directory) + CELLS_AT),
    ought: ["contained", "intact"],
    says: /journal\.db was damaged/,
  },
  {
    name: "a flipped bit in each page above those of rows, which costs no row",
    after: "stopped",
    hurt: (directory) => {
      for (const page of pagesAboveRows(directory)) flipAt(join(directory, "journal.db"), page);
    },
    ought: ["intact"],
    says: /journal\.db was damaged.*every session is whole/s,
  },
  {
    name: "a flipped bit in the first bytes of the database",
    after: "stopped",
    hurt: (directory) => flipAt(join(directory, "journal.db"), 3),
    ought: ["refused"],
    says: /data_directory_damaged.*journal\.db/s,
  },
  {
    name: "a database that was cut in half",
    after: "stopped",
    hurt: (directory) => keepPart(join(directory, "journal.db"), 0.5),
    ought: ["refused"],
    says: /data_directory_damaged.*journal\.db/s,
  },
  {
    name: "half a record at the end of the log",
    after: "killed",
    hurt: (directory) => {
      for (const path of logsIn(directory)) {
        const bytes = readFileSync(path);
        writeFileSync(path, Buffer.concat([bytes, bytes.subarray(bytes.length - 700, bytes.length - 300)]));
      }
    },
    ought: ["intact"],
  },
  {
    name: "zeros at the end of the log",
    after: "killed",
    hurt: (directory) => {
      for (const path of logsIn(directory))
        writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(9000)]));
    },
    ought: ["intact"],
  },
  {
    name: "a lost log",
    after: "killed",
    hurt: (directory) => {
      for (const path of logsIn(directory)) rmSync(path);
    },
    ought: ["contained", "refused"],
    says: /damaged/,
  },
  {
    name: "a lost database",
    after: "stopped",
    hurt: (directory) => rmSync(join(directory, "journal.db")),
    ought: ["refused"],
    says: /data_directory_damaged.*journal\.db/s,
  },
  {
    name: "a lost database after kill -9",
    after: "killed",
    hurt: (directory) => rmSync(join(directory, "journal.db")),
    ought: ["refused"],
    says: /data_directory_damaged.*journal\.db/s,
  },
  {
    name: "lost clock marks, which cost no more than the clock",
    after: "killed",
    hurt: (directory) => rmSync(join(directory, "marks.bin")),
    ought: ["intact"],
    costsClock: true,
    says: /marks\.bin|clock_recovered/,
  },
  {
    name: "a lost file of pins, which are pinned anew",
    after: "stopped",
    hurt: (directory, { hurt }) => rmSync(join(directory, "pins", `${hurt.session}.jsonl`)),
    ought: ["intact"],
  },
  {
    name: "a flipped bit in a file of pins",
    after: "stopped",
    hurt: (directory, { hurt }) => flipAt(join(directory, "pins", `${hurt.session}.jsonl`), 2),
    ought: ["intact", "contained"],
  },
  {
    name: "a lost file of bars",
    after: "stopped",
    hurt: (directory) => rmSync(barsIn(directory)),
    ought: ["contained"],
    says: /ZED-1Min-2023-\w+\.bars/,
  },
  {
    name: "a flipped bit in a file of bars",
    after: "stopped",
    hurt: (directory) => flipAt(barsIn(directory), 1500),
    ought: ["contained"],
    says: /ZED-1Min-2023-\w+\.bars/,
  },
  {
    name: "a flipped bit in the list of bars",
    after: "stopped",
    hurt: (directory) => flipAt(join(directory, "market", "manifest.json"), 0),
    ought: ["refused"],
    says: /data_directory_damaged.*manifest\.json/s,
  },
  {
    name: "a flipped bit in the marker of the directory",
    after: "stopped",
    hurt: (directory) => flipAt(join(directory, "tapedeck.json"), 0),
    ought: ["refused"],
    says: /data_directory_damaged.*tapedeck\.json/s,
  },
  {
    name: "a lost marker of the directory",
    after: "stopped",
    hurt: (directory) => rmSync(join(directory, "tapedeck.json")),
    ought: ["refused"],
    says: /data_directory_foreign.*tapedeck\.json/s,
  },
];

function filesBelow(directory: string): readonly string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const logsIn = (directory: string): readonly string[] => filesBelow(directory).filter((name) => LOG.test(name));

function barsIn(directory: string): string {
  const found = filesBelow(directory).find((name) => name.endsWith(".bars") && name.includes(HURT_SYMBOL));
  if (found === undefined) throw new Error("there is no file of bars");
  return found;
}

/** Where a page's list of rows begins, and what pages begin with. */
const CELLS_AT = 8;
const PAGE_BYTES = 4096;
const LEAF_OF_TABLE = 0x0d;
const ABOVE_LEAVES_OF_TABLE = 0x05;

function pagesOf(directory: string): readonly { readonly at: number; readonly bytes: Buffer }[] {
  const bytes = readFileSync(join(directory, "journal.db"));
  const count = bytes.length / PAGE_BYTES;
  return Array.from({ length: count }, (_, index) => ({
    at: index * PAGE_BYTES,
    bytes: bytes.subarray(index * PAGE_BYTES, (index + 1) * PAGE_BYTES),
  }));
}

/** A page with rows of the session that is hit, and of no other. */
function pageOfHurt(directory: string): number {
  const pages = pagesOf(directory).filter(
    ({ bytes }) =>
      bytes[0] === LEAF_OF_TABLE &&
      bytes.includes('"kind":"submit_order"') &&
      bytes.includes(`${HURT_MARK}-page-30`) &&
      !bytes.includes(WELL_MARK),
  );
  if (pages[0] === undefined) throw new Error("no page has nothing but the session that is hit");
  return pages[0].at;
}

const pagesAboveRows = (directory: string): readonly number[] =>
  pagesOf(directory)
    .filter(({ at, bytes }) => at > 0 && bytes[0] === ABOVE_LEAVES_OF_TABLE)
    .map(({ at }) => at);

function flipAt(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8((bytes[offset] ?? 0) ^ 1, offset);
  writeFileSync(path, bytes);
}

function overwrite(path: string, offset: number): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xa5, offset, offset + PAGE_BYTES));
}

/** Flips a bit in the last byte of a text, wherever it stands. */
function flipIn(directory: string, isMeant: (name: string) => boolean, text: Buffer): void {
  let times = 0;
  for (const path of filesBelow(directory).filter(isMeant)) {
    const places: number[] = [];
    const bytes = readFileSync(path);
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
    for (const at of places) flipAt(path, at + text.length - 1);
    times += places.length;
  }
  if (times === 0) throw new Error(`${text.toString()} stands nowhere`);
}

function keepPart(path: string, share: number): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * share)));
}

/** What a refused start must not have changed: locks, shared memory and empty logs are no content. */
function contentsOf(directory: string): Readonly<Record<string, string>> {
  const kept = filesBelow(directory).filter((name) => !/server\.lock|-shm$/.test(name) && statSync(name).size > 0);
  return Object.fromEntries(kept.map((name) => [name, hash("sha256", readFileSync(name), "hex")]));
}

describe("a data directory with", () => {
  const base = mkdtempSync(join(tmpdir(), "tapedeck-damage-"));
  let templates: Templates;

  beforeAll(async () => {
    templates = await makeTemplates(base);
  });

  afterAll(() => {
    rmSync(base, { recursive: true, force: true });
  });

  it("logs of which this table knows: after kill -9 what came last stands in one", () => {
    const mark = Buffer.from(HURT_LATE_MARK);
    expect(logsIn(templates.killed).filter((path) => readFileSync(path).includes(mark))).not.toEqual([]);
  });

  const titled = DAMAGES.map((damage) => ({ ...damage, title: `${damage.name}: ${damage.ought.join(" or ")}` }));
  const check = async ({ name, after, hurt, ought, ...rest }: Damage): Promise<void> => {
    const directory = join(base, name.replaceAll(" ", "-"));
    cpSync(templates[after], directory, { recursive: true });
    hurt(directory, templates);
    const before = contentsOf(directory);
    const verdict = await judge(directory, {
      templates,
      views: templates.views[after],
      part: (view) => (rest.costsClock === true ? (view.split("\n")[0] ?? "") : view),
    });
    expect(ought, verdict.words).toContain(verdict.kind);
    expect(verdict.words).toMatch(rest.says ?? /./);
    expect(verdict.words).not.toMatch(/\n\s+at |the list is hit/);
    if (verdict.kind === "refused") expect(contentsOf(directory)).toEqual(before);
  };

  it.each(titled)("$title", check);

  it("a server on it: a second one is refused and told of the first, which goes on", async () => {
    const directory = join(base, "shared");
    cpSync(templates.stopped, directory, { recursive: true });
    const server = await startServer({ dataDir: directory });
    const refusal = await startServer({ dataDir: directory }).then(() => "started", String);
    expect(refusal).toMatch(/data_directory_locked/);
    expect(refusal).toContain(String(server.pid));
    expect(refusal).toContain(server.url);
    const placed = await placeOrder(createClient(server.url), templates.well, { symbol: "AAPL" });
    expect(placed).toMatch(/^201/);
    await server.end("SIGTERM");
  });
});
