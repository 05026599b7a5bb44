/** The two markets whose data is served, stocks and crypto: the same routes with different names. */
import type { FastifyRequest } from "fastify";
import { Type, type TProperties } from "typebox";
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { DAY_MS, instant, refuse, type Instant } from "../../kernel/index.ts";
import type { SessionHandle } from "../../sessions/index.ts";
import type { Bind } from "../wire/binding.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { shownBare } from "../wire/validation.ts";

export interface MarketSurface {
  readonly kind: "stocks" | "crypto";
  readonly base: string;
  readonly params: TProperties;
}

export const STOCKS: MarketSurface = { kind: "stocks", base: "/v2/stocks", params: {} };

/** One set of data for all locations. */
export const CRYPTO: MarketSurface = {
  kind: "crypto",
  base: "/v1beta3/crypto/:loc",
  params: { loc: Type.String({ description: "us, us-1, us-2, eu-1, bs-1: all the same here." }) },
};

export const TAGS = ["market data"];

/** Says that what is answered was made up from bars. */
export const SYNTHESIZED = "x-tapedeck-synthesized";

/** What a request for market data is about. */
export interface Scene {
  readonly session: SessionHandle;
  readonly clock: Instant;
}

export async function sceneOf(bind: Bind, request: FastifyRequest): Promise<Scene> {
  const { session } = await bind(request);
  return { session, clock: await readSession(session, [], (view) => view.state.clock) };
}

const PAIR = /^[A-Z0-9]+\/[A-Z0-9]+$/;

/** Symbols of one request: a name takes some bytes, an answer for each some hundred. Beyond: 400. */
const SYMBOLS_MAX = 2000;

/** The symbols of a request for several: in capitals, each once, sorted. */
export function symbolsOf(request: FastifyRequest, { kind }: MarketSurface): readonly string[] {
  const symbols = (queryOf(request).list("symbols") ?? []).map((symbol) => symbol.toUpperCase());
  if (symbols.length === 0) throw bad("symbols is required: a comma list");
  if (symbols.length > SYMBOLS_MAX) throw bad(`symbols must be at most ${SYMBOLS_MAX}, got ${symbols.length}`);
  const wrong = kind === "crypto" ? symbols.find((symbol) => !PAIR.test(symbol)) : undefined;
  if (wrong !== undefined) throw bad(`invalid symbol: ${shownBare(wrong)} does not match ^[A-Z]+x?/[A-Z]+$`);
  return [...new Set(symbols)].toSorted((a, b) => (a < b ? -1 : 1));
}

/** The symbol of a path. */
export function symbolInPath(request: FastifyRequest): string {
  const { symbol } = request.params as { readonly symbol: string };
  return symbol.toUpperCase();
}

/** When a market's day began. */
export const dayStart = ({ kind }: MarketSurface, at: Instant): Instant =>
  kind === "crypto" ? instant(Math.floor(at / DAY_MS) * DAY_MS) : newYorkMidnight(newYorkDate(at));

export const bad = (message: string): RefusedRequest => new RefusedRequest(refuse("bad_request", message));
