/** Market data besides bars, quotes and trades: auctions, letters, crypto, corporate actions, and what is not there. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reply } from "../support/api.ts";
import { openMorning, type Morning } from "../support/morning.ts";

let morning: Morning;

beforeAll(async () => {
  morning = await openMorning();
});
afterAll(async () => {
  await morning.close();
});

const get = (path: string): Promise<Reply> => morning.get(path);

describe("auctions and meta", () => {
  it("auctions are the official prices of whole days", async () => {
    const { body, headers } = await get("/v2/stocks/AAPL/auctions?start=2023-01-03");
    const days = (await get("/v2/stocks/AAPL/bars?timeframe=1Day&start=2023-01-03")).body.bars;
    expect(headers["x-tapedeck-synthesized"]).toBe("auctions");
    expect(body.auctions.map(({ d }: { d: string }) => d)).toEqual(["2023-01-03", "2023-01-04"]);
    expect(body.auctions[0]).toEqual({
      d: "2023-01-03",
      o: [{ t: "2023-01-03T14:30:00Z", x: "P", p: days[0].o, c: "O" }],
      c: [{ t: "2023-01-03T21:00:00Z", x: "P", p: days[0].c, c: "6" }],
    });
    expect((await get("/v2/stocks/auctions?symbols=AAPL&start=2023-01-03")).body.auctions.AAPL).toEqual(body.auctions);
    expect((await get("/v2/stocks/auctions?symbols=AAPL&start=2023-02-03")).body.auctions).toEqual({});
  });

  it("letters have their names", async () => {
    expect((await get("/v2/stocks/meta/exchanges")).body).toMatchObject({ V: "IEX", P: "NYSE Arca" });
    expect((await get("/v2/stocks/meta/conditions/trade?tape=A")).body).toMatchObject({ "@": "Regular Sale" });
    expect((await get("/v2/stocks/meta/conditions/quote?tape=C")).body).toMatchObject({
      R: "Regular Market Maker Open",
    });
    expect((await get("/v2/stocks/meta/conditions/trade")).status).toBe(400);
    expect((await get("/v2/stocks/meta/conditions/trade?tape=D")).status).toBe(400);
    expect((await get("/v2/stocks/meta/conditions/bar?tape=A")).status).toBe(400);
  });
});

describe("crypto", () => {
  it("is served in the same manner, by pairs", async () => {
    const { body } = await get("/v1beta3/crypto/us/bars?symbols=BTC/USD,ETH/USD&timeframe=1Min");
    expect([Object.keys(body.bars), body.bars["BTC/USD"].map(({ t }: { t: string }) => t)]).toEqual([
      ["BTC/USD"],
      ["2023-01-05T15:00:00Z"],
    ]);
    const latest = (await get("/v1beta3/crypto/us/latest/bars?symbols=BTC%2FUSD")).body;
    expect(latest.bars["BTC/USD"].t).toBe("2023-01-05T15:00:00Z");
    for (const name of ["trades", "quotes"]) {
      expect(Object.keys((await get(`/v1beta3/crypto/us/latest/${name}?symbols=BTC/USD`)).body)).toEqual([name]);
      expect((await get(`/v1beta3/crypto/us/${name}?symbols=BTC/USD`)).body[name]["BTC/USD"]).toHaveLength(1);
    }
    const { snapshots } = (await get("/v1beta3/crypto/us/snapshots?symbols=BTC/USD")).body;
    expect(snapshots["BTC/USD"].minuteBar.t).toBe("2023-01-05T15:00:00Z");
  });

  it("answers without credentials, as Alpaca does, but not with wrong ones", async () => {
    const { api } = morning;
    const path = `/sim/${morning.account}/v1beta3/crypto/us/latest/bars?symbols=BTC/USD`;
    expect((await api.send("GET", path, { authorization: null })).status).toBe(200);
    const wrong = `Basic ${Buffer.from("test-api-key:wrong").toString("base64")}`;
    expect((await api.send("GET", path, { authorization: wrong })).status).toBe(401);
    const stocks = `/sim/${morning.account}/v2/stocks/bars/latest?symbols=AAPL`;
    expect((await api.send("GET", stocks, { authorization: null })).status).toBe(401);
    const other = "/sim/3f0c1f5e-0000-5000-8000-000000000000/v1beta3/crypto/us/latest/bars?symbols=BTC/USD";
    expect((await api.send("GET", other, { authorization: null })).status).toBe(401);
    expect((await api.send("GET", path.slice(path.indexOf("/v1beta3")), { authorization: null })).status).toBe(401);
  });

  it("wants pairs", async () => {
    const { status, body } = await get("/v1beta3/crypto/us/bars?symbols=BTCUSD&timeframe=1Min");
    expect([status, body.message]).toEqual([400, "invalid symbol: BTCUSD does not match ^[A-Z]+x?/[A-Z]+$"]);
  });
});

describe("corporate actions", () => {
  it("are those that have taken effect by the clock, by kind", async () => {
    const { body } = await get("/v1/corporate-actions?symbols=DAYS&start=2023-01-01&end=2023-12-31");
    expect(body).toMatchObject({
      corporate_actions: {
        forward_splits: [{ symbol: "DAYS", new_rate: 2, old_rate: 1, ex_date: "2023-01-04" }],
        cash_dividends: [{ symbol: "DAYS", rate: 0.5, special: false, foreign: false, ex_date: "2023-01-05" }],
      },
      next_page_token: null,
    });
    expect(Object.keys(body.corporate_actions)).toEqual(["forward_splits", "cash_dividends"]);
    expect((await get("/v1beta1/corporate-actions?symbols[]=DAYS&start=2023-01-01")).body).toEqual(body);
  });

  it("are of today unless dates are given, and come by kind, id and page", async () => {
    const today = (await get("/v1/corporate-actions")).body.corporate_actions;
    expect(Object.keys(today)).toEqual(["cash_dividends"]);
    const { id } = today.cash_dividends[0];
    expect((await get(`/v1/corporate-actions?ids=${id}`)).body.corporate_actions).toEqual(today);
    const kinds = (await get("/v1/corporate-actions?types=forward_split,spin_off&start=2023-01-01")).body;
    expect(Object.keys(kinds.corporate_actions)).toEqual(["forward_splits"]);
    const first = (await get("/v1/corporate-actions?start=2023-01-01&limit=1&sort=desc")).body;
    expect(Object.keys(first.corporate_actions)).toEqual(["cash_dividends"]);
    const next = `&page_token=${first.next_page_token}`;
    const second = (await get(`/v1/corporate-actions?start=2023-01-01&limit=1&sort=desc${next}`)).body;
    expect([Object.keys(second.corporate_actions), second.next_page_token]).toEqual([["forward_splits"], null]);
  });

  it.each(["types=party", "start=then", "start=2023-01-05&end=2023-01-04", "ids=a&symbols=B", "limit=1001", "sort=up"])(
    "are refused with %s",
    async (query) => {
      expect((await get(`/v1/corporate-actions?${query}`)).status).toBe(400);
    },
  );
});

describe("what is not simulated", () => {
  it.each([
    "/v1beta1/options/bars?symbols=A&timeframe=1Min",
    "/v1beta1/options/snapshots/AAPL",
    "/v1beta1/screener/stocks/most-actives",
    "/v1beta1/screener/stocks/movers",
    "/v1beta3/crypto/us/latest/orderbooks?symbols=BTC/USD",
    "/v1beta1/logos/AAPL",
  ])("%s says so", async (path) => {
    const { status, body } = await get(path);
    expect([status, body.code, body.message]).toEqual([422, 42210001, expect.stringContaining("not ")]);
  });

  it.each([
    "symbols=AAPL",
    "symbols[]=AAPL&limit=50&sort=DESC&start=2023-01-03T09:30:00%2B00:00&end=2023-01-04&include_content=True",
  ])("news are none: %s", async (query) => {
    const { status, body } = await get(`/v1beta1/news?${query}`);
    expect([status, body]).toEqual([200, { news: [], next_page_token: null }]);
  });

  it.each([
    ["limit", "limit=51"],
    ["sort", "sort=up"],
    ["start", "start=then"],
    ["end", "start=2023-01-04&end=2023-01-03"],
    ["include_content", "include_content=some"],
    ["page_token", "page_token=abc"],
  ])("news are refused with a wrong %s", async (field, query) => {
    const { status, body } = await get(`/v1beta1/news?${query}`);
    expect([status, body.code, body.message]).toEqual([400, 40010000, expect.stringContaining(field)]);
  });
});
