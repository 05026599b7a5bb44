/** What brackets, OCO and OTO orders must bring (rules R22 to R27); the texts are Alpaca's where they are known. */
import { formatUnits, price, refuse, type Price, type Refusal } from "../../kernel/index.ts";
import type { OrderClass, OrderTerms } from "../event.ts";

const parameter = (message: string): Refusal => refuse("invalid_order_parameter", message);
const rule = (message: string): Refusal => refuse("order_rule", message);

/** The first thing wrong with the parts of a group, or undefined. */
export function classProblem(terms: OrderTerms): Refusal | undefined {
  const { orderClass, takeProfit, stopLoss, stopLossLimit } = terms;
  if (orderClass === undefined) {
    const hasLegs = takeProfit !== undefined || stopLoss !== undefined || stopLossLimit !== undefined;
    return hasLegs ? parameter("take_profit and stop_loss require order_class bracket, oco or oto") : undefined;
  }
  if (stopLossLimit !== undefined && stopLoss === undefined)
    return parameter("stop_loss requires stop_loss.stop_price");
  return missingParts(orderClass, terms) ?? wrongType(orderClass, terms) ?? wrongTime(orderClass, terms);
}

function missingParts(orderClass: OrderClass, { takeProfit, stopLoss }: OrderTerms): Refusal | undefined {
  if (orderClass === "oto") {
    const isOne = (takeProfit === undefined) !== (stopLoss === undefined);
    return isOne
      ? undefined
      : parameter("oto orders require exactly one of take_profit.limit_price and stop_loss.stop_price");
  }
  if (takeProfit === undefined) return parameter(`${orderClass} orders require take_profit.limit_price`);
  return stopLoss === undefined ? parameter(`${orderClass} orders require stop_loss.stop_price`) : undefined;
}

function wrongType(orderClass: OrderClass, { type }: OrderTerms): Refusal | undefined {
  if (orderClass === "oco") return type === "limit" ? undefined : parameter("oco orders must be limit orders");
  return type === "trailing_stop"
    ? rule(`trailing stop orders must be simple orders, got order_class ${orderClass}`)
    : undefined;
}

function wrongTime(orderClass: OrderClass, { timeInForce }: OrderTerms): Refusal | undefined {
  if (timeInForce === "day" || timeInForce === "gtc") return undefined;
  return rule(`${orderClass} orders must be DAY or GTC orders, got time_in_force ${timeInForce}`);
}

const STEP = price(10_000_000n);

/**
 * Alpaca's checks of the legs against each other, the entry and the market. The base of an entry is its limit, else
 * its stop, else the last price; a stop must also lie on its side of the last price.
 */
export function legPricesProblem(terms: OrderTerms, last: Price | undefined): Refusal | undefined {
  const { orderClass, side, takeProfit, stopLoss, limitPrice, stopPrice } = terms;
  if (orderClass === undefined) return undefined;
  const isExit = orderClass === "oco";
  const entersLong = isExit === (side === "sell");
  const entry = isExit ? undefined : (limitPrice ?? stopPrice ?? last);
  return (
    firstBeyond("take_profit.limit_price", takeProfit, { bases: [entry], isAbove: entersLong }) ??
    firstBeyond("stop_loss.stop_price", stopLoss, { bases: [takeProfit, entry, last], isAbove: !entersLong })
  );
}

interface Side {
  readonly bases: readonly (Price | undefined)[];
  readonly isAbove: boolean;
}

/** The first base that a leg's price is not clear of by a cent. */
function firstBeyond(field: string, value: Price | undefined, { bases, isAbove }: Side): Refusal | undefined {
  for (const base of bases) {
    if (value === undefined || base === undefined) continue;
    if (isAbove ? value >= base + STEP : value <= base - STEP) continue;
    const wanted = isAbove ? ">= base_price + 0.01" : "<= base_price - 0.01";
    return refuse("order_rule", `${field} must be ${wanted}`, { base_price: formatUnits(base) });
  }
  return undefined;
}
