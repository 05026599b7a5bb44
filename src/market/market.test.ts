/** The market as sessions see it: stretches of time, the finest data of each day, and a budget of memory. */
import { describe, expect, it, onTestFinished } from "vitest";
import { DAY_MS, instant, isRefusal, MINUTE_MS, type Instant } from "../kernel/index.ts";
import { commitSeries } from "./catalog/commit.ts";
import { openMarket, type Market } from "./market.ts";
import { at, columnsOf, temporaryDirectory, type TestBar } from "./market-fixture.ts";
import type { LoadedMarket } from "./segments/loaded-market.ts";

interface Stored {
  readonly symbol: string;
  readonly timeframe: string;
  readonly bars: readonly TestBar[];
}

async function marketOf(stored: readonly Stored[], bytesMax?: number): Promise<Market> {
  const dataDir = await temporaryDirectory(onTestFinished);
  const options = { dataDir, sample: false };
  const market = await openMarket(bytesMax === undefined ? options : { ...options, bytesMax });
  const series = stored.map(({ bars, ...rest }) => ({ ...rest, columns: columnsOf(bars), source: "a test" }));
  await commitSeries(market.directory, series);
  market.refresh();
  return market;
}

async function load(
  market: Market,
  symbols: string[],
  from: Instant,
  until = instant(from + DAY_MS),
): Promise<LoadedMarket> {
  const loaded = await market.load({ symbols, from, until });
  if (isRefusal(loaded)) throw new Error(loaded.message);
  return loaded;
}

const day = (date: string, bar: Partial<TestBar> = {}): TestBar => ({
  start: at(`${date}T14:30:00Z`),
  lengthMs: 6.5 * 60 * MINUTE_MS,
  isDay: true,
  ...bar,
});

const ANY = { kind: "any" } as const;

describe("a loaded stretch of the market", () => {
  it("finds bars across months, and answers at once when asked again", async () => {
    const bars = ["2024-01-31", "2024-02-29", "2024-03-01"].map((date, index) => day(date, { low: 90 - index }));
    const market = await marketOf([{ symbol: "TEST", timeframe: "1Day", bars }]);
    const request = { symbols: ["TEST"], from: at("2024-01-01T00:00:00Z"), until: at("2024-03-15T00:00:00Z") };
    const first = market.load(request);
    expect(first).toBeInstanceOf(Promise);
    await first;
    const loaded = market.load(request);
    if (loaded instanceof Promise || isRefusal(loaded)) throw new Error("It had to be loaded again.");
    const found = loaded.firstBar("TEST", request.from, { kind: "low_below", price: 89, orEqual: false });
    expect(found).toMatchObject({ start: bars[2]?.start, isDay: true, end: at("2024-03-01T21:00:00Z") });
    expect(loaded.firstBar("TEST", instant(at("2024-03-01T14:30:00Z") + 1), ANY)).toBeUndefined();
    expect(loaded.firstBar("OTHER", request.from, ANY)).toBeUndefined();
  });

  it("reaches back over empty months, and over bars without volume, for the last known price", async () => {
    const bars = [day("2020-06-01", { close: 7 }), day("2020-06-02", { volume: 0 }), day("2024-03-01")];
    const market = await marketOf([{ symbol: "TEST", timeframe: "1Day", bars }]);
    const loaded = await load(market, ["TEST"], at("2024-02-01T00:00:00Z"), at("2024-03-02T00:00:00Z"));
    expect(loaded.lastBarBefore("TEST", at("2024-02-01T00:00:00Z"))).toMatchObject({ close: 7, start: bars[0]?.start });
    expect(loaded.lastBarBefore("TEST", at("2024-03-01T14:30:00Z"))).toMatchObject({ close: 7 });
    expect(loaded.lastBarBefore("TEST", instant(at("2024-03-01T14:30:00Z") + 1))).toMatchObject({
      start: bars[2]?.start,
    });
    const before = await load(market, ["TEST"], at("2020-01-01T00:00:00Z"));
    expect(before.lastBarBefore("TEST", at("2020-06-01T14:30:00Z"))).toBeUndefined();
    const after = await load(market, ["TEST"], at("2029-01-01T00:00:00Z"));
    expect(after.lastBarBefore("TEST", at("2029-01-01T00:00:00Z"))).toMatchObject({ start: bars[2]?.start });
  });

  it("counts bars without volume when it searches forward", async () => {
    const market = await marketOf([{ symbol: "TEST", timeframe: "1Day", bars: [day("2024-03-01", { volume: 0 })] }]);
    const loaded = await load(market, ["TEST"], at("2024-03-01T00:00:00Z"));
    expect(loaded.firstBar("TEST", at("2024-03-01T00:00:00Z"), ANY)).toMatchObject({ volume: 0 });
  });

  it("uses the finest bars of a day alone, and a day bar only where there is nothing finer", async () => {
    const minutes = [0, 1].map((index) => ({ start: at("2024-03-05T14:30:00Z") + index * MINUTE_MS, close: 55 }));
    const market = await marketOf([
      { symbol: "TEST", timeframe: "1Min", bars: minutes },
      { symbol: "TEST", timeframe: "1Day", bars: ["04", "05", "06"].map((date) => day(`2024-03-${date}`)) },
    ]);
    const loaded = await load(market, ["TEST"], at("2024-03-04T00:00:00Z"));
    const found: [Instant, boolean][] = [];
    let from = at("2024-03-04T00:00:00Z");
    for (let bar = loaded.firstBar("TEST", from, ANY); bar !== undefined; bar = loaded.firstBar("TEST", from, ANY)) {
      found.push([bar.start, bar.isDay]);
      from = instant(bar.start + 1);
    }
    expect(found).toEqual([
      [at("2024-03-04T14:30:00Z"), true],
      [at("2024-03-05T14:30:00Z"), false],
      [at("2024-03-05T14:31:00Z"), false],
      [at("2024-03-06T14:30:00Z"), true],
    ]);
    expect(loaded.barAt("TEST", at("2024-03-05T18:00:00Z"))).toBeUndefined();
    expect(loaded.barAt("TEST", at("2024-03-06T20:59:59Z"))).toMatchObject({ isDay: true });
  });

  it("covers more than was asked, up to the next month that has bars", async () => {
    const market = await marketOf([
      { symbol: "TEST", timeframe: "1Day", bars: [day("2024-03-01"), day("2024-11-01")] },
    ]);
    const from = at("2024-03-01T12:00:00Z");
    expect((await load(market, ["TEST"], from)).coveredUntil).toBe(at("2024-11-01T04:00:00Z"));
    expect((await load(market, ["TEST"], at("2024-12-01T00:00:00Z"))).coveredUntil).toBeGreaterThan(
      at("9999-01-01T00:00:00Z"),
    );
    expect((await load(market, [], from)).coveredUntil).toBeGreaterThan(from);
  });

  it("does not change when the catalog does; the next one does", async () => {
    const market = await marketOf([{ symbol: "TEST", timeframe: "1Day", bars: [day("2024-03-01")] }]);
    const old = await load(market, ["TEST"], at("2024-03-01T00:00:00Z"));
    const columns = columnsOf([day("2024-03-04")]);
    await commitSeries(market.directory, [{ symbol: "TEST", timeframe: "1Day", columns, source: "a test" }]);
    market.refresh();
    const now = await load(market, ["TEST"], at("2024-03-01T00:00:00Z"));
    expect([old.generation < now.generation, market.generation()]).toEqual([true, now.generation]);
    expect(old.firstBar("TEST", at("2024-03-02T00:00:00Z"), ANY)).toBeUndefined();
    expect(now.firstBar("TEST", at("2024-03-02T00:00:00Z"), ANY)).toBeDefined();
  });
});

describe("the memory of a market", () => {
  const yearOfMinutes = (symbol: string): Stored => ({
    symbol,
    timeframe: "1Min",
    bars: Array.from({ length: 360 }, (_, index) => ({ start: at("2024-01-02T15:00:00Z") + index * DAY_MS })),
  });

  it("holds to its budget: a view ends early, and the rest comes with the next load", async () => {
    const market = await marketOf([yearOfMinutes("A"), yearOfMinutes("B")], 20_000);
    const until = at("2024-12-31T00:00:00Z");
    let from = at("2024-01-01T00:00:00Z");
    let loads = 0;
    let bars = 0;
    for (; from < until; loads += 1) {
      const loaded = await load(market, ["A", "B"], from, until);
      expect(loaded.coveredUntil).toBeGreaterThan(from);
      for (
        let bar = loaded.firstBar("A", from, ANY);
        bar !== undefined;
        bar = loaded.firstBar("A", instant(bar.end), ANY)
      )
        bars += 1;
      from = loaded.coveredUntil;
    }
    expect([loads > 2, bars]).toEqual([true, 360]);
    expect(market.bytesHeld).toBeLessThanOrEqual(20_000);
  });

  it("refuses with the figures where not even one month fits", async () => {
    const market = await marketOf([yearOfMinutes("A"), yearOfMinutes("B")], 3000);
    const from = at("2024-03-01T00:00:00Z");
    const refusal = await market.load({ symbols: ["A", "B"], from, until: from });
    expect(refusal).toMatchObject({ kind: "refusal", reason: "too_many" });
    expect(isRefusal(refusal) && refusal.message).toMatch(/2 symbols .*2024-03.* 3000 bytes/);
  });
});

describe("the symbols of a market", () => {
  it("are the sample's at first, and can be left out", async () => {
    const dataDir = await temporaryDirectory(onTestFinished);
    const market = await openMarket({ dataDir });
    expect(market.assets().map(({ symbol }) => symbol)).toEqual(
      "AAPL AMZN GOOGL META MSFT NVDA QQQ SPY TSLA".split(" "),
    );
    expect(market.findAsset("AAPL")).toEqual({
      id: "a35f1bd6-2b29-5213-9110-4bc79c1e46b2",
      symbol: "AAPL",
      name: "Apple Inc. Common Stock",
      exchange: "NASDAQ",
      isTradable: true,
      isFractionable: true,
      isShortable: true,
      isEasyToBorrow: true,
      isMarginable: true,
      leverage: 1,
      isSynthetic: true,
    });
    expect(market.findAsset(market.findAsset("SPY")?.id.toUpperCase() ?? "")?.symbol).toBe("SPY");
    expect(market.describe().every(({ isSynthetic, source }) => isSynthetic && source === "built-in sample")).toBe(
      true,
    );
    expect((await openMarket({ dataDir, sample: false })).assets()).toEqual([]);
  });

  it("are real altogether once any real bars of them are there: the two are never mixed", async () => {
    const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished) });
    const columns = columnsOf([day("2018-03-01")]);
    await commitSeries(market.directory, [{ symbol: "AAPL", timeframe: "1Day", columns, source: "a test" }]);
    expect(market.describe().filter(({ symbol }) => symbol === "AAPL")).toMatchObject([
      { timeframe: "1Day", rows: 1, isSynthetic: false },
    ]);
    const loaded = await load(market, ["AAPL", "MSFT"], at("2023-01-03T09:30:00Z"));
    expect(loaded.firstBar("AAPL", at("2023-01-03T09:30:00Z"), ANY)).toBeUndefined();
    expect(loaded.firstBar("MSFT", at("2023-01-03T09:30:00Z"), ANY)).toMatchObject({
      start: at("2023-01-03T09:30:00Z"),
    });
  });

  it("include one of which nothing else is known, under its own name", async () => {
    const market = await marketOf([{ symbol: "ZZZT", timeframe: "1Day", bars: [day("2024-03-01")] }]);
    expect(market.findAsset("ZZZT")).toMatchObject({ name: "ZZZT", exchange: "", isSynthetic: false });
    expect([market.hasSymbol("ZZZT"), market.hasSymbol("NOPE"), market.findAsset("NOPE")]).toEqual([
      true,
      false,
      undefined,
    ]);
  });
});
