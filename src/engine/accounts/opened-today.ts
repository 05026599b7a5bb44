/** What an account has opened since the last close and still holds, kept up to date fill by fill. */
import { absolute, divideHalfEven, larger, type Instant } from "../../kernel/index.ts";
import type { Account, Activity, State } from "../state.ts";
import { dayBefore } from "./last-close.ts";

/**
 * What was paid for what was opened since the last close and is still open, or got for what was sold short. A closing
 * gives back what the shares had cost, whatever they brought, and nothing for shares of the days before.
 */
export function openedToday(state: State, account: Account): bigint {
  const since = dayBefore(state.clock)?.sessionClose ?? account.openedAt;
  const last = lastFolded.get(account);
  const fresh = last?.since === since ? [...account.activities.from(last.count)] : undefined;
  // What came otherwise than by a fill counts as held since before the day: the day is told anew.
  if (last !== undefined && fresh?.every(isFill) === true) return folded(state, account, { day: last, fresh });
  const day = { since, count: 0, held: new Map(), opened: new Map(), total: 0n };
  lastFolded.set(account, day);
  return folded(state, account, { day, fresh: activitiesSince(account, since) });
}

interface Opened {
  readonly qty: bigint;
  readonly cost: bigint;
}

/** A day's fills, as far as they are folded: every order of a busy day asks for it. */
interface Day {
  readonly since: Instant;
  /** Activities of the account that are in it. */
  count: number;
  /** Shares by symbol after them. */
  readonly held: Map<string, bigint>;
  readonly opened: Map<string, Opened>;
  total: bigint;
}

const lastFolded = new WeakMap<Account, Day>();

const isFill = ({ kind }: Activity): boolean => kind === "order_filled";

/** Since the end of the session before today, oldest first. */
function activitiesSince(account: Account, since: Instant): readonly Activity[] {
  let from = account.activities.length;
  while ((account.activities.get(from - 1)?.at ?? -Infinity) > since) from -= 1;
  return [...account.activities.from(from)];
}

function folded(
  state: State,
  account: Account,
  { day, fresh }: { readonly day: Day; readonly fresh: readonly Activity[] },
): bigint {
  day.count = account.activities.length;
  if (fresh.length === 0) return day.total;
  const fills = fresh.flatMap((activity) => fillOf(state, activity));
  const changes = new Map<string, bigint>();
  for (const { symbol, change } of fills) changes.set(symbol, (changes.get(symbol) ?? 0n) + change);
  for (const [symbol, change] of changes) {
    if (!day.held.has(symbol)) day.held.set(symbol, (account.positions.get(symbol)?.qty ?? 0n) - change);
  }
  for (const fill of fills) take(day, fill);
  return day.total;
}

interface Fill {
  readonly symbol: string;
  /** Shares, signed. */
  readonly change: bigint;
  readonly cost: bigint;
}

function fillOf(state: State, activity: Activity): readonly Fill[] {
  const order = activity.kind === "order_filled" ? state.orders.get(activity.order - 1) : undefined;
  if (activity.kind !== "order_filled" || order === undefined) return [];
  return [{ symbol: order.symbol, change: order.side === "buy" ? activity.qty : -activity.qty, cost: activity.cash }];
}

function take(day: Day, { symbol, change, cost }: Fill): void {
  const before = day.held.get(symbol) ?? 0n;
  day.held.set(symbol, before + change);
  const was = day.opened.get(symbol) ?? { qty: 0n, cost: 0n };
  const now = openedAfter(was, { before, change, cost });
  day.opened.set(symbol, now);
  day.total += now.cost - was.cost;
}

function openedAfter(
  { qty, cost: paid }: Opened,
  { before, change, cost }: { readonly before: bigint; readonly change: bigint; readonly cost: bigint },
): Opened {
  const size = absolute(change);
  if (before === 0n || before > 0n === change > 0n) return { qty: qty + size, cost: paid + cost };
  const left = larger(qty - size, 0n);
  return { qty: left, cost: qty > 0n ? divideHalfEven(paid * left, qty) : paid };
}
