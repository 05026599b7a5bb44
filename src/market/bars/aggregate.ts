/** Several bars made into one: first open, extremes, last close, sums, and the volume-weighted price. */
import { NO_TRADES, type Columns } from "../series/columns.ts";

export interface Aggregate {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly vwap: number | undefined;
  readonly trades: number | undefined;
}

/** Of what a bar is made, while it is being made. */
export class Aggregator {
  #count = 0;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #volume = 0;
  #turnover = 0;
  /** Of the last bar that was added; NaN: it had none. */
  #vwap = 0;
  #hasVwap = true;
  /** NaN where any bar had no count. */
  #trades = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Bars with volume 0 count only while there is no other (R21: never a padded price). */
  add(columns: Columns, row: number): void {
    const volume = columns.volume[row] as number;
    if (this.#count > 0 && volume === 0 && this.#volume > 0) return;
    if (this.#count === 0 || (volume > 0 && this.#volume === 0)) this.#begin(columns, row);
    this.#high = Math.max(this.#high, columns.high[row] as number);
    this.#low = Math.min(this.#low, columns.low[row] as number);
    this.#close = columns.close[row] as number;
    const vwap = columns.vwap[row] as number;
    const trades = columns.trades[row] as number;
    this.#vwap = vwap;
    this.#hasVwap &&= !Number.isNaN(vwap);
    this.#volume += volume;
    this.#turnover += vwap * volume;
    this.#trades += trades === NO_TRADES ? Number.NaN : trades;
    this.#count += 1;
  }

  #begin(columns: Columns, row: number): void {
    this.#count = 0;
    this.#open = columns.open[row] as number;
    this.#high = columns.high[row] as number;
    this.#low = columns.low[row] as number;
    this.#volume = 0;
    this.#hasVwap = true;
    this.#turnover = 0;
    this.#trades = 0;
  }

  result(): Aggregate {
    return {
      open: this.#open,
      high: this.#high,
      low: this.#low,
      close: this.#close,
      volume: this.#volume,
      vwap: this.#averagePrice(),
      trades: Number.isNaN(this.#trades) ? undefined : this.#trades,
    };
  }

  /** A single bar keeps its own; a mean is rounded to six decimals, as Alpaca's are, and kept inside the bar's range. */
  #averagePrice(): number | undefined {
    if (!this.#hasVwap) return undefined;
    if (this.#count === 1) return this.#vwap;
    if (this.#volume === 0) return undefined;
    const mean = Math.round((this.#turnover / this.#volume) * 1e6) / 1e6;
    return Math.min(this.#high, Math.max(this.#low, mean));
  }
}
