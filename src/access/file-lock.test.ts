import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { acquireFileLock } from "./file-lock.ts";

let directory: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tapedeck-lock-"));
  path = join(directory, "some.lock");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

/** A process that holds the lock until it is killed, or told to go. */
async function holdElsewhere(): Promise<ChildProcess> {
  const script = `
    const database = new (require("libsql"))(process.argv[1]);
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    process.stdout.write("held");
    process.stdin.once("data", () => process.exit(0));`;
  const child = spawn(process.execPath, ["-e", script, path], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

it("is refused at once while another process holds it, and free when that one is killed", async () => {
  const child = await holdElsewhere();
  expect(await acquireFileLock(path, { waitMs: 0 })).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = await acquireFileLock(path, { waitMs: 0 });
  expect(lock).toBeDefined();
  lock?.release();
});

it("waits for another process to give it back", async () => {
  const child = await holdElsewhere();
  const waiting = acquireFileLock(path, { waitMs: 20_000 });
  child.stdin?.write("go");
  const lock = await waiting;
  expect(lock).toBeDefined();
  lock?.release();
});

it("is refused to a second holder in the same process, until the first gives it back", async () => {
  const first = await acquireFileLock(path, { waitMs: 0 });
  expect(await acquireFileLock(path, { waitMs: 0 })).toBeUndefined();
  expect(await acquireFileLock(join(directory, ".", "some.lock"), { waitMs: 0 })).toBeUndefined();
  first?.release();
  first?.release();
  const second = await acquireFileLock(path, { waitMs: 0 });
  expect(second).toBeDefined();
  second?.release();
});

it("is still held elsewhere after a refused try has closed the file", async () => {
  const first = await acquireFileLock(path, { waitMs: 0 });
  expect(await acquireFileLock(path, { waitMs: 0 })).toBeUndefined();
  await expect(holdElsewhereOrFail()).resolves.toBe("SQLITE_BUSY");
  first?.release();
});

it("refuses a file that is no lock and a directory that is not there", async () => {
  writeFileSync(path, "something else entirely, and long enough to be read as a header by anyone who looks".repeat(20));
  const damaged = { name: "AppError", code: "data_directory_damaged", message: expect.stringContaining(path) };
  await expect(acquireFileLock(path, { waitMs: 0 })).rejects.toMatchObject(damaged);
  const missing = join(directory, "missing", "x.lock");
  await expect(acquireFileLock(missing, { waitMs: 0 })).rejects.toMatchObject({
    name: "AppError",
    code: "bad_argument",
  });
  expect(existsSync(missing)).toBe(false);
});

/** What a second process is told when it tries. */
async function holdElsewhereOrFail(): Promise<string> {
  const script = `
    const database = new (require("libsql"))(process.argv[1]);
    try { database.exec("BEGIN EXCLUSIVE"); process.stdout.write("held"); } catch (error) { process.stdout.write(error.code); }`;
  const child = spawn(process.execPath, ["-e", script, path], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [answer] = (await once(child.stdout, "data")) as [Buffer];
  return answer.toString();
}
