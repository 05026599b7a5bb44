/** Sums, means and moments of a sample. NaN says "not defined" in this room: arithmetic carries it on, a report writes null. */

/** Below this a deviation of returns is rounding, not risk: doubles near 1 are 2·10⁻¹⁶ apart. */
export const NOISE = 1e-12;

export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** NaN of nothing. */
export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** NaN of nothing, as the lowest is. */
export const highest = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((found, value) => Math.max(found, value));

export const lowest = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((found, value) => Math.min(found, value));

/** Sample standard deviation (n − 1), exactly 0 where it is no more than rounding; NaN of fewer than two values. */
export function deviation(values: readonly number[]): number {
  const size = Math.sqrt(covariance(values, values));
  return size < NOISE ? 0 : size;
}

/** Sample covariance (n − 1) of two samples of one length; NaN of fewer than two pairs. */
export function covariance(values: readonly number[], others: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const [middle, otherMiddle] = [mean(values), mean(others)];
  const products = values.map((value, index) => (value - middle) * ((others[index] ?? Number.NaN) - otherMiddle));
  return sum(products) / (values.length - 1);
}

/** A quotient that is NaN, never infinite, where the denominator is no more than rounding. */
export function ratio(numerator: number, denominator: number): number {
  return Math.abs(denominator) < NOISE ? Number.NaN : numerator / denominator;
}

/** Mean of the powers of the standardised values, by the population deviation. */
function standardMoment(values: readonly number[], power: number): number {
  if (deviation(values) === 0) return Number.NaN;
  const middle = mean(values);
  const moment = (order: number): number => mean(values.map((value) => (value - middle) ** order));
  return moment(power) / moment(2) ** (power / 2);
}

/** Skewness of the values themselves, as SciPy has it by default. */
export const skewOfPopulation = (values: readonly number[]): number => standardMoment(values, 3);

/** Excess kurtosis of the values themselves, as SciPy has it by default. */
export const kurtosisOfPopulation = (values: readonly number[]): number => standardMoment(values, 4) - 3;

/** Bias-corrected skewness, as pandas has it; NaN of fewer than three values or without deviation. */
export function skew(values: readonly number[]): number {
  const n = values.length;
  return n < 3 ? Number.NaN : (skewOfPopulation(values) * Math.sqrt(n * (n - 1))) / (n - 2);
}

/** Bias-corrected excess kurtosis, as pandas has it; NaN of fewer than four values or without deviation. */
export function kurtosis(values: readonly number[]): number {
  const n = values.length;
  if (n < 4) return Number.NaN;
  return (((n + 1) * kurtosisOfPopulation(values) + 6) * (n - 1)) / ((n - 2) * (n - 3));
}

/** The value below which a share of them lies (0 to 1), interpolated between neighbours; NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
