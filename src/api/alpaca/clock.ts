/** The exchange's calendar and a session's clock, as Alpaca writes them. */
import { Type, type Static } from "typebox";
import {
  CALENDAR_FROM,
  CALENDAR_TO,
  firstTradingDay,
  formatNewYork,
  isRegularHours,
  newYorkDate,
  tradingDaysBetween,
  type TradingDay,
} from "../../calendar/index.ts";
import type { CivilDate, Instant } from "../../kernel/index.ts";
import type { Query } from "../wire/query.ts";
import { nullable, queryText, Time } from "../wire/schemas.ts";
import { oneOf, optionalTime } from "../wire/values.ts";

export const CalendarDayView = Type.Object({
  date: Type.String(),
  open: Type.String({ examples: ["09:30"] }),
  close: Type.String({ examples: ["16:00"] }),
  session_open: Type.String({ examples: ["0400"] }),
  session_close: Type.String({ examples: ["2000"] }),
  settlement_date: Type.String({ description: "T+1 since 2024-05-28, T+2 since 2017-09-05, T+3 before." }),
});

export const ClockView = Type.Object({
  timestamp: Time,
  is_open: Type.Boolean(),
  next_open: nullable(Time),
  next_close: nullable(Time),
});

const DATE_TYPES = ["TRADING", "SETTLEMENT"] as const;

export const CALENDAR_QUERY = Type.Object({
  start: queryText("first date, inclusive"),
  end: queryText("last date, inclusive"),
  date_type: queryText(`which date start and end mean: ${DATE_TYPES.join(" or ")}; default TRADING`),
});

/** The trading days that a query asks for; without bounds the whole calendar. */
export function listDays(query: Query): readonly Static<typeof CalendarDayView>[] {
  const date = (field: "start" | "end", otherwise: CivilDate): CivilDate => {
    const at = optionalTime(field, query.text(field));
    return at === undefined ? otherwise : newYorkDate(at);
  };
  const [start, end] = [date("start", CALENDAR_FROM), date("end", CALENDAR_TO)];
  if (oneOf("date_type", query.text("date_type")?.toUpperCase(), DATE_TYPES) !== "SETTLEMENT")
    return tradingDaysBetween(start, end).map(presentDay);
  return tradingDaysBetween(CALENDAR_FROM, end)
    .map(presentDay)
    .filter((day) => day.settlement_date >= start && day.settlement_date <= end);
}

const wallTime = (at: Instant): string => formatNewYork(at).slice(11, 16);

/** First trade date that settles on the next session (SEC release 34-96930; two sessions before, three before 2017-09-05). */
const T1_FROM = "2024-05-28";
const T2_FROM = "2017-09-05";

function presentDay(day: TradingDay): Static<typeof CalendarDayView> {
  return {
    date: day.date,
    open: wallTime(day.open),
    close: wallTime(day.close),
    session_open: wallTime(day.sessionOpen).replace(":", ""),
    session_close: wallTime(day.sessionClose).replace(":", ""),
    settlement_date: settlementDate(day),
  };
}

/** The date on which a trade of the day settles. */
export function settlementDate(day: TradingDay): string {
  const sessions = day.date >= T1_FROM ? 1 : day.date >= T2_FROM ? 2 : 3;
  let settled: TradingDay = day;
  for (let count = 0; count < sessions; count += 1) settled = firstTradingDay(settled.open, "open") ?? settled;
  return settled.date;
}

/** New York offsets, as Alpaca has them; null beyond the calendar's last session. */
export function presentClock(clock: Instant): Static<typeof ClockView> {
  const nextOpen = firstTradingDay(clock, "open")?.open;
  const nextClose = firstTradingDay(clock, "close")?.close;
  return {
    timestamp: formatNewYork(clock),
    is_open: isRegularHours(clock),
    next_open: nextOpen === undefined ? null : formatNewYork(nextOpen),
    next_close: nextClose === undefined ? null : formatNewYork(nextClose),
  };
}
