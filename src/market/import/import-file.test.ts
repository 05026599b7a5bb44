/** An import is all of a file or nothing, says what it did, and can be done again. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { openMarket } from "../market.ts";
import { at, temporaryDirectory } from "../market-fixture.ts";
import { importFile } from "./import-file.ts";
import { barsOf, csv, failureOf, fixture, GOOD, HEADER } from "./import-fixture.ts";

describe("an import", () => {
  it("that is done again changes nothing and says so", async () => {
    const { market, take } = await fixture(onTestFinished);
    await take("SPY.csv", csv(...GOOD));
    const generation = market.generation();
    expect(await take("SPY.csv", csv(...GOOD))).toMatchObject({ isUnchanged: true, rowsAdded: 0, rowsAccepted: 2 });
    expect(market.generation()).toBe(generation);
  });

  it("is nothing at all where one bar contradicts the catalog", async () => {
    const { market, take } = await fixture(onTestFinished);
    await take("SPY.csv", csv(...GOOD));
    const error = await failureOf(
      take("SPY.csv", csv("2024-03-05T14:32:00Z,10,12,9,11,100", GOOD[1]?.replace("300", "301") ?? "")),
    );
    expect(error).toMatchObject({
      code: "import_failed",
      message: expect.stringMatching(/SPY at 2024-03-05T14:31:00Z: volume is 300 in the catalog and 301 in the file/),
    });
    expect(await barsOf(market, "SPY", "1Min")).toHaveLength(2);
  });

  it("is nothing at all where the gzip data is cut off", async () => {
    const { market, take } = await fixture(onTestFinished);
    const rows = Array.from(
      { length: 5000 },
      (_, index) => `${new Date(at("2024-03-05T09:00:00Z") + index * 60_000).toISOString()},10,12,9,11,${index}`,
    );
    const whole = gzipSync(csv(...rows));
    for (const length of [whole.length - 1, Math.floor(whole.length / 2), 15]) {
      const error = await failureOf(take("SPY.csv.gz", whole.subarray(0, length)));
      expect(error).toMatchObject({
        code: "import_failed",
        message: expect.stringMatching(/SPY\.csv\.gz could not be read: the gzip data is cut off/),
      });
    }
    expect(market.hasSymbol("SPY")).toBe(false);
    expect((await take("SPY.csv.gz", whole)).rowsAccepted).toBe(5000);
  });

  it("fails with the reasons where no row can be taken", async () => {
    const { take } = await fixture(onTestFinished);
    const error = await failureOf(take("SPY.csv", csv("2024-03-05T14:30:00,10,12,9,11,100", "x,10,12,9,11,100")));
    expect(error).toMatchObject({
      code: "import_failed",
      message: expect.stringMatching(/2 read, refused: no_offset \(1\), bad_time \(1\)\. Line 2: timestamp/),
    });
  });

  it.each([
    ["", "import_failed", /is empty/],
    ["a,b\n1,2\n", "import_failed", /line 1: got "a,b", which is no known format \(parquet, .* csv\)\. .* --columns/],
    [`${HEADER},adjusted\n`, "import_failed", /the header has "adjusted"/],
    ["timestamp,open,high,low,close\n", "import_failed", /the header misses volume/],
    [`${HEADER}\n`, "import_failed", /no row that can be taken: 0 read/],
    [`${HEADER}\n${"1".repeat(70_000)}`, "import_failed", /line 2: the line is longer than 65536 bytes/],
    [
      csv("2024-03-05T14:30:00Z,10,12,9,11,100", "2024-03-05T14:35:00Z,10,12,9,11,100"),
      "bad_argument",
      /--timeframe is needed .* 5 minutes apart/,
    ],
  ])("of a file like %j fails as %s", async (content, code, message) => {
    const { take } = await fixture(onTestFinished);
    expect(await failureOf(take("SPY.csv", content))).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    [{ symbol: "spy" }, /^--symbol: got "spy", wanted/],
    [{ symbol: "../SPY" }, /^--symbol: got "\.\.\/SPY"/],
    [{ symbol: "A,B" }, /^--symbol: .* holds one symbol, got A,B/],
    [{ timeframe: "1Week" }, /^--timeframe: got "1Week", wanted 1Min to 59Min/],
    [{ format: "excel" }, /^--format: got "excel", wanted one of parquet, .*polygon, .*csv/],
    [{ timezone: "Mars/Olympus" }, /^--timezone: got "Mars\/Olympus", wanted an IANA name/],
    [{ timeFormat: "ydm" }, /^--time-format: got "ydm", wanted iso, date, mdy/],
    [{ onConflict: "merge" }, /^--on-conflict: got "merge", wanted keep, replace or fail/],
    [{ columns: "timestamp=Time,open=Open" }, /^--columns: .*it misses high, low, close, volume/],
    [{ columns: "time,price" }, /^--columns: got "price", wanted timestamp=Time,open=Open/],
    [{}, /^--symbol is needed for .*: the file's own name is not a ticker/],
  ])("with the options %j says which is wrong", async (options, message) => {
    const { take } = await fixture(onTestFinished);
    const error = await failureOf(take("my bars.csv", csv(...GOOD), options));
    expect(error).toMatchObject({ code: "bad_argument", message: expect.stringMatching(message) });
  });

  it("of a file that is not there names it", async () => {
    const { market } = await fixture(onTestFinished);
    const error = await failureOf(importFile({ market, path: join(market.directory, "none.csv") }));
    expect(error).toMatchObject({ code: "import_failed", message: expect.stringContaining("none.csv") });
  });

  it("tells how far it is", async () => {
    const { take } = await fixture(onTestFinished);
    const seen: number[][] = [];
    const report = await take("SPY.csv", csv(...GOOD), { onProgress: (read, total) => seen.push([read, total]) });
    expect(seen.at(-1)).toEqual([report.bytes, report.bytes]);
  });

  it("takes the place of the sample's bars, and says of which symbols", async () => {
    const dataDir = await temporaryDirectory(onTestFinished);
    const market = await openMarket({ dataDir });
    const path = join(dataDir, "SPY.csv");
    await writeFile(path, csv(...GOOD));
    expect((await importFile({ market, path })).sampleReplaced).toEqual(["SPY"]);
    expect((await importFile({ market, path })).sampleReplaced).toEqual([]);
    expect(market.findAsset("SPY")?.isSynthetic).toBe(false);
  });
});
