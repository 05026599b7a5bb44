/** The lines for Python and Go of the dashboard's Connect page, run as they stand. Needs python3, go, and their packages once. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SNIPPETS, type Place } from "../../dashboard/connect/snippets.ts";
import { openDesk } from "../support/api.ts";
import { FROM_OPEN, KEY, openLiveApi, SECRET, type LiveApi } from "../support/streams.ts";
import { PYTHON_MS, pythonWith } from "./python-sdk.ts";
import { lastWords, type Tool } from "./tool.ts";

const run = promisify(execFile);
const MODULE = fileURLToPath(new URL("go", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tapedeck-snippets-"));

let api: LiveApi;
let place: Place;
let python: Tool;

beforeAll(async () => {
  python = await pythonWith("requirements.txt");
  api = await openLiveApi();
  const { account } = await openDesk(api, FROM_OPEN);
  place = { origin: `http://${api.host}`, account, id: KEY, secret: SECRET };
}, PYTHON_MS);
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

it("alpaca-py prints the account", async ({ skip }) => {
  if ("missing" in python) return skip(python.missing);
  const { stdout } = await run(python.command, ["-c", SNIPPETS["alpaca-py"].text(place)]);
  expect(stdout).toContain(place.account);
});

it("Go prints the account and a bar", async ({ skip }) => {
  for (const file of ["go.mod", "go.sum"]) copyFileSync(join(MODULE, file), join(folder, file));
  writeFileSync(join(folder, "main.go"), SNIPPETS.go.text(place));
  const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod -buildvcs=false" };
  try {
    await run("go", ["mod", "download"], { cwd: folder, env });
  } catch (error) {
    return skip(`the Go SDK could not be fetched: ${lastWords(error)}`);
  }
  const { stdout } = await run("go", ["run", "."], { cwd: folder, env });
  expect(stdout).toContain(place.account);
  expect(stdout.trim().split("\n")).toHaveLength(2);
  expect(stdout).not.toContain("<nil> ");
});
