/** Rows of one symbol as they come, in memory that grows: nine numbers a row. */
import type { ImportedRow } from "./bar-format.ts";

const FIRST_ROWS = 64;
const CELLS = 9;

export class RowCollector {
  #cells = new Float64Array(FIRST_ROWS * CELLS);
  #rows = 0;
  #isSorted = true;
  #smallestGapMs = Infinity;

  get rows(): number {
    return this.#rows;
  }

  /** Least time between two neighbouring rows, in milliseconds. */
  get smallestGapMs(): number {
    return this.#smallestGapMs;
  }

  add(row: ImportedRow, line: number): void {
    const at = this.#rows * CELLS;
    if (at === this.#cells.length) this.#grow();
    const cells = this.#cells;
    if (at > 0) this.#compare(row.start, cells[at - CELLS] as number);
    cells[at] = row.start;
    cells[at + 1] = row.open;
    cells[at + 2] = row.high;
    cells[at + 3] = row.low;
    cells[at + 4] = row.close;
    cells[at + 5] = row.volume;
    cells[at + 6] = row.vwap;
    cells[at + 7] = row.trades;
    cells[at + 8] = line;
    this.#rows += 1;
  }

  #compare(start: number, before: number): void {
    if (start <= before) this.#isSorted = false;
    const gapMs = Math.abs(start - before);
    if (gapMs > 0 && gapMs < this.#smallestGapMs) this.#smallestGapMs = gapMs;
  }

  #grow(): void {
    const larger = new Float64Array(this.#cells.length * 2);
    larger.set(this.#cells);
    this.#cells = larger;
  }

  startOf(row: number): number {
    return this.#cells[row * CELLS] as number;
  }

  lineOf(row: number): number {
    return this.#cells[row * CELLS + 8] as number;
  }

  /** Fills `into` with a row. The symbol is left alone. */
  read(row: number, into: ImportedRow): void {
    const cells = this.#cells;
    const at = row * CELLS;
    into.start = cells[at] as number;
    into.open = cells[at + 1] as number;
    into.high = cells[at + 2] as number;
    into.low = cells[at + 3] as number;
    into.close = cells[at + 4] as number;
    into.volume = cells[at + 5] as number;
    into.vwap = cells[at + 6] as number;
    into.trades = cells[at + 7] as number;
  }

  /** Rows by start, then by line; undefined where they stand in order already. */
  order(): Uint32Array | undefined {
    if (this.#isSorted) return undefined;
    const order = Uint32Array.from({ length: this.#rows }, (_, row) => row);
    return order.sort((a, b) => this.startOf(a) - this.startOf(b) || a - b);
  }
}
