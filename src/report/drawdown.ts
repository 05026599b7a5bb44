/** Falls from a peak, the start counted as one: how deep, and from when to when. */
import { daysOf, type CivilDate } from "../kernel/index.ts";
import { growthPath } from "./growth.ts";
import { lowest, NOISE } from "./moments.ts";

/** Whatever has a value each day, oldest first and the start included. */
export interface DatedValue {
  readonly date: CivilDate;
  readonly value: number;
}

export interface Drawdown {
  /** The last day at the peak, the day of the lowest value, and the first back at the peak: undefined if there is none. */
  readonly peak: CivilDate;
  readonly trough: CivilDate;
  readonly recovery: CivilDate | undefined;
  /** The fall at the trough as a ratio of the peak; negative. */
  readonly depth: number;
  /** Calendar days from the peak to the recovery, or to the last day. */
  readonly days: number;
}

/** How far each value lies below the highest so far, itself included: 0 or negative; 0 while nothing was above zero. */
function fallsFromPeak(values: readonly number[]): readonly number[] {
  let peak = Number.NEGATIVE_INFINITY;
  return values.map((value) => {
    peak = Math.max(peak, value);
    const fall = peak > 0 ? value / peak - 1 : 0;
    // Returns multiplied up again miss a peak by a rounding: that is no drawdown.
    return fall < -NOISE ? fall : 0;
  });
}

/** The drawdown after each daily return; one unit at the start counts as a peak. */
export const drawdownPath = (returns: readonly number[]): readonly number[] =>
  fallsFromPeak([1, ...growthPath(returns)]).slice(1);

/** The deepest of them: 0 or negative; not defined of no returns. */
export const maxDrawdown = (returns: readonly number[]): number => lowest(drawdownPath(returns));

/** Every drawdown of a series, oldest first. Give the value of the start too: a fall on the first day counts. */
export function allDrawdowns(series: readonly DatedValue[]): readonly Drawdown[] {
  const found: Drawdown[] = [];
  const falls = fallsFromPeak(series.map(({ value }) => value));
  let peak: CivilDate | undefined;
  let open: Drawdown | undefined;
  series.forEach(({ date }, index) => {
    const depth = falls[index] ?? 0;
    if (depth === 0) {
      if (open !== undefined) found.push({ ...open, recovery: date, days: daysBetween(open.peak, date) });
      open = undefined;
      peak = date;
      return;
    }
    open ??= { peak: peak ?? date, trough: date, recovery: undefined, depth, days: 0 };
    const trough = depth < open.depth ? { trough: date, depth } : {};
    open = { ...open, ...trough, days: daysBetween(open.peak, date) };
  });
  return open === undefined ? found : [...found, open];
}

const daysBetween = (from: CivilDate, to: CivilDate): number => daysOf(to) - daysOf(from);

/** The deepest drawdowns of a series, deepest first; of two as deep the earlier. At most `count`. */
export function drawdowns(series: readonly DatedValue[], count = 5): readonly Drawdown[] {
  return allDrawdowns(series)
    .toSorted((a, b) => a.depth - b.depth)
    .slice(0, count);
}

/** Calendar days of the longest drawdown, from peak to recovery or to the last day; 0 without one. */
export function longestDrawdownDays(series: readonly DatedValue[]): number {
  return allDrawdowns(series).reduce((longest, { days }) => Math.max(longest, days), 0);
}
