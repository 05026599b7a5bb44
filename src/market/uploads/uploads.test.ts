/** Uploads by themselves: limits on what a file holds, ending an import, and nothing left of a former run. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { isRefusal } from "../../kernel/index.ts";
import { openMarket, type Market } from "../market.ts";
import { openUploads, type ImportJob, type Uploads } from "./uploads.ts";

const HEADER = "timestamp,open,high,low,close,volume\n";
const row = (minute: number): string =>
  `${new Date(Date.UTC(2023, 5, 5, 13, 30 + minute)).toISOString()},10,11,9,10.5,100\n`;
const rows = (count: number): string => Array.from({ length: count }, (_, minute) => row(minute)).join("");

interface Bench {
  readonly uploads: Uploads;
  readonly market: Market;
  readonly directory: string;
  readonly take: (name: string, content: Buffer | string) => Promise<ImportJob>;
  readonly ended: (job: ImportJob) => Promise<ImportJob | undefined>;
}

async function bench(atMost = { bytes: 100_000, rows: 500, fileBytes: 50_000 }): Promise<Bench> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-uploads-"));
  const directory = join(dataDir, "uploads");
  mkdirSync(join(directory, "left"), { recursive: true });
  writeFileSync(join(directory, "left", "OLD.csv"), "from a run that was killed");
  const market = await openMarket({ dataDir, sample: false });
  const uploads = await openUploads({ market, directory, atMost });
  onTestFinished(async () => {
    await uploads.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    uploads,
    market,
    directory,
    take: async (name, content) => {
      const job = await uploads.receive({ owner: "me", name, content: chunks(Buffer.from(content)) });
      if (isRefusal(job)) throw new Error(job.message);
      return job;
    },
    ended: async ({ id }) => {
      await expect.poll(() => uploads.find("me", id)?.endedAt).toBeDefined();
      return uploads.find("me", id);
    },
  };
}

async function* chunks(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 4096) yield content.subarray(at, at + 4096);
}

it("what a former run left is removed when they are opened", async () => {
  const { directory } = await bench();
  expect(existsSync(directory)).toBe(false);
});

it("a file that is too large is refused while it arrives, whatever its length is said to be", async () => {
  const { uploads, directory } = await bench();
  const content = chunks(Buffer.alloc(50_001, "1"));
  expect(await uploads.receive({ owner: "me", name: "BIG.csv", content })).toMatchObject({ reason: "body_too_large" });
  expect(readdirSync(directory)).toEqual([]);
});

it("a small file that unpacks to a large one is not imported", async () => {
  const { uploads, take, ended, directory } = await bench();
  const bomb = gzipSync(HEADER + row(0).repeat(100_000));
  expect(bomb.length).toBeLessThan(50_000);
  const job = await take("BOMB.csv.gz", bomb);
  expect(await uploads.preview(job, {})).toMatchObject({ problem: undefined });
  uploads.start(job, {});
  expect(await ended(job)).toMatchObject({
    state: "failed",
    fault: { code: "import_failed", message: expect.stringContaining("more than 100000 bytes, unpacked") },
  });
  expect(readdirSync(directory)).toEqual([]);
});

it("neither is one of more rows than may be", async () => {
  const { uploads, take, ended } = await bench();
  const job = await take("ROWS.csv", HEADER + rows(501));
  uploads.start(job, {});
  expect((await ended(job))?.fault?.message).toContain("more than 500 rows");
});

it("an import that runs can be ended: nothing of it is there, and nothing is left", async () => {
  const { uploads, take, directory, market } = await bench();
  const job = await take("RUN.csv", HEADER + rows(300));
  uploads.start(job, {});
  await expect.poll(() => uploads.find("me", job.id)?.state, { interval: 0 }).toBe("running");
  await uploads.remove(job);
  expect(market.describe()).toEqual([]);
  expect(readdirSync(directory)).toEqual([]);
});

it("imports run one after the other, and one that waits or runs can be ended", async () => {
  const { uploads, take, ended, directory } = await bench();
  const [first, second, third] = [
    await take("A.csv", HEADER + rows(300)),
    await take("B.csv", HEADER + rows(300)),
    await take("C.csv", HEADER + rows(300)),
  ];
  for (const job of [first, second, third]) uploads.start(job, {});
  expect(uploads.find("me", third.id)?.state).toBe("waiting");
  await uploads.remove(second);
  expect(uploads.find("me", second.id)).toBeUndefined();
  expect((await ended(third))?.state).toBe("done");
  expect(uploads.list("me").map(({ name, state }) => `${name} ${state}`)).toEqual(["C.csv done", "A.csv done"]);
  expect(readdirSync(directory)).toEqual([]);
});
