/** Columns of bars as splits and dividends leave them: prices and volumes, never the count of trades. */
import type { LabelledBar } from "./resampler.ts";
import { copyRows, lowerBound, newColumns, type Columns } from "../series/columns.ts";
import type { AdjustmentStep } from "./adjustment.ts";

/** Alpaca rounds adjusted prices to two to four decimals. */
const PRICE_PARTS = 1e4;
/** A vwap has six, adjusted or not. */
const VWAP_PARTS = 1e6;
/** A price that was positive stays so. */
const PRICE_MIN = 1 / PRICE_PARTS;

/** The same columns where no step concerns them; else new ones. Volumes may be fractions: `inWholeShares` ends them. */
export function adjustColumns(columns: Columns, steps: readonly AdjustmentStep[]): Columns {
  const last = steps.at(-1);
  if (last === undefined || columns.rows === 0 || (columns.start[0] as number) >= last.before) return columns;
  const adjusted = newColumns(columns.rows);
  copyRows(columns, { from: 0, until: columns.rows }, adjusted, 0);
  let row = 0;
  for (const step of steps) {
    const until = lowerBound(columns, step.before);
    for (; row < until; row += 1) adjustRow(adjusted, row, step);
  }
  return adjusted;
}

function adjustRow(columns: Columns, row: number, { shares, kept }: AdjustmentStep): void {
  const priceOf = (prices: Float64Array): number =>
    Math.max(PRICE_MIN, roundHalfUp(((prices[row] as number) / shares) * kept, PRICE_PARTS));
  const [low, high] = [priceOf(columns.low), priceOf(columns.high)];
  columns.open[row] = priceOf(columns.open);
  columns.high[row] = high;
  columns.low[row] = low;
  columns.close[row] = priceOf(columns.close);
  // An absent vwap is NaN, and stays so.
  const vwap = roundHalfUp(((columns.vwap[row] as number) / shares) * kept, VWAP_PARTS);
  columns.vwap[row] = Math.min(high, Math.max(low, vwap));
  columns.volume[row] = (columns.volume[row] as number) * shares;
}

/** Volumes that a split has changed, in whole shares; a bar that traded shows at least one. */
export function inWholeShares(bars: readonly LabelledBar[], steps: readonly AdjustmentStep[]): readonly LabelledBar[] {
  return bars.map((bar) => {
    const step = steps.find(({ before }) => bar.start < before);
    if (step === undefined || step.shares === 1 || bar.volume === 0) return bar;
    return { ...bar, volume: Math.max(1, roundHalfUp(bar.volume, 1)) };
  });
}

/** The factors are floats: what lies within 2⁻⁵⁰ of a tie is one, as in "540.0375 ÷ 2", and goes up. */
const TIE = 1 + 2 ** -50;

/** The nearest of so many parts of one; a tie goes up. */
function roundHalfUp(value: number, parts: number): number {
  return Math.floor(value * parts * TIE + 0.5) / parts;
}
