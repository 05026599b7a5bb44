/** Python programs under `tapedeck run` have the session's time, however they wait. Needs python3. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createPlace, type Place } from "../cli/run-cli.ts";

let place: Place;

beforeAll(() => {
  place = createPlace();
});
afterAll(() => {
  place.clear();
});

const SCRIPT = fileURLToPath(new URL("run_clock.py", import.meta.url));
const SPAN = ["--from", "2023-01-03T14:30:00Z", "--to", "2023-01-03T16:00:00Z"];

it.each(["max", "1200"])("they wait in the session's time, at speed %s", async (speed) => {
  const words = ["run", "--data-dir", place.dataDir, ...SPAN, "--speed", speed, "--", "python3", SCRIPT];
  const { code, stdout, stderr } = await place.run(words, { HOME: process.env["HOME"] ?? "" });
  const [, seen = stderr] = /^seen (.*)$/m.exec(stdout) ?? [];
  expect(JSON.parse(seen)).toEqual({
    start: "2023-01-03T14:30:00+00:00",
    types: [true, true, true, "timedelta", expect.stringMatching(/2023-01-0[34]/), "2023", true],
    slept: 90,
    sleep: "2023-01-03T14:31:30+00:00",
    "second nap": "2023-01-03T14:32:00+00:00",
    "first nap": "2023-01-03T14:32:30+00:00",
    timeout: "2023-01-03T14:33:15+00:00",
    threads: [
      ["quick", "2023-01-03T14:34:15+00:00"],
      ["slow", "2023-01-03T14:35:15+00:00"],
    ],
    "in vain": false,
    event: "2023-01-03T14:35:45+00:00",
    "in time": true,
    set: "2023-01-03T14:35:55+00:00",
    late: [120, 0],
  });
  expect([code, stdout]).toEqual([0, expect.stringContaining("completed at 2023-01-03T16:00:00.001Z")]);
});
