/** Trailing stops (rule R16): the mark, the stop that follows it, and what one bar does to both. */
import { divideCeiling, divideFloor, larger, price, priceFromBar, SCALE, smaller } from "../../kernel/index.ts";
import type { Bar, Price } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { FillRule } from "../event.ts";
import { tickOf } from "../models/tick.ts";
import type { Order } from "../state.ts";

const isSell = (order: Order): boolean => order.side === "sell";

/** The better of two prices for the mark: the higher for a sell, the lower for a buy. */
export const betterMark = (order: Order, a: Price, b: Price): Price => (isSell(order) ? larger(a, b) : smaller(a, b));

/** The stop behind a mark, on the tick that lies further from it. */
export function stopBehind(order: Order, mark: Price): Price {
  const away = order.trailPrice === undefined ? percentOf(order, mark) : order.trailPrice * PERCENT;
  const exact = mark * PERCENT + (isSell(order) ? -away : away);
  const tick = tickOf(exact / PERCENT) * PERCENT;
  const ticks = isSell(order) ? divideFloor(exact, tick) : divideCeiling(exact, tick);
  return larger(price((ticks * tick) / PERCENT), tickOf(0n));
}

/** One hundred percent in the units of a percentage. */
const PERCENT = 100n * SCALE;

const percentOf = (order: Order, mark: Price): bigint => mark * (order.trailPercent ?? 0n);

export const isBeyond = (order: Order, at: Price, stop: Price): boolean => (isSell(order) ? at <= stop : at >= stop);

/** What a bar means for a trailing stop that it finds with a mark. */
export interface TrailVerdict {
  readonly phase: "open" | "end";
  readonly stop: Price;
  /** The mark that the stop lies behind. */
  readonly mark: Price;
  readonly rule: Extract<FillRule, "gap_trail" | "trail_old_stop" | "trail_new_stop">;
}

/** Where in a bar the stop is hit, or undefined where the bar only moves the mark. */
export function trailVerdict(
  config: EngineConfig,
  order: Order,
  mark: Price | undefined,
  bar: Bar,
): TrailVerdict | undefined {
  const open = priceFromBar(bar.open);
  if (mark !== undefined) {
    const stop = stopBehind(order, mark);
    if (isBeyond(order, open, stop)) return { phase: "open", stop, mark, rule: "gap_trail" };
  }
  return insideVerdict(config, order, { mark: betterMark(order, mark ?? open, open), bar });
}

function insideVerdict(
  config: EngineConfig,
  order: Order,
  { mark, bar }: { readonly mark: Price; readonly bar: Bar },
): TrailVerdict | undefined {
  const adverse = priceFromBar(isSell(order) ? bar.low : bar.high);
  const oldStop = stopBehind(order, mark);
  const newMark = markAfter(order, mark, bar);
  const newStop = stopBehind(order, newMark);
  const isOldHit = isBeyond(order, adverse, oldStop);
  if (config.intrabar === "worst_case" || isAdverseFirst(config, order, bar)) {
    if (isOldHit) return { phase: "end", stop: oldStop, mark, rule: "trail_old_stop" };
    const later = config.intrabar === "worst_case" ? adverse : priceFromBar(bar.close);
    return isBeyond(order, later, newStop)
      ? { phase: "end", stop: newStop, mark: newMark, rule: "trail_new_stop" }
      : undefined;
  }
  return isBeyond(order, adverse, newStop)
    ? { phase: "end", stop: newStop, mark: newMark, rule: "trail_new_stop" }
    : undefined;
}

/** The mark once a bar is over that did not hit the stop. */
export function markAfter(order: Order, mark: Price | undefined, bar: Bar): Price {
  const favourable = priceFromBar(isSell(order) ? bar.high : bar.low);
  return betterMark(order, mark ?? favourable, favourable);
}

/** Whether the extreme that hurts a resting stop is taken to come first. */
export function isAdverseFirst(config: EngineConfig, { side }: Pick<Order, "side">, bar: Bar): boolean {
  const isLowAdverse = side === "sell";
  switch (config.intrabar) {
    case "ohlc":
      return !isLowAdverse;
    case "olhc":
      return isLowAdverse;
    case "adaptive": {
      const [open, high, low] = [priceFromBar(bar.open), priceFromBar(bar.high), priceFromBar(bar.low)];
      const [toLow, toHigh] = [open - low, high - open];
      return isLowAdverse ? toLow <= toHigh : toHigh <= toLow;
    }
    default:
      return true;
  }
}
