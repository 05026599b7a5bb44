/** Accepting an order: the rules that need the account and what is known, then the event. */
import {
  absolute,
  cash,
  formatUnits,
  instant,
  isWholeShares,
  larger,
  NO_CASH,
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  refuse,
  sharesFor,
  type Cash,
  type Price,
  type Quantity,
  type Refusal,
} from "../../kernel/index.ts";
import { accountFigures, heldForClosing } from "../accounts/figures.ts";
import { costOf, hasOpeningOrder, isOpening } from "../accounts/funds.ts";
import type { EngineEvent, OrderAccepted, OrderTerms } from "../event.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Order, Position, State } from "../state.ts";
import { termsProblem } from "./validate.ts";
import { spanOf, venueHours } from "./venue.ts";

/** What is known when an account asks for an order. */
export interface Submission {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
  readonly terms: OrderTerms;
  /** The order that this one replaces: what it holds is free for its successor. */
  readonly replaced: Order | undefined;
}

/** The events of an accepted order, or why it is refused. Nothing has happened yet in the latter case. */
export function submitOrder(submission: Submission): readonly EngineEvent[] | Refusal {
  const { state, account, known, terms } = submission;
  if (!known.hasSymbol(terms.symbol)) return unknownSymbol(terms.symbol);
  const problem = termsProblem(terms, state.config) ?? accountProblem(submission);
  if (problem !== undefined) return problem;
  const last = known.lastPrice(terms.symbol);
  const reserve = isOpening(account, terms) ? openingReserve(submission, last) : closingReserve(submission, last);
  if (typeof reserve === "object") return reserve;
  return [acceptance(submission, reserve, last)].flatMap((accepted) => [accepted, ...opening(accepted)]);
}

/** Characters of an unknown symbol that its refusal repeats. */
const SYMBOL_SHOWN_MAX = 32;

export function unknownSymbol(symbol: string): Refusal {
  const shown = symbol.length > SYMBOL_SHOWN_MAX ? `${symbol.slice(0, SYMBOL_SHOWN_MAX)}…` : symbol;
  return refuse(
    "order_rule",
    `asset "${shown}" not found: no data is held for it. "tapedeck data list" shows what there is, "tapedeck data import" adds to it.`,
  );
}

function accountProblem({ account, terms, replaced }: Submission): Refusal | undefined {
  if (account.status !== "ACTIVE") return refuse("order_refused", "account is not authorized to trade: it is closed");
  if (replaced === undefined && account.openOrders.size >= OPEN_ORDERS_PER_ACCOUNT_MAX) {
    return refuse("too_many", `an account holds at most ${OPEN_ORDERS_PER_ACCOUNT_MAX} open orders`);
  }
  if (terms.clientOrderId === undefined || !account.clientOrderIds.has(terms.clientOrderId)) return undefined;
  return refuse("invalid_order_parameter", "client_order_id must be unique");
}

/** Long or short from flat, or more of the same: it must be paid for (R33). */
function openingReserve(submission: Submission, last: Price | undefined): Cash | Refusal {
  const { state, account, known, terms, replaced } = submission;
  const opposite = terms.side === "buy" ? "sell" : "buy";
  if (terms.side === "sell") {
    const problem = shortProblem(submission);
    if (problem !== undefined) return problem;
  }
  if (hasOpeningOrder(state, account, terms.symbol, opposite)) {
    const what = terms.side === "sell" ? "a short sell while a long buy" : "a long buy while a short sell";
    return refuse("order_refused", `cannot open ${what} order is open`);
  }
  const cost = costOf(state.config, terms, last);
  if (cost === undefined) return NO_CASH;
  const { buyingPower } = accountFigures(state, account, known);
  const free = cash(buyingPower + (replaced?.reserved ?? NO_CASH));
  if (cost <= free) return cost;
  return refuse("order_refused", "insufficient buying power", {
    buying_power: formatUnits(free),
    cost_basis: formatUnits(cost),
  });
}

function shortProblem({ state, account, known, terms }: Submission): Refusal | undefined {
  if (terms.notional !== undefined || (terms.qty !== undefined && !isWholeShares(terms.qty))) {
    return refuse("order_rule", "fractional orders cannot be sold short");
  }
  if (accountFigures(state, account, known).multiplier === 2) return undefined;
  return refuse("order_refused", "account is not allowed to short: its equity is below 2000 USD");
}

/** Out of a position: never more than is free of it, so that nothing crosses zero (R34). */
function closingReserve(submission: Submission, last: Price | undefined): Cash | Refusal {
  const { state, account, terms, replaced } = submission;
  const position = account.positions.get(terms.symbol);
  const existing = position === undefined ? 0n : absolute(position.qty);
  const held = position === undefined ? 0n : heldForClosing(state, account, position, last) - heldBy(replaced);
  const free = larger(existing - larger(held, 0n), 0n);
  const requested = requestedShares(terms, last);
  if (requested <= free) return NO_CASH;
  return insufficientQty(terms.symbol, { requested, free, existing });
}

const heldBy = (order: Order | undefined): bigint =>
  order?.totalQty === undefined ? 0n : order.totalQty - order.filledQty;

function requestedShares(terms: OrderTerms, last: Price | undefined): Quantity | bigint {
  if (terms.qty !== undefined) return terms.qty;
  return terms.notional === undefined || last === undefined ? 0n : sharesFor(terms.notional, last);
}

/** Alpaca's refusal of an order for more shares than are free. */
export function insufficientQty(
  symbol: string,
  shares: { requested: bigint; free: bigint; existing: bigint },
): Refusal {
  const [requested, available] = [formatUnits(shares.requested), formatUnits(shares.free)];
  return refuse(
    "order_refused",
    `insufficient qty available for order (requested: ${requested}, available: ${available})`,
    {
      symbol,
      available,
      existing_qty: formatUnits(shares.existing),
      held_for_orders: formatUnits(shares.existing - shares.free),
    },
  );
}

function acceptance(submission: Submission, reserved: Cash, last: Price | undefined): OrderAccepted {
  const { state, account, terms, replaced } = submission;
  const at = state.clock;
  const span = spanOf(state.config, venueHours(state.config, terms.extendedHours), terms.timeInForce, at);
  const previous = state.orders.at(-1);
  const opens = isOpening(account, terms);
  return {
    kind: "order_accepted",
    at,
    order: state.orders.length + 1,
    account: account.ordinal,
    ...terms,
    nanos: previous !== undefined && previous.submittedAt === at ? previous.nanos + 1 : 0,
    effectiveAt: instant(at + state.config.latencyMs),
    opensAt: span.opensAt,
    expiresAt: span.expiresAt,
    reserved,
    isPriced: !opens || costOf(state.config, terms, last) !== undefined,
    isOpening: opens,
    triggeredBy: replaced?.triggeredBy,
    replaces: replaced?.ordinal,
  };
}

/** Where the venue is open the order is at work at once. */
function opening(accepted: OrderAccepted): readonly EngineEvent[] {
  if (accepted.opensAt > accepted.at) return [];
  return [{ kind: "order_opened", at: accepted.at, order: accepted.order }];
}

/** The market order that closes a position, or part of it. */
export function closingTerms(position: Position, qty: Quantity): OrderTerms {
  return {
    symbol: position.symbol,
    side: position.qty > 0n ? "sell" : "buy",
    type: "market",
    timeInForce: "day",
    qty,
    notional: undefined,
    limitPrice: undefined,
    stopPrice: undefined,
    extendedHours: false,
    clientOrderId: undefined,
  };
}
