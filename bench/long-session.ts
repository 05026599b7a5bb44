/** A session with a past of so many commands, made by the product itself, only that many entries share a sync. */
import { newYorkDate, tradingDaysBetween } from "#dist/calendar/index.js";
import { defaultConfig, type AccountCommand, type Command } from "#dist/engine/index.js";
import { cash, instant, isRefusal, price, quantity, SCALE } from "#dist/kernel/index.js";
import type { Journal, Outcome, SessionHandle, SessionRegistry } from "#dist/sessions/index.js";
import { SAMPLE_SYMBOLS, time } from "./sessions-in-process.js";

export const OWNER = "bench";
const START = time("2022-12-01T14:30:00Z");
const END = time("2024-06-28T20:00:00Z");
const LAST_BARS = time("2023-12-29T21:00:00Z");
const MINUTE_MS = 60_000;

/** Entries that wait for one sync. */
const GROUP_ENTRIES = 256;

export const TRADER = 1;
export const RESTER = 2;

/** Orders that rest at a price that never comes, before the oldest of them is canceled. */
const RESTING = 9;

/** Of orders that fill, of orders that rest and of cancels, each minute. */
const EACH_MINUTE = 3;

/** The journal, answering before the disk has what it was given: nobody here relies on it. */
export function grouped(journal: Journal): Journal {
  let waiting: Promise<void>[] = [];
  return {
    ...journal,
    append: async (draft, entry) => {
      waiting.push(journal.append(draft, entry));
      if (waiting.length < GROUP_ENTRIES) return;
      const group = waiting;
      waiting = [];
      await Promise.all(group);
    },
  };
}

/** Gives its id. */
export async function makeLongSession(registry: SessionRegistry, commands: number): Promise<string> {
  const spec = { name: undefined, startTime: START, endTime: END, initialCash: cash(10_000_000n * SCALE) };
  const session = await registry.create(OWNER, {
    ...spec,
    config: { ...defaultConfig("conservative"), gtcDays: null },
  });
  if (isRefusal(session)) throw new Error(session.message);
  // One trades and the other's orders rest: nobody may be on both sides of a symbol.
  for (const _ of [TRADER, RESTER])
    await must(session, { kind: "open_account", initialCash: undefined, profile: "{}" });
  let done = 3;
  for (const command of commandsOf()) {
    const { events } = await must(session, command);
    if (events.length > 0) done += 1;
    if (done === commands) return session.id;
  }
  throw new Error(`the sample has minutes for ${done} commands only`);
}

async function must(session: SessionHandle, command: Command): Promise<Outcome> {
  const outcome = await session.execute(command);
  if (isRefusal(outcome)) throw new Error(`${command.kind}: ${outcome.message}`);
  return outcome;
}

/** Minute by minute over the sample year. */
function* commandsOf(): Generator<Command> {
  const orders: Orders = { count: 0, resting: [] };
  let minute = 0;
  for (const { open, close } of tradingDaysBetween(newYorkDate(START), newYorkDate(LAST_BARS))) {
    for (let clock = open + MINUTE_MS; clock < close; clock += MINUTE_MS) {
      yield { kind: "advance", until: instant(clock) };
      yield* ordersOf(minute, orders);
      minute += 1;
    }
  }
}

interface Orders {
  count: number;
  /** Oldest first. */
  readonly resting: number[];
}

/** What is bought in one round of the symbols is sold in the next. */
function* ordersOf(minute: number, orders: Orders): Generator<AccountCommand> {
  const symbols = SAMPLE_SYMBOLS.length;
  for (let index = 0; index < EACH_MINUTE; index += 1) {
    const symbol = SAMPLE_SYMBOLS[(minute + index) % symbols] ?? "AAPL";
    const side = Math.floor(minute / symbols) % 2 === 0 ? "buy" : "sell";
    yield {
      kind: "submit_order",
      account: TRADER,
      terms: { ...LIMIT, symbol, side, type: "market", limitPrice: undefined },
    };
    yield { kind: "submit_order", account: RESTER, terms: { ...LIMIT, symbol } };
    orders.count += 2;
    orders.resting.push(orders.count);
    if (orders.resting.length <= RESTING) continue;
    yield { kind: "cancel_order", account: RESTER, order: orders.resting.shift() ?? 0 };
  }
}

/** Rests for ever. */
export const LIMIT = {
  symbol: "AAPL",
  side: "buy",
  type: "limit",
  timeInForce: "gtc",
  qty: quantity(SCALE),
  notional: undefined,
  limitPrice: price(SCALE),
  stopPrice: undefined,
  extendedHours: false,
  clientOrderId: undefined,
} as const;
