/** What a holding must be backed with (rule R36): initial and maintenance margin by side, price and date. */
import { absolute, cash, divideHalfEven, larger, SCALE, valueOf, type Cash, type Instant } from "../../kernel/index.ts";
import type { Price, Quantity } from "../../kernel/index.ts";
import type { AssetTraits } from "../ports.ts";
import { hasMaintenanceOf2026 } from "./dated-rules.ts";

const dollars = (text: bigint, cents = 0n): bigint => (text * 100n + cents) * (SCALE / 100n);

const LONG_FULL_BELOW = Number(dollars(2n, 50n));
const LONG_HALF_UPTO = Number(dollars(6n));
const SHORT_FULL_BELOW = dollars(5n);
const SHORT_CHEAP_EACH = dollars(2n, 50n);
const SHORT_EACH = dollars(5n);

/** A position at a price. */
export interface Marked {
  readonly qty: Quantity;
  readonly price: Price;
  readonly traits: AssetTraits | undefined;
  readonly at: Instant;
}

/** What nearly every long position needs, in percent of its value. */
export const PLAIN_INITIAL = 50;
export const PLAIN_MAINTENANCE = 30;

/** Half of the value (Regulation T), all of it for what cannot be borrowed against; in percent. */
export const initialPercent = (traits: AssetTraits | undefined): number =>
  traits?.isMarginable === false ? 100 : PLAIN_INITIAL;

export const initialMarginOf = ({ qty, price, traits }: Marked): Cash =>
  percentOf(absolute(valueOf(qty, price)), initialPercent(traits));

/** Alpaca's house requirement. */
export function maintenanceMarginOf({ qty, price, traits, at }: Marked): Cash {
  if (qty < 0n) return shortMaintenanceMargin(qty, price);
  return percentOf(valueOf(qty, price), longMaintenancePercent(Number(price), traits, at));
}

/** Of the value of a long position at a price in units of 10⁻⁹, in percent. */
export function longMaintenancePercent(units: number, traits: AssetTraits | undefined, at: Instant): number {
  if (traits?.isMarginable === false || units < LONG_FULL_BELOW) return 100;
  const isNew = hasMaintenanceOf2026(at);
  const leverage = traits?.leverage ?? 1;
  if (leverage >= 2) return leveragedPercent(leverage, isNew);
  return isNew && units <= LONG_HALF_UPTO ? 50 : PLAIN_MAINTENANCE;
}

function leveragedPercent(leverage: number, isNew: boolean): number {
  if (!isNew) return 100;
  return leverage >= 3 ? 75 : 50;
}

/** The larger of so many dollars a share and so many percent of the value. */
export function shortMaintenanceMargin(qty: Quantity, price: Price): Cash {
  const value = absolute(valueOf(qty, price));
  const isCheap = price < SHORT_FULL_BELOW;
  const each = isCheap ? SHORT_CHEAP_EACH : SHORT_EACH;
  const byShare = divideHalfEven(absolute(qty) * each, SCALE);
  return cash(larger(byShare, percentOf(value, isCheap ? 100 : 30)));
}

const percentOf = (value: bigint, percent: number): Cash => cash(divideHalfEven(value * BigInt(percent), 100n));
