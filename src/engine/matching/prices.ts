/** What a bar would pay an order: price, reference and rule (R10 to R15). No quantities here. */
import { larger, priceFromBar, smaller, type Bar, type Price } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { FillRule } from "../event.ts";
import { slip } from "../models/slippage.ts";
import type { Order } from "../state.ts";

export interface Quote {
  readonly price: Price;
  readonly reference: Price;
  readonly rule: FillRule;
}

/** What one phase of a bar means for an order. */
export interface Verdict {
  /** The stop is reached now (and was not before). */
  readonly isTriggered: boolean;
  readonly quote: Quote | undefined;
}

const NOTHING: Verdict = { isTriggered: false, quote: undefined };

/**
 * The open of a bar that began when the order was already effective (R8). A stop that this open reaches (or that it
 * reached a moment ago, when the order's slice is reported at the bar's end) is a gap; one triggered earlier is over.
 */
export function atOpen(config: EngineConfig, order: Order, bar: Bar): Verdict {
  const open = priceFromBar(bar.open);
  const isGap = order.stopPrice !== undefined && (order.triggeredBy === undefined || order.triggeredBy === bar.start);
  if (isGap && order.triggeredBy === undefined && !isStopReached(order, open)) return NOTHING;
  const quote =
    order.limitPrice === undefined
      ? taken(config, order, open, isGap ? "gap_stop" : "open")
      : limitAtOpen(config, order, open, isGap ? "gap_stop_limit" : "open_limit");
  return { isTriggered: isGap && order.triggeredBy === undefined, quote };
}

/** High, low and close of a bar that began when the order was already effective, and that its open did not serve (R9). */
export function atEnd(config: EngineConfig, order: Order, bar: Bar): Verdict {
  if (order.type === "market") return NOTHING;
  const isResting = order.type === "limit" || order.triggeredBy !== undefined;
  if (isResting) return { isTriggered: false, quote: order.type === "stop" ? undefined : resting(config, order, bar) };
  const adverse = priceFromBar(order.side === "buy" ? bar.high : bar.low);
  if (!isStopReached(order, adverse)) return NOTHING;
  const quote = order.type === "stop" ? stopInside(config, order) : stopLimitInside(config, order, bar);
  return { isTriggered: true, quote };
}

/** The close of a day bar that was running when the order became effective: all of it that is certainly later (R4). */
export function atCloseOnly(config: EngineConfig, order: Order, bar: Bar): Verdict {
  const close = priceFromBar(bar.close);
  const needsTrigger = order.stopPrice !== undefined && order.triggeredBy === undefined;
  if (needsTrigger && !isStopReached(order, close)) return NOTHING;
  const quote =
    order.limitPrice === undefined
      ? taken(config, order, close, "close_only")
      : limitAtOpen(config, order, close, "close_only");
  return { isTriggered: needsTrigger, quote };
}

/** A taker's price: the reference with slippage. */
function taken(config: EngineConfig, order: Order, reference: Price, rule: FillRule): Quote {
  return { price: slip(config.slippage, order.side, reference), reference, rule };
}

/** A limit that a known price makes marketable: that price with slippage, never beyond the limit (R12). */
function limitAtOpen(config: EngineConfig, order: Order, reference: Price, rule: FillRule): Quote | undefined {
  const { limitPrice } = order;
  if (limitPrice === undefined || !isThrough(config, order, reference)) return undefined;
  return { price: clamp(order, slip(config.slippage, order.side, reference), limitPrice), reference, rule };
}

/** A resting limit that the bar traded through: the limit, no improvement (R11). */
function resting(config: EngineConfig, order: Order, bar: Bar): Quote | undefined {
  const extreme = priceFromBar(order.side === "buy" ? bar.low : bar.high);
  if (order.limitPrice === undefined || !isThrough(config, order, extreme)) return undefined;
  return { price: order.limitPrice, reference: order.limitPrice, rule: "through_limit" };
}

/** R13: the stop with slippage. */
function stopInside(config: EngineConfig, order: Order): Quote | undefined {
  return order.stopPrice === undefined ? undefined : taken(config, order, order.stopPrice, "touch_stop");
}

/** R15 (b) and (c): at the stop where it is better than the limit, else only by a close through the limit. */
function stopLimitInside(config: EngineConfig, order: Order, bar: Bar): Quote | undefined {
  const { stopPrice, limitPrice, side } = order;
  if (stopPrice === undefined || limitPrice === undefined) return undefined;
  if (side === "buy" ? stopPrice < limitPrice : stopPrice > limitPrice) {
    const price = clamp(order, slip(config.slippage, side, stopPrice), limitPrice);
    return { price, reference: stopPrice, rule: "touch_stop_limit" };
  }
  if (!isThrough(config, order, priceFromBar(bar.close))) return undefined;
  return { price: limitPrice, reference: limitPrice, rule: "stop_limit_by_close" };
}

/** R11: trade-through by default, touch by option. */
function isThrough(config: EngineConfig, order: Order, price: Price): boolean {
  if (order.limitPrice === undefined) return false;
  if (price === order.limitPrice) return config.limitRule === "touch";
  return order.side === "buy" ? price < order.limitPrice : price > order.limitPrice;
}

/** R13: a touch triggers. */
function isStopReached(order: Order, price: Price): boolean {
  if (order.stopPrice === undefined) return false;
  return order.side === "buy" ? price >= order.stopPrice : price <= order.stopPrice;
}

function clamp(order: Order, price: Price, limit: Price): Price {
  return order.side === "buy" ? smaller(price, limit) : larger(price, limit);
}
