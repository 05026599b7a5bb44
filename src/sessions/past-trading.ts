/** What the market did while something was held, and in the bar of a fill: never more than had ended at the clock. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { instant, isRefusal, MINUTE_MS, type Bar, type Instant, type Refusal } from "../kernel/index.ts";
import type { Market } from "../market/index.ts";

/** A stretch of time of a symbol. */
export interface Stretch {
  readonly symbol: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** A bar of a symbol by its start. */
export interface BarPlace {
  readonly symbol: string;
  readonly start: Instant;
}

/** Raw prices in dollars. */
export interface PriceExtremes {
  readonly low: number;
  readonly high: number;
}

/** The extremes of the bars that lie within each stretch; undefined where none does. */
export async function pastExtremes(
  market: Market,
  stretches: readonly Stretch[],
  clock: Instant,
): Promise<readonly (PriceExtremes | undefined)[] | Refusal> {
  const found: (PriceExtremes | undefined)[] = [];
  for (const { symbol, from, to } of stretches) {
    const extremes = await extremesOf(market, { symbol, from, to: instant(Math.min(to, clock)) });
    if (extremes !== undefined && isRefusal(extremes)) return extremes;
    found.push(extremes);
  }
  return found;
}

/** As much of a long stretch at a time as fits into memory. */
async function extremesOf(market: Market, { symbol, from, to }: Stretch): Promise<PriceExtremes | undefined | Refusal> {
  let extremes: PriceExtremes | undefined;
  for (let at = from; at < to;) {
    const loaded = await market.load({ symbols: [symbol], from: at, until: to });
    if (isRefusal(loaded)) return loaded;
    extremes = wider(extremes, loaded.range(symbol, at, to));
    if (loaded.coveredUntil <= at) break;
    at = loaded.coveredUntil;
    await nextTurn();
  }
  return extremes;
}

function wider(a: PriceExtremes | undefined, b: PriceExtremes | undefined): PriceExtremes | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

/**
 * Dollars that the whole market traded in each of some minute bars: volume × vwap, or the typical price without one. Undefined for a bar that is
 * gone, that has not ended at the clock, or that is longer than a minute.
 */
export async function pastMinuteValues(
  market: Market,
  places: readonly BarPlace[],
  clock: Instant,
): Promise<readonly (number | undefined)[] | Refusal> {
  const values: (number | undefined)[] = [];
  for (const { symbol, start } of places) {
    const loaded = await market.load({ symbols: [symbol], from: start, until: start });
    if (isRefusal(loaded)) return loaded;
    values.push(tradedIn(loaded.barAt(symbol, start), clock));
    if (values.length % BARS_A_TURN === 0) await nextTurn();
  }
  return values;
}

/** Bars looked up before others get their turn. */
const BARS_A_TURN = 1000;

function tradedIn(bar: Bar | undefined, clock: Instant): number | undefined {
  if (bar === undefined || bar.end > clock || bar.end - bar.start > MINUTE_MS) return undefined;
  return bar.volume * (bar.vwap ?? (bar.high + bar.low + bar.close) / 3);
}
