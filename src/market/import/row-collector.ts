/** Rows of one symbol as they come, in memory that grows: nine numbers a row. */
import type { ImportedRow } from "./bar-format.ts";

const FIRST_ROWS = 64;
const CELLS = 9;

/** Few rows grow fast, so that they are seldom copied; many grow slowly, so that little memory is unused. */
const FAST_GROWTH_CELLS = 4096 * CELLS;

export class RowCollector {
  #cells: Float64Array;
  #rows = 0;
  #isSorted = true;

  constructor(firstRows: number = FIRST_ROWS) {
    this.#cells = new Float64Array(firstRows * CELLS);
  }

  /** Over rows that were staged, in the order in which they came. */
  static over(cells: Float64Array): RowCollector {
    const collector = new RowCollector(0);
    collector.#cells = cells;
    collector.#rows = cells.length / CELLS;
    for (let row = 1; row < collector.#rows && collector.#isSorted; row += 1) {
      collector.#isSorted = collector.startOf(row) > collector.startOf(row - 1);
    }
    return collector;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.#cells.byteLength;
  }

  /** The rows as they lie in memory. */
  get cells(): Float64Array {
    return this.#cells.subarray(0, this.#rows * CELLS);
  }

  /** `place` is the row's line, for messages. Returns the bytes by which memory has grown. */
  add(row: ImportedRow, place: number): number {
    const at = this.#rows * CELLS;
    const grown = at === this.#cells.length ? this.#grow() : 0;
    const cells = this.#cells;
    if (at > 0 && row.start <= (cells[at - CELLS] as number)) this.#isSorted = false;
    cells[at] = row.start;
    cells[at + 1] = row.open;
    cells[at + 2] = row.high;
    cells[at + 3] = row.low;
    cells[at + 4] = row.close;
    cells[at + 5] = row.volume;
    cells[at + 6] = row.vwap;
    cells[at + 7] = row.trades;
    cells[at + 8] = place;
    this.#rows += 1;
    return grown;
  }

  #grow(): number {
    const larger = new Float64Array(
      Math.max(this.#cells.length * (this.#cells.length < FAST_GROWTH_CELLS ? 4 : 2), FIRST_ROWS * CELLS),
    );
    larger.set(this.#cells);
    const grown = larger.byteLength - this.#cells.byteLength;
    this.#cells = larger;
    return grown;
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

  /** Rows by start, then as they came; undefined where they stand in order already. */
  order(): Uint32Array | undefined {
    if (this.#isSorted) return undefined;
    const order = Uint32Array.from({ length: this.#rows }, (_, row) => row);
    return order.sort((a, b) => this.startOf(a) - this.startOf(b) || a - b);
  }
}

/** Moves the starts of staged rows, for files that write the end of a bar. */
export function shiftStarts(cells: Float64Array, byMs: number): void {
  for (let at = 0; at < cells.length; at += CELLS) cells[at] = (cells[at] as number) + byMs;
}
