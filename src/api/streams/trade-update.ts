/** What has become of an order, as Alpaca's trade updates tell it. */
import { v5 as uuidv5 } from "uuid";
import type { EngineEvent, Order } from "../../engine/index.ts";
import { formatInstant, formatUnits, type Instant } from "../../kernel/index.ts";
import type { Asset, SessionView } from "../../sessions/index.ts";
import { presentOrder, type OrderJson } from "../alpaca/order.ts";
import { ulid } from "./ulid.ts";

/** One update, but for what its place in the journal gives it. */
export interface TradeUpdate {
  readonly event: TradeEvent;
  readonly execution_id: string;
  readonly timestamp: string;
  /** Of this execution, not of the order. */
  readonly price?: string;
  readonly qty?: string;
  /** What is held after it; signed. */
  readonly position_qty?: string;
  readonly order: OrderJson;
}

export type TradeEvent =
  | "accepted"
  | "new"
  | "partial_fill"
  | "fill"
  | "canceled"
  | "expired"
  | "replaced"
  | "rejected"
  | "pending_cancel"
  | "restated";

/** An update with whom and when it concerns. */
export interface DraftUpdate {
  readonly account: number;
  readonly accountId: string;
  readonly at: Instant;
  readonly update: TradeUpdate;
}

/** Where an event stands in the journal. */
export interface Place {
  readonly seq: number;
  readonly index: number;
}

/** The update that an event makes, or none; `view` is the session right after it. */
export function draftUpdate(
  event: EngineEvent,
  view: SessionView,
  assetOf: (symbol: string) => Asset | undefined,
): DraftUpdate | undefined {
  if (!("order" in event)) return undefined;
  const order = view.state.orders.get(event.order - 1);
  const name = order === undefined ? undefined : nameOf(event, order);
  if (order === undefined || name === undefined) return undefined;
  const { ids, state } = view;
  const count = state.histories.get(order.ordinal - 1)?.length ?? 0;
  const update: TradeUpdate = {
    event: name,
    execution_id: uuidv5(`execution/${count}`, ids.order(order.ordinal)),
    timestamp: formatInstant(event.at, event.kind === "order_accepted" ? event.nanos : 0),
    ...(event.kind === "order_filled" ? execution(event, order, view) : {}),
    order: presentOrder(order, { view, assetOf }),
  };
  return { account: order.account, accountId: ids.account(order.account), at: event.at, update };
}

function execution(
  { price, qty }: Extract<EngineEvent, { kind: "order_filled" }>,
  { account, symbol }: Order,
  { state }: SessionView,
): Pick<TradeUpdate, "price" | "qty" | "position_qty"> {
  const held = state.accounts[account - 1]?.positions.get(symbol)?.qty ?? 0n;
  return { price: formatUnits(price), qty: formatUnits(qty), position_qty: formatUnits(held) };
}

const NAMES: Partial<Record<EngineEvent["kind"], TradeEvent>> = {
  order_accepted: "accepted",
  order_opened: "new",
  order_woken: "new",
  order_canceled: "canceled",
  order_expired: "expired",
  order_replaced: "replaced",
  order_rejected: "rejected",
  order_cancel_requested: "pending_cancel",
  order_reduced: "restated",
  order_adjusted: "restated",
};

/** A held leg is heard of when it starts to work. What only the engine's explanation tells has no name. */
function nameOf(event: EngineEvent, order: Order): TradeEvent | undefined {
  if (event.kind === "order_filled") return order.status === "filled" ? "fill" : "partial_fill";
  return event.kind === "order_accepted" && event.isHeld === true ? undefined : NAMES[event.kind];
}

/** An update as it is sent: `at` tells updates of one instant apart, so that a client can go on from the last it has. */
export interface PlacedUpdate extends TradeUpdate {
  readonly at: string;
  readonly event_id: string;
}

export function placed({ at, update }: DraftUpdate, place: Place): PlacedUpdate {
  return { at: formatInstant(at, nanosAt(place)), event_id: ulid(at, place.seq, place.index), ...update };
}

/** Nanoseconds under a millisecond: by command, then by event. */
export const nanosAt = ({ seq, index }: Place): number => (seq % 1000) * 1000 + Math.min(index, 999);

/** The broker's events of version 1 are numbered: 4096 to a command, which has fewer but for the longest advances. */
export const eventNumberOf = ({ seq, index }: Place): number =>
  seq * EVENTS_PER_ENTRY + Math.min(index, EVENTS_PER_ENTRY - 1);

/** The place that such a number stands for. */
export const placeOfNumber = (number: number): Place => ({
  seq: Math.floor(number / EVENTS_PER_ENTRY),
  index: number % EVENTS_PER_ENTRY,
});

const EVENTS_PER_ENTRY = 4096;

/** Negative if `a` comes first. */
export const comparePlaces = (a: Place, b: Place): number => a.seq - b.seq || a.index - b.index;
