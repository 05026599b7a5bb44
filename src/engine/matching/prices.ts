/** What a bar would pay an order: price, reference and rule (R10 to R18, R25). No quantities here. */
import { larger, price, priceFromBar, smaller, type Bar, type Price } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { FillRule } from "../event.ts";
import { slip } from "../models/slippage.ts";
import { tickOf } from "../models/tick.ts";
import type { Order } from "../state.ts";
import { isBeyond, stopBehind, trailVerdict, type TrailVerdict } from "./trail.ts";

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
  /** Where a trailing stop was hit. */
  readonly trail?: TrailVerdict | undefined;
}

/** An order as a bar finds it. */
export interface Asked {
  readonly config: EngineConfig;
  readonly order: Order;
  readonly bar: Bar;
  /** The mark of a trailing stop before this bar. */
  readonly mark: Price | undefined;
}

const NOTHING: Verdict = { isTriggered: false, quote: undefined };

/** The worst price an order may have: its limit, or the collar that stands in for one. */
const limitOf = ({ limitPrice, collar }: Order): Price | undefined => limitPrice ?? collar;

const hasStop = ({ type }: Order): boolean => type === "stop" || type === "stop_limit" || type === "trailing_stop";

/**
 * The open of a bar that began when the order was already effective (R8). A stop that this open reaches (or that it
 * reached a moment ago, when the order's slice is reported at the bar's end) is a gap; one triggered earlier is over.
 */
export function atOpen(asked: Asked): Verdict {
  const { order, bar } = asked;
  const open = priceFromBar(bar.open);
  const isGap = hasStop(order) && (order.triggeredBy === undefined || isGapOf(asked));
  const trail = order.type === "trailing_stop" && order.triggeredBy === undefined ? trailOf(asked, "open") : undefined;
  if (isGap && order.triggeredBy === undefined && trail === undefined && !isStopReached(order, open)) return NOTHING;
  const quote =
    limitOf(order) === undefined
      ? taken(asked, open, takerRule(order, isGap))
      : limitAtOpen(asked, open, limitRule(order, isGap));
  return { isTriggered: isGap && order.triggeredBy === undefined, quote, trail };
}

/** Whether this very bar's open triggered the order: had it been a touch, its slice would have come at the bar's end. */
const isGapOf = ({ order, bar }: Asked): boolean => order.triggeredBy === bar.start;

/** Where a trailing stop is hit, if it is in this phase of the bar. */
function trailOf({ config, order, bar, mark }: Asked, phase: TrailVerdict["phase"]): TrailVerdict | undefined {
  const verdict = trailVerdict(config, order, mark, bar);
  return verdict?.phase === phase ? verdict : undefined;
}

function takerRule(order: Order, isGap: boolean): FillRule {
  if (!isGap) return "open";
  return order.type === "trailing_stop" ? "gap_trail" : "gap_stop";
}

function limitRule(order: Order, isGap: boolean): FillRule {
  if (isGap) return "gap_stop_limit";
  return order.type === "market" ? "open" : "open_limit";
}

/** High, low and close of a bar that began when the order was already effective, and that its open did not serve (R9). */
export function atEnd(asked: Asked): Verdict {
  const { order, bar } = asked;
  if (!hasStop(order) || order.triggeredBy !== undefined) return { isTriggered: false, quote: resting(asked) };
  if (order.type === "trailing_stop") return trailInside(asked);
  const adverse = priceFromBar(order.side === "buy" ? bar.high : bar.low);
  if (!isStopReached(order, adverse)) return NOTHING;
  return { isTriggered: true, quote: stopInside(asked) };
}

function trailInside(asked: Asked): Verdict {
  const trail = trailOf(asked, "end");
  if (trail === undefined) return NOTHING;
  return { isTriggered: true, quote: taken(asked, trail.stop, trail.rule), trail };
}

/** The close of a day bar that was running when the order became effective: all of it that is certainly later (R4). */
export function atCloseOnly(asked: Asked): Verdict {
  const { order, bar } = asked;
  const close = priceFromBar(bar.close);
  if (order.type === "trailing_stop" && order.triggeredBy === undefined) return trailAtClose(asked, close);
  const needsTrigger = hasStop(order) && order.triggeredBy === undefined;
  if (needsTrigger && !isStopReached(order, close)) return NOTHING;
  const quote =
    limitOf(order) === undefined ? taken(asked, close, "close_only") : limitAtOpen(asked, close, "close_only");
  return { isTriggered: needsTrigger, quote };
}

/** A mark from before the close is all that a trailing stop has there; a close that does not reach its stop moves it. */
function trailAtClose(asked: Asked, close: Price): Verdict {
  const { order, mark } = asked;
  if (mark === undefined) return NOTHING;
  const stop = stopBehind(order, mark);
  if (!isBeyond(order, close, stop)) return NOTHING;
  return {
    isTriggered: true,
    quote: taken(asked, close, "close_only"),
    trail: { phase: "end", stop, mark, rule: "gap_trail" },
  };
}

/** The official price of an auction, the same for everybody (R18). */
export function atAuction(asked: Asked, official: Price, rule: FillRule): Quote | undefined {
  const quote = { price: official, reference: official, rule };
  return asked.order.limitPrice === undefined || isThrough(asked, official) ? quote : undefined;
}

/** What is certain of a leg in the very bar inside which its entry was filled (R25). */
export function insideEntryBar(asked: Asked, entry: Order, other: Order | undefined): Verdict {
  const { order, bar } = asked;
  if (hasStop(order)) {
    const adverse = priceFromBar(order.side === "buy" ? bar.high : bar.low);
    if (!isStopReached(order, adverse)) return NOTHING;
    return { isTriggered: true, quote: renamed(stopInside(asked), "same_bar_stop") };
  }
  if (other !== undefined && isStopReached(other, priceFromBar(other.side === "buy" ? bar.high : bar.low)))
    return NOTHING;
  const favourable = priceFromBar(order.side === "buy" ? bar.low : bar.high);
  const isCertain =
    isThrough(asked, priceFromBar(bar.close)) || (isFilledAtStop(entry, bar) && isThrough(asked, favourable));
  return { isTriggered: false, quote: isCertain ? renamed(resting(asked), "same_bar_target") : undefined };
}

/** Whether an entry filled at the very touch of its stop inside the bar, so that all beyond the stop came later. */
function isFilledAtStop({ stopPrice, triggeredBy, side, ...entry }: Order, bar: Bar): boolean {
  if (stopPrice === undefined || triggeredBy !== bar.start) return false;
  const open = priceFromBar(bar.open);
  const isGap = side === "buy" ? open >= stopPrice : open <= stopPrice;
  const limit = entry.limitPrice ?? entry.collar;
  return !isGap && (limit === undefined || (side === "buy" ? stopPrice < limit : stopPrice > limit));
}

const renamed = (quote: Quote | undefined, rule: FillRule): Quote | undefined =>
  quote === undefined ? undefined : { ...quote, rule };

/** A taker's price: the reference with slippage. */
function taken({ config, order }: Asked, reference: Price, rule: FillRule): Quote {
  return { price: slip(config.slippage, order.side, reference), reference, rule };
}

/** A limit that a known price makes marketable: that price with slippage, never beyond the limit (R12). */
function limitAtOpen(asked: Asked, reference: Price, rule: FillRule): Quote | undefined {
  const { config, order } = asked;
  const limit = limitOf(order);
  if (limit === undefined || !isThrough(asked, reference)) return undefined;
  return { price: clamp(order, slip(config.slippage, order.side, reference), limit), reference, rule };
}

/** A resting limit that the bar traded through: the limit, no improvement (R11). */
function resting(asked: Asked): Quote | undefined {
  const { order, bar } = asked;
  const limit = limitOf(order);
  const extreme = priceFromBar(order.side === "buy" ? bar.low : bar.high);
  if (limit === undefined || !isThrough(asked, extreme)) return undefined;
  return { price: limit, reference: limit, rule: "through_limit" };
}

/** R13: the stop with slippage. R15 (b) and (c): at the stop where it is better than the limit, else only by the close. */
function stopInside(asked: Asked): Quote | undefined {
  const { config, order, bar } = asked;
  const { stopPrice, side } = order;
  const limit = limitOf(order);
  if (stopPrice === undefined) return undefined;
  if (limit === undefined) return taken(asked, stopPrice, "touch_stop");
  if (side === "buy" ? stopPrice < limit : stopPrice > limit) {
    return {
      price: clamp(order, slip(config.slippage, side, stopPrice), limit),
      reference: stopPrice,
      rule: "touch_stop_limit",
    };
  }
  if (!isThrough(asked, priceFromBar(bar.close))) return undefined;
  return { price: limit, reference: limit, rule: "stop_limit_by_close" };
}

/** R11: trade-through by default; a touch, or one tick more, by option. */
function isThrough({ config, order }: Asked, at: Price): boolean {
  const limit = limitOf(order);
  if (limit === undefined) return false;
  if (config.limitRule === "touch") return order.side === "buy" ? at <= limit : at >= limit;
  const margin = config.limitRule === "through_by_tick" ? tickOf(limit) : 0n;
  return order.side === "buy" ? at < price(limit - margin) : at > price(limit + margin);
}

/** R13: a touch triggers. */
function isStopReached(order: Order, at: Price): boolean {
  if (order.stopPrice === undefined) return false;
  return order.side === "buy" ? at >= order.stopPrice : at <= order.stopPrice;
}

function clamp(order: Order, at: Price, limit: Price): Price {
  return order.side === "buy" ? smaller(at, limit) : larger(at, limit);
}
