/** Bodies of new and replaced orders: Alpaca's fields in, the engine's terms out. */
import { Type, type Static } from "typebox";
import type { OrderChanges, OrderClass, OrderTerms, OrderType, Side } from "../../engine/index.ts";
import {
  cash,
  CLIENT_ORDER_ID_LENGTH_MAX,
  isWithinLength,
  price,
  quantity,
  refuse,
  type Price,
} from "../../kernel/index.ts";
import type { Asset } from "../../sessions/index.ts";
import { DecimalInput, nullable } from "../wire/schemas.ts";
import { optionalUnits } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";
import { isAbsent, parseLegs, reject, type LegPrices } from "./leg-bodies.ts";
import { ORDER_TYPES, TIMES_IN_FORCE } from "./order.ts";
import { POSITION_INTENTS, type PositionIntent } from "./position-intent.ts";

const Text = nullable(Type.String());

/** Other fields that Alpaca's clients send are accepted and mean nothing here. */
export const NewOrderBody = Type.Object(
  {
    symbol: Type.Optional(Text),
    side: Type.Optional(Text),
    type: Type.Optional(Text),
    time_in_force: Type.Optional(Text),
    qty: Type.Optional(DecimalInput),
    notional: Type.Optional(DecimalInput),
    limit_price: Type.Optional(DecimalInput),
    stop_price: Type.Optional(DecimalInput),
    trail_price: Type.Optional(DecimalInput),
    trail_percent: Type.Optional(DecimalInput),
    extended_hours: Type.Optional(nullable(Type.Boolean())),
    client_order_id: Type.Optional(Text),
    order_class: Type.Optional(Text),
    take_profit: Type.Optional(Type.Unknown({ description: "{limit_price}, for bracket, oco and oto." })),
    stop_loss: Type.Optional(
      Type.Unknown({ description: "{stop_price, limit_price}; a limit makes it a stop-limit." }),
    ),
    legs: Type.Optional(Type.Unknown({ description: "Of multi-leg orders, which are not supported yet." })),
    position_intent: Type.Optional(Text),
  },
  {
    additionalProperties: true,
    description: "type defaults to market (oco: limit), time_in_force to day; exactly one of qty and notional.",
  },
);

export type NewOrderJson = Static<typeof NewOrderBody>;

export const ReplaceOrderBody = Type.Object(
  {
    qty: Type.Optional(DecimalInput),
    time_in_force: Type.Optional(Text),
    limit_price: Type.Optional(DecimalInput),
    stop_price: Type.Optional(DecimalInput),
    trail: Type.Optional(DecimalInput),
    notional: Type.Optional(DecimalInput),
    client_order_id: Type.Optional(Text),
  },
  {
    additionalProperties: true,
    description: "What is absent is carried over; qty is the total, what has filled included.",
  },
);

const SIDES: readonly Side[] = ["buy", "sell"];
const CLASSES: readonly ("simple" | OrderClass)[] = ["simple", "bracket", "oco", "oto"];

/** The terms of a new order. What needs the account or the market is the engine's to refuse. */
export function parseOrder(body: NewOrderJson, assetOf: (id: string) => Asset | undefined): OrderTerms {
  const orderClass = classOf(body);
  const { qty, notional, limitPrice, ...prices } = amountsOf(body);
  const legs = parseLegs(body);
  return {
    symbol: symbolOf(body.symbol, assetOf),
    side: choice("side", body.side, SIDES, undefined),
    type: typeOf(body.type, orderClass),
    timeInForce: choice("time_in_force", body.time_in_force, TIMES_IN_FORCE, "day"),
    qty: qty === undefined ? undefined : quantity(qty),
    notional: notional === undefined ? undefined : cash(notional),
    ...prices,
    extendedHours: body.extended_hours ?? false,
    clientOrderId: clientOrderIdOf(body.client_order_id),
    orderClass,
    ...legs,
    ...(orderClass === "oco" ? ocoTarget(limitPrice, legs) : { limitPrice }),
  };
}

export function parseChanges(body: Static<typeof ReplaceOrderBody>): OrderChanges {
  if (!isAbsent(body.notional)) reject(refuse("order_rule", "notional cannot be replaced"));
  const units = (field: "qty" | "limit_price" | "stop_price" | "trail"): bigint | undefined =>
    optionalUnits(field, body[field], "invalid_order_parameter");
  const [qty, limitPrice, stopPrice, trail] = [units("qty"), units("limit_price"), units("stop_price"), units("trail")];
  return {
    qty: qty === undefined ? undefined : quantity(qty),
    timeInForce: isAbsent(body.time_in_force)
      ? undefined
      : choice("time_in_force", body.time_in_force, TIMES_IN_FORCE, undefined),
    limitPrice: limitPrice === undefined ? undefined : price(limitPrice),
    stopPrice: stopPrice === undefined ? undefined : price(stopPrice),
    trail,
    clientOrderId: clientOrderIdOf(body.client_order_id),
  };
}

/** What a client says the order does to its position; undefined: nothing said. */
export function parseIntent(body: NewOrderJson): PositionIntent | undefined {
  if (isAbsent(body.position_intent)) return undefined;
  return choice("position_intent", body.position_intent, POSITION_INTENTS, undefined);
}

interface Amounts {
  readonly qty: bigint | undefined;
  readonly notional: bigint | undefined;
  readonly limitPrice: Price | undefined;
  readonly stopPrice: Price | undefined;
  readonly trailPrice: Price | undefined;
  readonly trailPercent: bigint | undefined;
}

type AmountField = "qty" | "notional" | "limit_price" | "stop_price" | "trail_price" | "trail_percent";

function amountsOf(body: NewOrderJson): Amounts {
  const units = (field: AmountField): bigint | undefined =>
    optionalUnits(field, body[field], "invalid_order_parameter");
  const priced = (field: AmountField): Price | undefined => {
    const value = units(field);
    return value === undefined ? undefined : price(value);
  };
  return {
    qty: units("qty"),
    notional: units("notional"),
    limitPrice: priced("limit_price"),
    stopPrice: priced("stop_price"),
    trailPrice: priced("trail_price"),
    trailPercent: units("trail_percent"),
  };
}

/** A simple order has no class; multi-leg orders are of options, which this server does not have. */
function classOf({ order_class: name, legs }: NewOrderJson): OrderClass | undefined {
  if (name === "mleg" || !(isAbsent(legs) || (Array.isArray(legs) && legs.length === 0))) {
    const field = name === "mleg" ? "order_class" : "legs";
    return reject(refuse("not_supported_yet", `${field}: multi-leg orders are not supported yet`));
  }
  const known = choice("order_class", name, CLASSES, "simple");
  return known === "simple" ? undefined : known;
}

function typeOf(value: unknown, orderClass: OrderClass | undefined): OrderType {
  const type = choice("type", value, ORDER_TYPES, orderClass === "oco" ? "limit" : "market");
  if (orderClass === "oco" && type !== "limit")
    return reject(refuse("invalid_order_parameter", `oco orders must be limit orders, got type ${type}`));
  return type;
}

/** The parent of an OCO pair is its take-profit: its limit may stand in either place. */
function ocoTarget(
  limitPrice: Price | undefined,
  { takeProfit }: LegPrices,
): Pick<OrderTerms, "limitPrice" | "takeProfit"> {
  if (limitPrice !== undefined && takeProfit !== undefined && limitPrice !== takeProfit) {
    const message = "limit_price and take_profit.limit_price are one price of an oco order: give one, or both alike";
    return reject(refuse("invalid_order_parameter", message));
  }
  const target = takeProfit ?? limitPrice;
  return { limitPrice: target, takeProfit: target };
}

/** A symbol, in any case, or the id of an asset. */
function symbolOf(value: string | null | undefined, assetOf: (id: string) => Asset | undefined): string {
  if (value === undefined || value === null || value === "")
    return reject(refuse("invalid_order_parameter", "symbol is required"));
  return assetOf(value)?.symbol ?? value.toUpperCase();
}

/** Alpaca's words for a wrong type or time in force, with what was wanted behind them. */
function choice<T extends string>(field: string, value: unknown, known: readonly T[], otherwise: T | undefined): T {
  if (isAbsent(value))
    return otherwise ?? reject(refuse("invalid_order_parameter", `${field} is required: ${known.join(" or ")}`));
  const words = field === "type" ? "invalid order type" : `invalid ${field}`;
  return (
    known.find((each) => each === value) ??
    reject(refuse("invalid_order_parameter", `${words}: must be one of ${known.join(", ")}, got ${shown(value)}`))
  );
}

function clientOrderIdOf(value: string | null | undefined): string | undefined {
  if (isAbsent(value) || value === null || value === undefined) return undefined;
  if (!isWithinLength(value, CLIENT_ORDER_ID_LENGTH_MAX)) {
    reject(
      refuse(
        "invalid_order_parameter",
        `client_order_id must be no more than ${CLIENT_ORDER_ID_LENGTH_MAX} characters`,
      ),
    );
  }
  if (/[\u0000-\u001f\u007f\p{Surrogate}]/u.test(value)) {
    reject(
      refuse("invalid_order_parameter", `client_order_id must not contain control characters, got ${shown(value)}`),
    );
  }
  return value;
}
