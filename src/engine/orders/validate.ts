/** What makes an order acceptable before money is looked at; the texts are Alpaca's. */
import {
  CLIENT_ORDER_ID_LENGTH_MAX,
  formatUnits,
  isWholeShares,
  ORDER_PRICE_MAX,
  ORDER_QTY_MAX,
  refuse,
  SCALE,
  type Price,
  type Refusal,
} from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { OrderTerms, OrderType } from "../event.ts";
import { isOnTick } from "../models/tick.ts";
import { isImmediate } from "./venue.ts";

type Check = (terms: OrderTerms, config: EngineConfig) => Refusal | undefined;

/** In the order in which Alpaca's users are used to meet them: parameters first, then rules. */
const CHECKS: readonly Check[] = [
  checkSize,
  checkClientOrderId,
  checkPricesOfType,
  (terms) => checkPrice("limit_price", "limit price", terms.limitPrice),
  (terms) => checkPrice("stop_price", "stop price", terms.stopPrice),
  checkTimeInForce,
  checkExtendedHours,
  checkFraction,
];

/** The first thing wrong with an order's terms, or undefined. */
export function termsProblem(terms: OrderTerms, config: EngineConfig): Refusal | undefined {
  for (const check of CHECKS) {
    const problem = check(terms, config);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const parameter = (message: string): Refusal => refuse("invalid_order_parameter", message);
const rule = (message: string): Refusal => refuse("order_rule", message);

function checkSize({ qty, notional }: OrderTerms): Refusal | undefined {
  if (qty === undefined && notional === undefined) return parameter("qty or notional is required");
  if (qty !== undefined && notional !== undefined) return parameter("only one of qty or notional is accepted");
  if (qty !== undefined && qty <= 0n) return parameter(`qty must be > 0, got ${formatUnits(qty)}`);
  if (qty !== undefined && qty > ORDER_QTY_MAX * SCALE)
    return parameter(`qty must be <= ${ORDER_QTY_MAX}, got ${formatUnits(qty)}`);
  if (notional === undefined) return undefined;
  if (notional < SCALE) return parameter(`notional must be >= 1.00, got ${formatUnits(notional)}`);
  const notionalMax = ORDER_QTY_MAX * ORDER_PRICE_MAX;
  return notional > notionalMax * SCALE
    ? parameter(`notional must be <= ${notionalMax}, got ${formatUnits(notional)}`)
    : undefined;
}

function checkClientOrderId({ clientOrderId }: OrderTerms): Refusal | undefined {
  if (clientOrderId === undefined || clientOrderId.length <= CLIENT_ORDER_ID_LENGTH_MAX) return undefined;
  return parameter(`client_order_id must be no more than ${CLIENT_ORDER_ID_LENGTH_MAX} characters`);
}

/** What each type says of a price that it has and must not, or lacks and must have. */
const PRICES_OF_TYPE: Record<OrderType, { readonly limit: PriceRule; readonly stop: PriceRule }> = {
  market: {
    limit: { isWanted: false, problem: "market orders require no stop or limit price" },
    stop: { isWanted: false, problem: "market orders require no stop or limit price" },
  },
  limit: {
    limit: { isWanted: true, problem: "limit orders require a limit price" },
    stop: { isWanted: false, problem: "limit orders must not have stop_price" },
  },
  stop: {
    limit: { isWanted: false, problem: "stop orders must not have limit_price" },
    stop: { isWanted: true, problem: "stop orders require a stop price" },
  },
  stop_limit: {
    limit: { isWanted: true, problem: "stop limit orders require both stop and limit price" },
    stop: { isWanted: true, problem: "stop limit orders require both stop and limit price" },
  },
};

interface PriceRule {
  readonly isWanted: boolean;
  readonly problem: string;
}

function checkPricesOfType({ type, limitPrice, stopPrice }: OrderTerms): Refusal | undefined {
  const { limit, stop } = PRICES_OF_TYPE[type];
  if ((stopPrice !== undefined) !== stop.isWanted) return parameter(stop.problem);
  return (limitPrice !== undefined) === limit.isWanted ? undefined : parameter(limit.problem);
}

function checkPrice(field: string, words: string, value: Price | undefined): Refusal | undefined {
  if (value === undefined) return undefined;
  if (value <= 0n) return parameter(`${words} must be > 0`);
  if (value > ORDER_PRICE_MAX * SCALE) return parameter(`${words} must be <= ${ORDER_PRICE_MAX}`);
  if (isOnTick(value)) return undefined;
  return rule(`invalid ${field} ${formatUnits(value)}. sub-penny increment does not fulfill minimum pricing criteria`);
}

function checkTimeInForce({ type, timeInForce }: OrderTerms): Refusal | undefined {
  if (!isImmediate(timeInForce) || type === "market" || type === "limit") return undefined;
  return rule(`${type} orders must be DAY or GTC orders, got time_in_force ${timeInForce}`);
}

/** In "extended" trading hours the flag is accepted and changes nothing. */
function checkExtendedHours(
  { type, timeInForce, extendedHours }: OrderTerms,
  config: EngineConfig,
): Refusal | undefined {
  if (!extendedHours || config.tradingHours === "extended") return undefined;
  if (type === "limit" && !isImmediate(timeInForce)) return undefined;
  return rule("extended hours order must be DAY or GTC limit orders");
}

function checkFraction({ type, timeInForce, qty, notional }: OrderTerms): Refusal | undefined {
  const isFractional = notional !== undefined || (qty !== undefined && !isWholeShares(qty));
  if (!isFractional) return undefined;
  if (timeInForce !== "day") return rule("fractional orders must be DAY orders");
  const isStop = type === "stop" || type === "stop_limit";
  return notional !== undefined && isStop ? rule("notional orders must be market or limit orders") : undefined;
}
