/** What `tapedeck rescue` makes of directories with which no server starts: what is left is true, and what is lost is named. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge, makeTemplates, type Templates, type Verdict } from "./two-sessions.ts";

const BIN = fileURLToPath(new URL("../../bin/tapedeck.js", import.meta.url));
const PAGE_BYTES = 4096;

interface Damage {
  readonly name: string;
  readonly after: "stopped" | "killed";
  /** Of the database. */
  readonly hurt: (bytes: Buffer) => Buffer;
  readonly ought: readonly Verdict["kind"][];
  readonly code: number;
}

const fill = (bytes: Buffer, from: number, to: number): Buffer => bytes.fill(0xa5, from, to);

function flip(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}

const DAMAGES: readonly Damage[] = [
  {
    name: "a flipped bit in the structure of the sessions' own page",
    after: "stopped",
    hurt: (bytes) => flip(bytes, PAGE_BYTES),
    ought: ["intact"],
    code: 0,
  },
  {
    name: "the same after kill -9",
    after: "killed",
    hurt: (bytes) => flip(bytes, PAGE_BYTES),
    ought: ["intact"],
    code: 0,
  },
  {
    name: "a flipped bit in the first bytes",
    after: "stopped",
    hurt: (bytes) => flip(bytes, 3),
    ought: ["intact"],
    code: 0,
  },
  {
    name: "a first page that is overwritten",
    after: "killed",
    hurt: (bytes) => fill(bytes, 0, PAGE_BYTES),
    ought: ["intact"],
    code: 0,
  },
  {
    name: "a database that was cut in half",
    after: "stopped",
    hurt: (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
    ought: ["intact", "contained", "spread"],
    code: 1,
  },
];

describe("rescuing a directory with", () => {
  const base = mkdtempSync(join(tmpdir(), "tapedeck-rescue-"));
  let templates: Templates;

  beforeAll(async () => {
    templates = await makeTemplates(base);
  });

  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it.each(DAMAGES)("$name", async ({ name, after, hurt, ought, code }) => {
    const directory = join(base, name.replaceAll(" ", "-"));
    cpSync(templates[after], directory, { recursive: true });
    const path = join(directory, "journal.db");
    writeFileSync(path, hurt(readFileSync(path)));
    const damaged = readFileSync(path);
    const rescued = `${directory}-rescued`;
    const outcome = spawnSync(process.execPath, [BIN, "rescue", rescued, "--data-dir", directory], {
      encoding: "utf8",
    });
    expect(outcome.stderr).toBe("");
    expect(outcome.status, outcome.stdout).toBe(code);
    expect(readFileSync(path).equals(damaged)).toBe(true);
    const verdict = await judge(rescued, { templates, views: templates.views[after], part: (view) => view });
    expect(ought, `${outcome.stdout}\n${verdict.words}`).toContain(verdict.kind);
    if (code === 0) expect(outcome.stdout).toContain("2 whole sessions");
    else expect(outcome.stdout).toMatch(/lost/);
  });

  it.each(["journal.log", "journal.db"])("a lost %s names what is gone", (name) => {
    const directory = join(base, `lost-${name}`);
    cpSync(templates.killed, directory, { recursive: true });
    rmSync(join(directory, name));
    const args = [BIN, "rescue", `${directory}-rescued`, "--data-dir", directory];
    const outcome = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(outcome.status, outcome.stderr).toBe(1);
    expect(outcome.stdout).toMatch(new RegExp(`${name}.* is missing`));
  });

  it("a journal of version 1", () => {
    const directory = join(base, "old");
    cpSync(fileURLToPath(new URL("../migration/v1", import.meta.url)), directory, { recursive: true });
    const args = [BIN, "rescue", join(base, "old-rescued"), "--data-dir", directory];
    const outcome = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(outcome.stdout).toContain("2 whole sessions");
    expect(outcome.status).toBe(0);
  });

  it("nothing in it is refused, and so is a place that is taken", () => {
    const run = (...args: string[]) => spawnSync(process.execPath, [BIN, "rescue", ...args], { encoding: "utf8" });
    expect(run(join(base, "new"), "--data-dir", join(base, "nowhere"))).toMatchObject({ status: 2 });
    expect(run(base, "--data-dir", templates.stopped)).toMatchObject({ status: 2 });
  });
});
