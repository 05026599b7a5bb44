/** A session goes on only with the bars that it has used: changed days are told and refused, new ones are free. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { done, marketBuy, OWNER, time, type Stage } from "../../test/support/sessions.ts";
import { defaultConfig } from "../engine/index.ts";
import { openLocalJournal } from "../journal/index.ts";
import { cash, isRefusal, quantity, SCALE } from "../kernel/index.ts";
import { importFile, openMarket, planRemoval, removeSeries, type ImportReport, type Market } from "../market/index.ts";
import { openRegistry, type SessionHandle } from "./index.ts";

let dataDir: string;
let market: Market;
let stage: Pick<Stage, "registry" | "restart">;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "tapedeck-pins-"));
  market = await openMarket({ dataDir, sample: false });
  await take(bars("04", 10), bars("05", 10), bars("06", 10));
  const open = (): ReturnType<typeof openRegistry> =>
    openRegistry({ journal: openLocalJournal({ directory: dataDir }), market });
  const registry = await open();
  stage = {
    registry,
    restart: async () => {
      await stage.registry.close();
      stage = { ...stage, registry: await open() };
      return stage.registry;
    },
  };
});
afterEach(async () => {
  await stage.registry.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Every ten minutes of a day's regular session in March 2024, from its beginning on. */
function bars(day: string, price: number, count = 39): readonly string[] {
  const open = time(`2024-03-${day}T14:30:00Z`);
  return Array.from({ length: count }, (_, index) => {
    const at = new Date(open + index * 600_000).toISOString();
    return `${at},${price},${price},${price},${price},${1000 + index}`;
  });
}

async function take(...days: readonly (readonly string[])[]): Promise<ImportReport> {
  return takeSymbol("AAA", days);
}

async function takeSymbol(symbol: string, days: readonly (readonly string[])[]): Promise<ImportReport> {
  const path = join(dataDir, "..", `${symbol}-bars.csv`);
  writeFileSync(path, ["timestamp,open,high,low,close,volume", ...days.flat(), ""].join("\n"));
  const report = await importFile({ market, path, symbol, timeframe: "10Min", onConflict: "replace" });
  rmSync(path);
  return report;
}

async function openSession(): Promise<SessionHandle> {
  const session = await stage.registry.create(OWNER, {
    name: "pins",
    startTime: time("2024-03-05T14:30:00Z"),
    endTime: time("2024-03-28T20:00:00Z"),
    initialCash: cash(100_000n * SCALE),
    config: defaultConfig("ideal"),
  });
  if (isRefusal(session)) throw new Error(session.message);
  done(await session.execute({ kind: "open_account", initialCash: undefined, profile: "{}" }));
  return session;
}

/** Holds ten shares of AAA at noon of the fifth. */
async function atNoon(): Promise<SessionHandle> {
  const session = await openSession();
  done(await session.execute({ kind: "submit_order", account: 1, terms: marketBuy("AAA", 10n) }));
  await advance(session, "2024-03-05T17:00:00Z");
  return session;
}

const advance = async (session: SessionHandle, until: string): Promise<void> => {
  done(await session.execute({ kind: "advance", until: time(until) }));
};

const tryAdvance = (session: SessionHandle): Promise<unknown> =>
  session.execute({ kind: "advance", until: time("2024-03-06T15:00:00Z") });

const CHANGED = {
  reason: "data_changed",
  message: expect.stringMatching(/have changed: AAA 2024-03-05; import the former/) as string,
};

describe("bars that a session has used", () => {
  it("stop it when they change, reads say so, and the former ones let it go on", async () => {
    const session = await atNoon();
    await take(bars("05", 20));
    expect(await tryAdvance(session)).toMatchObject(CHANGED);
    for (const command of [
      { kind: "play" },
      { kind: "submit_order", account: 1, terms: marketBuy("AAA", 1n) },
      { kind: "close_position", account: 1, symbol: "AAA", amount: { qty: quantity(SCALE), percentage: undefined } },
    ] as const) {
      expect(await session.execute(command)).toMatchObject(CHANGED);
    }
    expect(isRefusal(await session.read(["AAA"], (view) => view.state.clock))).toBe(false);
    expect(session.changedDays).toEqual([{ symbol: "AAA", date: "2024-03-05" }]);
    // A step in which nothing happens took a short way past the check, once a read had loaded the new bars.
    expect(await session.advanceBy(60_000)).toMatchObject(CHANGED);
    await take(bars("05", 10));
    await advance(session, "2024-03-06T15:00:00Z");
    expect(session.changedDays).toEqual([]);
  });

  it("may change after the clock, before their first use, and of other symbols", async () => {
    const session = await atNoon();
    await take(bars("06", 20), bars("07", 20));
    await takeSymbol("BBB", [bars("05", 20)]);
    await advance(session, "2024-03-06T15:00:00Z");
    await take(bars("01", 7));
    await takeSymbol("BBB", [bars("05", 30)]);
    await advance(session, "2024-03-07T15:00:00Z");
    expect(session.changedDays).toEqual([]);
  });

  it("may grow on the day of the clock, but not change there", async () => {
    await take(bars("07", 10, 6));
    const session = await atNoon();
    await advance(session, "2024-03-07T15:30:00Z");
    await take(bars("07", 10));
    await advance(session, "2024-03-07T16:00:00Z");
    await take(bars("07", 11));
    expect(await session.execute({ kind: "advance", until: time("2024-03-08T15:00:00Z") })).toMatchObject({
      reason: "data_changed",
      message: expect.stringContaining("AAA 2024-03-07") as string,
    });
  });

  it("are known after a restart, during which they were changed", async () => {
    const { id } = await atNoon();
    const registry = await stage.restart();
    await take(bars("05", 20));
    const session = await registry.find(OWNER, id);
    if (session === undefined) throw new Error("The session is there.");
    expect(await tryAdvance(session)).toMatchObject(CHANGED);
  });

  it("that are gone count as changed, with every day of them", async () => {
    const session = await atNoon();
    await advance(session, "2024-03-06T17:00:00Z");
    const plan = planRemoval(market, { symbols: ["AAA"], withActions: false });
    if (isRefusal(plan)) throw new Error(plan.message);
    await removeSeries(market, plan);
    expect(await session.execute({ kind: "play" })).toMatchObject({
      message: expect.stringContaining("AAA 2024-03-04, AAA 2024-03-05, AAA 2024-03-06;") as string,
    });
  });

  it("are accepted as they are now, in the journal, and then pinned anew", async () => {
    const session = await atNoon();
    expect(done(await session.execute({ kind: "accept_data" })).events).toEqual([]);
    await take(bars("05", 20));
    expect(await tryAdvance(session)).toMatchObject(CHANGED);
    expect(done(await session.execute({ kind: "accept_data" })).events).toMatchObject([{ kind: "data_accepted" }]);
    await advance(session, "2024-03-05T18:00:00Z");
    await take(bars("05", 30));
    expect(await tryAdvance(session)).toMatchObject(CHANGED);
    done(await session.execute({ kind: "accept_data" }));
    const again = await (await stage.restart()).find(OWNER, session.id);
    if (again === undefined) throw new Error("The session is there.");
    await advance(again, "2024-03-06T15:00:00Z");
    expect(again.changedDays).toEqual([]);
  });

  it("stay pinned once a position is closed, for the days on which there was one", async () => {
    const session = await atNoon();
    const all = { qty: undefined, percentage: undefined };
    done(await session.execute({ kind: "close_position", account: 1, symbol: "AAA", amount: all }));
    await advance(session, "2024-03-06T17:00:00Z");
    await take(bars("07", 10));
    await advance(session, "2024-03-07T17:00:00Z");
    await take(bars("07", 20));
    await advance(session, "2024-03-08T17:00:00Z");
    await take(bars("05", 20));
    expect(await session.execute({ kind: "play" })).toMatchObject(CHANGED);
  });

  it("stop playback, which says why", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "performance", "Date"] });
    try {
      const session = await atNoon();
      done(await session.execute({ kind: "set_speed", speed: 60 }));
      done(await session.execute({ kind: "play" }));
      await take(bars("05", 20));
      await vi.advanceTimersByTimeAsync(5000);
      await vi.waitFor(async () => {
        expect(await session.describe()).toMatchObject({ playbackState: "paused" });
      });
      expect(session.changedDays).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });
});
