/** What happens to the other members of a bracket, OCO or OTO (rules R22 to R27). */
import { quantity, type Instant, type Quantity } from "../../kernel/index.ts";
import type { CancelReason, EngineEvent, FillRule } from "../event.ts";
import type { Account, Order, State } from "../state.ts";
import { isOpenStatus } from "./lifecycle.ts";

/** How an order ended without being filled. */
export type Ending = Extract<EngineEvent, { kind: "order_canceled" | "order_expired" | "order_rejected" }>;

const orderAt = (state: State, ordinal: number | undefined): Order | undefined =>
  ordinal === undefined ? undefined : state.orders.get(ordinal - 1);

const isOpen = (order: Order | undefined): order is Order => order !== undefined && isOpenStatus(order.status);

/** Open orders that exit the same position: two legs of a bracket, or both halves of an OCO pair. */
export function siblingsOf(state: State, order: Order): readonly Order[] {
  if (order.orderClass === "oco") {
    const members = order.parent === undefined ? order.legs : [order.parent];
    return members.map((ordinal) => orderAt(state, ordinal)).filter(isOpen);
  }
  if (order.leg === undefined) return [];
  const legs = orderAt(state, order.parent)?.legs ?? [];
  return legs
    .filter((ordinal) => ordinal !== order.ordinal)
    .map((ordinal) => orderAt(state, ordinal))
    .filter(isOpen);
}

/** The entry of a bracket or OTO that an order is a leg of. */
export const entryOf = (state: State, order: Order): Order | undefined =>
  order.orderClass === "oco" ? undefined : orderAt(state, order.parent);

/** Open legs that wait for an entry to be filled. */
function waitingLegs(state: State, entry: Order): readonly Order[] {
  if (entry.orderClass === undefined || entry.orderClass === "oco") return [];
  return entry.legs.map((ordinal) => orderAt(state, ordinal)).filter(isOpen);
}

/** The entry that a leg still waits for, unless a cancel of its own is on the way. */
function waitingEntry(state: State, leg: Order): readonly Order[] {
  const entry = entryOf(state, leg);
  return isOpen(entry) && entry.status !== "pending_cancel" ? [entry] : [];
}

function cancelAll(orders: readonly Order[], at: Instant, reason: CancelReason): readonly EngineEvent[] {
  return orders.map(({ ordinal }) => ({ kind: "order_canceled", at, order: ordinal, reason }));
}

/** An ending with what it brings upon the others: a group ends together, an entry takes its legs along. */
export function ended(state: State, order: Order, ending: Ending): readonly EngineEvent[] {
  const others = ending.kind === "order_expired" ? [] : [...siblingsOf(state, order), ...waitingEntry(state, order)];
  return [
    ending,
    ...cancelAll(others, ending.at, "sibling_canceled"),
    ...cancelAll(waitingLegs(state, order), ending.at, "entry_not_filled"),
  ];
}

/** A fill as the group sees it. */
export interface GroupFill {
  readonly at: Instant;
  readonly rule: FillRule;
  readonly isCapped: boolean;
  readonly isAtBarEnd: boolean;
  readonly barStart: Instant;
  /** What the order still asks for afterwards. */
  readonly left: Quantity;
}

/** Rules after whose fill inside a bar something is certain of the rest of that bar (R25). */
const INSIDE_RULES: ReadonlySet<FillRule> = new Set<FillRule>([
  "through_limit",
  "touch_stop",
  "touch_stop_limit",
  "stop_limit_by_close",
]);

/** What a fill brings upon the others: the other leg shrinks or goes (R27), held legs wake (R22, R24 to R26). */
export function followersOf(state: State, order: Order, fill: GroupFill): readonly EngineEvent[] {
  const siblings = siblingsOf(state, order);
  if (fill.left > 0n) {
    return siblings.map((other) => ({
      kind: "order_reduced",
      at: fill.at,
      order: other.ordinal,
      qty: quantity(other.filledQty + fill.left),
    }));
  }
  const isInside = fill.isAtBarEnd && !fill.isCapped && INSIDE_RULES.has(fill.rule);
  const woken = waitingLegs(state, order).map((leg): EngineEvent => ({
    kind: "order_woken",
    at: fill.at,
    order: leg.ordinal,
    barStart: isInside ? fill.barStart : undefined,
  }));
  return [...cancelAll(siblings, fill.at, "sibling_filled"), ...woken];
}

/** Ends orders together with their groups, each order once. */
export function cancelTogether(
  state: State,
  orders: readonly Order[],
  { at, reason }: { readonly at: Instant; readonly reason: CancelReason },
): readonly EngineEvent[] {
  const events = new Map<number, EngineEvent>();
  for (const order of orders) {
    if (events.has(order.ordinal)) continue;
    for (const event of ended(state, order, { kind: "order_canceled", at, order: order.ordinal, reason })) {
      if ("order" in event && !events.has(event.order)) events.set(event.order, event);
    }
  }
  return [...events.values()];
}

/** Open orders of an account, oldest first, of one symbol or of all. */
export function openOrdersOf(state: State, account: Account, symbol?: string): readonly Order[] {
  const ordinals = symbol === undefined ? account.openOrders : account.openOrdersBySymbol.get(symbol);
  if (ordinals === undefined) return NO_ORDERS;
  const orders: Order[] = [];
  for (const ordinal of ordinals) {
    const order = state.orders.get(ordinal - 1);
    if (order !== undefined) orders.push(order);
  }
  return orders;
}

const NO_ORDERS: readonly Order[] = [];
