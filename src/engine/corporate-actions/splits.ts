/** Splits of holdings (rule R40). */
import {
  absolute,
  cash,
  divideFloor,
  divideHalfEven,
  isWholeShares,
  NO_CASH,
  price,
  quantity,
  SCALE,
  valueOf,
  formatUnits,
  type Price,
  type Quantity,
  type Split,
} from "../../kernel/index.ts";
import type { AccountEntry } from "../event.ts";
import { plainEntry } from "../accounts/accruals.ts";
import type { Position } from "../state.ts";
import type { Booking } from "./booking.ts";

/** Quantity × ratio and average ÷ ratio; what may not be held as a fraction is paid in cash at the last price ÷ ratio. */
export function splitHoldings(booking: Booking, split: Split): readonly AccountEntry[] {
  const { account, at } = booking;
  const position = account.positions.get(split.symbol);
  if (position === undefined) return [];
  const { oldRate, newRate } = split;
  const exact = quantity(divideHalfEven(position.qty * newRate, oldRate));
  const avgEntryPrice = price(divideHalfEven(position.avgEntryPrice * oldRate, newRate));
  const kept = keepsFractions(booking, split, position) ? exact : wholeOf(exact);
  const lieu = cashInLieu(booking, split, quantity(exact - kept));
  const released = exact === 0n ? position.costBasis : divideHalfEven(position.costBasis * (exact - kept), exact);
  return [
    {
      ...plainEntry({ account: account.ordinal, at }),
      entry: "SPLIT",
      subType: newRate > oldRate ? "FSPLIT" : "RSPLIT",
      symbol: split.symbol,
      qty: quantity(kept - position.qty),
      price: lieu.each,
      netAmount: lieu.amount,
      realized: cash(exact === kept ? NO_CASH : lieu.amount - released),
      holdings: [
        {
          symbol: split.symbol,
          qty: kept,
          qtyChange: quantity(kept - position.qty),
          avgEntryPrice,
          costBasis: cash(position.costBasis - released),
        },
      ],
      oldRate,
      newRate,
      description: `Split ${formatUnits(newRate)} for ${formatUnits(oldRate)}`,
    },
  ];
}

/** Fractions stay in forward splits of fractionable assets, and where a fraction was held already. */
function keepsFractions(
  { state, tape, at }: Booking,
  { newRate, oldRate, symbol }: Split,
  position: Position,
): boolean {
  if (newRate < oldRate) return false;
  if (state.config.splitFractions === "cash") return false;
  return !isWholeShares(position.qty) || tape.knownAt(at).traits(symbol)?.isFractionable !== false;
}

/** Towards zero, for a long and a short alike. */
function wholeOf(qty: Quantity): Quantity {
  const whole = divideFloor(absolute(qty), SCALE) * SCALE;
  return quantity(qty < 0n ? -whole : whole);
}

/** A fraction at the last price before the split, in the shares of after it; a short pays it. */
function cashInLieu({ tape, at }: Booking, { symbol }: Split, fraction: Quantity) {
  const each: Price | undefined = fraction === 0n ? undefined : tape.knownAt(at).lastPrice(symbol);
  return { each, amount: each === undefined ? NO_CASH : cents(valueOf(fraction, each)) };
}

/** Paid to the cent. */
const cents = (amount: bigint) => cash(divideHalfEven(amount, SCALE / 100n) * (SCALE / 100n));
