import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDataDirectory, prepareDataDirectory } from "./data-directory.ts";

let parent: string;
let path: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "tapedeck-data-"));
  path = join(parent, "deep", "data");
});
afterEach(() => rmSync(parent, { recursive: true }));

async function expectRefusal(code: string, message: RegExp): Promise<void> {
  const before = fingerprint();
  await expect(openDataDirectory(path)).rejects.toMatchObject({
    name: "AppError",
    code,
    message: expect.stringMatching(message),
  });
  expect(fingerprint()).toEqual(before);
}

/** Every name, with its content where it is a file, but not the lock's: closing it here would drop the lock. */
function fingerprint(): readonly string[] {
  return readdirSync(parent, { recursive: true, withFileTypes: true }).map((found) => {
    const hasContent = found.isFile() && found.name !== "server.lock";
    return `${found.name} ${hasContent ? readFileSync(join(found.parentPath, found.name), "base64") : ""}`;
  });
}

describe("a data directory", () => {
  it("is made where there is none, for its owner alone, and marked", async () => {
    const directory = await openDataDirectory(path);
    expect(directory.path).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(join(path, "tapedeck.json"), "utf8"))).toEqual({
      format: 1,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    await directory.release();
  });

  it("is taken over where it is empty, a volume's lost+found and a start cut short aside", async () => {
    mkdirSync(join(path, "lost+found"), { recursive: true });
    writeFileSync(join(path, "tapedeck.json.new"), '{"for');
    await (await openDataDirectory(path)).release();
    expect(existsSync(join(path, "tapedeck.json"))).toBe(true);
  });

  it("keeps its marker when it is opened again, and may then hold anything", async () => {
    await (await openDataDirectory(path)).release();
    const marker = readFileSync(join(path, "tapedeck.json"), "utf8");
    writeFileSync(join(path, "notes.txt"), "mine");
    await (await openDataDirectory(path)).release();
    expect(readFileSync(join(path, "tapedeck.json"), "utf8")).toBe(marker);
  });

  it("is refused where it holds something else, which is named", async () => {
    mkdirSync(path, { recursive: true });
    for (const name of ["photos", "thesis.tex", ".git", "a", "b"]) writeFileSync(join(path, name), "");
    await expectRefusal("data_directory_foreign", /it has no tapedeck\.json, but \.git, a, b and 2 more/);
  });

  it("is refused where it is a file", async () => {
    mkdirSync(join(parent, "deep"));
    writeFileSync(path, "");
    await expectRefusal("data_directory_foreign", /is not a directory/);
  });

  it("is refused where a newer version wrote it", async () => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "tapedeck.json"), '{"format":2}');
    await expectRefusal("data_directory_newer", /tapedeck\.json says .* format 2; this version reads up to 1/);
  });

  it("is refused where its marker is damaged", async () => {
    mkdirSync(path, { recursive: true });
    for (const text of ["", "{", "null", "[]", '{"format":"1"}', '{"format":0}', '{"format":1.5}']) {
      writeFileSync(join(path, "tapedeck.json"), text);
      await expectRefusal("data_directory_damaged", /tapedeck\.json is damaged/);
    }
  });

  it.skipIf(process.getuid?.() === 0)("is refused where it may not be written (root may write anywhere)", async () => {
    chmodSync(parent, 0o500);
    await expectRefusal("bad_argument", /cannot be used: EACCES/);
    chmodSync(parent, 0o700);
  });

  it("can be prepared beside the server that uses it", async () => {
    const directory = await openDataDirectory(path);
    expect(prepareDataDirectory(path)).toBe(path);
    await directory.release();
  });
});

describe("the lock of a data directory", () => {
  it("is refused to a second server in the same process until the first gives it back", async () => {
    const first = await openDataDirectory(path);
    await expectRefusal("data_directory_locked", /server\.lock is held by another server\. Stop it/);
    await first.release();
    await first.release();
    await (await openDataDirectory(path)).release();
  });

  it("is refused while another process holds it, which is named, and free when that one is killed", async () => {
    prepareDataDirectory(path);
    const script = `
      const database = new (require("libsql"))(process.argv[1]);
      database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
      process.stdout.write("held");
      process.stdin.resume();`;
    const child = spawn(process.execPath, ["-e", script, join(path, "server.lock")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      await once(child.stdout, "data");
      await expectRefusal("data_directory_locked", /server\.lock is held by another server\./);
      writeFileSync(join(path, "server.json"), JSON.stringify({ pid: child.pid, url: "http://127.0.0.1:5000" }));
      await expectRefusal(
        "data_directory_locked",
        new RegExp(`\\(process ${child.pid}, http://127\\.0\\.0\\.1:5000\\)`),
      );
    } finally {
      child.kill("SIGKILL");
    }
    await once(child, "exit");
    await (await openDataDirectory(path)).release();
  });
});
