/** What may be asked of a session's market up to its clock, once the commands before have been done. */
import { isRefusal, type Instant, type Refusal } from "../kernel/index.ts";
import type { Market } from "../market/index.ts";
import { pastExtremes, pastMinuteValues } from "./past-trading.ts";
import { pastPrices } from "./portfolio.ts";
import type { SessionHandle } from "./types.ts";

export type PastReader = Pick<SessionHandle, "bars" | "pastPrices" | "pastExtremes" | "pastMinuteValues">;

/** `clock` waits for its turn; nothing is read while a command runs. */
export function pastReader(market: Market, clock: () => Promise<{ readonly at: Instant } | Refusal>): PastReader {
  const upToClock = async <T>(query: (at: Instant) => Promise<T | Refusal>): Promise<T | Refusal> => {
    const now = await clock();
    return isRefusal(now) ? now : query(now.at);
  };
  return {
    bars: (query) => upToClock((at) => market.bars({ ...query, knownAt: at })),
    pastPrices: (wanted) => upToClock((at) => pastPrices(market, wanted, at)),
    pastExtremes: (stretches) => upToClock((at) => pastExtremes(market, stretches, at)),
    pastMinuteValues: (places) => upToClock((at) => pastMinuteValues(market, places, at)),
  };
}
