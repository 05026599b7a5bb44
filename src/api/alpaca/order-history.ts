/** What happened to an order, one event after the other, each with the status after it and a sentence that says why. */
import { Type, type Static } from "typebox";
import type { LegRole, Order, OrderAccepted, OrderEvent, OrderFilled, OrderStatus } from "../../engine/index.ts";
import { formatInstant, formatUnits } from "../../kernel/index.ts";
import type { WireIds } from "../../sessions/index.ts";
import { Time } from "../wire/schemas.ts";
import { ADJUSTMENTS, CANCEL_REASONS, clause, describeTerms, FILL_RULES, TIMES_OVER } from "./order-words.ts";
import { ORDER_STATUSES } from "./order.ts";

/** Names of events on the wire. */
const NAMES: Record<OrderEvent["kind"], string> = {
  order_accepted: "accepted",
  order_opened: "opened",
  order_woken: "woken",
  order_reduced: "reduced",
  order_adjusted: "adjusted",
  order_cancel_requested: "cancel_requested",
  order_triggered: "triggered",
  order_filled: "filled",
  order_canceled: "canceled",
  order_expired: "expired",
  order_rejected: "rejected",
  order_replaced: "replaced",
};

export const HistoryEntry = Type.Object({
  at: Time,
  event: Type.Enum(Object.values(NAMES)),
  status: Type.Enum(ORDER_STATUSES, { description: "The order's status after it." }),
  reason: Type.String({ description: "What happened and why, in a sentence." }),
});

/** How an order stands while its history is told. */
interface Told {
  readonly status: OrderStatus;
  readonly total: bigint | undefined;
  readonly filled: bigint;
}

interface Teller {
  readonly order: Order;
  readonly ids: WireIds;
}

/** Oldest first. */
export function tellHistory(
  order: Order,
  history: readonly OrderEvent[],
  ids: WireIds,
): readonly Static<typeof HistoryEntry>[] {
  let told: Told = { status: "accepted", total: undefined, filled: 0n };
  return history.map((event) => {
    told = after(told, event);
    return {
      at: formatInstant(event.at, event.kind === "order_accepted" ? event.nanos : 0),
      event: NAMES[event.kind],
      status: told.status,
      reason: reasonFor(event, told, { order, ids }),
    };
  });
}

function after(told: Told, event: OrderEvent): Told {
  switch (event.kind) {
    case "order_accepted":
      return { ...told, status: event.isHeld === true ? "held" : "accepted", total: event.qty };
    case "order_filled":
      return afterFill(told, event);
    case "order_reduced":
      return { ...told, total: event.qty };
    case "order_adjusted":
      return { ...told, total: event.qty ?? told.total };
    case "order_triggered":
      return { ...told, status: told.status === "held" ? "new" : told.status };
    default:
      return { ...told, status: STATUS_AFTER[event.kind] };
  }
}

function afterFill(told: Told, { qty, sizedQty }: OrderFilled): Told {
  const total = told.total ?? sizedQty;
  const filled = told.filled + qty;
  const status = told.status === "pending_cancel" ? told.status : "partially_filled";
  return { status: filled === total ? "filled" : status, total, filled };
}

type PlainKind = "order_opened" | "order_woken" | "order_cancel_requested" | EndKind;

const STATUS_AFTER: Record<PlainKind, OrderStatus> = {
  order_opened: "new",
  order_woken: "new",
  order_cancel_requested: "pending_cancel",
  order_canceled: "canceled",
  order_expired: "expired",
  order_rejected: "rejected",
  order_replaced: "replaced",
};

function reasonFor(event: OrderEvent, told: Told, teller: Teller): string {
  switch (event.kind) {
    case "order_accepted":
      return acceptedReason(event, teller.ids);
    case "order_filled":
      return filledReason(event, told, teller.order);
    case "order_canceled":
    case "order_expired":
    case "order_rejected":
    case "order_replaced":
      return endReason(event, teller);
    default:
      return changeReason(event);
  }
}

type EndKind = "order_canceled" | "order_expired" | "order_rejected" | "order_replaced";
type EndEvent = Extract<OrderEvent, { kind: EndKind }>;

function endReason(event: EndEvent, { order, ids }: Teller): string {
  switch (event.kind) {
    case "order_canceled":
      return `Canceled: ${clause(CANCEL_REASONS[event.reason])}.`;
    case "order_expired":
      return `Expired: ${clause(event.reason === undefined ? TIMES_OVER[order.timeInForce] : CANCEL_REASONS[event.reason])}.`;
    case "order_rejected":
      return `Rejected when a bar was about to fill it: ${event.reason}.`;
    case "order_replaced":
      return `Order ${ids.order(event.by)} has taken its place.`;
  }
}

function changeReason(event: Exclude<OrderEvent, EndEvent | OrderAccepted | OrderFilled>): string {
  switch (event.kind) {
    case "order_opened":
      return "The venue is open for it, and it works.";
    case "order_woken":
      return event.barStart === undefined
        ? "What it waited for is there, and it works from now on."
        : `Its entry was filled inside the bar of ${formatInstant(event.barStart)}, of which only what is certainly later counts.`;
    case "order_reduced":
      return `The other exit was filled in part, and it asks for ${formatUnits(event.qty)} in all.`;
    case "order_adjusted":
      return ADJUSTMENTS[event.reason];
    case "order_cancel_requested":
      return `A cancel was asked for, but the bar of ${formatInstant(event.barStart)} is running and decides first.`;
    case "order_triggered":
      return `The bar of ${formatInstant(event.barStart)} reached its stop.`;
  }
}

const LEG_NOUNS: Record<LegRole, string> = { take_profit: "take-profit", stop_loss: "stop-loss" };

function acceptedReason(event: OrderAccepted, ids: WireIds): string {
  const { leg, parent, replaces, collar } = event;
  const words = [`A ${describeTerms(event)} was accepted`];
  if (leg !== undefined && parent !== undefined)
    words.push(`as the ${LEG_NOUNS[leg]} leg of order ${ids.order(parent)}`);
  if (replaces !== undefined) words.push(`in the place of order ${ids.order(replaces)}`);
  if (event.source === "margin_call") words.push("to meet a margin call");
  if (collar !== undefined) words.push(`with a collar at ${formatUnits(collar)} beyond which it does not fill`);
  if (!event.isPriced) words.push("without a known price, so that its money is checked at its first fill");
  return `${words.join(" ")}.`;
}

function filledReason(event: OrderFilled, told: Told, { side }: Order): string {
  const left = (told.total ?? told.filled) - told.filled;
  const verb = side === "buy" ? "Bought" : "Sold";
  const rest = left > 0n ? `${formatUnits(left)} left` : "nothing left";
  const cut = event.isCapped ? "; the cap on the bar's volume cut it" : "";
  return `${verb} ${formatUnits(event.qty)} at ${formatUnits(event.price)}, ${rest}: ${clause(FILL_RULES[event.rule])}${cut}.`;
}
