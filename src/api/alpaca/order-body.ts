/** Bodies of new and replaced orders: Alpaca's fields in, the engine's terms out. */
import { Type, type Static } from "typebox";
import type { OrderChanges, OrderTerms, OrderType, Side, TimeInForce } from "../../engine/index.ts";
import { cash, CLIENT_ORDER_ID_LENGTH_MAX, price, quantity, refuse, type Refusal } from "../../kernel/index.ts";
import type { Asset } from "../../sessions/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { DecimalInput, nullable } from "../wire/schemas.ts";
import { optionalUnits } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";

const Text = nullable(Type.String());

/** Other fields that Alpaca's clients send are accepted and mean nothing here. */
export const NewOrderBody = Type.Object(
  {
    symbol: Text,
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
    take_profit: Type.Optional(Type.Unknown()),
    stop_loss: Type.Optional(Type.Unknown()),
    legs: Type.Optional(Type.Unknown()),
  },
  {
    additionalProperties: true,
    description: "type defaults to market, time_in_force to day; exactly one of qty and notional.",
  },
);

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
const TYPES: readonly OrderType[] = ["market", "limit", "stop", "stop_limit"];
const TIMES_IN_FORCE: readonly TimeInForce[] = ["day", "gtc", "ioc", "fok"];

/** Known to Alpaca and to a later version of this server. */
const LATER = {
  type: ["trailing_stop"],
  time_in_force: ["opg", "cls"],
  order_class: ["bracket", "oco", "oto", "mleg"],
} as const;

const reject = (refusal: Refusal): never => {
  throw new RefusedRequest(refusal);
};

/** The terms of a new order. What needs the account or the market is the engine's to refuse. */
export function parseOrder(body: Static<typeof NewOrderBody>, assetOf: (id: string) => Asset | undefined): OrderTerms {
  refuseLater(body);
  const units = (field: "qty" | "notional" | "limit_price" | "stop_price"): bigint | undefined =>
    optionalUnits(field, body[field], "invalid_order_parameter");
  const [qty, notional, limitPrice, stopPrice] = [
    units("qty"),
    units("notional"),
    units("limit_price"),
    units("stop_price"),
  ];
  return {
    symbol: symbolOf(body.symbol, assetOf),
    side: choice("side", body.side, SIDES, undefined),
    type: choice("type", body.type, TYPES, "market"),
    timeInForce: choice("time_in_force", body.time_in_force, TIMES_IN_FORCE, "day"),
    qty: qty === undefined ? undefined : quantity(qty),
    notional: notional === undefined ? undefined : cash(notional),
    limitPrice: limitPrice === undefined ? undefined : price(limitPrice),
    stopPrice: stopPrice === undefined ? undefined : price(stopPrice),
    extendedHours: body.extended_hours ?? false,
    clientOrderId: clientOrderIdOf(body.client_order_id),
  };
}

export function parseChanges(body: Static<typeof ReplaceOrderBody>): OrderChanges {
  if (!isAbsent(body.trail)) notYet("trail", "trailing stops");
  if (!isAbsent(body.notional)) reject(refuse("order_rule", "notional cannot be replaced"));
  if (body.time_in_force === "opg" || body.time_in_force === "cls")
    notYet("time_in_force", `${body.time_in_force} orders`);
  const units = (field: "qty" | "limit_price" | "stop_price"): bigint | undefined =>
    optionalUnits(field, body[field], "invalid_order_parameter");
  const [qty, limitPrice, stopPrice] = [units("qty"), units("limit_price"), units("stop_price")];
  return {
    qty: qty === undefined ? undefined : quantity(qty),
    timeInForce: isAbsent(body.time_in_force)
      ? undefined
      : choice("time_in_force", body.time_in_force, TIMES_IN_FORCE, undefined),
    limitPrice: limitPrice === undefined ? undefined : price(limitPrice),
    stopPrice: stopPrice === undefined ? undefined : price(stopPrice),
    clientOrderId: clientOrderIdOf(body.client_order_id),
  };
}

/** Clients pad bodies with "" and null. */
const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === "";

function notYet(field: string, what: string): never {
  return reject(refuse("not_supported_yet", `${field}: ${what} are not supported yet`));
}

function refuseLater(body: Static<typeof NewOrderBody>): void {
  for (const field of ["trail_price", "trail_percent"] as const)
    if (!isAbsent(body[field])) notYet(field, "trailing stops");
  for (const field of ["take_profit", "stop_loss", "legs"] as const)
    if (!isAbsent(body[field])) notYet(field, "bracket, OCO, OTO and multi-leg orders");
  for (const [field, values] of Object.entries(LATER)) {
    const value = body[field as keyof typeof LATER];
    if (values.some((each) => each === value)) notYet(field, `orders with ${field} ${String(value)}`);
  }
  if (isAbsent(body.order_class) || body.order_class === "simple") return;
  reject(refuse("invalid_order_parameter", `invalid order_class: must be simple, got ${shown(body.order_class)}`));
}

/** A symbol, in any case, or the id of an asset. */
function symbolOf(value: string | null, assetOf: (id: string) => Asset | undefined): string {
  if (isAbsent(value) || value === null) return reject(refuse("invalid_order_parameter", "symbol is required"));
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
  if (value.length > CLIENT_ORDER_ID_LENGTH_MAX) {
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
