/** Which order of an account a client_order_id stands for: the one that chose it, or the one that shows it as its own. */
import type { Account, Order } from "../../engine/index.ts";
import { refuse, type Refusal } from "../../kernel/index.ts";
import type { SessionView } from "../../sessions/index.ts";

/** By the id that the client gave, or by the one that it was given for want of it. */
export function orderByClientId(view: SessionView, account: Account, id: string): Order | undefined {
  const chosen = account.clientOrderIds.get(id);
  return chosen === undefined ? generatedOrder(view, account, id) : view.state.orders.get(chosen - 1);
}

/** The engine knows the ids that were chosen; those that were generated are wire ids, and looked after here. */
export function clientOrderIdProblem(view: SessionView, account: Account, id: string | undefined): Refusal | undefined {
  if (id === undefined || generatedOrder(view, account, id) === undefined) return undefined;
  return refuse("invalid_order_parameter", "client_order_id must be unique");
}

/** The order that has an id for want of a chosen one; like any UUID, it may come in capitals. */
function generatedOrder({ ids, state }: SessionView, account: Account, id: string): Order | undefined {
  const order = state.orders.get((ids.findOrder(id) ?? 0) - 1);
  return order?.account === account.ordinal && order.clientOrderId === undefined ? order : undefined;
}
