/** Prices, quantities and cash: fixed-point numbers that cannot be mistaken for one another. */
import { divideFloor, divideHalfEven, SCALE, unitsFromNumber } from "./fixed.ts";

declare const kind: unique symbol;

/** US dollars for one share, in units of 10⁻⁹. */
export type Price = bigint & { readonly [kind]: "Price" };
/** Shares, in units of 10⁻⁹; negative for a short position. */
export type Quantity = bigint & { readonly [kind]: "Quantity" };
/** US dollars, in units of 10⁻⁹. */
export type Cash = bigint & { readonly [kind]: "Cash" };

export const price = (units: bigint): Price => units as Price;
export const quantity = (units: bigint): Quantity => units as Quantity;
export const cash = (units: bigint): Cash => units as Cash;

export const NO_CASH: Cash = cash(0n);
export const NO_SHARES: Quantity = quantity(0n);

/** A price as a bar carries it (a float), taken to the nearest 10⁻⁹. */
export const priceFromBar = (value: number): Price => price(unitsFromNumber(value));

/** Quantity × price, rounded half-even to 10⁻⁹ (the rule for the cash of a fill). */
export function valueOf(shares: Quantity, each: Price): Cash {
  const whole = shares / SCALE;
  if (whole * SCALE === shares) return cash(whole * each);
  return cash(divideHalfEven(shares * each, SCALE));
}

/** How many shares an amount buys, cut to nine decimals. */
export function sharesFor(amount: Cash, each: Price): Quantity {
  return quantity(divideFloor(amount * SCALE, each));
}

/** Amount ÷ shares, rounded half-even to 10⁻⁹. */
export function averagePrice(amount: Cash, shares: Quantity): Price {
  return price(divideHalfEven(amount * SCALE, shares));
}

export const isWholeShares = (shares: Quantity): boolean => shares % SCALE === 0n;

export const absolute = <T extends bigint>(value: T): T => (value < 0n ? (-(value as bigint) as T) : value);
export const smaller = <T extends bigint>(a: T, b: T): T => (a < b ? a : b);
export const larger = <T extends bigint>(a: T, b: T): T => (a > b ? a : b);
