import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  done as accepted,
  limitBuy,
  marketBuy,
  openSession,
  openStage,
  time,
  type Stage,
} from "../../../test/support/sessions.ts";
import type { EngineConfig, OrderTerms } from "../../engine/index.ts";
import { openMemoryJournal } from "../../journal/index.ts";
import { AppError, instant, isRefusal } from "../../kernel/index.ts";
import type { Journal, JournalEntry, RecordedEntry } from "../journal-port.ts";
import { openRegistry } from "../registry.ts";
import type { SessionHandle } from "../types.ts";
import { rerun, type Rerun, type RerunRequest } from "./rerun.ts";
import { WHOLE_PAST } from "./scratch-session.ts";

let stage: Stage;
let session: SessionHandle;
beforeAll(async () => {
  stage = await openStage();
  session = await openSession(stage.registry);
  for (let count = 0; count < 40; count += 1) {
    await session.execute({ kind: "submit_order", account: 1, terms: limitBuy("AAPL", 1n, 120n + BigInt(count)) });
    await session.advanceBy(600_000);
  }
});
afterAll(() => stage.clear());

const again = async (changes: Partial<RerunRequest> = {}): Promise<ReturnType<typeof rerun>> => {
  const summary = await session.describe();
  if (isRefusal(summary)) throw new Error(summary.message);
  const { lastSeq: upTo, clock } = summary;
  const wall = { timestamp: () => "", elapsedMs: () => performance.now() };
  return rerun({ journal: stage.journal, market: stage.market, wall, id: session.id, upTo, clock, ...changes });
};

const good = (run: Awaited<ReturnType<typeof rerun>>): Rerun => {
  if (isRefusal(run)) throw new Error(run.message);
  return run;
};

function recordedOf(entry: JournalEntry): RecordedEntry {
  const { codec } = stage.journal;
  const isOf: RecordedEntry["isOf"] = (events) => codec.encode({ ...entry, events }) === codec.encode(entry);
  return { seq: entry.seq, at: entry.at, command: entry.command, isOf, events: () => entry.events };
}

/** A wall clock that is late at every look. */
function lateWall(): RerunRequest["wall"] {
  let now = 0;
  return { timestamp: () => "", elapsedMs: () => (now += 30) };
}

describe("running a session again", () => {
  it("gives others a turn, and tells how far it is", async () => {
    const told: (readonly [number, number])[] = [];
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const run = good(
      await again({ wall: lateWall(), watch: { onProgress: (done, total) => told.push([done, total]) } }),
    );
    clearInterval(counting);
    expect(run.first).toBeUndefined();
    expect(told.length).toBeGreaterThan(1);
    expect(told.every(([done, total]) => done < total && total === run.entries)).toBe(true);
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).toSorted((a, b) => a - b));
    expect(turns).toBeGreaterThan(0);
  });

  it("ends early when it is told to", async () => {
    const controller = new AbortController();
    const watch = { signal: controller.signal, onProgress: () => controller.abort() };
    expect(await again({ wall: lateWall(), watch })).toMatchObject({ kind: "refusal", reason: "bad_request" });
  });

  it("finds a clock that was moved on record, and an event that was", async () => {
    const moved = (change: (entry: JournalEntry) => JournalEntry): RerunRequest["journal"] => ({
      codec: stage.journal.codec,
      async *recorded(id, fromSeq) {
        for await (const entry of stage.journal.read(id, fromSeq)) yield [recordedOf(change(entry))];
      },
    });
    const isFilled = ({ events }: JournalEntry): boolean => events.some(({ kind }) => kind === "order_filled");
    let seq = 0;
    const journal = moved((entry) => {
      if (seq > 0 || !isFilled(entry)) return entry;
      ({ seq } = entry);
      return {
        ...entry,
        events: entry.events.map((event) => ("qty" in event ? { ...event, qty: 7n } : event)) as never,
      };
    });
    const run = good(await again({ journal }));
    expect(run.first).toMatchObject({ seq, was: { qty: "0.000000007" }, now: { qty: "1" } });
    const late = moved((entry) => (entry.seq === seq ? { ...entry, at: instant(entry.at + 1) } : entry));
    expect(good(await again({ journal: late })).first).toMatchObject({ seq, was: { clock: expect.any(Number) } });
    const shorter = moved((entry) => (entry.seq === 3 ? { ...entry, events: [] } : entry));
    expect(good(await again({ journal: shorter })).first).toMatchObject({ seq: 3, index: 0, was: undefined });
  });

  it("finds a text with a hash that holds and no events in it, and takes events by value, not by text", async () => {
    const journal = (changes: Partial<RecordedEntry>): RerunRequest["journal"] => ({
      codec: stage.journal.codec,
      async *recorded(id, fromSeq) {
        for await (const entry of stage.journal.read(id, fromSeq)) yield [{ ...recordedOf(entry), ...changes }];
      },
    });
    const nothing = journal({
      isOf: () => false,
      events: () => {
        throw new Error("nothing to read");
      },
    });
    const { first, events } = good(await again({ journal: nothing }));
    expect(first).toMatchObject({ seq: 1, was: undefined, refused: expect.stringContaining("cannot be read") });
    expect(events.was).toBe(0);
    expect(good(await again({ journal: journal({ isOf: () => false }) })).first).toBeUndefined();
  });

  it("tells of what happens after the last command, where the clock went past it", async () => {
    const late = time("2023-01-31T20:00:00Z");
    const bought = await openSession(stage.registry);
    await bought.execute({ kind: "submit_order", account: 1, terms: marketBuy("AAPL", 1n) });
    const run = good(await again({ id: bought.id, upTo: 3, clock: late }));
    expect(run.first).toMatchObject({ seq: 4, command: undefined, was: undefined, now: { kind: "order_filled" } });
  });
});

describe("running a long session again", () => {
  const little = { itemsMin: 1, eventsPerLook: 1, reachMs: 86_400_000 };
  let long: SessionHandle;
  beforeAll(async () => {
    long = await openSession(stage.registry);
    const submit = (terms: OrderTerms) => long.execute({ kind: "submit_order", account: 1, terms });
    await submit({ ...limitBuy("MSFT", 1n, 1n), timeInForce: "gtc" });
    for (const [day, count] of [
      [3, 150],
      [11, 350],
    ] as const) {
      await long.execute({ kind: "advance", until: time(`2023-01-${String(day).padStart(2, "0")}T15:00:00Z`) });
      for (let made = 0; made < count; made += 1) {
        await submit(marketBuy("AAPL", 1n));
        await long.advanceBy(60_000);
      }
    }
    accepted(await long.execute({ kind: "cancel_order", account: 1, order: 1 }));
  });

  /** How often the journal was read besides. */
  async function counted(changes: Partial<RerunRequest>): Promise<{ readonly run: Rerun; readonly readings: number }> {
    let readings = 0;
    const recorded: Journal["recorded"] = (id, fromSeq) => {
      readings += 1;
      return stage.journal.recorded(id, fromSeq);
    };
    const summary = await long.describe();
    if (isRefusal(summary)) throw new Error(summary.message);
    const { id, lastSeq: upTo, clock } = summary;
    const wall = { timestamp: () => "", elapsedMs: () => 0 };
    const journal = { recorded, codec: stage.journal.codec };
    return { run: good(await again({ id, upTo, clock, wall, journal, ...changes })), readings };
  }

  it("needs little of its past in memory", async () => {
    const { run, readings } = await counted({ past: little });
    expect([run.first, run.refusedTotal, readings]).toEqual([undefined, 0, 1]);
    expect(run).toEqual((await counted({ past: WHOLE_PAST })).run);
  });

  it("begins anew with all of it where somebody asks for what was let go of", async () => {
    const config = (was: EngineConfig): EngineConfig => ({ ...was, gtcDays: 1 });
    const { run, readings } = await counted({ past: little, config });
    expect([run.first?.now, run.refusedTotal, readings]).toMatchObject([{ kind: "order_accepted" }, 1, 2]);
    expect(run).toEqual((await counted({ past: WHOLE_PAST, config })).run);
  });
});

describe("a session that played", () => {
  it("comes out the same, with what was sent while it did", async () => {
    let now = 0;
    const wall = { timestamp: () => "2024-01-01T00:00:00Z", elapsedMs: () => now };
    const journal = openMemoryJournal();
    const registry = await openRegistry({ journal, market: stage.market, wall });
    const playing = await openSession(registry);
    await playing.execute({ kind: "set_speed", speed: 3600 });
    await playing.execute({ kind: "play" });
    for (let count = 0; count < 12; count += 1) {
      now += 417.3;
      await playing.execute({ kind: "submit_order", account: 1, terms: marketBuy("AAPL", 1n) });
      now += 2211.9;
      await playing.execute(
        count % 4 === 3 ? { kind: "set_speed", speed: 3600 + count } : { kind: "cancel_all_orders", account: 1 },
      );
    }
    now += 50_000;
    await playing.execute({ kind: "update_session", name: "played", endTime: undefined });
    await playing.execute({ kind: "pause", reason: "asked" });
    const report = await registry.proof.verify(playing);
    expect(report).toMatchObject({ isProven: true, first: undefined });
    expect(isRefusal(report) ? 0 : report.events).toBeGreaterThan(30);
    await playing.execute({ kind: "play" });
    now += 1_000_000;
    await playing.advanceBy(1).catch(() => undefined);
    expect(await registry.proof.verify(playing)).toMatchObject({ isProven: true, first: undefined });
    await registry.close();
  });
});

describe("a journal that is damaged", () => {
  it("is told by verify, up to where it can be read, and refused by the rest", async () => {
    const whole = openMemoryJournal();
    let isDamaged = false;
    const journal: Journal = {
      ...whole,
      async *recorded(id, fromSeq) {
        for await (const page of whole.recorded(id, fromSeq)) {
          if (isDamaged && page[0]?.seq === 3) throw new AppError("data_directory_damaged", "damaged at entry 3");
          yield page;
        }
      },
      async *read(id, fromSeq) {
        if (isDamaged) throw new AppError("data_directory_damaged", "damaged at entry 3");
        yield* whole.read(id, fromSeq);
      },
    };
    const registry = await openRegistry({ journal, market: stage.market });
    const damaged = await openSession(registry);
    await damaged.execute({ kind: "submit_order", account: 1, terms: marketBuy("AAPL", 1n) });
    isDamaged = true;
    expect(await registry.proof.verify(damaged)).toMatchObject({
      isProven: false,
      damage: "damaged at entry 3",
      entries: 2,
      first: undefined,
    });
    const stopped = { kind: "refusal", reason: "session_stopped" };
    expect(await registry.proof.replay(damaged, {})).toMatchObject(stopped);
    expect(await registry.proof.diff(damaged, await openSession(registry))).toMatchObject({ kind: "refusal" });
    await registry.close();
  });
});
