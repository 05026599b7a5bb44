/** How much money the same trades could carry: an estimate. */
import { unitsToNumber } from "../kernel/index.ts";
import type { FillFact } from "./input.ts";
import { lowest, mean, ratio, sum } from "./moments.ts";

/** Of what a market trades in a minute, the share that one may be without moving it: LEAN's figure for minute bars. */
const MARKET_SHARE = 0.2;

/**
 * Dollars of equity at which the scarcest symbol would take 20 % of the market's minute: the least of 20 % × mean
 * market value at its fills / its share of all that was traded. LEAN's idea over the whole run, without its weekly
 * snapshots. NaN without fills, and where a fill does not say what the market traded.
 */
export function estimatedCapacity(fills: readonly FillFact[]): number {
  // What no order made moved no market.
  const made = fills.filter(({ order }) => order > 0);
  const traded = sum(made.map(valueOf));
  const capacities = bySymbol(made).map((group) => {
    const market = mean(group.map(({ marketValue }) => marketValue ?? Number.NaN));
    return ratio(MARKET_SHARE * market, ratio(sum(group.map(valueOf)), traded));
  });
  return lowest(capacities);
}

const valueOf = (fill: FillFact): number => unitsToNumber(fill.cash);

function bySymbol(fills: readonly FillFact[]): readonly (readonly FillFact[])[] {
  const groups = new Map<string, FillFact[]>();
  for (const fill of fills) {
    const group = groups.get(fill.symbol);
    if (group === undefined) groups.set(fill.symbol, [fill]);
    else group.push(fill);
  }
  return [...groups.values()];
}
