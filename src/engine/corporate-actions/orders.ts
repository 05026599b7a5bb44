/** What a company's action does to open orders (rules R41, R42 and R44, after FINRA rule 5330). */
import {
  divideCeiling,
  divideFloor,
  divideHalfEven,
  isWholeShares,
  larger,
  price,
  quantity,
  SCALE,
  type CashDividend,
  type Price,
  type Quantity,
  type Split,
} from "../../kernel/index.ts";
import type { EngineEvent, OrderAdjusted } from "../event.ts";
import { tickOf } from "../models/tick.ts";
import { cancelTogether, openOrdersOf } from "../orders/groups.ts";
import { agendaMarks } from "../matching/marks.ts";
import { venueHours } from "../orders/venue.ts";
import type { Order } from "../state.ts";
import type { Booking } from "./booking.ts";

/** A forward split restates orders, a reverse split cancels them. */
export function ordersOnSplit(booking: Booking, split: Split): readonly EngineEvent[] {
  if (split.newRate < split.oldRate) return ordersOnEnd(booking, split.symbol);
  return openOrdersOf(booking.state, booking.account, split.symbol).map((order) => splitOrder(booking, order, split));
}

function splitOrder(booking: Booking, order: Order, { oldRate, newRate }: Split): OrderAdjusted {
  const restated = (at: Price | undefined): Price | undefined =>
    at === undefined ? undefined : splitPrice(at, { oldRate, newRate });
  const proportional = (at: Price | undefined): Price | undefined =>
    at === undefined ? undefined : price(divideHalfEven(at * oldRate, newRate));
  return {
    kind: "order_adjusted",
    at: booking.at,
    order: order.ordinal,
    reason: "split",
    qty: order.totalQty === undefined ? undefined : splitTotal(order, order.totalQty, { oldRate, newRate }),
    limitPrice: restated(order.limitPrice),
    stopPrice: restated(order.stopPrice),
    trailPrice: proportional(order.trailPrice),
    collar: restated(order.collar),
    mark: proportional(markOf(booking, order)),
  };
}

function markOf({ state, tape, at }: Booking, order: Order): Price | undefined {
  if (order.type !== "trailing_stop") return undefined;
  const bars = (from: typeof at) => tape.firstBar(order.symbol, from, { kind: "any" });
  return agendaMarks.before(order, at, {
    bars,
    hours: venueHours(state.config, order),
    partialDayBar: state.config.partialDayBar,
  });
}

type Ratio = Pick<Split, "oldRate" | "newRate">;

/** The price less the split value, which is rounded up to the tick (FINRA rule 5330). */
export function splitPrice(at: Price, { oldRate, newRate }: Ratio): Price {
  const tick = tickOf(at);
  const value = divideCeiling(at * (newRate - oldRate), newRate * tick) * tick;
  return larger(price(at - value), tick);
}

/** What is filled was counted in the shares of its time; what is still asked for is counted in the new ones. */
const splitTotal = ({ filledQty }: Order, total: Quantity, ratio: Ratio): Quantity =>
  quantity(filledQty + splitQty(quantity(total - filledQty), ratio));

/** Shares × ratio, cut to whole shares where they were whole. */
function splitQty(qty: Quantity, { oldRate, newRate }: Ratio): Quantity {
  const exact = divideFloor(qty * newRate, oldRate);
  return quantity(isWholeShares(qty) ? exact - (exact % SCALE) : exact);
}

/**
 * Resting buy limits and sell stops lose the dividend, rounded down to the tick; nothing falls below a cent. Members of
 * a group are left as they are (Alpaca marks them do not reduce), and so is a stop that has triggered.
 */
export function ordersOnDividend(booking: Booking, { symbol, cashPerShare }: CashDividend): readonly EngineEvent[] {
  return openOrdersOf(booking.state, booking.account, symbol)
    .filter((order) => order.orderClass === undefined && order.triggeredBy === undefined)
    .flatMap((order) => {
      const isBuy = order.side === "buy";
      const limitPrice =
        isBuy && order.stopPrice === undefined ? lessDividend(order.limitPrice, cashPerShare) : order.limitPrice;
      const stopPrice = isBuy ? order.stopPrice : lessDividend(order.stopPrice, cashPerShare);
      const isSame = limitPrice === order.limitPrice && stopPrice === order.stopPrice;
      return isSame ? [] : [dividendOrder(booking, order, { limitPrice, stopPrice })];
    });
}

/** 100.00 less 0.245 is 99.75: what is left goes down to the tick, or up to a cent at least. */
export function lessDividend(at: Price | undefined, dividend: Price): Price | undefined {
  if (at === undefined) return undefined;
  const tick = tickOf(at);
  return larger(price(divideFloor(at - dividend, tick) * tick), CENT);
}

const CENT = price(10_000_000n);

function dividendOrder(
  { at }: Booking,
  order: Order,
  prices: Pick<OrderAdjusted, "limitPrice" | "stopPrice">,
): OrderAdjusted {
  const { ordinal, trailPrice, collar, mark } = order;
  return {
    kind: "order_adjusted",
    at,
    order: ordinal,
    reason: "cash_dividend",
    qty: undefined,
    trailPrice,
    collar,
    mark,
    ...prices,
  };
}

/** Orders in shares that cease to be. */
export function ordersOnEnd(booking: Booking, symbol: string): readonly EngineEvent[] {
  const { state, account, at } = booking;
  return cancelTogether(state, openOrdersOf(state, account, symbol), { at, reason: "corporate_action" });
}
