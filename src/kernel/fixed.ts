/** Fixed-point numbers: integers of 10⁻⁹, held in a `bigint`, with every rounding named. */

/** How many units make one: 10⁹. */
export const SCALE = 1_000_000_000n;

/** Digits after the decimal point that a fixed-point number keeps. */
export const FRACTION_DIGITS = 9;

const PATTERN = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/** Decimals of at most fifteen digits, as many as a float holds. */
const SHORT = /^-?\d{1,6}(?:\.\d{1,9})?$/;

/** Below it, a product with 10⁹ is off by less than a tenth: rounding it finds the nearest units. */
const PLAIN_BELOW = 500_000;

/** Largest quotient not above the exact one. */
export function divideFloor(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  const isBelow = remainder !== 0n && remainder < 0n !== denominator < 0n;
  return isBelow ? quotient - 1n : quotient;
}

/** Smallest quotient not below the exact one. */
export function divideCeiling(numerator: bigint, denominator: bigint): bigint {
  return -divideFloor(-numerator, denominator);
}

/** Nearest quotient; a tie goes to the even one (banker's rounding). */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const floor = divideFloor(numerator, denominator);
  const twice = (numerator - floor * denominator) * 2n;
  const size = denominator < 0n ? -denominator : denominator;
  const distance = twice < 0n ? -twice : twice;
  if (distance > size) return floor + 1n;
  if (distance === size && floor % 2n !== 0n) return floor + 1n;
  return floor;
}

export type DecimalProblem = "not_a_decimal" | "too_many_decimals";

/**
 * Reads a plain decimal ("12", "-0.5"; no exponent, no thousands separator) as units of 10⁻⁹.
 * More than nine decimals are refused unless the surplus is zeros: nothing is rounded in silence.
 */
export function parseUnits(text: string): bigint | DecimalProblem {
  return plainUnits(text) ?? parsedUnits(text);
}

/** Nearly all that there is to read: short enough for a float to hold every digit of it. */
function plainUnits(text: string): bigint | undefined {
  if (!SHORT.test(text)) return undefined;
  const value = Number(text);
  return value < PLAIN_BELOW && value > -PLAIN_BELOW ? BigInt(Math.round(value * 1e9)) : undefined;
}

function parsedUnits(text: string): bigint | DecimalProblem {
  const match = PATTERN.exec(text);
  if (match === null) return "not_a_decimal";
  const [, sign, whole = "0", fraction = ""] = match;
  if (/[1-9]/.test(fraction.slice(FRACTION_DIGITS))) return "too_many_decimals";
  const units = BigInt(whole) * SCALE + BigInt(fraction.slice(0, FRACTION_DIGITS).padEnd(FRACTION_DIGITS, "0"));
  return sign === "-" ? -units : units;
}

/** Writes units as a plain decimal without trailing zeros: "12", "-0.5". */
export function formatUnits(units: bigint): string {
  const plain = Number(units);
  if (plain < 0 || plain > Number.MAX_SAFE_INTEGER) return formattedUnits(units);
  const rest = plain % 1e9;
  const whole = String((plain - rest) / 1e9);
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(FRACTION_DIGITS, "0").replace(/0+$/, "")}`;
}

function formattedUnits(units: bigint): string {
  const size = units < 0n ? -units : units;
  const fraction = (size % SCALE).toString().padStart(FRACTION_DIGITS, "0").replace(/0+$/, "");
  const text = (size / SCALE).toString() + (fraction === "" ? "" : `.${fraction}`);
  return units < 0n ? `-${text}` : text;
}

/** The nearest units to a float, for data that came as floats (bars). Exact for up to nine decimals below 10⁶. */
export function unitsFromNumber(value: number): bigint {
  if (value < PLAIN_BELOW && value > -PLAIN_BELOW) return BigInt(Math.round(value * 1e9));
  const whole = Math.trunc(value);
  return BigInt(whole) * SCALE + BigInt(Math.round((value - whole) * 1e9));
}

/** The float nearest to the units, for reporting and JSON numbers. */
export function unitsToNumber(units: bigint): number {
  return Number(formatUnits(units));
}
