/** Assets of the catalog, their bars and latest quote, as far as the session's clock has come. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { BARS_PER_REPLY_DEFAULT, BARS_PER_REPLY_MAX, instant, refuse, unitsToNumber } from "../../kernel/index.ts";
import type { Asset, BarsPage } from "../../sessions/index.ts";
import { listAssets } from "../alpaca/asset-list.ts";
import { AssetView, BarView, presentAsset, presentBar } from "../alpaca/asset.ts";
import { presentQuote, QuoteView } from "../alpaca/market-data.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { placeOf, tokenOf } from "../wire/paging.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { nullable, queryText, refusals } from "../wire/schemas.ts";
import { optionalTime, wholeNumber } from "../wire/values.ts";
import { shownBare } from "../wire/validation.ts";
import type { Broker } from "./context.ts";

const TAGS = ["assets"];
const AssetParams = Type.Object({ symbol: Type.String({ description: "A symbol or an asset id." }) });
const BarsReply = Type.Object({
  bars: Type.Array(BarView),
  symbol: Type.String(),
  next_page_token: nullable(Type.String()),
});
const QuoteReply = Type.Object({
  symbol: Type.String(),
  quote: QuoteView,
  synthetic: Type.Boolean({ description: "True: made from the last known price of a bar." }),
});

export function registerAssets(app: FastifyInstance, broker: Broker): void {
  app.get(
    "/v1/assets",
    {
      schema: {
        tags: TAGS,
        summary: "What the catalog holds",
        response: { 200: Type.Array(AssetView), ...refusals(404) },
      },
    },
    async (request) => {
      await broker.sessionIfAny(request);
      return listAssets(broker.registry.catalog.assets(), queryOf(request));
    },
  );
  app.get(
    "/v1/assets/:symbol",
    {
      schema: {
        tags: TAGS,
        summary: "Get an asset",
        params: AssetParams,
        response: { 200: AssetView, ...refusals(404) },
      },
    },
    async (request) => {
      await broker.sessionIfAny(request);
      return presentAsset(assetOf(broker, request));
    },
  );
  registerBars(app, broker);
  app.get(
    "/v1/assets/:symbol/quotes/latest",
    {
      schema: {
        tags: TAGS,
        summary: "The latest quote, made from the last known price",
        params: AssetParams,
        response: { 200: QuoteReply, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionIfAny(request);
      const { symbol } = assetOf(broker, request);
      if (session === undefined) return latestOfAll(broker, symbol);
      return readSession(session, [symbol], (view) => {
        const last = view.market.lastPrice(symbol);
        if (last === undefined)
          throw new RefusedRequest(refuse("not_found", `no quote found for ${symbol}: it has not printed yet`));
        return { symbol, quote: presentQuote({ at: view.state.clock, price: unitsToNumber(last) }), synthetic: true };
      });
    },
  );
}

/** Without a session: the last price of all data. */
async function latestOfAll(broker: Broker, symbol: string): Promise<Static<typeof QuoteReply>> {
  const last = accepted(await broker.registry.catalog.lastPrice(symbol));
  if (last === undefined)
    throw new RefusedRequest(refuse("not_found", `no quote found for ${symbol}: it has not printed`));
  return { symbol, quote: presentQuote({ at: last.at, price: unitsToNumber(last.price) }), synthetic: true };
}

function registerBars(app: FastifyInstance, broker: Broker): void {
  app.get(
    "/v1/assets/:symbol/bars",
    {
      schema: {
        tags: TAGS,
        summary: "Bars up to the session's clock; without X-Session-Id, all bars",
        params: AssetParams,
        querystring: Type.Object({
          timeframe: queryText("1Min, 5Min, 15Min, 1Hour, 1Day …; default 1Min"),
          start: queryText("first label, inclusive; a time with an offset, or a date"),
          end: queryText("last label, inclusive"),
          limit: queryText(`1 to ${BARS_PER_REPLY_MAX}, default ${BARS_PER_REPLY_DEFAULT}`),
          page_token: queryText("next_page_token of the page before"),
        }),
        response: { 200: BarsReply, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionIfAny(request);
      const { symbol } = assetOf(broker, request);
      const query = queryOf(request);
      const wanted = {
        symbol,
        timeframe: query.text("timeframe") ?? "1Min",
        start: optionalTime("start", query.text("start")),
        end: optionalTime("end", query.text("end")),
        limit: wholeNumber("limit", query.text("limit"), {
          min: 1,
          max: BARS_PER_REPLY_MAX,
          otherwise: BARS_PER_REPLY_DEFAULT,
        }),
        after: labelOf(query.text("page_token")),
      };
      const page = accepted(
        await (session === undefined ? broker.registry.catalog.bars(wanted) : session.bars(wanted)),
      );
      return { bars: page.bars.map(presentBar), symbol, next_page_token: nextToken(page) };
    },
  );
}

function nextToken(page: BarsPage): string | null {
  const last = page.bars.at(-1);
  return page.isLast || last === undefined ? null : tokenOf(String(last.label));
}

function labelOf(token: string | undefined): ReturnType<typeof instant> | undefined {
  const place = placeOf(token);
  if (place === undefined) return undefined;
  if (/^\d{1,15}$/.test(place)) return instant(Number(place));
  throw new RefusedRequest(refuse("bad_request", "page_token must be one that a page of bars gave, got another"));
}

function assetOf(broker: Broker, request: FastifyRequest): Asset {
  const { symbol } = request.params as { readonly symbol: string };
  const asset = broker.assetOf(symbol);
  if (asset !== undefined) return asset;
  throw new RefusedRequest(
    refuse("not_found", `asset not found for ${shownBare(symbol)}; "tapedeck data list" shows what there is`),
  );
}
