/** What an open order waits for, in a few words: "a trade below 99.9". */
import { isOpenStatus, type EngineConfig, type Order } from "../../engine/index.ts";
import { formatInstant, formatUnits, type Instant, type Price } from "../../kernel/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { stopOf } from "./order.ts";

/** Null for an order that is over. */
export function waitingFor(order: Order, view: SessionView): string | null {
  if (!isOpenStatus(order.status)) return null;
  if (view.state.status === "completed") return "a later end of the session, which is completed";
  return beforeWork(order, view) ?? atWork(order, view);
}

/** What keeps an order from looking at bars. */
function beforeWork(order: Order, { state, ids }: SessionView): string | undefined {
  if (order.status === "held" && order.orderClass !== "oco") {
    return order.parent === undefined ? "its entry" : `its entry ${ids.order(order.parent)} to be filled whole`;
  }
  if (order.timeInForce === "cls" && order.expiresAt !== undefined)
    return `the closing auction at ${told(order.expiresAt)}`;
  if (order.status === "accepted" || order.opensAt > state.clock) {
    if (!isSayable(order.opensAt)) return "a session of the venue, of which the calendar has no more";
    return order.timeInForce === "opg"
      ? `the opening auction at ${told(order.opensAt)}`
      : `the opening of the venue at ${told(order.opensAt)}`;
  }
  return order.effectiveAt > state.clock ? `its latency to pass at ${told(order.effectiveAt)}` : undefined;
}

function atWork(order: Order, view: SessionView): string {
  if (order.cancelAfter !== undefined)
    return `the end of the bar of ${told(order.cancelAfter)}, which decides before its cancel does`;
  if (order.timeInForce === "opg") return "the open of the first bar of regular hours";
  const isImmediate = order.timeInForce === "ioc" || order.timeInForce === "fok";
  const limit = order.limitPrice ?? order.collar;
  if (isImmediate)
    return limit === undefined ? "the open of the next bar" : `the open of the next bar, ${within(order, limit)}`;
  const stop = stopOf(order, view);
  const hasStop = order.type !== "market" && order.type !== "limit";
  if (hasStop && order.triggeredBy === undefined) return untilStop(order, stop, view.state.config);
  if (limit === undefined) return "the open of the next bar that trades";
  return order.type === "market"
    ? `the open of a bar, ${within(order, limit)}`
    : untilLimit(order, limit, view.state.config);
}

function untilStop(order: Order, stop: Price | undefined, config: EngineConfig): string {
  if (stop === undefined) return "a first trade, from which its mark starts";
  const first = `a trade at or ${order.side === "buy" ? "above" : "below"} ${formatUnits(stop)}`;
  const limit = order.limitPrice ?? order.collar;
  return limit === undefined ? first : `${first}, and then ${untilLimit(order, limit, config)}`;
}

const LIMIT_WORDS: Record<EngineConfig["limitRule"], string> = {
  through: "",
  through_by_tick: "more than a tick ",
  touch: "at or ",
};

function untilLimit({ side }: Order, limit: Price, { limitRule }: EngineConfig): string {
  return `a trade ${LIMIT_WORDS[limitRule]}${side === "buy" ? "below" : "above"} ${formatUnits(limit)}`;
}

const within = ({ side }: Order, limit: Price): string =>
  `${side === "buy" ? "not above" : "not below"} ${formatUnits(limit)}`;

/** The venue of an order sent after the calendar's last session never opens. */
const LAST_SAYABLE = 253_402_300_799_999;
export const isSayable = (at: Instant): boolean => at <= LAST_SAYABLE;

const told = (at: Instant): string => formatInstant(at);
