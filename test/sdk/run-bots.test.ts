/** The Python examples under `tapedeck run`: asking or listening, at any speed, the same trades. Needs python3 and PyPI. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPlace, type Place } from "../cli/run-cli.ts";
import { pythonWith } from "./python-sdk.ts";

const python = await pythonWith("requirements.txt");
const missing = "missing" in python ? python.missing : undefined;

let place: Place;
beforeAll(() => {
  place = createPlace();
});
afterAll(() => {
  place.clear();
});

async function trades(bot: string, speed: string): Promise<readonly string[]> {
  const script = fileURLToPath(new URL(`../../examples/bots/${bot}.py`, import.meta.url));
  const command = "command" in python ? python.command : "python3";
  const span = ["--from", "2023-01-03T14:30:00Z", "--to", "2023-01-03T15:50:00Z", "--speed", speed];
  const words = ["run", "--data-dir", place.dataDir, ...span, "--", command, "-W", "ignore", script];
  const { code, stdout, stderr } = await place.run(words);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout.split("\n").filter((line) => /^(buy|sell|Equity) /.test(line));
}

describe.skipIf(missing !== undefined)(`the Python examples (${missing ?? "all there"})`, () => {
  it("make the same trades, asking or listening, at full speed and slower", async () => {
    const asking = await trades("breakout_polling", "max");
    expect(asking.length).toBeGreaterThan(6);
    expect(await trades("breakout_streaming", "max")).toEqual(asking);
    expect(await trades("breakout_polling", "1200")).toEqual(asking);
    expect(await trades("breakout_streaming", "1200")).toEqual(asking);
  });
});
