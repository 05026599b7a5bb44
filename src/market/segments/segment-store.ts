/** Months of symbols in memory, shared by all sessions and held to a budget of bytes. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { SymbolEntry } from "../catalog/catalog.ts";
import type { Month } from "../months.ts";
import { barSeries, type BarSeries } from "../series/bar-series.ts";
import { finestByDay } from "./finest.ts";

interface Held {
  readonly series: BarSeries;
  lastUse: number;
}

export class SegmentStore {
  readonly #bytesMax: number;
  readonly #held = new Map<string, Held>();
  /** Grows with every use. */
  #uses = 0;
  /** What is being loaded: a second caller waits for the first. */
  readonly #loading = new Map<string, Promise<BarSeries>>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes of what is held. Series that only a session still holds are not counted. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A symbol's month in its finest bars: at once where it is in memory. */
  segment(entry: SymbolEntry, month: Month): BarSeries | Promise<BarSeries> {
    const key = keyOf(entry, month);
    const held = this.#held.get(key);
    if (held !== undefined) {
      this.#uses += 1;
      held.lastUse = this.#uses;
      return held.series;
    }
    const loading = this.#loading.get(key) ?? this.#load(key, entry, month);
    this.#loading.set(key, loading);
    return loading;
  }

  async #load(key: string, entry: SymbolEntry, month: Month): Promise<BarSeries> {
    try {
      // Others get a turn before each load, because making a month of the sample takes some milliseconds at a stretch.
      await nextTurn();
      const sources = entry.sources.filter((source) => source.months.includes(month));
      const parts = [];
      for (const source of sources) parts.push(await source.load(month));
      const series = barSeries(finestByDay(parts));
      this.#keep(key, series);
      return series;
    } finally {
      this.#loading.delete(key);
    }
  }

  #keep(key: string, series: BarSeries): void {
    this.#uses += 1;
    this.#held.set(key, { series, lastUse: this.#uses });
    this.#bytes += series.bytes;
    if (this.#bytes <= this.#bytesMax) return;
    // Sorting some thousand months costs a millisecond, and only when one more was read from disk.
    for (const [oldKey, old] of [...this.#held].toSorted(([, a], [, b]) => a.lastUse - b.lastUse)) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#held.delete(oldKey);
      this.#bytes -= old.series.bytes;
    }
  }
}

/** Keys that were made: an entry never changes, and a load asks for the same ones again and again. */
const keys = new WeakMap<SymbolEntry, Map<Month, string>>();

function keyOf(entry: SymbolEntry, month: Month): string {
  const made = keys.get(entry) ?? new Map<Month, string>();
  if (made.size === 0) keys.set(entry, made);
  const key = made.get(month) ?? makeKey(entry, month);
  made.set(month, key);
  return key;
}

/** Names the content, not only the place: an unchanged month outlives a change of the catalog. */
function makeKey(entry: SymbolEntry, month: Month): string {
  const identities = entry.sources.map((source) => `${source.timeframe.name}:${source.identityOf(month)}`);
  return `${entry.symbol} ${month} ${identities.join(" ")}`;
}
