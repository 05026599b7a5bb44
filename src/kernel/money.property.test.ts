import { Big } from "big.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatUnits, SCALE } from "./fixed.ts";
import {
  absolute,
  averagePrice,
  cash,
  isWholeShares,
  larger,
  price,
  priceFromBar,
  quantity,
  sharesFor,
  smaller,
  valueOf,
} from "./money.ts";

const shares = fc.bigInt({ min: 1n, max: 10n ** 18n }).map(quantity);
const each = fc.bigInt({ min: 100_000n, max: 10n ** 16n }).map(price);
const signed = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });

describe("money", () => {
  it("values shares as big.js does, half to even at the ninth place", () => {
    const halfEven = 2;
    fc.assert(
      fc.property(shares, each, (qty, at) => {
        const exact = new Big(formatUnits(qty)).times(formatUnits(at));
        expect(formatUnits(valueOf(qty, at))).toBe(exact.round(9, halfEven).toFixed());
        expect(valueOf(quantity(-qty), at)).toBe(-valueOf(qty, at));
      }),
    );
  });

  it("buys no more shares than an amount pays for, and not one unit fewer", () => {
    fc.assert(
      fc.property(shares, each, (amount, at) => {
        const bought = sharesFor(cash(amount), at);
        expect(bought * at <= amount * SCALE).toBe(true);
        expect((bought + 1n) * at > amount * SCALE).toBe(true);
      }),
    );
  });

  it("averages a lot bought at one price to that price, within the rounding of its value", () => {
    fc.assert(
      fc.property(shares, each, (qty, at) => {
        const average = averagePrice(valueOf(qty, at), qty);
        expect(absolute(average - at) * qty <= SCALE + qty).toBe(true);
      }),
    );
  });

  it("averages between the prices paid", () => {
    fc.assert(
      fc.property(fc.tuple(shares, each), fc.tuple(shares, each), ([qtyA, a], [qtyB, b]) => {
        const whole = (qty: bigint): bigint => qty * SCALE;
        const total = cash(valueOf(quantity(whole(qtyA)), a) + valueOf(quantity(whole(qtyB)), b));
        const average = averagePrice(total, quantity(whole(qtyA) + whole(qtyB)));
        expect(average >= smaller(a, b) && average <= larger(a, b)).toBe(true);
      }),
    );
  });

  it("has sizes and orders of its own", () => {
    fc.assert(
      fc.property(signed, signed, (a, b) => {
        expect(absolute(a) >= 0n && (absolute(a) === a || absolute(a) === -a)).toBe(true);
        expect(smaller(a, b) + larger(a, b)).toBe(a + b);
        expect(smaller(a, b) <= larger(a, b)).toBe(true);
      }),
    );
  });
});

describe("a worked example", () => {
  it("buys 8.100445524 shares at 123.45 for 1,000 dollars, at 999.9999999378", () => {
    const bought = sharesFor(cash(1000n * SCALE), priceFromBar(123.45));
    expect(formatUnits(bought)).toBe("8.100445524");
    expect(formatUnits(bought * priceFromBar(123.45))).toBe("999999999937.8");
    expect(formatUnits(valueOf(bought, priceFromBar(123.45)))).toBe("999.999999938");
  });

  it("tells whole shares from fractions", () => {
    expect([0n, SCALE, 150n * SCALE].map((units) => isWholeShares(quantity(units)))).toEqual([true, true, true]);
    expect([1n, SCALE - 1n, SCALE / 2n].map((units) => isWholeShares(quantity(units)))).toEqual([false, false, false]);
  });
});
