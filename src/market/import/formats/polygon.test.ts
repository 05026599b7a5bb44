/** Importing flat files, and real files of both formats that hold the same bars. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { instant } from "../../../kernel/index.ts";
import { at, hasSharedData, SHARED_DATA } from "../../market-fixture.ts";
import { importFile } from "../import-file.ts";
import { barsOf, fixture, HEADER } from "../import-fixture.ts";

describe("importing Polygon flat files", () => {
  const header = "ticker,volume,open,close,high,low,window_start,transactions";
  const row = (ticker: string, time: string, price = 10): string =>
    `${ticker},100,${price},${price},${price},${price},${at(time)}000000,7`;

  it("takes every ticker, or those that were asked for", async () => {
    const { market, take } = await fixture(onTestFinished);
    const rows = [
      header,
      row("BRK.B", "2024-03-05T14:30:00Z"),
      row("SPY", "2024-03-05T14:30:00Z"),
      row("SPY", "2024-03-05T14:31:00Z", 11),
    ];
    const one = await take("2024-03-05.csv", rows.join("\n"), { symbol: "SPY, QQQ" });
    expect(one).toMatchObject({
      format: "polygon",
      timeframe: "1Min",
      rowsOfOtherSymbols: 1,
      series: [{ symbol: "SPY", rows: 2 }],
    });
    const all = await take("2024-03-05.csv", rows.join("\n"));
    expect(all.series).toMatchObject([
      { symbol: "BRK.B", added: 1 },
      { symbol: "SPY", added: 0 },
    ]);
    expect(await barsOf(market, "SPY", "1Min")).toMatchObject([{ open: 10, trades: 7 }, { open: 11 }]);
  });

  it("knows a file of days by its midnights", async () => {
    const { market, take } = await fixture(onTestFinished);
    await take(
      "2024-03-05.csv.gz",
      gzipSync([header, row("A", "2024-03-05T05:00:00Z"), row("B", "2024-03-05T05:00:00Z")].join("\n")),
    );
    expect(await barsOf(market, "B", "1Day")).toMatchObject([{ start: at("2024-03-05T14:30:00Z"), isDay: true }]);
  });

  it("refuses tickers and times that cannot be kept, row by row", async () => {
    const { take } = await fixture(onTestFinished);
    const odd = [
      row("ABRpD", "2024-03-05T14:30:00Z"),
      "A,100,1,1,1,1,1709649000000000001,7",
      "A,100,1,1,1,1,later,7",
      "A,100,1,1,1,1,1709649000000000000,x",
    ];
    const report = await take("day.csv", [header, row("A", "2024-03-05T14:31:00Z"), ...odd].join("\n"));
    expect(report.refused.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "bad_symbol"],
      [4, "bad_time"],
      [5, "bad_time"],
      [6, "bad_number"],
    ]);
  });
});

describe.skipIf(!hasSharedData)("real files (skipped where ../shared/data is absent)", () => {
  it("of minutes read back line by line as they stand in the file", async () => {
    const { market, take } = await fixture(onTestFinished);
    const folder = join(SHARED_DATA, "formats/minute_SPY_2011-03-11_14");
    const canonical = (await readFile(join(folder, "canonical.csv"), "utf8")).trim().split("\n").slice(1);
    for (const date of ["2011-03-11", "2011-03-14"]) {
      const path = join(folder, `polygon_flatfile/us_stocks_sip/minute_aggs_v1/2011/03/${date}.csv.gz`);
      expect((await importFile({ market, path })).rowsRefused).toBe(0);
    }
    const bars = await barsOf(market, "SPY", "1Min");
    const lines = bars.map(({ start, open, high, low, close, volume }) =>
      ["SPY", new Date(start).toISOString().replace(".000", ""), open, high, low, close, volume].join(),
    );
    expect(lines).toEqual(canonical);
    const plain = await take(
      "SPY.csv",
      canonical
        .map((line) => line.slice(4))
        .toSpliced(0, 0, HEADER)
        .join("\n"),
    );
    expect(plain.isUnchanged).toBe(true);
  });

  it("of days agree with the plain CSV of the same bars", async () => {
    const { market } = await fixture(onTestFinished);
    const report = await importFile({ market, path: join(SHARED_DATA, "bars_1day/AAPL.csv.gz") });
    expect(report).toMatchObject({
      timeframe: "1Day",
      rowsRead: 9400,
      reasons: [{ reason: "outside_calendar", rows: 2287 }],
    });
    const folder = join(SHARED_DATA, "formats/daily_AAPL_2014/polygon_flatfile/us_stocks_sip/day_aggs_v1/2014/06");
    for (const date of ["2014-06-06", "2014-06-09"]) {
      const again = await importFile({ market, path: join(folder, `${date}.csv.gz`), symbol: "AAPL" });
      expect(again).toMatchObject({ timeframe: "1Day", rowsAdded: 0, rowsCompleted: 1 });
    }
    const [first] = await barsOf(market, "AAPL", "1Day");
    expect(first).toMatchObject({
      label: at("1990-01-02T05:00:00Z"),
      start: at("1990-01-02T14:30:00Z"),
      end: instant(at("1990-01-02T21:00:00Z")),
    });
  });
});
