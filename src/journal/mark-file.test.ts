import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { instant } from "../kernel/index.ts";
import { openMarkFile } from "./mark-file.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tapedeck-marks-"));
  path = join(directory, "marks.bin");
});
afterEach(() => rmSync(directory, { recursive: true }));

const MARK = { clock: instant(1_700_000_000_000), totalUnrealizedPnl: -12.5, lastSeq: 42 };

it("reads what was written, also over a second handle at once", () => {
  const file = openMarkFile(path);
  file.write(3, 7, MARK);
  const other = openMarkFile(path);
  expect(other.read(3, 7)).toEqual(MARK);
  expect(file.read(3, 7)).toEqual(MARK);
  other.close();
  file.close();
});

it("reads no mark from an empty slot, one past the end, and one of another session", () => {
  const file = openMarkFile(path);
  file.write(3, 7, MARK);
  expect(file.read(2, 0)).toBeUndefined();
  expect(file.read(4, 7)).toBeUndefined();
  expect(file.read(3, 8)).toBeUndefined();
  file.close();
});

it("reads no mark where any byte of the slot is wrong", () => {
  const file = openMarkFile(path);
  file.write(0, 7, MARK);
  const good = readFileSync(path);
  for (let index = 0; index < 36; index += 1) {
    const bad = Buffer.from(good);
    bad[index] = (bad[index] ?? 0) ^ 0x10;
    writeFileSync(path, bad);
    expect(file.read(0, 7)).toBeUndefined();
  }
  writeFileSync(path, good);
  expect(file.read(0, 7)).toEqual(MARK);
  file.close();
});

it("reads no mark from a slot that was cut", () => {
  const file = openMarkFile(path);
  file.write(0, 7, MARK);
  truncateSync(path, 63);
  expect(file.read(0, 7)).toBeUndefined();
  file.close();
});
