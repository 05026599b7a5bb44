/** Prices of the past for valuing what was held then, one symbol and one month at a time, so that a long past fits. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { newYorkDate } from "../calendar/index.ts";
import { divideHalfEven, instant, isRefusal, price, type Instant, type Price, type Refusal } from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";
import { knownAt } from "./market-views.ts";

/** When something is to be valued: at the price of `pricedAt`, in the shares of `at`. The two mostly are one. */
export interface PriceMoment {
  readonly at: Instant;
  /** Not after `at`. */
  readonly pricedAt: Instant;
}

/** By symbol: when its price is wanted; quickest where the moments of a month stand together. */
export type PricesWanted = ReadonlyMap<string, readonly PriceMoment[]>;

/** By symbol: the prices that were wanted, in their order; undefined while nothing had printed. */
export type PastPrices = ReadonlyMap<string, readonly (Price | undefined)[]>;

/** What was known at each moment (rule R2); a moment after the clock is taken to be the clock. */
export async function pastPrices(market: Market, wanted: PricesWanted, clock: Instant): Promise<PastPrices | Refusal> {
  const found = new Map<string, readonly (Price | undefined)[]>();
  for (const [symbol, moments] of wanted) {
    const prices: (Price | undefined)[] = [];
    for (const month of byMonth(moments.map((moment) => clip(moment, clock)))) {
      const loaded = await market.load({ symbols: [symbol], from: month.from, until: month.until });
      if (isRefusal(loaded)) return loaded;
      for (const moment of month.moments) prices.push(priceOf({ market, loaded, symbol }, moment));
      await nextTurn();
    }
    found.set(symbol, prices);
  }
  return found;
}

const clip = ({ at, pricedAt }: PriceMoment, clock: Instant): PriceMoment => ({
  at: instant(Math.min(at, clock)),
  pricedAt: instant(Math.min(pricedAt, clock)),
});

interface MonthOfMoments {
  readonly moments: PriceMoment[];
  from: Instant;
  until: Instant;
}

/** Runs of moments whose prices are of one month, in their order. */
function byMonth(moments: readonly PriceMoment[]): readonly MonthOfMoments[] {
  const months: MonthOfMoments[] = [];
  let name = "";
  for (const moment of moments) {
    const month = newYorkDate(moment.pricedAt).slice(0, "YYYY-MM".length);
    const last = months.at(-1);
    if (last === undefined || month !== name) {
      months.push({ moments: [moment], from: moment.pricedAt, until: moment.pricedAt });
      name = month;
    } else {
      last.moments.push(moment);
      last.from = instant(Math.min(last.from, moment.pricedAt));
      last.until = instant(Math.max(last.until, moment.pricedAt));
    }
  }
  return months;
}

interface Source {
  readonly market: Market;
  readonly loaded: LoadedMarket;
  readonly symbol: string;
}

function priceOf({ market, loaded, symbol }: Source, { at, pricedAt }: PriceMoment): Price | undefined {
  const then = knownAt(market, loaded, pricedAt).lastPrice(symbol);
  if (then === undefined || pricedAt === at) return then;
  const [more, fewer] = knownAt(market, loaded, at).shareRatio(symbol, pricedAt);
  return price(divideHalfEven(then * fewer, more));
}
