/** The bars of one stretch as they arrive: in order, inside what was asked, each checked like a row of a file. */
import { DAY_MS, formatInstant, type Instant } from "../../kernel/index.ts";
import { bucketAt } from "../bars/grid.ts";
import { checkRow } from "../import/check-row.ts";
import type { RefusedRows } from "../import/refused-rows.ts";
import { RowCollector } from "../import/row-collector.ts";
import { DownloadFault } from "./download-fault.ts";
import { PROVIDER_ADVICE } from "./pages.ts";
import type { BarsAsked, ProviderBar } from "./provider.ts";

/** Bars cut short at midnight, and the hour that a change of the clocks adds, in a month: one a day and some. */
const ODD_BARS = 64;

export class StretchRows {
  readonly collector = new RowCollector();
  readonly #asked: BarsAsked;
  readonly #refused: RefusedRows;
  readonly #barsMax: number;
  #received = 0;
  #last: Instant | undefined;

  constructor(asked: BarsAsked, refused: RefusedRows) {
    this.#asked = asked;
    this.#refused = refused;
    this.#barsMax = Math.ceil((asked.until - asked.from) / (asked.timeframe.lengthMs ?? DAY_MS)) + ODD_BARS;
  }

  /** Bars that came, those refused included. */
  get received(): number {
    return this.#received;
  }

  /** Start of the latest bar. */
  get last(): Instant | undefined {
    return this.#last;
  }

  /** Throws DownloadFault for bars that were not asked for, or that are not in order. */
  take(page: readonly ProviderBar[]): void {
    for (const bar of page) this.#takeBar(bar);
  }

  #takeBar(bar: ProviderBar): void {
    const { symbol, timeframe, from, until } = this.#asked;
    if (bar.start < from || bar.start >= until) {
      throw this.#unsound(bar, `lies outside what was asked for, ${formatInstant(from)} to ${formatInstant(until)}`);
    }
    if (this.#last !== undefined && bar.start <= this.#last) {
      throw this.#unsound(bar, `follows one at ${formatInstant(this.#last)}: bars must ascend`);
    }
    if (this.#received >= this.#barsMax) throw this.#unsound(bar, `comes after ${this.#received} others: too many`);
    this.#last = bar.start;
    this.#received += 1;
    // A bar that is still forming would be another one tomorrow.
    if (bucketAt(timeframe, bar.start).until > until) return;
    const row = { ...bar, symbol };
    const problem = checkRow(row);
    if (problem === undefined) this.collector.add(row, this.#received);
    else this.#refused.add(this.#received, { ...problem, message: `${formatInstant(bar.start)}: ${problem.message}` });
  }

  #unsound({ start }: ProviderBar, what: string): DownloadFault {
    const { symbol } = this.#asked;
    return new DownloadFault("symbol", `a bar of ${symbol} at ${formatInstant(start)} ${what}. ${PROVIDER_ADVICE}`);
  }
}
