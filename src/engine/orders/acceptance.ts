/** The event by which an order comes into the world. */
import { divideFloor, price, type Cash, type Instant, type Price } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { LegRole, OrderAccepted, OrderSource, OrderTerms } from "../event.ts";
import { slip } from "../models/slippage.ts";
import { tickOf } from "../models/tick.ts";
import type { Account, Order, State } from "../state.ts";
import { isAuction, type OrderSpan } from "./venue.ts";

/** What has been decided about a new order. */
export interface Accepting {
  readonly state: State;
  readonly account: Account;
  readonly at: Instant;
  readonly terms: OrderTerms;
  readonly span: OrderSpan;
  /** Last known price. */
  readonly last: Price | undefined;
  /** Where the mark of a trailing stop starts, if not there. */
  readonly mark?: Price | undefined;
  readonly reserved: Cash;
  readonly isPriced: boolean;
  readonly isOpening: boolean;
  readonly replaced: Order | undefined;
  /** Place among the orders of one command: 0 for the first. */
  readonly index: number;
  readonly parent?: number | undefined;
  readonly leg?: LegRole | undefined;
  readonly isHeld?: boolean | undefined;
  readonly isFlip?: boolean | undefined;
  readonly source?: OrderSource | undefined;
}

/** Nanoseconds tell orders of one instant apart, so that paging by time loses none. */
export function accepted(accepting: Accepting): OrderAccepted {
  const { state, account, at, terms, span, replaced, index } = accepting;
  const previous = state.orders.get(state.orders.length - 1);
  const firstNanos = previous !== undefined && previous.submittedAt === at ? previous.nanos + 1 : 0;
  const skipsEqual = state.config.openEqual === "skip" ? 1 : 0;
  return {
    kind: "order_accepted",
    at,
    order: state.orders.length + 1 + index,
    account: account.ordinal,
    symbol: terms.symbol,
    side: terms.side,
    type: terms.type,
    timeInForce: terms.timeInForce,
    qty: terms.qty,
    notional: terms.notional,
    limitPrice: terms.limitPrice,
    stopPrice: terms.stopPrice,
    trailPrice: terms.trailPrice,
    trailPercent: terms.trailPercent,
    extendedHours: terms.extendedHours,
    clientOrderId: terms.clientOrderId,
    orderClass: terms.orderClass,
    takeProfit: terms.takeProfit,
    stopLoss: terms.stopLoss,
    stopLossLimit: terms.stopLossLimit,
    nanos: firstNanos + index,
    effectiveAt: (at + state.config.latencyMs + skipsEqual) as Instant,
    opensAt: span.opensAt,
    expiresAt: span.expiresAt,
    reserved: accepting.reserved,
    isPriced: accepting.isPriced,
    isOpening: accepting.isOpening,
    triggeredBy: replaced?.triggeredBy,
    replaces: replaced?.ordinal,
    parent: accepting.parent,
    leg: accepting.leg,
    isHeld: accepting.isHeld,
    collar: collarOf(state.config, terms, accepting.last),
    mark: terms.type === "trailing_stop" ? (accepting.mark ?? accepting.last) : undefined,
    isFlip: accepting.isFlip,
    source: accepting.source,
  };
}

/** Where the venue is open the order is at work at once. */
export const isOpenAtOnce = ({ opensAt, at, isHeld }: OrderAccepted): boolean => opensAt <= at && isHeld !== true;

const FIFTY_DOLLARS = 50_000_000_000n;
const PER_MILLE = 1000n;

/** Alpaca's collars: a buy stop becomes a stop-limit, a market order keeps near the last price, except in an auction. */
function collarOf(config: EngineConfig, terms: OrderTerms, last: Price | undefined): Price | undefined {
  if (config.alpacaBuyStopCollar && terms.type === "stop" && terms.side === "buy" && terms.stopPrice !== undefined) {
    const factor = terms.stopPrice < FIFTY_DOLLARS ? 1040n : 1025n;
    return toTick(terms.stopPrice * factor, PER_MILLE);
  }
  if (config.marketCollar === null || terms.type !== "market" || last === undefined) return undefined;
  if (isAuction(terms.timeInForce)) return undefined;
  const bps = BigInt(Math.round(config.marketCollar * 10_000));
  return toTick(last * (terms.side === "buy" ? 10_000n + bps : 10_000n - bps), 10_000n);
}

/** Cut to the tick. */
function toTick(numerator: bigint, denominator: bigint): Price {
  const tick = tickOf(divideFloor(numerator, denominator));
  return price(divideFloor(numerator, denominator * tick) * tick);
}

/** The price at which a market order sent now would be expected to fill. */
export const expectedPrice = (config: EngineConfig, terms: OrderTerms, last: Price): Price =>
  slip(config.slippage, terms.side, last);
