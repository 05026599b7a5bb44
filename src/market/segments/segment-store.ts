/** Months of symbols in memory, shared by all sessions and held to a budget of bytes. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { SymbolEntry } from "../catalog/catalog.ts";
import type { Month } from "../months.ts";
import { barSeries, type BarSeries } from "../series/bar-series.ts";
import { finestByDay } from "./finest.ts";

export class SegmentStore {
  readonly #bytesMax: number;
  /** Least recently used first. */
  readonly #held = new Map<string, BarSeries>();
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
      this.#held.delete(key);
      this.#held.set(key, held);
      return held;
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
    this.#held.set(key, series);
    this.#bytes += series.bytes;
    for (const [oldKey, old] of this.#held) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#held.delete(oldKey);
      this.#bytes -= old.bytes;
    }
  }
}

/** Names the content, not only the place: an unchanged month outlives a change of the catalog. */
function keyOf(entry: SymbolEntry, month: Month): string {
  const identities = entry.sources.map((source) => `${source.timeframe.name}:${source.identityOf(month)}`);
  return `${entry.symbol} ${month} ${identities.join(" ")}`;
}
