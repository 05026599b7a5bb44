import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { covariance, deviation, highest, kurtosis, lowest, mean, percentile, ratio, skew } from "./moments.ts";

describe("moments", () => {
  it("are those of a worked example", () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(values)).toBe(5);
    expect(deviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(covariance(values, values.toReversed())).toBeCloseTo(-4, 12);
  });

  it("are not defined of too few values", () => {
    expect([mean([]), deviation([1]), covariance([1], [1]), percentile([], 0.5)]).toEqual(
      Array.from({ length: 4 }, () => Number.NaN),
    );
    expect([skew([1, 2]), kurtosis([1, 2, 3]), highest([]), lowest([])]).toEqual(
      Array.from({ length: 4 }, () => Number.NaN),
    );
  });

  it("take a deviation that is only rounding for none", () => {
    expect(deviation([0.1 + 0.2, 0.3, 0.3])).toBe(0);
    expect([skew([0.1 + 0.2, 0.3, 0.3]), kurtosis([0.3, 0.3, 0.3, 0.1 + 0.2])]).toEqual([Number.NaN, Number.NaN]);
    expect(ratio(1, 1e-17)).toBeNaN();
  });

  it("do not change when all values move", () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 30 });
    fc.assert(
      fc.property(values, (sample) => {
        fc.pre(deviation(sample) > 1e-3);
        const moved = sample.map((value) => value + 0.5);
        expect(deviation(moved)).toBeCloseTo(deviation(sample), 9);
        expect(skew(moved)).toBeCloseTo(skew(sample), 6);
        expect(kurtosis(moved)).toBeCloseTo(kurtosis(sample), 6);
      }),
    );
  });
});

describe("a percentile", () => {
  it.each([
    [0, 10],
    [0.05, 12],
    [0.5, 30],
    [0.95, 48],
    [1, 50],
  ])("of %d lies at %d, between neighbours", (share, value) => {
    expect(percentile([50, 10, 40, 20, 30], share)).toBeCloseTo(value, 12);
  });
});
