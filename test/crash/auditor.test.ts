/** The client's record itself: a server that goes back to an older copy of its data directory is found out. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startServer } from "../support/server-process.ts";
import { createWorld, forkWorld, goBack, noteCanceled, noteOrder, type OrderJson, type World } from "./record.ts";
import { allFindings, createTrader } from "./trader.ts";

const base = mkdtempSync(join(tmpdir(), "tapedeck-auditor-"));

afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

/** Trades until each has had so many good answers more. */
async function tradeSome(
  dataDir: string,
  traders: readonly ReturnType<typeof createTrader>[],
  answers: number,
): Promise<void> {
  const server = await startServer({ dataDir });
  await Promise.all(
    traders.map((trader) => {
      const count = (): number => [...trader.counts.values()].reduce((sum, each) => sum + each, 0);
      const enough = count() + answers;
      return trader.trade(server.url, () => count() >= enough);
    }),
  );
  await server.end("SIGTERM");
}

describe("the record of a client", () => {
  it("finds lost sessions, accounts, orders, cancels, replacements, fills and clocks", async () => {
    const [dataDir, older] = [join(base, "data"), join(base, "older")];
    const namesAsked = new Set<string>();
    // Several, so that every kind of loss is among them.
    const traders = [7, 11, 23].map((seed) => createTrader({ seed, namesAsked, hands: 1 }));
    await tradeSome(dataDir, traders, 150);
    cpSync(dataDir, older, { recursive: true });
    await tradeSome(dataDir, traders, 500);
    const server = await startServer({ dataDir: older });
    const options = { mayLoseClock: false, isRestarted: true, isThorough: true, namesAsked };
    const found = (await allFindings(server.url, traders, options)).join("\n");
    await server.end("SIGTERM");
    for (const loss of [/session \S+ \(\S+\) is lost/, /order \S+ is lost/, /cancel of \S+ is lost/, /the clock is/])
      expect(found).toMatch(loss);
    for (const loss of [/replacement of \S+ is lost/, /fill of \S+ is lost/, /in the list 0 times/])
      expect(found).toMatch(loss);
  });

  it("goes back with a rewind: what was later is to be gone, what may have been later is not known any more", () => {
    const world = worldWithOrders();
    goBack(world, Date.parse("2023-01-03T15:00:00Z"));
    expect([...world.orders.keys()]).toEqual(["early", "seen-canceled", "canceled"]);
    expect([...world.ordersGone]).toEqual(["late"]);
    expect(world.orders.get("seen-canceled")?.canceledAt).toBe(Date.parse("2023-01-03T14:50:00Z"));
    expect(world.orders.get("canceled")?.canceledAt).toBeUndefined();
    expect([...world.orders.values()].map(({ filledQty }) => filledQty)).toEqual([0, 0, 0]);
    expect(world.clock).toBe(Date.parse("2023-01-03T15:00:00Z"));
  });

  it("forks: the source keeps all, the fork has the past under ids of its own", () => {
    const source = worldWithOrders();
    const fork = forkWorld(source, { name: "fork", session: "other", at: Date.parse("2023-01-03T15:00:00Z") });
    expect([...source.orders.keys()]).toEqual(["early", "seen-canceled", "canceled", "late"]);
    expect(source.orders.get("early")?.id).toBe("id of early");
    expect([...fork.orders.keys()]).toEqual(["early", "seen-canceled", "canceled"]);
    expect(fork.orders.get("early")?.id).toBeUndefined();
  });
});

function worldWithOrders(): World {
  const world = createWorld({ name: "source", session: "one", clock: Date.parse("2023-01-03T14:30:00Z") });
  const told = (id: string, at: string, canceledAt: string | null = null): OrderJson => ({
    id: `id of ${id}`,
    client_order_id: id,
    created_at: `2023-01-03T${at}:00Z`,
    canceled_at: canceledAt === null ? null : `2023-01-03T${canceledAt}:00Z`,
    replaced_at: null,
    replaced_by: null,
    filled_at: null,
    symbol: "AAPL",
    side: "buy",
    qty: "2",
    filled_qty: "1",
    limit_price: null,
    status: "new",
  });
  noteOrder(world, "1", told("early", "14:40"));
  noteOrder(world, "1", told("seen-canceled", "14:45", "14:50"));
  noteCanceled(noteOrder(world, "1", told("canceled", "15:00")));
  noteOrder(world, "1", told("late", "15:01"));
  return world;
}
