import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAppendLog } from "./append-log.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tapedeck-log-"));
  path = join(directory, "journal.log");
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(...groups: readonly (readonly string[])[]): void {
  const log = openAppendLog(path);
  for (const group of groups) log.append(group);
  log.close();
}

const found = (): readonly string[] => {
  const log = openAppendLog(path);
  log.close();
  return log.found.map(({ text, isDamaged }) => (isDamaged ? "damaged" : text));
};

/** Changes one byte, counted from where a text begins. */
function spoil(text: string, offset = 0): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf(text) + offset;
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
}

describe("the log in front of the database", () => {
  it("gives back what was written, in order, whatever the texts hold", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1 })), (groups) => {
        rmSync(path, { force: true });
        write(...groups);
        expect(found()).toEqual(groups.flat());
      }),
      { numRuns: 50 },
    );
  });

  it("takes its space beforehand, and again after a restart", () => {
    const log = openAppendLog(path);
    log.append(["first", "second"]);
    const { size } = statSync(path);
    expect([size % 1_048_576, log.size]).toEqual([0, 2 * 20 + 11]);
    log.restart();
    log.append(["third"]);
    expect([statSync(path).size, log.size]).toEqual([size, 20 + 5]);
    log.append(["x".repeat(3_000_000)]);
    expect(statSync(path).size).toBeGreaterThan(3_000_000);
    log.close();
    expect(found()).toEqual(["third", "x".repeat(3_000_000)]);
  });

  it("leaves out the torn end of a group that nobody was told of", () => {
    write(["one"], ["two", "three", "four"]);
    spoil("three");
    expect(found()).toEqual(["one", "two"]);
  });

  it("leaves out what an earlier use of its space has left, cut anywhere", () => {
    const log = openAppendLog(path);
    log.append(["an older and longer text", "and one more"]);
    log.restart();
    log.append(["new"]);
    log.close();
    expect(found()).toEqual(["new"]);
    spoil("new");
    expect(found()).toEqual([]);
  });

  it.each([
    ["its text", "two", 0],
    ["its checksum", "two", -16],
    ["its generation", "two", -12],
    ["its length", "two", -20],
    ["the first record", "one", 0],
    ["the first record's length", "one", -18],
  ])("tells damage to %s from a torn end, and goes on behind it", (_, text, offset) => {
    write(["one"], ["two"], ["three"], ["four"]);
    spoil(text, offset);
    const all = found();
    expect(all.filter((each) => each === "damaged")).toHaveLength(1);
    expect(all.at(-1)).toBe("four");
    expect(all).toContain("three");
  });

  it("knows damage in the middle of a group by the group after it", () => {
    write(["one", "two", "three"], ["four"]);
    spoil("three");
    expect(found()).toEqual(["one", "two", "damaged", "four"]);
  });

  it("takes an empty file, and one of zeros, for a new one", () => {
    writeFileSync(path, "");
    expect(found()).toEqual([]);
    writeFileSync(path, Buffer.alloc(1000));
    expect(found()).toEqual([]);
    write(["first"]);
    expect(found()).toEqual(["first"]);
  });
});
