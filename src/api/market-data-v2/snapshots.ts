/** Snapshots: the latest trade, quote and minute of a symbol, its day so far and the day before. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import { refuse } from "../../kernel/index.ts";
import { BarView } from "../alpaca/asset.ts";
import { presentMarketBar, presentQuote, presentTrade, QuoteView, TradeView } from "../alpaca/market-data.ts";
import type { Bind } from "../wire/binding.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { nullable, queryText, refusals } from "../wire/schemas.ts";
import { shownBare } from "../wire/validation.ts";
import { checkWords, SYMBOLS_QUERY } from "./history-query.ts";
import { sceneOf, symbolInPath, symbolsOf, SYNTHESIZED, TAGS, type MarketSurface, type Scene } from "./market.ts";
import { latestBar, latestDays, latestPrice } from "./reading.ts";

const FIELDS = {
  latestTrade: nullable(TradeView),
  latestQuote: nullable(QuoteView),
  minuteBar: nullable(BarView),
  dailyBar: nullable(BarView),
  prevDailyBar: nullable(BarView),
};

const Snapshot = Type.Object(FIELDS, { description: "A snapshot." });
type SnapshotJson = Static<typeof Snapshot>;

const QUERY = { feed: queryText("all feeds tell the same"), currency: queryText("USD") };
const MADE_UP = "quotes, trades";

export function registerSnapshots(app: FastifyInstance, market: MarketSurface, bind: Bind): void {
  const map = Type.Record(Type.String(), Snapshot);
  app.get(
    `${market.base}/snapshots`,
    {
      config: { isPublic: market.kind === "crypto" },
      schema: {
        tags: TAGS,
        summary: "Snapshots of several symbols",
        params: Type.Object(market.params),
        querystring: Type.Object({ ...SYMBOLS_QUERY, ...QUERY }),
        response: {
          200: market.kind === "crypto" ? Type.Object({ snapshots: map }) : map,
          ...refusals(400, 404),
        },
      },
    },
    async (request, reply) => {
      const symbols = symbolsOf(request, market);
      checkWords(queryOf(request));
      const scene = await sceneOf(bind, request);
      void reply.header(SYNTHESIZED, MADE_UP);
      const snapshots: Record<string, SnapshotJson> = {};
      for (const symbol of symbols) {
        const snapshot = await snapshotOf(scene, symbol);
        if (snapshot !== undefined) snapshots[symbol] = snapshot;
      }
      return market.kind === "crypto" ? { snapshots } : snapshots;
    },
  );
  if (market.kind === "crypto") return;
  app.get(
    `${market.base}/:symbol/snapshot`,
    {
      schema: {
        tags: TAGS,
        summary: "The snapshot of one symbol",
        params: Type.Object({ symbol: Type.String() }),
        querystring: Type.Object(QUERY),
        response: { 200: Type.Object({ symbol: Type.String(), ...FIELDS }), ...refusals(400, 404) },
      },
    },
    async (request, reply) => {
      const symbol = symbolInPath(request);
      checkWords(queryOf(request));
      const snapshot = await snapshotOf(await sceneOf(bind, request), symbol);
      void reply.header(SYNTHESIZED, MADE_UP);
      if (snapshot !== undefined) return { symbol, ...snapshot };
      throw new RefusedRequest(refuse("not_found", `no snapshot found for ${shownBare(symbol)}`));
    },
  );
}

/** Undefined for a symbol of which nothing is known yet. */
async function snapshotOf(scene: Scene, symbol: string): Promise<SnapshotJson | undefined> {
  const last = await latestPrice(scene, symbol);
  if (last === undefined) return undefined;
  const minute = await latestBar(scene, symbol);
  const { latest, previous } = await latestDays(scene, symbol);
  return {
    latestTrade: presentTrade(last),
    latestQuote: presentQuote(last),
    minuteBar: minute === undefined || minute.isDay ? null : presentMarketBar(symbol, minute),
    dailyBar: latest === undefined ? null : presentMarketBar(symbol, latest),
    prevDailyBar: previous === undefined ? null : presentMarketBar(symbol, previous),
  };
}
