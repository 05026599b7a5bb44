import { describe, expect, it } from "vitest";
import type { CivilDate } from "../kernel/index.ts";
import { beta, capture, joinBenchmark, simpleAlpha, trackingError, treynor } from "./benchmark.ts";
import { leanInformationRatio } from "./other-tools.ts";
import { closes, path } from "./tie-out-fixture.ts";

const date = (day: number): CivilDate => `2024-01-0${day}` as CivilDate;
const ours = [1, 1.1, 1.21, 1.331].map((value, index) => ({ date: date(index + 1), value }));

describe("a benchmark", () => {
  it("is joined on the dates of both: a missing close makes one return of two days, on both sides", () => {
    const { returns, benchmark } = joinBenchmark(ours, [
      { date: date(1), close: 100 },
      { date: date(2), close: 110 },
      { date: date(4), close: 99 },
      { date: date(5), close: 500 },
    ]);
    expect(returns).toEqual([expect.closeTo(0.1, 12), expect.closeTo(0.21, 12)]);
    expect(benchmark).toEqual([expect.closeTo(0.1, 12), expect.closeTo(-0.1, 12)]);
  });

  it("has no return from or to a close that is not a price", () => {
    const bad = [100, 0, Number.NaN, 110].map((close, index) => ({ date: date(index + 1), close }));
    expect(joinBenchmark(ours, bad).benchmark).toEqual([expect.closeTo(0.1, 12)]);
  });

  it("explains a doubled copy of itself", () => {
    const benchmark = [0.01, -0.02, 0.03];
    const pairs = { returns: benchmark.map((each) => 2 * each + 0.001), benchmark };
    expect(beta(pairs)).toBeCloseTo(2, 12);
    expect(simpleAlpha(pairs)).toBeCloseTo(0.252, 12);
    expect(treynor(pairs, 0.01)).toBeCloseTo((1.021 * 0.961 * 1.061 - 1 - 0.01) / 2, 12);
  });

  it("is captured in full by itself, up and down", () => {
    const pairs = { returns: [0.01, -0.02, 0.03], benchmark: [0.01, -0.02, 0.03] };
    expect([capture(pairs, "up"), capture(pairs, "down"), trackingError(pairs)]).toEqual([1, 1, 0]);
    expect(leanInformationRatio(pairs)).toBeNaN();
  });

  it("is captured by annual returns on its own days up and down", () => {
    const pairs = { returns: [0.02, -0.01, 0, 0.5], benchmark: [0.01, -0.02, 0.01, 0] };
    expect(capture(pairs, "up")).toBeCloseTo((1.02 ** 126 - 1) / (1.01 ** 252 - 1), 12);
    expect(capture(pairs, "down")).toBeCloseTo((0.99 ** 252 - 1) / (0.98 ** 252 - 1), 12);
    expect(capture({ returns: [0.1], benchmark: [0.1] }, "down")).toBeNaN();
  });

  it("gives LEAN's information ratio by its own annual return", () => {
    const pairs = joinBenchmark(path, closes);
    const annual = (values: readonly number[]): number =>
      (1 + values.reduce((total, each) => total + each, 0) / 10) ** 252 - 1;
    expect(leanInformationRatio(pairs)).toBeCloseTo(
      (annual(pairs.returns) - annual(pairs.benchmark)) / trackingError(pairs),
      9,
    );
  });

  it("that stands still has no beta", () => {
    expect(beta({ returns: [0.1, 0.2], benchmark: [0, 0] })).toBeNaN();
  });
});
