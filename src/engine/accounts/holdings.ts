/** What an account holds of a symbol, what of it open orders hold, and what it is worth. */
import {
  absolute,
  averagePrice,
  cash,
  divideHalfEven,
  NO_SHARES,
  price,
  quantity,
  SCALE,
  sharesFor,
  smaller,
  valueOf,
} from "../../kernel/index.ts";
import type { Cash, Price, Quantity } from "../../kernel/index.ts";
import { openOrdersOf } from "../orders/groups.ts";
import { isWorkingStatus } from "../orders/lifecycle.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Order, Position, State } from "../state.ts";
import { dayBefore, holdingsBackAt } from "./last-close.ts";

export interface PositionFigures {
  readonly currentPrice: Price | undefined;
  readonly marketValue: Cash | undefined;
  readonly unrealizedPnl: Cash | undefined;
  /** Shares, signed like the position, less what open closing orders hold. */
  readonly qtyAvailable: Quantity;
  /** The last known price at the close before today, in the shares of today. */
  readonly lastdayPrice: Price | undefined;
  /** Change since then as a fraction, in units of 10⁻⁹. */
  readonly changeToday: bigint | undefined;
  /** Against the last close for what was held then, against its entry for what was opened since. */
  readonly unrealizedIntradayPnl: Cash | undefined;
  /** What that profit is relative to; positive. */
  readonly intradayCost: Cash | undefined;
}

interface Holder {
  readonly state: State;
  readonly account: Account;
  readonly market: KnownMarket;
}

export function positionFigures(
  state: State,
  account: Account,
  position: Position,
  market: KnownMarket,
): PositionFigures {
  const currentPrice = market.lastPrice(position.symbol);
  const marketValue = currentPrice === undefined ? undefined : valueOf(position.qty, currentPrice);
  const free = absolute(position.qty) - heldForClosing(state, account, position, currentPrice);
  const lastdayPrice = lastdayPriceOf({ state, account, market }, position.symbol);
  const intradayCost = intradayCostOf({ state, account, market }, position, lastdayPrice);
  return {
    currentPrice,
    marketValue,
    unrealizedPnl: marketValue === undefined ? undefined : cash(marketValue - position.costBasis),
    qtyAvailable: quantity(position.qty > 0n ? free : -free),
    lastdayPrice,
    changeToday: changeOf(lastdayPrice, currentPrice),
    unrealizedIntradayPnl:
      marketValue === undefined || intradayCost === undefined ? undefined : cash(marketValue - intradayCost),
    intradayCost: intradayCost === undefined ? undefined : absolute(intradayCost),
  };
}

function changeOf(before: Price | undefined, now: Price | undefined): bigint | undefined {
  if (before === undefined || now === undefined || before === 0n) return undefined;
  return divideHalfEven((now - before) * SCALE, before);
}

function lastdayPriceOf({ state, market }: Holder, symbol: string): Price | undefined {
  const close = dayBefore(state.clock)?.close;
  const then = close === undefined ? undefined : market.priceAt(symbol, close);
  if (close === undefined || then === undefined) return undefined;
  const [more, fewer] = market.shareRatio(symbol, close);
  return price(divideHalfEven(then * fewer, more));
}

/** What is held counts at the last close as far as it was held then, and at its cost beyond; signed like the position. */
function intradayCostOf(
  { state, account, market }: Holder,
  position: Position,
  lastday: Price | undefined,
): Cash | undefined {
  const close = dayBefore(state.clock)?.close;
  if (lastday === undefined || close === undefined) return undefined;
  const [more, fewer] = market.shareRatio(position.symbol, close);
  const then = holdingsBackAt(account, close, state).shares.get(position.symbol) ?? NO_SHARES;
  const before = divideHalfEven(then * more, fewer);
  const isSameSide = before !== 0n && before > 0n === position.qty > 0n;
  const kept = isSameSide ? smaller(absolute(before), absolute(position.qty)) : 0n;
  const signed = quantity(position.qty > 0n ? kept : -kept);
  const added = quantity(position.qty - signed);
  const entry = entrySince({ state, account, market }, position, close);
  return cash(valueOf(signed, lastday) + valueOf(added, entry));
}

/** The average price at which a position was opened or grown since an instant; its average where nothing was. */
function entrySince({ state, account }: Holder, { symbol, avgEntryPrice }: Position, since: number): Price {
  let [shares, paid] = [0n, 0n];
  for (let index = account.activities.length - 1; index >= 0; index -= 1) {
    const activity = account.activities.get(index);
    if (activity === undefined || activity.at <= since) break;
    if (activity.kind !== "order_filled") continue;
    const order = state.orders.get(activity.order - 1);
    if (order?.symbol !== symbol || !order.isOpening) continue;
    shares += activity.qty;
    paid += activity.cash;
  }
  return shares === 0n ? avgEntryPrice : averagePrice(cash(paid), quantity(shares));
}

/** Shares that open orders on the other side of a position hold, which Alpaca calls held_for_orders. */
export function heldForClosing(state: State, account: Account, position: Position, last: Price | undefined): Quantity {
  return heldBesides(state, account, position, { last, besides: [] });
}

/** The same, as if some orders were not there. */
export function heldBesides(
  state: State,
  account: Account,
  position: Position,
  { last, besides }: { readonly last: Price | undefined; readonly besides: readonly Order[] },
): Quantity {
  const closingSide = position.qty > 0n ? "sell" : "buy";
  let held = 0n;
  for (const order of openOrdersOf(state, account, position.symbol)) {
    if (order.side !== closingSide || besides.includes(order)) continue;
    if (isGroupReserving(state, order)) held += remainingShares(order, last);
  }
  return smaller(quantity(held), absolute(position.qty));
}

/** A group reserves its shares once, and only from when its entry is filled. */
export function isGroupReserving(state: State, order: Order): boolean {
  if (order.leg === undefined) return true;
  const parent = order.parent === undefined ? undefined : state.orders.get(order.parent - 1);
  if (parent === undefined) return true;
  if (order.orderClass === "oco") return !isWorkingStatus(parent.status) && parent.status !== "accepted";
  if (parent.status !== "filled") return false;
  const target = parent.legs.map((leg) => state.orders.get(leg - 1)).find((leg) => leg?.leg === "take_profit");
  return order.leg === "take_profit" || target === undefined || !isWorkingStatus(target.status);
}

/** Shares that an order may close: what is held on the other side, less what orders with a size hold of it. */
export function closable(state: State, account: Account, order: Order): Quantity {
  const position = account.positions.get(order.symbol);
  if (position === undefined || position.qty > 0n === (order.side === "buy")) return NO_SHARES;
  return quantity(absolute(position.qty) - heldForClosing(state, account, position, undefined));
}

/** Shares on the other side of an order, whoever holds them. */
export function opposing(account: Account, order: Pick<Order, "symbol" | "side">): Quantity {
  const position = account.positions.get(order.symbol);
  if (position === undefined || position.qty > 0n === (order.side === "buy")) return NO_SHARES;
  return absolute(position.qty);
}

/** Shares an order still asks for; of a notional order that has no size yet, what the last price makes of it. */
function remainingShares(order: Order, last: Price | undefined): bigint {
  if (order.totalQty !== undefined) return order.totalQty - order.filledQty;
  if (order.notional === undefined || last === undefined) return 0n;
  return sharesFor(order.notional, last);
}
