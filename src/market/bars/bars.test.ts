/** Pages of bars: labels, sessions, what is known, paging, and real minutes made into longer bars. */
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { DAY_MS, formatInstant, instant, isRefusal, MINUTE_MS, type Instant } from "../../kernel/index.ts";
import { commitSeries } from "../catalog/commit.ts";
import { importFile } from "../import/import-file.ts";
import { openMarket, type Market } from "../market.ts";
import { at, columnsOf, hasSharedData, SHARED_DATA, temporaryDirectory, type TestBar } from "../market-fixture.ts";
import { parseTimeframe } from "../timeframe.ts";
import type { BarsRequest } from "./bars-query.ts";
import type { BarsPage } from "./page.ts";
import { Resampler } from "./resampler.ts";

async function marketOf(stored: readonly TestBar[], timeframe = "1Min"): Promise<Market> {
  const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample: false });
  await commitSeries(market.directory, [{ symbol: "TEST", timeframe, columns: columnsOf(stored), source: "a test" }]);
  return market;
}

async function bars(market: Market, timeframe: string, rest: Partial<BarsRequest> = {}): Promise<BarsPage> {
  const none = { start: undefined, end: undefined, after: undefined, knownAt: undefined };
  const page = await market.bars({ symbol: "TEST", timeframe, limit: 10_000, ...none, ...rest });
  if (isRefusal(page)) throw new Error(page.message);
  return page;
}

const labels = ({ bars: list }: BarsPage): string[] => list.map(({ label }) => formatInstant(label));
const minuteAt = (time: string, bar: Partial<TestBar> = {}): TestBar => ({ start: at(time), ...bar });

describe("bars made from finer bars", () => {
  it("have the first open, the extremes, the last close, sums, and the volume-weighted price", async () => {
    const market = await marketOf([
      minuteAt("2024-03-05T14:30:00Z", { open: 10, high: 12, low: 9, close: 11, volume: 100, vwap: 10, trades: 3 }),
      minuteAt("2024-03-05T14:31:00Z", { open: 11, high: 11, low: 8, close: 9, volume: 300, vwap: 9, trades: 4 }),
    ]);
    expect(await bars(market, "5Min")).toEqual({
      isLast: true,
      bars: [
        {
          label: at("2024-03-05T14:30:00Z"),
          start: at("2024-03-05T14:30:00Z"),
          end: at("2024-03-05T14:35:00Z"),
          open: 10,
          high: 12,
          low: 8,
          close: 9,
          volume: 400,
          vwap: 9.25,
          trades: 7,
          isDay: false,
        },
      ],
    });
  });

  it("leave out bars without volume where others traded, and keep them where none did", async () => {
    const market = await marketOf([
      minuteAt("2024-03-05T14:30:00Z", { open: 1, high: 99, low: 1, close: 1, volume: 0 }),
      minuteAt("2024-03-05T14:31:00Z", { open: 5, high: 6, low: 4, close: 5, volume: 10 }),
      minuteAt("2024-03-05T14:32:00Z", { open: 2, high: 99, low: 2, close: 2, volume: 0 }),
      minuteAt("2024-03-05T14:35:00Z", { open: 3, close: 3, volume: 0 }),
    ]);
    const page = await bars(market, "5Min");
    expect(page.bars).toMatchObject([
      { open: 5, high: 6, low: 4, close: 5, volume: 10, vwap: undefined },
      { open: 3, close: 3, volume: 0 },
    ]);
  });

  it("know no vwap and no trades where a part has none", async () => {
    const market = await marketOf([
      minuteAt("2024-03-05T14:30:00Z", { vwap: 100, trades: 1 }),
      minuteAt("2024-03-05T14:31:00Z"),
    ]);
    expect((await bars(market, "2Min")).bars).toMatchObject([{ vwap: undefined, trades: undefined }]);
  });

  it("are labelled by New York hours, from midnight, on both sides of a clock change", async () => {
    const market = await marketOf([
      minuteAt("2024-03-08T09:00:00Z"),
      minuteAt("2024-03-08T14:45:00Z"),
      minuteAt("2024-03-11T08:00:00Z"),
      minuteAt("2024-03-11T13:45:00Z"),
    ]);
    expect(labels(await bars(market, "1Hour"))).toEqual([
      "2024-03-08T09:00:00Z",
      "2024-03-08T14:00:00Z",
      "2024-03-11T08:00:00Z",
      "2024-03-11T13:00:00Z",
    ]);
    expect(labels(await bars(market, "4Hour"))).toEqual([
      "2024-03-08T09:00:00Z",
      "2024-03-08T13:00:00Z",
      "2024-03-11T08:00:00Z",
      "2024-03-11T12:00:00Z",
    ]);
  });

  it("end where clocks change, so that the hour which the wall shows twice is two bars", async () => {
    const everyHalfHour = (from: string): TestBar[] =>
      Array.from({ length: 12 }, (_, index) => ({ start: at(from) + index * 30 * MINUTE_MS }));
    const autumn = await marketOf(everyHalfHour("2023-11-05T04:00:00Z"));
    const hours = ["04", "05", "06", "07", "08", "09"].map((hour) => `2023-11-05T${hour}:00:00Z`);
    expect(labels(await bars(autumn, "1Hour"))).toEqual(hours);
    expect((await bars(autumn, "1Hour")).bars.map(({ volume }) => volume)).toEqual(hours.map(() => 2000));
    expect(labels(await bars(autumn, "4Hour"))).toEqual([hours[0], hours[2], hours[5]]);
    const spring = await marketOf(everyHalfHour("2023-03-12T05:00:00Z"));
    expect(labels(await bars(spring, "4Hour"))).toEqual(["05", "07", "08"].map((hour) => `2023-03-12T${hour}:00:00Z`));
    expect((await bars(spring, "4Hour")).bars.map(({ volume }) => volume)).toEqual([4000, 2000, 6000]);
  });

  it("of a day hold its regular hours alone, and are labelled midnight New York", async () => {
    const market = await marketOf([
      minuteAt("2024-03-05T14:29:00Z", { open: 1, close: 1 }),
      minuteAt("2024-03-05T14:30:00Z", { open: 10, close: 10 }),
      minuteAt("2024-03-05T20:59:00Z", { open: 20, close: 20 }),
      minuteAt("2024-03-05T21:00:00Z", { open: 2, close: 2 }),
      minuteAt("2024-03-06T01:00:00Z", { open: 3, close: 3 }),
    ]);
    expect((await bars(market, "1Day")).bars).toMatchObject([
      {
        label: at("2024-03-05T05:00:00Z"),
        start: at("2024-03-05T14:30:00Z"),
        end: at("2024-03-05T21:00:00Z"),
        open: 10,
        close: 20,
        low: 10,
        isDay: true,
      },
    ]);
    expect((await bars(market, "1Min")).bars).toHaveLength(5);
  });

  it("end early on early-close days", async () => {
    const market = await marketOf([
      minuteAt("2023-11-24T17:59:00Z", { open: 7, close: 7 }),
      minuteAt("2023-11-24T18:00:00Z"),
    ]);
    expect((await bars(market, "1Day")).bars).toMatchObject([{ end: at("2023-11-24T18:00:00Z"), close: 7 }]);
  });

  it("of weeks begin on Monday, of months on the 1st, and end with their last session", async () => {
    const dates = ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-04"];
    const market = await marketOf(dates.map((date) => minuteAt(`${date}T15:00:00Z`)));
    const weeks = await bars(market, "1Week");
    expect(labels(weeks)).toEqual(["2024-02-26T05:00:00Z", "2024-03-04T05:00:00Z"]);
    expect(weeks.bars[0]).toMatchObject({
      start: at("2024-02-26T14:30:00Z"),
      end: at("2024-03-01T21:00:00Z"),
      volume: 3000,
    });
    const months = await bars(market, "1Month");
    expect(labels(months)).toEqual(["2024-02-01T05:00:00Z", "2024-03-01T05:00:00Z"]);
    expect(months.bars[1]?.end).toBe(at("2024-03-28T20:00:00Z"));
    expect(labels(await bars(market, "3Month"))).toEqual(["2024-01-01T05:00:00Z"]);
    expect(labels(await bars(market, "12Month"))).toEqual(["2024-01-01T05:00:00Z"]);
  });

  it("are never made from coarser ones, nor from ones that straddle them", async () => {
    const market = await marketOf([{ start: at("2024-03-05T15:00:00Z"), lengthMs: 15 * MINUTE_MS }], "15Min");
    expect((await bars(market, "5Min")).bars).toEqual([]);
    expect((await bars(market, "20Min")).bars).toEqual([]);
    expect((await bars(market, "15Min")).bars).toHaveLength(1);
    expect((await bars(market, "1Hour")).bars).toHaveLength(1);
  });

  it("of a day hold an hour that holds the open", async () => {
    const hours = ["13:00", "14:00", "20:00", "21:00"].map((time) => ({
      start: at(`2024-03-05T${time}:00Z`),
      lengthMs: 60 * MINUTE_MS,
    }));
    expect((await bars(await marketOf(hours, "1Hour"), "1Day")).bars).toMatchObject([{ volume: 2000 }]);
  });
});

describe("what is known", () => {
  it("is a bar whose end has come, not one that is running", async () => {
    const market = await marketOf([
      minuteAt("2024-03-05T14:30:00Z"),
      minuteAt("2024-03-05T14:31:00Z"),
      minuteAt("2024-03-05T14:35:00Z"),
    ]);
    const known = async (timeframe: string, time: string): Promise<number> =>
      (await bars(market, timeframe, { knownAt: at(time) })).bars.length;
    expect(await known("1Min", "2024-03-05T14:30:59.999Z")).toBe(0);
    expect(await known("1Min", "2024-03-05T14:31:00Z")).toBe(1);
    expect(await known("5Min", "2024-03-05T14:34:59Z")).toBe(0);
    expect(await known("5Min", "2024-03-05T14:35:00Z")).toBe(1);
    expect(await known("1Day", "2024-03-05T20:59:59Z")).toBe(0);
    expect(await known("1Day", "2024-03-05T21:00:00Z")).toBe(1);
    expect(await known("1Week", "2024-03-08T20:59:59Z")).toBe(0);
    expect(await known("1Week", "2024-03-08T21:00:00Z")).toBe(1);
  });

  it("is a day only when the last of its parts has ended, also one that reaches over the close", async () => {
    const market = await marketOf([{ start: at("2024-03-05T20:45:00Z"), lengthMs: 45 * MINUTE_MS }], "45Min");
    const known = async (time: string): Promise<number> =>
      (await bars(market, "1Day", { knownAt: at(time) })).bars.length;
    expect(await known("2024-03-05T21:29:59Z")).toBe(0);
    expect(await known("2024-03-05T21:30:00Z")).toBe(1);
  });

  it("says nothing of what follows: the page is the last one whether or not the future has bars", async () => {
    const past = minuteAt("2024-03-05T14:30:00Z");
    const [short, long] = [await marketOf([past]), await marketOf([past, minuteAt("2024-03-05T14:31:00Z")])];
    const query = { limit: 1, knownAt: at("2024-03-05T14:31:30Z") };
    expect(await bars(long, "1Min", query)).toEqual(await bars(short, "1Min", query));
  });
});

describe("a page", () => {
  it("takes labels from start to end, both inclusive", async () => {
    const market = await marketOf(
      Array.from({ length: 10 }, (_, index) => ({ start: at("2024-03-05T14:30:00Z") + index * MINUTE_MS })),
    );
    const range = { start: at("2024-03-05T14:31:00Z"), end: at("2024-03-05T14:33:00Z") };
    expect(labels(await bars(market, "1Min", range))).toEqual([
      "2024-03-05T14:31:00Z",
      "2024-03-05T14:32:00Z",
      "2024-03-05T14:33:00Z",
    ]);
    expect(labels(await bars(market, "2Min", range))).toEqual(["2024-03-05T14:32:00Z"]);
    expect(labels(await bars(market, "1Day", { start: at("2024-03-05T05:00:00.001Z") }))).toEqual([]);
    expect(labels(await bars(market, "1Day", { end: at("2024-03-05T05:00:00Z") }))).toEqual(["2024-03-05T05:00:00Z"]);
  });

  it.each(["1Min", "7Min", "1Hour", "1Day", "1Week"])(
    "after page holds every %s bar once, whatever their length",
    async (timeframe) => {
      const market = await marketOf(
        Array.from({ length: 400 }, (_, index) => ({ start: at("2024-01-02T15:00:00Z") + index * 7 * 60 * MINUTE_MS })),
      );
      const whole = await bars(market, timeframe);
      for (const limit of [1, 7]) {
        const paged: Instant[] = [];
        let page = await bars(market, timeframe, { limit });
        paged.push(...page.bars.map(({ label }) => label));
        while (!page.isLast) {
          page = await bars(market, timeframe, { limit, after: paged.at(-1) });
          paged.push(...page.bars.map(({ label }) => label));
        }
        expect(paged).toEqual(whole.bars.map(({ label }) => label));
      }
    },
  );

  it("refuses what cannot be read, naming the field", async () => {
    const market = await marketOf([minuteAt("2024-03-05T14:30:00Z")]);
    const ask = (change: Partial<BarsRequest>): unknown =>
      market.bars({
        symbol: "TEST",
        timeframe: "1Min",
        start: undefined,
        end: undefined,
        limit: 1,
        after: undefined,
        knownAt: undefined,
        ...change,
      });
    expect(await ask({ timeframe: "7Week" })).toMatchObject({
      reason: "bad_request",
      message: expect.stringMatching(/^timeframe: got "7Week", wanted/),
    });
    expect(await ask({ limit: 0 })).toMatchObject({
      reason: "bad_request",
      message: expect.stringMatching(/^limit: got 0/),
    });
    expect(await ask({ start: instant(1), end: instant(0) })).toMatchObject({
      reason: "bad_request",
      message: expect.stringMatching(/^end: /),
    });
    expect(await ask({ symbol: "NOPE" })).toMatchObject({
      reason: "not_found",
      message: expect.stringContaining("tapedeck data list"),
    });
  });
});

describe("any set of minutes", () => {
  it("adds up to the same longer bars as a plain grouping of them", () => {
    const minute = fc.record({
      minute: fc.nat(3 * 1440),
      open: fc.integer({ min: 1, max: 99 }),
      close: fc.integer({ min: 1, max: 99 }),
      volume: fc.integer({ min: 1, max: 9 }),
    });
    const minutes = fc.uniqueArray(minute, { maxLength: 300, selector: (bar) => bar.minute });
    const midnight = at("2024-03-05T05:00:00Z");
    fc.assert(
      fc.property(minutes, fc.constantFrom(1, 2, 5, 7, 15, 45, 60, 240), (list, count) => {
        const sorted = list.toSorted((a, b) => a.minute - b.minute);
        const source = sorted.map(({ minute: index, ...bar }): TestBar => ({
          start: midnight + index * MINUTE_MS,
          ...bar,
        }));
        const groups = new Map<number, TestBar[]>();
        for (const bar of source) {
          const day = Math.floor((bar.start - midnight) / DAY_MS) * DAY_MS;
          const label =
            midnight + day + Math.floor((bar.start - midnight - day) / (count * MINUTE_MS)) * count * MINUTE_MS;
          groups.set(label, [...(groups.get(label) ?? []), bar]);
        }
        const expected = [...groups].map(([label, group]) => ({
          label,
          open: group[0]?.open,
          close: group.at(-1)?.close,
          high: Math.max(...group.map(({ open = 0, close = 0 }) => Math.max(open, close))),
          volume: group.reduce((sum, { volume = 0 }) => sum + volume, 0),
        }));
        const timeframe = parseTimeframe(count < 60 ? `${count}Min` : `${count / 60}Hour`);
        if (timeframe === undefined) throw new Error("The grammar has every one of these.");
        const resampler = new Resampler({
          timeframe,
          from: instant(0),
          to: instant(8e15),
          knownAt: instant(8e15),
          limit: 1000,
        });
        resampler.feed(columnsOf(source));
        expect(resampler.finish().bars).toMatchObject(expected);
      }),
    );
  });
});

describe.skipIf(!hasSharedData)("real minutes (skipped where ../shared/data is absent)", () => {
  it("make the days, hours and weeks that they hold", async () => {
    const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample: false });
    await importFile({ market, path: join(SHARED_DATA, "bars_1min/SPY.csv.gz") });
    const page = async (timeframe: string, rest: Partial<BarsRequest> = {}): Promise<BarsPage> =>
      bars(market, timeframe, { symbol: "SPY", ...rest });
    const days = await page("1Day");
    expect(days.bars).toHaveLength(43);
    expect(
      days.bars.every(
        ({ label, start, end }) => start - label === 9.5 * 60 * MINUTE_MS && end - start === 6.5 * 60 * MINUTE_MS,
      ),
    ).toBe(true);
    const minutes = (await page("1Min", { limit: 40_000 })).bars;
    expect(minutes).toHaveLength(31_757);
    const first = minutes.filter(
      ({ start }) => start >= at("2011-01-03T14:30:00Z") && start < at("2011-01-03T21:00:00Z"),
    );
    expect(days.bars[0]).toMatchObject({
      open: first[0]?.open,
      close: first.at(-1)?.close,
      high: Math.max(...first.map(({ high }) => high)),
      low: Math.min(...first.map(({ low }) => low)),
      volume: first.reduce((sum, { volume }) => sum + volume, 0),
    });
    const hours = await page("1Hour", { start: at("2011-03-14T00:00:00Z"), limit: 1 });
    expect(labels(hours)).toEqual(["2011-03-14T08:00:00Z"]);
    expect((await page("1Week")).bars.reduce((sum, { volume }) => sum + volume, 0)).toBe(
      days.bars.reduce((sum, { volume }) => sum + volume, 0),
    );
  });
});
