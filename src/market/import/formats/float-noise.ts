/** Prices that were multiplied by a factor: a high may come out a last binary digit below the close it was equal to. */
import type { ImportedRow } from "../bar-format.ts";
import type { RowReader } from "../read-rows.ts";

/** Share of a price: a hundred times the rounding of a factor's six decimals would be seen as what it is. */
const NOISE = 1e-9;

/** A high or low that misses the open or close by rounding alone is set to it; anything more is left to be refused. */
export function withoutNoise(reader: RowReader): RowReader {
  return (line, row) => {
    const outcome = reader(line, row);
    if (outcome === undefined) quiet(row);
    return outcome;
  };
}

export function quiet(row: ImportedRow): void {
  const [top, bottom] = [Math.max(row.open, row.close), Math.min(row.open, row.close)];
  if (top > row.high && top - row.high <= top * NOISE) row.high = top;
  if (bottom < row.low && row.low - bottom <= bottom * NOISE) row.low = bottom;
}
