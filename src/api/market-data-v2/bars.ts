/** Historical bars, of several symbols and of one. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { BarView } from "../alpaca/asset.ts";
import { presentMarketBar } from "../alpaca/market-data.ts";
import type { Bind } from "../wire/binding.ts";
import { queryOf } from "../wire/query.ts";
import { nullable, queryText, refusals } from "../wire/schemas.ts";
import { HISTORY_QUERY, historyQueryOf, SYMBOLS_QUERY, type HistoryQuery } from "./history-query.ts";
import { bad, sceneOf, symbolInPath, symbolsOf, TAGS, type MarketSurface, type Scene } from "./market.ts";
import { pageOver, type FoundPage } from "./paging.ts";
import { barsOf } from "./reading.ts";

const TOKEN = { next_page_token: nullable(Type.String()) };
const BARS_QUERY = {
  ...HISTORY_QUERY,
  timeframe: queryText("1Min to 59Min, 1Hour to 23Hour, 1Day, 1Week, or 1, 2, 3, 4, 6 or 12Month; required"),
  adjustment: queryText("raw, split, dividend, spin-off, all, or several with commas; default raw"),
};

type BarJson = Static<typeof BarView>;

export function registerBars(app: FastifyInstance, market: MarketSurface, bind: Bind): void {
  app.get(
    `${market.base}/bars`,
    {
      config: { isPublic: market.kind === "crypto" },
      schema: {
        tags: TAGS,
        summary: "Bars of several symbols, as far as they have ended at the clock",
        params: Type.Object(market.params),
        querystring: Type.Object({ ...SYMBOLS_QUERY, ...BARS_QUERY }),
        response: {
          200: Type.Object({ bars: Type.Record(Type.String(), Type.Array(BarView)), ...TOKEN }),
          ...refusals(400, 404),
        },
      },
    },
    async (request) => {
      const { found, nextPageToken } = await barPage(request, market, { bind, symbols: symbolsOf(request, market) });
      return { bars: found, next_page_token: nextPageToken };
    },
  );
  if (market.kind === "crypto") return;
  app.get(
    `${market.base}/:symbol/bars`,
    {
      schema: {
        tags: TAGS,
        summary: "Bars of one symbol, as far as they have ended at the clock",
        params: Type.Object({ symbol: Type.String() }),
        querystring: Type.Object(BARS_QUERY),
        response: {
          200: Type.Object({ bars: Type.Array(BarView), symbol: Type.String(), ...TOKEN }),
          ...refusals(400, 404),
        },
      },
    },
    async (request) => {
      const symbol = symbolInPath(request);
      const { found, nextPageToken } = await barPage(request, market, { bind, symbols: [symbol] });
      return { bars: found[symbol] ?? [], symbol, next_page_token: nextPageToken };
    },
  );
}

async function barPage(
  request: FastifyRequest,
  market: MarketSurface,
  { bind, symbols }: { readonly bind: Bind; readonly symbols: readonly string[] },
): Promise<FoundPage<BarJson>> {
  const scene = await sceneOf(bind, request);
  const query = historyQueryOf(request, market, scene.clock);
  const text = queryOf(request).text("timeframe") ?? "";
  if (text === "") throw bad("timeframe is required");
  const wanted = { timeframe: text, adjustment: queryOf(request).text("adjustment") };
  // What is wrong with the timeframe or the adjustment is told where there is no data too.
  await barsOf(scene, symbols[0] ?? "", { ...wanted, ...stretchOf(query), end: query.start });
  return pageOver(symbols, query, async (symbol, { after, limit }) => {
    const page = await readBars(scene, symbol, { ...wanted, ...stretchOf(query), after, limit });
    return {
      items: page.bars.map((bar) => ({ label: bar.label, item: presentMarketBar(symbol, bar) })),
      isLast: page.isLast,
    };
  });
}

/** The whole stretch lies after the clock: there is nothing in it. */
const NOTHING = { bars: [], isLast: true };

const readBars = (scene: Scene, symbol: string, wanted: Parameters<typeof barsOf>[2]): ReturnType<typeof barsOf> =>
  (wanted.end ?? scene.clock) < (wanted.start ?? 0) ? Promise.resolve(NOTHING) : barsOf(scene, symbol, wanted);

const stretchOf = ({
  start,
  end,
  isDescending,
}: HistoryQuery): Pick<HistoryQuery, "start" | "end" | "isDescending"> => ({
  start,
  end,
  isDescending,
});
