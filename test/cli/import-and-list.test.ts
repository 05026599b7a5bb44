/** `tapedeck data`: bars get in, beside a running server too, and are listed. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../support/http-client.ts";
import { createPlace, serve, type Place } from "./run-cli.ts";

let place: Place;
beforeEach(() => {
  place = createPlace();
});
afterEach(() => place.clear());

const HEADER = "timestamp,open,high,low,close,volume";
const BARS = [
  "2023-01-03T14:30:00Z,10,11,9,10.5,1000",
  "2023-01-03T14:31:00Z,10.5,12,10,11,2000",
  "2023-01-03T14:32:00Z,11,11.5,10.8,11.2,1500",
];
const BAD = ["2023-01-03T14:33:00Z,x,12,10,11,2000", "2023-01-03T14:34:00,10,12,10,11,2000"];

function write(name: string, rows: readonly string[]): string {
  const text = `${[HEADER, ...rows].join("\n")}\n`;
  writeFileSync(join(place.path, name), name.endsWith(".gz") ? gzipSync(text) : text);
  return name;
}

const importArgs = (...files: readonly string[]): readonly string[] => [
  "data",
  "import",
  ...files,
  "--symbol",
  "ZZZ",
  "--data-dir",
  place.dataDir,
];

describe("tapedeck data import", () => {
  it("reports what it took, and each refused line with its reason", async () => {
    const { code, stdout, stderr } = await place.run(importArgs(write("zzz.csv", [...BARS, ...BAD])));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("zzz.csv: 5 rows read (csv, 1Min), 3 taken, 2 refused\n");
    expect(stdout).toMatch(/^ +SYMBOL +BARS +ROWS +NEW +COMPLETED\n +ZZZ +1Min +3 +3 +0$/m);
    expect(stdout).toMatch(/^ +5 +bad_number +open: /m);
    expect(stdout).toMatch(/^ +6 +no_offset +/m);
    expect(stdout).toContain("In all: bad_number 1, no_offset 1");
  });

  it("may be begun several times at once, on a directory that nobody has used yet", async () => {
    const file = write("zzz.csv", BARS);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => place.run(importArgs(file))));
    expect(outcomes.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      outcomes.map(() => ({ code: 0, stderr: "" })),
    );
    expect(outcomes.filter(({ stdout }) => stdout.includes("Nothing new"))).toHaveLength(3);
  });

  it("takes a file once: again, nothing is new", async () => {
    const file = write("zzz.csv.gz", BARS);
    await place.run(importArgs(file));
    const { code, stdout } = await place.run(importArgs(file));
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing new") });
  });

  it("reports as a document", async () => {
    const document = await place.runJson(importArgs(write("zzz.csv", [...BARS, ...BAD])));
    expect(document).toMatchObject({
      imported: [
        {
          path: "zzz.csv",
          format: "csv",
          timeframe: "1Min",
          rowsRead: 5,
          rowsAccepted: 3,
          rowsRefused: 2,
          series: [{ symbol: "ZZZ", timeframe: "1Min", rows: 3, added: 3 }],
          refused: [
            { line: 5, reason: "bad_number" },
            { line: 6, reason: "no_offset" },
          ],
        },
      ],
      failed: [],
    });
  });

  it("takes the files that are good, and ends with 1 for the others", async () => {
    const files = [write("good.csv", BARS), "gone.csv", write("bad.csv", BAD)];
    const { code, stdout, stderr } = await place.run([...importArgs(...files), "--timeframe", "1Min", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      imported: [{ path: "good.csv", rowsAccepted: 3 }],
      failed: [
        { path: "gone.csv", error: { code: "import_failed" } },
        { path: "bad.csv", error: { code: "import_failed" } },
      ],
    });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: "import_failed",
        message: expect.stringMatching(/^2 of 3 files were not imported:\n.*gone\.csv.*\n.*bad\.csv/),
      },
    });
  });

  it("ends with 2 for an option that it does not take, and 1 for a file that is not there", async () => {
    const file = write("zzz.csv", BARS);
    const wrong = await place.run(["data", "import", file, "--symbol", "no symbol", "--data-dir", place.dataDir]);
    expect({ code: wrong.code, stdout: wrong.stdout }).toEqual({ code: 2, stdout: "" });
    expect(wrong.stderr).toMatch(/tapedeck \(bad_argument\): .*--symbol: got "no symbol"/);
    expect(await place.run(importArgs("gone.csv"))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tapedeck \(import_failed\): gone\.csv could not be read/),
    });
  });

  it("leaves a directory alone that is not its own", async () => {
    const { code, stderr } = await place.run(["data", "import", write("zzz.csv", BARS), "--data-dir", place.path]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("data_directory_foreign") });
  });

  it("shows a running server the bars at once", async () => {
    const server = await serve(place);
    const client = createClient(server.url);
    expect(await client.request("GET", "/v1/assets/ZZZ/bars?timeframe=1Min")).not.toMatchObject({ status: 200 });
    await place.runJson(importArgs(write("zzz.csv", BARS)));
    expect(await client.request("GET", "/v1/assets/ZZZ/bars?timeframe=1Min")).toMatchObject({
      status: 200,
      body: { symbol: "ZZZ", bars: [{ t: "2023-01-03T14:30:00Z", o: 10 }, { c: 11 }, { v: 1500 }] },
    });
    server.kill("SIGTERM");
    expect(await server.outcome).toMatchObject({ code: 0 });
  });
});

describe("tapedeck data list", () => {
  it("marks the sample as synthetic and creates nothing", async () => {
    const { code, stdout } = await place.run(["data", "list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SYMBOL +BARS +FROM +TO +ROWS +DAYS +PARTIAL +MISSING +MARK +SOURCE\n/);
    expect(stdout).toMatch(
      /^AAPL +1Min +2022-12-01T09:00:00Z +2023-12-30T01:00:00Z +[\d,]+ +271 +0 +0 +synthetic +built-in sample$/m,
    );
    expect(readdirSync(place.path)).toEqual([]);
  });

  it("shows imported bars with their source", async () => {
    await place.run(importArgs(write("zzz.csv", BARS)));
    const document = await place.runJson(["data", "list", "--no-sample", "--data-dir", place.dataDir]);
    expect(document).toEqual({
      dataDir: place.dataDir,
      series: [
        {
          symbol: "ZZZ",
          timeframe: "1Min",
          from: "2023-01-03T14:30:00Z",
          to: "2023-01-03T14:33:00Z",
          rows: 3,
          source: expect.stringContaining("zzz.csv"),
          isAdjusted: false,
          isSynthetic: false,
          days: { present: 1, partial: 1, missing: 0 },
          hash: expect.stringMatching(/^[0-9a-f]+$/),
        },
      ],
    });
  });

  it("marks adjusted prices, which --adjusted says of a file", async () => {
    const file = write("zzz.csv", BARS);
    const { stdout } = await place.run([...importArgs(file), "--adjusted"]);
    expect(stdout).toContain("The series are marked as adjusted");
    const list = async (): Promise<string> =>
      (await place.run(["data", "list", "--no-sample", "--data-dir", place.dataDir])).stdout;
    expect(await list()).toMatch(/^ZZZ +1Min .* +3 +1 +1 +0 +adjusted +zzz\.csv \(csv\)$/m);
    await place.run([...importArgs(file), "--no-adjusted"]);
    expect(await list()).not.toContain("adjusted");
  });

  it("says how to get bars where there are none", async () => {
    const { code, stdout } = await place.run(["data", "list"], { TAPEDECK_SAMPLE: "false" });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("tapedeck data import") });
  });

  it("ends quietly when nobody reads on", async () => {
    const listing = place.start(["data", "list"]);
    listing.closeOutput();
    expect(await listing.outcome).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("an import that is ended by Ctrl-C", () => {
  it("leaves the catalog as it was, and no file behind", async () => {
    const rows = Array.from({ length: 400_000 }, (_, index) => {
      const time = new Date(Date.UTC(2020, 0, 1) + index * 60_000).toISOString();
      return `${time},10,12,9,11,${index}`;
    });
    const file = join(place.path, "BTC.csv");
    writeFileSync(file, `timestamp,open,high,low,close,volume\n${rows.join("\n")}\n`);
    const dataDir = join(place.path, "interrupted");
    const running = place.start(["data", "import", file, "--symbol", "BTC/USD", "--data-dir", dataDir]);
    while (!existsSync(join(dataDir, "market"))) await new Promise((resolve) => setImmediate(resolve));
    running.kill("SIGINT");
    const { code, stderr } = await running.outcome;
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining("nothing of") });
    expect(await place.runJson(["data", "list", "--no-sample", "--data-dir", dataDir])).toMatchObject({ series: [] });
    const left = readdirSync(join(dataDir, "market"), { recursive: true }).map(String);
    expect(left.filter((name) => /\.(bars|tmp)$|manifest/.test(name))).toEqual([]);
  });
});
