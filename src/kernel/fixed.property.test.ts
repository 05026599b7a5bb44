import { Big } from "big.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  divideCeiling,
  divideFloor,
  divideHalfEven,
  formatUnits,
  FRACTION_DIGITS,
  parseUnits,
  SCALE,
  unitsFromNumber,
  unitsToNumber,
} from "./fixed.ts";

const integer = fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n });
const divisor = integer.filter((value) => value !== 0n);
const decimalText = fc
  .tuple(
    fc.constantFrom("", "-", "+"),
    fc.bigInt({ min: 0n, max: 10n ** 21n }),
    fc.integer({ min: 0, max: FRACTION_DIGITS }),
  )
  .map(([sign, digits, places]) => {
    const padded = digits.toString().padStart(places + 1, "0");
    const whole = padded.slice(0, padded.length - places);
    return `${sign}${whole}${places === 0 ? "" : `.${padded.slice(-places)}`}`;
  });

/** The quotient by big.js, cut after enough places to tell which side of a half it lies on, and rounded by its rule. */
function oracle(numerator: bigint, denominator: bigint, rounding: 0 | 2 | 3): bigint {
  const exact = new Big(numerator.toString()).div(denominator.toString());
  return BigInt(exact.round(0, rounding).toFixed(0));
}

describe("division", () => {
  Big.DP = 90;
  const down = 0;
  const halfEven = 2;
  const awayFromZero = 3;

  it("rounds half to even as big.js does", () => {
    fc.assert(
      fc.property(integer, divisor, (a, b) => {
        expect(divideHalfEven(a, b)).toBe(oracle(a, b, halfEven));
      }),
    );
  });

  it("rounds exact halves to the even neighbour, on both sides of zero", () => {
    fc.assert(
      fc.property(integer, divisor, (quotient, b) => {
        const even = quotient % 2n === 0n ? quotient : quotient + 1n;
        expect(divideHalfEven(quotient * 2n * b + b, 2n * b)).toBe(even);
      }),
    );
  });

  it("rounds down and up as big.js does", () => {
    fc.assert(
      fc.property(integer, divisor, (a, b) => {
        const isNegative = a < 0n !== b < 0n;
        expect(divideFloor(a, b)).toBe(oracle(a, b, isNegative ? awayFromZero : down));
        expect(divideCeiling(a, b)).toBe(oracle(a, b, isNegative ? down : awayFromZero));
      }),
    );
  });

  it("leaves a remainder of the divisor's sign below it in size", () => {
    fc.assert(
      fc.property(integer, divisor, (a, b) => {
        const remainder = a - divideFloor(a, b) * b;
        expect(b > 0n ? remainder >= 0n && remainder < b : remainder <= 0n && remainder > b).toBe(true);
      }),
    );
  });
});

describe("decimals", () => {
  it("are read as big.js reads them", () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        expect(parseUnits(text)).toBe(BigInt(new Big(text.replace("+", "")).times(SCALE.toString()).toFixed(0)));
      }),
    );
  });

  it("come back as they were written", () => {
    fc.assert(
      fc.property(integer, (units) => {
        expect(parseUnits(formatUnits(units))).toBe(units);
        expect(formatUnits(units)).toBe(new Big(units.toString()).div(SCALE.toString()).toFixed());
      }),
    );
  });

  it("from floats of up to nine places below a million are exact", () => {
    const units = fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n });
    fc.assert(
      fc.property(units, (value) => {
        expect(unitsFromNumber(Number(formatUnits(value)))).toBe(value);
        expect(unitsFromNumber(unitsToNumber(value))).toBe(value);
      }),
      { numRuns: 1000 },
    );
  });
});
