import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLocalJournal } from "../../journal/index.ts";
import { prepareDataDirectory } from "../data-directory.ts";
import { backUp } from "./back-up.ts";
import { restore } from "./restore.ts";

let base: string;
let dataDir: string;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), "tapedeck-backup-"));
  dataDir = prepareDataDirectory(join(base, "data"));
  await openLocalJournal({ directory: dataDir }).close();
});

afterEach(() => rmSync(base, { recursive: true }));

describe("a backup that is ended early", () => {
  it("leaves nothing, at whatever moment", async () => {
    const steps = new Set<number>();
    await backUp({ dataDir, to: join(base, "whole"), onProgress: (done) => steps.add(done) });
    expect(steps.size).toBeGreaterThan(1);
    for (const step of steps) {
      const stop = new AbortController();
      const onProgress = (done: number): void => {
        if (done >= step) stop.abort();
      };
      const ended = backUp({ dataDir, to: join(base, "ended"), signal: stop.signal, onProgress });
      await expect(ended).rejects.toMatchObject({ code: "interrupted" });
      expect(readdirSync(base).toSorted()).toEqual(["data", "whole"]);
    }
  });

  it("leaves nothing of a restore either", async () => {
    const from = join(base, "whole");
    await backUp({ dataDir, to: from });
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    const ended = restore({ from, dataDir: join(base, "new"), isForced: false, signal: stop.signal, onProgress });
    await expect(ended).rejects.toMatchObject({ code: "interrupted" });
    expect(readdirSync(base).toSorted()).toEqual(["data", "whole"]);
  });
});

it("tells how much is done, and never more than there is", async () => {
  const shares: number[] = [];
  await backUp({ dataDir, to: join(base, "whole"), onProgress: (done, total) => shares.push(done / total) });
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(existsSync(join(base, "whole", "backup.json"))).toBe(true);
});
