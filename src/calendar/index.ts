/** The door of the calendar: when the exchange trades, and New York time. */
export { formatNewYork, newYorkDate, newYorkMidnight, newYorkOffsetMs } from "./new-york.ts";
export type { TradingDay } from "./trading-day.ts";
export {
  CALENDAR_FROM,
  CALENDAR_TO,
  effectiveAt,
  firstTradingDay,
  isRegularHours,
  lastTradingDay,
  tradingDayAfter,
  tradingDayAt,
  tradingDayBefore,
  tradingDayOn,
  tradingDays,
  tradingDaysBefore,
  tradingDaysBetween,
} from "./trading-days.ts";
export type { Edge } from "./trading-days.ts";
