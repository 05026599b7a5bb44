/** The exchange's calendar, and the session's clock. */
import type { FastifyInstance } from "fastify";
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
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { nullable, queryText, refusals, Time } from "../wire/schemas.ts";
import { optionalTime } from "../wire/values.ts";
import type { Broker } from "./context.ts";

const TAGS = ["calendar"];

const CalendarDay = Type.Object({
  date: Type.String(),
  open: Type.String({ examples: ["09:30"] }),
  close: Type.String({ examples: ["16:00"] }),
  session_open: Type.String({ examples: ["0400"] }),
  session_close: Type.String({ examples: ["2000"] }),
  settlement_date: Type.String({ description: "T+1 since 2024-05-28, T+2 since 2017-09-05, T+3 before." }),
});

const ClockView = Type.Object({
  timestamp: Time,
  is_open: Type.Boolean(),
  next_open: nullable(Time),
  next_close: nullable(Time),
});

export function registerClock(app: FastifyInstance, broker: Broker): void {
  app.get(
    "/v1/calendar",
    {
      schema: {
        tags: TAGS,
        summary: "Trading days of the exchange, 1990 to 2030",
        querystring: Type.Object({ start: queryText("first date, inclusive"), end: queryText("last date, inclusive") }),
        response: { 200: Type.Array(CalendarDay), ...refusals(400, 404) },
      },
    },
    async (request) => {
      await broker.sessionIfAny(request);
      const query = queryOf(request);
      const date = (field: "start" | "end", otherwise: CivilDate): CivilDate => {
        const at = optionalTime(field, query.text(field));
        return at === undefined ? otherwise : newYorkDate(at);
      };
      return tradingDaysBetween(date("start", CALENDAR_FROM), date("end", CALENDAR_TO)).map(presentDay);
    },
  );
  app.get(
    "/v1/clock",
    {
      schema: {
        tags: TAGS,
        summary: "The session's clock, with regular hours",
        response: { 200: ClockView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      return readSession(session, [], (view) => presentClock(view.state.clock));
    },
  );
}

const wallTime = (at: Instant): string => formatNewYork(at).slice(11, 16);

/** First trade date that settles on the next session (SEC release 34-96930; two sessions before, three before 2017-09-05). */
const T1_FROM = "2024-05-28";
const T2_FROM = "2017-09-05";

function presentDay(day: TradingDay): Static<typeof CalendarDay> {
  return {
    date: day.date,
    open: wallTime(day.open),
    close: wallTime(day.close),
    session_open: wallTime(day.sessionOpen).replace(":", ""),
    session_close: wallTime(day.sessionClose).replace(":", ""),
    settlement_date: settlementDate(day),
  };
}

function settlementDate(day: TradingDay): string {
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
