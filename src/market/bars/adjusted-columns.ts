/** Columns of bars as splits and dividends leave them: prices and volumes, never the count of trades. */
import type { LabelledBar } from "./resampler.ts";
import { copyRows, lowerBound, newColumns, type Columns, type RowRange } from "../series/columns.ts";
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
  let from = 0;
  for (const step of steps) {
    const until = lowerBound(columns, step.before);
    adjustRows(adjusted, { from, until }, step);
    from = until;
  }
  return adjusted;
}

function adjustRows(columns: Columns, { from, until }: RowRange, step: AdjustmentStep): void {
  const { open, high, low, close, vwap, volume } = columns;
  for (const prices of [open, high, low, close]) adjustPrices(prices.subarray(from, until), step);
  const { shares, kept } = step;
  for (let row = from; row < until; row += 1) {
    volume[row] = (volume[row] as number) * shares;
    // An absent vwap is NaN, and stays so.
    const mean = roundHalfUp(((vwap[row] as number) / shares) * kept, VWAP_PARTS);
    vwap[row] = Math.min(high[row] as number, Math.max(low[row] as number, mean));
  }
}

function adjustPrices(prices: Float64Array, { shares, kept }: AdjustmentStep): void {
  for (let row = 0; row < prices.length; row += 1) {
    prices[row] = Math.max(PRICE_MIN, roundHalfUp(((prices[row] as number) / shares) * kept, PRICE_PARTS));
  }
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
