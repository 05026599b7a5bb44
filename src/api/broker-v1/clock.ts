/** The exchange's calendar, and the session's clock. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { CALENDAR_QUERY, CalendarDayView, ClockView, listDays, presentClock } from "../alpaca/clock.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { refusals } from "../wire/schemas.ts";
import type { Broker } from "./context.ts";

const TAGS = ["calendar"];

export function registerClock(app: FastifyInstance, broker: Broker): void {
  app.get(
    "/v1/calendar",
    {
      schema: {
        tags: TAGS,
        summary: "Trading days of the exchange, 1990 to 2030",
        querystring: CALENDAR_QUERY,
        response: { 200: Type.Array(CalendarDayView), ...refusals(400, 404) },
      },
    },
    async (request) => {
      await broker.sessionIfAny(request);
      return listDays(queryOf(request));
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
