/** A tape over plain arrays, searched by scanning: the dumb twin of the market's series. */
import { effectiveAt } from "../../src/calendar/index.ts";
import type { AssetTraits, KnownMarket, Tape } from "../../src/engine/index.ts";
import {
  divideHalfEven,
  price,
  priceFromBar,
  type Bar,
  type BarCondition,
  type CorporateAction,
  type Instant,
  type Price,
} from "../../src/kernel/index.ts";

export type BarsBySymbol = Readonly<Record<string, readonly Bar[]>>;

/** What else a tape may know of its symbols. */
export interface TapeFacts {
  readonly actions?: readonly CorporateAction[] | undefined;
  readonly traits?: Readonly<Record<string, Partial<AssetTraits>>> | undefined;
}

const PLAIN: AssetTraits = {
  isTradable: true,
  isFractionable: true,
  isShortable: true,
  isEasyToBorrow: true,
  isMarginable: true,
  leverage: 1,
};

export function arrayTape(bars: BarsBySymbol, facts: TapeFacts = {}): Tape {
  const of = (symbol: string): readonly Bar[] => bars[symbol] ?? [];
  const actionsOf = (symbol: string): readonly CorporateAction[] =>
    (facts.actions ?? []).filter((action) => action.symbol === symbol);
  return {
    firstBar: (symbol, from, condition) => of(symbol).find((bar) => bar.start >= from && meets(bar, condition)),
    barAt: (symbol, at) => of(symbol).find((bar) => bar.start <= at && at < bar.end),
    lastBarBefore: (symbol, at) => lastPrinted(of(symbol), at),
    mark: (symbol) => (at) => (actionsOf(symbol).length > 0 ? NaN : (lastPriceAt(of(symbol), at) ?? NaN)),
    actions: actionsOf,
    knownAt: (at) => knownFrom(bars, at, facts),
  };
}

function meets(bar: Bar, condition: BarCondition): boolean {
  if (condition.kind === "any") return true;
  if (condition.kind === "low_below") {
    return bar.low < condition.price || (condition.orEqual && bar.low === condition.price);
  }
  return bar.high > condition.price || (condition.orEqual && bar.high === condition.price);
}

const lastPrinted = (bars: readonly Bar[], at: Instant): Bar | undefined =>
  bars.findLast((bar) => bar.start < at && bar.volume > 0);

/** The last price known at an instant, in dollars (rule R2). */
function lastPriceAt(bars: readonly Bar[], at: Instant): number | undefined {
  const last = lastPrinted(bars, at);
  if (last === undefined) return undefined;
  return last.end <= at ? last.close : last.open;
}

/** What is known of the arrays at an instant. */
export function knownFrom(bars: BarsBySymbol, at: Instant, facts: TapeFacts = {}): KnownMarket {
  const of = (symbol: string): readonly Bar[] => bars[symbol] ?? [];
  const priceAt = (symbol: string, when: Instant): Price | undefined => {
    const last = lastPriceAt(of(symbol), when);
    return last === undefined ? undefined : priceFromBar(last);
  };
  const shareRatio = (symbol: string, since: Instant): readonly [bigint, bigint] =>
    ratioOf(facts, { symbol, since, at });
  return {
    data: bars,
    hasSymbol: (symbol) => bars[symbol] !== undefined,
    priceAt,
    shareRatio,
    lastPrice: (symbol) => {
      const then = priceAt(symbol, at);
      const [more, fewer] = shareRatio(symbol, lastPrinted(of(symbol), at)?.start ?? at);
      return then === undefined || more === fewer ? then : price(divideHalfEven(then * fewer, more));
    },
    lastUnits: () => undefined,
    traits: (symbol) => (bars[symbol] === undefined ? undefined : { ...PLAIN, ...facts.traits?.[symbol] }),
    runningBar: (symbol) => of(symbol).find((bar) => bar.start < at && at < bar.end && bar.volume > 0)?.start,
    endedBar: (symbol, from) => of(symbol).find((bar) => bar.start >= from && bar.end <= at),
  };
}

function ratioOf(
  { actions = [] }: TapeFacts,
  span: { readonly symbol: string; readonly since: Instant; readonly at: Instant },
): readonly [bigint, bigint] {
  let [more, fewer] = [1n, 1n];
  for (const action of actions) {
    const when = effectiveAt(action.exDate);
    if (action.type !== "split" || action.symbol !== span.symbol || when === undefined) continue;
    if (when <= span.since || when > span.at) continue;
    more *= action.newRate;
    fewer *= action.oldRate;
  }
  return [more, fewer];
}
