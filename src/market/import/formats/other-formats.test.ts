/** Formats in the shapes that the reference files do not show: several tickers, pages, delistings, files of a folder. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it, onTestFinished } from "vitest";
import { at } from "../../market-fixture.ts";
import { importFile } from "../import-file.ts";
import { barsOf, failureOf, fixture, type Fixture } from "../import-fixture.ts";

const page = (bars: unknown, rest: object = {}): string => JSON.stringify({ bars, next_page_token: null, ...rest });
const bar = (t: string, change: object = {}): object => ({
  t,
  o: 10,
  h: 12,
  l: 9,
  c: 11,
  v: 100,
  n: 7,
  vw: 10.5,
  ...change,
});
const [FIRST, SECOND] = ["2024-03-05T14:30:00Z", "2024-03-05T14:31:00Z"];

describe("Alpaca's JSON", () => {
  it("of one symbol, of several, and of one page a line", async () => {
    const { market, take } = await fixture(onTestFinished);
    await take("one_1Min.json", page([bar(FIRST)], { symbol: "SPY" }));
    await take("many_1Min.json", page({ AAPL: [bar(FIRST)], "BTC/USD": [bar(FIRST, { v: 0.5 })] }));
    await take("lines_1Min.json", `${page({ QQQ: [bar(FIRST)] })}\n${page({ QQQ: [bar(SECOND)] })}\n`);
    expect(market.assets().map(({ symbol }) => symbol)).toEqual(["AAPL", "BTC/USD", "QQQ", "SPY"]);
    expect(await barsOf(market, "SPY", "1Min")).toMatchObject([{ vwap: 10.5, trades: 7, open: 10, volume: 100 }]);
    expect(await barsOf(market, "QQQ", "1Min")).toHaveLength(2);
  });

  it("says which bar is wrong, by its number", async () => {
    const { take } = await fixture(onTestFinished);
    const bars = [bar(FIRST), bar(SECOND, { o: "10" }), bar("noon"), 7];
    const report = await take("SPY_1Min.json", page({ SPY: bars }));
    expect(report.refused.map(({ line, reason }) => [line, reason])).toEqual([
      [2, "bad_number"],
      [3, "bad_time"],
      [4, "bad_number"],
    ]);
  });

  it("without bars has nothing to import", async () => {
    const { take } = await fixture(onTestFinished);
    for (const bars of [null, {}, { SPY: [] }]) {
      expect(await failureOf(take("SPY.json", page(bars, { symbol: "SPY" })))).toMatchObject({ code: "import_failed" });
    }
  });
});

describe("yfinance's CSV", () => {
  it("of several tickers gives each its bars, and leaves out the days on which one did not trade", async () => {
    const { market, take } = await fixture(onTestFinished);
    const lines = [
      "Price,Close,Close,High,High,Low,Low,Open,Open,Volume,Volume",
      "Ticker,AAPL,MSFT,AAPL,MSFT,AAPL,MSFT,AAPL,MSFT,AAPL,MSFT",
      "Date,,,,,,,,,,",
      "2024-03-05,11,21,12,22,9,19,10,20,100,200",
      "2024-03-06,11,,12,,9,,10,,100,",
    ];
    const report = await take("download.csv", lines.join("\n"));
    expect(report.series).toMatchObject([
      { symbol: "AAPL", rows: 2, isAdjusted: true },
      { symbol: "MSFT", rows: 1, isAdjusted: true },
    ]);
    expect(await barsOf(market, "MSFT", "1Day")).toMatchObject([
      { open: 20, high: 22, low: 19, close: 21, volume: 200 },
    ]);
  });

  it("of one ticker with dividends and splits, and a high that rounding put below the close", async () => {
    const { market, take } = await fixture(onTestFinished);
    const lines = [
      "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits",
      "2024-03-05 00:00:00-05:00,10.1,10.3,10,10.300000000000001,100,0.0,0.0",
    ];
    expect(await take("MSFT.csv", lines.join("\n"))).toMatchObject({ format: "yfinance", rowsRefused: 0 });
    expect(await barsOf(market, "MSFT", "1Day")).toMatchObject([{ high: 10.300000000000001 }]);
  });

  it("of which a column is missing is refused", async () => {
    const { take } = await fixture(onTestFinished);
    const lines = ["Price,Close,High,Low,Open", "Ticker,AAPL,AAPL,AAPL,AAPL", "Date,,,,", "2024-03-05,1,1,1,1"];
    expect((await failureOf(take("a.csv", lines.join("\n")))).message).toMatch(/there is no volume of AAPL/);
  });
});

describe("LEAN's folder", () => {
  async function put(made: Fixture, files: Record<string, string>): Promise<string> {
    const folder = join(made.market.directory, "..", "lean");
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  it("tells of names that changed and of companies that went", async () => {
    const made = await fixture(onTestFinished);
    const path = await put(made, {
      "map_files/meta.csv": "20120518,fb,Q\n20220608,fb,Q\n20501231,meta,Q\n",
      "map_files/twtr.csv": "20131107,twtr,N\n20221027,twtr,N\n",
      "map_files/odd.csv": "20131107,twtr,N,and more\n",
    });
    const report = await importFile({ market: made.market, path });
    expect(report).toMatchObject({
      actions: { read: 2, added: 2 },
      skipped: [{ path: join(path, "map_files/odd.csv") }],
    });
    expect(made.market.allCorporateActions()).toMatchObject([
      { symbol: "FB", exDate: "2022-06-09", type: "symbol_change", newSymbol: "META" },
      { symbol: "TWTR", exDate: "2022-10-28", type: "delisting" },
    ]);
  });

  it("reads splits of every kind out of factors", async () => {
    const made = await fixture(onTestFinished);
    const path = await put(made, {
      "factor_files/ge.csv": "20200102,1,8,100\n20210730,1,8,12.95\n20501231,1,1,0\n",
      "factor_files/x.csv":
        "20200102,1,0.6666667,100\n20210729,0.99,0.6666667,50\n20210730,1,0.6666667,50\n20501231,1,1,0\n",
    });
    await importFile({ market: made.market, path });
    expect(made.market.allCorporateActions()).toMatchObject([
      { symbol: "GE", exDate: "2021-08-02", type: "split", oldRate: 8_000_000_000n, newRate: 1_000_000_000n },
      { symbol: "X", exDate: "2021-07-30", type: "cash_dividend", cashPerShare: 500_000_000n },
      { symbol: "X", exDate: "2021-08-02", type: "split", oldRate: 2_000_000_000n, newRate: 3_000_000_000n },
    ]);
  });

  it("takes hours where they stand, and the symbols that were asked for", async () => {
    const made = await fixture(onTestFinished);
    const row = "100000,120000,90000,110000,5";
    const path = await put(made, {
      "equity/usa/hour/spy/spy.csv": `20240305 09:00,${row}\n20240305 10:00,${row}\n`,
      "equity/usa/hour/qqq/qqq.csv": `20240305 09:00,${row}\n`,
      "equity/usa/minute/spy/20240305_spy_minute_trade.csv": `34200000,${row}\n-5,${row}\n`,
    });
    const report = await importFile({ market: made.market, path, symbol: "SPY" });
    expect(report).toMatchObject({ timeframe: "1Hour, 1Min", rowsOfOtherSymbols: 1 });
    expect(report.series).toMatchObject([
      { symbol: "SPY", timeframe: "1Min", rows: 1 },
      { symbol: "SPY", timeframe: "1Hour", rows: 2 },
    ]);
    expect(report.refused).toMatchObject([
      { reason: "bad_time", line: 2, path: expect.stringContaining("20240305_spy") },
    ]);
  });
});

describe("Parquet", () => {
  const columns = (time: object): Buffer =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: "Datetime", ...time } as Parameters<typeof parquetWriteBuffer>[0]["columnData"][number],
          ...["Open", "High", "Low", "Close"].map((name) => ({ name, data: [10, 11], type: "DOUBLE" as const })),
          { name: "Volume", data: [100n, 200n], type: "INT64" },
        ],
      }),
    );

  it("takes the names that data frames have, and times as text", async () => {
    const { market, take } = await fixture(onTestFinished);
    await take("SPY.parquet", columns({ data: [FIRST, SECOND], type: "STRING" }));
    await take("QQQ.parquet", columns({ data: [new Date(FIRST), new Date(SECOND)], type: "TIMESTAMP" }));
    for (const symbol of ["SPY", "QQQ"]) {
      expect(await barsOf(market, symbol, "1Min")).toMatchObject([
        { start: at(FIRST), open: 10, volume: 100 },
        { start: at(SECOND), open: 11, volume: 200 },
      ]);
    }
  });

  it("without a column that is needed names those there are", async () => {
    const { take } = await fixture(onTestFinished);
    const lacking = Buffer.from(parquetWriteBuffer({ columnData: [{ name: "price", data: [1, 2] }] }));
    expect((await failureOf(take("SPY.parquet", lacking))).message).toMatch(
      /has the columns price: it misses timestamp, open, high, low, close, volume; name them with --columns/,
    );
  });
});

describe("many files at once", () => {
  it("take the symbol of each from its name alone, so that one is never taken for another", async () => {
    const { market } = await fixture(onTestFinished);
    const folder = join(market.directory, "..", "tree");
    await mkdir(folder, { recursive: true });
    const rows = "2024-03-05 09:30:00,10,12,9,11,100\n2024-03-05 09:31:00,10,12,9,11,100\n";
    for (const name of ["SPY_1min.txt", "QQQ_1min.txt"]) await writeFile(join(folder, name), rows);
    const report = await importFile({ market, path: folder, symbol: "QQQ" });
    expect(report).toMatchObject({ files: 2, rowsOfOtherSymbols: 2, series: [{ symbol: "QQQ", rows: 2 }] });
    await writeFile(join(folder, "prices.txt"), rows);
    expect(await failureOf(importFile({ market, path: folder, timeframe: "1Min" }))).toMatchObject({
      message: expect.stringMatching(/a symbol is missing for .*prices\.txt/),
    });
  });
});
