import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { done, limitBuy, openSession, openStage, OWNER, time, type Stage } from "../../test/support/sessions.ts";
import { isRefusal } from "../kernel/index.ts";
import { OpenSessions } from "./open-sessions.ts";
import type { Session } from "./session.ts";
import type { SessionHandle } from "./index.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => {
  stage.clear();
});

/** Sessions of the stage, in a store of the test's own. */
function openStore(bytesMax: number): { store: OpenSessions; loads: string[] } {
  const loads: string[] = [];
  const load = async (id: string): Promise<Session | undefined> => {
    loads.push(id);
    return (await (await stage.restart()).find(OWNER, id)) as Session | undefined;
  };
  return { store: new OpenSessions({ load, bytesMax }), loads };
}

async function seen(session: SessionHandle | undefined): Promise<unknown> {
  const read = await session?.read([], ({ state }) => [
    state.clock,
    state.accounts[0]?.cash,
    [...state.orders].map(({ status, filledQty }) => [status, filledQty]),
  ]);
  return isRefusal(read) ? read.message : read;
}

async function trade(session: SessionHandle): Promise<void> {
  done(await session.execute({ kind: "submit_order", account: 1, terms: limitBuy("AAPL", 10n, 200n) }));
  done(await session.execute({ kind: "advance", until: time("2023-01-03T15:00:00Z") }));
  done(await session.execute({ kind: "submit_order", account: 1, terms: limitBuy("AAPL", 1n, 1n) }));
}

describe("sessions in memory", () => {
  it("are let go of under their budget, those that were not used for longest first, and come back as they were", async () => {
    const ids: string[] = [];
    const wanted: unknown[] = [];
    for (let count = 0; count < 3; count += 1) {
      const session = await openSession(stage.registry);
      await trade(session);
      ids.push(session.id);
      wanted.push(await seen(session));
    }
    const { store, loads } = openStore(40_000);
    for (const id of ids) await store.open(id);
    await store.open(ids[0] ?? "");
    await store.sweep(0);
    expect([...store.all()].map(({ id }) => id)).toEqual([ids[0]]);
    for (const [index, id] of ids.entries()) expect(await seen(await store.open(id))).toEqual(wanted[index]);
    expect(loads.length).toBeLessThanOrEqual(5);
    await store.close();
  });

  it("stay while they play, while somebody listens, and while they are used", async () => {
    const [playing, followed, used] = [
      await openSession(stage.registry),
      await openSession(stage.registry),
      await openSession(stage.registry),
    ];
    const { store } = openStore(0);
    for (const { id } of [playing, followed, used]) await store.open(id);
    const [a, b] = [await store.open(playing.id), await store.open(followed.id)];
    await a?.execute({ kind: "play" });
    await b?.follow(() => ({
      wantsBars: () => false,
      applied: () => undefined,
      discarded: () => undefined,
      published: () => undefined,
      settled: () => undefined,
      ended: () => undefined,
      rewound: () => undefined,
      writers: () => 0,
    }));
    await store.sweep(60_000);
    expect([...store.all()]).toHaveLength(3);
    await store.sweep(0);
    expect([...store.all()].map(({ id }) => id).toSorted()).toEqual([playing.id, followed.id].toSorted());
    await store.close();
  });

  it("are never two of one: whoever still holds one that was let go of has the same one", async () => {
    const { id } = await openSession(stage.registry);
    const { store } = openStore(0);
    const held = await store.open(id);
    await store.sweep(0);
    expect([...store.all()]).toEqual([]);
    done(await (held as SessionHandle).advanceBy(60_000));
    expect(await store.open(id)).toBe(held);
    expect(await store.remove(id)).toBe(held);
    await store.close();
  });
});
