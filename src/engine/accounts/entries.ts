/** Booking what is not a trade: money and shares in or out of an account. */
import { assert, cash } from "../../kernel/index.ts";
import type { AccountEntry, HoldingAfter } from "../event.ts";
import { setPosition, type MutableAccount } from "../mutable.ts";

/** Books one entry. What it changes beyond cash, profit and cost is kept as other cash, so that the books balance. */
export function bookEntry(account: MutableAccount, entry: AccountEntry): void {
  let costChange = 0n;
  for (const holding of entry.holdings) costChange += restate(account, holding, entry);
  account.cash = cash(account.cash + entry.netAmount);
  account.realizedPnl = cash(account.realizedPnl + entry.realized);
  account.otherCash = cash(account.otherCash + entry.netAmount - entry.realized + costChange);
  if (entry.posts !== undefined) account.accruals = { ...account.accruals, [entry.posts]: 0n };
  if (entry.pays !== undefined) {
    assert(account.entitlements.delete(entry.pays), "Invariant: a dividend is paid once");
  }
  account.activities.push(entry);
}

/** What is held of a symbol from now on; answers how much its cost has grown. */
function restate(account: MutableAccount, holding: HoldingAfter, { at }: AccountEntry): bigint {
  const { symbol, qty, avgEntryPrice, costBasis } = holding;
  const before = account.positions.get(symbol);
  const after = { symbol, qty, avgEntryPrice, costBasis, openedAt: before?.openedAt ?? at };
  setPosition(account, symbol, qty === 0n ? undefined : after);
  return costBasis - (before?.costBasis ?? 0n);
}
