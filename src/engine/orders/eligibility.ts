/** What an account, an asset and the hour must allow before an order's money is looked at. */
import { formatNewYork, isRegularHours, newYorkDate, tradingDayOn, firstTradingDay } from "../../calendar/index.ts";
import { instant, OPEN_ORDERS_PER_ACCOUNT_MAX, refuse, SCALE, valueOf, type Refusal } from "../../kernel/index.ts";
import { dayTradeCount, isOpenedToday, PATTERN_TRADES } from "../accounts/day-trades.ts";
import { PATTERN_EQUITY_MIN } from "../accounts/figures.ts";
import { isOpening } from "../accounts/funds.ts";
import { lastFigures } from "../accounts/last-close.ts";
import { hasPdtRules } from "../models/dated-rules.ts";
import type { State } from "../state.ts";
import { exitPowerProblem } from "./day-trading-power.ts";
import { openOrdersOf } from "./groups.ts";
import type { Submission } from "./submit.ts";
import { isFractional } from "./validate.ts";
import { cutOffMs, isAuction, isAuctionWindow } from "./venue.ts";

const refused = (message: string): Refusal => refuse("order_refused", message);

/** Asset, windows of the auctions, account, day trades: in the order in which they are asked. */
export function eligibilityProblem(submission: Submission): Refusal | undefined {
  const { account, terms, others } = submission;
  return (
    checkAsset(submission) ??
    (isAuction(terms.timeInForce) ? checkAuctionWindow(submission) : undefined) ??
    checkAccount(submission) ??
    (terms.clientOrderId === undefined ? undefined : checkClientOrderId(submission)) ??
    (others.length === 0 ? undefined : checkOffHours(submission)) ??
    (account.dayTrades.length === 0 ? undefined : (dayTradesProblem(submission) ?? exitPowerProblem(submission)))
  );
}

function checkAsset({ known, terms, account }: Submission): Refusal | undefined {
  const traits = known.traits(terms.symbol);
  if (traits?.isTradable === false) return refuse("order_rule", `asset "${terms.symbol}" is not tradable`);
  if (!isFractional(terms)) return undefined;
  if (traits?.isFractionable === false) return refused(`asset "${terms.symbol}" is not fractionable`);
  if (!account.configuration.fractionalTrading) return refused("fractional trading is disabled for this account");
  const last = known.lastPrice(terms.symbol);
  if (terms.qty === undefined || last === undefined) return undefined;
  const isTooSmall = isOpening(account, terms) && valueOf(terms.qty, terms.limitPrice ?? last) < SCALE;
  return isTooSmall ? refused("cost basis must be >= minimal amount of order 1") : undefined;
}

function checkAuctionWindow({ state, terms }: Submission): Refusal | undefined {
  const { timeInForce } = terms;
  if (timeInForce !== "opg" && timeInForce !== "cls") return undefined;
  if (isAuctionWindow(state.config, timeInForce, state.clock)) return undefined;
  return refused(`${timeInForce} orders must be submitted after 7:00pm and before ${cutOffOf(state, timeInForce)}`);
}

/** "9:28am", and for the close of the day "3:50pm", or "12:50pm" on a half day. */
function cutOffOf({ config, clock: at }: State, timeInForce: "opg" | "cls"): string {
  if (timeInForce === "opg") return "9:28am";
  const day = tradingDayOn(newYorkDate(at)) ?? firstTradingDay(at, "close");
  if (day === undefined) return "the close of a session";
  const clock = formatNewYork(instant(day.close - cutOffMs(config, timeInForce))).slice(11, 16);
  const hour = Number(clock.slice(0, 2));
  return `${hour > 12 ? hour - 12 : hour}${clock.slice(2)}pm`;
}

function checkAccount({ account, replaced, legCount }: Submission): Refusal | undefined {
  if (account.status !== "ACTIVE") return refused("account is not authorized to trade: it is closed");
  if (account.configuration.suspendTrade)
    return refused("account is not authorized to trade: trading is suspended by its configuration");
  if (replaced !== undefined || account.openOrders.size + legCount < OPEN_ORDERS_PER_ACCOUNT_MAX) return undefined;
  return refuse("too_many", `an account holds at most ${OPEN_ORDERS_PER_ACCOUNT_MAX} open orders`);
}

function checkClientOrderId({ account, terms }: Submission): Refusal | undefined {
  if (terms.clientOrderId === undefined || !account.clientOrderIds.has(terms.clientOrderId)) return undefined;
  return refuse("invalid_order_parameter", "client_order_id must be unique");
}

/** While fills are not known before the next open, notional and other sales of one symbol do not go together. */
function checkOffHours({ state, terms, replaced, others }: Submission): Refusal | undefined {
  if (terms.side !== "sell" || state.config.tradingHours === "extended" || isRegularHours(state.clock))
    return undefined;
  const sales = others.filter((order) => order.side === "sell" && order !== replaced);
  const isMixed =
    terms.notional === undefined ? sales.some(({ notional }) => notional !== undefined) : sales.length > 0;
  return isMixed ? refused("unable to open new notional orders while having open closing position orders") : undefined;
}

/** What the pattern-day-trader rules look at. */
type DayTrading = Pick<Submission, "state" | "account" | "known" | "terms" | "others" | "replaced" | "source">;

/** Until 2026-06-04: below 25,000 dollars at the last close, nothing that could be the fourth day trade (R38). */
export function dayTradesProblem(submission: DayTrading): Refusal | undefined {
  const { state, account, known, source } = submission;
  if (source !== undefined || !hasPdtRules(state.config, state.clock) || !couldBeDayTrade(submission)) return undefined;
  const count = dayTradeCount(account.dayTrades, newYorkDate(state.clock)) + pendingDayTrades(submission);
  if (count < PATTERN_TRADES - 1) return undefined;
  if (lastFigures(state, account, known).equity >= PATTERN_EQUITY_MIN) return undefined;
  return refuse("day_trading", "trade denied due to pattern day trading protection");
}

/** Open orders of the day that would close what was opened today. */
function pendingDayTrades({ state, account, terms, replaced }: DayTrading): number {
  if (account.openOrders.size === 0) return 0;
  const today = newYorkDate(state.clock);
  const symbols = new Set<string>();
  for (const order of openOrdersOf(state, account)) {
    if (order.isOpening || order === replaced || order.symbol === terms.symbol) continue;
    if (isOpenedToday(account.dayTrades, today, order.symbol)) symbols.add(order.symbol);
  }
  return symbols.size;
}

/** A closing order of a symbol opened today; an entry together with its exit; an opposite order that is pending. */
function couldBeDayTrade({ state, account, terms, others }: DayTrading): boolean {
  const { pdtCheck } = account.configuration;
  if (!isOpening(account, terms)) {
    return pdtCheck !== "entry" && isOpenedToday(account.dayTrades, newYorkDate(state.clock), terms.symbol);
  }
  if (pdtCheck === "exit") return false;
  if (terms.orderClass === "bracket" || terms.orderClass === "oto") return true;
  return others.some((order) => order.side !== terms.side);
}
