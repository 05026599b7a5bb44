/** What a position tells: a round trip once it is flat, an open one before. */
import {
  averagePrice,
  cash,
  price,
  quantity,
  unitsToNumber,
  type Cash,
  type Instant,
  type Price,
  type Quantity,
} from "../kernel/index.ts";
import { costHeld, sharesHeld, type OpenPosition, type Stretch } from "./open-position.ts";

interface TripFacts {
  /** As of the end, where it changed. */
  readonly symbol: string;
  readonly side: "long" | "short";
  readonly entryAt: Instant;
  /** Fees of its fills; positive. */
  readonly fees: Cash;
}

export interface RoundTrip extends TripFacts {
  readonly exitAt: Instant;
  readonly durationMs: number;
  /** Shares that were opened, in the shares of the end where splits came between; positive. */
  readonly qty: Quantity;
  /** Averages over all that was opened and closed, in the shares of the end. */
  readonly entryPrice: Price;
  readonly exitPrice: Price;
  /** What was paid for, or got for, all that was opened; positive. */
  readonly entryValue: Cash;
  /** With fees taken off. */
  readonly pnl: Cash;
  /** The profit as a ratio of the entry value; undefined where that is zero. */
  readonly return: number | undefined;
  /** Lowest and highest price of its fills in dollars, in the shares of the end. */
  readonly low: number;
  readonly high: number;
  /** Its time, cut where the symbol or the count of shares changed. */
  readonly stretches: readonly (Stretch & { readonly to: Instant })[];
}

export interface OpenTrip extends TripFacts {
  /** Shares still held; positive. */
  readonly qty: Quantity;
  /** The average of the lots that are still held. */
  readonly entryPrice: Price;
  /** Profit of the shares that were closed, first in, first out, with all fees so far taken off. */
  readonly realizedPnl: Cash;
}

/** The trip of a position that has become flat. */
export function closedTrip(position: OpenPosition, exitAt: Instant): RoundTrip {
  const { entryAt, entered, entryValue, exitValue, low, high, stretches } = position;
  const pnl = profit(position);
  return {
    ...factsOf(position),
    exitAt,
    durationMs: exitAt - entryAt,
    qty: quantity(entered),
    entryPrice: average(entryValue, entered),
    exitPrice: average(exitValue, entered),
    entryValue: cash(entryValue),
    pnl,
    return: entryValue === 0n ? undefined : unitsToNumber(pnl) / unitsToNumber(entryValue),
    low,
    high,
    stretches: stretches.map((stretch, index) => ({ ...stretch, to: stretches[index + 1]?.from ?? exitAt })),
  };
}

/** The trip of a position that is still held. */
export function openTrip(position: OpenPosition): OpenTrip {
  const held = sharesHeld(position);
  return {
    ...factsOf(position),
    qty: held,
    entryPrice: average(costHeld(position), held),
    realizedPnl: profit(position),
  };
}

function factsOf({ isLong, entryAt, fees, stretches }: OpenPosition): TripFacts {
  return { symbol: stretches.at(-1)?.symbol ?? "", side: isLong ? "long" : "short", entryAt, fees: cash(fees) };
}

/** Of what was closed: proceeds less cost, fees off. */
function profit({ isLong, exitValue, closedValue, fees }: OpenPosition): Cash {
  return cash((isLong ? exitValue - closedValue : closedValue - exitValue) - fees);
}

/** A split can leave less than a unit of a share: its price is zero. */
const average = (value: bigint, qty: bigint): Price =>
  qty === 0n ? price(0n) : averagePrice(cash(value), quantity(qty));
