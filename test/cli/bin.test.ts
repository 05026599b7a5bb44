/** The file that `tapedeck` is: what it says before the command line is there. */
import { execFile } from "node:child_process";
import { accessSync, constants, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/tapedeck.js", import.meta.url));
const run = promisify(execFile);

describe("bin/tapedeck.js", () => {
  it("can be executed and asks for node", () => {
    expect(readFileSync(BIN, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    accessSync(BIN, constants.X_OK);
  });

  it("says how to build what is not built", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tapedeck-bin-"));
    mkdirSync(join(folder, "bin"));
    copyFileSync(BIN, join(folder, "bin/tapedeck.mjs"));
    await expect(run(process.execPath, [join(folder, "bin/tapedeck.mjs")])).rejects.toMatchObject({
      code: 1,
      stderr: "tapedeck: is not built yet; run: npm run build\n",
    });
    rmSync(folder, { recursive: true });
  });

  it("refuses a Node that is too old, by name", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tapedeck-bin-"));
    const preload = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.18.3"})`;
    await expect(run(process.execPath, ["--import", preload, BIN, "--version"])).rejects.toMatchObject({
      code: 1,
      stderr: "tapedeck: needs Node 20.19 or newer; this is Node 20.18.3.\n",
    });
    rmSync(folder, { recursive: true });
  });
});
