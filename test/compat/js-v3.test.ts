/** Alpaca's JavaScript SDK, version 3: every public method, and its streams, against a session. */
import * as alpacaModule from "alpaca-trade-api-v3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDesk, type Desk } from "../support/api.ts";
import { FROM_OPEN, KEY, openLiveApi, SECRET, type LiveApi } from "../support/streams.ts";
import { expectSection, outcomeOf, type CompatRow } from "./compat-table.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the SDK's own types are any throughout.
type Sdk = any;

/** A CommonJS module whose types forget that its export is a class. */
const Alpaca = (alpacaModule as unknown as { readonly default: new (options: object) => Sdk }).default;

let api: LiveApi;
let desk: Desk;
let alpaca: Sdk;
let base: string;

beforeAll(async () => {
  api = await openLiveApi();
  desk = await openDesk(api, FROM_OPEN);
  base = `http://${api.host}/sim/${desk.account}`;
  alpaca = new Alpaca({ keyId: KEY, secretKey: SECRET, baseUrl: base, dataBaseUrl: base });
  const path = `/v1/sessions/${desk.session}/time/advance`;
  await api.send("POST", path, { body: { targetTime: "2023-01-05T15:00:00Z" } });
});
afterAll(async () => {
  await api.close();
});

const limitOrder = { symbol: "TSLA", qty: 1, side: "buy", type: "limit", limit_price: 1, time_in_force: "gtc" };
const place = (order: object = {}): Sdk => alpaca.createOrder({ ...limitOrder, ...order });
const list = async (): Promise<string> => (await alpaca.addWatchlist(`list ${Math.random()}`, ["AAPL"])).id;
const RANGE = { start: "2023-01-03", end: "2023-01-05", timeframe: "1Day", limit: 3 };
const MISSING = "3f0c1f5e-0000-4000-8000-000000000000";

/** A position that can be closed. */
async function hold(symbol: string): Promise<void> {
  await place({ symbol, type: "market", limit_price: undefined, time_in_force: "day" });
  await api.send("POST", `/v1/sessions/${desk.session}/time/advance`, { body: { duration: 1 } });
}

type Calls = readonly [right: () => unknown, wrong?: () => unknown];

/** Of each method: a right call, and a wrong one where there is one. */
const METHODS: Readonly<Record<string, Calls>> = {
  httpRequest: [() => alpaca.sendRequest("/account")],
  dataHttpRequest: [() => alpaca.getLatestBar("AAPL")],
  sendRequest: [() => alpaca.sendRequest("/clock"), () => alpaca.sendRequest("/nowhere")],
  getAccount: [() => alpaca.getAccount()],
  getAccountConfigurations: [() => alpaca.getAccountConfigurations()],
  updateAccountConfigurations: [
    () => alpaca.updateAccountConfigurations({ no_shorting: false }),
    () => alpaca.updateAccountConfigurations({ no_shorting: 5 }),
  ],
  getAccountActivities: [
    () => alpaca.getAccountActivities({ activityTypes: "FILL", pageSize: 5 }),
    () => alpaca.getAccountActivities({ activityTypes: "NOPE" }),
  ],
  getPortfolioHistory: [
    () => alpaca.getPortfolioHistory({ period: "1D", timeframe: "1H" }),
    () => alpaca.getPortfolioHistory({ timeframe: "7H" }),
  ],
  getPositions: [() => alpaca.getPositions()],
  getPosition: [() => hold("AAPL").then(() => alpaca.getPosition("AAPL")), () => alpaca.getPosition("NVDA")],
  closePosition: [() => hold("AAPL").then(() => alpaca.closePosition("AAPL")), () => alpaca.closePosition("NVDA")],
  closeAllPositions: [() => alpaca.closeAllPositions()],
  getCalendar: [
    () => alpaca.getCalendar({ start: "2023-01-03", end: "2023-01-05" }),
    () => alpaca.getCalendar({ start: "soon" }),
  ],
  getClock: [() => alpaca.getClock()],
  getAssets: [() => alpaca.getAssets({ status: "active" })],
  getAsset: [() => alpaca.getAsset("AAPL"), () => alpaca.getAsset("NOPE")],
  getOrders: [() => alpaca.getOrders({ status: "all", limit: 5 }), () => alpaca.getOrders({ limit: 501 })],
  getOrder: [async () => alpaca.getOrder((await place()).id), () => alpaca.getOrder(MISSING)],
  getOrderByClientId: [
    async () => alpaca.getOrderByClientId((await place()).client_order_id),
    () => alpaca.getOrderByClientId("nope"),
  ],
  createOrder: [() => place(), () => place({ qty: -1 })],
  replaceOrder: [
    async () => alpaca.replaceOrder((await place()).id, { limit_price: 2 }),
    () => alpaca.replaceOrder(MISSING, { limit_price: 2 }),
  ],
  cancelOrder: [async () => alpaca.cancelOrder((await place()).id), () => alpaca.cancelOrder(MISSING)],
  cancelAllOrders: [() => alpaca.cancelAllOrders()],
  getWatchlists: [() => alpaca.getWatchlists()],
  getWatchlist: [async () => alpaca.getWatchlist(await list()), () => alpaca.getWatchlist(MISSING)],
  addWatchlist: [() => list(), () => alpaca.addWatchlist("", ["AAPL"])],
  addToWatchlist: [
    async () => alpaca.addToWatchlist(await list(), "MSFT"),
    () => alpaca.addToWatchlist(MISSING, "MSFT"),
  ],
  updateWatchlist: [
    async () => alpaca.updateWatchlist(await list(), { name: `new ${Math.random()}`, symbols: ["MSFT"] }),
    () => alpaca.updateWatchlist(MISSING, { name: "x" }),
  ],
  deleteWatchlist: [async () => alpaca.deleteWatchlist(await list()), () => alpaca.deleteWatchlist(MISSING)],
  deleteFromWatchlist: [
    async () => alpaca.deleteFromWatchlist(await list(), "AAPL"),
    () => alpaca.deleteFromWatchlist(MISSING, "AAPL"),
  ],
  getTradesV2: [() => alpaca.getTradesV2("AAPL", RANGE), () => alpaca.getTradesV2("AAPL", { ...RANGE, feed: "cnn" })],
  getMultiTradesV2: [
    () => alpaca.getMultiTradesV2(["AAPL", "MSFT"], RANGE),
    () => alpaca.getMultiTradesV2(["AAPL"], { ...RANGE, start: "soon" }),
  ],
  getMultiTradesAsyncV2: [() => alpaca.getMultiTradesAsyncV2(["AAPL"], RANGE)],
  getQuotesV2: [() => alpaca.getQuotesV2("AAPL", RANGE), () => alpaca.getQuotesV2("AAPL", { ...RANGE, feed: "cnn" })],
  getMultiQuotesV2: [() => alpaca.getMultiQuotesV2(["AAPL", "MSFT"], RANGE)],
  getMultiQuotesAsyncV2: [() => alpaca.getMultiQuotesAsyncV2(["AAPL"], RANGE)],
  getBarsV2: [() => alpaca.getBarsV2("AAPL", RANGE), () => alpaca.getBarsV2("AAPL", { ...RANGE, timeframe: "60Min" })],
  getMultiBarsV2: [() => alpaca.getMultiBarsV2(["AAPL", "MSFT"], RANGE)],
  getMultiBarsAsyncV2: [() => alpaca.getMultiBarsAsyncV2(["AAPL"], RANGE)],
  getLatestTrade: [() => alpaca.getLatestTrade("AAPL"), () => alpaca.getLatestTrade("NOPE")],
  getLatestTrades: [() => alpaca.getLatestTrades(["AAPL", "NOPE"])],
  getLatestQuote: [() => alpaca.getLatestQuote("AAPL"), () => alpaca.getLatestQuote("NOPE")],
  getLatestQuotes: [() => alpaca.getLatestQuotes(["AAPL"])],
  getLatestBar: [() => alpaca.getLatestBar("AAPL"), () => alpaca.getLatestBar("NOPE")],
  getLatestBars: [() => alpaca.getLatestBars(["AAPL"])],
  getSnapshot: [() => alpaca.getSnapshot("AAPL"), () => alpaca.getSnapshot("NOPE")],
  getSnapshots: [() => alpaca.getSnapshots(["AAPL", "MSFT"])],
  getCryptoTrades: [() => alpaca.getCryptoTrades(["BTC/USD"], RANGE), () => alpaca.getCryptoTrades(["BTCUSD"], RANGE)],
  getCryptoQuotes: [() => alpaca.getCryptoQuotes(["BTC/USD"], RANGE)],
  getCryptoBars: [() => alpaca.getCryptoBars(["BTC/USD"], RANGE), () => alpaca.getCryptoBars(["BTCUSD"], RANGE)],
  getLatestCryptoTrades: [() => alpaca.getLatestCryptoTrades(["BTC/USD"])],
  getLatestCryptoQuotes: [() => alpaca.getLatestCryptoQuotes(["BTC/USD"])],
  getLatestCryptoBars: [() => alpaca.getLatestCryptoBars(["BTC/USD"])],
  getCryptoSnapshots: [() => alpaca.getCryptoSnapshots(["BTC/USD"])],
  getCryptoOrderbooks: [() => alpaca.getCryptoOrderbooks(["BTC/USD"])],
  getOptionBars: [() => alpaca.getOptionBars(["AAPL240119C00100000"], RANGE)],
  getOptionTrades: [() => alpaca.getOptionTrades(["AAPL240119C00100000"], RANGE)],
  getOptionLatestTrades: [() => alpaca.getOptionLatestTrades(["AAPL240119C00100000"])],
  getOptionLatestQuotes: [() => alpaca.getOptionLatestQuotes(["AAPL240119C00100000"])],
  getOptionSnapshots: [() => alpaca.getOptionSnapshots(["AAPL240119C00100000"])],
  getOptionChain: [() => alpaca.getOptionChain("AAPL", {})],
  getCorporateActions: [
    () => alpaca.getCorporateActions(["AAPL"], { start: "2023-01-01" }),
    () => alpaca.getCorporateActions(["AAPL"], { start: "soon" }),
  ],
  getNews: [() => alpaca.getNews({ symbols: ["AAPL"] })],
  newTimeframe: [() => alpaca.newTimeframe(1, alpaca.timeframeUnit.MIN)],
};

it("every public method works, or is refused in Alpaca's shape", async () => {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(alpaca)).concat(Object.keys(alpaca));
  const methods = [...new Set(names)].filter((name) => name !== "constructor" && typeof alpaca[name] === "function");
  expect(new Set(methods)).toEqual(new Set(Object.keys(METHODS)));
  const rows: CompatRow[] = [];
  for (const [method, [right, wrong]] of Object.entries(METHODS)) {
    const success = await outcomeOf(right);
    const failure = wrong === undefined ? undefined : await outcomeOf(wrong);
    expect([method, failure]).not.toEqual([method, "works"]);
    rows.push({ method, success, failure });
  }
  expectSection("alpaca-trade-api-js 3.1.3", rows);
}, 30_000);

const advance = (duration: number): Promise<unknown> =>
  api.send("POST", `/v1/sessions/${desk.session}/time/advance`, { body: { duration } });

it("tells what becomes of orders on its trade stream", async () => {
  const updates: Sdk[] = [];
  const stream = alpaca.trade_ws;
  const listening = new Promise<void>((resolve) => {
    stream.onConnect(() => {
      stream.subscribe(["trade_updates"]);
      resolve();
    });
  });
  const filled = new Promise<void>((resolve) => {
    stream.onOrderUpdate((update: Sdk) => {
      updates.push(update);
      if (update.event === "fill") resolve();
    });
  });
  stream.connect();
  await listening;
  await place({ symbol: "MSFT", type: "market", limit_price: undefined, time_in_force: "day" });
  await advance(1);
  await filled;
  stream.disconnect();
  expect(updates.map(({ event, order }) => [event, order.symbol])).toEqual([
    ["accepted", "MSFT"],
    ["new", "MSFT"],
    ["fill", "MSFT"],
  ]);
}, 15_000);

it("hears bars, quotes and trades on its stock stream, once its address is set", async () => {
  const stream = alpaca.data_stream_v2;
  stream.session.url = `ws://${api.host}/sim/${desk.account}/v2/iex`;
  const heard: Record<string, Sdk> = {};
  const subscribed = new Promise<void>((resolve) => {
    stream.onConnect(() => {
      stream.subscribeForBars(["AAPL"]);
      stream.subscribeForQuotes(["AAPL"]);
      stream.subscribeForTrades(["AAPL"]);
      stream.subscribeForDailyBars(["AAPL"]);
      stream.subscribeForStatuses(["*"]);
      setTimeout(resolve, 100);
    });
  });
  const all = new Promise<void>((resolve) => {
    const hear = (name: string) => (message: Sdk) => {
      heard[name] = message;
      if (Object.keys(heard).length === 4) resolve();
    };
    stream.onStockBar(hear("bar"));
    stream.onStockQuote(hear("quote"));
    stream.onStockTrade(hear("trade"));
    stream.onStockDailyBar(hear("day"));
  });
  stream.connect();
  await subscribed;
  await advance(1);
  await all;
  stream.disconnect();
  const { bar, quote, trade, day } = heard;
  expect([bar.Symbol, quote.Symbol, trade.Symbol, day.Symbol]).toEqual(["AAPL", "AAPL", "AAPL", "AAPL"]);
  expect([quote.BidPrice, trade.Price, day.ClosePrice]).toEqual([bar.ClosePrice, bar.ClosePrice, bar.ClosePrice]);
}, 15_000);
