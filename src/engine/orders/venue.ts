/** When the venue takes an order, and when its time in force ends it (rules R18 to R20). */
import {
  firstTradingDay,
  newYorkDate,
  newYorkMidnight,
  tradingDayAt,
  tradingDayOn,
  tradingDayBefore,
  type TradingDay,
} from "../../calendar/index.ts";
import { dateFromDays, daysOf, HOUR_MS, instant, MINUTE_MS, type CivilDate, type Instant } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import type { TimeInForce } from "../event.ts";

/** Immediate-or-cancel and fill-or-kill: one bar decides (R17). */
export const isImmediate = (timeInForce: TimeInForce): boolean => timeInForce === "ioc" || timeInForce === "fok";

/** Orders of the opening and the closing auction (R18). */
export const isAuction = (timeInForce: TimeInForce): boolean => timeInForce === "opg" || timeInForce === "cls";

/** A moment after every other: the venue of an order sent after the calendar's last session never opens. */
const NEVER = instant(Number.MAX_SAFE_INTEGER);

/** The hours in which an order lives: the whole session, or the regular part of it. */
export interface VenueHours {
  readonly open: "sessionOpen" | "open";
  readonly close: "sessionClose" | "close";
}

const WHOLE_SESSION: VenueHours = { open: "sessionOpen", close: "sessionClose" };
const REGULAR: VenueHours = { open: "open", close: "close" };

/** What hours depend on: auctions stay at the regular open and close whatever the config. */
export interface HoursAsked {
  readonly timeInForce: TimeInForce;
  readonly extendedHours: boolean;
}

export function venueHours(config: EngineConfig, { timeInForce, extendedHours }: HoursAsked): VenueHours {
  if (isAuction(timeInForce)) return REGULAR;
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
export function spanOf(config: EngineConfig, asked: HoursAsked, at: Instant): OrderSpan {
  if (isAuction(asked.timeInForce)) return auctionSpan(config, asked.timeInForce, at);
  const hours = config.tradingHours === "extended" || asked.extendedHours ? WHOLE_SESSION : REGULAR;
  const day = firstTradingDay(at, hours.close);
  if (day === undefined) return { opensAt: NEVER, expiresAt: undefined };
  const opens = day[hours.open];
  const opensAt = opens > at ? opens : at;
  if (asked.timeInForce === "gtc") return { opensAt, expiresAt: gtcExpiry(config, hours, at) };
  return { opensAt, expiresAt: day[hours.close] };
}

/** Close of the session `gtcDays` calendar days after the order, or of the next session if that day has none. */
function gtcExpiry(config: EngineConfig, hours: VenueHours, at: Instant): Instant | undefined {
  if (config.gtcDays === null) return undefined;
  const sent = newYorkDate(at);
  if (lastAged.sent !== sent || lastAged.days !== config.gtcDays) {
    const date = dateFromDays(daysOf(sent) + config.gtcDays);
    const day = tradingDayOn(date) ?? firstTradingDay(newYorkMidnight(date), hours.close);
    lastAged = { sent, days: config.gtcDays, day };
  }
  return lastAged.day?.[hours.close];
}

/** The day on which the orders of one date age out: all of a day ask for the same. */
let lastAged: { readonly sent: CivilDate | ""; readonly days: number; readonly day: TradingDay | undefined } = {
  sent: "",
  days: 0,
  day: undefined,
};

/** Orders for the open are taken before 9:28. */
const OPG_CUT_OFF_MINUTES = 2;

/** How long before its auction an order is refused, in milliseconds. */
export const cutOffMs = ({ clsCutOffMinutes }: EngineConfig, timeInForce: "opg" | "cls"): number =>
  (timeInForce === "opg" ? OPG_CUT_OFF_MINUTES : clsCutOffMinutes) * MINUTE_MS;

/** The evening hour, New York time, from which orders for the next day's auctions are taken. */
const EVENING_HOUR = 19;

/** The day whose auction an order sent at `at` is for, or undefined from its cut-off until 19:00. */
function auctionDay(config: EngineConfig, timeInForce: "opg" | "cls", at: Instant): TradingDay | undefined {
  const edge = timeInForce === "opg" ? "open" : "close";
  const day = firstTradingDay(instant(at + cutOffMs(config, timeInForce)), edge);
  const before = day === undefined ? undefined : tradingDayBefore(day.date);
  if (day === undefined || before === undefined) return undefined;
  return at >= newYorkMidnight(before.date) + EVENING_HOUR * HOUR_MS ? day : undefined;
}

/** Whether an auction takes orders at an instant (R18). */
export const isAuctionWindow = (config: EngineConfig, timeInForce: "opg" | "cls", at: Instant): boolean =>
  auctionDay(config, timeInForce, at) !== undefined;

/** An auction order waits until its day's regular session, and is over with it. */
function auctionSpan(config: EngineConfig, timeInForce: TimeInForce, at: Instant): OrderSpan {
  const day = timeInForce === "opg" || timeInForce === "cls" ? auctionDay(config, timeInForce, at) : undefined;
  if (day === undefined) return { opensAt: NEVER, expiresAt: undefined };
  return { opensAt: instant(Math.max(at, day.open)), expiresAt: day.close };
}
