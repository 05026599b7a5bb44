/** Importing plain CSV: what is taken, and which rows are refused and why. */
import { describe, expect, it, onTestFinished } from "vitest";
import { at } from "../../market-fixture.ts";
import { barsOf, csv, fixture, GOOD } from "../import-fixture.ts";

describe("importing plain CSV", () => {
  it("takes a file, names its symbol by its own name, and says what it did", async () => {
    const { market, take } = await fixture(onTestFinished);
    const report = await take("SPY.csv", csv(...GOOD));
    expect(report).toMatchObject({
      format: "csv",
      timeframe: "1Min",
      rowsRead: 2,
      rowsAccepted: 2,
      rowsRefused: 0,
      rowsAdded: 2,
      isUnchanged: false,
      series: [{ symbol: "SPY", timeframe: "1Min", rows: 2, added: 2 }],
    });
    expect(await barsOf(market, "SPY", "1Min")).toMatchObject([
      {
        start: at("2024-03-05T14:30:00Z"),
        open: 10,
        high: 12,
        low: 9,
        close: 11,
        volume: 100,
        vwap: undefined,
        trades: undefined,
      },
      { start: at("2024-03-05T14:31:00Z"), open: 11, high: 11, low: 8, close: 9, volume: 300 },
    ]);
  });

  it("reads any column order, offsets, quotes, CRLF, a byte order mark, blank lines and no last line break", async () => {
    const { market, take } = await fixture(onTestFinished);
    const lines = [
      '\uFEFF"Volume",Close,Low,High,Open,vwap,trades,"Timestamp"',
      '"100",11,9,12,10,10.5,7,"2024-03-05T09:30:00-05:00"',
      "",
      "300, 9, 8, 11, 11,,,2024-03-05T14:31:00.000Z",
    ];
    await take("any.csv", lines.join("\r\n"), { symbol: "TEST", timeframe: "1Min" });
    expect(await barsOf(market, "TEST", "1Min")).toMatchObject([
      { start: at("2024-03-05T14:30:00Z"), open: 10, high: 12, low: 9, close: 11, volume: 100, vwap: 10.5, trades: 7 },
      { start: at("2024-03-05T14:31:00Z"), open: 11, volume: 300, vwap: undefined, trades: undefined },
    ]);
  });

  it("reads numbers as JavaScript reads them, to the last bit", async () => {
    const { market, take } = await fixture(onTestFinished);
    const numbers = ["0.1", "129.85", "0.30000000000000004", "123456789.123456789", "1e2", "1.5E-3", "+7", ".5", "5."];
    const rows = numbers.map((text, index) => `2024-03-05T14:${30 + index}:00Z,${text},${text},${text},${text},1`);
    await take("TEST.csv", csv(...rows));
    expect((await barsOf(market, "TEST", "1Min")).map(({ open }) => open)).toEqual(numbers.map(Number));
  });

  it("sorts rows that are out of order", async () => {
    const { market, take } = await fixture(onTestFinished);
    expect((await take("TEST.csv", csv(...GOOD.toReversed()))).rowsRefused).toBe(0);
    expect((await barsOf(market, "TEST", "1Min")).map(({ open }) => open)).toEqual([10, 11]);
  });

  it.each([
    ["2024-03-05T14:32:00Z,x,12,9,11,1", "bad_number", /^open: got no decimal number/],
    ["2024-03-05T14:32:00Z,10,12,9,11,", "bad_number", /^volume/],
    ["2024-03-05T14:32:00Z,10,12,9,NaN,1", "bad_number", /^close/],
    ["2024-03-05T14:32:00Z,10,1e400,9,11,1", "bad_number", /^high/],
    ["2024-03-05T14:32:00Z,10,12,9,0x1,1", "bad_number", /^close/],
    ["2024-03-05T14:32:00Z,10,12,0,11,1", "bad_price", /^low: got 0, wanted more than 0/],
    ["2024-03-05T14:32:00Z,-10,12,9,11,1", "bad_price", /^open: got -10/],
    ["2024-03-05T14:32:00Z,10,12,9,11,-1", "bad_volume", /^volume: got -1/],
    ["2024-03-05T14:32:00Z,10,9,12,11,1", "high_below_low", /^high: got 9, wanted at least the low of 12/],
    ["2024-03-05T14:32:00Z,13,12,9,11,1", "open_close_outside_range", /^open: got 13/],
    ["2024-03-05T14:32:00Z,10,12,9,8,1", "open_close_outside_range", /^close: got 8/],
    ["2024-03-05T14:32:00,10,12,9,11,1", "no_offset", /a zone is never guessed/],
    ["2024-03-05,10,12,9,11,1", "no_offset", /a zone is never guessed/],
    ["2024-02-30T14:32:00Z,10,12,9,11,1", "bad_time", /^timestamp: got "2024-02-30T14:32:00Z"/],
    ["1709649120,10,12,9,11,1", "bad_time", /^timestamp/],
    ["2024-03-05T14:32:30Z,10,12,9,11,1", "off_grid", /14:32:30Z, but a 1Min bar begins at .*14:32:00Z or .*14:33:00Z/],
    ["1989-12-29T14:32:00Z,10,12,9,11,1", "outside_calendar", /1989-12-29T14:32:00Z/],
    ["2024-03-05T14:30:00Z,10,12,9,11,1", "duplicate", /2024-03-05T14:30:00Z stands in an earlier row/],
    ["2024-03-05T14:32:00Z,10,12,9,11,1,234", "wrong_field_count", /got 7 fields, wanted 6/],
    ["2024-03-05T14:32:00Z,10,12", "wrong_field_count", /got 3 fields, wanted 6/],
  ])("refuses the row %s: %s", async (row, reason, message) => {
    const { take } = await fixture(onTestFinished);
    const report = await take("TEST.csv", csv(...GOOD, row), { timeframe: "1Min" });
    expect(report).toMatchObject({
      rowsAccepted: 2,
      rowsRefused: 1,
      reasons: [{ reason, rows: 1 }],
      refused: [{ line: 4, reason }],
    });
    expect(report.refused[0]?.message).toMatch(message);
  });

  it("keeps the first hundred refused rows in full and counts the rest", async () => {
    const { take } = await fixture(onTestFinished);
    const bad = Array.from({ length: 250 }, () => "2024-03-05T14:32:00Z,10,9,12,11,1");
    const report = await take("TEST.csv", csv(...GOOD, ...bad, "x,1,1,1,1,1"));
    expect(report.refused).toHaveLength(100);
    expect(report.reasons).toEqual([
      { reason: "high_below_low", rows: 250 },
      { reason: "bad_time", rows: 1 },
    ]);
  });

  it("keeps the first of two rows with one time, whatever their order", async () => {
    const { market, take } = await fixture(onTestFinished);
    await take("TEST.csv", csv(GOOD[1] ?? "", GOOD[0] ?? "", "2024-03-05T14:31:00Z,1,1,1,1,1"));
    expect((await barsOf(market, "TEST", "1Min")).map(({ open }) => open)).toEqual([10, 11]);
  });
});

describe("importing day bars", () => {
  it("covers the regular session of the date, from plain dates or midnights in New York", async () => {
    const { market, take } = await fixture(onTestFinished);
    await take("A.csv", csv("2023-11-24,10,12,9,11,100", "2023-11-27,10,12,9,11,100"));
    await take("B.csv", csv("2023-11-24T05:00:00Z,10,12,9,11,100", "2024-07-02T00:00:00-04:00,10,12,9,11,100"));
    expect(await barsOf(market, "A", "1Day")).toMatchObject([
      {
        label: at("2023-11-24T05:00:00Z"),
        start: at("2023-11-24T14:30:00Z"),
        end: at("2023-11-24T18:00:00Z"),
        isDay: true,
      },
      {
        label: at("2023-11-27T05:00:00Z"),
        start: at("2023-11-27T14:30:00Z"),
        end: at("2023-11-27T21:00:00Z"),
        isDay: true,
      },
    ]);
    expect(await barsOf(market, "B", "1Day")).toMatchObject([
      { label: at("2023-11-24T05:00:00Z") },
      { start: at("2024-07-02T13:30:00Z") },
    ]);
  });

  it("refuses dates without a session, and stamps that name no date for certain", async () => {
    const { take } = await fixture(onTestFinished);
    const rows = ["2023-11-24,10,12,9,11,100", "2023-11-25,10,12,9,11,100", "2023-11-27T00:00:00Z,10,12,9,11,100"];
    const report = await take("TEST.csv", csv(...rows), { timeframe: "1Day" });
    expect(report.refused).toMatchObject([
      { line: 3, reason: "not_a_trading_day", message: expect.stringContaining("2023-11-25") },
      { line: 4, reason: "off_grid", message: expect.stringContaining("midnight New York") },
    ]);
  });
});
