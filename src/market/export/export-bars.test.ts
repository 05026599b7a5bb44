/** Bars that are exported and imported again are the same bars, in every format. */
import { readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { isRefusal } from "../../kernel/index.ts";
import { importFile } from "../import/import-file.ts";
import { actionsCsv, barsOf, failureOf, fixture, type Fixture } from "../import/import-fixture.ts";
import { openMarket, type Market } from "../market.ts";
import { hasSharedData, SHARED_DATA, temporaryDirectory } from "../market-fixture.ts";
import { exportBars, type ExportOptions, type ExportReport } from "./export-bars.ts";

const BARS = [
  "symbol,timestamp,open,high,low,close,volume,trade_count,vwap",
  "QQQ,2024-03-05T14:30:00Z,10,12,9,11,100,7,10.123456789",
  "SPY,2024-03-05T14:30:00Z,0.30000000000000004,12,0.1,11,100.5,,",
  "SPY,2024-03-05T14:31:00Z,11,11,8,9,300,2,",
  "SPY,2024-03-06T14:30:00Z,5.5,6,5,5.5,1000,3,5.6",
];

async function filled(): Promise<Fixture> {
  const made = await fixture(onTestFinished);
  await made.take("all.csv", `${BARS.join("\n")}\n`, { timeframe: "1Min" });
  return made;
}

async function write(market: Market, name: string, options: Partial<ExportOptions> = {}): Promise<ExportReport> {
  const path = join(await temporaryDirectory(onTestFinished), name);
  const report = await exportBars({ market, symbols: ["SPY"], path, ...options });
  if (isRefusal(report)) throw new Error(report.message);
  return report;
}

const hashesOf = (market: Market): readonly string[] =>
  market.describe().map(({ symbol, timeframe, hash }) => `${symbol} ${timeframe} ${hash}`);

describe("an export", () => {
  it.each(["bars_1Min.csv", "bars_1Min.csv.gz", "bars_1Min.parquet"])(
    "as %s holds the bars to the last bit, so that importing it gives the same catalog",
    async (name) => {
      const { market } = await filled();
      const report = await write(market, name, { symbols: ["QQQ", "SPY"] });
      expect(report).toMatchObject({ rows: 4, adjusted: [], series: [{ symbol: "QQQ", rows: 1 }, { rows: 3 }] });
      const again = await openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample: false });
      await importFile({ market: again, path: report.path });
      expect(hashesOf(again)).toEqual(hashesOf(market));
    },
  );

  it("as CSV has the columns of alpaca-py's data frames, and empty fields for what is not there", async () => {
    const { market } = await filled();
    const { path } = await write(market, "SPY.csv.gz");
    const text = gunzipSync(await readFile(path)).toString();
    expect(text).toBe(`${[BARS[0], ...BARS.slice(2)].join("\n")}\n`);
  });

  it("takes the dates that were asked for, both included", async () => {
    const { market } = await filled();
    expect(await write(market, "a.csv", { from: "2024-03-06" })).toMatchObject({ rows: 1 });
    expect(await write(market, "a.csv", { to: "2024-03-05" })).toMatchObject({ rows: 2 });
    expect(await write(market, "a.csv", { from: "2024-03-05", to: "2024-03-06" })).toMatchObject({ rows: 3 });
  });

  it("makes longer bars, and adjusts them where that was asked for", async () => {
    const { market, takeActions } = await filled();
    await takeActions(actionsCsv("SPY,2024-03-06,split,1,2,,,,"));
    const { path, adjusted } = await write(market, "SPY.csv", { timeframe: "1Day", adjustment: "split" });
    expect(adjusted).toEqual(["SPY"]);
    expect((await readFile(path, "utf8")).split("\n").slice(1, 3)).toEqual([
      "SPY,2024-03-05T05:00:00Z,0.15,6,0.05,4.5,801,,",
      "SPY,2024-03-06T05:00:00Z,5.5,6,5,5.5,1000,3,5.6",
    ]);
  });

  it("does not write over a file unless it is told to", async () => {
    const { market } = await filled();
    const path = join(await temporaryDirectory(onTestFinished), "SPY.csv");
    await writeFile(path, "mine");
    const failure = await failureOf(exportBars({ market, symbols: ["SPY"], path }));
    expect(failure).toMatchObject({ code: "bad_argument", message: expect.stringContaining("--force") });
    expect(await readFile(path, "utf8")).toBe("mine");
    await exportBars({ market, symbols: ["SPY"], path, isForced: true });
    expect(await readFile(path, "utf8")).toContain("SPY,2024-03-05T14:30:00Z");
  });

  it.each<[Partial<ExportOptions>, RegExp]>([
    [{ symbols: ["SPY", "NOPE"] }, /"NOPE" is not in the catalog/],
    [{ from: "yesterday" }, /^from: got "yesterday", wanted a date/],
    [{ to: "2024-02-30" }, /^to: got "2024-02-30", wanted a date/],
    [{ timeframe: "7Week" }, /^timeframe: got "7Week"/],
    [{ adjustment: "some" }, /^adjustment: got "some"/],
  ])("with %j is refused, and leaves no file", async (options, message) => {
    const { market } = await filled();
    const path = join(await temporaryDirectory(onTestFinished), "out.parquet");
    expect(await exportBars({ market, symbols: ["SPY"], path, ...options })).toMatchObject({
      message: expect.stringMatching(message),
    });
    expect(existsSync(path)).toBe(false);
  });

  it("to a place that is not there, or in a format that nobody knows, fails with the name", async () => {
    const { market } = await filled();
    const nowhere = join(market.directory, "no", "such", "SPY.csv");
    expect(await failureOf(exportBars({ market, symbols: ["SPY"], path: nowhere }))).toMatchObject({
      code: "export_failed",
      message: expect.stringContaining(nowhere),
    });
    expect(await failureOf(exportBars({ market, symbols: ["SPY"], path: "SPY.xlsx" }))).toMatchObject({
      code: "bad_argument",
    });
  });
});

describe.skipIf(!hasSharedData)("real bars (skipped where ../shared/data is absent)", () => {
  it.each([
    ["bars_1min/SPY.csv.gz", "SPY", "SPY_1Min.parquet"],
    ["bars_1day/AAPL.csv.gz", "AAPL", "AAPL_1Day.parquet"],
    ["bars_1min/SPY.csv.gz", "SPY", "SPY_1Min.csv.gz"],
  ])("%s goes through %s's Parquet and comes back the same", async (file, symbol, name) => {
    const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample: false });
    await importFile({ market, path: join(SHARED_DATA, file) });
    const { path } = await write(market, name, { symbols: [symbol] });
    const again = await openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample: false });
    const report = await importFile({ market: again, path });
    expect(report).toMatchObject({ rowsRefused: 0 });
    expect(hashesOf(again)).toEqual(hashesOf(market));
    expect(await barsOf(again, symbol, report.timeframe)).toEqual(await barsOf(market, symbol, report.timeframe));
  });
});
