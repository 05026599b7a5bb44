import { describe, expect, it } from "vitest";
import { HOUR_MS, instant, MINUTE_MS } from "../../kernel/index.ts";
import { at, columnsOf, type TestBar } from "../market-fixture.ts";
import { timeframeOf } from "../timeframe.ts";
import { countDays, coveredDays, missingDays, seriesDays } from "./coverage.ts";

/** Minutes of 2024-03-05 (regular hours 14:30 to 21:00 UTC), "HH:MM" to "HH:MM", without the last. */
function minutes(from: string, until: string, date = "2024-03-05"): TestBar[] {
  const [first, end] = [at(`${date}T${from}:00Z`), at(`${date}T${until}:00Z`)];
  return Array.from({ length: (end - first) / MINUTE_MS }, (_, index) => ({ start: first + index * MINUTE_MS }));
}

const hours = (date: string, ...starts: readonly string[]): TestBar[] =>
  starts.map((start) => ({ start: at(`${date}T${start}:00Z`), lengthMs: HOUR_MS }));

const EARLY = "2024-07-03";

describe("the trading days of some bars", () => {
  const cases: [string, string, readonly TestBar[], { present: number; partial: number }][] = [
    ["no bars", "1Min", [], { present: 0, partial: 0 }],
    ["every regular minute", "1Min", minutes("14:30", "21:00"), { present: 1, partial: 0 }],
    ["an hour's gap", "1Min", [...minutes("14:30", "16:00"), ...minutes("17:00", "21:00")], { present: 1, partial: 1 }],
    [
      "59 minutes' gap",
      "1Min",
      [...minutes("14:30", "16:00"), ...minutes("16:59", "21:00")],
      { present: 1, partial: 0 },
    ],
    ["nothing in the first hour", "1Min", minutes("15:30", "21:00"), { present: 1, partial: 1 }],
    ["nothing in the last hour", "1Min", minutes("14:30", "20:00"), { present: 1, partial: 1 }],
    ["one bar", "1Min", minutes("15:00", "15:01"), { present: 1, partial: 1 }],
    [
      "pre-market and after-hours alone",
      "1Min",
      [...minutes("13:00", "14:30"), ...minutes("21:00", "22:00")],
      { present: 0, partial: 0 },
    ],
    ["a day without a session", "1Min", minutes("14:30", "21:00", "2024-03-09"), { present: 0, partial: 0 }],
    [
      "a bar of pre-market that reaches into regular hours",
      "1Hour",
      hours("2024-03-05", "14:00"),
      { present: 1, partial: 1 },
    ],
    [
      "all hours that touch the session",
      "1Hour",
      hours("2024-03-05", "14:00", "15:00", "16:00", "17:00", "18:00", "19:00", "20:00"),
      { present: 1, partial: 0 },
    ],
    [
      "all but one of them",
      "1Hour",
      hours("2024-03-05", "14:00", "15:00", "17:00", "18:00", "19:00", "20:00"),
      { present: 1, partial: 1 },
    ],
    [
      "bars of two hours, half an hour of the session without",
      "2Hour",
      [{ start: at("2024-03-05T15:00:00Z"), lengthMs: 6 * HOUR_MS }],
      { present: 1, partial: 0 },
    ],
    ["an early close, whole until then", "1Min", minutes("13:30", "17:00", EARLY), { present: 1, partial: 0 }],
    ["an early close, an hour short", "1Min", minutes("13:30", "16:00", EARLY), { present: 1, partial: 1 }],
    [
      "a day bar",
      "1Day",
      [{ start: at("2024-03-05T14:30:00Z"), lengthMs: 6.5 * HOUR_MS, isDay: true }],
      { present: 1, partial: 0 },
    ],
    [
      "two days, in the order of neither",
      "1Min",
      [...minutes("14:30", "21:00", "2024-03-06"), ...minutes("14:30", "21:00")],
      { present: 1, partial: 0 },
    ],
  ];

  it.each(cases)("of %s in %s", (_, timeframe, bars, counts) => {
    expect(countDays(coveredDays(columnsOf(bars), timeframeOf(timeframe)))).toEqual(counts);
  });

  it("know their bars and their rows", () => {
    const bars = [...minutes("14:00", "14:40"), ...minutes("14:30", "21:00", "2024-03-06")];
    expect(coveredDays(columnsOf(bars), timeframeOf("1Min"))).toMatchObject([
      { day: { date: "2024-03-05" }, firstRow: 30, lastRow: 39, bars: 10, isPartial: true },
      { day: { date: "2024-03-06" }, firstRow: 40, lastRow: 429, bars: 390, isPartial: false },
    ]);
  });
});

describe("the missing days of a series", () => {
  const missing = (bars: readonly TestBar[]): readonly string[] => {
    const columns = columnsOf(bars);
    const days = coveredDays(columns, timeframeOf("1Min"));
    const [from, to] = [instant(columns.start[0] ?? 0), instant((columns.start.at(-1) ?? 0) + MINUTE_MS)];
    const dates = missingDays(days, from, to).map(({ date }) => date);
    expect(seriesDays([countDays(days)], from, to).missing).toBe(dates.length);
    return dates;
  };

  it.each([
    [
      "lie between its first and its last",
      [...minutes("15:00", "15:01", "2024-03-05"), ...minutes("15:00", "15:01", "2024-03-08")],
      ["2024-03-06", "2024-03-07"],
    ],
    [
      "are not weekends and holidays",
      [...minutes("15:00", "15:01", "2024-03-28"), ...minutes("15:00", "15:01", "2024-04-01")],
      [],
    ],
    ["count where only the edges of the day have bars", minutes("22:00", "22:01"), ["2024-03-05"]],
    [
      "are counted by the date in New York",
      [...minutes("15:00", "15:01"), ...minutes("00:30", "00:31", "2024-03-06")],
      [],
    ],
    [
      "end with the day of a bar that ends at midnight",
      [...minutes("15:00", "15:01"), ...minutes("04:59", "05:00", "2024-03-06")],
      [],
    ],
  ] as [string, TestBar[], string[]][])("%s", (_, bars, dates) => {
    expect(missing(bars)).toEqual(dates);
  });
});
