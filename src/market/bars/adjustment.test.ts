/** Adjusted bars: which bars, by how much, as of when, and the same as in files of Alpaca's layout. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { tableRowsOf } from "../../../test/support/repository.ts";
import { newYorkDate } from "../../calendar/index.ts";
import { formatInstant, instant, isRefusal } from "../../kernel/index.ts";
import { importFile } from "../import/import-file.ts";
import { importActions } from "../import/import-table.ts";
import { openMarket } from "../market.ts";
import { at, hasSharedData, SHARED_DATA, temporaryDirectory, type TestBar } from "../market-fixture.ts";
import { dividendOn, pagesOf, splitOn, type Asked } from "./bars-fixture.ts";
import type { BarsPage } from "./page.ts";

/** A minute at 10:00 New York of dates in winter, at one price. */
const minuteOf = (date: string, price: number, rest: Partial<TestBar> = {}): TestBar => ({
  start: at(`${date}T15:00:00Z`),
  open: price,
  close: price,
  vwap: price,
  trades: 3,
  ...rest,
});
const closes = ({ bars }: BarsPage): readonly number[] => bars.map(({ close }) => close);

/** The worked example of docs/reference/bars.md. */
const EXAMPLE = {
  bars: [
    minuteOf("2024-03-04", 100),
    minuteOf("2024-03-05", 80),
    minuteOf("2024-03-06", 39),
    minuteOf("2024-03-07", 41),
  ],
  actions: [dividendOn("2024-03-05", 200), splitOn("2024-03-06", 1, 2)],
};

describe("an adjusted bar", () => {
  it("has the prices and volumes of the example on the page", async () => {
    const read = pagesOf(EXAMPLE);
    const columns: (readonly (number | string)[])[] = [];
    for (const adjustment of ["raw", "split", "dividend", "all"]) {
      columns.push(closes(await read({ timeframe: "1Day", adjustment })));
    }
    const early = closes(await read({ timeframe: "1Day", adjustment: "all", knownAt: at("2024-03-05T21:00:00Z") }));
    columns.push([...early, "–", "–"]);
    columns.push((await read({ timeframe: "1Day" })).bars.map(({ volume }) => volume));
    columns.push((await read({ timeframe: "1Day", adjustment: "all" })).bars.map(({ volume }) => volume));
    const rows = tableRowsOf("docs/reference/bars.md").filter(([day = ""]) => day.startsWith("2024-"));
    expect(rows).toEqual(
      EXAMPLE.bars.map(({ start }, row) => [
        newYorkDate(instant(start)),
        ...columns.map((column) => String(column[row])),
      ]),
    );
  });

  it.each([
    ["raw", [100, 80, 39, 41], [1000, 1000, 1000, 1000]],
    ["split", [50, 40, 39, 41], [2000, 2000, 1000, 1000]],
    ["dividend", [98, 80, 39, 41], [1000, 1000, 1000, 1000]],
    ["split,dividend", [49, 40, 39, 41], [2000, 2000, 1000, 1000]],
    ["spin-off", [100, 80, 39, 41], [1000, 1000, 1000, 1000]],
    ["raw,split", [50, 40, 39, 41], [2000, 2000, 1000, 1000]],
    ["spin-off,all", [49, 40, 39, 41], [2000, 2000, 1000, 1000]],
  ])("has with %s a vwap like its prices, and its trades as they were", async (adjustment, prices, volumes) => {
    const { bars } = await pagesOf(EXAMPLE)({ timeframe: "1Day", adjustment });
    expect(bars.map(({ close }) => close)).toEqual(prices);
    expect(bars.map(({ vwap }) => vwap)).toEqual(prices);
    expect(bars.map(({ volume }) => volume)).toEqual(volumes);
    expect(bars.map(({ trades }) => trades)).toEqual([3, 3, 3, 3]);
  });

  it("of a week that straddles an ex-date is made of adjusted bars", async () => {
    const [week] = (await pagesOf(EXAMPLE)({ timeframe: "1Week", adjustment: "split" })).bars;
    expect(week).toMatchObject({ open: 50, high: 50, low: 39, close: 41, volume: 6000, vwap: 43.333333, trades: 12 });
    const [raw] = (await pagesOf(EXAMPLE)({ timeframe: "1Week" })).bars;
    expect(raw).toMatchObject({ open: 100, high: 100, low: 39, close: 41, volume: 4000 });
  });

  it("knows only actions that have taken effect: at 04:00 of the first trading day from the ex-date on", async () => {
    const page = pagesOf({
      bars: [minuteOf("2024-03-08", 100), minuteOf("2024-03-11", 50, { start: at("2024-03-11T14:00:00Z") })],
      actions: [splitOn("2024-03-09", 1, 2)],
    });
    const known = async (time: string): Promise<readonly number[]> =>
      closes(await page({ timeframe: "1Min", adjustment: "all", knownAt: at(time) }));
    expect(await known("2024-03-11T07:59:59.999Z")).toEqual([100]);
    expect(await known("2024-03-11T08:00:00Z")).toEqual([50]);
    expect(await known("2024-03-11T20:00:00Z")).toEqual([50, 50]);
  });

  it("is what it is where the series is marked as adjusted", async () => {
    const page = await pagesOf({ ...EXAMPLE, isAdjusted: true })({ timeframe: "1Day", adjustment: "all" });
    expect(closes(page)).toEqual([100, 80, 39, 41]);
  });

  it("is rounded to four decimals, a vwap to six, a volume to whole shares, ties upwards and never to nothing", async () => {
    const bar = { open: 540.0375, high: 540.0375, low: 0.0001, close: 1, vwap: 333.333333, volume: 3 };
    const page = pagesOf({
      bars: [minuteOf("2024-03-04", 0, bar), minuteOf("2024-03-05", 1, { volume: 1 })],
      actions: [splitOn("2024-03-06", 2, 1), splitOn("2024-03-07", 1, 4)],
    });
    expect((await page({ timeframe: "1Min", adjustment: "split" })).bars).toMatchObject([
      { open: 270.0188, high: 270.0188, low: 0.0001, close: 0.5, vwap: 166.666667, volume: 6 },
      { close: 0.5, volume: 2 },
    ]);
    const day = { timeframe: "1Min", adjustment: "split", knownAt: at("2024-03-06T12:00:00Z") };
    expect((await page(day)).bars.map(({ volume }) => volume)).toEqual([2, 1]);
  });

  it("has an absent vwap and an absent count of trades as before", async () => {
    const page = pagesOf({ bars: [{ start: at("2024-03-04T15:00:00Z") }], actions: [splitOn("2024-03-05", 1, 2)] });
    expect((await page({ timeframe: "1Min", adjustment: "all" })).bars).toMatchObject([
      { close: 50, vwap: undefined, trades: undefined },
    ]);
  });
});

describe("a dividend", () => {
  const read = async (
    bars: readonly TestBar[],
    cents: number,
    asked: Partial<Asked> = {},
  ): Promise<readonly number[]> =>
    closes(
      await pagesOf({ bars, actions: [dividendOn("2023-11-27", cents)] })({
        timeframe: "1Min",
        adjustment: "dividend",
        ...asked,
      }),
    );

  it("is compared with the regular session's close of the last trading day before it, an early one too", async () => {
    const bars = [
      minuteOf("2023-11-22", 10),
      minuteOf("2023-11-24", 50),
      minuteOf("2023-11-24", 20, { start: at("2023-11-24T17:59:00Z") }),
      minuteOf("2023-11-24", 90, { start: at("2023-11-24T18:00:00Z") }),
    ];
    expect(await read(bars, 200)).toEqual([9, 45, 18, 81]);
  });

  it("adjusts nothing where that day has no regular bar, or where the cash is not less than its close", async () => {
    expect(await read([minuteOf("2023-11-22", 10)], 200)).toEqual([10]);
    expect(await read([minuteOf("2023-11-24", 10)], 1000)).toEqual([10]);
    expect(await read([minuteOf("2023-11-24", 10)], 999)).toEqual([0.01]);
  });

  it("of the morning of a split is that of a new share", async () => {
    const page = pagesOf({
      bars: [minuteOf("2024-03-05", 80)],
      actions: [dividendOn("2024-03-06", 200), splitOn("2024-03-06", 1, 2)],
    });
    expect(closes(await page({ timeframe: "1Min", adjustment: "dividend" }))).toEqual([76]);
    expect(closes(await page({ timeframe: "1Min", adjustment: "all" }))).toEqual([38]);
  });

  it("is compared with the close of a day that lies outside the page", async () => {
    const bars = [minuteOf("2023-10-02", 10), minuteOf("2023-11-24", 20)];
    expect(await read(bars, 200, { end: at("2023-10-31T00:00:00Z") })).toEqual([9]);
  });
});

describe("an unknown word of adjustment", () => {
  it.each(["", "splits", "split,", "split, dividend", "ALL"])("is refused: %j", async (adjustment) => {
    const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished) });
    const open = { start: undefined, end: undefined, after: undefined, knownAt: undefined };
    expect(await market.bars({ symbol: "AAPL", timeframe: "1Day", limit: 1, ...open, adjustment })).toMatchObject({
      reason: "bad_request",
      message: `adjustment: got ${JSON.stringify(adjustment)}, wanted raw, split, dividend, spin-off or all, or several of them with commas`,
    });
  });
});

describe.skipIf(!hasSharedData)("real bars of 2014 (skipped where ../shared/data is absent)", () => {
  const folder = join(SHARED_DATA, "formats/daily_AAPL_2014");

  it.each(["raw", "split", "all"])(
    "equal to the digit a file in Alpaca's layout with adjustment %s, which was computed, not recorded",
    async (adjustment) => {
      const dataDir = await temporaryDirectory(onTestFinished);
      const market = await openMarket({ dataDir, sample: false });
      const path = join(dataDir, "AAPL.csv");
      writeFileSync(path, readFileSync(join(folder, "canonical.csv"), "utf8").replace(/^(?:symbol|AAPL),/gm, ""));
      await importFile({ market, path });
      await importActions({ market, path: join(folder, "corporate_actions.csv") });
      const range = { start: undefined, end: undefined, after: undefined, knownAt: at("2014-12-31T21:00:00Z") };
      const page = await market.bars({ symbol: "AAPL", timeframe: "1Day", limit: 1000, ...range, adjustment });
      if (isRefusal(page)) throw new Error(page.message);
      const written = page.bars.map(({ label, open, high, low, close, volume }) => ({
        c: close,
        h: high,
        l: low,
        o: open,
        t: formatInstant(label),
        v: volume,
      }));
      const file = readFileSync(join(folder, `alpaca_v2_stocks_bars_1Day_adjustment_${adjustment}.json`), "utf8");
      expect(written).toEqual((JSON.parse(file) as { bars: { AAPL: unknown } }).bars.AAPL);
    },
  );
});
