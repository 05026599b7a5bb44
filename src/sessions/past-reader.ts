/** What may be asked of a session's market up to its clock, once the commands before have been done. */
import { DAY_MS, instant, isRefusal, type Bar, type Instant, type Refusal } from "../kernel/index.ts";
import type { Market } from "../market/index.ts";
import { pastExtremes, pastMinuteValues } from "./past-trading.ts";
import { pastPrices } from "./portfolio.ts";
import type { SessionHandle } from "./types.ts";

export type PastReader = Pick<SessionHandle, "bars" | "lastBars" | "pastPrices" | "pastExtremes" | "pastMinuteValues">;

/** `clock` waits for its turn; nothing is read while a command runs. */
export function pastReader(market: Market, clock: () => Promise<{ readonly at: Instant } | Refusal>): PastReader {
  const upToClock = async <T>(query: (at: Instant) => Promise<T | Refusal>): Promise<T | Refusal> => {
    const now = await clock();
    return isRefusal(now) ? now : query(now.at);
  };
  return {
    bars: (query) => upToClock((at) => market.bars({ ...query, knownAt: at })),
    lastBars: (symbols) => upToClock((at) => lastBars(market, symbols, at)),
    pastPrices: (wanted) => upToClock((at) => pastPrices(market, wanted, at)),
    pastExtremes: (stretches) => upToClock((at) => pastExtremes(market, stretches, at)),
    pastMinuteValues: (places) => upToClock((at) => pastMinuteValues(market, places, at)),
  };
}

/** A bar in which nothing traded is not one of them. */
async function lastBars(
  market: Market,
  symbols: readonly string[],
  at: Instant,
): Promise<ReadonlyMap<string, Bar> | Refusal> {
  const loaded = await market.load({ symbols, from: instant(at - DAY_MS), until: at });
  if (isRefusal(loaded)) return loaded;
  const found = new Map<string, Bar>();
  for (const symbol of symbols) {
    let bar = loaded.lastBarBefore(symbol, at);
    // Only the running bar, if there is one, has not ended.
    if (bar !== undefined && bar.end > at) bar = loaded.lastBarBefore(symbol, bar.start);
    if (bar !== undefined && bar.end <= at) found.set(symbol, bar);
  }
  return found;
}
