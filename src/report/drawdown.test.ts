import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dateFromDays } from "../kernel/index.ts";
import { drawdownPath, drawdowns, longestDrawdownDays, maxDrawdown, type DatedValue } from "./drawdown.ts";

/** One value a day from 2024-01-01. */
const series = (values: readonly number[]): readonly DatedValue[] =>
  values.map((value, index) => ({ date: dateFromDays(19_723 + index), value }));

describe("drawdowns", () => {
  it("have the dates of peak, trough and recovery, deepest first", () => {
    const found = drawdowns(series([100, 110, 99, 105, 110, 120, 60, 90, 130, 117]));
    expect(found).toEqual([
      { peak: "2024-01-06", trough: "2024-01-07", recovery: "2024-01-09", depth: -0.5, days: 3 },
      { peak: "2024-01-02", trough: "2024-01-03", recovery: "2024-01-05", depth: expect.closeTo(-0.1, 12), days: 3 },
      { peak: "2024-01-09", trough: "2024-01-10", recovery: undefined, depth: expect.closeTo(-0.1, 12), days: 1 },
    ]);
    expect(drawdowns(series([100, 110, 99, 110, 60]), 1)).toHaveLength(1);
  });

  it("begin on the first day where the start is the peak", () => {
    expect(maxDrawdown([-0.1, 0.5])).toBeCloseTo(-0.1, 12);
    expect(drawdowns(series([100, 90, 95]))).toMatchObject([{ peak: "2024-01-01", recovery: undefined, days: 2 }]);
  });

  it("count from the last day at the peak", () => {
    expect(drawdowns(series([100, 100, 100, 90, 100]))).toMatchObject([{ peak: "2024-01-03", days: 2 }]);
  });

  it("recover although the returns multiply up to a rounding less", () => {
    const path = drawdownPath([0.1, -0.3, 1 / 0.7 - 1, 0.25, -0.2, 0.25]);
    expect(path.map((fall) => fall < 0)).toEqual([false, true, false, false, true, false]);
  });

  it("may be as long as they are shallow", () => {
    expect(longestDrawdownDays(series([100, 50, 100, 99, 99, 99, 99, 100, 100]))).toBe(5);
    expect(longestDrawdownDays(series([1, 2, 3]))).toBe(0);
  });

  it("are none of nothing, of one value, and of what was never above zero", () => {
    expect([[], [1], [-5, -10], [0, 0]].map((values) => drawdowns(series(values)))).toEqual([[], [], [], []]);
    expect(maxDrawdown([])).toBeNaN();
  });

  it("are as deep as the deepest fall between any two days", () => {
    const values = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, (sample) => {
        const falls = sample.flatMap((from, index) => sample.slice(index).map((to) => to / from - 1));
        const [deepest] = drawdowns(series(sample));
        expect(deepest?.depth ?? 0).toBeCloseTo(Math.min(...falls), 9);
      }),
    );
  });
});
