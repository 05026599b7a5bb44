/** One symbol's data: its series year by year, the days that are not whole, and its removal. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import { formatInstant } from "../../kernel/index.ts";
import type { SeriesDetail, SymbolDetail } from "../../sessions/index.ts";
import { accepted } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { nullable, queryText, refusals, Time } from "../wire/schemas.ts";
import { truth } from "../wire/values.ts";
import type { CatalogPort } from "./port.ts";

const TAGS = ["data"];
const PATH = "/v1/data/symbols/:symbol";
const PathParams = Type.Object({ symbol: Type.String() });
const Count = Type.Integer();
const DateText = Type.String({ format: "date" });

const SeriesView = Type.Object({
  timeframe: Type.String(),
  from: Time,
  to: Time,
  rows: Count,
  days: nullable(
    Type.Object(
      { present: Count, partial: Count, missing: Count },
      { description: "Trading days; null for pairs, and where a file is damaged." },
    ),
  ),
  adjusted: Type.Boolean(),
  synthetic: Type.Boolean(),
  source: Type.String({ description: "The file that it was imported from." }),
  hash: Type.String(),
  partial_days: Type.Array(Type.Object({ date: DateText, bars: Count })),
  missing_days: Type.Array(DateText),
  years: Type.Array(Type.Object({ year: Type.Integer(), rows: Count, hash: Type.String() }), {
    description: "None of the built-in sample, which has no files.",
  }),
  damages: Type.Array(Type.String(), { description: "What is wrong with its files." }),
});

const SymbolView = Type.Object(
  {
    symbol: Type.String(),
    name: Type.String(),
    asset_class: Type.Enum(["us_equity", "crypto"]),
    series: Type.Array(SeriesView, { description: "Finest first." }),
    actions: Type.Integer({ description: "Corporate actions that are known of it." }),
  },
  { description: "All that there is of a symbol, whatever any session's clock says." },
);

const RemovalView = Type.Object({
  series: Type.Array(Type.Object({ symbol: Type.String(), timeframe: Type.String(), rows: Count })),
  actions: Type.Integer({ description: "Corporate actions that went." }),
  sample_returned: Type.Array(Type.String(), { description: "Symbols of which the built-in sample is there again." }),
});

export function registerSymbols(app: FastifyInstance, stock: CatalogPort): void {
  app.get(
    PATH,
    {
      schema: {
        tags: TAGS,
        summary: "Everything about one symbol's data: series, years, partial and missing days",
        params: PathParams,
        response: { 200: SymbolView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const { symbol } = request.params as Static<typeof PathParams>;
      return presentSymbol(accepted(await stock.describe(symbol.toUpperCase())));
    },
  );
  app.delete(
    PATH,
    {
      schema: {
        tags: TAGS,
        summary: "Remove a symbol's bars; sessions that have used them say data_changed from then on",
        params: PathParams,
        querystring: Type.Object({
          timeframe: queryText("only this series; default: all"),
          actions: queryText("true: its corporate actions too"),
        }),
        response: { 200: RemovalView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const { symbol } = request.params as Static<typeof PathParams>;
      const query = queryOf(request);
      const { series, actions, sampleReturned } = accepted(
        await stock.remove({
          symbol: symbol.toUpperCase(),
          timeframe: query.text("timeframe"),
          withActions: truth("actions", query.text("actions")),
        }),
      );
      return { series: series.map((each) => ({ ...each })), actions, sample_returned: [...sampleReturned] };
    },
  );
}

const presentSymbol = ({ symbol, asset, assetClass, series, actions }: SymbolDetail): Static<typeof SymbolView> => ({
  symbol,
  name: asset?.name ?? symbol,
  asset_class: assetClass,
  series: series.map(presentSeries),
  actions: actions.length,
});

const presentSeries = (series: SeriesDetail): Static<typeof SeriesView> => ({
  timeframe: series.timeframe,
  from: formatInstant(series.from),
  to: formatInstant(series.to),
  rows: series.rows,
  days: series.days === undefined ? null : { ...series.days },
  adjusted: series.isAdjusted,
  synthetic: series.isSynthetic,
  source: series.source,
  hash: series.hash,
  partial_days: series.wantingDays.flatMap(({ kind, date, bars }) => (kind === "partial" ? [{ date, bars }] : [])),
  missing_days: series.wantingDays.flatMap(({ kind, date }) => (kind === "missing" ? [date] : [])),
  years: series.years.map(({ year, rows, hash }) => ({ year, rows, hash })),
  damages: [...series.damages],
});
