import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createdEntry, draftOf, playEntry } from "./conformance-entries.ts";
import { openLocalJournal } from "./local-journal.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tapedeck-database-"));
  path = join(directory, "journal.db");
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Name and digest of every file but the log's index, which SQLite makes anew for readers too. */
function fingerprint(): readonly string[] {
  const names = readdirSync(directory).filter((name) => !name.endsWith("-shm"));
  return names.map(
    (name) =>
      `${name} ${createHash("sha256")
        .update(readFileSync(join(directory, name)))
        .digest("hex")}`,
  );
}

/** Opening fails with this code and message, and every file stays as it was. */
function expectRefusal(code: string, message: RegExp): void {
  const before = fingerprint();
  let error: unknown;
  try {
    openLocalJournal({ directory });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ name: "AppError", code });
  expect(String(error)).toMatch(message);
  expect(String(error)).toContain(path);
  expect(fingerprint()).toEqual(before);
}

/** Writes through a process that is killed, so that what it wrote is still in the log. */
function writeAndDie(sql: string): void {
  const script = `const database = new (require("libsql"))(process.argv[1]); database.exec(process.argv[2]); process.kill(process.pid, "SIGKILL");`;
  expect(spawnSync(process.execPath, ["-e", script, path, sql]).signal).toBe("SIGKILL");
}

async function writeJournal(count: number): Promise<void> {
  const journal = openLocalJournal({ directory });
  await journal.create(draftOf("a"), createdEntry());
  for (let seq = 2; seq <= count; seq += 1) await journal.append(draftOf("a"), playEntry(seq));
  await journal.close();
}

/** The page with which a table or an index begins. */
function rootOf(name: string): number {
  const copy = `${path}.copy`;
  copyFileSync(path, copy);
  const database = new Database(copy);
  const [row] = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").raw().all(name) as number[][];
  database.close();
  rmSync(copy);
  return row?.[0] ?? 0;
}

function overwrite(page: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, (page - 1) * 4096 + 8, (page - 1) * 4096 + 2000);
  writeFileSync(path, bytes);
}

describe("opening the journal's database", () => {
  it("refuses a newer format, names both versions and touches nothing", async () => {
    await writeJournal(1);
    writeAndDie("PRAGMA user_version = 7; PRAGMA wal_checkpoint(TRUNCATE); CREATE TABLE later (a)");
    expect(readdirSync(directory)).toContain("journal.db-wal");
    expectRefusal("data_directory_newer", /has format 7, this version reads up to 2/);
  });

  it("refuses another program's database and touches nothing", () => {
    writeAndDie("PRAGMA application_id = 252006674; CREATE TABLE theirs (a)");
    expectRefusal("data_directory_foreign", /belongs to another program \(application id 252006674/);
  });

  it("refuses a file that is no database and touches nothing", () => {
    writeFileSync(path, "This is not a database. ".repeat(100));
    expectRefusal("data_directory_damaged", /it is not a SQLite database/);
  });

  it("refuses a file cut short and touches nothing", async () => {
    await writeJournal(50);
    writeFileSync(path, readFileSync(path).subarray(0, 9000));
    expectRefusal("data_directory_damaged", /SQLite says/);
  });

  it("refuses a file whose sessions are overwritten, by SQLite's own word, and touches nothing", async () => {
    await writeJournal(50);
    writeAndDie("UPDATE branches SET base_seq = base_seq");
    overwrite(rootOf("sessions"));
    expectRefusal("data_directory_damaged", /SQLite says/);
  });

  it("recovers what a killed process had committed", async () => {
    await writeJournal(2);
    writeAndDie("UPDATE sessions SET playback_state = 'playing'");
    const journal = openLocalJournal({ directory });
    expect(await journal.listPlaying()).toEqual(["a"]);
    await journal.close();
  });

  it("leaves no log behind when it is closed, though it was checked at opening", async () => {
    await writeJournal(2);
    const journal = openLocalJournal({ directory });
    await journal.create(draftOf("b"), createdEntry());
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    await journal.close();
    expect(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  });

  it("refuses to take the place of a journal that was lost: its log or its clock marks are still there", async () => {
    const journal = openLocalJournal({ directory });
    await journal.create(draftOf("lost"), createdEntry());
    journal.mark("lost", { clock: draftOf("lost").clock, totalUnrealizedPnl: 0 });
    await journal.close();
    writeFileSync(path, "");
    expectRefusal("data_directory_damaged", /is missing or empty, but .*marks\.bin is not/);
    rmSync(path);
    expectRefusal("data_directory_damaged", /Restore it from a backup/);
  });

  it("takes an empty file for a new one", async () => {
    writeFileSync(path, "");
    await writeJournal(2);
    expect(new Database(path).pragma("application_id")).toMatchObject([{ application_id: 0x5450444b }]);
  });
});
