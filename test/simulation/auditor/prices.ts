/** Ticks, slippage, limits and trailing stops (R11, R16, R29, R30), in units of 10⁻⁹ and nothing else. */
import type { EngineConfig, Side } from "../../../src/engine/index.ts";
import { divideCeiling, divideFloor, SCALE, unitsFromNumber } from "../../../src/kernel/index.ts";

const CENT = SCALE / 100n;
const TENTH_OF_A_MILL = SCALE / 10_000n;

/** R30: a cent at one dollar and above, a hundredth of a cent below. */
export const tickOf = (price: bigint): bigint => (price >= SCALE ? CENT : TENTH_OF_A_MILL);

export const floorTo = (step: bigint, value: bigint): bigint => divideFloor(value, step) * step;
export const ceilingTo = (step: bigint, value: bigint): bigint => divideCeiling(value, step) * step;

/** R29: the reference price moved against the trader, then rounded to the tick against the trader. */
export function slipped(config: EngineConfig, reference: bigint, side: Side): bigint {
  const { slippage } = config;
  if (slippage.model === "none") return reference;
  // Everything times 10⁴ (basis points) × 10⁹ (units of the model's arguments), so that nothing is divided early.
  const whole = 10_000n * SCALE;
  const tick = tickOf(reference);
  const [first, second] = slippage.args;
  const byPoints = reference * unitsFromNumber(slippage.model === "bps" ? first : (second ?? 0));
  const byTicks = slippage.model === "bps" ? 0n : tick * unitsFromNumber(first) * 10_000n;
  const away = byPoints > byTicks ? byPoints : byTicks;
  if (side === "buy") return divideCeiling(reference * whole + away, whole * tick) * tick;
  return divideFloor(reference * whole - away, whole * tick) * tick;
}

/** Whether a price proves that a limit was reached, by the rule of the session (R11). */
export function isThrough(config: EngineConfig, price: bigint, limit: bigint, side: Side): boolean {
  // A sell is a buy in a mirror.
  const better = side === "buy" ? limit - price : price - limit;
  if (config.limitRule === "touch") return better >= 0n;
  if (config.limitRule === "through") return better > 0n;
  return better > tickOf(limit);
}

/** Whether a price is at or beyond a stop (R13). */
export const isAtStop = (price: bigint, stop: bigint, side: Side): boolean =>
  side === "sell" ? price <= stop : price >= stop;

/** Never beyond the limit. */
export function clamped(price: bigint, limit: bigint, side: Side): bigint {
  if (side === "buy") return price < limit ? price : limit;
  return price > limit ? price : limit;
}

/** R16: the stop that a mark gives, rounded to the tick away from the mark. */
export function trailingStop(
  mark: bigint,
  trail: { readonly price: bigint | undefined; readonly percent: bigint | undefined },
  side: Side,
): bigint {
  // Both forms over a denominator of 100 × 10⁹, so that a percentage is exact until it is rounded.
  const whole = 100n * SCALE;
  const distance = trail.price === undefined ? mark * (trail.percent ?? 0n) : trail.price * whole;
  const exact = side === "sell" ? mark * whole - distance : mark * whole + distance;
  const tick = tickOf(divideFloor(exact, whole));
  return side === "sell" ? divideFloor(exact, whole * tick) * tick : divideCeiling(exact, whole * tick) * tick;
}

/** The collar of a buy stop: 4 % above, 2.5 % from 50 dollars, cut to the tick. */
export function buyStopCollar(stop: bigint): bigint {
  const factor = stop < 50n * SCALE ? 1040n : 1025n;
  const exact = (stop * factor) / 1000n;
  return floorTo(tickOf(exact), exact);
}

/** A share away from the last price, cut to the tick. */
export function marketCollarOf(last: bigint, share: bigint, side: Side): bigint {
  const exact = side === "buy" ? last * (SCALE + share) : last * (SCALE - share);
  const tick = tickOf(exact / SCALE);
  return divideFloor(exact, SCALE * tick) * tick;
}

/** The mark of a trailing stop only ever moves in the trader's favour: up for a sell, down for a buy. */
export function betterMark(order: { readonly side: Side; readonly mark: bigint | undefined }, price: bigint): bigint {
  if (order.mark === undefined) return price;
  const isBetter = order.side === "sell" ? price > order.mark : price < order.mark;
  return isBetter ? price : order.mark;
}
