/** The report of an account: how it has done by day and by trade, beside a benchmark, and under which assumptions. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { makeReport } from "../../report/index.ts";
import { formatInstant, refuse } from "../../kernel/index.ts";
import { benchmarkWanted, planReport, pricesForReport, reportInput, tradingOf } from "../alpaca/report-input.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { nullable, queryText, refusals, Time } from "../wire/schemas.ts";
import { shown } from "../wire/validation.ts";
import { accountOf, type Broker } from "./context.ts";

const NullableDate = nullable(Type.String({ format: "date" }));
const Figures = Type.Record(Type.String(), nullable(Type.Number()));

const ReportView = Type.Object(
  {
    account_id: Type.String({ format: "uuid" }),
    as_of: Time,
    assumptions: Type.Record(Type.String(), Type.Unknown(), { description: "The config of the session." }),
    period: Type.Object({
      definition_version: Type.Integer({ description: "Only figures of one version may be compared." }),
      start: NullableDate,
      first: NullableDate,
      last: NullableDate,
      sessions: Type.Integer(),
      days: Type.Integer(),
      calendar_days: Type.Number(),
      risk_free: nullable(Type.Number()),
    }),
    returns: Figures,
    risk: Figures,
    drawdown: Type.Object(
      {
        worst: Type.Array(
          Type.Object({
            peak: Type.String({ format: "date" }),
            trough: Type.String({ format: "date" }),
            recovery: NullableDate,
            depth: Type.Number(),
            length_days: Type.Number(),
          }),
        ),
      },
      { additionalProperties: nullable(Type.Number()) },
    ),
    benchmark: nullable(Figures),
    trades: Figures,
    pyfolio: Figures,
    other_tools: Figures,
    definitions: Type.Record(Type.String(), Type.String(), { description: "One sentence for each figure." }),
    notes: Type.Array(Type.String({ description: "What to know before believing the figures." })),
  },
  { description: "How an account has done, by its equity at each regular close. What is not defined is null." },
);

export function registerReport(app: FastifyInstance, broker: Broker): void {
  app.get(
    "/v1/accounts/:accountId/report",
    {
      schema: {
        tags: ["reports"],
        summary: "How an account has done: returns, risk, drawdowns, trades, costs",
        params: Type.Object({ accountId: Type.String() }),
        querystring: Type.Object({
          benchmark: queryText("a symbol to compare with, by its closes"),
          risk_free: queryText("a yearly rate, such as 0.05; default 0"),
        }),
        response: { 200: ReportView, ...refusals(400, 404, 422) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const asked = parseQuery(broker, request);
      const { plan, now, ...about } = await readSession(session, [], (view) => {
        const account = accountOf(view, request);
        return {
          plan: planReport(view.state, account),
          now: view.state.clock,
          account_id: view.ids.account(account.ordinal),
          assumptions: view.state.config,
        };
      });
      const prices = accepted(await session.pastPrices(pricesForReport(plan)));
      const { benchmark, riskFree } = asked;
      const closes =
        benchmark === undefined ? undefined : accepted(await session.pastPrices(benchmarkWanted(plan, benchmark, now)));
      const trading = accepted(await tradingOf(session, plan));
      const report = makeReport(reportInput(plan, prices, { trading, riskFree, closes }));
      return { ...about, as_of: formatInstant(now), ...report };
    },
  );
}

interface Asked {
  /** A symbol of the catalog. */
  readonly benchmark: string | undefined;
  readonly riskFree: number | undefined;
}

function parseQuery(broker: Broker, request: FastifyRequest): Asked {
  const query = queryOf(request);
  const name = query.text("benchmark") ?? "";
  const benchmark = name === "" ? undefined : broker.assetOf(name)?.symbol;
  if (name !== "" && benchmark === undefined) {
    reject(`benchmark must be a symbol of the catalog, got ${shown(name)}`);
  }
  return { benchmark, riskFree: parseRate(query.text("risk_free") ?? "") };
}

function parseRate(text: string): number | undefined {
  if (text === "") return undefined;
  const rate = Number(text);
  if (/^-?\d{1,9}(?:\.\d{1,18})?$/.test(text) && rate > -1 && rate <= 1) return rate;
  return reject(`risk_free must be a yearly rate > -1 and <= 1, such as 0.05, got ${shown(text)}`);
}

const reject = (message: string): never => {
  throw new RefusedRequest(refuse("invalid_order_parameter", message));
};
