import { describe, expect, it } from "vitest";
import { divideFloor, divideHalfEven, formatUnits, parseUnits, unitsFromNumber } from "./fixed.ts";

describe("a decimal", () => {
  it.each([
    ["0", 0n],
    ["-0", 0n],
    ["12", 12_000_000_000n],
    ["+12", 12_000_000_000n],
    ["-0.5", -500_000_000n],
    ["0.000000001", 1n],
    ["1.5000000000000", 1_500_000_000n],
    ["007", 7_000_000_000n],
  ])("%s is read", (text, units) => {
    expect(parseUnits(text)).toBe(units);
  });

  it.each(["", " ", "1 ", ".5", "5.", "1e3", "1,000", "0x10", "NaN", "Infinity", "--1", "١", "9".repeat(31)])(
    "%j is not one",
    (text) => {
      expect(parseUnits(text)).toBe("not_a_decimal");
    },
  );

  it("with more than nine places is refused, never rounded", () => {
    expect(parseUnits("0.0000000001")).toBe("too_many_decimals");
    expect(parseUnits(`1.${"0".repeat(29)}1`)).toBe("too_many_decimals");
  });

  it("is written without trailing zeros", () => {
    expect([0n, 1n, -1n, 100_000_000n, -12_000_000_000n].map(formatUnits)).toEqual([
      "0",
      "0.000000001",
      "-0.000000001",
      "0.1",
      "-12",
    ]);
  });
});

describe("division", () => {
  it("names its rounding: half to even, or down", () => {
    expect([5n, 15n, 25n, -5n, -15n].map((value) => divideHalfEven(value, 10n))).toEqual([0n, 2n, 2n, 0n, -2n]);
    expect([7n, -7n].map((value) => divideFloor(value, 2n))).toEqual([3n, -4n]);
  });

  it("by zero throws", () => {
    expect(() => divideHalfEven(1n, 0n)).toThrow(RangeError);
  });
});

describe("a float", () => {
  it("becomes the nearest units, though it is not exactly what it says", () => {
    expect(unitsFromNumber(0.1 + 0.2)).toBe(300_000_000n);
    expect(unitsFromNumber(-1.005)).toBe(-1_005_000_000n);
  });
});
