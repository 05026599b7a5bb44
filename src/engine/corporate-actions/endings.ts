/** Shares that change their name, or cease to exist (rule R44). */
import {
  cash,
  NO_CASH,
  NO_SHARES,
  price,
  quantity,
  valueOf,
  type Delisting,
  type SymbolChange,
} from "../../kernel/index.ts";
import { plainEntry } from "../accounts/accruals.ts";
import type { AccountEntry, HoldingAfter } from "../event.ts";
import { grownBy } from "../accounts/ledger.ts";
import type { Booking } from "./booking.ts";

const gone = (symbol: string, qty: bigint): HoldingAfter => ({
  symbol,
  qty: NO_SHARES,
  qtyChange: quantity(-qty),
  avgEntryPrice: price(0n),
  costBasis: NO_CASH,
});

/** The position goes on under the new symbol, together with what is held of that already. */
export function renameHoldings({ account, at }: Booking, { symbol, newSymbol }: SymbolChange): readonly AccountEntry[] {
  const position = account.positions.get(symbol);
  if (position === undefined) return [];
  const after = grownBy(account.positions.get(newSymbol), position, newSymbol);
  return [
    {
      ...plainEntry({ account: account.ordinal, at }),
      entry: "NC",
      subType: "SNC",
      symbol: newSymbol,
      qty: position.qty,
      netAmount: NO_CASH,
      holdings: [gone(symbol, position.qty), after],
      description: `Symbol change from ${symbol} to ${newSymbol}`,
    },
  ];
}

/** The position is closed for the stated cash a share, or at the last price. */
export function closeAtLast(
  { account, at, tape }: Booking,
  { symbol, type, cashPerShare }: Delisting,
): readonly AccountEntry[] {
  const position = account.positions.get(symbol);
  if (position === undefined) return [];
  const each = cashPerShare ?? tape.knownAt(at).lastPrice(symbol) ?? position.avgEntryPrice;
  const amount = valueOf(position.qty, each);
  const isMerger = type === "merger";
  return [
    {
      ...plainEntry({ account: account.ordinal, at }),
      entry: isMerger ? "MA" : "REORG",
      subType: isMerger ? "CMA" : "WRM",
      symbol,
      qty: quantity(-position.qty),
      price: each,
      netAmount: amount,
      realized: cash(amount - position.costBasis),
      holdings: [gone(symbol, position.qty)],
      description: isMerger ? "Cash merger" : "Delisting: closed at the last price",
    },
  ];
}
