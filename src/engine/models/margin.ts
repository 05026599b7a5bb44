/** What a holding must be backed with (rule R36): initial and maintenance margin by side, price and date. */
import { absolute, cash, divideHalfEven, larger, SCALE, valueOf, type Cash, type Instant } from "../../kernel/index.ts";
import type { Price, Quantity } from "../../kernel/index.ts";
import type { AssetTraits } from "../ports.ts";
import { hasMaintenanceOf2026 } from "./dated-rules.ts";

const dollars = (text: bigint, cents = 0n): bigint => (text * 100n + cents) * (SCALE / 100n);

const LONG_FULL_BELOW = dollars(2n, 50n);
const LONG_HALF_UPTO = dollars(6n);
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

/** Half of the value (Regulation T), all of it for what cannot be borrowed against; in percent. */
export const initialPercent = (traits: AssetTraits | undefined): bigint =>
  traits?.isMarginable === false ? 100n : 50n;

export const initialMarginOf = ({ qty, price, traits }: Marked): Cash =>
  percentOf(absolute(valueOf(qty, price)), initialPercent(traits));

/** Alpaca's house requirement. */
export function maintenanceMarginOf({ qty, price, traits, at }: Marked): Cash {
  if (qty < 0n) return shortMaintenanceMargin(qty, price);
  return percentOf(valueOf(qty, price), longMaintenancePercent(price, traits, at));
}

/** Of the value of a long position, in percent. */
export function longMaintenancePercent(price: Price, traits: AssetTraits | undefined, at: Instant): bigint {
  const isNew = hasMaintenanceOf2026(at);
  if (traits?.isMarginable === false || price < LONG_FULL_BELOW) return 100n;
  const leverage = traits?.leverage ?? 1;
  if (leverage >= 2) return leveragedPercent(leverage, isNew);
  return isNew && price <= LONG_HALF_UPTO ? 50n : 30n;
}

function leveragedPercent(leverage: number, isNew: boolean): bigint {
  if (!isNew) return 100n;
  return leverage >= 3 ? 75n : 50n;
}

/** The larger of so many dollars a share and so many percent of the value. */
export function shortMaintenanceMargin(qty: Quantity, price: Price): Cash {
  const value = absolute(valueOf(qty, price));
  const isCheap = price < SHORT_FULL_BELOW;
  const each = isCheap ? SHORT_CHEAP_EACH : SHORT_EACH;
  const byShare = divideHalfEven(absolute(qty) * each, SCALE);
  return cash(larger(byShare, percentOf(value, isCheap ? 100n : 30n)));
}

const percentOf = (value: bigint, percent: bigint): Cash => cash(divideHalfEven(value * percent, 100n));
