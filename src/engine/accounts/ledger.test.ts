import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cash, formatUnits, instant, parseUnits, price, quantity, valueOf } from "../../kernel/index.ts";
import type { Position } from "../state.ts";
import { book, type Booking } from "./ledger.ts";

const units = (text: string): bigint => parseUnits(text) as bigint;

function trade(before: Position | undefined, side: "buy" | "sell", qty: string, at: string): Booking {
  const shares = quantity(units(qty));
  const each = price(units(at));
  return book(before, { symbol: "X", side, qty: shares, price: each, cash: valueOf(shares, each), at: instant(0) });
}

function show({ cashChange, realized, position }: Booking): object {
  return {
    cashChange: formatUnits(cashChange),
    realized: formatUnits(realized),
    qty: formatUnits(position?.qty ?? 0n),
    average: position === undefined ? undefined : formatUnits(position.avgEntryPrice),
    cost: formatUnits(position?.costBasis ?? 0n),
  };
}

describe("the ledger", () => {
  it("averages opening fills and keeps the average when some are sold (A01, A02)", () => {
    const first = trade(undefined, "buy", "100", "10");
    const second = trade(first.position, "buy", "50", "13");
    expect(show(second)).toEqual({ cashChange: "-650", realized: "0", qty: "150", average: "11", cost: "1650" });
    const third = trade(second.position, "sell", "60", "12");
    expect(show(third)).toEqual({ cashChange: "720", realized: "60", qty: "90", average: "11", cost: "990" });
  });

  it("books a short and its cover (A03, A04)", () => {
    const short = trade(undefined, "sell", "100", "50");
    expect(show(short)).toEqual({ cashChange: "5000", realized: "0", qty: "-100", average: "50", cost: "-5000" });
    const cover = trade(short.position, "buy", "100", "48");
    expect(show(cover)).toEqual({ cashChange: "-4800", realized: "200", qty: "0", average: undefined, cost: "0" });
  });

  it("refuses to cross zero, which acceptance has made impossible", () => {
    const long = trade(undefined, "buy", "100", "20");
    expect(() => trade(long.position, "sell", "150", "22")).toThrow("a fill never crosses zero");
  });

  it("creates and destroys nothing: cash + cost = realised, whatever is traded", () => {
    const step = fc.record({ isBuy: fc.boolean(), qty: fc.bigInt(1n, 10n ** 12n), price: fc.bigInt(1n, 10n ** 12n) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let position: Position | undefined;
        let balance = 0n;
        let realized = 0n;
        for (const { isBuy, qty, price: each } of steps) {
          const held: bigint = position?.qty ?? 0n;
          const isClosing = held !== 0n && held > 0n !== isBuy;
          const size = held < 0n ? -held : held;
          const shares = quantity(isClosing && qty > size ? size : qty);
          const booking: Booking = book(position, {
            symbol: "X",
            side: isBuy ? "buy" : "sell",
            qty: shares,
            price: price(each),
            cash: valueOf(shares, price(each)),
            at: instant(0),
          });
          balance += booking.cashChange;
          realized += booking.realized;
          position = booking.position;
          expect(balance + (position?.costBasis ?? cash(0n))).toBe(realized);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
