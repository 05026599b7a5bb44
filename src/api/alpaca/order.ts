/** Orders as Alpaca writes them. */
import { Type, type Static } from "typebox";
import { isOpenStatus, type Order } from "../../engine/index.ts";
import { divideHalfEven, formatInstant, formatUnits, type Instant } from "../../kernel/index.ts";
import type { Asset, WireIds } from "../../sessions/index.ts";
import { Decimal, NullableDecimal, NullableTime, Time, nullable } from "../wire/schemas.ts";

export const OrderView = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    client_order_id: Type.String(),
    created_at: Time,
    updated_at: Time,
    submitted_at: Time,
    filled_at: NullableTime,
    expired_at: NullableTime,
    expires_at: NullableTime,
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
    order_class: Type.String({ description: "Empty for a simple order, as Alpaca has it." }),
    order_type: Type.String(),
    type: Type.Enum(["market", "limit", "stop", "stop_limit"]),
    side: Type.Enum(["buy", "sell"]),
    time_in_force: Type.Enum(["day", "gtc", "ioc", "fok"]),
    limit_price: NullableDecimal,
    stop_price: NullableDecimal,
    trail_percent: NullableDecimal,
    trail_price: NullableDecimal,
    hwm: NullableDecimal,
    status: Type.Enum(["accepted", "new", "partially_filled", "filled", "canceled", "expired", "replaced", "rejected"]),
    extended_hours: Type.Boolean(),
    legs: Type.Null(),
    source: Type.Null(),
    subtag: Type.Null(),
    commission: Decimal,
    reason: nullable(Type.String({ description: "Why it was canceled or rejected; Tapedeck's own field." })),
  },
  { description: "An order." },
);

export type OrderJson = Static<typeof OrderView>;

/** What an order's view needs to know around it. */
export interface OrderContext {
  readonly ids: WireIds;
  readonly assetOf: (symbol: string) => Asset | undefined;
}

export function presentOrder(order: Order, { ids, assetOf }: OrderContext): OrderJson {
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
    canceled_at: time(order.canceledAt),
    failed_at: time(order.failedAt),
    replaced_at: time(order.replacedAt),
    replaced_by: order.replacedBy === undefined ? null : ids.order(order.replacedBy),
    replaces: order.replaces === undefined ? null : ids.order(order.replaces),
    asset_id: assetOf(order.symbol)?.id ?? "",
    symbol: order.symbol,
    asset_class: order.symbol.includes("/") ? "crypto" : "us_equity",
    notional: decimal(order.notional),
    qty: decimal(order.qty),
    filled_qty: formatUnits(order.filledQty),
    filled_avg_price: order.filledQty === 0n ? null : formatUnits(filledAverage(order)),
    order_class: "",
    order_type: order.type,
    type: order.type,
    side: order.side,
    time_in_force: order.timeInForce,
    limit_price: decimal(order.limitPrice),
    stop_price: decimal(order.stopPrice),
    trail_percent: null,
    trail_price: null,
    hwm: null,
    status: order.status,
    extended_hours: order.extendedHours,
    legs: null,
    source: null,
    subtag: null,
    commission: "0",
    reason: order.reason ?? null,
  };
}

/** Σ qty × price (exact, 10⁻¹⁸) ÷ filled qty, to nine decimals. */
const filledAverage = ({ filledValue, filledQty }: Order): bigint => divideHalfEven(filledValue, filledQty);

const decimal = (units: bigint | undefined): string | null => (units === undefined ? null : formatUnits(units));
const time = (at: Instant | undefined): string | null => (at === undefined ? null : formatInstant(at));

/** Alpaca's groups of statuses, and each status by its own name. */
export const STATUS_FILTERS = [
  "open",
  "closed",
  "all",
  "accepted",
  "new",
  "partially_filled",
  "filled",
  "canceled",
  "expired",
  "replaced",
  "rejected",
] as const;

export type StatusFilter = (typeof STATUS_FILTERS)[number];

export function hasStatus(order: Order, filter: StatusFilter): boolean {
  if (filter === "all") return true;
  if (filter === "open") return isOpenStatus(order.status);
  return filter === "closed" ? !isOpenStatus(order.status) : order.status === filter;
}
