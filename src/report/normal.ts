/** The standard normal distribution: its quantile and its cumulative share. */

/** Coefficients of a rational function, highest power first. */
interface Quotient {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

const CENTRAL: Quotient = {
  above: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  below: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
};
const NEAR_TAIL: Quotient = {
  above: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  below: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
};
const FAR_TAIL: Quotient = {
  above: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  below: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
};

/**
 * The value below which a share (0 to 1) of a standard normal lies, to about 16 digits. NaN outside 0 to 1, and at both
 * ends. Algorithm AS 241, PPND16 (M. J. Wichura, 1988).
 */
export function normalQuantile(share: number): number {
  if (!(share > 0 && share < 1)) return Number.NaN;
  const fromMiddle = share - 0.5;
  if (Math.abs(fromMiddle) <= 0.425) return fromMiddle * valueOf(CENTRAL, 0.180625 - fromMiddle * fromMiddle);
  const distance = Math.sqrt(-Math.log(Math.min(share, 1 - share)));
  const size = distance <= 5 ? valueOf(NEAR_TAIL, distance - 1.6) : valueOf(FAR_TAIL, distance - 5);
  return fromMiddle < 0 ? -size : size;
}

function valueOf({ above, below }: Quotient, at: number): number {
  const polynomial = (coefficients: readonly number[]): number =>
    coefficients.reduce((value, coefficient) => value * at + coefficient, 0);
  return polynomial(above) / polynomial(below);
}

/** From here on the continued fraction is the better one. */
const TAIL_FROM = 3;

/** Steps of the continued fraction: enough for 15 digits from 3 on. */
const FRACTION_STEPS = 100;

/** The share of a standard normal that lies below a value, to about 13 digits of the smaller side. */
export function normalShareBelow(value: number): number {
  if (value < -TAIL_FROM) return shareBeyond(-value);
  if (value > TAIL_FROM) return 1 - shareBeyond(value);
  return 0.5 + density(value) * oddSeries(value);
}

/** x + x³/3 + x⁵/15 + … (G. Marsaglia, 2004). */
function oddSeries(value: number): number {
  let [total, term] = [0, value];
  for (let power = 1; Math.abs(term) > Math.abs(total) * Number.EPSILON; power += 2) {
    total += term;
    term *= (value * value) / (power + 2);
  }
  return total;
}

/** 1/(x + 1/(x + 2/(x + 3/(x + …)))) times the density (P. S. Laplace, 1805). */
function shareBeyond(value: number): number {
  let fraction = value;
  for (let step = FRACTION_STEPS; step >= 1; step -= 1) fraction = value + step / fraction;
  return density(value) / fraction;
}

const density = (value: number): number => Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI);
