/** Two million rows go in without the memory for them. */
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, constants } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createPlace, type Place } from "./run-cli.ts";

const ROWS = 2_000_000;
const MEMORY_MB_MAX = 400;

/**
 * Tells the most memory that the process ever had, in kilobytes, when it ends. Linux says it of the program alone
 * (VmHWM); its maxRSS holds what the parent had when it started the program, too.
 */
const TELL_MEMORY = `data:text/javascript,${encodeURIComponent(`
  import { existsSync, readFileSync } from "node:fs";
  const status = "/proc/self/status";
  const peak = () => existsSync(status) ? /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, "utf8"))[1] : process.resourceUsage().maxRSS;
  process.on("exit", () => process.stderr.write("peak " + peak()));
`)}`;

let place: Place;
beforeAll(() => {
  place = createPlace();
});
afterAll(() => {
  place.clear();
});

/** One symbol, a bar each minute from 2010 on, around the clock. */
function* lines(): Generator<string> {
  yield "timestamp,open,high,low,close,volume\n";
  const from = Date.UTC(2010, 0, 1);
  for (let row = 0; row < ROWS; row += 1000) {
    let text = "";
    for (let index = row; index < row + 1000; index += 1) {
      const price = 100 + (index % 977) / 100;
      text += `${new Date(from + index * 60_000).toISOString()},${price},${price + 0.5},${price - 0.5},${price},${index % 5000}\n`;
    }
    yield text;
  }
}

it("imports two million rows in less than 400 MB", { timeout: 120_000 }, async () => {
  const file = join(place.path, "minutes.csv.gz");
  await pipeline(Readable.from(lines()), createGzip({ level: constants.Z_BEST_SPEED }), createWriteStream(file));
  const args = ["data", "import", file, "--symbol", "BTC/USD", "--data-dir", place.dataDir, "--json"];
  const { code, stdout, stderr } = await place.run(args, { NODE_OPTIONS: `--import ${TELL_MEMORY}` });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ imported: [{ rowsAccepted: ROWS, rowsRefused: 0 }] });
  const peakMb = Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
  expect(peakMb).toBeGreaterThan(50);
  expect(peakMb).toBeLessThan(MEMORY_MB_MAX);
});
