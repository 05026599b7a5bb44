/** The life of an order as a complete table: which event may follow which status, and where it leads. */
import { missing } from "../../kernel/index.ts";
import type { OrderStatus } from "../state.ts";

/** What can happen to an order, with a fill split by whether it leaves something. */
export type OrderStep =
  | "opened"
  | "woken"
  | "triggered"
  | "filled_partly"
  | "filled_fully"
  | "reduced"
  | "adjusted"
  | "cancel_requested"
  | "canceled"
  | "expired"
  | "rejected"
  | "replaced";

type Row = Record<OrderStep, OrderStatus | "impossible">;

const OVER: Row = {
  opened: "impossible",
  woken: "impossible",
  triggered: "impossible",
  filled_partly: "impossible",
  filled_fully: "impossible",
  reduced: "impossible",
  adjusted: "impossible",
  cancel_requested: "impossible",
  canceled: "impossible",
  expired: "impossible",
  rejected: "impossible",
  replaced: "impossible",
};

/** Every order that is open may end in these ways. */
const OPEN: Row = { ...OVER, canceled: "canceled", expired: "expired" };

/** Status machine of ../../../docs/models/fills.md; Alpaca refuses to replace an order that is only accepted. */
export const LIFECYCLE: Record<OrderStatus, Row> = {
  accepted: { ...OPEN, opened: "new", reduced: "accepted", adjusted: "accepted", rejected: "rejected" },
  held: {
    ...OPEN,
    woken: "new",
    triggered: "new",
    filled_partly: "partially_filled",
    filled_fully: "filled",
    reduced: "held",
    adjusted: "held",
    cancel_requested: "pending_cancel",
    rejected: "rejected",
    replaced: "replaced",
  },
  new: {
    ...OPEN,
    triggered: "new",
    filled_partly: "partially_filled",
    filled_fully: "filled",
    reduced: "new",
    adjusted: "new",
    cancel_requested: "pending_cancel",
    rejected: "rejected",
    replaced: "replaced",
  },
  partially_filled: {
    ...OPEN,
    triggered: "partially_filled",
    filled_partly: "partially_filled",
    filled_fully: "filled",
    reduced: "partially_filled",
    adjusted: "partially_filled",
    cancel_requested: "pending_cancel",
    replaced: "replaced",
  },
  pending_cancel: {
    ...OPEN,
    triggered: "pending_cancel",
    filled_partly: "pending_cancel",
    filled_fully: "filled",
    reduced: "pending_cancel",
    adjusted: "pending_cancel",
    rejected: "rejected",
  },
  filled: OVER,
  canceled: OVER,
  expired: OVER,
  replaced: OVER,
  rejected: OVER,
};

/** Where a step leads; throws `InvariantError` for a step that the table does not know. */
export function nextStatus(status: OrderStatus, step: OrderStep): OrderStatus {
  const next = LIFECYCLE[status][step];
  return next === "impossible" ? missing(`Invariant: an order that is ${status} cannot be ${step}`) : next;
}

export const isOpenStatus = (status: OrderStatus): boolean => LIFECYCLE[status].canceled !== "impossible";

/** Whether the order is at work: bars can fill it. */
export const isWorkingStatus = (status: OrderStatus): boolean => LIFECYCLE[status].filled_fully !== "impossible";

export const isReplaceableStatus = (status: OrderStatus): boolean => LIFECYCLE[status].replaced !== "impossible";
