/** How far a round trip went against its holder, and for it, before it ended. */
import { unitsToNumber, type Instant } from "../kernel/index.ts";
import type { PriceRange, ReportInput } from "./input.ts";
import { roundTrips } from "./round-trips.ts";
import type { RoundTrip } from "./trip.ts";

export interface Excursion {
  /** Dollars at the worst price, all shares taken at their average entry price; 0 or negative, without fees. */
  readonly adverse: number;
  /** Dollars at the best price; 0 or positive. */
  readonly favourable: number;
}

/** The excursion over the prices of the market between entry and exit; undefined where they are not known throughout. */
export function excursionOf(trip: RoundTrip, priceRange: PriceRange): Excursion | undefined {
  let { low, high } = trip;
  for (const { symbol, from, to, scale } of trip.stretches) {
    if (from === to) continue;
    const range = priceRange(symbol, from, to);
    if (range === undefined) return undefined;
    low = Math.min(low, range.low / scale);
    high = Math.max(high, range.high / scale);
  }
  const [qty, entry] = [unitsToNumber(trip.qty), unitsToNumber(trip.entryPrice)];
  const [atLow, atHigh] = [(low - entry) * qty, (high - entry) * qty];
  return trip.side === "long" ? excursion(atLow, atHigh) : excursion(-atHigh, -atLow);
}

/** The stretches of time whose price ranges the excursions of an input's closed trades need, each once. */
export function heldStretches({
  fills,
  splits,
  renames,
}: Pick<ReportInput, "fills" | "splits" | "renames">): readonly { symbol: string; from: Instant; to: Instant }[] {
  const { closed } = roundTrips(fills, splits, renames);
  const stretches = closed.flatMap((trip) => trip.stretches).filter(({ from, to }) => from < to);
  const byKey = new Map(stretches.map(({ symbol, from, to }) => [`${symbol} ${from} ${to}`, { symbol, from, to }]));
  return [...byKey.values()];
}

/** An average price can lie beyond every fill by a rounding. */
const excursion = (worst: number, best: number): Excursion => ({
  adverse: Math.min(worst, 0),
  favourable: Math.max(best, 0),
});
