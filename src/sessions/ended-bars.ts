/** The bars that end in a stretch of time, of several symbols in the order in which they end: what a stream of bars tells. */
import { DAY_MS, instant, isRefusal, type Bar, type Instant } from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";
import type { DayBar, RunningDays } from "./running-days.ts";

export interface EndedBar {
  readonly symbol: string;
  readonly bar: Bar;
  /** The day with this bar, where it was asked for and the bar belongs to it. */
  readonly day?: DayBar | undefined;
}

export interface BarsStretch {
  readonly symbols: readonly string[];
  /** Bars with `from` < end ≤ `until`. */
  readonly from: Instant;
  readonly until: Instant;
  /** Keeps the days between two stretches; undefined: days are not asked for. */
  readonly days?: RunningDays | undefined;
}

/**
 * The finest bars there are, by end and then by symbol; bars in which nothing traded are left out. At most a day of all
 * symbols comes at once, never an empty list.
 */
export async function* endedBars(market: Market, stretch: BarsStretch): AsyncGenerator<readonly EndedBar[]> {
  const symbols = stretch.symbols.filter((symbol) => market.hasSymbol(symbol)).toSorted();
  if (symbols.length === 0) return;
  for (let { from } = stretch; from < stretch.until;) {
    const until = instant(Math.min(stretch.until, from + DAY_MS));
    const bars = await endedIn(market, { ...stretch, symbols, from, until });
    if (bars.length > 0) yield bars;
    from = until;
  }
}

async function endedIn(market: Market, stretch: BarsStretch): Promise<readonly EndedBar[]> {
  const loaded = await load(market, stretch);
  const found: EndedBar[] = [];
  if (loaded === undefined) {
    for (const symbol of stretch.symbols) found.push(...(await endedIn(market, { ...stretch, symbols: [symbol] })));
  } else {
    for (const symbol of stretch.symbols) collect(loaded, { ...stretch, symbol }, found);
  }
  return stretch.symbols.length === 1 ? found : found.toSorted((a, b) => a.bar.end - b.bar.end);
}

/** Undefined where the symbols do not fit in memory together: they are then looked at one by one. */
async function load(market: Market, { symbols, from, until }: BarsStretch): Promise<LoadedMarket | undefined> {
  const loaded = await market.load({ symbols, from: instant(from - DAY_MS), until });
  if (isRefusal(loaded)) return undefined;
  return loaded.coveredUntil >= until || symbols.length === 1 ? loaded : undefined;
}

function collect(
  loaded: LoadedMarket,
  { symbol, from, until, days }: Omit<BarsStretch, "symbols"> & { readonly symbol: string },
  found: EndedBar[],
): void {
  const running = loaded.barAt(symbol, from);
  let bar = running ?? loaded.firstBar(symbol, from, { kind: "any" });
  while (bar !== undefined && bar.end <= until) {
    if (bar.end > from && bar.volume > 0) {
      found.push(days === undefined ? { symbol, bar } : { symbol, bar, day: days.after(loaded, symbol, bar) });
    }
    bar = loaded.firstBar(symbol, instant(bar.start + 1), { kind: "any" });
  }
}
