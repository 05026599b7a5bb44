/** Bars as a chart without time zones takes them: New York's clock read as if it were UTC. */
import type { BarsPage } from "../api/types.ts";
import { exchangeSeconds } from "../format/times.ts";
import type { Fill } from "../store/session-reducer.ts";

export interface ChartBar {
  /** Seconds of New York's clock, read as UTC. */
  readonly time: number;
  /** The true instant. */
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Bars in the order of their times; of two at one time of the clock (the hour that comes twice) the first stays. */
export function chartBars(bars: BarsPage["bars"]): readonly ChartBar[] {
  const byTime = new Map<number, ChartBar>();
  for (const { t, o, h, l, c, v } of bars) {
    const at = Date.parse(t);
    const time = exchangeSeconds(at);
    if ((byTime.get(time)?.at ?? Infinity) <= at) continue;
    byTime.set(time, { time, at, open: o, high: h, low: l, close: c, volume: v });
  }
  return [...byTime.values()].toSorted((a, b) => a.time - b.time);
}

/** Known bars with newer ones over them: bars from the first new one on are replaced. */
export function withNewer(known: readonly ChartBar[], newer: readonly ChartBar[]): readonly ChartBar[] {
  const [first] = newer;
  if (first === undefined) return known;
  return [...known.slice(0, placeOf(known, first.time)), ...newer];
}

/** Index of the first bar whose time is not before one. */
export function placeOf(bars: readonly ChartBar[], time: number): number {
  let [low, high] = [0, bars.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bars[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface FillMark {
  readonly time: number;
  readonly side: Fill["side"];
  readonly price: number;
  readonly text: string;
}

/** The fills of a symbol, each at the bar that it belongs to; those before the first bar are not drawn. */
export function fillMarks(fills: readonly Fill[], symbol: string, bars: readonly ChartBar[]): readonly FillMark[] {
  return fills.flatMap(({ at, symbol: own, side, qty, price }) => {
    if (own !== symbol) return [];
    const bar = bars[placeOf(bars, exchangeSeconds(at) + 1) - 1];
    return bar === undefined ? [] : [{ time: bar.time, side, price, text: `${side === "buy" ? "B" : "S"} ${qty}` }];
  });
}
