/** The SDK alpaca-py: every public method of its clients for stocks, and its streams. Needs python3, and PyPI once. */
import { beforeAll, expect, it } from "vitest";
import { expectSection } from "../compat/compat-table.ts";
import { PYTHON_MS, pythonWith, scriptPath } from "./python-sdk.ts";
import { runDriver, type Heard } from "./sdk-driver.ts";
import type { Tool } from "./tool.ts";

let python: Tool;
beforeAll(async () => {
  python = await pythonWith("requirements.txt");
}, PYTHON_MS);

it("every public method works, or is refused in Alpaca's shape", async ({ skip }) => {
  if ("missing" in python) return skip(python.missing);
  const { command } = python;
  const calls = await runDriver({ command, args: [scriptPath("alpaca_py_calls.py")], from: "2023-01-20T15:00:00Z" });
  const { rows, heard } = await runDriver({ command, args: [scriptPath("alpaca_py_streams.py")] });
  expect(calls.rows.concat(rows).filter(({ failure }) => failure === "works")).toEqual([]);
  expectHeard(heard);
  expectSection("alpaca-py 0.44.0", [...calls.rows, ...rows]);
});

/** The order and figures of what the streams told. */
function expectHeard(heard: Heard): void {
  const [price, qty] = heard.position;
  expect(heard.updates).toEqual([
    ["accepted", "accepted", null, null],
    ["new", "new", null, null],
    ["fill", "filled", price, qty],
  ]);
  expect(heard.bars).toHaveLength(2);
  expect(heard.bars).toEqual(heard.history);
  const { quotes, trades, daily_bars: day } = heard.last;
  const [, last] = heard.bars;
  expect([quotes.bid_price, trades.price, day.close]).toEqual([last.close, last.close, last.close]);
  expect(heard.afterUnsubscribing).toEqual([]);
}
