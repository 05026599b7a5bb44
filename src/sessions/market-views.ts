/** The engine's two ports over loaded series: what is known at an instant, and the tape. */
import type { KnownMarket, Tape } from "../engine/index.ts";
import { priceFromBar, type Instant } from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";

/** Rule R2: the open of the running bar once the clock is past its start, else the last known close. */
export function knownAt(market: Market, loaded: LoadedMarket, at: Instant): KnownMarket {
  return {
    hasSymbol: (symbol) => market.hasSymbol(symbol),
    lastPrice: (symbol) => {
      const bar = loaded.lastBarBefore(symbol, at);
      if (bar === undefined) return undefined;
      return priceFromBar(bar.end <= at ? bar.close : bar.open);
    },
  };
}

export function tapeOf(market: Market, loaded: LoadedMarket): Tape {
  return {
    firstBar: (symbol, from, condition) => loaded.firstBar(symbol, from, condition),
    barAt: (symbol, at) => loaded.barAt(symbol, at),
    knownAt: (at) => knownAt(market, loaded, at),
  };
}
