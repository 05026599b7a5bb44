/** Real bars in every format that users have: each reads back as the same bars. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { formatUnits } from "../../../kernel/index.ts";
import { openMarket, type Market } from "../../market.ts";
import { hasSharedData, SHARED_DATA, temporaryDirectory } from "../../market-fixture.ts";
import { importFile, type ImportReport } from "../import-file.ts";
import type { ImportOptions } from "../import-options.ts";
import { barsOf } from "../import-fixture.ts";

const MINUTES = join(SHARED_DATA, "formats/minute_SPY_2011-03-11_14");
const DAYS = join(SHARED_DATA, "formats/daily_AAPL_2014");

interface Taken {
  readonly market: Market;
  readonly report: ImportReport;
}

async function take(path: string, options: Partial<ImportOptions> = {}): Promise<Taken> {
  const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample: false });
  return { market, report: await importFile({ market, path, ...options }) };
}

const rowsOf = async (path: string): Promise<readonly string[]> =>
  (await readFile(path, "utf8")).trim().split(/\r?\n/).slice(1);

/** Bars as the lines of canonical.csv. */
async function linesOf(market: Market, symbol: string, timeframe: string): Promise<readonly string[]> {
  return (await barsOf(market, symbol, timeframe)).map(({ label, open, high, low, close, volume }) =>
    [symbol, new Date(label).toISOString().replace(".000", ""), open, high, low, close, volume].join(),
  );
}

describe.skipIf(!hasSharedData)("a file of real minutes (skipped where ../shared/data is absent)", () => {
  it.each([
    ["canonical.csv", "csv"],
    ["alpaca_py_df_to_csv.csv", "alpaca-csv"],
    ["alpaca_v2_stocks_bars_1Min.json", "alpaca-json"],
    ["firstrate_style_SPY_1min.txt", "firstrate"],
    ["ninjatrader_SPY.Last.txt", "ninjatrader"],
    ["bars.parquet", "parquet"],
    ["polygon_flatfile", "polygon"],
    ["lean", "lean"],
  ])("%s is known as %s and reads back as the canonical bars", async (name, format) => {
    const { market, report } = await take(join(MINUTES, name));
    expect(report).toMatchObject({ format, timeframe: "1Min", rowsRefused: 0, skipped: [] });
    expect(report.series).toMatchObject([{ symbol: "SPY", isAdjusted: false }]);
    expect(await linesOf(market, "SPY", "1Min")).toEqual(await rowsOf(join(MINUTES, "canonical.csv")));
  });
});

describe.skipIf(!hasSharedData)("a file of real days (skipped where ../shared/data is absent)", () => {
  it.each([
    ["canonical.csv", "csv"],
    ["alpaca_v2_stocks_bars_1Day_adjustment_raw.json", "alpaca-json"],
    ["bars.parquet", "parquet"],
    ["lean/equity/usa/daily/aapl.zip", "lean"],
  ])("%s is known as %s and reads back as the canonical bars", async (name, format) => {
    const { market, report } = await take(join(DAYS, name));
    expect(report).toMatchObject({ format, timeframe: "1Day", rowsRefused: 0 });
    expect(report.series).toMatchObject([{ symbol: "AAPL", isAdjusted: false }]);
    expect(await linesOf(market, "AAPL", "1Day")).toEqual(await rowsOf(join(DAYS, "canonical.csv")));
  });

  it("Polygon's days of two companies are those of the canonical file", async () => {
    const { market, report } = await take(join(DAYS, "polygon_flatfile"));
    expect(report).toMatchObject({ format: "polygon", timeframe: "1Day", files: 2, rowsRefused: 0 });
    const canonical = (await rowsOf(join(DAYS, "canonical.csv"))).filter((line) => /2014-06-0[69]T/.test(line));
    expect(await linesOf(market, "AAPL", "1Day")).toEqual(canonical);
  });

  it("LEAN's whole folder brings its splits and dividends along", async () => {
    const { market, report } = await take(join(DAYS, "lean"));
    expect(report).toMatchObject({ format: expect.stringContaining("lean-factors"), files: 3, actions: { added: 5 } });
    const actions = market.corporateActions("AAPL").map((action) => {
      const rates = action.type === "split" ? [formatUnits(action.oldRate), formatUnits(action.newRate)] : ["", ""];
      const each = action.type === "cash_dividend" ? formatUnits(action.cashPerShare) : "";
      return [action.symbol, action.exDate, action.type, ...rates, each].join();
    });
    expect(actions).toEqual(await rowsOf(join(DAYS, "corporate_actions.csv")));
  });

  it.each([
    ["alpaca_v2_stocks_bars_1Day_adjustment_split.json", "alpaca-json"],
    ["alpaca_v2_stocks_bars_1Day_adjustment_all.json", "alpaca-json"],
    ["yahoo_AAPL.csv", "yahoo"],
    ["yfinance_auto_adjust_multiheader_AAPL.csv", "yfinance"],
  ])("%s is known as %s and marked as adjusted", async (name, format) => {
    const { market, report } = await take(join(DAYS, name));
    expect(report).toMatchObject({ format, timeframe: "1Day", rowsRefused: 0, rowsAccepted: 252 });
    expect(report.series).toMatchObject([{ symbol: "AAPL", isAdjusted: true }]);
    expect(market.isAdjusted("AAPL")).toBe(true);
  });

  it("Yahoo's prices are the canonical ones divided by the split that came after, to its six decimals", async () => {
    const { market } = await take(join(DAYS, "yahoo_AAPL.csv"));
    const bars = await barsOf(market, "AAPL", "1Day");
    const canonical = (await rowsOf(join(DAYS, "canonical.csv"))).map((line) => line.split(","));
    expect(bars).toHaveLength(canonical.length);
    for (const [index, [, time = "", open, high, low, close, volume]] of canonical.entries()) {
      const ratio = time < "2014-06-09" ? 7 : 1;
      const bar = bars[index];
      const wanted = [open, high, low, close].map((text) => (Number(text) / ratio).toFixed(6));
      expect([bar?.open, bar?.high, bar?.low, bar?.close].map((price) => price?.toFixed(6))).toEqual(wanted);
      expect(bar?.volume).toBe(Number(volume) * ratio);
    }
  });

  it("yfinance's figures are those of the file to the last digit", async () => {
    const name = join(DAYS, "yfinance_auto_adjust_multiheader_AAPL.csv");
    const { market } = await take(name);
    const lines = (await barsOf(market, "AAPL", "1Day")).map(({ label, close, high, low, open, volume }) =>
      [new Date(label).toISOString().slice(0, 10), close, high, low, open, volume].map(String),
    );
    const written = (await rowsOf(name)).slice(2).map((line) => {
      const [date = "", ...figures] = line.split(",");
      return [date, ...figures.map((text) => String(Number(text)))];
    });
    expect(lines).toEqual(written);
  });

  it("takes several formats of one folder together, and lists what it does not know", async () => {
    const folder = join(await temporaryDirectory(onTestFinished), "tree");
    const put = async (name: string, content: Buffer | string): Promise<void> => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    };
    await put("minutes/SPY_1min.txt", await readFile(join(MINUTES, "firstrate_style_SPY_1min.txt")));
    await put("days/aapl.zip", await readFile(join(DAYS, "lean/equity/usa/daily/aapl.zip")));
    await put("notes.txt", "Bought from a vendor.\n");
    const { report } = await take(folder);
    expect(report.skipped).toEqual([{ path: join(folder, "notes.txt"), why: "no known format" }]);
    expect(report.series.map(({ symbol, timeframe, rows }) => [symbol, timeframe, rows])).toEqual([
      ["AAPL", "1Day", 252],
      ["SPY", "1Min", 1569],
    ]);
  });
});
