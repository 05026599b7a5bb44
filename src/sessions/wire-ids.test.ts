import { describe, expect, it } from "vitest";
import type { Epoch } from "./journal-port.ts";
import { createWireIds } from "./wire-ids.ts";

const SESSION = "7f2d7f7e-3f53-4b52-9b52-0d7a3c1c7f10";

function idsOf(count: { orders: number; epochs: readonly Epoch[] }) {
  return createWireIds(SESSION, { accounts: () => 3, orders: () => count.orders, epochs: () => count.epochs });
}

describe("ids on the wire", () => {
  it("are found again, in any case, however many there are, and only while they are there", () => {
    const count = { orders: 10_000, epochs: [] };
    const ids = idsOf(count);
    const all = Array.from({ length: count.orders }, (_, index) => ids.order(index + 1));
    expect(new Set(all).size).toBe(count.orders);
    for (const ordinal of [1, 2, 4096, 4097, 9999, 10_000]) {
      expect(ids.findOrder(all[ordinal - 1]?.toUpperCase() ?? "")).toBe(ordinal);
    }
    expect([ids.findOrder(ids.order(10_001)), ids.findOrder(ids.account(1)), ids.findOrder("none")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    count.orders = 10_001;
    expect(ids.findOrder(ids.order(10_001))).toBe(10_001);
    count.orders = 5;
    expect([ids.findOrder(all[4] ?? ""), ids.findOrder(all[5] ?? "")]).toEqual([5, undefined]);
  });

  it("never come back after a rewind: what stays keeps its id, what is new has another", () => {
    const count: { orders: number; epochs: readonly Epoch[] } = { orders: 10, epochs: [] };
    const ids = idsOf(count);
    const before = Array.from({ length: 10 }, (_, index) => ids.order(index + 1));
    expect(ids.findOrder(before[7] ?? "")).toBe(8);
    count.epochs = [{ epoch: 1, account: 4, order: 6 }];
    ids.forget();
    const after = Array.from({ length: 10 }, (_, index) => ids.order(index + 1));
    expect(after.slice(0, 5)).toEqual(before.slice(0, 5));
    expect(before.slice(5).some((id) => after.includes(id))).toBe(false);
    expect([ids.findOrder(before[7] ?? ""), ids.findOrder(after[7] ?? "")]).toEqual([undefined, 8]);
    count.epochs = [...count.epochs, { epoch: 2, account: 4, order: 3 }];
    ids.forget();
    expect(ids.order(2)).toBe(before[1]);
    expect([...before, ...after]).not.toContain(ids.order(6));
  });
});
