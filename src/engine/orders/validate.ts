/** What makes an order acceptable before money is looked at; the texts are Alpaca's. */
import {
  CLIENT_ORDER_ID_LENGTH_MAX,
  formatUnits,
  isWholeShares,
  isWithinLength,
  ORDER_PRICE_MAX,
  ORDER_QTY_MAX,
  refuse,
  SCALE,
  type Instant,
  type Price,
  type Quantity,
  type Refusal,
} from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { OrderTerms, OrderType } from "../event.ts";
import { allowsExtendedGtc } from "../models/dated-rules.ts";
import { isOnTick } from "../models/tick.ts";
import { classProblem } from "./validate-class.ts";
import { isAuction, isImmediate } from "./venue.ts";

/**
 * The first thing wrong with an order's terms at an instant, or undefined. In the order in which Alpaca's users are used
 * to meet them: parameters first, then rules.
 */
export function termsProblem(terms: OrderTerms, config: EngineConfig, at: Instant): Refusal | undefined {
  return (
    checkSize(terms) ??
    checkClientOrderId(terms) ??
    checkPricesOfType(terms) ??
    checkTrail(terms) ??
    checkPrices(terms) ??
    classProblem(terms) ??
    checkTimeInForce(terms) ??
    checkExtendedHours(terms, config, at) ??
    checkFraction(terms)
  );
}

const parameter = (message: string): Refusal => refuse("invalid_order_parameter", message);
const rule = (message: string): Refusal => refuse("order_rule", message);

const QTY_UNITS_MAX = ORDER_QTY_MAX * SCALE;

/** Whether an order may ask for so many shares. */
export const isWithinSize = (qty: Quantity): boolean => qty > 0n && qty <= QTY_UNITS_MAX;

function checkSize({ qty, notional }: OrderTerms): Refusal | undefined {
  if (qty === undefined && notional === undefined) return parameter("qty or notional is required");
  if (qty !== undefined && notional !== undefined) return parameter("only one of qty or notional is accepted");
  if (qty !== undefined && qty <= 0n) return parameter(`qty must be > 0, got ${formatUnits(qty)}`);
  if (qty !== undefined && !isWithinSize(qty))
    return parameter(`qty must be <= ${ORDER_QTY_MAX}, got ${formatUnits(qty)}`);
  if (notional === undefined) return undefined;
  if (notional < SCALE) return parameter(`notional must be >= 1.00, got ${formatUnits(notional)}`);
  const notionalMax = ORDER_QTY_MAX * ORDER_PRICE_MAX;
  return notional > notionalMax * SCALE
    ? parameter(`notional must be <= ${notionalMax}, got ${formatUnits(notional)}`)
    : undefined;
}

function checkClientOrderId({ clientOrderId }: OrderTerms): Refusal | undefined {
  if (clientOrderId === undefined || isWithinLength(clientOrderId, CLIENT_ORDER_ID_LENGTH_MAX)) return undefined;
  return parameter(`client_order_id must be no more than ${CLIENT_ORDER_ID_LENGTH_MAX} characters`);
}

interface PriceRule {
  readonly isWanted: boolean;
  readonly problem: string;
}

const needed = (problem: string): PriceRule => ({ isWanted: true, problem });
const barred = (problem: string): PriceRule => ({ isWanted: false, problem });

/** What each type says of a price that it has and must not, or lacks and must have. */
const PRICES_OF_TYPE: Record<OrderType, { readonly limit: PriceRule; readonly stop: PriceRule }> = {
  market: {
    limit: barred("market orders require no stop or limit price"),
    stop: barred("market orders require no stop or limit price"),
  },
  limit: { limit: needed("limit orders require a limit price"), stop: barred("limit orders must not have stop_price") },
  stop: { limit: barred("stop orders must not have limit_price"), stop: needed("stop orders require a stop price") },
  stop_limit: {
    limit: needed("stop limit orders require both stop and limit price"),
    stop: needed("stop limit orders require both stop and limit price"),
  },
  trailing_stop: {
    limit: barred("trailing stop orders must not have limit_price"),
    stop: barred("trailing stop orders must not have stop_price"),
  },
};

function checkPricesOfType({ type, limitPrice, stopPrice }: OrderTerms): Refusal | undefined {
  const { limit, stop } = PRICES_OF_TYPE[type];
  if ((stopPrice !== undefined) !== stop.isWanted) return parameter(stop.problem);
  return (limitPrice !== undefined) === limit.isWanted ? undefined : parameter(limit.problem);
}

/** A tenth of a percent, and a hundred percent, in units of 10⁻⁹ of a percent. */
const TRAIL_PERCENT_MIN = SCALE / 10n;
const TRAIL_PERCENT_BELOW = 100n * SCALE;

function checkTrail({ type, trailPrice, trailPercent }: OrderTerms): Refusal | undefined {
  if (type !== "trailing_stop") {
    const isPlain = trailPrice === undefined && trailPercent === undefined;
    return isPlain ? undefined : parameter("trail_price and trail_percent require type trailing_stop");
  }
  if ((trailPrice === undefined) === (trailPercent === undefined))
    return parameter("trailing stop orders must specify one of trail_price or trail_percent");
  if (trailPercent !== undefined && trailPercent < TRAIL_PERCENT_MIN)
    return parameter("trail_percent must be greater than or equal to 0.1");
  if (trailPercent !== undefined && trailPercent >= TRAIL_PERCENT_BELOW)
    return parameter(`trail_percent must be less than 100, got ${formatUnits(trailPercent)}`);
  return checkPrice("trail_price", "trail_price", trailPrice);
}

function checkPrices(terms: OrderTerms): Refusal | undefined {
  if (terms.type === "market" && terms.orderClass === undefined) return undefined;
  return (
    checkPrice("limit_price", "limit price", terms.limitPrice) ??
    checkPrice("stop_price", "stop price", terms.stopPrice) ??
    checkPrice("take_profit.limit_price", "take_profit.limit_price", terms.takeProfit) ??
    checkPrice("stop_loss.stop_price", "stop_loss.stop_price", terms.stopLoss) ??
    checkPrice("stop_loss.limit_price", "stop_loss.limit_price", terms.stopLossLimit)
  );
}

function checkPrice(field: string, words: string, value: Price | undefined): Refusal | undefined {
  if (value === undefined) return undefined;
  if (value <= 0n) return parameter(`${words} must be > 0`);
  if (value > ORDER_PRICE_MAX * SCALE) return parameter(`${words} must be <= ${ORDER_PRICE_MAX}`);
  if (isOnTick(value)) return undefined;
  return rule(`invalid ${field} ${formatUnits(value)}. sub-penny increment does not fulfill minimum pricing criteria`);
}

function checkTimeInForce({ type, timeInForce }: OrderTerms): Refusal | undefined {
  const isSpecial = isImmediate(timeInForce) || isAuction(timeInForce);
  if (!isSpecial || type === "market" || type === "limit") return undefined;
  return rule(`${type} orders must be DAY or GTC orders, got time_in_force ${timeInForce}`);
}

/** In "extended" trading hours the flag is accepted and changes nothing. */
function checkExtendedHours(
  { type, timeInForce, extendedHours, orderClass }: OrderTerms,
  config: EngineConfig,
  at: Instant,
): Refusal | undefined {
  if (!extendedHours || config.tradingHours === "extended") return undefined;
  if (orderClass !== undefined) return rule("extended hours order must be simple orders");
  if (type === "stop" || type === "stop_limit" || type === "trailing_stop")
    return rule("stop orders are not eligible for extended hours trading");
  const takesGtc = allowsExtendedGtc(at);
  if (type === "limit" && (timeInForce === "day" || (takesGtc && timeInForce === "gtc"))) return undefined;
  return rule(`extended hours order must be ${takesGtc ? "DAY or GTC" : "DAY"} limit orders`);
}

function checkFraction({ type, timeInForce, qty, notional, orderClass }: OrderTerms): Refusal | undefined {
  if (!isFractional({ qty, notional })) return undefined;
  if (timeInForce !== "day") return rule("fractional orders must be DAY orders");
  if (orderClass !== undefined) return rule("fractional orders must be simple orders");
  if (type === "trailing_stop") return rule("fractional orders must be market, limit, stop or stop_limit orders");
  const isStop = type === "stop" || type === "stop_limit";
  return notional !== undefined && isStop ? rule("notional orders must be market or limit orders") : undefined;
}

export const isFractional = ({ qty, notional }: Pick<OrderTerms, "qty" | "notional">): boolean =>
  notional !== undefined || (qty !== undefined && !isWholeShares(qty));
