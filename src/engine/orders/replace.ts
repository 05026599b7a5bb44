/** Replacing and cancelling open orders as Alpaca has it. */
import { formatUnits, isWholeShares, quantity, refuse, type Refusal } from "../../kernel/index.ts";
import type { OrderChanges } from "../command.ts";
import type { EngineEvent, OrderTerms } from "../event.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Order, State } from "../state.ts";
import { isOpenStatus, isReplaceableStatus } from "./lifecycle.ts";
import { submitOrder } from "./submit.ts";

export interface Replacement {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
  readonly order: Order;
  readonly changes: OrderChanges;
}

/**
 * A replacement is a new order that takes the old one's place, effective from now (R6c).
 * `qty` is the total, what the old order filled included; the old order keeps its fills, the new one asks for the rest.
 */
export function replaceOrder(replacement: Replacement): readonly EngineEvent[] | Refusal {
  const { state, order, changes } = replacement;
  if (!isReplaceableStatus(order.status)) {
    return refuse("order_rule", `unable to replace order, order is not open: its status is ${order.status}`);
  }
  const problem = changesProblem(order, changes);
  if (problem !== undefined) return problem;
  const successor = submitOrder({ ...replacement, terms: successorTerms(order, changes), replaced: order });
  if ("kind" in successor) return successor;
  const replaced: EngineEvent = {
    kind: "order_replaced",
    at: state.clock,
    order: order.ordinal,
    by: state.orders.length + 1,
  };
  return [replaced, ...successor];
}

function changesProblem(order: Order, changes: OrderChanges): Refusal | undefined {
  if (order.triggeredBy !== undefined && (order.type === "stop" || changes.stopPrice !== undefined)) {
    return refuse("order_rule", "unable to replace order, its stop has been triggered");
  }
  if (order.notional !== undefined) return refuse("order_rule", "notional orders cannot be replaced");
  const { qty } = changes;
  if (qty !== undefined) {
    if (!isWholeShares(qty))
      return refuse("order_rule", `qty must be a whole number to replace an order, got ${formatUnits(qty)}`);
    if (order.qty !== undefined && !isWholeShares(order.qty))
      return refuse("order_rule", "qty of a fractional order cannot be replaced");
    if (qty <= order.filledQty) {
      return refuse(
        "invalid_order_parameter",
        `qty must be > ${formatUnits(order.filledQty)}, what the order has filled, got ${formatUnits(qty)}`,
      );
    }
  }
  return isUnchanged(order, changes) ? refuse("order_rule", "order parameters are not changed") : undefined;
}

function isUnchanged(order: Order, changes: OrderChanges): boolean {
  const isSame = <T>(asked: T | undefined, present: T | undefined): boolean => asked === undefined || asked === present;
  return (
    isSame(changes.qty, order.qty) &&
    isSame(changes.timeInForce, order.timeInForce) &&
    isSame(changes.limitPrice, order.limitPrice) &&
    isSame(changes.stopPrice, order.stopPrice) &&
    changes.clientOrderId === undefined
  );
}

function successorTerms(order: Order, changes: OrderChanges): OrderTerms {
  const total = changes.qty ?? order.qty;
  return {
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    timeInForce: changes.timeInForce ?? order.timeInForce,
    qty: total === undefined ? undefined : quantity(total - order.filledQty),
    notional: undefined,
    limitPrice: changes.limitPrice ?? order.limitPrice,
    stopPrice: changes.stopPrice ?? order.stopPrice,
    extendedHours: order.extendedHours,
    clientOrderId: changes.clientOrderId,
  };
}

export function cancelOrder(state: State, order: Order): readonly EngineEvent[] | Refusal {
  if (!isOpenStatus(order.status)) {
    return refuse("order_rule", `order is not cancelable: its status is ${order.status}`);
  }
  return [{ kind: "order_canceled", at: state.clock, order: order.ordinal, reason: "asked" }];
}
