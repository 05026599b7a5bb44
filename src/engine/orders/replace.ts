/** Replacing and cancelling open orders as Alpaca has it. */
import {
  formatUnits,
  isRefusal,
  isWholeShares,
  price,
  quantity,
  refuse,
  type Instant,
  type Refusal,
} from "../../kernel/index.ts";
import type { OrderChanges } from "../command.ts";
import type { EngineEvent, OrderTerms } from "../event.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Order, State } from "../state.ts";
import { ended, siblingsOf } from "./groups.ts";
import { isOpenStatus, isReplaceableStatus } from "./lifecycle.ts";
import { submission, submitOrder } from "./submit.ts";
import { isInHours, venueHours } from "./venue.ts";

export interface Replacement {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
  readonly order: Order;
  readonly changes: OrderChanges;
}

/**
 * A replacement is a new order that takes the old one's place, effective from now (R6c); in a group it takes its place
 * there. `qty` is the total, what the old order filled included; the old order keeps its fills, the new one asks for
 * the rest.
 */
export function replaceOrder(replacement: Replacement): readonly EngineEvent[] | Refusal {
  const { state, order, changes } = replacement;
  if (!isReplaceableStatus(order.status)) {
    return refuse("order_rule", `unable to replace order, order is not open: its status is ${order.status}`);
  }
  const problem = changesProblem(order, changes);
  if (problem !== undefined) return problem;
  const terms = successorTerms(order, changes);
  const successor = submitOrder({ ...submission({ ...replacement, terms }), legCount: 0, replaced: order });
  if (isRefusal(successor)) return successor;
  const replaced: EngineEvent = {
    kind: "order_replaced",
    at: state.clock,
    order: order.ordinal,
    by: state.orders.length + 1,
  };
  return [replaced, ...successor];
}

function changesProblem(order: Order, changes: OrderChanges): Refusal | undefined {
  if (order.notional !== undefined) return refuse("order_rule", "notional orders cannot be replaced");
  const problem = kindProblem(order, changes) ?? qtyProblem(order, changes.qty);
  if (problem !== undefined) return problem;
  return isUnchanged(order, changes) ? refuse("order_rule", "order parameters are not changed") : undefined;
}

/** What the kind of an order, or its place in a group, does not let change. */
function kindProblem(order: Order, changes: OrderChanges): Refusal | undefined {
  const { type, orderClass, triggeredBy } = order;
  const isMarketByNow = type === "stop" || type === "trailing_stop";
  if (triggeredBy !== undefined && (isMarketByNow || changes.stopPrice !== undefined)) {
    return refuse("order_rule", "unable to replace order, its stop has been triggered");
  }
  if (changes.trail !== undefined && type !== "trailing_stop") {
    return refuse("invalid_order_parameter", "trail can only be replaced in a trailing stop order");
  }
  if (orderClass === undefined || (changes.qty === undefined && changes.timeInForce === undefined)) return undefined;
  return refuse("order_rule", `only the prices of a ${orderClass} order can be replaced`);
}

function qtyProblem(order: Order, qty: OrderChanges["qty"]): Refusal | undefined {
  if (qty === undefined) return undefined;
  if (!isWholeShares(qty)) {
    return refuse("order_rule", `qty must be a whole number to replace an order, got ${formatUnits(qty)}`);
  }
  if (order.qty !== undefined && !isWholeShares(order.qty)) {
    return refuse("order_rule", "qty of a fractional order cannot be replaced");
  }
  if (qty > order.filledQty) return undefined;
  return refuse(
    "invalid_order_parameter",
    `qty must be > ${formatUnits(order.filledQty)}, what the order has filled, got ${formatUnits(qty)}`,
  );
}

function isUnchanged(order: Order, changes: OrderChanges): boolean {
  const isSame = <T>(asked: T | undefined, present: T | undefined): boolean => asked === undefined || asked === present;
  return (
    isSame(changes.qty, order.qty) &&
    isSame(changes.timeInForce, order.timeInForce) &&
    isSame(changes.limitPrice, order.limitPrice) &&
    isSame(changes.stopPrice, order.stopPrice) &&
    isSame(changes.trail, order.trailPrice ?? order.trailPercent) &&
    changes.clientOrderId === undefined
  );
}

function successorTerms(order: Order, changes: OrderChanges): OrderTerms {
  const { symbol, side, type, extendedHours, orderClass, stopLoss, stopLossLimit } = order;
  const total = changes.qty ?? order.qty;
  const limitPrice = changes.limitPrice ?? order.limitPrice;
  return {
    symbol,
    side,
    type,
    timeInForce: changes.timeInForce ?? order.timeInForce,
    qty: total === undefined ? undefined : quantity(total - order.filledQty),
    notional: undefined,
    limitPrice,
    stopPrice: changes.stopPrice ?? order.stopPrice,
    ...successorTrail(order, changes.trail),
    extendedHours,
    clientOrderId: changes.clientOrderId,
    orderClass,
    takeProfit: orderClass === "oco" && order.takeProfit !== undefined ? limitPrice : order.takeProfit,
    stopLoss,
    stopLossLimit,
  };
}

/** A new distance is of the kind that the order has. */
function successorTrail({ trailPrice, trailPercent }: Order, trail: bigint | undefined) {
  return {
    trailPrice: trailPrice === undefined ? undefined : price(trail ?? trailPrice),
    trailPercent: trailPercent === undefined ? undefined : (trail ?? trailPercent),
  };
}

/**
 * Where fills win the race (R6b), an order that the running bar may fill is only asked to be canceled, and its group
 * with it. The held stop of an OCO pair is not asked: it goes with its target.
 */
export function cancelOrder(state: State, order: Order, known: KnownMarket): readonly EngineEvent[] | Refusal {
  if (!isOpenStatus(order.status)) {
    return refuse("order_rule", `order is not cancelable: its status is ${order.status}`);
  }
  const at = state.clock;
  const working = workingMember(state, order);
  const members = [working, ...siblingsOf(state, working)];
  const barStart = members.map((each) => racedBar(state, each, known)).find((start) => start !== undefined);
  if (barStart === undefined)
    return ended(state, order, { kind: "order_canceled", at, order: order.ordinal, reason: "asked" });
  return members
    .filter((each) => isReplaceableStatus(each.status) && each.status !== "held")
    .map((each) => ({ kind: "order_cancel_requested", at, order: each.ordinal, barStart }));
}

/** Of an OCO pair the target, while its stop is held: a cancel of either is one of both. */
function workingMember(state: State, order: Order): Order {
  if (order.orderClass !== "oco" || order.status !== "held") return order;
  return siblingsOf(state, order)[0] ?? order;
}

/** Start of the running bar, where that bar still decides over the order. The closing auction is no part of a bar. */
function racedBar({ config }: State, order: Order, known: KnownMarket): Instant | undefined {
  if (config.cancelRace !== "fill_wins" || order.status === "accepted") return undefined;
  if (order.status === "held" && order.orderClass !== "oco") return undefined;
  if (order.timeInForce === "cls") return undefined;
  const running = known.runningBar(order.symbol);
  if (running === undefined || running < order.effectiveAt || running < order.opensAt) return undefined;
  return isInHours(venueHours(config, order), running) ? running : undefined;
}
