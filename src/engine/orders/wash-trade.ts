/** Self-trade prevention as Alpaca has it: an account may not meet its own order. */
import { refuse, type Price, type Refusal } from "../../kernel/index.ts";
import type { OrderTerms } from "../event.ts";
import type { Order } from "../state.ts";

/** Members of groups and trailing stops are exempt. */
const isExempt = ({ orderClass, type }: Pick<OrderTerms, "orderClass" | "type">): boolean =>
  orderClass !== undefined || type === "trailing_stop";

/** The refusal of an order that another open one of its symbol, on the other side, could meet; or undefined. */
export function washTradeProblem(
  others: readonly Order[],
  terms: OrderTerms,
  replaced: Order | undefined,
): Refusal | undefined {
  if (isExempt(terms)) return undefined;
  for (const order of others) {
    if (order.side === terms.side || order === replaced || isExempt(order)) continue;
    const reason = meeting(order, terms);
    if (reason === undefined) continue;
    const details = { reject_reason: reason };
    const refusal = refuse("order_refused", "potential wash trade detected. use complex orders", details);
    return { ...refusal, orders: { existing_order_id: order.ordinal } };
  }
  return undefined;
}

function meeting(existing: Order, terms: OrderTerms): string | undefined {
  if (existing.limitPrice === undefined || terms.limitPrice === undefined)
    return "opposite side market/stop order exists";
  const [buy, sell]: readonly Price[] =
    terms.side === "buy" ? [terms.limitPrice, existing.limitPrice] : [existing.limitPrice, terms.limitPrice];
  return buy !== undefined && sell !== undefined && buy >= sell ? "opposite side limit order exists" : undefined;
}
