/**
 * The short way of plain orders, which are nearly all that a strategy sends: at market, whole shares, for the day or
 * until canceled, by themselves, paid from free cash or out of what is held. It says what the long way says of them, or
 * nothing; a test holds the two against each other.
 */
import { newYorkDate } from "../../calendar/index.ts";
import { NO_CASH, OPEN_ORDERS_PER_ACCOUNT_MAX, SCALE, valueOf, type Cash, type Price } from "../../kernel/index.ts";
import { isOpenedToday } from "../accounts/day-trades.ts";
import { patternDaytradingPower } from "../accounts/figures.ts";
import { isPaidInCash } from "../accounts/funds.ts";
import { lastFigures } from "../accounts/last-close.ts";
import type { EngineEvent, OrderAccepted, OrderTerms } from "../event.ts";
import { slip } from "../models/slippage.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Order, State } from "../state.ts";
import { accepted, isOpenAtOnce } from "./acceptance.ts";
import { exitPowerProblem, hasDayTradingPower } from "./day-trading-power.ts";
import { dayTradesProblem } from "./eligibility.ts";
import { isWithinSize } from "./validate.ts";
import { spanOf } from "./venue.ts";

/** At market, sized, paid, by itself, and open for more than one bar. */
export const isPlain = (order: OrderAccepted): boolean =>
  order.type === "market" &&
  (order.timeInForce === "day" || order.timeInForce === "gtc") &&
  order.qty !== undefined &&
  order.isPriced &&
  order.orderClass === undefined &&
  order.collar === undefined &&
  order.isFlip !== true;

interface Asking {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
  readonly terms: OrderTerms;
}

/** The events of a plain order that nothing speaks against; undefined for any other. */
export function acceptPlain(asking: Asking): readonly EngineEvent[] | undefined {
  const { state, account, known, terms } = asking;
  if (!isPlainRequest(terms) || !isAtEase(state, account, terms.symbol)) return undefined;
  const last = known.lastPrice(terms.symbol);
  if (last === undefined || known.traits(terms.symbol)?.isTradable === false) return undefined;
  const reserved = heldFor(asking, last);
  if (reserved === undefined) return undefined;
  const { clock: at, config } = state;
  const entry = accepted({
    state,
    account,
    at,
    terms,
    span: spanOf(config, terms, at),
    last,
    reserved,
    isOpening: reserved > 0n,
    isPriced: true,
    replaced: undefined,
    index: 0,
  });
  return isOpenAtOnce(entry) ? [entry, { kind: "order_opened", at, order: entry.order }] : [entry];
}

function isPlainRequest(terms: OrderTerms): boolean {
  const { type, timeInForce, qty } = terms;
  if (type !== "market" || (timeInForce !== "day" && timeInForce !== "gtc")) return false;
  if (qty === undefined || qty % SCALE !== 0n || !isWithinSize(qty) || terms.notional !== undefined) return false;
  return terms.orderClass === undefined && !terms.extendedHours && hasNoExtras(terms);
}

/** None of what would need a look of its own. */
const hasNoExtras = (terms: OrderTerms): boolean =>
  terms.clientOrderId === undefined &&
  terms.limitPrice === undefined &&
  terms.stopPrice === undefined &&
  terms.trailPrice === undefined &&
  terms.trailPercent === undefined &&
  terms.takeProfit === undefined &&
  terms.stopLoss === undefined &&
  terms.stopLossLimit === undefined;

/** An account that may trade, and has no other order open in the symbol. */
const isAtEase = ({ config }: State, account: Account, symbol: string): boolean =>
  account.status === "ACTIVE" &&
  !account.configuration.suspendTrade &&
  account.openOrders.size < OPEN_ORDERS_PER_ACCOUNT_MAX &&
  config.marketCollar === null &&
  !account.openOrdersBySymbol.has(symbol);

/** The cash that an order holds, none if it closes what is held; undefined where that takes a closer look. */
function heldFor(asking: Asking, last: Price): Cash | undefined {
  const { state, account, terms } = asking;
  const { symbol, side, qty } = terms;
  if (qty === undefined) return undefined;
  const held = account.positions.get(symbol)?.qty ?? 0n;
  if (side === "sell") {
    return held >= qty && mayClose(asking) ? NO_CASH : undefined;
  }
  if (held < 0n) return undefined;
  const cost = valueOf(qty, slip(state.config.slippage, "buy", last));
  return isPaidInCash(account, cost) && isWithinPower(asking, cost) ? cost : undefined;
}

/** Whether the power of a pattern day trader, of which nothing is used, is enough. */
function isWithinPower({ state, account, known }: Asking, cost: Cash): boolean {
  if (!hasDayTradingPower({ state, account })) return true;
  if (account.positions.size > 0 || account.openOrders.size > 0) return false;
  return cost <= patternDaytradingPower(lastFigures(state, account, known));
}

function mayClose({ state, account, known, terms }: Asking): boolean {
  const { dayTrades } = account;
  if (dayTrades.length === 0 || !isOpenedToday(dayTrades, newYorkDate(state.clock), terms.symbol)) return true;
  const asked = { state, account, known, terms, others: NO_ORDERS, replaced: undefined, source: undefined };
  return (dayTradesProblem(asked) ?? exitPowerProblem(asked)) === undefined;
}

const NO_ORDERS: readonly Order[] = [];
