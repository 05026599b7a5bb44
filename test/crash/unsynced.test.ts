/** The lossy disk itself: what Node and SQLite sync is in its shadow, and nothing that they only wrote. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { NO_LIBRARY, needsLibrary, openLossyDisk, type LossyDisk } from "./lossy-disk.ts";

const LIBSQL = createRequire(import.meta.url).resolve("libsql");

let disk: LossyDisk | undefined;

afterEach(() => {
  disk?.remove();
  disk = undefined;
});

/** Runs a script on a new disk until it prints "done", and kills it there; gives the disk as it then is. */
async function killAfter(script: string, made: LossyDisk = openLossyDisk()): Promise<LossyDisk> {
  disk = made;
  const prelude = `const fs = require("node:fs"); process.chdir(${JSON.stringify(made.path)});
    const syncFolder = (path) => { const fd = fs.openSync(path, "r"); fs.fsyncSync(fd); fs.closeSync(fd); };`;
  const whole = `${prelude} (async () => { ${script}; console.log("done"); setInterval(() => {}, 1000); })();`;
  const child = spawn(process.execPath, ["-e", whole], {
    env: { ...process.env, ...made.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes("done")) child.kill("SIGKILL");
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (_code, signal) => {
      if (signal === "SIGKILL") resolve();
      else reject(new Error(`the script ended by itself:\n${output}`));
    });
  });
  return made;
}

const left = ({ shadow }: LossyDisk, name: string): string | undefined =>
  existsSync(join(shadow, name)) ? readFileSync(join(shadow, name), "utf8") : undefined;

interface Case {
  readonly name: string;
  readonly script: string;
  /** What a power cut leaves of each file; undefined: no such file. */
  readonly leaves: Readonly<Record<string, string | undefined>>;
}

const CASES: readonly Case[] = [
  {
    name: "a file that was never synced is gone",
    script: `fs.writeFileSync("a", "text")`,
    leaves: { a: undefined },
  },
  {
    name: "a new file that was synced keeps its name and its bytes",
    script: `fs.mkdirSync("in"); fs.writeFileSync("in/a", "text", { flush: true })`,
    leaves: { "in/a": "text" },
  },
  {
    name: "what was written after the sync is lost, by every way of writing",
    script: `const fd = fs.openSync("a", "w+");
      fs.writeSync(fd, "one "); fs.writevSync(fd, [Buffer.from("two "), Buffer.from("three ")]);
      fs.writeSync(fd, "four", 14); fs.fdatasyncSync(fd);
      fs.writeSync(fd, "X", 0); fs.writevSync(fd, [Buffer.from("X"), Buffer.from("Y")], 4); fs.ftruncateSync(fd, 2);
      fs.appendFileSync("a", "more")`,
    leaves: { a: "one two three four" },
  },
  {
    name: "promises and streams are seen as well",
    script: `const file = await fs.promises.open("a", "a");
      await file.write("one "); await file.writev([Buffer.from("two")]); await file.datasync(); await file.write("X");
      await file.close()`,
    leaves: { a: "one two" },
  },
  {
    name: "parts of a large file are lost one by one",
    script: `const fd = fs.openSync("a", "w+"); fs.writeSync(fd, Buffer.alloc(300_000, "a")); fs.fsyncSync(fd);
      fs.writeSync(fd, "XX", 200_000); fs.fsyncSync(fd); fs.writeSync(fd, "YY", 100_000)`,
    leaves: { a: `${"a".repeat(200_000)}XX${"a".repeat(99_998)}` },
  },
  {
    name: "a rename that was not synced leaves both names, the old one with its old bytes",
    script: `fs.writeFileSync("a", "old", { flush: true }); fs.writeFileSync("a.new", "new", { flush: true });
      fs.renameSync("a.new", "a")`,
    leaves: { a: "old", "a.new": "new" },
  },
  {
    name: "a rename counts once its directory was synced",
    script: `fs.writeFileSync("a", "old", { flush: true }); fs.writeFileSync("a.new", "new", { flush: true });
      fs.renameSync("a.new", "a"); syncFolder(".")`,
    leaves: { a: "new", "a.new": undefined },
  },
  {
    name: "a rename counts once the file was synced",
    script: `fs.writeFileSync("a", "old", { flush: true }); fs.writeFileSync("a.new", "new", { flush: true });
      fs.renameSync("a.new", "a"); const fd = fs.openSync("a", "r+"); fs.fsyncSync(fd)`,
    leaves: { a: "new", "a.new": undefined },
  },
  {
    name: "a synced directory has names, and no bytes that were not synced",
    script: `fs.writeFileSync("a", "text"); fs.mkdirSync("in"); fs.writeFileSync("in/b", "text"); syncFolder(".")`,
    leaves: { a: "", "in/b": undefined },
  },
  {
    name: "a removed file is back, until its directory was synced",
    script: `for (const name of ["a", "b"]) { fs.mkdirSync(name); fs.writeFileSync(name + "/x", name, { flush: true });
      fs.rmSync(name + "/x"); } syncFolder("b")`,
    leaves: { "a/x": "a", "b/x": undefined },
  },
  {
    name: "a file that takes the place of a removed one has none of its bytes",
    script: `fs.writeFileSync("a", "old", { flush: true }); fs.rmSync("a"); fs.writeFileSync("b", "new"); syncFolder(".")`,
    leaves: { a: undefined, b: "" },
  },
  {
    name: "writes to a file that syncs by itself are synced",
    script: `const { O_CREAT, O_WRONLY, O_DSYNC } = fs.constants;
      const fd = fs.openSync("a", O_CREAT | O_WRONLY | O_DSYNC); fs.writeSync(fd, "text")`,
    leaves: { a: "text" },
  },
];

describe.skipIf(NO_LIBRARY !== undefined)("the lossy disk", () => {
  it.each(CASES.map((each) => ({ ...each, name: needsLibrary(each.name) })))("$name", async ({ script, leaves }) => {
    const made = await killAfter(script);
    for (const [name, text] of Object.entries(leaves)) expect(left(made, name) === text, name).toBe(true);
  });

  it(needsLibrary("counts syncs"), async () => {
    const made = await killAfter(`const fd = fs.openSync("a", "w"); fs.fsyncSync(fd);
      for (let n = 0; n < 3; n += 1) { fs.writeSync(fd, "x"); fs.fdatasyncSync(fd); } syncFolder(".");
      const elsewhere = fs.openSync(require("node:os").devNull, "w"); try { fs.fsyncSync(elsewhere); } catch {}`);
    expect([made.read("fsyncs"), made.read("fdatasyncs")]).toEqual([2, 3]);
  });

  it(needsLibrary("sees what SQLite syncs, and what it does not"), async () => {
    const made = await killAfter(`const Database = require(${JSON.stringify(LIBSQL)});
      const db = new Database("a.db");
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x)");
      for (let n = 0; n < 40; n += 1) db.exec("INSERT INTO t VALUES (hex(randomblob(3000)))");
      db.exec("PRAGMA synchronous = OFF");
      for (let n = 0; n < 5; n += 1) db.exec("INSERT INTO t VALUES (1)")`);
    expect(made.read("fsyncs") + made.read("fdatasyncs")).toBeGreaterThan(40);
    made.cutPower();
    const again = await killAfter(
      `const Database = require(${JSON.stringify(LIBSQL)}); const db = new Database("a.db");
       fs.writeFileSync("answer", JSON.stringify([db.prepare("SELECT count(*) AS n FROM t").get().n,
         db.prepare("PRAGMA integrity_check").get().integrity_check]))`,
      made,
    );
    expect(JSON.parse(readFileSync(join(again.path, "answer"), "utf8"))).toEqual([40, "ok"]);
  });

  it(needsLibrary("is full when it is told so, and has room for what does not grow"), async () => {
    const made = openLossyDisk({ loses: false });
    made.set("room", 10);
    await killAfter(
      `const fd = fs.openSync("a", "w"); const told = [fs.writeSync(fd, "12345678"), fs.writeSync(fd, "123456")];
       try { fs.writeSync(fd, "x"); } catch (error) { told.push(error.code); }
       told.push(fs.writeSync(fd, "in place", 0)); console.log(told.join());
       if (told.join() !== "8,2,ENOSPC,8") process.exit(1)`,
      made,
    );
    expect(made.read("refusals")).toBeGreaterThan(0);
  });

  it(needsLibrary("is read-only when it is told so"), async () => {
    const made = openLossyDisk({ loses: false });
    writeFileSync(join(made.path, "a"), "text");
    made.set("isReadOnly", 1);
    await killAfter(
      `const told = []; const path = (name) => process.cwd() + "/" + name;
       for (const change of [() => fs.writeFileSync(path("b"), ""), () => fs.appendFileSync(path("a"), "x"),
         () => fs.rmSync(path("a")), () => fs.renameSync(path("a"), path("b")), () => fs.mkdirSync(path("c"))])
         try { change(); } catch (error) { told.push(error.code); }
       if (told.join() !== "EROFS,EROFS,EROFS,EROFS,EROFS" || fs.readFileSync("a", "utf8") !== "text") process.exit(1)`,
      made,
    );
  });

  it(
    needsLibrary("fails at syncing when it is told so, and loses what was to be synced, also for the next sync"),
    async () => {
      const made = openLossyDisk();
      const [word, offset] = ["Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])", 32];
      await killAfter(
        `const control = fs.openSync(${JSON.stringify(made.env["UNSYNCED_CONTROL"])}, "r+");
       const fd = fs.openSync("a", "a"); fs.writeSync(fd, "one "); fs.fsyncSync(fd);
       fs.writeSync(control, ${word}, 0, 8, ${offset}); fs.writeSync(fd, "two ");
       let code; try { fs.fsyncSync(fd); } catch (error) { code = error.code; } if (code !== "EIO") process.exit(1);
       fs.writeSync(control, Buffer.alloc(8), 0, 8, ${offset}); fs.writeSync(fd, "three"); fs.fsyncSync(fd)`,
        made,
      );
      expect(left(made, "a")).toBe("one \0\0\0\0three");
    },
  );
});
