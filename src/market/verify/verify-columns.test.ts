import { describe, expect, it } from "vitest";
import { tradingDaysBetween, type TradingDay } from "../../calendar/index.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SCALE, type CivilDate, type CorporateAction } from "../../kernel/index.ts";
import { at, columnsOf, type TestBar } from "../market-fixture.ts";
import { sliceRows } from "../series/columns.ts";
import { timeframeOf } from "../timeframe.ts";
import { CHECKS, type CheckName } from "./checks.ts";
import { openVerifier, verifyColumns, type SeriesVerdict } from "./verify-columns.ts";

const OPEN = at("2024-03-05T14:30:00Z");
const minute = (index: number, bar: Partial<TestBar> = {}): TestBar => ({ start: OPEN + index * MINUTE_MS, ...bar });

/** Whole regular hours, so that nothing is found but what a case puts in. */
const quietDay = (change: (index: number) => Partial<TestBar> = () => ({})): TestBar[] =>
  Array.from({ length: 390 }, (_, index) => minute(index, change(index)));

/** A quiet day in which one minute is another. */
const withMinute = (index: number, bar: Partial<TestBar>): TestBar[] => quietDay((each) => (each === index ? bar : {}));

interface Given {
  readonly symbol?: string;
  readonly timeframe?: string;
  readonly isAdjusted?: boolean;
  readonly actions?: readonly CorporateAction[];
}

function verify(bars: readonly TestBar[], given: Given = {}): SeriesVerdict {
  const { symbol = "TEST", timeframe = "1Min", isAdjusted = false, actions = [] } = given;
  return verifyColumns({ symbol, timeframe: timeframeOf(timeframe), isAdjusted, actions }, columnsOf(bars));
}

const found = ({ findings }: SeriesVerdict): readonly (readonly [CheckName, number | undefined])[] =>
  findings.map(({ check, row }) => [check, row]);

describe("a quiet day", () => {
  it("has nothing to find", () => {
    expect(verify(quietDay())).toEqual({
      symbol: "TEST",
      timeframe: "1Min",
      rows: 390,
      errors: 0,
      warnings: 0,
      counts: [],
      findings: [],
    });
  });
});

describe("a bar's figures", () => {
  const cases: [string, CheckName, Partial<TestBar>, string][] = [
    ["a high below the low", "high_below_low", { high: 99, low: 101 }, "high: got 99, wanted at least the low of 101"],
    [
      "an open above the high",
      "open_close_outside_range",
      { open: 101, high: 100.5, low: 99 },
      "open: got 101, wanted a price from the low of 99 to the high of 100.5",
    ],
    [
      "a close below the low",
      "open_close_outside_range",
      { close: 98.5, high: 101, low: 99 },
      "close: got 98.5, wanted a price from the low of 99 to the high of 101",
    ],
    ["a price of zero", "not_positive", { low: 0 }, "low: got 0, wanted more than 0"],
    ["a negative price", "not_positive", { open: -1, low: -1 }, "open: got -1, wanted more than 0"],
    ["a negative volume", "negative_volume", { volume: -5 }, "volume: got -5, wanted 0 or more"],
    [
      "a price that is no number",
      "not_a_number",
      { close: Number.NaN, high: 101, low: 99 },
      "close: got NaN, wanted a finite number",
    ],
    ["an infinite price", "not_a_number", { high: Infinity }, "high: got Infinity, wanted a finite number"],
    ["a volume that is no number", "not_a_number", { volume: Number.NaN }, "volume: got NaN, wanted a finite number"],
  ];

  it.each(cases)("with %s are %s", (_, check, bar, message) => {
    const { findings, errors } = verify(withMinute(9, bar));
    const [first] = findings.filter((finding) => finding.check === check);
    expect(first).toEqual({
      symbol: "TEST",
      timeframe: "1Min",
      check,
      severity: "error",
      at: OPEN + 9 * MINUTE_MS,
      row: 10,
      message,
    });
    expect(errors).toBe(1);
  });
});

describe("the places of bars", () => {
  const swapped = [...quietDay().slice(0, 8), minute(9), minute(8), ...quietDay().slice(10)];
  const twice = [...quietDay().slice(0, 5), minute(4), ...quietDay().slice(5)];
  const cases: [string, readonly TestBar[], Given, readonly (readonly [CheckName, number | undefined])[]][] = [
    ["one after a later one", swapped, {}, [["unsorted", 10]]],
    ["two of one start", twice, {}, [["duplicate", 6]]],
    ["one off the minute", withMinute(7, { start: OPEN + 7 * MINUTE_MS + 1000 }), {}, [["off_grid", 8]]],
    [
      "hours that begin at half past",
      [{ start: OPEN, lengthMs: HOUR_MS }],
      { timeframe: "1Hour" },
      [
        ["off_grid", 1],
        ["partial_day", undefined],
      ],
    ],
    ["a minute at 20:00", [...quietDay(), { start: at("2024-03-06T01:00:00Z") }], {}, [["closed_hours", 391]]],
    ["a minute before 04:00", [{ start: at("2024-03-05T08:59:00Z") }, ...quietDay()], {}, [["closed_hours", 1]]],
    [
      "the first and the last of extended hours",
      [{ start: at("2024-03-05T09:00:00Z") }, ...quietDay(), { start: at("2024-03-06T00:59:00Z") }],
      {},
      [],
    ],
    [
      "one that reaches into extended hours",
      [{ start: at("2024-03-05T08:00:00Z"), lengthMs: 3 * HOUR_MS }],
      { timeframe: "3Hour" },
      [],
    ],
    [
      "a Saturday's minute",
      [...quietDay(), { start: at("2024-03-09T15:00:00Z") }],
      {},
      [
        ["closed_hours", 391],
        ["missing_day", undefined],
      ],
    ],
    [
      "a Saturday's day bar",
      [{ start: at("2024-03-09T14:30:00Z"), isDay: true, lengthMs: 6.5 * HOUR_MS }],
      { timeframe: "1Day" },
      [["not_a_trading_day", 1]],
    ],
    [
      "a day bar that starts at midnight",
      [{ start: at("2024-03-05T05:00:00Z"), isDay: true, lengthMs: DAY_MS }],
      { timeframe: "1Day" },
      [["off_grid", 1]],
    ],
    [
      "a pair's Saturday night",
      [{ start: at("2024-03-09T07:00:00Z") }, { start: at("2024-03-12T07:00:00Z") }],
      { symbol: "BTC/USD" },
      [],
    ],
    ["a pair off the minute", [{ start: OPEN + 1 }], { symbol: "BTC/USD" }, [["off_grid", 1]]],
  ];

  it.each(cases)("that are wrong, and right: %s", (_, bars, given, wanted) => {
    expect(found(verify(bars, given))).toEqual(wanted);
  });
});

describe("prints", () => {
  const lively = (index: number): Partial<TestBar> => ({ low: 90, high: 110, open: 100 + (index % 2) });
  const cases: [string, readonly TestBar[], readonly number[]][] = [
    ["a low under half of everything near", withMinute(20, { low: 49 }), [21]],
    ["a high over twice of everything near", withMinute(20, { high: 201 }), [21]],
    ["a low of seven tenths among quiet bars", withMinute(20, { low: 70 }), [21]],
    ["a low of eight tenths among quiet bars", withMinute(20, { low: 80 }), []],
    ["a low of seven tenths among lively bars", quietDay((index) => (index === 60 ? { low: 70 } : lively(index))), []],
    ["a low under half among lively bars", quietDay((index) => (index === 60 ? { low: 40 } : lively(index))), [61]],
    ["a low of six tenths before anything is usual", withMinute(5, { low: 60 }), []],
    ["the first bar, and the last", quietDay((index) => (index === 0 || index === 389 ? { low: 40 } : {})), [1, 390]],
    ["two in a row", quietDay((index) => (index === 50 || index === 51 ? { low: 60 } : {})), [51, 52]],
    ["a fall to half that stays there", quietDay((index) => (index < 200 ? {} : { open: 45, close: 45 })), []],
    ["a range without volume", withMinute(20, { volume: 0, high: 101 }), [21]],
    ["no range without volume", withMinute(20, { volume: 0 }), []],
    [
      "a range without volume before the first volume",
      quietDay((index) => (index < 3 ? { volume: 0, high: 101 } : {})),
      [1, 2, 3],
    ],
    ["ranges in a series that has no volumes", quietDay(() => ({ volume: 0, high: 101 })), []],
  ];

  it.each(cases)("that are suspicious, and not: %s", (_, bars, rows) => {
    const verdict = verify(bars);
    expect(verdict.counts).toEqual(
      rows.length === 0 ? [] : [{ check: "suspicious_print", severity: "warning", count: rows.length }],
    );
    expect(verdict.findings.map(({ row }) => row).toSorted((a, b) => Number(a) - Number(b))).toEqual(rows);
  });
});

const DAYS = tradingDaysBetween("2024-03-04" as CivilDate, "2024-03-28" as CivilDate);

function dayBars(prices: readonly number[], isLeftOut: (day: TradingDay) => boolean = () => false): TestBar[] {
  return DAYS.slice(0, prices.length).flatMap((day, index) => {
    const price = prices[index] ?? 0;
    const bar = { start: day.open, lengthMs: day.close - day.open, isDay: true, open: price, close: price };
    return isLeftOut(day) ? [] : [bar];
  });
}

const split = (exDate: string, newRate: bigint, oldRate = 1n): CorporateAction => ({
  symbol: "TEST",
  exDate: exDate as CivilDate,
  type: "split",
  oldRate: oldRate * SCALE,
  newRate: newRate * SCALE,
});

describe("nights", () => {
  const TUESDAY = "2024-03-05";
  const dividend: CorporateAction = {
    symbol: "TEST",
    exDate: TUESDAY as CivilDate,
    type: "cash_dividend",
    recordDate: undefined,
    payDate: undefined,
    cashPerShare: 1n as never,
  };
  const cases: [string, readonly number[], Given, readonly CheckName[]][] = [
    ["a half, and nothing on record", [100, 50, 50], {}, ["split_sized_jump"]],
    ["a half, and a dividend on record", [100, 50, 50], { actions: [dividend] }, ["split_sized_jump"]],
    ["a half, and a split on record", [100, 50, 50], { actions: [split(TUESDAY, 2n)] }, []],
    [
      "a half the day before the split on record",
      [100, 50, 50],
      { actions: [split("2024-03-06", 2n)] },
      ["split_sized_jump", "split_without_jump"],
    ],
    ["a half of adjusted prices", [100, 50, 50], { isAdjusted: true }, []],
    ["two thirds, and nothing on record", [90, 60, 61], {}, ["split_sized_jump"]],
    ["tenfold, and nothing on record", [10, 103, 103], {}, ["split_sized_jump"]],
    ["tenfold, and one for ten on record", [10, 103, 103], { actions: [split(TUESDAY, 1n, 10n)] }, []],
    ["tenfold, and ten for one on record", [10, 103, 103], { actions: [split(TUESDAY, 10n)] }, ["split_without_jump"]],
    ["a fall of a quarter", [100, 75, 75], {}, []],
    ["a fall to a thirteenth", [130, 10, 10], {}, []],
    ["a split that did not happen", [100, 100, 100], { actions: [split(TUESDAY, 2n)] }, ["split_without_jump"]],
    ["one of adjusted prices", [100, 100, 100], { actions: [split(TUESDAY, 2n)], isAdjusted: true }, []],
    ["21 for 20, too small to see", [100, 100, 100], { actions: [split(TUESDAY, 21n, 20n)] }, []],
    ["a split before the first bar", [100, 100, 100], { actions: [split("2024-03-01", 2n)] }, []],
    [
      "two splits of one weekend",
      [100, 100, 100, 100, 100, 16.7, 16],
      { actions: [split("2024-03-09", 2n), split("2024-03-11", 3n)] },
      [],
    ],
  ];

  it.each(cases)("are judged by the splits on record: %s", (_, prices, given, checks) => {
    const verdict = verify(dayBars(prices), { timeframe: "1Day", ...given });
    expect(verdict.findings.map(({ check }) => check)).toEqual(checks);
  });

  it("are told with both prices", () => {
    const [jump] = verify(dayBars([100, 52, 51]), { timeframe: "1Day" }).findings;
    expect(jump).toMatchObject({
      row: 2,
      message:
        "open of 2024-03-05: got 52 after a close of 100 on 2024-03-04, as after a 2-for-1 split; wanted one on record",
    });
    const [none] = verify(dayBars([100, 99]), { timeframe: "1Day", actions: [split(TUESDAY, 3n, 2n)] }).findings;
    expect(none?.message).toBe(
      "open of 2024-03-05: got 99 after a close of 100 on 2024-03-04, wanted about 66.67 after the 3-for-2 split on record",
    );
  });

  it("are those between regular hours, also of minutes", () => {
    const nextDay = quietDay(() => ({ open: 50, close: 50 })).map((bar) => ({ ...bar, start: bar.start + DAY_MS }));
    const early = { start: OPEN + DAY_MS - HOUR_MS, open: 50, close: 50 };
    expect(found(verify([...quietDay(), early, ...nextDay]))).toEqual([["split_sized_jump", 392]]);
  });
});

describe("days", () => {
  const quiet = Array.from({ length: 15 }, () => 100);

  it("that are missing are one finding that counts them all", () => {
    const verdict = verify(
      dayBars(quiet, ({ date }) => ["2024-03-05", "2024-03-08"].includes(date)),
      { timeframe: "1Day" },
    );
    expect(verdict).toMatchObject({
      warnings: 2,
      counts: [{ check: "missing_day", severity: "warning", count: 2 }],
      findings: [
        {
          at: DAYS[1]?.open,
          row: undefined,
          message: expect.stringMatching(/^days: got 2 .*\(2024-03-05, 2024-03-08\), wanted none;/),
        },
      ],
    });
  });

  it("that are partial are one too", () => {
    const verdict = verify([...quietDay().slice(0, 200), ...quietDay().slice(260)]);
    expect(verdict.findings).toMatchObject([
      { check: "partial_day", at: OPEN, message: expect.stringContaining("got 1 with an hour or more") },
    ]);
  });

  it.each([
    [4, ["missing_day"]],
    [5, ["large_gap", "missing_day"]],
  ])("%s in a row that are missing are %s", (count, checks) => {
    const gone = new Set(DAYS.slice(3, 3 + count).map(({ date }) => date));
    const verdict = verify(
      dayBars(quiet, ({ date }) => gone.has(date)),
      { timeframe: "1Day" },
    );
    expect(verdict.findings.map(({ check }) => check)).toEqual(checks);
  });

  it("are not counted where bars were lost to a damaged file", () => {
    const verifier = openVerifier({ symbol: "TEST", timeframe: timeframeOf("1Day"), isAdjusted: false, actions: [] });
    verifier.take(columnsOf(dayBars(quiet, ({ date }) => date === "2024-03-05")));
    verifier.lose("damaged_file", { at: OPEN, message: "it is gone" });
    expect(found(verifier.finish())).toEqual([["damaged_file", undefined]]);
  });
});

describe("a verdict", () => {
  it("keeps the first hundred of a check and counts all", () => {
    const verdict = verify(quietDay(() => ({ volume: -1 })));
    expect(verdict).toMatchObject({
      errors: 390,
      findings: { length: 100 },
      counts: [{ check: "negative_volume", count: 390 }],
    });
  });

  it("is the same however the bars are cut", () => {
    const bars = [
      ...dayBars([100, 100, 100, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50]),
      { ...dayBars(Array.from({ length: 14 }, () => 50))[13], low: 20, start: DAYS[13]?.open ?? 0 },
      { ...dayBars(Array.from({ length: 15 }, () => 50))[14], volume: -1, start: DAYS[14]?.open ?? 0 },
    ];
    const series = { symbol: "TEST", timeframe: timeframeOf("1Day"), isAdjusted: false, actions: [] };
    const columns = columnsOf(bars);
    const whole = verifyColumns(series, columns);
    expect(whole.counts).toHaveLength(3);
    for (let cut = 0; cut <= columns.rows; cut += 1) {
      const verifier = openVerifier(series);
      verifier.take(sliceRows(columns, { from: 0, until: cut }));
      verifier.take(sliceRows(columns, { from: cut, until: columns.rows }));
      expect(verifier.finish()).toEqual(whole);
    }
  });

  it("knows errors from warnings as the table has it", () => {
    const errors = Object.entries(CHECKS).flatMap(([check, { severity }]) => (severity === "error" ? [check] : []));
    expect(errors).toHaveLength(10);
    expect(
      verify([...quietDay(() => ({ volume: -1 })), minute(389), { start: at("2024-03-06T01:00:00Z") }]),
    ).toMatchObject({
      errors: 391,
      warnings: 1,
    });
  });
});
