/** Historical quotes and trades: there is no tape of them, so each bar that has ended stands for one. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type, type Static, type TSchema } from "typebox";
import { firstTradingDay, lastTradingDay, newYorkMidnight } from "../../calendar/index.ts";
import { HOUR_MS, instant, MINUTE_MS, type Instant } from "../../kernel/index.ts";
import { endOf, presentQuote, presentTrade, QuoteView, TradeView, type MadeUp } from "../alpaca/market-data.ts";
import type { LabelledBar } from "../../sessions/index.ts";
import type { Bind } from "../wire/binding.ts";
import { nullable, refusals } from "../wire/schemas.ts";
import { HISTORY_QUERY, historyQueryOf, SYMBOLS_QUERY, type HistoryQuery } from "./history-query.ts";
import { sceneOf, symbolInPath, symbolsOf, SYNTHESIZED, TAGS, type MarketSurface, type Scene } from "./market.ts";
import { pageOver, type FoundPage, type SymbolPage } from "./paging.ts";
import { barsOf, latestBar } from "./reading.ts";

/** What a route gives, and how it is made. */
interface Kind<T> {
  readonly name: "quotes" | "trades";
  readonly view: TSchema;
  readonly present: (made: MadeUp) => T;
}

const QUOTES: Kind<Static<typeof QuoteView>> = { name: "quotes", view: QuoteView, present: presentQuote };
const TRADES: Kind<Static<typeof TradeView>> = { name: "trades", view: TradeView, present: presentTrade };

export function registerMadeUp(app: FastifyInstance, market: MarketSurface, bind: Bind): void {
  registerKind(app, market, { bind, kind: QUOTES });
  registerKind(app, market, { bind, kind: TRADES });
}

interface Served<T> {
  readonly bind: Bind;
  readonly kind: Kind<T>;
}

function registerKind<T>(app: FastifyInstance, market: MarketSurface, { bind, kind }: Served<T>): void {
  const token = { next_page_token: nullable(Type.String()) };
  const summary = `made up from bars: one of each bar that has ended, at its close`;
  app.get(
    `${market.base}/${kind.name}`,
    {
      config: { isPublic: market.kind === "crypto" },
      schema: {
        tags: TAGS,
        summary: `${kind.name} of several symbols, ${summary}`,
        params: Type.Object(market.params),
        querystring: Type.Object({ ...SYMBOLS_QUERY, ...HISTORY_QUERY }),
        response: {
          200: Type.Object({ [kind.name]: Type.Record(Type.String(), Type.Array(kind.view)), ...token }),
          ...refusals(400, 404),
        },
      },
    },
    async (request, reply) => {
      const symbols = symbolsOf(request, market);
      const { found, nextPageToken } = await page({ request, reply }, market, { bind, kind, symbols });
      return { [kind.name]: found, next_page_token: nextPageToken };
    },
  );
  if (market.kind === "crypto") return;
  app.get(
    `${market.base}/:symbol/${kind.name}`,
    {
      schema: {
        tags: TAGS,
        summary: `${kind.name} of one symbol, ${summary}`,
        params: Type.Object({ symbol: Type.String() }),
        querystring: Type.Object(HISTORY_QUERY),
        response: {
          200: Type.Object({ [kind.name]: Type.Array(kind.view), symbol: Type.String(), ...token }),
          ...refusals(400, 404),
        },
      },
    },
    async (request, reply) => {
      const symbol = symbolInPath(request);
      const { found, nextPageToken } = await page({ request, reply }, market, { bind, kind, symbols: [symbol] });
      return { [kind.name]: found[symbol] ?? [], symbol, next_page_token: nextPageToken };
    },
  );
}

async function page<T>(
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  market: MarketSurface,
  { bind, kind, symbols }: Served<T> & { readonly symbols: readonly string[] },
): Promise<FoundPage<T>> {
  const scene = await sceneOf(bind, request);
  const query = historyQueryOf(request, market, scene.clock);
  void reply.header(SYNTHESIZED, kind.name);
  return pageOver(symbols, query, async (symbol, { after, limit }) => {
    const { items, isLast } = await endsOf(scene, symbol, { query, after, limit });
    return { items: items.map(({ label, item }) => ({ label, item: kind.present(item) })), isLast };
  });
}

interface EndsWanted {
  readonly query: HistoryQuery;
  readonly after: Instant | undefined;
  readonly limit: number;
}

/** What the finest bars ended with, of those that ended within the stretch. */
async function endsOf(scene: Scene, symbol: string, { query, after, limit }: EndsWanted): Promise<SymbolPage<MadeUp>> {
  const latest = await latestBar(scene, symbol);
  const labels = latest === undefined ? undefined : labelsOf(latest, query);
  if (latest === undefined || labels === undefined) return { items: [], isLast: true };
  const { isDescending } = query;
  const timeframe = latest.isDay ? "1Day" : timeframeOf(latest.end - latest.start);
  const { bars, isLast } = await barsOf(scene, symbol, { timeframe, ...labels, after, limit, isDescending });
  return { items: bars.map((bar) => ({ label: bar.label, item: endOf(bar) })), isLast };
}

const timeframeOf = (lengthMs: number): string =>
  lengthMs % HOUR_MS === 0 ? `${lengthMs / HOUR_MS}Hour` : `${lengthMs / MINUTE_MS}Min`;

/** Labels of the bars that end in a stretch: a day ends with its close, any other bar its length after its label. */
function labelsOf(
  { isDay, ...latest }: LabelledBar,
  { start, end }: HistoryQuery,
): { readonly start: Instant; readonly end: Instant } | undefined {
  const lengthMs = latest.end - latest.start;
  const first = isDay ? firstTradingDay(instant(start - 1), "close") : undefined;
  const last = isDay ? lastTradingDay(end, "close") : undefined;
  if (isDay && (first === undefined || last === undefined)) return undefined;
  const from = first === undefined ? instant(start - lengthMs) : newYorkMidnight(first.date);
  const to = last === undefined ? instant(end - lengthMs) : newYorkMidnight(last.date);
  return from > to ? undefined : { start: from, end: to };
}
