/** A position from flat on: its lots, first in, first out, and what went in and out so far. */
import {
  cash,
  divideHalfEven,
  NO_CASH,
  quantity,
  smaller,
  unitsToNumber,
  type Cash,
  type Instant,
  type Price,
  type Quantity,
} from "../kernel/index.ts";
import type { FillFact, SplitFact } from "./input.ts";

/** All amounts are positive, in units of 10⁻⁹, for longs and shorts alike. */
interface Lot {
  qty: bigint;
  /** What its shares were bought or sold short for. */
  value: bigint;
}

/** A time under one symbol and one count of shares. */
export interface Stretch {
  readonly symbol: string;
  readonly from: Instant;
  /** Shares at the end for each share of this stretch: what its raw prices are divided by. */
  readonly scale: number;
}

export interface OpenPosition {
  readonly isLong: boolean;
  readonly entryAt: Instant;
  lots: Lot[];
  /** The shares of its lots. */
  held: bigint;
  /** Shares opened so far, in the shares of now. */
  entered: bigint;
  entryValue: bigint;
  exitValue: bigint;
  /** The entry value of the lots that were closed. */
  closedValue: bigint;
  fees: bigint;
  /** Prices of its fills in dollars, in the shares of now. */
  low: number;
  high: number;
  stretches: readonly Stretch[];
}

/** Some shares of a fill, with their part of its cash and fees. */
export interface Part {
  readonly qty: Quantity;
  readonly value: Cash;
  readonly fees: Cash;
  /** Undefined where no trade made it: cash in lieu of a fraction. */
  readonly price: Price | undefined;
}

/** The first `qty` shares of a fill, and the rest: to the last unit they come to the whole. */
export function partsOf(fill: FillFact, qty: Quantity): readonly [first: Part, rest: Part] {
  const value = divideHalfEven(fill.cash * qty, fill.qty);
  const fees = divideHalfEven(fill.fees * qty, fill.qty);
  const part = (shares: bigint, amount: bigint, cost: bigint): Part => ({
    qty: quantity(shares),
    value: cash(amount),
    fees: cash(cost),
    price: fill.price,
  });
  return [part(qty, value, fees), part(fill.qty - qty, fill.cash - value, fill.fees - fees)];
}

/** A position without shares yet, on the side of a fill. */
export function openPosition({ at, symbol, side }: FillFact): OpenPosition {
  return {
    isLong: side === "buy",
    entryAt: at,
    lots: [],
    held: 0n,
    entered: 0n,
    entryValue: 0n,
    exitValue: 0n,
    closedValue: 0n,
    fees: 0n,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    stretches: [{ symbol, from: at, scale: 1 }],
  };
}

export const sharesHeld = ({ held }: OpenPosition): Quantity => quantity(held);

/** What the shares that are held were bought or sold short for. */
export const costHeld = ({ entryValue, closedValue }: OpenPosition): Cash => cash(entryValue - closedValue);

/** Adds a lot. */
export function enter(position: OpenPosition, part: Part): void {
  const { qty, value } = part;
  position.lots.push({ qty, value });
  position.held += qty;
  position.entered += qty;
  position.entryValue += value;
  bookFees(position, part);
}

/** Takes shares off the oldest lots; no more than are held. */
export function leave(position: OpenPosition, part: Part): void {
  let remaining: bigint = part.qty;
  for (let lot = position.lots[0]; lot !== undefined && remaining > 0n; lot = position.lots[0]) {
    const isWhole = remaining >= lot.qty;
    const qty = isWhole ? lot.qty : remaining;
    const value = isWhole ? lot.value : divideHalfEven(lot.value * qty, lot.qty);
    lot.qty -= qty;
    lot.value -= value;
    position.held -= qty;
    position.closedValue += value;
    remaining -= qty;
    if (isWhole) position.lots.shift();
  }
  position.exitValue += part.value;
  bookFees(position, part);
}

function bookFees(position: OpenPosition, { fees, price }: Part): void {
  position.fees += fees;
  if (price === undefined) return;
  position.low = Math.min(position.low, unitsToNumber(price));
  position.high = Math.max(position.high, unitsToNumber(price));
}

/** Counts everything in the shares of after a split, then closes the fraction that was paid in cash. */
export function restate(position: OpenPosition, { at, numerator, denominator, inLieu }: SplitFact): void {
  const scaled = (qty: bigint): bigint => divideHalfEven(qty * numerator, denominator);
  // Each lot is the difference of two rounded sums: together they are what a broker makes of the whole.
  let before = 0n;
  position.lots = position.lots.map(({ qty, value }) => {
    const after = before + qty;
    const lot = { qty: scaled(after) - scaled(before), value };
    before = after;
    return lot;
  });
  position.held = scaled(before);
  position.entered = scaled(position.entered);
  const scale = Number(numerator) / Number(denominator);
  position.low /= scale;
  position.high /= scale;
  const symbol = position.stretches.at(-1)?.symbol ?? "";
  position.stretches = [
    ...position.stretches.map((stretch) => ({ ...stretch, scale: stretch.scale * scale })),
    { symbol, from: at, scale: 1 },
  ];
  if (inLieu === undefined) return;
  const qty = smaller(inLieu.qty, sharesHeld(position));
  leave(position, { qty, value: inLieu.cash, fees: NO_CASH, price: undefined });
}

/** Goes on under another symbol. */
export function rename(position: OpenPosition, { at, to }: { readonly at: Instant; readonly to: string }): void {
  position.stretches = [...position.stretches, { symbol: to, from: at, scale: 1 }];
}
