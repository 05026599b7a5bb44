/** What a fill does to cash, position, average price and realised profit (rules R34 and R35). */
import { absolute, assert, averagePrice, cash, divideHalfEven, quantity } from "../../kernel/index.ts";
import type { Cash, Instant, Price, Quantity } from "../../kernel/index.ts";
import type { HoldingAfter, Side } from "../event.ts";
import type { Position } from "../state.ts";

/** One fill as the ledger sees it. */
export interface Trade {
  readonly symbol: string;
  readonly side: Side;
  readonly qty: Quantity;
  readonly price: Price;
  /** qty × price; positive. */
  readonly cash: Cash;
  readonly at: Instant;
}

export interface Booking {
  /** Added to cash: negative for a buy. */
  readonly cashChange: Cash;
  /** Added to realised profit: zero for an opening fill. */
  readonly realized: Cash;
  /** The position afterwards; undefined when flat. */
  readonly position: Position | undefined;
}

/** Books a trade against the position held before it. A trade never crosses zero: that was refused at acceptance. */
export function book(before: Position | undefined, trade: Trade): Booking {
  const signed = quantity(trade.side === "buy" ? trade.qty : -trade.qty);
  const flow = cash(trade.side === "buy" ? -trade.cash : trade.cash);
  if (before === undefined) return { cashChange: flow, realized: cash(0n), position: opened(signed, flow, trade) };
  if (before.qty > 0n === signed > 0n)
    return { cashChange: flow, realized: cash(0n), position: grown(before, signed, flow) };
  return closed(before, signed, flow);
}

function opened(signed: Quantity, flow: Cash, trade: Trade): Position {
  const { symbol, at } = trade;
  return { symbol, qty: signed, avgEntryPrice: trade.price, costBasis: cash(-flow), openedAt: at };
}

/** Cost and shares add up; the average is theirs (R35). */
function grown(before: Position, signed: Quantity, flow: Cash): Position {
  const qty = quantity(before.qty + signed);
  const costBasis = cash(before.costBasis - flow);
  const avgEntryPrice = averagePrice(absolute(costBasis), absolute(qty));
  return { symbol: before.symbol, qty, avgEntryPrice, costBasis, openedAt: before.openedAt };
}

/** The cost of the closed shares leaves in proportion; the average of the rest stays. */
function closed(before: Position, signed: Quantity, flow: Cash): Booking {
  if (signed === -before.qty) {
    return { cashChange: flow, realized: cash(flow - before.costBasis), position: undefined };
  }
  assert(absolute(signed) < absolute(before.qty), "Invariant: a fill never crosses zero");
  const released = divideHalfEven(before.costBasis * absolute(signed), absolute(before.qty));
  const qty = quantity(before.qty + signed);
  const { symbol, avgEntryPrice, openedAt } = before;
  const position = { symbol, qty, avgEntryPrice, costBasis: cash(before.costBasis - released), openedAt };
  return { cashChange: flow, realized: cash(flow - released), position };
}

/** What two holdings make together; they may lie on different sides. */
export function grownBy(before: Position | undefined, added: Position, symbol: string): HoldingAfter {
  const qty = quantity((before?.qty ?? 0n) + added.qty);
  const costBasis = cash((before?.costBasis ?? 0n) + added.costBasis);
  const isPlain = before === undefined || qty === 0n;
  const avgEntryPrice = isPlain ? added.avgEntryPrice : averagePrice(absolute(costBasis), absolute(qty));
  return { symbol, qty, qtyChange: added.qty, avgEntryPrice, costBasis };
}
