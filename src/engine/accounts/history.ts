/** Cash and shares of an account at past instants: the fold of its fills and entries. */
import { cash, quantity, type Cash, type Instant, type Quantity } from "../../kernel/index.ts";
import type { Account, State } from "../state.ts";
import { effectOf, holdingsBackAt } from "./last-close.ts";

export interface PastHoldings {
  readonly at: Instant;
  readonly cash: Cash;
  /** Signed shares by symbol; flat symbols are absent. */
  readonly shares: ReadonlyMap<string, Quantity>;
}

/** What was held at each of some ascending instants, everything that happened at the instant itself included. */
export function holdingsAt(account: Account, instants: readonly Instant[], state: State): readonly PastHoldings[] {
  const start = holdingsBackAt(account, (account.activities.get(0)?.at ?? account.openedAt) - 1, state);
  const shares = new Map<string, bigint>(start.shares);
  let money: bigint = start.cash;
  let next = 0;
  return instants.map((at) => {
    for (
      let activity = account.activities.get(next);
      activity !== undefined && activity.at <= at;
      activity = account.activities.get(next)
    ) {
      const effect = effectOf(activity, state.orders);
      money += effect.cash;
      for (const [symbol, change] of effect.shares) shares.set(symbol, (shares.get(symbol) ?? 0n) + change);
      next += 1;
    }
    const held = [...shares].filter(([, qty]) => qty !== 0n).map(([symbol, qty]) => [symbol, quantity(qty)] as const);
    return { at, cash: cash(money), shares: new Map(held) };
  });
}
