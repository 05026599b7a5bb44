/** Alpaca's JavaScript SDK, version 4: its streams against a session. */
import { Alpaca } from "alpaca-trade-api-v4";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDesk, type Desk } from "../support/api.ts";
import { FROM_OPEN, KEY, openLiveApi, SECRET, type LiveApi } from "../support/streams.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- messages are looked into freely.
type Sdk = any;

let api: LiveApi;
let desk: Desk;
let alpaca: Sdk;
let base: string;

beforeAll(async () => {
  api = await openLiveApi();
  desk = await openDesk(api, FROM_OPEN);
  base = `${api.host}/sim/${desk.account}`;
  alpaca = new Alpaca({ keyId: KEY, secret: SECRET });
});
afterAll(async () => {
  await api.close();
});

const advance = (duration: number): Promise<unknown> =>
  api.send("POST", `/v1/sessions/${desk.session}/time/advance`, { body: { duration } });

const buy = (): Promise<unknown> =>
  api.send("POST", `/sim/${desk.account}/v2/orders`, {
    body: { symbol: "META", qty: 1, side: "buy", type: "market", time_in_force: "day" },
  });

it("tells what becomes of orders on its trading stream", async () => {
  const events: string[] = [];
  const stream = alpaca.trading.stream({ url: `ws://${base}/stream` });
  const ready = new Promise<void>((resolve) => {
    stream.onConnect(() => {
      stream.subscribeTradeUpdates();
      setTimeout(resolve, 100);
    });
  });
  const filled = new Promise<void>((resolve) => {
    stream.onTradeUpdate(({ event }: Sdk) => {
      events.push(event);
      if (event === "fill") resolve();
    });
  });
  stream.connect();
  await ready;
  await buy();
  await advance(1);
  await filled;
  stream.disconnect();
  expect(events).toEqual(["accepted", "new", "fill"]);
}, 15_000);

it("hears bars, quotes and trades on its stock stream", async () => {
  const stream = alpaca.marketData.stockStream({ url: `ws://${base}/v2/iex` });
  const heard: Record<string, Sdk> = {};
  const ready = new Promise<void>((resolve) => {
    stream.onConnect(() => {
      stream.subscribeForBars(["AAPL"]);
      stream.subscribeForQuotes(["AAPL"]);
      stream.subscribeForTrades(["AAPL"]);
      setTimeout(resolve, 100);
    });
  });
  const all = new Promise<void>((resolve) => {
    const hear = (name: string) => (message: Sdk) => {
      heard[name] = message;
      if (Object.keys(heard).length === 3) resolve();
    };
    stream.onBar(hear("bar"));
    stream.onQuote(hear("quote"));
    stream.onTrade(hear("trade"));
  });
  stream.connect();
  await ready;
  await advance(1);
  await all;
  stream.disconnect();
  const { bar, quote, trade } = heard;
  expect([bar.symbol, quote.symbol, trade.symbol]).toEqual(["AAPL", "AAPL", "AAPL"]);
  expect([quote.bidPrice, trade.price]).toEqual([bar.close, bar.close]);
}, 15_000);
