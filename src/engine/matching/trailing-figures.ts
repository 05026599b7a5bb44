/** Mark and stop of a trailing stop as a client sees them: derived at the clock, never part of the state. */
import { instant, type Bar, type Instant, type Price } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import { isOpenStatus } from "../orders/lifecycle.ts";
import { isInHours, venueHours } from "../orders/venue.ts";
import type { KnownMarket } from "../ports.ts";
import type { Order } from "../state.ts";
import { MarkMemory } from "./marks.ts";
import { betterMark, stopBehind } from "./trail.ts";

/** Marks of bars that have ended at the clock. */
const knownMarks = new MarkMemory();

export interface TrailingFigures {
  readonly mark: Price | undefined;
  readonly stop: Price | undefined;
}

const NONE: TrailingFigures = { mark: undefined, stop: undefined };
const FOREVER = instant(Number.MAX_SAFE_INTEGER);

/**
 * Mark and stop as they stand at the clock (R2), and as they stood when the stop was reached. Both are undefined for any
 * other order, and for one that ended before its stop was reached.
 */
export function trailingFigures(config: EngineConfig, order: Order, known: KnownMarket): TrailingFigures {
  if (order.type !== "trailing_stop") return NONE;
  if (order.triggeredBy !== undefined) return { mark: order.mark, stop: order.stopPrice };
  if (!isOpenStatus(order.status)) return NONE;
  const bars = (from: Instant): Bar | undefined => known.endedBar(order.symbol, from);
  const hours = venueHours(config, order);
  const ended = knownMarks.before(order, FOREVER, { bars, hours, partialDayBar: config.partialDayBar });
  const running = known.runningBar(order.symbol);
  const counts = running !== undefined && running >= order.markFrom && isInHours(hours, running);
  const last = counts ? known.lastPrice(order.symbol) : undefined;
  const mark = last === undefined ? ended : betterMark(order, ended ?? last, last);
  return { mark, stop: mark === undefined ? undefined : stopBehind(order, mark) };
}
