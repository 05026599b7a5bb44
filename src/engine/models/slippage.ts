/** How far a fill lies from its reference price, always against the trader and on the tick (rule R29). */
import { divideCeiling, divideFloor, larger, price, unitsFromNumber, type Price } from "../../kernel/index.ts";
import type { Slippage } from "../config.ts";
import type { Side } from "../event.ts";
import { tickOf } from "./tick.ts";

/** One basis point is 1/10,000; the parameter itself is in units of 10⁻⁹. */
const BPS_DENOMINATOR = 10_000n * 1_000_000_000n;

/** The price that a taker gets for a reference price. Never below one tick. */
export function slip(model: Slippage, side: Side, reference: Price): Price {
  if (model.model === "none") return reference;
  const tick = tickOf(reference);
  const [ticks, bps] = model.model === "bps" ? [0, model.args[0]] : model.args;
  const byTicks = unitsFromNumber(ticks) * tick * 10_000n;
  const byBps = unitsFromNumber(bps) * reference;
  const distance = larger(byTicks, byBps);
  const exact = reference * BPS_DENOMINATOR;
  if (side === "buy") return price(divideCeiling(exact + distance, BPS_DENOMINATOR * tick) * tick);
  return larger(price(divideFloor(exact - distance, BPS_DENOMINATOR * tick) * tick), tick);
}
