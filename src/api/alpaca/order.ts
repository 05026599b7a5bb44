/** Orders as Alpaca writes them. */
import { Type, type Static } from "typebox";
import {
  isOpenStatus,
  trailingFigures,
  type Order,
  type OrderStatus,
  type OrderTerms,
  type OrderType,
  type TimeInForce,
} from "../../engine/index.ts";
import { divideHalfEven, formatInstant, formatUnits, type Instant, type Price } from "../../kernel/index.ts";
import type { Asset, SessionView } from "../../sessions/index.ts";
import { Decimal, NullableDecimal, NullableTime, Time, nullable } from "../wire/schemas.ts";
import { intentOf, POSITION_INTENTS } from "./position-intent.ts";

export const ORDER_STATUSES: OrderStatus[] = [
  "accepted",
  "held",
  "new",
  "partially_filled",
  "pending_cancel",
  "filled",
  "canceled",
  "expired",
  "replaced",
  "rejected",
];

export const ORDER_TYPES: OrderType[] = ["market", "limit", "stop", "stop_limit", "trailing_stop"];
export const TIMES_IN_FORCE: TimeInForce[] = ["day", "gtc", "opg", "cls", "ioc", "fok"];

const FIELDS = {
  id: Type.String({ format: "uuid" }),
  client_order_id: Type.String(),
  created_at: Time,
  updated_at: Time,
  submitted_at: Time,
  filled_at: NullableTime,
  expired_at: NullableTime,
  expires_at: NullableTime,
  cancel_requested_at: NullableTime,
  canceled_at: NullableTime,
  failed_at: NullableTime,
  replaced_at: NullableTime,
  replaced_by: nullable(Type.String()),
  replaces: nullable(Type.String()),
  asset_id: Type.String(),
  symbol: Type.String(),
  asset_class: Type.Enum(["us_equity", "crypto"]),
  notional: NullableDecimal,
  qty: NullableDecimal,
  filled_qty: Decimal,
  filled_avg_price: NullableDecimal,
  order_class: Type.Enum(["", "bracket", "oco", "oto"], { description: "Empty for a simple order, as Alpaca has it." }),
  order_type: Type.String(),
  type: Type.Enum(ORDER_TYPES),
  side: Type.Enum(["buy", "sell"]),
  position_intent: Type.Enum(POSITION_INTENTS),
  time_in_force: Type.Enum(TIMES_IN_FORCE),
  limit_price: NullableDecimal,
  stop_price: Type.Union([Decimal, Type.Null()], { description: "Of a trailing stop: where it stands at the clock." }),
  trail_percent: NullableDecimal,
  trail_price: NullableDecimal,
  hwm: Type.Union([Decimal, Type.Null()], { description: "The mark that a trailing stop follows." }),
  status: Type.Enum(ORDER_STATUSES),
  extended_hours: Type.Boolean(),
  source: nullable(Type.Enum(["margin_call"], { description: "Who sent it, where it was not the client." })),
  subtag: Type.Null(),
  commission: Decimal,
  reason: nullable(Type.String({ description: "Why it was canceled or rejected; Tapedeck's own field." })),
};

/** A leg has none of its own. */
const LegView = Type.Object({ ...FIELDS, legs: Type.Null() }, { description: "A leg of an order." });

export const OrderView = Type.Object({ ...FIELDS, legs: nullable(Type.Array(LegView)) }, { description: "An order." });

export type OrderJson = Static<typeof OrderView>;
type LegJson = Static<typeof LegView>;

/** What an order's view needs to know around it. */
export interface OrderContext {
  readonly view: SessionView;
  readonly assetOf: (symbol: string) => Asset | undefined;
}

/** An order with its legs: those of a group stand under the order that brought them. */
export function presentOrder(order: Order, context: OrderContext): OrderJson {
  const legs = legsOf(order, context.view);
  return {
    ...presentRow(order, context),
    legs: legs.length === 0 ? null : legs.map((leg) => presentRow(leg, context)),
  };
}

/** The legs that stand under an order now. */
export function legsOf(order: Order, { state }: SessionView): readonly Order[] {
  return order.legs.flatMap((ordinal) => {
    const leg = state.orders.get(ordinal - 1);
    return leg?.parent === order.ordinal ? [leg] : [];
  });
}

/** An order alone, as one row of a list. */
export function presentRow(order: Order, { view, assetOf }: OrderContext): LegJson {
  const { ids } = view;
  const id = ids.order(order.ordinal);
  const submitted = formatInstant(order.submittedAt, order.nanos);
  return {
    id,
    client_order_id: order.clientOrderId ?? id,
    created_at: submitted,
    updated_at: order.updatedAt === order.submittedAt ? submitted : formatInstant(order.updatedAt),
    submitted_at: submitted,
    filled_at: time(order.filledAt),
    expired_at: time(order.expiredAt),
    expires_at: time(order.expiresAt),
    cancel_requested_at: time(cancelRequestedAt(order, view)),
    canceled_at: time(order.canceledAt),
    failed_at: time(order.failedAt),
    replaced_at: time(order.replacedAt),
    replaced_by: order.replacedBy === undefined ? null : ids.order(order.replacedBy),
    replaces: order.replaces === undefined ? null : ids.order(order.replaces),
    asset_id: assetOf(order.symbol)?.id ?? "",
    symbol: order.symbol,
    asset_class: assetClassOf(order.symbol),
    ...presentTerms(order),
    ...presentTrail(order, view),
    filled_qty: formatUnits(order.filledQty),
    filled_avg_price: order.filledQty === 0n ? null : formatUnits(filledAverage(order)),
    position_intent: intentOf(order.side, order.isOpening),
    status: order.status,
    legs: null,
    source: order.source ?? null,
    subtag: null,
    commission: "0",
    reason: order.reason ?? null,
  };
}

type TermField =
  | "notional"
  | "qty"
  | "order_class"
  | "order_type"
  | "type"
  | "side"
  | "time_in_force"
  | "limit_price"
  | "extended_hours";

function presentTerms(terms: OrderTerms): Pick<LegJson, TermField> {
  return {
    notional: decimal(terms.notional),
    qty: decimal(terms.qty),
    order_class: terms.orderClass ?? "",
    order_type: terms.type,
    type: terms.type,
    side: terms.side,
    time_in_force: terms.timeInForce,
    limit_price: decimal(terms.limitPrice),
    extended_hours: terms.extendedHours,
  };
}

type TrailField = "stop_price" | "trail_percent" | "trail_price" | "hwm";

/** A trailing stop and its mark move with what is known at the clock. */
function presentTrail(order: Order, { state, market }: SessionView): Pick<LegJson, TrailField> {
  const trailing = order.type === "trailing_stop" ? trailingFigures(state.config, order, market) : undefined;
  return {
    stop_price: decimal(trailing === undefined ? order.stopPrice : trailing.stop),
    trail_percent: decimal(order.trailPercent),
    trail_price: decimal(order.trailPrice),
    hwm: decimal(trailing?.mark),
  };
}

/** Where an order's stop stands at the clock. */
export const stopOf = (order: Order, { state, market }: SessionView): Price | undefined =>
  order.type === "trailing_stop" ? trailingFigures(state.config, order, market).stop : order.stopPrice;

/** Only a cancel that waits for the running bar is a moment of its own; any other was asked for when it was done. */
function cancelRequestedAt(order: Order, { state }: SessionView): Instant | undefined {
  if (order.cancelAfter === undefined) return order.reason === "asked" ? order.canceledAt : undefined;
  const history = state.histories.get(order.ordinal - 1) ?? [];
  return history.findLast((event) => event.kind === "order_cancel_requested")?.at;
}

export const assetClassOf = (symbol: string): LegJson["asset_class"] => (symbol.includes("/") ? "crypto" : "us_equity");

/** Σ qty × price (exact, 10⁻¹⁸) ÷ filled qty, to nine decimals. */
const filledAverage = ({ filledValue, filledQty }: Order): bigint => divideHalfEven(filledValue, filledQty);

export const decimal = (units: bigint | undefined): string | null => (units === undefined ? null : formatUnits(units));
export const time = (at: Instant | undefined): string | null => (at === undefined ? null : formatInstant(at));

/** Alpaca's groups of statuses, and each status by its own name. */
export const STATUS_FILTERS: readonly StatusFilter[] = ["open", "closed", "all", ...ORDER_STATUSES];

export type StatusFilter = "open" | "closed" | "all" | OrderStatus;

export function hasStatus(order: Order, filter: StatusFilter): boolean {
  if (filter === "all") return true;
  if (filter === "open") return isOpenStatus(order.status);
  return filter === "closed" ? !isOpenStatus(order.status) : order.status === filter;
}
