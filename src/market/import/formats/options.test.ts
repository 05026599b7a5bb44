/** What the user may say of files: columns, zones, ways of writing times; and what the names of files tell by themselves. */
import { describe, expect, it, onTestFinished } from "vitest";
import { at } from "../../market-fixture.ts";
import { barsOf, csv, failureOf, fixture, GOOD } from "../import-fixture.ts";
import { isAdjustedByName, symbolInName, timeframeInName } from "../name-facts.ts";
import { openZone } from "../zone.ts";

const BAR = "10,12,9,11,100";
const HEADED = "Date Time,O,H,L,C,V";
const MAPPED = "timestamp=Date Time,open=O,high=h,low=L,close=C,volume=V";

describe("columns that the user maps", () => {
  it.each([
    [`${HEADED}\n2024-03-05T14:30:00Z,${BAR}`, { columns: MAPPED }],
    [`${HEADED},Extra\n2024-03-05 14:30:00Z,${BAR},what`, { columns: MAPPED }],
    [`2024-03-05T14:30:00Z,${BAR}`, { columns: "timestamp,open,high,low,close,volume" }],
    [`x,100,11,9,12,10,2024-03-05T14:30:00Z`, { columns: "-,volume,close,low,high,open,timestamp" }],
    [
      `03/05/2024,09:30,${BAR}`,
      { columns: "date,time,open,high,low,close,volume", timeFormat: "mdy", timezone: "America/New_York" },
    ],
    [
      `05.03.2024 14:30,${BAR}`,
      { columns: "timestamp,open,high,low,close,volume", timeFormat: "dmy", timezone: "UTC" },
    ],
    [
      `Day,Clock,O,H,L,C,V\n20240305,143000,${BAR}`,
      { columns: MAPPED.replace("timestamp=Date Time", "date=Day,time=Clock"), timezone: "UTC" },
    ],
  ])("%j with %j", async (content, options) => {
    const { market, take } = await fixture(onTestFinished);
    await take("SPY.csv", content, { timeframe: "1Min", ...options });
    expect(await barsOf(market, "SPY", "1Min")).toMatchObject([
      { start: at("2024-03-05T14:30:00Z"), open: 10, high: 12, low: 9, close: 11, volume: 100 },
    ]);
  });

  it("may name the symbol's, of which some are taken", async () => {
    const { take } = await fixture(onTestFinished);
    const rows = ["SYM,T,O,H,L,C,V", `SPY,2024-03-05T14:30:00Z,${BAR}`, `QQQ,2024-03-05T14:30:00Z,${BAR}`];
    const columns = "symbol=sym,timestamp=t,open=o,high=h,low=l,close=c,volume=v";
    const report = await take("all.csv", rows.join("\n"), { columns, symbol: "QQQ", timeframe: "1Min" });
    expect(report).toMatchObject({ rowsOfOtherSymbols: 1, series: [{ symbol: "QQQ", rows: 1 }] });
  });

  it("that the file does not have are named", async () => {
    const { take } = await fixture(onTestFinished);
    const failure = await failureOf(take("SPY.csv", csv(...GOOD), { columns: MAPPED }));
    expect(failure.message).toMatch(
      /"timestamp,open,high,low,close,volume" misses date time, o, h, l, c, v of --columns/,
    );
  });
});

describe("columns that need no mapping", () => {
  it.each([
    [`date,open,high,low,close,volume\n2024-03-05,${BAR}`, "1Day"],
    [`Date;Time;Open;High;Low;Close;Volume\n2024-03-05;09:30;${BAR.replaceAll(",", ";")}`, "1Min"],
    [`,timestamp,open,high,low,close,volume\n0,2024-03-05T14:30:00Z,${BAR}`, "1Min"],
    [`Unnamed: 0,time,open,high,low,close,volume,\n0,2024-03-05T14:30:00Z,${BAR},`, "1Min"],
    [`timestamp\topen\thigh\tlow\tclose\tvolume\n2024-03-05T14:30:00Z\t${BAR.replaceAll(",", "\t")}`, "1Min"],
  ])("%j are known as plain CSV that nobody has adjusted", async (content, timeframe) => {
    const { market, take } = await fixture(onTestFinished);
    const report = await take("SPY.csv", content, { timeframe, timezone: "America/New_York" });
    expect(report).toMatchObject({ format: "csv", series: [{ isAdjusted: false }] });
    expect(await barsOf(market, "SPY", timeframe)).toMatchObject([{ start: at("2024-03-05T14:30:00Z"), open: 10 }]);
  });
});

describe("times", () => {
  it("of which the date alone counts make day bars, whatever the rest is", async () => {
    const { market, take } = await fixture(onTestFinished);
    const rows = ["2024-03-05T00:00:00.000Z", "2024-03-06 16:00:00-05:00"].map((text) => `${text},${BAR}`);
    await take("SPY.csv", csv(...rows), { timeFormat: "date" });
    expect((await barsOf(market, "SPY", "1Day")).map(({ label }) => label)).toEqual([
      at("2024-03-05T05:00:00Z"),
      at("2024-03-06T05:00:00Z"),
    ]);
  });

  it.each([
    ["2024-03-05 09:30:00", "America/New_York", "iso", "2024-03-05T14:30:00Z"],
    ["2024-07-05 09:30", "America/New_York", "iso", "2024-07-05T13:30:00Z"],
    ["2024-03-05T14:30:00", "Europe/London", "iso", "2024-03-05T14:30:00Z"],
    ["2024/03/05 23:30:00", "Asia/Tokyo", "iso", "2024-03-05T14:30:00Z"],
    ["20240305 143000", "UTC", "iso", "2024-03-05T14:30:00Z"],
    ["3/5/2024 9:30", "America/New_York", "mdy", "2024-03-05T14:30:00Z"],
    ["1709649000", undefined, "s", "2024-03-05T14:30:00Z"],
    ["1709649000000", undefined, "ms", "2024-03-05T14:30:00Z"],
    ["1709649000000000", undefined, "us", "2024-03-05T14:30:00Z"],
    ["1709649000000000000", undefined, "ns", "2024-03-05T14:30:00Z"],
    ["2024-03-05T09:30:00-05:00", "Asia/Tokyo", "iso", "2024-03-05T14:30:00Z"],
  ])("%s in %s written as %s is %s", async (text, timezone, timeFormat, wanted) => {
    const { market, take } = await fixture(onTestFinished);
    await take("SPY.csv", csv(`${text},${BAR}`), { timezone, timeFormat, timeframe: "1Min" });
    expect((await barsOf(market, "SPY", "1Min")).map(({ start }) => start)).toEqual([at(wanted)]);
  });

  it.each([
    ["2024-03-10 02:30:00", "America/New_York", "iso", /in America\/New_York no clock showed it/],
    ["2024-11-03 01:30:00", "America/New_York", "iso", /in America\/New_York clocks showed it twice/],
    ["2024-13-05 09:30:00", "UTC", "iso", /wanted RFC 3339/],
    ["13/05/2024 09:30", "UTC", "mdy", /wanted RFC 3339/],
    ["2024-03-05 24:30:00", "UTC", "iso", /wanted RFC 3339/],
    ["1709649000000001", undefined, "us", /wanted a whole count of us since 1970, of a whole millisecond/],
    ["-5", undefined, "s", /wanted a whole count of s since 1970/],
  ])("%s in %s written as %s is refused", async (text, timezone, timeFormat, message) => {
    const { take } = await fixture(onTestFinished);
    const report = await take(
      "SPY.csv",
      csv(...GOOD.slice(0, timeFormat === "iso" ? 1 : 0), `${text},${BAR}`, `${goodTime(timeFormat)},${BAR}`),
      {
        timezone,
        timeFormat,
        timeframe: "1Min",
      },
    );
    expect(report.refused).toMatchObject([{ reason: "bad_time", message: expect.stringMatching(message) }]);
  });
});

/** 14:32 in each way of writing. */
function goodTime(format: string): string {
  const seconds = at("2024-03-05T14:32:00Z") / 1000;
  if (format === "mdy") return "03/05/2024 14:32";
  const zeros: Record<string, string> = { s: "", ms: "000", us: "000000", ns: "000000000" };
  return format in zeros ? `${seconds}${zeros[format]}` : "2024-03-05T14:32:00Z";
}

describe("a zone", () => {
  it("agrees with the offsets of a year, forth and back, but for the hours that clocks skip and repeat", () => {
    for (const name of ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"]) {
      const zone = openZone(name);
      const format = new Intl.DateTimeFormat("sv-SE", { timeZone: name, dateStyle: "short", timeStyle: "medium" });
      let unsure = 0;
      for (let time: number = at("2024-01-01T00:00:00Z"); time < at("2025-01-01T00:00:00Z"); time += 1_800_000) {
        const wall = Date.parse(`${format.format(time).replace(" ", "T")}Z`);
        const found = zone.toInstant(wall);
        if (typeof found === "number") expect(found).toBe(time);
        else unsure += 1;
      }
      expect(unsure).toBeLessThanOrEqual(4);
    }
  });
});

describe("the name of a file", () => {
  it.each([
    ["SPY.csv.gz", "SPY", undefined, false],
    ["BRK.B.txt", "BRK.B", undefined, false],
    ["SPY_full_1min_UNADJUSTED.txt", "SPY", "1Min", false],
    ["AAPL_full_1hour_adjsplitdiv.txt", "AAPL", "1Hour", true],
    ["SPY.Last.txt", "SPY", undefined, false],
    ["yahoo_AAPL.csv", "AAPL", undefined, false],
    ["AAPL (1).csv", "AAPL", undefined, false],
    ["AAPL_MSFT_5min.csv", undefined, "5Min", false],
    ["bars_1day_adjusted.parquet", undefined, "1Day", true],
    ["my bars.csv", undefined, undefined, false],
    ["alpaca_v2_stocks_bars_1Day_adjustment_all.json", undefined, "1Day", true],
    ["alpaca_v2_stocks_bars_1Day_adjustment_raw.json", undefined, "1Day", false],
  ])("%s tells %s, %s, adjusted: %s", (name, symbol, timeframe, isAdjusted) => {
    const path = `folder_GONE_5min/${name}`;
    expect([symbolInName(path), timeframeInName(path), isAdjustedByName(path)]).toEqual([
      symbol,
      timeframe,
      isAdjusted,
    ]);
  });

  it("that speaks of hours where rows are minutes is asked about, not believed", async () => {
    const { take } = await fixture(onTestFinished);
    const failure = await failureOf(take("SPY_1hour.csv", csv(...GOOD)));
    expect(failure).toMatchObject({
      code: "bad_argument",
      message: expect.stringMatching(/its name speaks of 1Hour, but its closest rows are 1 minutes apart/),
    });
  });

  it("of weeks is not taken for days", async () => {
    const { take } = await fixture(onTestFinished);
    const weeks = ["2024-03-04", "2024-03-11", "2024-03-18"].map((date) => `${date},${BAR}`);
    expect(await failureOf(take("SPY.csv", csv(...weeks)))).toMatchObject({ code: "bad_argument" });
    expect(await take("SPY.csv", csv(...weeks), { timeframe: "1Day" })).toMatchObject({ rowsAccepted: 3 });
  });
});
