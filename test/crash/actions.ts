/** What a client does, as a table: how often, and what it notes before it asks and after it was answered. */
import type { Answer } from "../support/http-client.ts";
import {
  createWorld,
  forkWorld,
  goBack,
  INITIAL_CASH,
  noteCanceled,
  noteClock,
  noteOrder,
  noteReplaced,
  type AccountFact,
  type OrderFact,
  type OrderJson,
  type World,
} from "./record.ts";

/** One of the hands with which a client works at once. */
export interface Hand {
  /** Resolves with the answer; rejects where the connection broke, so that nobody knows whether it was done. */
  readonly ask: (method: string, path: string, body?: unknown, session?: string) => Promise<Answer>;
  /** A whole number below `below`; pseudo-random and repeatable. */
  readonly draw: (below: number) => number;
  /** Never the same twice. */
  readonly fresh: (what: string) => string;
  readonly addWorld: (world: World) => void;
  /** Names that sessions were asked for. */
  readonly namesAsked: Set<string>;
}

export interface Action {
  readonly weight: number;
  /** Nothing else may be under way in the session. */
  readonly isAlone?: boolean;
  readonly act: (hand: Hand, world: World) => Promise<void>;
}

/** Answers 404 as long as a server does not know them. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  order: { weight: 30, act: order },
  cancel: { weight: 8, act: cancel },
  replace: { weight: 8, act: replace },
  advance: { weight: 25, act: advance },
  look: { weight: 6, act: look },
  play: { weight: 4, act: (hand, world) => steer(hand, world, "play") },
  pause: { weight: 4, act: (hand, world) => steer(hand, world, "pause") },
  speed: { weight: 3, act: setSpeed },
  account: { weight: 1, act: openAccount },
  session: { weight: 1, act: (hand) => openSession(hand) },
  fork: { weight: 2, isAlone: true, act: fork },
  rewind: { weight: 1, isAlone: true, act: rewind },
};

const ACCOUNTS_MAX = 3;

/** A session with its first account; nothing of it is known where either was not answered. */
export async function openSession(hand: Hand): Promise<void> {
  const name = hand.fresh("session");
  hand.namesAsked.add(name);
  const answer = await hand.ask("POST", "/v1/sessions", {
    startTime: "2023-01-03T14:30:00Z",
    endTime: "2023-12-29T21:00:00Z",
    name,
    initialCash: INITIAL_CASH,
  });
  if (answer.status !== 201) return;
  const told = answer.body as { readonly id: string; readonly current_time: string };
  const world = createWorld({ name, session: told.id, clock: Date.parse(told.current_time) });
  hand.addWorld(world);
  await openAccount(hand, world);
}

async function openAccount(hand: Hand, world: World): Promise<void> {
  if (world.accounts.size >= ACCOUNTS_MAX) return;
  world.accountsAsked += 1;
  const answer = await hand.ask("POST", "/v1/accounts", {}, world.session);
  if (answer.status < 300) noteAccount(world, answer.body as AccountJson);
}

interface AccountJson {
  readonly id: string;
  readonly account_number: string;
  readonly created_at: string;
}

function noteAccount(world: World, told: AccountJson): void {
  const fact = { id: told.id, number: told.account_number, createdAt: Date.parse(told.created_at) };
  world.accounts.set(fact.number, fact);
}

function pick<T>(hand: Hand, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : items[hand.draw(items.length)];
}

const accountOf = (hand: Hand, world: World): AccountFact | undefined => pick(hand, [...world.accounts.values()]);

const ordersPath = (account: AccountFact): string => `/v1/trading/accounts/${account.id}/orders`;

async function order(hand: Hand, world: World): Promise<void> {
  const account = accountOf(hand, world);
  if (account === undefined) return;
  const id = hand.fresh("order");
  const isLimit = hand.draw(2) === 0;
  world.ordersAsked.add(id);
  const body = {
    symbol: pick(hand, ["AAPL", "MSFT", "NVDA"]),
    side: hand.draw(4) === 0 ? "sell" : "buy",
    qty: 1 + hand.draw(3),
    type: isLimit ? "limit" : "market",
    time_in_force: "gtc",
    client_order_id: id,
    ...(isLimit ? { limit_price: 50 + hand.draw(30) } : {}),
  };
  const answer = await hand.ask("POST", ordersPath(account), body, world.session);
  if (answer.status < 300) noteOrder(world, account.number, answer.body as OrderJson);
}

/** An order that might still be open, with its account. */
function openOrder(hand: Hand, world: World): { id: string; order: OrderFact; path: string } | undefined {
  const open = [...world.orders].filter(
    ([, each]) =>
      each.id !== undefined &&
      each.canceledAt === undefined &&
      each.replacedAt === undefined &&
      each.filledQty === 0 &&
      each.limitPrice !== null,
  );
  const [id, found] = pick(hand, open) ?? [];
  const account = world.accounts.get(found?.account ?? "");
  if (id === undefined || found === undefined || account === undefined) return undefined;
  return { id, order: found, path: `${ordersPath(account)}/${found.id}` };
}

async function cancel(hand: Hand, world: World): Promise<void> {
  const found = openOrder(hand, world);
  if (found === undefined) return;
  world.cancelsAsked.add(found.id);
  const answer = await hand.ask("DELETE", found.path, undefined, world.session);
  if (answer.status === 204) noteCanceled(found.order);
}

async function replace(hand: Hand, world: World): Promise<void> {
  const found = openOrder(hand, world);
  if (found === undefined) return;
  const id = hand.fresh("order");
  world.ordersAsked.add(id);
  world.replacesAsked.add(found.id);
  const body = { qty: String(4 + hand.draw(3)), client_order_id: id };
  const answer = await hand.ask("PATCH", found.path, body, world.session);
  if (answer.status >= 300) return;
  noteOrder(world, found.order.account, answer.body as OrderJson);
  noteReplaced(found.order, id);
}

/** Mostly a minute; now and then days, so that orders are filled, fees booked and dividends paid. */
async function advance(hand: Hand, world: World): Promise<void> {
  const duration = hand.draw(12) === 0 ? 2000 : 1;
  const { clock } = world;
  const answer = await hand.ask("POST", `/v1/sessions/${world.session}/time/advance`, { duration });
  if (answer.status === 200) noteClock(world, (answer.body as { readonly currentTime: string }).currentTime, clock);
}

/** What is read is acknowledged as well: a fill that was shown is not taken back. */
async function look(hand: Hand, world: World): Promise<void> {
  const account = accountOf(hand, world);
  if (account === undefined) return;
  const answer = await hand.ask("GET", `${ordersPath(account)}?status=all&limit=100`, undefined, world.session);
  if (answer.status !== 200) return;
  for (const each of answer.body as readonly OrderJson[]) {
    if (world.orders.has(each.client_order_id)) noteOrder(world, account.number, each);
  }
}

async function steer(hand: Hand, world: World, how: "play" | "pause"): Promise<void> {
  const { clock } = world;
  const answer = await hand.ask("POST", `/v1/sessions/${world.session}/time/${how}`);
  if (answer.status === 200) noteClock(world, (answer.body as { readonly current_time: string }).current_time, clock);
}

async function setSpeed(hand: Hand, world: World): Promise<void> {
  const speed = pick(hand, [1, 60, 600, 3600]) ?? 1;
  world.speeds.add(speed);
  world.speedsEver.add(speed);
  world.speedsAsked += 1;
  try {
    const answer = await hand.ask("PUT", `/v1/sessions/${world.session}/time/speed`, { speed });
    // Two at once may have been done in either order.
    if (answer.status !== 200 || world.speedsAsked > 1) return;
    world.speeds.clear();
    world.speeds.add(speed);
  } finally {
    world.speedsAsked -= 1;
  }
}

/** A whole minute of the past. */
function pastMinute(hand: Hand, world: World): number {
  const start = Date.parse("2023-01-03T14:30:00Z");
  const minutes = Math.floor((world.clock - start) / 60_000);
  return start + 60_000 * hand.draw(minutes + 1);
}

const atMinute = (at: number): string => new Date(at).toISOString();

/** At an earlier time or now; nothing is known of one whose accounts could not be read any more. */
async function fork(hand: Hand, world: World): Promise<void> {
  const name = hand.fresh("fork");
  hand.namesAsked.add(name);
  const at = hand.draw(2) === 0 ? pastMinute(hand, world) : undefined;
  const body = { name, ...(at === undefined ? {} : { at: atMinute(at) }) };
  const answer = await hand.ask("POST", `/v1/sessions/${world.session}/fork`, body);
  if (answer.status !== 201) return;
  const told = answer.body as { readonly id: string; readonly current_time: string };
  const made = forkWorld(world, { name, session: told.id, at: at ?? Date.parse(told.current_time) });
  const accounts = await hand.ask("GET", "/v1/accounts", undefined, told.id);
  if (accounts.status !== 200) return;
  for (const account of accounts.body as readonly AccountJson[]) noteAccount(made, account);
  made.accountsAsked = made.accounts.size;
  hand.addWorld(made);
}

async function rewind(hand: Hand, world: World): Promise<void> {
  await steer(hand, world, "pause");
  const to = pastMinute(hand, world);
  world.rewindAsked = to;
  const path = `/v1/sessions/${world.session}/time/rewind`;
  const answer = await hand.ask("POST", path, { to: atMinute(to), discard: hand.draw(2) === 0 });
  if (answer.status < 300) goBack(world, to);
  world.rewindAsked = undefined;
}
