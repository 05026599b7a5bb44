/** When the venue takes an order, and when its time in force ends it (rules R19 and R20). */
import {
  firstTradingDay,
  newYorkDate,
  newYorkMidnight,
  tradingDayAt,
  tradingDayOn,
  type TradingDay,
} from "../../calendar/index.ts";
import { dateFromDays, daysOf, instant, type Instant } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { TimeInForce } from "../event.ts";

/** Immediate-or-cancel and fill-or-kill: one bar decides (R17). */
export const isImmediate = (timeInForce: TimeInForce): boolean => timeInForce === "ioc" || timeInForce === "fok";

/** A moment after every other: the venue of an order sent after the calendar's last session never opens. */
const NEVER = instant(Number.MAX_SAFE_INTEGER);

/** The hours in which an order lives: the whole session, or the regular part of it. */
export interface VenueHours {
  readonly open: "sessionOpen" | "open";
  readonly close: "sessionClose" | "close";
}

const WHOLE_SESSION: VenueHours = { open: "sessionOpen", close: "sessionClose" };
const REGULAR: VenueHours = { open: "open", close: "close" };

export function venueHours(config: EngineConfig, extendedHours: boolean): VenueHours {
  return config.tradingHours === "extended" || extendedHours ? WHOLE_SESSION : REGULAR;
}

/** Whether a bar that starts then belongs to the order's hours. */
export function isInHours(hours: VenueHours, start: Instant): boolean {
  const day = tradingDayAt(start);
  return day !== undefined && start >= day[hours.open] && start < day[hours.close];
}

/** The first opening of the venue after an instant. */
export function nextOpening(hours: VenueHours, after: Instant): Instant {
  return firstTradingDay(after, hours.open)?.[hours.open] ?? NEVER;
}

export interface OrderSpan {
  readonly opensAt: Instant;
  readonly expiresAt: Instant | undefined;
}

/** The span of an order sent at `at`: at once if the venue is open, else from the next opening. */
export function spanOf(config: EngineConfig, hours: VenueHours, timeInForce: TimeInForce, at: Instant): OrderSpan {
  const day = firstTradingDay(at, hours.close);
  if (day === undefined) return { opensAt: NEVER, expiresAt: undefined };
  const opensAt = instant(Math.max(at, day[hours.open]));
  if (timeInForce === "gtc") return { opensAt, expiresAt: gtcExpiry(config, hours, at) };
  return { opensAt, expiresAt: day[hours.close] };
}

/** Close of the session `gtcDays` calendar days after the order, or of the next session if that day has none. */
function gtcExpiry(config: EngineConfig, hours: VenueHours, at: Instant): Instant | undefined {
  if (config.gtcDays === null) return undefined;
  const date = dateFromDays(daysOf(newYorkDate(at)) + config.gtcDays);
  const day: TradingDay | undefined = tradingDayOn(date) ?? firstTradingDay(newYorkMidnight(date), hours.close);
  return day?.[hours.close];
}
