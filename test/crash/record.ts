/** What a client was told of one session: every acknowledgement, with the simulated time at which it holds. */

/** Told without a time: certain now, but nobody knows whether it was so at an earlier time. */
const SOMETIME = Infinity;

export interface OrderFact {
  /** Undefined in a fork, which has ids of its own, until it is seen there. */
  id: string | undefined;
  /** The account's number, which forks share. */
  readonly account: string;
  readonly createdAt: number;
  readonly symbol: string;
  readonly side: string;
  readonly qty: string;
  readonly limitPrice: string | null;
  /** From when on it is canceled; undefined: not known to be. */
  canceledAt: number | undefined;
  replacedAt: number | undefined;
  /** The client order id of what it was replaced by, where that was acknowledged. */
  replacedBy: string | undefined;
  /** Most that an answer has shown as filled. */
  filledQty: number;
}

export interface AccountFact {
  readonly id: string;
  readonly number: string;
  readonly createdAt: number;
}

/** One session as a client knows it. What was asked for without an answer may have happened or not. */
export interface World {
  readonly name: string;
  readonly session: string;
  /** The latest clock that an answer told. */
  clock: number;
  /** The latest time of something that must be on disk before it is told. */
  synced: number;
  readonly accounts: Map<string, AccountFact>;
  accountsAsked: number;
  readonly orders: Map<string, OrderFact>;
  readonly ordersAsked: Set<string>;
  /** Orders that a rewind took back, or that were placed after the time of a fork. */
  readonly ordersGone: Set<string>;
  readonly cancelsAsked: Set<string>;
  readonly replacesAsked: Set<string>;
  /** One of these is the speed of playback. */
  readonly speeds: Set<number>;
  /** Every speed that it had or may have had: one of them is the speed at an earlier time. */
  readonly speedsEver: Set<number>;
  speedsAsked: number;
  /** Where a rewind without an answer wanted to go. */
  rewindAsked: number | undefined;
  /** What contradicts an answer before it. */
  readonly surprises: string[];
  /** Requests under way. */
  busy: number;
  /** Nobody else may begin a request. */
  isTaken: boolean;
}

export const INITIAL_CASH = 1_000_000;

export function createWorld(told: { readonly name: string; readonly session: string; readonly clock: number }): World {
  return {
    ...told,
    synced: told.clock,
    accounts: new Map(),
    accountsAsked: 0,
    orders: new Map(),
    ordersAsked: new Set(),
    ordersGone: new Set(),
    cancelsAsked: new Set(),
    replacesAsked: new Set(),
    speeds: new Set([1]),
    speedsEver: new Set([1]),
    speedsAsked: 0,
    rewindAsked: undefined,
    surprises: [],
    busy: 0,
    isTaken: false,
  };
}

/** An order as the server shows it, as far as this record cares. */
export interface OrderJson {
  readonly id: string;
  readonly client_order_id: string;
  readonly created_at: string;
  readonly canceled_at: string | null;
  readonly replaced_at: string | null;
  readonly replaced_by: string | null;
  readonly filled_at: string | null;
  readonly symbol: string;
  readonly side: string;
  readonly qty: string;
  readonly filled_qty: string;
  readonly limit_price: string | null;
  readonly status: string;
}

/** An order that was acknowledged, whether it is told for the first time or again. */
export function noteOrder(world: World, account: string, order: OrderJson): OrderFact {
  const createdAt = Date.parse(order.created_at);
  const known = world.orders.get(order.client_order_id) ?? {
    id: order.id,
    account,
    createdAt,
    symbol: order.symbol,
    side: order.side,
    qty: order.qty,
    limitPrice: order.limit_price,
    canceledAt: undefined,
    replacedAt: undefined,
    replacedBy: undefined,
    filledQty: 0,
  };
  known.id ??= order.id;
  known.filledQty = Math.max(known.filledQty, Number(order.filled_qty));
  if (order.canceled_at !== null) known.canceledAt = Date.parse(order.canceled_at);
  if (order.replaced_at !== null) known.replacedAt = Date.parse(order.replaced_at);
  const times = [order.created_at, order.canceled_at, order.replaced_at, order.filled_at];
  for (const time of times) if (time !== null) noteSynced(world, Date.parse(time));
  world.orders.set(order.client_order_id, known);
  return known;
}

export function noteCanceled(order: OrderFact): void {
  order.canceledAt ??= SOMETIME;
}

export function noteReplaced(order: OrderFact, by: string): void {
  order.replacedAt ??= SOMETIME;
  order.replacedBy = by;
}

/** The clock of an answer; `before` is what was known when it was asked for. */
export function noteClock(world: World, time: string, before: number): void {
  const clock = Date.parse(time);
  if (clock < before) world.surprises.push(`the clock was ${new Date(before).toISOString()}, then ${time}`);
  world.clock = Math.max(world.clock, clock);
}

function noteSynced(world: World, at: number): void {
  world.synced = Math.max(world.synced, at);
  world.clock = Math.max(world.clock, at);
}

/** The record as of an earlier time: what is only known to be so later is not known any more. */
export function goBack(world: World, to: number): void {
  for (const [id, order] of world.orders) {
    if (order.createdAt > to) {
      world.orders.delete(id);
      world.ordersGone.add(id);
    }
    if ((order.canceledAt ?? 0) > to) order.canceledAt = undefined;
    if ((order.replacedAt ?? 0) > to) [order.replacedAt, order.replacedBy] = [undefined, undefined];
    order.filledQty = 0;
  }
  for (const [number, account] of world.accounts) if (account.createdAt > to) world.accounts.delete(number);
  for (const speed of world.speeds) world.speedsEver.add(speed);
  for (const speed of world.speedsEver) world.speeds.add(speed);
  world.clock = to;
  world.synced = to;
  world.rewindAsked = undefined;
}

/** What is known of a fork: the past of its source up to a time, under ids that are still to be learned. */
export function forkWorld(source: World, told: { name: string; session: string; at: number }): World {
  const fork = createWorld({ name: told.name, session: told.session, clock: told.at });
  for (const [id, order] of source.orders) fork.orders.set(id, { ...order, id: undefined });
  for (const id of source.ordersAsked) fork.ordersAsked.add(id);
  for (const id of source.ordersGone) fork.ordersGone.add(id);
  for (const id of source.cancelsAsked) fork.cancelsAsked.add(id);
  for (const id of source.replacesAsked) fork.replacesAsked.add(id);
  for (const speed of [...source.speeds, ...source.speedsEver]) fork.speedsEver.add(speed);
  goBack(fork, told.at);
  return fork;
}
