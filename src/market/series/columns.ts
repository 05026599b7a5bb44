/** Columns of bars over one buffer: the same 64 bytes a bar in memory and on disk (docs/reference/data-layout.md). */

/** Seven float64 columns and two uint32 columns. */
export const ROW_BYTES = 64;

/** What `trades` holds where the source has no count. An absent vwap is NaN. */
export const NO_TRADES = 0xffff_ffff;

const DAY_FLAG = 0x8000_0000;
const LENGTH_MASK = 0x7fff_ffff;

/** Sorted by start, one bar a row. Never changed once it is part of a series. */
export interface Columns {
  readonly rows: number;
  /** Epoch milliseconds. */
  readonly start: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** NaN: absent. */
  readonly vwap: Float64Array;
  /** `NO_TRADES`: absent. */
  readonly trades: Uint32Array;
  /** Length in milliseconds; the top bit marks a day bar. See `spanOf`. */
  readonly span: Uint32Array;
  /** All of the above, column after column. */
  readonly buffer: ArrayBuffer;
}

/** Views of a buffer of `rows` × 64 bytes. */
export function columnsOver(buffer: ArrayBuffer, rows: number): Columns {
  const floats = (column: number): Float64Array => new Float64Array(buffer, column * 8 * rows, rows);
  const counts = (column: number): Uint32Array => new Uint32Array(buffer, 56 * rows + column * 4 * rows, rows);
  return {
    rows,
    start: floats(0),
    open: floats(1),
    high: floats(2),
    low: floats(3),
    close: floats(4),
    volume: floats(5),
    vwap: floats(6),
    trades: counts(0),
    span: counts(1),
    buffer,
  };
}

export const newColumns = (rows: number): Columns => columnsOver(new ArrayBuffer(rows * ROW_BYTES), rows);

/** A bar's length with its day flag, as the column `span` holds it. */
export const spanOf = (lengthMs: number, isDay: boolean): number => (isDay ? (lengthMs | DAY_FLAG) >>> 0 : lengthMs);

export const lengthOfSpan = (span: number): number => span & LENGTH_MASK;

export const isDaySpan = (span: number): boolean => span > LENGTH_MASK;

export interface RowRange {
  readonly from: number;
  /** First row that is not copied. */
  readonly until: number;
}

/** Copies rows of one set of columns into another, starting at row `at`. */
export function copyRows(source: Columns, range: RowRange, target: Columns, at: number): void {
  const { from, until } = range;
  target.start.set(source.start.subarray(from, until), at);
  target.open.set(source.open.subarray(from, until), at);
  target.high.set(source.high.subarray(from, until), at);
  target.low.set(source.low.subarray(from, until), at);
  target.close.set(source.close.subarray(from, until), at);
  target.volume.set(source.volume.subarray(from, until), at);
  target.vwap.set(source.vwap.subarray(from, until), at);
  target.trades.set(source.trades.subarray(from, until), at);
  target.span.set(source.span.subarray(from, until), at);
}

/** Some rows in columns of their own: a copy, or the columns themselves where they are all of them. */
export function sliceRows(source: Columns, range: RowRange): Columns {
  if (range.from === 0 && range.until === source.rows) return source;
  const slice = newColumns(range.until - range.from);
  copyRows(source, range, slice, 0);
  return slice;
}

/** A copy of several stretches of rows, one after the other. */
export function selectRows(source: Columns, ranges: readonly RowRange[]): Columns {
  const selected = newColumns(ranges.reduce((rows, { from, until }) => rows + until - from, 0));
  let at = 0;
  for (const range of ranges) {
    copyRows(source, range, selected, at);
    at += range.until - range.from;
  }
  return selected;
}

/** Columns of all parts, one after the other; a single part is handed through. */
export function joinColumns(parts: readonly Columns[]): Columns {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const joined = newColumns(parts.reduce((rows, part) => rows + part.rows, 0));
  let at = 0;
  for (const part of parts) {
    copyRows(part, { from: 0, until: part.rows }, joined, at);
    at += part.rows;
  }
  return joined;
}

/** First row whose start is not before `at`; `rows` where there is none. */
export function lowerBound(columns: Columns, at: number): number {
  if (columns.rows === 0 || (columns.start[0] as number) >= at) return 0;
  let low = 1;
  let high = columns.rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((columns.start[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
