/** Law 1 on the wire: two data sets that differ only after the clock give the same answers, byte for byte, on every GET route. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatInstant, instant, MINUTE_MS } from "../../src/kernel/index.ts";
import { importActions, importFile, openMarket } from "../../src/market/index.ts";
import { openApi, openDesk, type Api, type Desk } from "../support/api.ts";
import { KEY, listenOn, openEvents, openReader, SECRET } from "../support/streams.ts";

const START = Date.parse("2023-01-03T14:30:00Z");
const MINUTES = 390;
/** Where the clock will stand: in the middle of a bar, so that the running one is part of the test. */
const CUT = START + 61.5 * MINUTE_MS;

const folder = mkdtempSync(join(tmpdir(), "tapedeck-twin-"));
const apis: Api[] = [];

/** Bars of one minute that agree up to the cut; of the running one only the open, and that its volume was enough (R28). */
function csvOf(symbol: string, twin: number): string {
  const path = join(folder, `${symbol}-${twin}.csv`);
  const rows = Array.from({ length: MINUTES }, (_, minute) => {
    const start = START + minute * MINUTE_MS;
    const level = symbol === "AAA" ? 100 : 50;
    const wave = Math.sin(minute / 9) * 2;
    const isFuture = start > CUT;
    const isRunning = !isFuture && start + MINUTE_MS > CUT;
    const open = cents(level + wave + (isFuture ? twin * 7 : 0));
    const drift = isFuture || isRunning ? twin * 3 : 0;
    const close = cents(open + 0.05 + drift);
    const high = cents(Math.max(open, close) + 0.1);
    const low = cents(Math.min(open, close) - 0.1);
    const volume = 10_000 + (isFuture || isRunning ? twin * 977 : 0);
    return [formatInstant(instant(start)), open, high, low, close, volume].join(",");
  });
  writeFileSync(path, `timestamp,open,high,low,close,volume\n${rows.join("\n")}\n`);
  return path;
}

/** Two actions that both know, and two that only the future has: in the one another than in the other. */
function actionsOf(twin: number): string {
  const path = join(folder, `actions-${twin}.csv`);
  const rows = [
    "AAA,2022-12-20,cash_dividend,,,0.5",
    "BBB,2022-12-28,split,1,2,",
    `AAA,2023-01-04,cash_dividend,,,${2 + twin}`,
    `BBB,2023-02-01,split,1,${3 + twin},`,
  ];
  writeFileSync(path, `symbol,ex_date,type,old_rate,new_rate,cash_per_share\n${rows.join("\n")}\n`);
  return path;
}

const cents = (value: number): number => Math.round(value * 100) / 100;

async function openTwin(twin: number): Promise<Api> {
  const api = await openApi({
    sample: false,
    prepare: async (dataDir) => {
      const market = await openMarket({ dataDir, sample: false });
      for (const symbol of ["AAA", "BBB"])
        await importFile({ market, path: csvOf(symbol, twin), symbol, timeframe: "1Min" });
      await importActions({ market, path: actionsOf(twin) });
    },
  });
  apis.push(api);
  return api;
}

/** Trades up to the cut: fills, a resting order near the market, a cancel, a stop, a short. */
async function trade(api: Api): Promise<TwinDesk> {
  const desk = await openDesk(api, { startTime: formatInstant(instant(START)), endTime: "2023-01-03T21:00:00Z" });
  return tradeOn(api, desk);
}

async function tradeOn(api: Api, desk: Desk): Promise<TwinDesk> {
  const place = (body: object): ReturnType<Api["send"]> =>
    api.send("POST", desk.orders, { session: desk.session, body: { side: "buy", qty: 100, type: "market", ...body } });
  const advance = (targetTime: number): ReturnType<Api["send"]> =>
    api.send("POST", `/v1/sessions/${desk.session}/time/advance`, {
      body: { targetTime: formatInstant(instant(targetTime)) },
    });
  await place({ symbol: "AAA" });
  await place({ symbol: "BBB", side: "sell" });
  await advance(START + 20 * MINUTE_MS);
  await place({ symbol: "AAA", type: "limit", limit_price: 97.5 });
  await place({ symbol: "AAA", side: "sell", type: "stop", stop_price: 95, qty: 20 });
  await place({ symbol: "AAA", side: "sell", type: "trailing_stop", trail_price: 6, qty: 20 });
  await place({
    symbol: "AAA",
    order_class: "bracket",
    time_in_force: "gtc",
    take_profit: { limit_price: 120 },
    stop_loss: { stop_price: 80 },
  });
  const { body } = await place({ symbol: "AAA", type: "limit", limit_price: 90 });
  await api.send("DELETE", `${desk.orders}/${body.id}`, { session: desk.session });
  await advance(START + 61 * MINUTE_MS);
  await place({ symbol: "AAA", qty: 50 });
  const list = { name: "mine", symbols: ["AAA", "BBB"] };
  const { body: watchlist } = await api.send("POST", "/v2/watchlists", { session: desk.session, body: list });
  await advance(CUT);
  const { body: known } = await api.send("GET", `${ANNOUNCEMENTS}?${ANNOUNCED}`, { session: desk.session });
  return { ...desk, watchlist: watchlist.id as string, announcement: known[0].id as string };
}

type TwinDesk = Desk & { readonly watchlist: string; readonly announcement: string };

const ANNOUNCEMENTS = "/v2/corporate_actions/announcements";
const ANNOUNCED = "ca_types=dividend,merger,spinoff,split&since=2022-12-01&until=2023-02-28";

/** Every GET route of the document, with the ids of this desk in its path, and the queries that matter. */
function urlsOf(api: Api, desk: TwinDesk, orders: readonly string[]): readonly string[] {
  const paths = Object.entries(api.app.swagger().paths ?? {}).filter(
    ([, methods]) => methods !== undefined && "get" in methods,
  );
  const values: Record<string, string> = {
    sessionId: desk.session,
    otherId: desk.session,
    accountId: desk.account,
    symbol: "AAA",
    activityType: "FILL",
    watchlistId: desk.watchlist,
    announcementId: desk.announcement,
    market: "NYSE",
    loc: "us",
    tickType: "trade",
    underlying: "AAA",
  };
  return paths.flatMap(([path]) => {
    if (path.includes("{orderId}")) return orders.map((orderId) => fillPath(path, { ...values, orderId }));
    const url = fillPath(path, values);
    if (/^\/v2\/stocks|^\/v1beta3/.test(url)) return marketDataUrls(url);
    if (url.endsWith("/bars"))
      return ["1Min", "5Min", "15Min", "1Hour", "1Day", "1Week"].map((timeframe) => `${url}?timeframe=${timeframe}`);
    if (url.endsWith("/orders"))
      return ["open", "closed", "all"].flatMap((status) => [
        `${url}?status=${status}`,
        `${url}?status=${status}&nested=true`,
      ]);
    if (url.endsWith("/portfolio/history"))
      return ["1Min", "15Min", "1H", "1D"].flatMap((timeframe) =>
        ["market_hours", "continuous"].map(
          (reporting) => `${url}?period=2D&timeframe=${timeframe}&intraday_reporting=${reporting}`,
        ),
      );
    if (url.endsWith("/corporate-actions")) return [`${url}?start=2022-01-01&end=2024-01-01`];
    // Of the server and its catalog, for its owner: the key of an account is refused there.
    if (/^\/v1\/(?:requests|keys|data)\b/.test(url)) return [];
    // It never ends; the test of streams reads it.
    if (url.endsWith("/events")) return [];
    if (url.endsWith("/events/trades")) return [`${url}?since=2023-01-01&until=2023-01-03T15:31:00Z`];
    if (url.endsWith("watchlists:by_name")) return [`${url}?name=mine`];
    if (url === ANNOUNCEMENTS)
      return ["ex_date", "declaration_date", "record_date", "payable_date"].map(
        (date) => `${url}?${ANNOUNCED}&date_type=${date}`,
      );
    if (url === "/v3/clock") return [url, `${url}?markets=NYSE,NASDAQ`];
    if (url === "/v2/calendar") return [url, `${url}?start=2023-01-01&end=2023-02-01&date_type=SETTLEMENT`];
    if (url.endsWith("/activities"))
      return [url, `${url}?category=trade_activity&page_size=2`, `${url}?date=2023-01-03&direction=asc`];
    if (url.endsWith("/export")) return [url, `${url}?bars=true`];
    if (url.endsWith("/report")) return [url, `${url}?benchmark=BBB&risk_free=0.02`];
    return [url.endsWith("by_client_order_id") ? `${url}?client_order_id=${orders[0]}` : url];
  });
}

/** The same as it was earlier in the session, of what knows that: streams and sessions themselves do not. */
const asOfEarlier = (url: string): readonly string[] =>
  /^\/v1\/sessions|\/events/.test(url) ? [] : [`${url}${url.includes("?") ? "&" : "?"}at=2023-01-03T15:10:30Z`];

/** Of what was not there yet it says so. */
const statusesOf = (url: string): number[] =>
  isRefused(url) ? [404, 422] : url.includes("at=2023-01-03T15:10:30Z") ? [200, 404] : [200];

/** Each in both directions, whole and in pages. */
function marketDataUrls(url: string): readonly string[] {
  const symbols = url.startsWith("/v2") ? "AAA,BBB" : "BTC/USD";
  const timeframes = url.endsWith("/bars") ? ["1Min", "5Min", "1Hour", "1Day", "1Week"] : ["5Min"];
  return timeframes.flatMap((timeframe) => {
    const asked = `symbols=${symbols}&timeframe=${timeframe}&start=2023-01-03&end=2023-06-01&tape=A&adjustment=all`;
    return ["limit=1000", "limit=1000&sort=desc", "limit=3", "limit=3&sort=desc"].map(
      (page) => `${url}?${asked}&${page}`,
    );
  });
}

const fillPath = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_match, name: string) => values[name] ?? "missing");

beforeAll(async () => {
  await openTwin(1);
  await openTwin(-1);
});
afterAll(async () => {
  for (const api of apis) await api.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("two data sets that differ only after the clock", () => {
  it("answer every GET route alike in mid-session, ids of the wire aside", async () => {
    const answers: Map<string, string>[] = [];
    for (const api of apis) {
      const desk = await trade(api);
      const { body } = await api.send("GET", `${desk.orders}?status=all`, { session: desk.session });
      const orders = body.map((order: { id: string }) => order.id).toReversed();
      const seen = new Map<string, string>();
      const urls = urlsOf(api, desk, orders);
      for (const url of [...urls, ...urls.flatMap(asOfEarlier)]) {
        const reply = await api.send("GET", url, { session: desk.session });
        expect([url, reply.status]).toEqual([url, expect.toBeOneOf(statusesOf(url))]);
        expect([url, timesAfterClock(reply.body)]).toEqual([url, []]);
        seen.set(neutral(url, desk), neutral(textOf(reply.body), desk));
      }
      answers.push(seen);
    }
    const [first, second] = answers;
    expect(first?.size).toBeGreaterThan(25);
    expect([...(second ?? [])]).toEqual([...(first ?? [])]);
  });

  it("tell every stream alike, as it happens and told again", async () => {
    const told: string[] = [];
    for (const api of apis) {
      const frames: unknown[] = [];
      const host = await listenOn(api);
      const desk = await openDesk(api, { startTime: formatInstant(instant(START)), endTime: "2023-01-03T21:00:00Z" });
      const market = await openReader(`ws://${host}/sim/${desk.account}/v2/sip`, { headers: KEYS });
      const all = { trades: ["*"], quotes: ["*"], bars: ["*"], dailyBars: ["*"], updatedBars: ["*"], statuses: ["*"] };
      market.send({ action: "subscribe", ...all });
      const updates = await openReader(`ws://${host}/sim/${desk.account}/stream`, { headers: KEYS });
      updates.send({ action: "listen", data: { streams: ["trade_updates"] } });
      await market.settled();
      await updates.settled();
      await tradeOn(api, desk);
      for (const reader of [market, updates]) {
        await reader.settled();
        frames.push(...reader.frames);
        await reader.close();
      }
      const events = await openEvents(`http://${host}/v1/sessions/${desk.session}/events?symbols=*&since=2023-01-01`);
      const ends = (): boolean => events.events.some(({ type }) => type === "clock");
      while (!ends()) await events.until(events.events.length + 1);
      events.close();
      frames.push(...events.events);
      expect(frames.flatMap((frame) => timesAfterClock(frame))).toEqual([]);
      told.push(neutral(frames.map((frame) => JSON.stringify(frame)).join("\n"), desk));
    }
    expect(told[0]?.length).toBeGreaterThan(20_000);
    expect(told[1]).toBe(told[0]);
  });

  it("do differ once the clock has passed: the test can fail", async () => {
    const closes: unknown[] = [];
    for (const api of apis) {
      const { body } = await api.send("GET", "/v1/assets/AAA/bars?timeframe=1Day");
      closes.push(body.bars[0].c);
    }
    expect(closes[0]).not.toEqual(closes[1]);
  });
});

/** What is not simulated, and pairs, of which there are none here. */
const isRefused = (url: string): boolean =>
  /^\/v2\/(?:options|wallets)|^\/v1beta1\/(?!corporate-actions|news)|\/latest\/orderbooks/.test(url);

/** Fields that may lie after the clock: the calendar, what is planned, and the wall clock. */
const AHEAD = new Set([
  "core_start",
  "core_end",
  "pre_start",
  "pre_end",
  "post_start",
  "post_end",
  "next_open",
  "next_close",
  "next_market_open",
  "next_market_close",
  "phase_until",
  "expires_at",
  "simulation_end",
  "created_at",
]);

/** Paths of the times in a body that lie after the clock, where they should not. */
function timesAfterClock(body: unknown, path = ""): readonly string[] {
  if (typeof body === "string") {
    const isAhead = /^\d{4}-\d{2}-\d{2}T/.test(body) && Date.parse(body) > CUT;
    return isAhead && !AHEAD.has(path.split(".").at(-1) ?? "") ? [`${path} ${body}`] : [];
  }
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    timesAfterClock(value, Array.isArray(body) ? path : `${path}.${key}`),
  );
}

const KEYS = { "apca-api-key-id": KEY, "apca-api-secret-key": SECRET };

/** Ids derive from the session's random one, and creation has a wall time: both are blanked, by place. */
const textOf = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));

function neutral(text: string, desk: Desk): string {
  const ids = new Map([
    [desk.session, "session"],
    [desk.account, "account"],
  ]);
  return (
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
        const name = ids.get(id) ?? `id${ids.size}`;
        ids.set(id, name);
        return name;
      })
      .replace(/"(created_at|createdAt)":"20(?!23)[^"]+"/g, '"$1":"wall"')
      // The seal of a session's file is taken over the wall time in it.
      .replace(/"sha256":"[0-9a-f]{64}"/g, '"sha256":"seal"')
  );
}
