/** Worked examples of corporate actions, to the cent: splits and cash dividends. */
import { describe, expect, it } from "vitest";
import { lessDividend, splitPrice } from "../../src/engine/corporate-actions/orders.ts";
import { formatUnits, price, type CivilDate, type Split } from "../../src/kernel/index.ts";
import { flat, openDesk, SYMBOL } from "./accounting-desk.ts";
import { units } from "./golden-values.ts";

describe("splits", () => {
  const split = (oldRate: string, newRate: string): Split => ({
    type: "split",
    symbol: SYMBOL,
    exDate: "2024-03-06" as CivilDate,
    oldRate: units(oldRate),
    newRate: units(newRate),
  });
  const night = { from: "2024-03-05 10:00", to: "2024-03-07 16:00" };

  it.each([
    ["A07", "1", "4", { qty: "50", avg: "1200" }, { qty: "200", avg: "300", cost: "60000" }],
    ["A12 (forward kept)", "2", "3", { qty: "151", avg: "60" }, { qty: "226.5", avg: "40", cost: "9060" }],
  ] as const)("%s: %s for %s", (_name, oldRate, newRate, holding, after) => {
    const desk = openDesk({
      ...night,
      bars: [flat("2024-03-05 15:59", 60)],
      holding,
      actions: [split(oldRate, newRate)],
    });
    desk.to("2024-03-06 09:00");
    expect(desk.position()).toEqual(after);
    expect(desk.cash()).toBe("100000");
  });

  it("A11: what is not fractionable is paid in cash at the last price over the ratio", () => {
    const desk = openDesk({
      ...night,
      bars: [flat("2024-03-05 15:59", 60)],
      holding: { qty: "151", avg: "60" },
      actions: [split("2", "3")],
      traits: { isFractionable: false },
    });
    desk.to("2024-03-06 09:00");
    expect(desk.position()?.qty).toBe("226");
    expect(desk.cash()).toBe("100020");
  });

  it("A12: a reverse split pays fractions in cash, books their cost, and cancels open orders", () => {
    const desk = openDesk({
      ...night,
      bars: [flat("2024-03-05 15:59", 1.5)],
      holding: { qty: "105", avg: "2" },
      actions: [split("10", "1")],
    });
    desk.order({ side: "sell", qty: "5", limit: "3", tif: "gtc" });
    desk.to("2024-03-06 09:00");
    expect(desk.position()).toEqual({ qty: "10", avg: "20", cost: "200" });
    expect([desk.cash(), desk.realized()]).toEqual(["100007.5", "-2.5"]);
    expect(desk.run.state.orders.get(0)).toMatchObject({ status: "canceled", reason: "corporate_action" });
  });

  it.each([
    ["A08", "1400", "1", "4", "350"],
    ["A09", "101.01", "1", "2", "50.5"],
    ["A10", "100", "2", "3", "66.66"],
  ])("%s: a price of %s becomes, %s for %s, %s", (_name, before, oldRate, newRate, after) => {
    const ratio = { oldRate: units(oldRate), newRate: units(newRate) };
    expect(formatUnits(splitPrice(price(units(before)), ratio))).toBe(after);
  });

  it.each([
    ["A08", "sell", "50", "1400", ["1", "4"], ["200", "350"]],
    ["A09", "buy", "10", "101.01", ["1", "2"], ["20", "50.5"]],
    ["A10", "buy", "150", "100", ["2", "3"], ["225", "66.66"]],
  ] as const)("%s: an open order is restated", (_name, side, qty, limit, [oldRate, newRate], after) => {
    const desk = openDesk({
      ...night,
      bars: [flat("2024-03-05 15:59", 1300)],
      cash: 1_000_000n,
      holding: side === "sell" ? { qty: "50", avg: "1200" } : { qty: "1", avg: "1200" },
      actions: [split(oldRate, newRate)],
    });
    desk.order({ side, qty, limit, tif: "gtc" });
    desk.to("2024-03-06 09:00");
    const order = desk.run.state.orders.get(0);
    expect([formatUnits(order?.qty ?? 0n), formatUnits(order?.limitPrice ?? 0n)]).toEqual(after);
  });
});

describe("cash dividends", () => {
  const dividend = {
    type: "cash_dividend",
    symbol: SYMBOL,
    exDate: "2024-02-09" as CivilDate,
    recordDate: undefined,
    payDate: "2024-02-15" as CivilDate,
    cashPerShare: price(units("0.24")),
  } as const;
  const bars = [flat("2024-02-08 15:59", 180), flat("2024-02-09 09:30", 179), flat("2024-02-09 09:31", 179)];
  const span = { from: "2024-02-08 15:00", to: "2024-02-20 16:00", bars, actions: [dividend] };

  it.each([
    ["A13", "300", "100072"],
    ["A14", "-300", "99928"],
  ])("%s: %s shares", (_name, qty, after) => {
    const desk = openDesk({ ...span, holding: { qty, avg: "180" } });
    desk.to("2024-02-14 20:00");
    expect(desk.cash()).toBe("100000");
    desk.to("2024-02-15 16:00");
    expect(desk.cash()).toBe(after);
    const entries = desk.run.events.filter((event) => event.kind === "account_entry");
    expect(entries).toMatchObject([{ entry: "DIV", subType: "CDIV" }]);
  });

  it("A15: who sells on the ex-date is still paid; A16: who buys then is not", () => {
    const seller = openDesk({ ...span, holding: { qty: "300", avg: "180" } });
    seller.to("2024-02-09 09:00");
    seller.order({ side: "sell", qty: "300" });
    seller.to("2024-02-16 16:00");
    expect(seller.cash()).toBe(String(100_000 + 300 * 179 + 72));
    const buyer = openDesk(span);
    buyer.to("2024-02-09 09:00");
    buyer.order({ qty: "300" });
    buyer.to("2024-02-16 16:00");
    expect(buyer.cash()).toBe(String(100_000 - 300 * 179));
  });

  it.each([
    ["100", "0.245", "99.75"],
    ["95", "0.245", "94.75"],
    ["100", "0.24", "99.76"],
  ])("A28: a price of %s less %s is %s", (before, each, after) => {
    expect(formatUnits(lessDividend(price(units(before)), price(units(each))) ?? 0n)).toBe(after);
  });

  it("A28: buy limits and sell stops lose it, sell limits stay", () => {
    const desk = openDesk({ ...span, holding: { qty: "300", avg: "180" } });
    desk.order({ side: "sell", qty: "100", stop: "95", type: "stop", tif: "gtc" });
    desk.order({ side: "sell", qty: "100", limit: "210", tif: "gtc" });
    desk.to("2024-02-09 09:00");
    const prices = [...desk.run.state.orders].map((order) => formatUnits(order.limitPrice ?? order.stopPrice ?? 0n));
    expect(prices).toEqual(["94.76", "210"]);
  });
});
