/** Commands to events: what a command does in a state, or why it is refused. Sees only what is known at the clock. */
import {
  ACCOUNTS_PER_SESSION_MAX,
  absolute,
  CASH_MAX,
  divideFloor,
  formatUnits,
  isRefusal,
  isWholeShares,
  quantity,
  refuse,
  SCALE,
  unreachable,
  type Cash,
  type Refusal,
} from "../kernel/index.ts";
import { nonMarginable } from "./accounts/figures.ts";
import { heldForClosing } from "./accounts/holdings.ts";
import { plainEntry } from "./accounts/accruals.ts";
import { openingPositions } from "./accounts/opening.ts";
import type { CloseAmount, Command } from "./command.ts";
import type { AccountConfiguration, EngineEvent } from "./event.ts";
import type { KnownMarket } from "./ports.ts";
import type { Account, Order, Position, State } from "./state.ts";
import { openOrdersOf } from "./orders/groups.ts";
import { cancelOrder, replaceOrder } from "./orders/replace.ts";
import { closingTerms, insufficientQty, submit } from "./orders/submit.ts";

/** A command that acts at the clock; creating, advancing and playing are the session's. */
export type AccountCommand = Extract<Command, { account: number }> | Extract<Command, { kind: "open_account" }>;

type Decision = readonly EngineEvent[] | Refusal;

/** What one account command does at the clock. */
export function decide(state: State, command: AccountCommand, known: KnownMarket): Decision {
  if (command.kind === "open_account") return openAccount(state, command);
  const account = state.accounts[command.account - 1];
  if (account === undefined) return refuse("not_found", "account not found");
  switch (command.kind) {
    case "submit_order":
      return submit({ state, account, known, terms: command.terms });
    case "update_account":
      return updateAccount(state, account, command.profile);
    case "close_account":
      return closeAccount(state, account);
    case "configure_account":
      return configureAccount(state, account, command.changes);
    case "transfer_cash":
      return transferCash({ state, account, known }, command.netAmount);
    case "replace_order":
      return withOrder(state, account, command.order, (order) =>
        replaceOrder({ state, account, known, order, changes: command.changes }),
      );
    case "cancel_order":
      return withOrder(state, account, command.order, (order) => cancelOrder(state, order, known));
    case "cancel_all_orders":
      return cancelAll({ state, account, known });
    case "close_position":
      return closePosition({ state, account, known }, command.symbol, command.amount);
    default:
      return unreachable(command);
  }
}

function openAccount(state: State, command: Extract<Command, { kind: "open_account" }>): Decision {
  if (state.accounts.length >= ACCOUNTS_PER_SESSION_MAX) {
    return refuse("too_many", `a session holds at most ${ACCOUNTS_PER_SESSION_MAX} accounts`);
  }
  return [
    {
      kind: "account_opened",
      at: state.clock,
      account: state.accounts.length + 1,
      initialCash: command.initialCash ?? state.initialCash,
      positions: openingPositions(state.config),
      profile: command.profile,
    },
  ];
}

function updateAccount(state: State, account: Account, profile: string): Decision {
  if (account.status === "ACCOUNT_CLOSED") return refuse("order_rule", "account is closed");
  return [{ kind: "account_updated", at: state.clock, account: account.ordinal, profile }];
}

function closeAccount(state: State, account: Account): Decision {
  if (account.status === "ACCOUNT_CLOSED") return refuse("order_rule", "account is closed already");
  if (account.positions.size > 0 || account.openOrders.size > 0) {
    return refuse(
      "order_rule",
      `account cannot be closed: it holds ${account.positions.size} positions and ${account.openOrders.size} open orders; close and cancel them first`,
    );
  }
  return [{ kind: "account_closed", at: state.clock, account: account.ordinal }];
}

function withOrder(state: State, account: Account, ordinal: number, act: (order: Order) => Decision): Decision {
  const order = state.orders.get(ordinal - 1);
  return order === undefined || order.account !== account.ordinal ? refuse("not_found", "order not found") : act(order);
}

/** Each order once, though the members of a group go together. */
function cancelAll({ state, account, known }: Context): Decision {
  const events = new Map<number, EngineEvent>();
  for (const order of openOrdersOf(state, account)) {
    if (events.has(order.ordinal) || order.status === "pending_cancel") continue;
    const decided = cancelOrder(state, order, known);
    if (isRefusal(decided)) continue;
    for (const event of decided) if ("order" in event && !events.has(event.order)) events.set(event.order, event);
  }
  return [...events.values()];
}

function configureAccount(state: State, account: Account, changes: Partial<AccountConfiguration>): Decision {
  if (account.status === "ACCOUNT_CLOSED") return refuse("order_rule", "account is closed");
  const configuration = { ...account.configuration, ...changes };
  return [{ kind: "account_configured", at: state.clock, account: account.ordinal, configuration }];
}

/** Money in is there at once; no more goes out than is neither borrowed nor spoken for. */
function transferCash(context: Context, netAmount: Cash): Decision {
  const { state, account } = context;
  if (account.status === "ACCOUNT_CLOSED") return refuse("order_rule", "account is closed");
  const free = nonMarginable(state, account, context.known);
  if (netAmount < 0n && -netAmount > free) {
    return refuse("order_refused", "insufficient withdrawable cash", {
      requested: formatUnits(-netAmount),
      cash_withdrawable: formatUnits(free),
    });
  }
  if (account.cash + netAmount > CASH_MAX * SCALE) {
    return refuse("order_rule", `an account holds at most ${CASH_MAX} dollars of cash`);
  }
  return [
    {
      ...plainEntry({ account: account.ordinal, at: state.clock }),
      entry: netAmount < 0n ? "CSW" : "CSD",
      subType: undefined,
      netAmount,
      description: netAmount < 0n ? "Cash withdrawal" : "Cash deposit",
    },
  ];
}

interface Context {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
}

/** A market order against a position, for all of it, a quantity or a percentage. */
function closePosition(context: Context, symbol: string, amount: CloseAmount): Decision {
  const { state, account, known } = context;
  const position = account.positions.get(symbol);
  if (position === undefined) return refuse("not_found", "position does not exist");
  const existing = absolute(position.qty);
  const free = existing - heldForClosing(state, account, position, known.lastPrice(symbol));
  const requested = amountOf(position, amount, free);
  if (requested <= 0n && amount.percentage !== undefined) {
    return refuse(
      "invalid_order_parameter",
      `percentage must come to more than nothing of ${formatUnits(existing)} shares`,
    );
  }
  if (requested <= 0n || requested > free) {
    return insufficientQty(symbol, { requested: requested > 0n ? requested : existing, free, existing });
  }
  return submit({ ...context, terms: closingTerms(position, quantity(requested)) });
}

/** A percentage of a whole position is cut to whole shares; no amount means all that is free. */
function amountOf(position: Position, { qty, percentage }: CloseAmount, free: bigint): bigint {
  if (qty !== undefined) return qty;
  if (percentage === undefined) return free;
  const share = divideFloor(absolute(position.qty) * percentage, 100n * SCALE);
  return isWholeShares(position.qty) ? share - (share % SCALE) : share;
}
