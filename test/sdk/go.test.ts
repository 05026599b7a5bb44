/** The Go SDK: every public method of its clients for trading and market data, and its streams. Needs go, and its proxy once. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectSection } from "../compat/compat-table.ts";
import { KEY, SECRET } from "../support/streams.ts";
import { runDriver, type DriverRun, type Heard } from "./sdk-driver.ts";
import { lastWords, type Tool } from "./tool.ts";

const SOURCE = fileURLToPath(new URL("go", import.meta.url));
const built = mkdtempSync(join(tmpdir(), "tapedeck-go-"));

/** Some ten modules; and their compilation on a machine that is busy with other tests. */
const [DOWNLOAD_MS, BUILD_MS] = [40_000, 90_000];

let program: Tool;
beforeAll(async () => {
  program = await build(join(built, "calls"));
}, DOWNLOAD_MS + BUILD_MS);
afterAll(() => {
  rmSync(built, { recursive: true, force: true });
});

/** Modules that cannot be fetched are a reason to skip; a program that does not compile is none. */
async function build(command: string): Promise<Tool> {
  const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly -buildvcs=false" };
  const go = (args: readonly string[], timeout: number): Promise<unknown> =>
    promisify(execFile)("go", args, { cwd: SOURCE, env, timeout });
  try {
    await go(["mod", "download"], DOWNLOAD_MS);
  } catch (error) {
    return { missing: `the Go SDK could not be fetched: ${lastWords(error)}` };
  }
  await go(["build", "-o", command, "."], BUILD_MS);
  return { command };
}

/** The SDK's own variables, as docs/guide/connect.md sets them. */
const environment = (base: string): Record<string, string> => ({
  APCA_API_BASE_URL: base,
  APCA_API_DATA_URL: base,
  DATA_PROXY_WS: `${base.replace("http", "ws")}/v2`,
  APCA_API_KEY_ID: KEY,
  APCA_API_SECRET_KEY: SECRET,
});

it("every public method works, or is refused in Alpaca's shape", async ({ skip }) => {
  if ("missing" in program) return skip(program.missing);
  const { command } = program;
  const run = (args: readonly string[], from?: string): Promise<DriverRun> =>
    runDriver({ command, args, environment, ...(from === undefined ? {} : { from }) });
  const calls = await run([], "2023-01-20T15:00:00Z");
  const { rows, heard } = await run(["streams"]);
  expect(calls.rows.concat(rows).filter(({ failure }) => failure === "works")).toEqual([]);
  expectHeard(heard);
  expectSection("alpaca-trade-api-go 3.9.1", [...calls.rows, ...rows]);
});

/** The order and figures of what the streams told. */
function expectHeard(heard: Heard): void {
  const [price, qty] = heard["position"];
  expect(heard["updates"]).toEqual([
    ["accepted", "accepted", null, null],
    ["new", "new", null, null],
    ["fill", "filled", price, qty],
  ]);
  expect(heard["bars"]).toHaveLength(2);
  expect(heard["bars"]).toEqual(heard["history"]);
  const [, , , , close] = heard["bars"][1];
  expect(heard["last"]).toEqual([close, close]);
  expect(heard["afterUnsubscribing"]).toBe(0);
}
