/** What a request for a stretch of the past asks for, the same for bars, quotes, trades and auctions. */
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { Type, type TSchema } from "typebox";
import {
  BARS_PER_REPLY_DEFAULT,
  BARS_PER_REPLY_MAX,
  DAY_MS,
  daysOf,
  instant,
  parseDate,
  type Instant,
} from "../../kernel/index.ts";
import { placeOf, tokenOf } from "../wire/paging.ts";
import { queryOf, type Query } from "../wire/query.ts";
import { queryText } from "../wire/schemas.ts";
import { oneOf, optionalTime, wholeNumber } from "../wire/values.ts";
import { bad, dayStart, type MarketSurface } from "./market.ts";

const FEEDS = ["sip", "iex", "otc", "boats", "delayed_sip", "overnight"] as const;

/** Parameters of every historical route. */
export const HISTORY_QUERY: Readonly<Record<string, TSchema>> = {
  start: queryText("first instant, inclusive; a time with an offset, or a date; default: the clock's day"),
  end: queryText("last instant, inclusive; never beyond the clock, which is the default"),
  limit: queryText(`data points of the page, of all symbols together: 1 to ${BARS_PER_REPLY_MAX}, default 1000`),
  page_token: queryText("next_page_token of the page before; everything else as it was"),
  sort: queryText("asc or desc; default asc"),
  feed: queryText(`${FEEDS.join(", ")}: all tell the same`),
  asof: queryText("a date, or -: accepted, symbols are not mapped"),
  currency: queryText("USD"),
};

export const SYMBOLS_QUERY = { symbols: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])) };

/** Where a page goes on. */
export interface PagePlace {
  readonly symbol: string;
  /** Label of the last of its data points that was given; undefined: begin with its first. */
  readonly after: Instant | undefined;
}

export interface HistoryQuery {
  readonly start: Instant;
  /** Not after the clock. */
  readonly end: Instant;
  readonly limit: number;
  readonly isDescending: boolean;
  readonly place: PagePlace | undefined;
  /** The token of a place. */
  readonly tokenOf: (place: PagePlace) => string;
}

/** Throws RefusedRequest, naming the field. */
export function historyQueryOf(request: FastifyRequest, market: MarketSurface, clock: Instant): HistoryQuery {
  const query = queryOf(request);
  const start = timeIn(query, "start", market) ?? dayStart(market, clock);
  const end = timeIn(query, "end", market);
  if (end !== undefined && end < start && query.text("start") !== undefined)
    throw bad("end should not be before start");
  checkWords(query);
  const limit = limitOf(query.text("limit"));
  const isDescending = oneOf("sort", query.text("sort")?.toLowerCase(), ["asc", "desc"] as const) === "desc";
  const print = fingerprint(request);
  return {
    start,
    end: instant(Math.min(end ?? clock, clock)),
    limit,
    isDescending,
    place: placeIn(query.text("page_token"), print),
    tokenOf: ({ symbol, after }) => tokenOf(`${print}|${after ?? ""}|${symbol}`),
  };
}

/** A date is the beginning of that day: in New York for stocks, in UTC for crypto. */
function timeIn(query: Query, field: "start" | "end", { kind }: MarketSurface): Instant | undefined {
  const text = query.text(field);
  const date = kind === "crypto" && text !== undefined ? parseDate(text) : undefined;
  return date === undefined ? optionalTime(field, text) : instant(daysOf(date) * DAY_MS);
}

function limitOf(text: string | undefined): number {
  if (text !== undefined && /^\d{1,15}$/.test(text) && Number(text) > BARS_PER_REPLY_MAX) {
    throw bad(`invalid limit: larger than the allowed maximum of ${BARS_PER_REPLY_MAX}`);
  }
  return wholeNumber("limit", text, { min: 1, max: BARS_PER_REPLY_MAX, otherwise: BARS_PER_REPLY_DEFAULT });
}

/** Parameters that change nothing, but must be what they can be. */
export function checkWords(query: Query): void {
  oneOf("feed", query.text("feed")?.toLowerCase(), FEEDS);
  oneOf("currency", query.text("currency")?.toUpperCase(), ["USD"] as const);
  const asof = query.text("asof");
  if (asof === undefined || asof === "" || asof === "-" || parseDate(asof) !== undefined) return;
  throw bad(`asof must be a date or -, got ${JSON.stringify(asof)}`);
}

function placeIn(token: string | undefined, print: string): PagePlace | undefined {
  const place = placeOf(token);
  if (place === undefined) return undefined;
  const [, of, after, symbol] = /^([0-9a-f]+)\|(\d*)\|(.+)$/.exec(place) ?? [];
  if (of !== print || symbol === undefined) throw bad("page_token belongs to a request with other parameters");
  return { symbol, after: after === "" ? undefined : instant(Number(after)) };
}

/** Of the path and of all that a client asked for, but how much and where in it. */
function fingerprint(request: FastifyRequest): string {
  const { page_token: _token, limit: _limit, ...rest } = request.query as Record<string, unknown>;
  const asked = Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const path = request.url.split("?")[0] ?? "";
  return createHash("sha256")
    .update(JSON.stringify([path, asked]))
    .digest("hex")
    .slice(0, 16);
}
