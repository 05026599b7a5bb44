/** Alpaca's JavaScript SDK, version 4: every public method of its facade against a session. */
import { Alpaca } from "alpaca-trade-api-v4";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDesk, type Desk } from "../support/api.ts";
import { importSplit } from "../support/split.ts";
import { FROM_OPEN, KEY, openLiveApi, SECRET, type LiveApi } from "../support/streams.ts";
import { expectSection, outcomeOf, type CompatRow } from "./compat-table.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- methods are reached by their names.
type Sdk = any;

let api: LiveApi;
let desk: Desk;
let alpaca: Sdk;
let base: string;

beforeAll(async () => {
  api = await openLiveApi({ prepare: importSplit });
  desk = await openDesk(api, FROM_OPEN);
  base = `${api.host}/sim/${desk.account}`;
  const fetchApi = (url: string, init: RequestInit): Promise<Response> =>
    fetch(url.replace(/^https:\/\/[a-z-]+\.alpaca\.markets/, `http://${base}`), init);
  alpaca = new Alpaca({ keyId: KEY, secret: SECRET, fetchApi });
  const path = `/v1/sessions/${desk.session}/time/advance`;
  await api.send("POST", path, { body: { targetTime: "2023-01-05T15:00:00Z" } });
});

afterAll(async () => {
  await api.close();
});

const advance = (duration: number): Promise<unknown> =>
  api.send("POST", `/v1/sessions/${desk.session}/time/advance`, { body: { duration } });

const MISSING = "3f0c1f5e-0000-4000-8000-000000000000";
const OPTION = "AAPL240119C00100000";
const RANGE = { start: new Date("2023-01-03T00:00:00Z"), end: new Date("2023-01-05T00:00:00Z"), limit: 5 };

const place = (order: object = {}): Sdk =>
  alpaca.trading.orders.limit({ symbol: "TSLA", qty: 1, side: "buy", limitPrice: 1, timeInForce: "gtc", ...order });

async function hold(symbol: string): Promise<void> {
  await alpaca.trading.orders.market({ symbol, qty: 1, side: "buy" });
  await advance(1);
}

const list = async (): Promise<Sdk> =>
  alpaca.trading.watchlists.postWatchlist({
    createWatchlistRequest: { name: `list ${Math.random()}`, symbols: ["AAPL"] },
  });

type Arguments = object | (() => object | Promise<object>);
type Calls = readonly [right: Arguments, wrong?: Arguments];

const NONE: Calls = [{}];
const DATES = { since: RANGE.start, until: RANGE.end };
const BARS = { ...RANGE, timeframe: "1Day" };
const ONE = { symbol: "AAPL" };
const MANY = { symbols: "AAPL,MSFT" };
const PAIRS = { loc: "us", symbols: "BTC/USD" };
const NOT_PAIRS = { loc: "us", symbols: "BTCUSD" };
const OPTIONS: Calls = [{ symbols: OPTION, underlyingSymbol: "AAPL", timeframe: "1Day" }];
const ANY: Calls = [
  {
    ...ONE,
    ...MANY,
    ...RANGE,
    id: MISSING,
    loc: "us",
    transferId: MISSING,
    walletId: MISSING,
    locateId: MISSING,
    tokenizationRequestId: MISSING,
    clientRequestId: "x",
    asset: "BTC",
    createCryptoTransferRequest: {},
    createWhitelistedAddressRequest: {},
    createLocateRequest: {},
    tokenizationMintRequest: {},
    whitelistedAddressId: MISSING,
    isins: "US0378331005",
    currencyPairs: "USDJPY",
  },
];

const announcementId = async (): Promise<object> => {
  const [first] = await alpaca.trading.corporateActions.getV2CorporateActionsAnnouncements({
    caTypes: "split",
    ...DATES,
  });
  return { id: first.id };
};
const orderId = async (): Promise<object> => ({ orderId: (await place()).id });
const watchlistId = async (): Promise<{ watchlistId: string }> => ({ watchlistId: (await list()).id });
const listName = async (): Promise<{ name: string }> => ({ name: (await list()).name });
const change = { updateWatchlistRequest: { name: "renamed", symbols: ["MSFT"] } };
const added = { addAssetToWatchlistRequest: { symbol: "MSFT" } };
const both = { symbol: "TSLA", qty: 1, side: "buy", timeInForce: "gtc" };
const exits = { takeProfit: { limitPrice: 500 }, stopLoss: { stopPrice: 1 } };

/** Of the trading methods: the arguments of a right call, and of a wrong one. */
const TRADING: Readonly<Record<string, Readonly<Record<string, Calls>>>> = {
  account: { getAccount: NONE },
  accountActivities: {
    getAccountActivities: [{ pageSize: 5 }, { pageSize: 5000 }],
    getAccountActivitiesByActivityType: [{ activityType: "FILL" }, { activityType: "NOPE" }],
  },
  accountConfigurations: {
    getAccountConfig: NONE,
    patchAccountConfig: [
      { accountConfigurations: { noShorting: false } },
      { accountConfigurations: { maxMarginMultiplier: "9" } },
    ],
  },
  assets: {
    getV2Assets: [{ status: "active" }],
    getV2AssetsSymbolOrAssetId: [{ symbolOrAssetId: "AAPL" }, { symbolOrAssetId: "NOPE" }],
    getOptionsContracts: NONE,
    getOptionContractSymbolOrId: [{ symbolOrId: OPTION }],
  },
  calendar: { legacyCalendar: NONE, calendar: [{ market: "NYSE" }, { market: "MOON" }] },
  clock: { legacyClock: NONE, clock: [{}, { markets: "MOON" }] },
  corporateActions: {
    getV2CorporateActionsAnnouncements: [
      { caTypes: "dividend", ...DATES },
      { caTypes: "party", ...DATES },
    ],
    getV2CorporateActionsAnnouncementsId: [announcementId, { id: MISSING }],
  },
  cryptoFunding: {
    createCryptoTransferForAccount: ANY,
    createWhitelistedAddress: ANY,
    deleteWhitelistedAddress: ANY,
    getCryptoFundingTransfer: ANY,
    getCryptoTransferEstimate: ANY,
    listCryptoFundingTransfers: ANY,
    listCryptoFundingWallets: ANY,
    listWhitelistedAddress: ANY,
  },
  events: { subscribeToActivitiesSSE: NONE },
  locates: { createLocates: ANY, getLocate: ANY, listLocateQuotes: ANY, listLocates: ANY },
  orders: {
    market: [
      { ...both, timeInForce: "day" },
      { ...both, qty: -1 },
    ],
    limit: [
      { ...both, limitPrice: 1 },
      { ...both, limitPrice: -1 },
    ],
    stop: [
      { ...both, stopPrice: 900 },
      { ...both, stopPrice: -1 },
    ],
    stopLimit: [{ ...both, stopPrice: 900, limitPrice: 901 }],
    trailingStop: [
      { ...both, trailPercent: 5 },
      { ...both, trailPercent: -5 },
    ],
    bracket: [
      { ...both, ...exits },
      { ...both, takeProfit: { limitPrice: 1 }, stopLoss: { stopPrice: 500 } },
    ],
    oco: [async () => (await hold("NVDA"), { ...both, symbol: "NVDA", side: "sell", ...exits })],
    oto: [{ ...both, stopLoss: { stopPrice: 1 } }],
    submit: [
      { ...both, type: "market", timeInForce: "day" },
      { ...both, type: "market", qty: 0 },
    ],
    postOrder: [
      { postOrderRequest: { ...both, qty: "1", type: "market", timeInForce: "day" } },
      { postOrderRequest: { ...both, qty: "-1", type: "market" } },
    ],
    getAllOrders: [{ limit: 5 }, { limit: 501 }],
    getOrderByOrderID: [orderId, { orderId: MISSING }],
    getOrderByClientOrderId: [
      async () => ({ clientOrderId: (await place()).clientOrderId }),
      { clientOrderId: "nope" },
    ],
    patchOrderByOrderId: [
      async () => ({ ...(await orderId()), patchOrderRequest: { limitPrice: "2" } }),
      { orderId: MISSING, patchOrderRequest: { limitPrice: "2" } },
    ],
    deleteOrderByOrderID: [orderId, { orderId: MISSING }],
    deleteAllOrders: NONE,
  },
  portfolioHistory: { getAccountPortfolioHistory: [{ period: "1D", timeframe: "1H" }, { timeframe: "7H" }] },
  positions: {
    getAllOpenPositions: NONE,
    getOpenPosition: [async () => (await hold("AAPL"), { symbolOrAssetId: "AAPL" }), { symbolOrAssetId: "NOPE" }],
    deleteOpenPosition: [async () => (await hold("AAPL"), { symbolOrAssetId: "AAPL" }), { symbolOrAssetId: "NOPE" }],
    deleteAllOpenPositions: NONE,
    optionExercise: [{ symbolOrContractId: OPTION }],
    optionDoNotExercise: [{ symbolOrContractId: OPTION }],
  },
  tokenization: {
    getTokenizationRequest: ANY,
    getTokenizationRequestByClientRequestID: ANY,
    getTokenizationRequests: ANY,
    postTokenizationMint: ANY,
  },
  watchlists: {
    getWatchlists: NONE,
    postWatchlist: [
      { createWatchlistRequest: { name: "mine", symbols: ["AAPL"] } },
      { createWatchlistRequest: { name: "" } },
    ],
    getWatchlistById: [watchlistId, { watchlistId: MISSING }],
    getWatchlistByName: [listName, { name: "nope" }],
    updateWatchlistById: [async () => ({ ...(await watchlistId()), ...change }), { watchlistId: MISSING, ...change }],
    updateWatchlistByName: [
      async () => ({ ...(await listName()), updateWatchlistRequest: { name: "again" } }),
      { name: "nope", ...change },
    ],
    addAssetToWatchlist: [async () => ({ ...(await watchlistId()), ...added }), { watchlistId: MISSING, ...added }],
    addAssetToWatchlistByName: [async () => ({ ...(await listName()), ...added }), { name: "nope", ...added }],
    removeAssetFromWatchlist: [
      async () => ({ ...(await watchlistId()), symbol: "AAPL" }),
      { watchlistId: MISSING, symbol: "AAPL" },
    ],
    deleteWatchlistById: [watchlistId, { watchlistId: MISSING }],
    deleteWatchlistByName: [listName, { name: "nope" }],
  },
};

const MARKET_DATA: Readonly<Record<string, Readonly<Record<string, Calls>>>> = {
  stocks: {
    stockBars: [
      { ...MANY, ...BARS },
      { ...MANY, ...BARS, timeframe: "60Min" },
    ],
    stockBarSingle: [
      { ...ONE, ...BARS },
      { ...ONE, ...BARS, timeframe: "60Min" },
    ],
    stockTrades: [
      { ...MANY, ...RANGE },
      { ...MANY, ...RANGE, limit: 10_001 },
    ],
    stockTradeSingle: [{ ...ONE, ...RANGE }],
    stockQuotes: [{ ...MANY, ...RANGE }],
    stockQuoteSingle: [{ ...ONE, ...RANGE }],
    stockAuctions: [{ ...MANY, ...RANGE }],
    stockAuctionSingle: [{ ...ONE, ...RANGE }],
    stockLatestBars: [MANY],
    stockLatestBarSingle: [ONE, { symbol: "NOPE" }],
    stockLatestQuotes: [MANY],
    stockLatestQuoteSingle: [ONE, { symbol: "NOPE" }],
    stockLatestTrades: [MANY],
    stockLatestTradeSingle: [ONE, { symbol: "NOPE" }],
    stockSnapshots: [MANY],
    stockSnapshotSingle: [ONE, { symbol: "NOPE" }],
    stockMetaConditions: [
      { ticktype: "trade", tape: "A" },
      { ticktype: "trade", tape: "D" },
    ],
    stockMetaExchanges: NONE,
  },
  crypto: {
    cryptoBars: [
      { ...PAIRS, ...BARS },
      { ...NOT_PAIRS, ...BARS },
    ],
    cryptoTrades: [{ ...PAIRS, ...RANGE }, NOT_PAIRS],
    cryptoQuotes: [{ ...PAIRS, ...RANGE }],
    cryptoLatestBars: [PAIRS, NOT_PAIRS],
    cryptoLatestTrades: [PAIRS],
    cryptoLatestQuotes: [PAIRS],
    cryptoLatestOrderbooks: [PAIRS],
    cryptoSnapshots: [PAIRS],
  },
  cryptoPerpetualFutures: {
    cryptoPerpLatestBars: ANY,
    cryptoPerpLatestFuturesPricing: ANY,
    cryptoPerpLatestOrderbooks: ANY,
    cryptoPerpLatestQuotes: ANY,
    cryptoPerpLatestTrades: ANY,
  },
  fixedIncome: { fixedIncomeLatestPrices: ANY, fixedIncomeLatestQuotes: ANY },
  forex: { latestRates: ANY, rates: ANY },
  indices: { indexLatestValues: ANY, indexValues: ANY },
  logos: { logos: ANY },
  news: { news: [{ symbols: "AAPL" }] },
  options: {
    optionBars: OPTIONS,
    optionChain: OPTIONS,
    optionLatestQuotes: OPTIONS,
    optionLatestTrades: OPTIONS,
    optionSnapshots: OPTIONS,
    optionTrades: OPTIONS,
    optionMetaConditions: [{ ticktype: "trade" }],
    optionMetaExchanges: NONE,
  },
  screener: { mostActives: NONE, movers: [{ marketType: "stocks" }] },
  corporateActions: {
    corporateActions: [
      { symbols: "AAPL", start: RANGE.start, end: RANGE.end },
      { symbols: "AAPL", start: RANGE.end, end: RANGE.start },
    ],
  },
};

/** Of every class: what makes others of it, sees raw answers, or belongs to its plumbing. */
const NO_ROUTES = /Raw$|RequestOpts$|^with|^is|^create(Fetch|Url)|^(clone|request|fetchApi|constructor)$/;

function methodsOf(client: Sdk): readonly string[] {
  const found = new Set<string>();
  for (let owner = client; owner !== null && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    for (const name of Object.getOwnPropertyNames(owner)) if (!NO_ROUTES.test(name)) found.add(name);
  }
  return [...found].filter((name) => typeof client[name] === "function");
}

const made = async (wanted: Arguments): Promise<object> => (typeof wanted === "function" ? wanted() : wanted);

it.each([
  ["trading", TRADING],
  ["marketData", MARKET_DATA],
])("every public method of %s has its calls", (name, table) => {
  for (const [client, methods] of Object.entries(table)) {
    const known = methodsOf(alpaca[name][client]).filter((each) => !["middleware", "configuration"].includes(each));
    expect([client, new Set(known)]).toEqual([client, new Set(Object.keys(methods))]);
  }
});

it("every public method works, or is refused in Alpaca's shape", async () => {
  const rows: CompatRow[] = [];
  for (const [name, table] of Object.entries({ trading: TRADING, marketData: MARKET_DATA })) {
    for (const [client, methods] of Object.entries(table)) {
      for (const [method, [right, wrong]] of Object.entries(methods)) {
        const call = async (wanted: Arguments): Promise<unknown> => alpaca[name][client][method](await made(wanted));
        const success = await outcomeOf(() => call(right));
        const failure = wrong === undefined ? undefined : await outcomeOf(() => call(wrong));
        expect([method, failure]).not.toEqual([method, "works"]);
        rows.push({ method: `${name}.${client}.${method}`, success, failure });
      }
    }
  }
  expectSection("alpaca-trade-api-js 4.0.2", rows);
}, 60_000);
