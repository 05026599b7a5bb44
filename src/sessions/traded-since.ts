/** Which symbols an account has traded since a moment: what it held then may be of one that it holds no longer. */
import type { Account, Activity, State } from "../engine/index.ts";
import type { Instant } from "../kernel/index.ts";

interface Traded {
  readonly since: Instant;
  /** How many of the account's activities were looked at. */
  seen: number;
  readonly symbols: Set<string>;
}

export class TradedSince {
  readonly #traded = new WeakMap<Account, Traded>();

  /** Looks at each activity once, as long as the moment is the same. */
  symbols(state: State, account: Account, since: Instant): ReadonlySet<string> {
    const { activities } = account;
    let traded = this.#traded.get(account);
    if (traded === undefined || traded.since !== since || traded.seen > activities.length) {
      traded = { since, seen: firstAfter(account, since), symbols: new Set() };
      this.#traded.set(account, traded);
    }
    for (const activity of activities.from(traded.seen)) {
      for (const symbol of symbolsOf(state, activity)) traded.symbols.add(symbol);
    }
    traded.seen = activities.length;
    return traded.symbols;
  }
}

function firstAfter({ activities }: Account, since: Instant): number {
  let index = activities.length;
  while ((activities.get(index - 1)?.at ?? -Infinity) > since) index -= 1;
  return index;
}

function symbolsOf(state: State, activity: Activity): readonly string[] {
  if (activity.kind === "account_entry") return activity.holdings.map(({ symbol }) => symbol);
  const order = state.orders.get(activity.order - 1);
  return order === undefined ? [] : [order.symbol];
}
