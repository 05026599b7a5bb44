/** The older Python SDK, alpaca-trade-api: every method of its REST class, and its stream. Needs python3, and PyPI once. */
import { beforeAll, expect, it } from "vitest";
import { expectSection } from "../compat/compat-table.ts";
import { KEY, SECRET } from "../support/streams.ts";
import { PYTHON_MS, pythonWith, scriptPath } from "./python-sdk.ts";
import { runDriver, type DriverRun, type Heard } from "./sdk-driver.ts";
import type { Tool } from "./tool.ts";

let python: Tool;
beforeAll(async () => {
  python = await pythonWith("requirements-legacy.txt");
}, PYTHON_MS);

/** The SDK's own variables, as docs/guide/connect.md sets them. */
const environment = (base: string): Record<string, string> => ({
  APCA_API_BASE_URL: base,
  APCA_API_DATA_URL: base,
  APCA_API_STREAM_URL: base,
  APCA_API_KEY_ID: KEY,
  APCA_API_SECRET_KEY: SECRET,
});

it("every public method works, or is refused in Alpaca's shape", async ({ skip }) => {
  if ("missing" in python) return skip(python.missing);
  const { command } = python;
  const run = (script: string, from?: string): Promise<DriverRun> =>
    runDriver({ command, args: [scriptPath(script)], environment, ...(from === undefined ? {} : { from }) });
  const calls = await run("legacy_calls.py", "2023-01-20T15:00:00Z");
  const { rows, heard } = await run("legacy_streams.py");
  expect(calls.rows.concat(rows).filter(({ failure }) => failure === "works")).toEqual([]);
  expectHeard(heard);
  expectSection("alpaca-trade-api-python 3.2.0", [...calls.rows, ...rows]);
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
  expect(heard["trade"]).toEqual(close);
  expect(heard["afterUnsubscribing"]).toEqual([]);
}
