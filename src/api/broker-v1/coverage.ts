/** Which stretches of time the catalog covers, by symbol and timeframe: what a session can be made of. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import { formatInstant, instant, type Instant } from "../../kernel/index.ts";
import type { SeriesSummary } from "../../sessions/index.ts";
import { readSession } from "../wire/reading.ts";
import { nullable, refusals } from "../wire/schemas.ts";
import type { Broker } from "./context.ts";

const CoverageView = Type.Object(
  {
    symbol: Type.String(),
    name: Type.String(),
    timeframe: Type.String({ examples: ["1Min"] }),
    from: Type.String({ format: "date-time", description: "Start of the first bar." }),
    to: Type.String({ format: "date-time", description: "End of the last bar, or the clock." }),
    rows: nullable(Type.Integer({ description: "Null where the series goes on after the clock." })),
    days: nullable(
      Type.Object(
        { present: Type.Integer(), partial: Type.Integer(), missing: Type.Integer() },
        { description: "Trading days; null for pairs, where they have not been counted, and like rows." },
      ),
    ),
    adjusted: Type.Boolean(),
    synthetic: Type.Boolean(),
    source: nullable(Type.String({ description: "The file that it was imported from; null like rows." })),
    hash: nullable(Type.String({ description: "Equal hashes mean equal bars; null like rows." })),
  },
  { description: "One series of bars." },
);

export function registerCoverage(app: FastifyInstance, { registry, sessionIfAny }: Broker): void {
  app.get(
    "/v1/coverage",
    {
      schema: {
        tags: ["assets"],
        summary:
          "From when to when there are bars, of each symbol and timeframe; with X-Session-Id as far as its clock",
        response: { 200: Type.Array(CoverageView), ...refusals(404) },
      },
    },
    async (request) => {
      const session = await sessionIfAny(request);
      const clock = session === undefined ? ALWAYS : await readSession(session, [], ({ state }) => state.clock);
      const names = new Map(registry.catalog.assets().map(({ symbol, name }) => [symbol, name]));
      return registry.catalog
        .coverage()
        .filter(({ from }) => from < clock)
        .map((series) => ({ name: names.get(series.symbol) ?? series.symbol, ...present(series, clock) }));
    },
  );
}

/** After every bar that there can be. */
const ALWAYS = instant(Number.MAX_SAFE_INTEGER);

/** What a series has by the clock; how much more there is would tell of the future. */
function present(series: SeriesSummary, clock: Instant): Omit<Static<typeof CoverageView>, "name"> {
  const isOver = series.to <= clock;
  return {
    symbol: series.symbol,
    timeframe: series.timeframe,
    from: formatInstant(series.from),
    to: formatInstant(isOver ? series.to : clock),
    rows: isOver ? series.rows : null,
    days: isOver && series.days !== undefined ? { ...series.days } : null,
    adjusted: series.isAdjusted,
    synthetic: series.isSynthetic,
    source: isOver ? series.source : null,
    hash: isOver ? series.hash : null,
  };
}
