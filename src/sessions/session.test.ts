import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  done,
  limitBuy,
  marketBuy,
  openSession,
  openStage,
  OWNER,
  time,
  type Stage,
} from "../../test/support/sessions.ts";
import type { EngineEvent, Order, State } from "../engine/index.ts";
import { openMemoryJournal } from "../journal/index.ts";
import { AppError, formatInstant, isRefusal, type Refusal } from "../kernel/index.ts";
import type { Journal, Outcome, SessionHandle } from "./index.ts";
import { Session } from "./session.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => {
  stage.clear();
});
afterEach(() => {
  vi.useRealTimers();
});

const MINUTE = 60_000;

const submit = (session: SessionHandle, terms = marketBuy("AAPL", 10n)): Promise<Outcome | Refusal> =>
  session.execute({ kind: "submit_order", account: 1, terms });

async function stateOf(session: SessionHandle): Promise<State> {
  const state = await session.read([], (view) => view.state);
  if (isRefusal(state)) throw new Error(state.message);
  return state;
}

const clockOf = async (session: SessionHandle): Promise<string> => formatInstant((await stateOf(session)).clock);
const orderOf = async (session: SessionHandle): Promise<Order | undefined> => (await stateOf(session)).orders.get(0);
const kinds = (events: readonly EngineEvent[]): readonly string[] => events.map((event) => event.kind);

describe("a session", () => {
  it("fills a market order at the open of the first bar that begins at its time, with slippage", async () => {
    const session = await openSession(stage.registry);
    expect(kinds(done(await submit(session)).events)).toEqual(["order_accepted", "order_opened"]);
    const [fill] = done(await session.advanceBy(MINUTE)).events;
    const page = await session.bars({
      symbol: "AAPL",
      timeframe: "1Min",
      start: time("2023-01-03T14:30:00Z"),
      end: undefined,
      limit: 1,
      after: undefined,
    });
    const open = isRefusal(page) ? 0 : (page.bars[0]?.open ?? 0);
    const wanted = BigInt(Math.round(open * 100 + Math.max(1, Math.ceil(open / 100)))) * 10_000_000n;
    expect(fill).toMatchObject({ kind: "order_filled", at: time("2023-01-03T14:30:00Z"), rule: "open", price: wanted });
    expect((await stateOf(session)).accounts[0]?.cash).toBe(100_000n * 1_000_000_000n - wanted * 10n);
  });

  it("moves nothing for a time in the past, and says where the clock is", async () => {
    const session = await openSession(stage.registry);
    const refusal = await session.execute({ kind: "advance", until: time("2023-01-03T14:29:00Z") });
    expect(refusal).toMatchObject({
      reason: "bad_request",
      message: expect.stringContaining("2023-01-03T14:30:00Z") as string,
    });
    expect(await clockOf(session)).toBe("2023-01-03T14:30:00Z");
  });

  it("clamps an advance to its end, completes, takes no commands but an extension, and goes on after it", async () => {
    const session = await openSession(stage.registry);
    await submit(session, limitBuy("AAPL", 1n, 1n));
    const end = done(await session.execute({ kind: "advance", until: time("2024-01-01T00:00:00Z") }));
    expect(kinds(end.events)).toEqual(["session_completed"]);
    expect(await clockOf(session)).toBe("2023-01-31T21:00:00Z");
    for (const refused of [
      await session.advanceBy(MINUTE),
      await session.execute({ kind: "play" }),
      await submit(session),
    ]) {
      expect(refused).toMatchObject({ reason: "bad_request", message: "simulation has completed" });
    }
    const back = await session.execute({
      kind: "update_session",
      name: undefined,
      endTime: time("2023-01-30T00:00:00Z"),
    });
    expect(back).toMatchObject({ reason: "bad_request" });
    done(await session.execute({ kind: "update_session", name: "longer", endTime: time("2023-02-10T00:00:00Z") }));
    expect(await stateOf(session)).toMatchObject({ status: "active", name: "longer" });
    done(await session.advanceBy(MINUTE));
    expect(await orderOf(session)).toMatchObject({ status: "new" });
  });

  it("steps through a quiet year without growing its journal, and keeps its clock", async () => {
    const session = await openSession(stage.registry);
    const before = await stage.journal.find(session.id);
    for (let step = 0; step < 20; step += 1) done(await session.advanceBy(MINUTE));
    const after = await stage.journal.find(session.id);
    expect([after?.lastSeq, after?.lastHash]).toEqual([before?.lastSeq, before?.lastHash]);
    expect(formatInstant(after?.clock ?? time("2023-01-01T00:00:00Z"))).toBe("2023-01-03T14:50:00Z");
  });

  it("is the same after a restart: state, ids, clock, and what comes next", async () => {
    const [one, two] = [await openSession(stage.registry), await openSession(stage.registry)];
    for (const session of [one, two]) {
      await submit(session);
      await submit(session, limitBuy("MSFT", 5n, 235n));
      done(await session.advanceBy(90 * MINUTE));
      done(await session.advanceBy(1234));
    }
    const before = structuredClone(await stateOf(one));
    const reopened = await (await stage.restart()).find(OWNER, one.id);
    if (reopened === undefined) throw new Error("the session is there");
    expect(await stateOf(reopened)).toEqual(before);
    expect(await reopened.read([], (view) => view.ids.order(2))).toBe(await one.read([], (view) => view.ids.order(2)));
    done(await reopened.advanceBy(3 * 24 * 60 * MINUTE));
    done(await two.advanceBy(3 * 24 * 60 * MINUTE));
    expect(await stateOf(reopened)).toEqual(await stateOf(two));
  });

  it("lets go of its bars after a minute of silence, and goes on as if it had not", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    const other = await openStage();
    const session = await openSession(other.registry);
    done(await submit(session));
    if (!(session instanceof Session)) throw new Error("the registry makes sessions");
    expect(session.rest(60_000)).toBe(false);
    await vi.advanceTimersByTimeAsync(130_000);
    expect(session.rest(0)).toBe(false);
    expect(kinds(done(await session.advanceBy(MINUTE)).events)).toEqual(["order_filled"]);
    expect(session.rest(0)).toBe(true);
    await other.registry.close();
    other.clear();
  });

  it("belongs to its owner: to others it is not there", async () => {
    const session = await openSession(stage.registry);
    expect(await stage.registry.find("someone else", session.id)).toBeUndefined();
    expect(await stage.registry.delete("someone else", session.id)).toBe(false);
    expect(await stage.registry.find(OWNER, "no such id")).toBeUndefined();
    expect(await stage.registry.delete(OWNER, session.id)).toBe(true);
    expect(await stage.registry.delete(OWNER, session.id)).toBe(false);
    expect(await stage.registry.find(OWNER, session.id)).toBeUndefined();
    const gone = { reason: "not_found" };
    expect(await session.execute({ kind: "play" })).toMatchObject(gone);
    expect(await session.read([], (view) => view.state)).toMatchObject(gone);
    expect(await session.describe()).toMatchObject(gone);
  });

  it("lets another session work while a long advance of many events runs", async () => {
    const busy = await openSession(stage.registry);
    for (let count = 0; count < 300; count += 1) await submit(busy, marketBuy("AAPL", 1n));
    const quick = await openSession(stage.registry);
    let isBusyDone = false;
    const long = busy.advanceBy(20 * 24 * 60 * MINUTE).then(() => (isBusyDone = true));
    done(await quick.advanceBy(MINUTE));
    expect([isBusyDone, await long]).toEqual([expect.any(Boolean), true]);
  });

  it("refuses spans that run backwards or leave the calendar, and takes one without data", async () => {
    const create = (startTime: string, endTime: string): ReturnType<typeof stage.registry.create> =>
      stage.registry.create(OWNER, {
        name: undefined,
        startTime: time(startTime),
        endTime: time(endTime),
        initialCash: 0n as never,
        config: {} as never,
      });
    expect(await create("2023-01-04T00:00:00Z", "2023-01-03T00:00:00Z")).toMatchObject({
      message: expect.stringContaining("startTime must be before endTime") as string,
    });
    expect(await create("1980-01-04T00:00:00Z", "1980-02-03T00:00:00Z")).toMatchObject({
      message: expect.stringContaining("exchange calendar") as string,
    });
  });
});

/** A journal whose disk fails when it is told to. */
function failingJournal(): Journal & { isBroken: boolean } {
  const inner = openMemoryJournal();
  const journal = {
    ...inner,
    isBroken: false,
    append: (...args: Parameters<Journal["append"]>): Promise<void> => {
      if (journal.isBroken) return Promise.reject(new AppError("journal_unavailable", "disk full"));
      return inner.append(...args);
    },
  };
  return journal;
}

describe("when the journal says no", () => {
  it("nothing half done is ever seen: the state is what the journal holds, and work goes on when the disk is back", async () => {
    const journal = failingJournal();
    const other = await openStage(journal);
    const session = await openSession(other.registry);
    done(await submit(session));
    const before = structuredClone(await stateOf(session));
    journal.isBroken = true;
    await expect(session.advanceBy(MINUTE)).rejects.toMatchObject({ code: "journal_unavailable" });
    await expect(submit(session)).rejects.toMatchObject({ code: "journal_unavailable" });
    expect(await stateOf(session)).toEqual(before);
    journal.isBroken = false;
    expect(kinds(done(await session.advanceBy(MINUTE)).events)).toEqual(["order_filled"]);
    other.clear();
  });

  it("a damaged journal fails its session and only that: reads go on, commands are refused with the reason", async () => {
    const inner = openMemoryJournal();
    let damaged = "";
    const journal: Journal = {
      ...inner,
      read: async function* read(id, fromSeq) {
        for await (const entry of inner.read(id, fromSeq)) {
          if (id === damaged && entry.seq === 3)
            throw new AppError("data_directory_damaged", `journal entry 3 of session ${id} is damaged`);
          yield entry;
        }
      },
    };
    const other = await openStage(journal);
    const [bad, good] = [await openSession(other.registry), await openSession(other.registry)];
    for (const session of [bad, good]) done(await submit(session));
    damaged = bad.id;
    const registry = await other.restart();
    const [badAgain, goodAgain] = [await registry.find(OWNER, bad.id), await registry.find(OWNER, good.id)];
    if (badAgain === undefined || goodAgain === undefined) throw new Error("both are there");
    expect(
      await badAgain.read([], (view) => [view.status, view.state.accounts.length, view.state.orders.length]),
    ).toEqual(["failed", 1, 0]);
    expect(await submit(badAgain)).toMatchObject({
      reason: "session_stopped",
      message: expect.stringContaining("entry 3") as string,
    });
    expect(isRefusal(await submit(goodAgain))).toBe(false);
    const { sessions } = await registry.list(OWNER, { limit: 10, after: undefined });
    expect(sessions.map((summary) => summary.status)).toEqual(["active", "failed"]);
    other.clear();
  });
});

describe("playback", () => {
  it.each([1, 60, 3600])(
    "at speed %i moves the clock that many seconds a second, and pauses at an exact, journaled time",
    async (speed) => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
      const session = await openSession(stage.registry);
      done(await submit(session));
      done(await session.execute({ kind: "set_speed", speed }));
      const start = (await stateOf(session)).clock;
      done(await session.execute({ kind: "play" }));
      await vi.advanceTimersByTimeAsync(10_000);
      const paused = done(await session.execute({ kind: "pause", reason: "asked" }));
      const moved = paused.view.state.clock - start;
      expect(Math.abs(moved / (10_000 * speed) - 1)).toBeLessThan(0.01);
      expect(await orderOf(session)).toMatchObject({ status: "filled" });
      expect((await stage.journal.find(session.id))?.clock).toBe(paused.view.state.clock);
      await vi.advanceTimersByTimeAsync(5000);
      expect((await stateOf(session)).clock).toBe(paused.view.state.clock);
    },
  );

  it("succeeds and changes nothing where it is there already", async () => {
    const session = await openSession(stage.registry);
    expect(done(await session.execute({ kind: "pause", reason: "asked" })).events).toEqual([]);
    done(await session.execute({ kind: "play" }));
    expect(done(await session.execute({ kind: "play" })).events).toEqual([]);
    done(await session.execute({ kind: "pause", reason: "asked" }));
  });

  it("completes and pauses at the end, and is serial with an advance by hand", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const session = await openSession(stage.registry);
    done(await session.execute({ kind: "set_speed", speed: 86_400 }));
    done(await session.execute({ kind: "play" }));
    await vi.advanceTimersByTimeAsync(1000);
    const day = await clockOf(session);
    expect(day.slice(0, 10)).toBe("2023-01-04");
    done(await session.advanceBy(24 * 60 * MINUTE));
    await vi.advanceTimersByTimeAsync(1000);
    expect((await clockOf(session)).slice(0, 10)).toBe("2023-01-06");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await stateOf(session)).toMatchObject({ status: "completed", playback: { isPlaying: false } });
  });

  it("is paused at its last journaled time after a restart", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const session = await openSession(stage.registry);
    done(await session.execute({ kind: "play" }));
    await vi.advanceTimersByTimeAsync(3000);
    const clock = await clockOf(session);
    const reopened = await (await stage.restart()).find(OWNER, session.id);
    vi.useRealTimers();
    if (reopened === undefined) throw new Error("the session is there");
    expect((await stateOf(reopened)).playback.isPlaying).toBe(false);
    expect(await clockOf(reopened)).toBe(clock);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001])("refuses a speed of %d", async (speed) => {
    const session = await openSession(stage.registry);
    expect(await session.execute({ kind: "set_speed", speed })).toMatchObject({
      reason: "bad_request",
      message: expect.stringContaining("speed must be a number > 0") as string,
    });
  });
});

describe("a damaged summary row", () => {
  it("neither hides the list nor fails its session: what it told is read from the journal", async () => {
    const inner = openMemoryJournal();
    let damaged = "";
    const spoil = <T extends { readonly id: string }>(row: T): T =>
      row.id === damaged ? { ...row, config: "{}" } : row;
    const journal: Journal = {
      ...inner,
      find: async (id) => {
        const row = await inner.find(id);
        return row === undefined ? undefined : spoil(row);
      },
      list: async (owner, page) => {
        const { sessions, next } = await inner.list(owner, page);
        return { sessions: sessions.map(spoil), next };
      },
    };
    const other = await openStage(journal);
    const [bad, good] = [await openSession(other.registry), await openSession(other.registry)];
    const { config } = await stateOf(bad);
    damaged = bad.id;
    const { sessions } = await (await other.restart()).list(OWNER, { limit: 10, after: undefined });
    expect(sessions.map((row) => [row.id, row.status, JSON.parse(row.config)])).toEqual([
      [good.id, "active", config],
      [bad.id, "active", config],
    ]);
    other.clear();
  });
});
