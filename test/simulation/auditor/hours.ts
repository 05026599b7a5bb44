/** When the venue is open, when an order begins and ends, and the windows of the auctions (R18, R19, R20). */
import {
  firstTradingDay,
  newYorkDate,
  newYorkOffsetMs,
  tradingDayAt,
  tradingDayOn,
  tradingDaysBetween,
} from "../../../src/calendar/index.ts";
import type { TradingDay } from "../../../src/calendar/index.ts";
import type { EngineConfig, TimeInForce } from "../../../src/engine/index.ts";
import {
  assert,
  DAY_MS,
  dateFromDays,
  daysOf,
  HOUR_MS,
  MINUTE_MS,
  type CivilDate,
  type Instant,
} from "../../../src/kernel/index.ts";
import type { AuditBar, Ticket } from "./types.ts";

/** The first trading day on or after a date. */
export function tradingDayFrom(date: CivilDate): TradingDay {
  for (let days = daysOf(date); ; days += 1) {
    const day = tradingDayOn(dateFromDays(days));
    if (day !== undefined) return day;
  }
}

const isWide = (config: EngineConfig, isFlagged: boolean): boolean => config.tradingHours === "extended" || isFlagged;

/** Whether an order may see a bar: by where the bar begins. */
export function isInHours(config: EngineConfig, ticket: Ticket, bar: AuditBar): boolean {
  const day = tradingDayAt(bar.start);
  if (day === undefined) return false;
  return isWide(config, ticket.isFlagged) || (day.open <= bar.start && bar.start < day.close);
}

/** When the venue takes an order: now, or at its next opening. Auction orders are for regular hours. */
export function openingFor(
  config: EngineConfig,
  order: { readonly isFlagged: boolean; readonly timeInForce: TimeInForce },
  at: Instant,
): Instant {
  const isAuction = order.timeInForce === "opg" || order.timeInForce === "cls";
  const isExtended = !isAuction && isWide(config, order.isFlagged);
  const day = firstTradingDay(at, isExtended ? "sessionClose" : "close");
  assert(day !== undefined, "Invariant: the calendar goes on");
  const opens = isExtended ? day.sessionOpen : day.open;
  return opens <= at ? at : opens;
}

/** When the time in force of an order ends it. */
export function endingFor(
  config: EngineConfig,
  order: { readonly isFlagged: boolean; readonly timeInForce: TimeInForce },
  at: Instant,
): Instant | undefined {
  const edge = isWide(config, order.isFlagged) ? "sessionClose" : "close";
  if (order.timeInForce === "opg" || order.timeInForce === "cls") return undefined;
  if (order.timeInForce !== "gtc") return firstTradingDay(at, edge)?.[edge];
  if (config.gtcDays === null) return undefined;
  return tradingDayFrom(dateFromDays(daysOf(newYorkDate(at)) + config.gtcDays))[edge];
}

/** When the closing auction of an order takes place, or the day of an opening auction is over. */
export function auctionFor(timeInForce: TimeInForce, at: Instant): Instant | undefined {
  if (timeInForce === "opg") return firstTradingDay(at, "open")?.close;
  return timeInForce === "cls" ? firstTradingDay(at, "close")?.close : undefined;
}

/** Whether an auction order comes at its cut-off or later, and before 19:00 of a trading day: then it is refused (R18). */
export function isTooLateForAuction(config: EngineConfig, timeInForce: TimeInForce, at: Instant): boolean {
  if (timeInForce !== "opg" && timeInForce !== "cls") return false;
  const day = tradingDayOn(newYorkDate(at));
  if (day === undefined) return false;
  const cutOff = timeInForce === "opg" ? day.open - 2 * MINUTE_MS : day.close - config.clsCutOffMinutes * MINUTE_MS;
  const wall = (((at + newYorkOffsetMs(at)) % DAY_MS) + DAY_MS) % DAY_MS;
  return at >= cutOff && wall < 19 * HOUR_MS;
}

/** The session edges of every trading day that a span touches, so that nothing between bars is missed. */
export function edgesBetween(from: Instant, to: Instant): readonly Instant[] {
  const days = tradingDaysBetween(newYorkDate(from), newYorkDate(to));
  return days
    .flatMap((day) => [day.sessionOpen, day.open, day.close, day.sessionClose])
    .filter((edge) => edge >= from && edge <= to);
}
