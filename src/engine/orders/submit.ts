/** Accepting an order: the rules that need the account and what is known, then the events. */
import {
  absolute,
  cash,
  formatUnits,
  isRefusal,
  larger,
  NO_CASH,
  quantity,
  refuse,
  sharesFor,
} from "../../kernel/index.ts";
import type { Cash, Price, Quantity, Refusal } from "../../kernel/index.ts";
import { accountFigures, buyingPowerFloor, valuationOf } from "../accounts/figures.ts";
import { costOf, hasOpeningOrder, isOpening, isPaidInCash } from "../accounts/funds.ts";
import { heldBesides } from "../accounts/holdings.ts";
import type { EngineEvent, LegRole, OrderAccepted, OrderSource, OrderTerms } from "../event.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Order, Position, State } from "../state.ts";
import { trailingFigures } from "../matching/trailing-figures.ts";
import { openOrdersOf, siblingsOf } from "./groups.ts";
import { accepted, isOpenAtOnce } from "./acceptance.ts";
import { entryPowerProblem } from "./day-trading-power.ts";
import { eligibilityProblem } from "./eligibility.ts";
import { isFractional, termsProblem } from "./validate.ts";
import { acceptPlain } from "./plain.ts";
import { legPricesProblem } from "./validate-class.ts";
import { spanOf } from "./venue.ts";
import { washTradeProblem } from "./wash-trade.ts";

/** What is known when an account asks for an order. */
export interface Submission {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
  readonly terms: OrderTerms;
  /** The order that this one replaces: what it holds is free for its successor. */
  readonly replaced: Order | undefined;
  /** Further orders that come with it. */
  readonly legCount: number;
  /** The account's open orders in the symbol, oldest first. */
  readonly others: readonly Order[];
  readonly source: OrderSource | undefined;
}

/** What an order would hold if it were accepted. */
export interface Terms {
  readonly reserved: Cash;
  readonly isOpening: boolean;
  readonly isFlip: boolean;
  /** Whether its money could be checked: a price is known, or it needs none. */
  readonly isPriced: boolean;
  readonly last: Price | undefined;
}

type Decision = readonly EngineEvent[] | Refusal;

/** An order that a client sends anew. */
export const submission = ({
  state,
  account,
  known,
  terms,
}: Pick<Submission, "state" | "account" | "known" | "terms">): Submission => ({
  state,
  account,
  known,
  terms,
  replaced: undefined,
  source: undefined,
  legCount: terms.orderClass === undefined ? 0 : legsOf(terms).length,
  others: openOrdersOf(state, account, terms.symbol),
});

/** The events of an order that a client sends anew, or why it is refused. */
export const submit = (asking: Parameters<typeof submission>[0]): Decision =>
  acceptPlain(asking) ?? submitOrder(submission(asking));

/** The events of an accepted order and its legs, or why it is refused. Nothing has happened yet in the latter case. */
export function submitOrder(asked: Submission): Decision {
  const decided = examine(asked);
  if (isRefusal(decided)) return decided;
  const { state, account, terms, replaced, source } = asked;
  const at = state.clock;
  const span = spanOf(state.config, terms, at);
  const entry = accepted({
    state,
    account,
    at,
    terms,
    span,
    last: decided.last,
    reserved: decided.reserved,
    isOpening: decided.isOpening,
    isPriced: decided.isPriced,
    mark: replaced === undefined ? undefined : trailingFigures(state.config, replaced, asked.known).mark,
    replaced,
    index: 0,
    parent: replaced?.parent,
    leg: replaced?.leg,
    isHeld: replaced?.status === "held" ? true : undefined,
    isFlip: decided.isFlip ? true : undefined,
    source,
  });
  const events: EngineEvent[] = [entry];
  if (replaced === undefined && terms.orderClass !== undefined) events.push(...legEvents(asked, entry));
  if (isOpenAtOnce(entry)) events.push({ kind: "order_opened", at, order: entry.order });
  return events;
}

/** Every check of a new order, and what it would hold. */
export function examine(asked: Submission): Terms | Refusal {
  const { account, known, terms, replaced } = asked;
  const last = known.lastPrice(terms.symbol);
  if (last === undefined && !known.hasSymbol(terms.symbol)) return unknownSymbol(terms.symbol);
  const termsRefused = firstProblem(asked, last);
  if (termsRefused !== undefined) return termsRefused;
  if (replaced?.leg !== undefined || !isOpening(account, terms)) return closing(asked, last);
  const cost = costOf(asked.state.config, terms, last);
  const problem = openingProblem(asked) ?? affordProblem(asked, cost) ?? entryPowerProblem(asked, cost);
  return problem ?? { reserved: cost ?? NO_CASH, isOpening: true, isFlip: false, isPriced: cost !== undefined, last };
}

function firstProblem(asked: Submission, last: Price | undefined): Refusal | undefined {
  const { state, others, replaced } = asked;
  const terms = replaced === undefined ? asked.terms : withoutClass(asked.terms);
  return (
    termsProblem(terms, state.config, state.clock) ??
    (terms.orderClass === undefined ? undefined : legPricesProblem(terms, last)) ??
    eligibilityProblem(asked) ??
    (others.length === 0 ? undefined : washTradeProblem(others, asked.terms, replaced)) ??
    (terms.orderClass === undefined ? undefined : directionProblem(asked))
  );
}

/** A bracket or OTO begins a position, an OCO pair leaves one. */
function directionProblem({ account, terms }: Submission): Refusal | undefined {
  const { orderClass, symbol } = terms;
  const isEntry = isOpening(account, terms);
  if (orderClass !== "oco")
    return isEntry ? undefined : refuse("order_rule", `${orderClass} orders must be entry orders`);
  if (!isEntry) return undefined;
  return refuse("order_rule", `oco orders must be exit orders: there is no position in ${symbol} on the other side`);
}

/** A successor is checked by itself: its legs, or its place in a group, were checked when the group was sent. */
const withoutClass = (terms: OrderTerms): OrderTerms => ({
  ...terms,
  orderClass: undefined,
  takeProfit: undefined,
  stopLoss: undefined,
  stopLossLimit: undefined,
});

/** Characters of an unknown symbol that its refusal repeats. */
const SYMBOL_SHOWN_MAX = 32;

export function unknownSymbol(symbol: string): Refusal {
  const shown = symbol.length > SYMBOL_SHOWN_MAX ? `${symbol.slice(0, SYMBOL_SHOWN_MAX)}…` : symbol;
  return refuse(
    "order_rule",
    `asset "${shown}" not found: no data is held for it. "tapedeck data list" shows what there is, "tapedeck data import" adds to it.`,
  );
}

/** Long or short from flat, or more of the same: why it may not be, whatever it costs. */
function openingProblem(asked: Submission): Refusal | undefined {
  const { terms, others } = asked;
  const short = terms.side === "sell" ? shortProblem(asked) : undefined;
  if (short !== undefined) return short;
  if (others.length === 0 || !hasOpeningOrder(others, oppositeOf(terms.side))) return undefined;
  const what = terms.side === "sell" ? "a short sell while a long buy" : "a long buy while a short sell";
  return refuse("order_refused", `cannot open ${what} order is open`);
}

/** Six times its equity is the most that an account may hold and still open positions. */
const GROSS_TO_EQUITY_MAX = 6n;

/** Why an account cannot bear a cost, or undefined (R33). */
function affordProblem(
  { state, account, known, terms, replaced }: Submission,
  cost: Cash | undefined,
): Refusal | undefined {
  if (cost === undefined || isPaidInCash(account, cost)) return undefined;
  const { longMarketValue, shortMarketValue, equity } = valuationOf(account, known, state.clock);
  const gross = longMarketValue - shortMarketValue;
  if (gross > 0n && gross > equity * GROSS_TO_EQUITY_MAX) {
    return refuse("order_refused", "account is restricted to liquidation only");
  }
  const isMarginable = known.traits(terms.symbol)?.isMarginable !== false;
  if (isMarginable && cost <= buyingPowerFloor(state, account, known)) return undefined;
  const figures = accountFigures(state, account, known);
  const power = isMarginable ? figures.buyingPower : figures.nonMarginableBuyingPower;
  const free = cash(power + (replaced?.reserved ?? NO_CASH));
  if (cost <= free) return undefined;
  return refuse("order_refused", "insufficient buying power", {
    buying_power: formatUnits(free),
    cost_basis: formatUnits(cost),
  });
}

function shortProblem({ state, account, known, terms }: Submission): Refusal | undefined {
  if (isFractional(terms)) return refuse("order_rule", "fractional orders cannot be sold short");
  const traits = known.traits(terms.symbol);
  if (traits?.isShortable === false || traits?.isEasyToBorrow === false) {
    return refuse("order_refused", `asset "${terms.symbol}" cannot be sold short`);
  }
  if (account.configuration.noShorting) return refuse("order_refused", "account is not allowed to short");
  if (state.config.margin === "cash")
    return refuse("order_refused", "account is not allowed to short: it is a cash account");
  if (accountFigures(state, account, known).isShortingEnabled) return undefined;
  return refuse("order_refused", "account is not allowed to short: its equity is below 2000 USD");
}

/** Out of a position: never more than is free of it, unless the rest may open the other side (R34). */
function closing(asked: Submission, last: Price | undefined): Terms | Refusal {
  const { account, terms } = asked;
  const position = account.positions.get(terms.symbol);
  const existing = position === undefined ? 0n : absolute(position.qty);
  const free = asked.others.length === 0 ? existing : larger(existing - heldByOthers(asked, position, last), 0n);
  const requested = requestedShares(terms, last);
  const decided = { reserved: NO_CASH, isOpening: false, isFlip: false, isPriced: true, last };
  if (requested <= free || isExitOfGroup(asked.replaced)) return decided;
  if (!mayFlip(asked)) return insufficientQty(terms.symbol, { requested, free, existing });
  const crossing = { ...asked, terms: { ...terms, qty: quantity(requested - free) } };
  const cost = costOf(asked.state.config, crossing.terms, last);
  const problem = openingProblem(crossing) ?? affordProblem(crossing, cost) ?? entryPowerProblem(crossing, cost);
  return problem ?? { ...decided, reserved: cost ?? NO_CASH, isFlip: true, isPriced: cost !== undefined };
}

/** Only prices of a group change: such a successor asks for nothing that its group does not have. */
const isExitOfGroup = (replaced: Order | undefined): boolean =>
  replaced !== undefined && (replaced.leg !== undefined || replaced.orderClass === "oco");

const mayFlip = ({ state, terms, replaced }: Submission): boolean =>
  state.config.flip === "split" &&
  terms.qty !== undefined &&
  terms.orderClass === undefined &&
  replaced?.leg === undefined;

/** Shares of a position that other orders hold; a successor stands in for what it replaces. */
function heldByOthers(
  { state, account, replaced }: Submission,
  position: Position | undefined,
  last: Price | undefined,
): bigint {
  if (position === undefined) return 0n;
  // A group reserves once: its other members make room together with the one that is replaced.
  const besides = replaced === undefined ? [] : [replaced, ...siblingsOf(state, replaced)];
  return heldBesides(state, account, position, { last, besides });
}

function requestedShares(terms: OrderTerms, last: Price | undefined): Quantity | bigint {
  if (terms.qty !== undefined) return terms.qty;
  return terms.notional === undefined || last === undefined ? 0n : sharesFor(terms.notional, last);
}

/** Alpaca's refusal of an order for more shares than are free. */
export function insufficientQty(
  symbol: string,
  shares: { readonly requested: bigint; readonly free: bigint; readonly existing: bigint },
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

interface Leg {
  readonly leg: LegRole;
  readonly terms: OrderTerms;
}

/** The exits that come with an order: take-profit first; the take-profit of an OCO pair is the order itself. */
function legsOf(terms: OrderTerms): readonly Leg[] {
  const { orderClass, takeProfit, stopLoss, stopLossLimit } = terms;
  if (orderClass === undefined) return [];
  const side = orderClass === "oco" ? terms.side : oppositeOf(terms.side);
  const bare = {
    ...terms,
    side,
    clientOrderId: undefined,
    takeProfit: undefined,
    stopLoss: undefined,
    stopLossLimit: undefined,
  };
  const legs: Leg[] = [];
  if (takeProfit !== undefined && orderClass !== "oco") {
    legs.push({ leg: "take_profit", terms: { ...bare, type: "limit", limitPrice: takeProfit, stopPrice: undefined } });
  }
  if (stopLoss !== undefined) {
    const type = stopLossLimit === undefined ? "stop" : "stop_limit";
    legs.push({ leg: "stop_loss", terms: { ...bare, type, limitPrice: stopLossLimit, stopPrice: stopLoss } });
  }
  return legs;
}

const oppositeOf = (side: OrderTerms["side"]): OrderTerms["side"] => (side === "buy" ? "sell" : "buy");

function legEvents({ state, account, terms }: Submission, entry: OrderAccepted): readonly OrderAccepted[] {
  return legsOf(terms).map((leg, index) =>
    accepted({
      state,
      account,
      at: entry.at,
      terms: leg.terms,
      span: { opensAt: entry.opensAt, expiresAt: entry.expiresAt },
      last: undefined,
      reserved: NO_CASH,
      isPriced: true,
      isOpening: false,
      replaced: undefined,
      index: index + 1,
      parent: entry.order,
      leg: leg.leg,
      isHeld: true,
    }),
  );
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
