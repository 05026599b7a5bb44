import fc from "fast-check";
import { expect, it } from "vitest";
import { buy, minute, sell, split } from "./fill-fixture.ts";
import type { FillFact } from "./input.ts";
import { roundTrips } from "./round-trips.ts";

const fills = fc
  .array(
    fc.record({
      isBuy: fc.boolean(),
      qty: fc.integer({ min: 1, max: 5000 }),
      cents: fc.integer({ min: 1, max: 50_000 }),
      fees: fc.integer({ min: 0, max: 300 }),
      symbol: fc.constantFrom("SPY", "QQQ"),
    }),
    { maxLength: 40 },
  )
  .map((facts) =>
    facts.map(({ isBuy, qty, cents, fees, symbol }, index): FillFact => {
      const make = isBuy ? buy : sell;
      return make(index, `${qty / 100}@${cents / 100}`, { symbol, fees: fees / 100 });
    }),
  );

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, each) => sum + each, 0n);

it("account for every dollar and every share that changed hands", () => {
  fc.assert(
    fc.property(fills, (facts) => {
      const { closed, open } = roundTrips(facts, []);
      const flows = total(facts.map(({ side, cash, fees }) => (side === "sell" ? cash : -cash) - fees));
      const held = total(
        open.map(({ side, qty, entryPrice }) => {
          const cost = (qty * entryPrice) / 1_000_000_000n;
          return side === "long" ? cost : -cost;
        }),
      );
      const profits = total([...closed.map(({ pnl }) => pnl), ...open.map(({ realizedPnl }) => realizedPnl)]);
      // The average price of what is held is rounded: 10⁻⁹ dollars a share.
      const gap = Number(profits - held - flows);
      expect(Math.abs(gap)).toBeLessThanOrEqual(5000 * open.length);
      expect(total([...closed, ...open].map(({ fees }) => fees))).toBe(total(facts.map(({ fees }) => fees)));
      const bought = total(facts.map(({ side, qty }) => (side === "buy" ? qty : -qty)));
      expect(total(open.map(({ side, qty }) => (side === "long" ? qty : -qty)))).toBe(bought);
    }),
  );
});

it("make the same profit whether or not a 2-for-1 split comes between", () => {
  fc.assert(
    fc.property(fills, fc.integer({ min: 0, max: 39 }), (facts, cut) => {
      const plain = facts.filter(({ symbol }) => symbol === "SPY");
      const halved = plain.map((fact) => {
        const isAfter = fact.at >= minute(cut);
        return isAfter ? { ...fact, qty: (fact.qty * 2n) as typeof fact.qty } : fact;
      });
      const [one, other] = [roundTrips(plain, []), roundTrips(halved, [split(cut, "2:1")])];
      expect(other.closed.map(({ pnl }) => pnl)).toEqual(one.closed.map(({ pnl }) => pnl));
      expect(other.open.map(({ realizedPnl }) => realizedPnl)).toEqual(one.open.map(({ realizedPnl }) => realizedPnl));
    }),
  );
});
