import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tradingDays, tradingDaysBetween } from "../../calendar/index.ts";
import { MINUTE_MS, type CivilDate, type Instant } from "../../kernel/index.ts";
import { columnsOf } from "../market-fixture.ts";
import { timeframeOf } from "../timeframe.ts";
import { countDays, coveredDays, seriesDays } from "./coverage.ts";

/** With an early close and a holiday. */
const DAYS = tradingDaysBetween("2024-06-24" as CivilDate, "2024-07-12" as CivilDate);

/** Minutes of New York days, as a set of starts, looked at minute by minute. */
function partialByMinute(starts: ReadonlySet<number>, stepMs: number, day: (typeof DAYS)[number]): boolean | undefined {
  let [run, longest, bars] = [0, 0, 0];
  for (let minute: number = day.open; minute < day.close; minute += MINUTE_MS) {
    const isCovered = starts.has(Math.floor(minute / stepMs) * stepMs);
    if (isCovered) bars += 1;
    run = isCovered ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return bars === 0 ? undefined : longest >= 60;
}

describe("coverage", () => {
  it("is what a look at every single minute says, at any length that divides an hour", () => {
    const spans = fc.array(
      fc.record({
        day: fc.nat(DAYS.length - 1),
        from: fc.integer({ min: -90, max: 400 }),
        minutes: fc.integer({ min: 1, max: 420 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(spans, fc.constantFrom(1, 5, 15, 30, 60), (stretches, count) => {
        const stepMs = count * MINUTE_MS;
        const starts = new Set<number>();
        for (const { day, from, minutes } of stretches) {
          const first = (DAYS[day]?.open ?? 0) + from * MINUTE_MS;
          for (let each = 0; each < minutes; each += 1)
            starts.add(Math.floor((first + each * MINUTE_MS) / stepMs) * stepMs);
        }
        const sorted = [...starts].toSorted((a, b) => a - b);
        const columns = columnsOf(sorted.map((start) => ({ start, lengthMs: stepMs })));
        const days = coveredDays(columns, timeframeOf(count === 60 ? "1Hour" : `${count}Min`));
        const expected = DAYS.flatMap((day) => {
          const isPartial = partialByMinute(starts, stepMs, day);
          return isPartial === undefined ? [] : [{ date: day.date, isPartial }];
        });
        expect(days.map(({ day, isPartial }) => ({ date: day.date, isPartial }))).toEqual(expected);
        const [from, to] = [sorted[0] as Instant, ((sorted.at(-1) ?? 0) + stepMs) as Instant];
        const { present, missing } = seriesDays([countDays(days)], from, to);
        const inRange = tradingDays.filter((day) => dateOf(from) <= day.date && day.date <= dateOf(to - 1));
        expect(present + missing).toBe(inRange.length);
      }),
    );
  });
});

/** In summer New York is four hours behind. */
const dateOf = (at: number): string => new Date(at - 4 * 3_600_000).toISOString().slice(0, 10);
