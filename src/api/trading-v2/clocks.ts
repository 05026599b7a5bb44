/** The session's clock and the exchange's calendar, in the shapes of v2 and v3. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import {
  firstTradingDay,
  lastTradingDay,
  newYorkDate,
  tradingDayOn,
  tradingDaysBetween,
  type TradingDay,
} from "../../calendar/index.ts";
import { DAY_MS, formatInstant, instant, refuse, type Instant } from "../../kernel/index.ts";
import { CALENDAR_QUERY, CalendarDayView, ClockView, listDays, presentClock, settlementDate } from "../alpaca/clock.ts";
import type { Desk } from "../alpaca/desk/desk.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { nullable, queryText, refusals, Time } from "../wire/schemas.ts";
import { optionalTime } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";

const TAGS = ["calendar"];

/** The exchanges that keep the hours of the one calendar there is. */
const MARKETS: Readonly<Record<string, string>> = {
  NYSE: "New York Stock Exchange",
  NASDAQ: "Nasdaq Stock Market",
};

const PHASES = ["closed", "pre", "core", "post"] as const;
type Phase = (typeof PHASES)[number];

const MarketClock = Type.Object({
  market: Type.Object({ acronym: Type.String(), name: Type.String(), timezone: Type.String() }),
  timestamp: Time,
  is_market_day: Type.Boolean(),
  next_market_open: nullable(Time),
  next_market_close: nullable(Time),
  phase: Type.Enum(PHASES),
  phase_until: nullable(Time),
});

const MarketDay = Type.Object({
  date: Type.String(),
  core_start: Time,
  core_end: Time,
  pre_start: Time,
  pre_end: Time,
  post_start: Time,
  post_end: Time,
  settlement_date: Type.String(),
});

export function registerClocks(app: FastifyInstance, desk: Desk): void {
  app.get(
    "/v2/calendar",
    {
      schema: {
        tags: TAGS,
        summary: "Trading days of the exchange, 1990 to 2030",
        querystring: CALENDAR_QUERY,
        response: { 200: Type.Array(CalendarDayView), ...refusals(400, 404) },
      },
    },
    async (request) => {
      await desk.sessionOf(request);
      return listDays(queryOf(request));
    },
  );
  app.get(
    "/v2/clock",
    { schema: { tags: TAGS, summary: "The session's clock", response: { 200: ClockView, ...refusals(400, 404) } } },
    async (request) => readSession(await desk.sessionOf(request), [], (view) => presentClock(view.state.clock)),
  );
  registerThird(app, desk);
}

function registerThird(app: FastifyInstance, desk: Desk): void {
  app.get(
    "/v3/clock",
    {
      schema: {
        tags: TAGS,
        summary: "The session's clock for some markets, with the phase of their day",
        querystring: Type.Object({
          markets: queryText(`comma list of ${Object.keys(MARKETS).join(", ")}; default NYSE`),
          time: queryText("another time than the session's: the calendar is known, whatever the clock says"),
        }),
        response: { 200: Type.Object({ clocks: Type.Array(MarketClock) }), ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const query = queryOf(request);
      const markets = (query.list("markets") ?? ["NYSE"]).map(knownMarket);
      const asked = optionalTime("time", query.text("time"));
      return readSession(session, [], (view) => {
        const at = asked ?? view.state.clock;
        return { clocks: markets.map((market) => marketClock(market, at)) };
      });
    },
  );
  app.get(
    "/v3/calendar/:market",
    {
      schema: {
        tags: TAGS,
        summary: "Trading days of a market, in times",
        params: Type.Object({ market: Type.String() }),
        querystring: Type.Object({
          start: queryText("first date; default the session's"),
          end: queryText("last date; default a week later"),
          timezone: queryText("accepted; times are in UTC"),
        }),
        response: {
          200: Type.Object({ market: Type.String(), calendar: Type.Array(MarketDay) }),
          ...refusals(400, 404),
        },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const market = knownMarket((request.params as { readonly market: string }).market);
      const query = queryOf(request);
      return readSession(session, [], (view) => {
        const start = optionalTime("start", query.text("start")) ?? view.state.clock;
        const end = optionalTime("end", query.text("end")) ?? instant(start + 7 * DAY_MS);
        return { market, calendar: tradingDaysBetween(newYorkDate(start), newYorkDate(end)).map(marketDay) };
      });
    },
  );
}

function knownMarket(text: string): string {
  const market = text.toUpperCase();
  if (market in MARKETS) return market;
  throw new RefusedRequest(
    refuse("bad_request", `market must be one of ${Object.keys(MARKETS).join(", ")}, got ${shown(text)}`),
  );
}

function marketClock(acronym: string, at: Instant): Static<typeof MarketClock> {
  const { phase, until } = phaseAt(at);
  const time = (moment: Instant | undefined): string | null => (moment === undefined ? null : formatInstant(moment));
  return {
    market: { acronym, name: MARKETS[acronym] ?? acronym, timezone: "America/New_York" },
    timestamp: formatInstant(at),
    is_market_day: tradingDayOn(newYorkDate(at)) !== undefined,
    next_market_open: time(firstTradingDay(at, "open")?.open),
    next_market_close: time(firstTradingDay(at, "close")?.close),
    phase,
    phase_until: time(until),
  };
}

function phaseAt(at: Instant): { readonly phase: Phase; readonly until: Instant | undefined } {
  const day = lastTradingDay(at, "sessionOpen");
  if (day === undefined || at >= day.sessionClose) {
    return { phase: "closed", until: firstTradingDay(at, "sessionOpen")?.sessionOpen };
  }
  if (at < day.open) return { phase: "pre", until: day.open };
  return at < day.close ? { phase: "core", until: day.close } : { phase: "post", until: day.sessionClose };
}

const marketDay = (day: TradingDay): Static<typeof MarketDay> => ({
  date: day.date,
  core_start: formatInstant(day.open),
  core_end: formatInstant(day.close),
  pre_start: formatInstant(day.sessionOpen),
  pre_end: formatInstant(day.open),
  post_start: formatInstant(day.close),
  post_end: formatInstant(day.sessionClose),
  settlement_date: settlementDate(day),
});
