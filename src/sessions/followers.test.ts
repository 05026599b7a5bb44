/** Following a session: what is told, in which order, and what it costs the session. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { done, limitBuy, marketBuy, openSession, openStage, time, type Stage } from "../../test/support/sessions.ts";
import { formatInstant, instant, isRefusal, MINUTE_MS } from "../kernel/index.ts";
import type { EndedBar, Follower, Following, News, SessionHandle } from "./index.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => {
  stage.clear();
});

interface Told {
  readonly applied: string[];
  readonly news: News[];
  readonly ends: string[];
  discarded: number;
}

async function follow(session: SessionHandle, more: Partial<Follower> = {}): Promise<Told & Following> {
  const told: Told = { applied: [], news: [], ends: [], discarded: 0 };
  const following = await session.follow(() => ({
    wantsBars: () => false,
    applied: (event, view) => {
      const order = "order" in event ? view.state.orders.get(event.order - 1) : undefined;
      told.applied.push(`${event.kind} ${order?.status ?? ""}`.trim());
    },
    discarded: () => {
      told.discarded += 1;
    },
    published: (news) => {
      told.news.push({ ...news });
    },
    settled: () => undefined,
    ended: (why) => {
      told.ends.push(why);
    },
    rewound: ({ clock }) => {
      told.ends.push(`back to ${clock}`);
    },
    writers: () => 0,
    ...more,
  }));
  if (isRefusal(following)) throw new Error(following.message);
  return Object.assign(told, following);
}

async function barsOf(bars: AsyncIterable<readonly EndedBar[]>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of bars) {
    for (const { symbol, bar } of page) found.push(`${formatInstant(bar.end)} ${symbol}`);
  }
  return found;
}

describe("a follower", () => {
  it("sees each event with the session as it was right after it, and news of whole commands", async () => {
    const session = await openSession(stage.registry);
    const told = await follow(session);
    done(await session.execute({ kind: "submit_order", account: 1, terms: marketBuy("AAPL", 10n) }));
    done(await session.advanceBy(MINUTE_MS));
    done(await session.advanceBy(MINUTE_MS));
    expect(told.applied).toEqual(["order_accepted accepted", "order_opened new", "order_filled filled"]);
    expect(told.news.map(({ seq, events, command }) => [seq, command.kind, events.length])).toEqual([
      [told.seq + 1, "submit_order", 2],
      [told.seq + 2, "advance", 1],
      [undefined, "advance", 0],
    ]);
    expect(told.news.map(({ from, to }) => to - from)).toEqual([0, MINUTE_MS, MINUTE_MS]);
  });

  it("is told before the command is answered, and waited for if it wants to be", async () => {
    const session = await openSession(stage.registry);
    const order: string[] = [];
    await follow(session, {
      published: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push("told");
      },
    });
    await session.advanceBy(MINUTE_MS);
    order.push("answered");
    await session.execute({ kind: "submit_order", account: 1, terms: limitBuy("AAPL", 1n, 1n) });
    order.push("answered");
    expect(order).toEqual(["told", "answered", "told", "answered"]);
  });

  it("hears nothing any more once it has stopped, or the session is deleted", async () => {
    const session = await openSession(stage.registry);
    const [first, second] = [await follow(session), await follow(session)];
    first.stop();
    done(await session.advanceBy(MINUTE_MS));
    expect([first.news.length, second.news.length]).toEqual([0, 1]);
    await stage.registry.delete("tester", session.id);
    expect([first.ends, second.ends]).toEqual([[], ["deleted"]]);
  });

  it("hears nothing of a refused command", async () => {
    const session = await openSession(stage.registry);
    const told = await follow(session);
    const refused = await session.execute({
      kind: "submit_order",
      account: 1,
      terms: limitBuy("AAPL", 1_000_000n, 100n),
    });
    expect(isRefusal(refused)).toBe(true);
    expect([told.applied, told.news]).toEqual([[], []]);
  });
});

describe("ended bars", () => {
  const from = time("2023-01-03T14:31:00Z");

  it("come by their end, then by symbol, each once, whatever the stretches", async () => {
    const session = await openSession(stage.registry);
    done(await session.advanceBy(5 * MINUTE_MS));
    const whole = await barsOf(
      session.endedBars({ symbols: ["MSFT", "AAPL"], from: from, until: time("2023-01-03T14:35:00Z") }),
    );
    expect(whole.slice(0, 4)).toEqual([
      "2023-01-03T14:32:00Z AAPL",
      "2023-01-03T14:32:00Z MSFT",
      "2023-01-03T14:33:00Z AAPL",
      "2023-01-03T14:33:00Z MSFT",
    ]);
    const parts: string[] = [];
    for (let at = from; at < time("2023-01-03T14:35:00Z"); at = instant(at + 7_000)) {
      const until = instant(Math.min(at + 7_000, time("2023-01-03T14:35:00Z")));
      parts.push(...(await barsOf(session.endedBars({ symbols: ["MSFT", "AAPL"], from: at, until: until }))));
    }
    expect(parts).toEqual(whole);
  });

  it("end with the clock, whatever is asked", async () => {
    const session = await openSession(stage.registry);
    done(await session.advanceBy(3 * MINUTE_MS - 1));
    const bars = await barsOf(
      session.endedBars({ symbols: ["AAPL"], from: from, until: time("2023-01-05T00:00:00Z") }),
    );
    expect(bars).toEqual(["2023-01-03T14:32:00Z AAPL"]);
  });

  it("of an unknown symbol are none", async () => {
    const session = await openSession(stage.registry);
    done(await session.advanceBy(3 * MINUTE_MS));
    expect(
      await barsOf(session.endedBars({ symbols: ["NOPE"], from: from, until: time("2023-01-05T00:00:00Z") })),
    ).toEqual([]);
  });
});

describe("advancing until something happens", () => {
  const OPEN = time("2023-01-03T14:30:00Z");

  it.each([
    ["a fill at the open: a millisecond past it", { kind: "next_fill" }, OPEN + 1, true],
    ["an order event", { kind: "next_order_event" }, OPEN + 1, true],
    ["the end of the running bar", { kind: "next_bar", symbol: "AAPL" }, OPEN + MINUTE_MS, true],
    ["a close", { kind: "next_close" }, time("2023-01-03T21:00:00Z"), true],
    ["an open", { kind: "next_open" }, time("2023-01-04T14:30:00Z"), true],
    ["a time", { kind: "time", at: time("2023-01-03T15:00:00Z") }, time("2023-01-03T15:00:00Z"), true],
    ["a bar of a symbol without any", { kind: "next_bar", symbol: "NOPE" }, time("2023-01-03T21:00:00Z"), false],
  ] as const)("stops at %s", async (_name, awaited, clock, isReached) => {
    const session = await openSession(stage.registry);
    done(await session.execute({ kind: "submit_order", account: 1, terms: marketBuy("AAPL", 1n) }));
    const outcome = done(await session.advanceUntil({ awaited, notAfter: undefined }));
    expect([formatInstant(outcome.view.state.clock), outcome.isReached]).toEqual([
      formatInstant(instant(clock)),
      isReached,
    ]);
  });

  it("stops waiting for a fill at the bound, or with the regular day", async () => {
    const session = await openSession(stage.registry);
    done(await session.execute({ kind: "submit_order", account: 1, terms: limitBuy("AAPL", 1n, 1n) }));
    const notAfter = time("2023-01-03T16:00:00Z");
    const bounded = done(await session.advanceUntil({ awaited: { kind: "next_fill" }, notAfter }));
    expect([bounded.view.state.clock, bounded.isReached]).toEqual([notAfter, false]);
    const day = done(await session.advanceUntil({ awaited: { kind: "next_fill" }, notAfter: undefined }));
    expect([formatInstant(day.view.state.clock), day.isReached]).toEqual(["2023-01-03T21:00:00Z", false]);
  });

  it("refuses a bound in the past, and says so", async () => {
    const session = await openSession(stage.registry);
    const refused = await session.advanceUntil({
      awaited: { kind: "next_fill" },
      notAfter: time("2023-01-03T10:00:00Z"),
    });
    expect(refused).toMatchObject({ reason: "bad_request", message: expect.stringContaining("notAfter") });
  });

  it("journals an advance to where it stopped: the same state after a restart", async () => {
    const session = await openSession(stage.registry);
    done(await session.execute({ kind: "submit_order", account: 1, terms: marketBuy("AAPL", 1n) }));
    done(await session.advanceUntil({ awaited: { kind: "next_fill" }, notAfter: undefined }));
    const commands = [];
    for await (const { command } of stage.journal.read(session.id, 1)) commands.push(command);
    expect(commands.at(-1)).toEqual({ kind: "advance", until: OPEN + 1 });
  });
});

describe("past events", () => {
  it("are told as they were told when they happened", async () => {
    const session = await openSession(stage.registry);
    const told = await follow(session);
    done(await session.execute({ kind: "submit_order", account: 1, terms: marketBuy("AAPL", 10n) }));
    done(await session.advanceBy(MINUTE_MS));
    const again: string[] = [];
    for await (const { event, view } of session.pastEvents({ after: told.seq, upTo: told.seq + 2 })) {
      const order = "order" in event ? view.state.orders.get(event.order - 1) : undefined;
      again.push(`${event.kind} ${order?.status ?? ""}`.trim());
    }
    expect(again).toEqual(told.applied);
  });
});
