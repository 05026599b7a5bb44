/** A tape over plain arrays, searched by scanning: the dumb twin of the market's series. */
import type { KnownMarket, Tape } from "../../src/engine/index.ts";
import { priceFromBar, type Bar, type BarCondition, type Instant } from "../../src/kernel/index.ts";

export type BarsBySymbol = Readonly<Record<string, readonly Bar[]>>;

export function arrayTape(bars: BarsBySymbol): Tape {
  const of = (symbol: string): readonly Bar[] => bars[symbol] ?? [];
  return {
    firstBar: (symbol, from, condition) => of(symbol).find((bar) => bar.start >= from && meets(bar, condition)),
    barAt: (symbol, at) => of(symbol).find((bar) => bar.start <= at && at < bar.end),
    knownAt: (at) => knownFrom(bars, at),
  };
}

function meets(bar: Bar, condition: BarCondition): boolean {
  if (condition.kind === "any") return true;
  if (condition.kind === "low_below") {
    return bar.low < condition.price || (condition.orEqual && bar.low === condition.price);
  }
  return bar.high > condition.price || (condition.orEqual && bar.high === condition.price);
}

/** What is known of the arrays at an instant (rule R2). */
export function knownFrom(bars: BarsBySymbol, at: Instant): KnownMarket {
  return {
    hasSymbol: (symbol) => bars[symbol] !== undefined,
    lastPrice: (symbol) => {
      const last = (bars[symbol] ?? []).findLast((bar) => bar.start < at && bar.volume > 0);
      if (last === undefined) return undefined;
      return priceFromBar(last.end <= at ? last.close : last.open);
    },
  };
}
