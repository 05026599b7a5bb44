/** What an account was worth at moments of its past: what it held then, at the prices known then. */
import { holdingsAt, type Account, type State } from "../../engine/index.ts";
import { cash, parseUnits, price, valueOf, type Cash, type Price, type Quantity } from "../../kernel/index.ts";
import type { PastPrices, PriceMoment, PricesWanted } from "../../sessions/index.ts";

/** What was held at each of some moments. */
export interface Stock {
  readonly moments: readonly PriceMoment[];
  readonly holdings: readonly Held[];
  /** What a holding counts at while its symbol has no price, as in the figures of the present. */
  readonly costs: ReadonlyMap<string, Price>;
}

interface Held {
  readonly cash: Cash;
  /** Signed; what is flat is absent. */
  readonly shares: ReadonlyMap<string, Quantity>;
}

/** All in dollars. */
export interface Worth {
  readonly cash: Cash;
  readonly longMarketValue: Cash;
  /** Zero or negative. */
  readonly shortMarketValue: Cash;
  readonly equity: Cash;
}

/** Moments are ascending by `at`. */
export function takeStock(state: State, account: Account, moments: readonly PriceMoment[]): Stock {
  const holdings = holdingsAt(
    account,
    moments.map(({ at }) => at),
    state,
  );
  return { moments, holdings, costs: costsOf(state, account) };
}

function costsOf(state: State, account: Account): ReadonlyMap<string, Price> {
  const costs = new Map<string, Price>();
  for (const { symbol, avgEntryPrice } of state.config.initialPositions) {
    const units = parseUnits(avgEntryPrice);
    if (typeof units === "bigint") costs.set(symbol, price(units));
  }
  for (const { symbol, avgEntryPrice } of account.positions.values()) costs.set(symbol, avgEntryPrice);
  return costs;
}

/** Each symbol at the moments at which it was held. */
export function pricesWanted({ moments, holdings }: Stock): PricesWanted {
  const wanted = new Map<string, PriceMoment[]>();
  holdings.forEach(({ shares }, index) => {
    const moment = moments[index];
    for (const symbol of shares.keys()) {
      if (moment === undefined) continue;
      const known = wanted.get(symbol);
      if (known === undefined) wanted.set(symbol, [moment]);
      else known.push(moment);
    }
  });
  return wanted;
}

/** The worth at each moment, from prices as `pricesWanted` asked for them. */
export function valueStock({ holdings, costs }: Stock, prices: PastPrices): readonly Worth[] {
  const next = new Map<string, number>();
  return holdings.map(({ cash: money, shares }) => {
    let [long, short] = [0n, 0n];
    for (const [symbol, qty] of shares) {
      const index = next.get(symbol) ?? 0;
      next.set(symbol, index + 1);
      const each = prices.get(symbol)?.[index] ?? costs.get(symbol);
      const value = each === undefined ? 0n : valueOf(qty, each);
      if (qty > 0n) long += value;
      else short += value;
    }
    return {
      cash: money,
      longMarketValue: cash(long),
      shortMarketValue: cash(short),
      equity: cash(money + long + short),
    };
  });
}
