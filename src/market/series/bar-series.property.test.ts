/** Searches through a series, against a plain scan of every bar. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, type BarCondition } from "../../kernel/index.ts";
import { columnsOf, type TestBar } from "../market-fixture.ts";
import { barSeries, findBar, lastPrintBefore, rowAt } from "./bar-series.ts";

/** Long enough for three levels of blocks, with few prices so that equal ones are common. */
const bars = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 3 }),
      low: fc.integer({ min: 90, max: 100 }),
      reach: fc.integer({ min: 0, max: 10 }),
      volume: fc.constantFrom(0, 1, 500),
    }),
    { maxLength: 5000, size: "max" },
  )
  .map((steps): TestBar[] => {
    let start = 0;
    return steps.map(({ gap, low, reach, volume }) => {
      start += gap * 60_000;
      return { start, low, high: low + reach, open: low, close: low + reach, volume };
    });
  });

const price = fc.integer({ min: 88, max: 112 });
const condition: fc.Arbitrary<BarCondition> = fc.oneof(
  fc.constant<BarCondition>({ kind: "any" }),
  fc.record({ kind: fc.constant("low_below" as const), price, orEqual: fc.boolean() }),
  fc.record({ kind: fc.constant("high_above" as const), price, orEqual: fc.boolean() }),
);

function holds(bar: TestBar, wanted: BarCondition): boolean {
  if (wanted.kind === "any") return true;
  const [value, sign] = wanted.kind === "low_below" ? [bar.low ?? 0, 1] : [bar.high ?? 0, -1];
  return sign * value < sign * wanted.price || (wanted.orEqual && value === wanted.price);
}

describe("a series of bars", () => {
  it("finds the first bar that a scan of every bar finds", () => {
    fc.assert(
      fc.property(bars, condition, fc.nat(12_000), (list, wanted, minute) => {
        const from = instant(minute * 60_000);
        const expected = list.findIndex((bar) => bar.start >= from && holds(bar, wanted));
        expect(findBar(barSeries(columnsOf(list)), from, wanted)).toBe(expected);
      }),
      { numRuns: 100 },
    );
  });

  it("finds rare extremes far away", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300_000 }), fc.nat(), fc.nat(), (rows, where, from) => {
        const columns = columnsOf([]);
        const low = new Float64Array(rows).fill(100);
        low[where % rows] = 50;
        const start = Float64Array.from({ length: rows }, (_, row) => row);
        const series = barSeries({ ...columns, rows, start, low, high: low, volume: start });
        const first = from % rows;
        const expected = where % rows >= first ? where % rows : -1;
        expect(findBar(series, instant(first), { kind: "low_below", price: 60, orEqual: false })).toBe(expected);
      }),
      { numRuns: 100 },
    );
  });

  it("knows the bar that covers an instant, and the last one before it that traded", () => {
    fc.assert(
      fc.property(bars, fc.nat(12_000 * 60_000), (list, time) => {
        const series = barSeries(columnsOf(list));
        const covers = list.findIndex((bar) => bar.start <= time && time < bar.start + 60_000);
        const before = list.findLastIndex((bar) => bar.start < time && (bar.volume ?? 0) > 0);
        expect([rowAt(series, instant(time)), lastPrintBefore(series, time)]).toEqual([covers, before]);
      }),
      { numRuns: 100 },
    );
  });
});
