/** The engine's two ports over loaded series: what is known at an instant, and the tape. */
import { effectiveAt } from "../calendar/index.ts";
import { MARK_UNITS_MAX, type AssetTraits, type KnownMarket, type MarkAt, type Tape } from "../engine/index.ts";
import {
  divideHalfEven,
  type Bar,
  price,
  priceFromBar,
  type CorporateAction,
  type Instant,
  type Price,
} from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";

const NO_ACTIONS: readonly CorporateAction[] = [];

/** What the catalog says of a symbol, looked up once for a view of series, which belongs to one generation of it. */
interface SymbolFacts {
  readonly actions: readonly CorporateAction[];
  readonly traits: AssetTraits | undefined;
  readonly mark: MarkAt;
}

/** A market and a view of its series, with what is looked up once. */
interface Facts {
  readonly market: Market;
  readonly loaded: LoadedMarket;
  readonly of: (symbol: string) => SymbolFacts;
}

const factsOfView = new WeakMap<LoadedMarket, Facts>();

/** Rule R39: what a company does to its shares counts only where prices are raw. */
export function actionsOf(market: Market, symbol: string): readonly CorporateAction[] {
  return market.isAdjusted(symbol) ? NO_ACTIONS : market.corporateActions(symbol);
}

function viewedFacts(market: Market, loaded: LoadedMarket): Facts {
  const known = factsOfView.get(loaded);
  if (known !== undefined) return known;
  const bySymbol = new Map<string, SymbolFacts>();
  const of = (symbol: string): SymbolFacts => {
    let found = bySymbol.get(symbol);
    if (found === undefined) {
      const actions = actionsOf(market, symbol);
      // What a split restates has to be asked exactly.
      const mark = actions.length > 0 ? undefined : loaded.mark(symbol);
      found = { actions, traits: market.findAsset(symbol), mark: mark ?? NO_MARK };
      bySymbol.set(symbol, found);
    }
    return found;
  };
  const facts = { market, loaded, of };
  factsOfView.set(loaded, facts);
  return facts;
}

const NO_MARK: MarkAt = () => NaN;

/** Rule R2: the open of the running bar once the clock is past its start, else the last known close. */
export const knownAt = (market: Market, loaded: LoadedMarket, at: Instant): KnownMarket =>
  new View(viewedFacts(market, loaded), at);

/** Made at every step of every session, so its methods are shared. */
class View implements KnownMarket {
  private readonly facts: Facts;
  private readonly at: Instant;
  readonly data: LoadedMarket;

  constructor(facts: Facts, at: Instant) {
    this.facts = facts;
    this.at = at;
    this.data = facts.loaded;
  }

  hasSymbol(symbol: string): boolean {
    return this.data.has(symbol) || this.facts.market.hasSymbol(symbol);
  }

  lastPrice(symbol: string): Price | undefined {
    const { actions, mark } = this.facts.of(symbol);
    if (actions.length === 0) {
      const last = mark(this.at);
      return Number.isNaN(last) ? undefined : priceFromBar(last);
    }
    const print = this.data.lastPrint(symbol, this.at);
    if (print === undefined) return undefined;
    const printed = priceFromBar(print.price);
    const [more, fewer] = ratioOf(actions, { since: print.barStart, at: this.at });
    return more === fewer ? printed : price(divideHalfEven(printed * fewer, more));
  }

  lastUnits(symbol: string): number | undefined {
    const units = Math.round(this.facts.of(symbol).mark(this.at) * 1e9);
    return units <= MARK_UNITS_MAX ? units : undefined;
  }

  priceAt(symbol: string, when: Instant): Price | undefined {
    const print = this.data.lastPrint(symbol, when);
    return print === undefined ? undefined : priceFromBar(print.price);
  }

  shareRatio(symbol: string, since: Instant): readonly [bigint, bigint] {
    return ratioOf(this.facts.of(symbol).actions, { since, at: this.at });
  }

  traits(symbol: string): AssetTraits | undefined {
    return this.facts.of(symbol).traits;
  }

  runningBar(symbol: string): Instant | undefined {
    const bar = this.data.barAt(symbol, this.at);
    return bar === undefined || bar.start >= this.at || bar.volume <= 0 ? undefined : bar.start;
  }

  endedBar(symbol: string, from: Instant): Bar | undefined {
    const bar = this.data.firstBar(symbol, from, { kind: "any" });
    return bar === undefined || bar.end > this.at ? undefined : bar;
  }
}

const UNCHANGED: readonly [bigint, bigint] = [1n, 1n];

/** What the splits of a symbol between two instants have made of one share. */
function ratioOf(
  actions: readonly CorporateAction[],
  { since, at }: { readonly since: Instant; readonly at: Instant },
): readonly [bigint, bigint] {
  if (actions.length === 0) return UNCHANGED;
  let [more, fewer] = UNCHANGED;
  for (const action of actions) {
    if (action.type !== "split") continue;
    const when = effectiveAt(action.exDate);
    if (when === undefined || when <= since || when > at) continue;
    more *= action.newRate;
    fewer *= action.oldRate;
  }
  return [more, fewer];
}

export function tapeOf(market: Market, loaded: LoadedMarket): Tape {
  const facts = viewedFacts(market, loaded);
  return {
    firstBar: loaded.firstBar,
    barAt: loaded.barAt,
    lastBarBefore: loaded.lastBarBefore,
    mark: (symbol) => facts.of(symbol).mark,
    actions: (symbol) => facts.of(symbol).actions,
    knownAt: (at) => new View(facts, at),
  };
}

/** A market in which nothing has a price. */
export function unpriced(hasSymbol: (symbol: string) => boolean): KnownMarket {
  return {
    data: hasSymbol,
    hasSymbol,
    lastPrice: () => undefined,
    lastUnits: () => undefined,
    priceAt: () => undefined,
    shareRatio: () => UNCHANGED,
    traits: () => undefined,
    runningBar: () => undefined,
    endedBar: () => undefined,
  };
}

/** No prices at all: for a session whose data does not fit in memory. */
export const knownOfNothing = (market: Market): KnownMarket => unpriced((symbol) => market.hasSymbol(symbol));
