/** The latest bar, quote and trade; the last two are made up from the last known price. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type, type TSchema } from "typebox";
import { BarView } from "../alpaca/asset.ts";
import { presentMarketBar, presentQuote, presentTrade, QuoteView, TradeView } from "../alpaca/market-data.ts";
import type { Bind } from "../wire/binding.ts";
import { queryOf } from "../wire/query.ts";
import { queryText, refusals } from "../wire/schemas.ts";
import { refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { shownBare } from "../wire/validation.ts";
import { checkWords, SYMBOLS_QUERY } from "./history-query.ts";
import { sceneOf, symbolInPath, symbolsOf, SYNTHESIZED, TAGS, type MarketSurface, type Scene } from "./market.ts";
import { latestBar, latestPrice } from "./reading.ts";

interface Kind {
  /** Key of the answer for one symbol; with an s for several. */
  readonly name: "bar" | "quote" | "trade";
  readonly view: TSchema;
  readonly isMadeUp: boolean;
  readonly read: (scene: Scene, symbol: string) => Promise<object | undefined>;
}

const KINDS: readonly Kind[] = [
  {
    name: "bar",
    view: BarView,
    isMadeUp: false,
    read: async (scene, symbol) => {
      const latest = await latestBar(scene, symbol);
      return latest === undefined ? undefined : presentMarketBar(symbol, latest);
    },
  },
  {
    name: "quote",
    view: QuoteView,
    isMadeUp: true,
    read: async (scene, symbol) => {
      const last = await latestPrice(scene, symbol);
      return last === undefined ? undefined : presentQuote(last);
    },
  },
  {
    name: "trade",
    view: TradeView,
    isMadeUp: true,
    read: async (scene, symbol) => {
      const last = await latestPrice(scene, symbol);
      return last === undefined ? undefined : presentTrade(last);
    },
  },
];

const LATEST_QUERY = { feed: queryText("all feeds tell the same"), currency: queryText("USD") };

export function registerLatest(app: FastifyInstance, market: MarketSurface, bind: Bind): void {
  for (const kind of KINDS) registerKind(app, market, { bind, kind });
}

function registerKind(
  app: FastifyInstance,
  market: MarketSurface,
  { bind, kind }: { readonly bind: Bind; readonly kind: Kind },
): void {
  const { name, view } = kind;
  const plural = `${name}s`;
  const made = kind.isMadeUp ? ", made up from the last known price" : " that has ended";
  const read = async (request: FastifyRequest, reply: FastifyReply): Promise<Scene> => {
    checkWords(queryOf(request));
    if (kind.isMadeUp) void reply.header(SYNTHESIZED, plural);
    return sceneOf(bind, request);
  };
  app.get(
    market.kind === "crypto" ? `${market.base}/latest/${plural}` : `${market.base}/${plural}/latest`,
    {
      config: { isPublic: market.kind === "crypto" },
      schema: {
        tags: TAGS,
        summary: `The latest ${name} of several symbols${made}`,
        params: Type.Object(market.params),
        querystring: Type.Object({ ...SYMBOLS_QUERY, ...LATEST_QUERY }),
        response: { 200: Type.Object({ [plural]: Type.Record(Type.String(), view) }), ...refusals(400, 404) },
      },
    },
    async (request, reply) => {
      const symbols = symbolsOf(request, market);
      const scene = await read(request, reply);
      const found: Record<string, object> = {};
      for (const symbol of symbols) {
        const latest = await kind.read(scene, symbol);
        if (latest !== undefined) found[symbol] = latest;
      }
      return { [plural]: found };
    },
  );
  if (market.kind === "crypto") return;
  app.get(
    `${market.base}/:symbol/${plural}/latest`,
    {
      schema: {
        tags: TAGS,
        summary: `The latest ${name} of one symbol${made}`,
        params: Type.Object({ symbol: Type.String() }),
        querystring: Type.Object(LATEST_QUERY),
        response: { 200: Type.Object({ symbol: Type.String(), [name]: view }), ...refusals(400, 404) },
      },
    },
    async (request, reply) => {
      const symbol = symbolInPath(request);
      const latest = await kind.read(await read(request, reply), symbol);
      if (latest !== undefined) return { symbol, [name]: latest };
      throw new RefusedRequest(refuse("not_found", `no ${name} found for ${shownBare(symbol)}`));
    },
  );
}
