/** Providers for tests: a server on loopback that speaks their shapes from known bars, and can be told to misbehave. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { newYorkMidnight } from "../../calendar/index.ts";
import { DAY_MS, formatInstant, instant, parseInstant, type CivilDate, type Instant } from "../../kernel/index.ts";
import type { AtEnd } from "../market-fixture.ts";
import type { Waiting } from "./waiting.ts";

export interface WireBar {
  readonly t: Instant;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
  readonly vw: number;
  readonly n: number;
}

/** Answers a request in the place of the server; false: the server answers as usual. */
export type Mischief = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

export interface ProviderServer {
  readonly url: string;
  /** Paths with their queries, in order. */
  readonly asked: string[];
  /** The headers of the latest request. */
  readonly headers: () => Readonly<Record<string, string | string[] | undefined>>;
  /** What happens to the next requests, one each; then all is well again. */
  readonly mischief: Mischief[];
  /** Answers by path, of everything but bars. */
  readonly answers: Map<string, unknown>;
}

export const KEYS = {
  APCA_API_KEY_ID: "PKTESTKEYID",
  APCA_API_SECRET_KEY: "very/secret+value",
  POLYGON_API_KEY: "poly_secret",
};

export interface ServerOptions {
  readonly bars: ReadonlyMap<string, readonly WireBar[]>;
  /** Bars of one page. */
  readonly pageSize: number;
}

/** A server that ends with the test. */
export async function providerServer(atEnd: AtEnd, { bars, pageSize }: ServerOptions): Promise<ProviderServer> {
  const asked: string[] = [];
  const mischief: Mischief[] = [];
  const answers = new Map<string, unknown>();
  let headers: IncomingMessage["headers"] = {};
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    asked.push(url.pathname + url.search);
    headers = request.headers;
    if (mischief.shift()?.(request, response, url) === true) return;
    const alpaca = url.pathname === "/v2/stocks/bars" ? alpacaBars(url, bars, pageSize) : undefined;
    const answer = alpaca ?? polygonBars(url, bars, pageSize) ?? answers.get(url.pathname);
    if (answer === undefined) send(response, 404, { message: "not found" });
    else send(response, 200, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return { url: `http://127.0.0.1:${port}`, asked, headers: () => headers, mischief, answers };
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

function alpacaBars(url: URL, bars: ServerOptions["bars"], pageSize: number): unknown {
  const [symbol = "", start = "", end = ""] = ["symbols", "start", "end"].map(
    (name) => url.searchParams.get(name) ?? "",
  );
  const [from, until] = [Number(parseInstant(start)), Number(parseInstant(end))];
  const at = Number(url.searchParams.get("page_token") ?? "0");
  const all = (bars.get(symbol) ?? []).filter(({ t }) => t >= from && t <= until);
  const page = all.slice(at, at + pageSize).map((bar) => ({ ...bar, t: formatInstant(bar.t) }));
  const next = at + pageSize < all.length ? String(at + pageSize) : null;
  return { bars: page.length === 0 ? {} : { [symbol]: page }, next_page_token: next };
}

function polygonBars(url: URL, bars: ServerOptions["bars"], pageSize: number): unknown {
  const match = /^\/v2\/aggs\/ticker\/([^/]+)\/range\/\d+\/(?:minute|hour|day)\/(\d+)\/(\d+)$/.exec(url.pathname);
  if (match === null) return undefined;
  const [, symbol = "", from = "", to = ""] = match;
  const at = Number(url.searchParams.get("cursor") ?? "0");
  const all = (bars.get(symbol) ?? []).filter(({ t }) => t >= Number(from) && t <= Number(to));
  const results = all.slice(at, at + pageSize);
  const next = at + pageSize < all.length ? { next_url: `${url.origin}${url.pathname}?cursor=${at + pageSize}` } : {};
  return { ticker: symbol, adjusted: false, status: "OK", resultsCount: results.length, results, ...next };
}

/** Bars of a symbol: some minutes from 09:30 of each date, prices that tell one bar from the next. */
export function minutesOf(dates: readonly string[], minutesADay: number): readonly WireBar[] {
  return dates.flatMap((date, day) =>
    Array.from({ length: minutesADay }, (_, minute) =>
      wireBar(instant(midnightOf(date) + (9.5 * 60 + minute) * 60_000), 100 + day + minute / 100),
    ),
  );
}

export const daysOfBars = (dates: readonly string[]): readonly WireBar[] =>
  dates.map((date, day) => wireBar(midnightOf(date), 100 + day));

const midnightOf = (date: string): Instant => newYorkMidnight(date as CivilDate);

export const wireBar = (t: Instant, o: number): WireBar => ({
  t,
  o,
  h: o + 1,
  l: o - 1,
  c: o + 0.5,
  v: 1000 + Math.round(o),
  vw: o + 0.25,
  n: 10,
});

export interface TestTime extends Waiting {
  /** Every wait that was asked for, in milliseconds. */
  readonly waits: number[];
  readonly passDays: (days: number) => void;
}

/** Time that passes as it is waited for, without chance. */
export function testTime(now: string): TestTime {
  let at = Number(parseInstant(now));
  const waits: number[] = [];
  return {
    now: () => instant(at),
    wait: async (ms) => {
      waits.push(ms);
      at += ms;
    },
    chance: () => 0,
    waits,
    passDays: (days) => {
      at += days * DAY_MS;
    },
  };
}
