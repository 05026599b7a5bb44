/** The portfolio history of an account. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { parseHistoryQuery, PNL_RESETS, REPORTINGS, TIMEFRAMES } from "../history-query.ts";
import { planHistory, PortfolioHistoryView, presentHistory, pricesForHistory } from "../portfolio-history.ts";
import { accepted } from "../../wire/errors.ts";
import { queryOf } from "../../wire/query.ts";
import { readSession } from "../../wire/reading.ts";
import { queryList, queryText, refusals } from "../../wire/schemas.ts";
import { paramsOf, type Desk } from "./desk.ts";

const QUERY = Type.Object({
  period: queryText("a number and D, W, M or A (years), default 1M; at most two of start, end and period"),
  timeframe: queryText(`${TIMEFRAMES.join(", ")}; default by the span, more than 30 days take 1D only`),
  intraday_reporting: queryText(`${REPORTINGS.join(", ")}; default market_hours`),
  start: queryText("a time or a date: the history begins with its trading day, or the next one"),
  end: queryText("a time, or a date with all of its day; default now"),
  pnl_reset: queryText(`${PNL_RESETS.join(" or ")}: whether profit starts anew each day; default per_day`),
  cashflow_types: queryList("ALL, NONE, or types of activity; default NONE"),
  extended_hours: queryText("true is intraday_reporting=extended_hours"),
  date_start: queryText("an older name of start"),
  date_end: queryText("an older name of end"),
  since_midnight: queryText("true is period=1D"),
});

export function registerPortfolioHistory(app: FastifyInstance, desk: Desk): void {
  app.get(
    `${desk.base}/account/portfolio/history`,
    {
      schema: {
        tags: ["accounts"],
        summary: "What an account was worth over time",
        params: paramsOf(desk),
        querystring: QUERY,
        response: { 200: PortfolioHistoryView, ...refusals(400, 404, 422) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const query = queryOf(request);
      const plan = await readSession(session, [], (view) => {
        const account = desk.accountOf(view, request);
        return planHistory(view.state, account, parseHistoryQuery(query, view.state.clock));
      });
      return presentHistory(plan, accepted(await session.pastPrices(pricesForHistory(plan))));
    },
  );
}
