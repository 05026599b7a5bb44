/** Opening and closing auctions, made up from days: the official open and close of each day that is over. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { newYorkDate, tradingDayOn } from "../../calendar/index.ts";
import { formatInstant } from "../../kernel/index.ts";
import type { LabelledBar } from "../../sessions/index.ts";
import type { Bind } from "../wire/binding.ts";
import { nullable, refusals, Time } from "../wire/schemas.ts";
import { HISTORY_QUERY, historyQueryOf, SYMBOLS_QUERY } from "./history-query.ts";
import { sceneOf, STOCKS, symbolInPath, symbolsOf, SYNTHESIZED, TAGS } from "./market.ts";
import { pageOver, type FoundPage } from "./paging.ts";
import { barsOf } from "./reading.ts";

const Auction = Type.Object({ t: Time, x: Type.String(), p: Type.Number(), c: Type.String() });
const AuctionDay = Type.Object(
  { d: Type.String({ format: "date" }), o: Type.Array(Auction), c: Type.Array(Auction) },
  { description: "The auctions of a day." },
);

const TOKEN = { next_page_token: nullable(Type.String()) };

export function registerAuctions(app: FastifyInstance, bind: Bind): void {
  const summary = "Opening and closing auctions, made up from the official prices of days";
  app.get(
    "/v2/stocks/auctions",
    {
      schema: {
        tags: TAGS,
        summary,
        querystring: Type.Object({ ...SYMBOLS_QUERY, ...HISTORY_QUERY }),
        response: {
          200: Type.Object({ auctions: Type.Record(Type.String(), Type.Array(AuctionDay)), ...TOKEN }),
          ...refusals(400, 404),
        },
      },
    },
    async (request, reply) => {
      const { found, nextPageToken } = await page(request, reply, { bind, symbols: symbolsOf(request, STOCKS) });
      return { auctions: found, next_page_token: nextPageToken };
    },
  );
  app.get(
    "/v2/stocks/:symbol/auctions",
    {
      schema: {
        tags: TAGS,
        summary,
        params: Type.Object({ symbol: Type.String() }),
        querystring: Type.Object(HISTORY_QUERY),
        response: {
          200: Type.Object({ auctions: Type.Array(AuctionDay), symbol: Type.String(), ...TOKEN }),
          ...refusals(400, 404),
        },
      },
    },
    async (request, reply) => {
      const symbol = symbolInPath(request);
      const { found, nextPageToken } = await page(request, reply, { bind, symbols: [symbol] });
      return { auctions: found[symbol] ?? [], symbol, next_page_token: nextPageToken };
    },
  );
}

async function page(
  request: FastifyRequest,
  reply: FastifyReply,
  { bind, symbols }: { readonly bind: Bind; readonly symbols: readonly string[] },
): Promise<FoundPage<Static<typeof AuctionDay>>> {
  const scene = await sceneOf(bind, request);
  const query = historyQueryOf(request, STOCKS, scene.clock);
  void reply.header(SYNTHESIZED, "auctions");
  const { start, end, isDescending } = query;
  if (end < start) return { found: {}, nextPageToken: null };
  return pageOver(symbols, query, async (symbol, { after, limit }) => {
    const { bars, isLast } = await barsOf(scene, symbol, { timeframe: "1Day", start, end, after, limit, isDescending });
    return { items: bars.map((bar) => ({ label: bar.label, item: presentDay(bar) })), isLast };
  });
}

/** Conditions: O, the opening trade; 6, the closing one. */
function presentDay({ label, open, close }: LabelledBar): Static<typeof AuctionDay> {
  const date = newYorkDate(label);
  const day = tradingDayOn(date);
  const [opens, closes] = [day?.open ?? label, day?.close ?? label];
  return {
    d: date,
    o: [{ t: formatInstant(opens), x: "P", p: open, c: "O" }],
    c: [{ t: formatInstant(closes), x: "P", p: close, c: "6" }],
  };
}
