/** Whether an account can pay for an order: cost, side and holdings (rules R33 and R34). */
import { divideHalfEven, formatUnits, larger, price, valueOf, type Cash, type Price } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { OrderTerms, Side } from "../event.ts";
import { slip } from "../models/slippage.ts";
import type { Account, Order } from "../state.ts";
import type { AccountFigures } from "./figures.ts";

/** Whether an order opens or grows a position; the rest closes and needs no buying power. */
export function isOpening(account: Account, order: { readonly symbol: string; readonly side: Side }): boolean {
  const position = account.positions.get(order.symbol);
  return position === undefined || position.qty > 0n === (order.side === "buy");
}

/**
 * What an opening order must be able to pay (R33), or undefined while no price is known.
 * Buy: limit, else stop, else the last price as a market order would get it. Short: the larger of the limit and 1.03 × last.
 */
export function costOf(config: EngineConfig, terms: OrderTerms, last: Price | undefined): Cash | undefined {
  if (terms.notional !== undefined) return terms.notional;
  const each = terms.side === "buy" ? buyPrice(config, terms, last) : shortPrice(terms, last);
  return each === undefined || terms.qty === undefined ? undefined : valueOf(terms.qty, each);
}

function buyPrice(config: EngineConfig, terms: OrderTerms, last: Price | undefined): Price | undefined {
  const asked = terms.limitPrice ?? terms.stopPrice;
  if (asked !== undefined) return asked;
  return last === undefined ? undefined : slip(config.slippage, "buy", last);
}

function shortPrice(terms: OrderTerms, last: Price | undefined): Price | undefined {
  const marked = last === undefined ? undefined : price(divideHalfEven(last * 103n, 100n));
  const asked = terms.limitPrice ?? terms.stopPrice;
  if (asked === undefined || marked === undefined) return asked ?? marked;
  return larger(asked, marked);
}

/** Free cash pays whatever is held, as long as that is no debt: longs only add to it. */
export const isPaidInCash = (account: Account, cost: Cash): boolean =>
  account.shorts === 0 && cost <= account.cash - account.reserved;

/** The reason why an opening order cannot be paid for at its fill, or undefined. */
export function fundsProblem({ buyingPower }: AccountFigures, cost: Cash): string | undefined {
  if (cost <= buyingPower) return undefined;
  return `insufficient buying power (required: ${formatUnits(cost)}, available: ${formatUnits(buyingPower)})`;
}

/** Open orders that open a position on the other side, be it after closing one; Alpaca refuses to be on both sides at once. */
export const hasOpeningOrder = (orders: readonly Order[], side: Side): boolean =>
  orders.some((order) => order.side === side && (order.isOpening || order.isFlip === true));
