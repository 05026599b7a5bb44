/** The engine's two ports over loaded series: what is known at an instant, and the tape. */
import { effectiveAt, type KnownMarket, type Tape } from "../engine/index.ts";
import {
  divideHalfEven,
  price,
  priceFromBar,
  type CorporateAction,
  type Instant,
  type Price,
} from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";

const NO_ACTIONS: readonly CorporateAction[] = [];

/** A view of series belongs to one generation of the catalog, and so do the actions that go with it. */
const actionsOfView = new WeakMap<LoadedMarket, Map<string, readonly CorporateAction[]>>();

/** Rule R39: what a company does to its shares counts only where prices are raw. */
export function actionsOf(market: Market, symbol: string): readonly CorporateAction[] {
  return market.isAdjusted(symbol) ? NO_ACTIONS : market.corporateActions(symbol);
}

function viewedActions({ market, loaded }: Source, symbol: string): readonly CorporateAction[] {
  let known = actionsOfView.get(loaded);
  if (known === undefined) actionsOfView.set(loaded, (known = new Map()));
  let actions = known.get(symbol);
  if (actions === undefined) known.set(symbol, (actions = actionsOf(market, symbol)));
  return actions;
}

interface Source {
  readonly market: Market;
  readonly loaded: LoadedMarket;
}

/** Rule R2: the open of the running bar once the clock is past its start, else the last known close. */
export function knownAt(market: Market, loaded: LoadedMarket, at: Instant): KnownMarket {
  const source = { market, loaded };
  const priceAt = (symbol: string, when: Instant): Price | undefined => {
    const print = loaded.lastPrint(symbol, when);
    return print === undefined ? undefined : priceFromBar(print.price);
  };
  const shareRatio = (symbol: string, since: Instant): readonly [bigint, bigint] =>
    ratioOf(viewedActions(source, symbol), { since, at });
  return {
    hasSymbol: (symbol) => market.hasSymbol(symbol),
    priceAt,
    shareRatio,
    lastPrice: (symbol) => {
      const print = loaded.lastPrint(symbol, at);
      if (print === undefined) return undefined;
      const printed = priceFromBar(print.price);
      if (viewedActions(source, symbol).length === 0) return printed;
      const [more, fewer] = shareRatio(symbol, print.barStart);
      return more === fewer ? printed : price(divideHalfEven(printed * fewer, more));
    },
    traits: (symbol) => market.findAsset(symbol),
    runningBar: (symbol) => {
      const bar = loaded.barAt(symbol, at);
      return bar === undefined || bar.start >= at || bar.volume <= 0 ? undefined : bar.start;
    },
    endedBar: (symbol, from) => {
      const bar = loaded.firstBar(symbol, from, { kind: "any" });
      return bar === undefined || bar.end > at ? undefined : bar;
    },
  };
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
  return {
    firstBar: (symbol, from, condition) => loaded.firstBar(symbol, from, condition),
    barAt: (symbol, at) => loaded.barAt(symbol, at),
    lastBarBefore: (symbol, at) => loaded.lastBarBefore(symbol, at),
    actions: (symbol) => viewedActions({ market, loaded }, symbol),
    knownAt: (at) => knownAt(market, loaded, at),
  };
}

/** A market in which nothing has a price. */
export function unpriced(hasSymbol: (symbol: string) => boolean): KnownMarket {
  return {
    hasSymbol,
    lastPrice: () => undefined,
    priceAt: () => undefined,
    shareRatio: () => UNCHANGED,
    traits: () => undefined,
    runningBar: () => undefined,
    endedBar: () => undefined,
  };
}
