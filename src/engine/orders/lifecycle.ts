/** The life of an order as a complete table: which event may follow which status, and where it leads. */
import { assert } from "../../kernel/index.ts";
import type { OrderStatus } from "../state.ts";

/** What can happen to an order, with a fill split by whether it leaves something. */
export type OrderStep =
  | "opened"
  | "triggered"
  | "filled_partly"
  | "filled_fully"
  | "canceled"
  | "expired"
  | "rejected"
  | "replaced";

type Row = Record<OrderStep, OrderStatus | "impossible">;

const OVER: Row = {
  opened: "impossible",
  triggered: "impossible",
  filled_partly: "impossible",
  filled_fully: "impossible",
  canceled: "impossible",
  expired: "impossible",
  rejected: "impossible",
  replaced: "impossible",
};

/** Status machine of ../../../docs/models/fills.md; Alpaca refuses to replace an order that is only accepted. */
export const LIFECYCLE: Record<OrderStatus, Row> = {
  accepted: { ...OVER, opened: "new", canceled: "canceled", expired: "expired", rejected: "rejected" },
  new: {
    opened: "impossible",
    triggered: "new",
    filled_partly: "partially_filled",
    filled_fully: "filled",
    canceled: "canceled",
    expired: "expired",
    rejected: "rejected",
    replaced: "replaced",
  },
  partially_filled: {
    opened: "impossible",
    triggered: "impossible",
    filled_partly: "partially_filled",
    filled_fully: "filled",
    canceled: "canceled",
    expired: "expired",
    rejected: "impossible",
    replaced: "replaced",
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
  assert(next !== "impossible", `Invariant: an order that is ${status} cannot be ${step}`);
  return next;
}

export const isOpenStatus = (status: OrderStatus): boolean => LIFECYCLE[status].canceled !== "impossible";

export const isReplaceableStatus = (status: OrderStatus): boolean => LIFECYCLE[status].replaced !== "impossible";
