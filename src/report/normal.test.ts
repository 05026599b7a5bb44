import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile, normalShareBelow } from "./normal.ts";

describe("the standard normal", () => {
  // From Python: math.erfc, and statistics.NormalDist below.
  it.each([
    [-8, 6.220960574271819e-16],
    [-5, 2.866515718791946e-7],
    [-3.5, 0.00023262907903552504],
    [-3, 0.0013498980316300957],
    [-1, 0.15865525393145707],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1.96, 0.9750021048517795],
    [4, 0.9999683287581669],
  ])("has below %d a share of %d", (value, share) => {
    expect(Math.abs(normalShareBelow(value) / share - 1)).toBeLessThan(1e-12);
  });

  it.each([
    [0.05, -1.6448536269514726],
    [0.025, -1.959963984540054],
    [1e-12, -7.034483825301132],
    [0.999999, 4.753424308817089],
    [0.5, 0],
  ])("has a share of %d below %d", (share, value) => {
    expect(normalQuantile(share)).toBeCloseTo(value, 13);
  });

  it("finds the value of every share again, in both tails", () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 4, noNaN: true }), (value) => {
        expect(normalQuantile(normalShareBelow(value))).toBeCloseTo(value, 9);
      }),
    );
  });

  it("is not defined at and beyond the ends", () => {
    expect([0, 1, -1, 2, Number.NaN].map(normalQuantile)).toEqual(Array.from({ length: 5 }, () => Number.NaN));
    expect(normalShareBelow(Number.NaN)).toBeNaN();
    expect([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map(normalShareBelow)).toEqual([0, 1]);
  });
});
