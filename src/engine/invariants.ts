/** What is true of every state, checked after every step in tests and sampled in production (law 3). */
import { assert } from "../kernel/index.ts";
import { isOpenStatus } from "./orders/lifecycle.ts";
import type { Account, State } from "./state.ts";

/** Throws `InvariantError` naming the first claim that does not hold. */
export function checkState(state: State): void {
  for (const account of state.accounts) {
    checkAccount(account);
    checkOpenOrders(state, account);
  }
  for (const order of state.orders) {
    const total = order.totalQty;
    assert(total === undefined || order.filledQty <= total, "Invariant: filled + remaining = quantity");
    assert(order.updatedAt <= state.clock, "Invariant: no event is later than the clock");
    assert(order.reserved >= 0n, "Invariant: a reserve is never negative");
    const isListed = state.accounts[order.account - 1]?.openOrders.has(order.ordinal) === true;
    assert(isListed === isOpenStatus(order.status), "Invariant: an account lists exactly its open orders");
    assert(isListed || order.reserved === 0n, "Invariant: an order that is over reserves nothing");
  }
}

/** Its open orders are listed once more by symbol, and what they reserve adds up. */
function checkOpenOrders(state: State, account: Account): void {
  let [reserved, listed] = [0n, 0];
  for (const ordinal of account.openOrders) reserved += state.orders.get(ordinal - 1)?.reserved ?? 0n;
  assert(reserved === account.reserved, "Invariant: an account reserves what its open orders reserve");
  for (const [symbol, ordinals] of account.openOrdersBySymbol) {
    assert(ordinals.length > 0, "Invariant: a symbol without open orders is not listed");
    for (const ordinal of ordinals) {
      const isRight = account.openOrders.has(ordinal) && state.orders.get(ordinal - 1)?.symbol === symbol;
      assert(isRight, "Invariant: open orders are listed under their symbol");
    }
    listed += ordinals.length;
  }
  assert(listed === account.openOrders.size, "Invariant: every open order is listed under a symbol");
}

/** cash = initial cash + realised profit + other cash − what the open positions cost. */
function checkAccount(account: Account): void {
  let [cost, shorts] = [0n, 0];
  for (const position of account.positions.values()) {
    assert(position.qty !== 0n, "Invariant: a flat position is removed");
    assert(position.avgEntryPrice >= 0n, "Invariant: an average price is not negative");
    assert(
      position.qty > 0n === position.costBasis >= 0n || position.costBasis === 0n,
      "Invariant: cost has the sign of the shares",
    );
    cost += position.costBasis;
    if (position.qty < 0n) shorts += 1;
  }
  assert(shorts === account.shorts, "Invariant: shorts are counted");
  assert(
    account.cash === account.initialCash + account.realizedPnl + account.otherCash - cost,
    "Invariant: Σ cash movements = cash − initial cash",
  );
}
