/** Alpaca's Market Data API: shapes, stretches, pages, and nothing beyond the clock. */
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

describe("bars", () => {
  it("of one symbol are those that have ended at the clock", async () => {
    const { status, body } = await get("/v2/stocks/AAPL/bars?timeframe=1Min&start=2023-01-05T15:10:00Z");
    expect([status, Object.keys(body)]).toEqual([200, ["bars", "symbol", "next_page_token"]]);
    expect(body.bars.map(({ t }: { t: string }) => t)).toEqual([
      "2023-01-05T15:10:00Z",
      "2023-01-05T15:11:00Z",
      "2023-01-05T15:12:00Z",
      "2023-01-05T15:13:00Z",
      "2023-01-05T15:14:00Z",
    ]);
    expect([body.symbol, body.next_page_token]).toEqual(["AAPL", null]);
    expect(Object.keys(body.bars[0]).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      "c",
      "h",
      "l",
      "n",
      "o",
      "t",
      "v",
      "vw",
    ]);
    expect([Number.isInteger(body.bars[0].v), Number.isInteger(body.bars[0].n)]).toEqual([true, true]);
  });

  it("of several stand by symbol; one without data is missing", async () => {
    const { body } = await get("/v2/stocks/bars?symbols=msft,AAPL,NOPE&symbols=MSFT&timeframe=1D&start=2023-01-03");
    expect(Object.keys(body.bars)).toEqual(["AAPL", "MSFT"]);
    expect(body.bars.AAPL.map(({ t }: { t: string }) => t)).toEqual(["2023-01-03T05:00:00Z", "2023-01-04T05:00:00Z"]);
    expect(body.next_page_token).toBeNull();
  });

  it("of an unknown symbol alone are an empty list", async () => {
    expect((await get("/v2/stocks/NOPE/bars?timeframe=1Day")).body).toEqual({
      bars: [],
      symbol: "NOPE",
      next_page_token: null,
    });
  });

  it.each([
    ["without a start", "timeframe=1Min", "2023-01-05T09:00:00Z", "2023-01-05T15:14:00Z"],
    ["with dates", "timeframe=1Day&start=2023-01-03&end=2023-01-04", "2023-01-03T05:00:00Z", "2023-01-04T05:00:00Z"],
    ["with an end beyond the clock", "timeframe=1Min&end=2024-01-01", "2023-01-05T09:00:00Z", "2023-01-05T15:14:00Z"],
    [
      "with offsets and fractions",
      "timeframe=5Min&start=2023-01-05T10:00:00.000000-05:00&end=2023-01-05T15:05:00.123456789Z",
      "2023-01-05T15:00:00Z",
      "2023-01-05T15:05:00Z",
    ],
  ])("%s begin and end where they should", async (_name, query, first, last) => {
    const { body } = await get(`/v2/stocks/AAPL/bars?${query}&limit=10000`);
    expect([Date.parse(body.bars[0].t) >= Date.parse(first), body.bars.at(-1).t]).toEqual([true, last]);
    expect(Date.parse(body.bars[0].t) - Date.parse(first)).toBeLessThan(6 * 3_600_000);
  });

  it("of shares have a whole volume, whatever was imported: Go's SDK takes no other", async () => {
    const volumes = (bars: readonly { readonly v: number }[]): readonly number[] => bars.map(({ v }) => v);
    const { bars } = (await get("/v2/stocks/PARTS/bars?timeframe=1Min")).body;
    const { bar } = (await get("/v2/stocks/PARTS/bars/latest")).body;
    const { minuteBar, dailyBar } = (await get("/v2/stocks/PARTS/snapshot")).body;
    expect([volumes(bars), volumes([bar, minuteBar, dailyBar])]).toEqual([
      [501, 0],
      [0, 0, 501],
    ]);
    const coins = (await get("/v1beta3/crypto/us/bars?symbols=BTC/USD&timeframe=1Min")).body.bars["BTC/USD"];
    expect(volumes(coins)).toEqual([2.5]);
  });

  it("of a stretch after the clock are none", async () => {
    const { status, body } = await get("/v2/stocks/bars?symbols=AAPL&timeframe=1Min&start=2023-02-01&end=2023-02-03");
    expect([status, body]).toEqual([200, { bars: {}, next_page_token: null }]);
  });

  it.each([1, 2, 7, 100])("in pages of %d are the same as at once, in either order", async (limit) => {
    for (const sort of ["asc", "desc"]) {
      const query = `symbols=AAPL,DAYS,MSFT,NOPE&timeframe=1Hour&start=2023-01-04&sort=${sort}`;
      const whole = (await get(`/v2/stocks/bars?${query}&limit=10000`)).body;
      const found: Record<string, unknown[]> = {};
      let token: string | null = "";
      for (let pages = 0; token !== null && pages < 100; pages += 1) {
        const { body }: Reply = await get(`/v2/stocks/bars?${query}&limit=${limit}&page_token=${token}`);
        const lists = Object.entries(body.bars as Record<string, unknown[]>);
        expect(lists.reduce((sum, [, list]) => sum + list.length, 0)).toBeLessThanOrEqual(limit);
        for (const [symbol, list] of lists) (found[symbol] ??= []).push(...list);
        token = body.next_page_token;
      }
      expect(token).toBeNull();
      expect(found).toEqual(whole.bars);
      const [first, second] = whole.bars.AAPL;
      expect(first.t < second.t).toBe(sort === "asc");
    }
  });

  it("are adjusted for what had happened by the clock", async () => {
    const closes = async (adjustment: string): Promise<number[]> =>
      (await get(`/v2/stocks/DAYS/bars?timeframe=1Day&start=2023-01-01&adjustment=${adjustment}`)).body.bars.map(
        ({ c }: { c: number }) => c,
      );
    expect(await closes("raw")).toEqual([10, 12]);
    expect(await closes("split")).toEqual([5, 12]);
    expect((await closes("split,dividend"))[1]).toBeCloseTo(11.5, 6);
    expect(await closes("all")).toEqual(await closes("split,dividend"));
    expect(await closes("spin-off")).toEqual([10, 12]);
  });

  it.each([
    ["no symbols", "/v2/stocks/bars?timeframe=1Min", "symbols is required"],
    ["no timeframe", "/v2/stocks/AAPL/bars", "timeframe is required"],
    ["a wrong timeframe", "/v2/stocks/AAPL/bars?timeframe=60Min", "timeframe"],
    ["a wrong timeframe of what is not there", "/v2/stocks/bars?symbols=AAPL,NOPE&timeframe=5Month", "timeframe"],
    ["a limit of 0", "/v2/stocks/AAPL/bars?timeframe=1Min&limit=0", "limit"],
    [
      "too large a limit",
      "/v2/stocks/AAPL/bars?timeframe=1Min&limit=10001",
      "invalid limit: larger than the allowed maximum of 10000",
    ],
    [
      "an end before its start",
      "/v2/stocks/AAPL/bars?timeframe=1Min&start=2023-01-04&end=2023-01-03",
      "end should not",
    ],
    ["a time without an offset", "/v2/stocks/AAPL/bars?timeframe=1Min&start=2023-01-04T10:00:00", "offset"],
    ["a wrong sort", "/v2/stocks/AAPL/bars?timeframe=1Min&sort=up", "sort"],
    ["a wrong feed", "/v2/stocks/AAPL/bars?timeframe=1Min&feed=cnn", "feed"],
    ["a wrong adjustment", "/v2/stocks/AAPL/bars?timeframe=1Min&adjustment=some", "adjustment"],
    ["another currency", "/v2/stocks/AAPL/bars?timeframe=1Min&currency=EUR", "currency"],
    ["a wrong asof", "/v2/stocks/AAPL/bars?timeframe=1Min&asof=soon", "asof"],
    ["a made-up token", "/v2/stocks/AAPL/bars?timeframe=1Min&page_token=abc", "page_token"],
  ])("are refused with %s", async (_name, path, words) => {
    const { status, body } = await get(path);
    expect([status, body.code, body.message]).toEqual([400, 40010000, expect.stringContaining(words)]);
  });

  it("refuse a token of another request", async () => {
    const { body } = await get("/v2/stocks/AAPL/bars?timeframe=1Min&limit=1");
    const other = await get(`/v2/stocks/AAPL/bars?timeframe=5Min&limit=1&page_token=${body.next_page_token}`);
    expect([other.status, other.body.message]).toEqual([400, expect.stringContaining("other parameters")]);
  });
});

describe("quotes and trades", () => {
  it.each([
    ["trades", { p: "c", i: 1, x: "V", s: 100, c: ["@"], z: "C" }],
    ["quotes", { bp: "c", ap: "c", bs: 100, as: 100, bx: "V", ax: "V", c: ["R"], z: "C" }],
  ])("%s are made up of bars, one at the end of each, and say so", async (name, fields) => {
    const stretch = "start=2023-01-05T15:10:00Z&end=2023-01-05T15:13:00Z";
    const { body, headers } = await get(`/v2/stocks/AAPL/${name}?${stretch}`);
    const bars = (await get("/v2/stocks/AAPL/bars?timeframe=1Min&start=2023-01-05T15:09:00Z&limit=4")).body.bars;
    expect(headers["x-tapedeck-synthesized"]).toBe(name);
    expect(body[name].map(({ t }: { t: string }) => t)).toEqual([
      "2023-01-05T15:10:00Z",
      "2023-01-05T15:11:00Z",
      "2023-01-05T15:12:00Z",
      "2023-01-05T15:13:00Z",
    ]);
    for (const [field, value] of Object.entries(fields)) {
      const wanted = value === "c" ? bars[0].c : value;
      if (field === "i") expect(Number.isInteger(body[name][0].i)).toBe(true);
      else expect([field, body[name][0][field]]).toEqual([field, wanted]);
    }
    const multi = (await get(`/v2/stocks/${name}?symbols=AAPL,NOPE&${stretch}`)).body;
    expect(multi).toEqual({ [name]: { AAPL: body[name] }, next_page_token: null });
  });

  it("of data by the day stand at its close", async () => {
    const { body } = await get("/v2/stocks/DAYS/trades?start=2023-01-01");
    expect(body.trades.map(({ t, p }: { t: string; p: number }) => [t, p])).toEqual([
      ["2023-01-03T21:00:00Z", 10],
      ["2023-01-04T21:00:00Z", 12],
    ]);
    expect((await get("/v2/stocks/DAYS/trades?start=2023-01-03T22:00:00Z")).body.trades).toHaveLength(1);
  });

  it("in pages are the same as at once", async () => {
    const query = "symbols=AAPL,DAYS,MSFT&start=2023-01-05T15:00:00Z&sort=desc";
    const whole = (await get(`/v2/stocks/quotes?${query}`)).body.quotes;
    const found: Record<string, unknown[]> = {};
    for (let token: string | null = ""; token !== null;) {
      const { body }: Reply = await get(`/v2/stocks/quotes?${query}&limit=4&page_token=${token}`);
      for (const [symbol, list] of Object.entries(body.quotes as Record<string, unknown[]>)) {
        (found[symbol] ??= []).push(...list);
      }
      token = body.next_page_token;
    }
    expect(found).toEqual(whole);
  });
});

describe("the latest", () => {
  it("bar is the last that has ended", async () => {
    const { body } = await get("/v2/stocks/AAPL/bars/latest");
    expect([body.symbol, body.bar.t]).toEqual(["AAPL", "2023-01-05T15:14:00Z"]);
    const many = (await get("/v2/stocks/bars/latest?symbols=AAPL,DAYS,NOPE&feed=sip")).body;
    expect(Object.keys(many)).toEqual(["bars"]);
    expect([many.bars.AAPL, many.bars.DAYS.t, many.bars.NOPE]).toEqual([body.bar, "2023-01-04T05:00:00Z", undefined]);
  });

  it("trade and quote are of the last known price: the open of the running bar", async () => {
    const trade = await get("/v2/stocks/AAPL/trades/latest");
    const quote = await get("/v2/stocks/AAPL/quotes/latest");
    const minutes = await morning.api.send(
      "GET",
      "/v1/assets/AAPL/bars?timeframe=1Min&start=2023-01-05T15:15:00Z&limit=1",
    );
    expect(trade.body.trade).toMatchObject({ t: "2023-01-05T15:15:00Z", p: minutes.body.bars[0].o });
    expect(quote.body.quote).toMatchObject({ bp: minutes.body.bars[0].o, ap: minutes.body.bars[0].o });
    expect([trade.headers, quote.headers].map((headers) => headers["x-tapedeck-synthesized"])).toEqual([
      "trades",
      "quotes",
    ]);
    const many = (await get("/v2/stocks/quotes/latest?symbols=AAPL,MSFT")).body;
    expect(many.quotes.AAPL).toEqual(quote.body.quote);
    expect(Object.keys((await get("/v2/stocks/trades/latest?symbols=AAPL")).body)).toEqual(["trades"]);
  });

  it.each(["bars", "quotes", "trades"])("%s of an unknown symbol is 404", async (name) => {
    expect((await get(`/v2/stocks/NOPE/${name}/latest`)).status).toBe(404);
  });

  it.each(["symbols=", "symbols=AAPL&feed=cnn"])("is refused with %s", async (query) => {
    expect((await get(`/v2/stocks/bars/latest?${query}`)).status).toBe(400);
  });
});

describe("snapshots", () => {
  it("show the latest of everything, the day so far and the day before", async () => {
    const { body } = await get("/v2/stocks/AAPL/snapshot");
    expect(Object.keys(body)).toEqual([
      "symbol",
      "latestTrade",
      "latestQuote",
      "minuteBar",
      "dailyBar",
      "prevDailyBar",
    ]);
    expect([body.minuteBar.t, body.dailyBar.t, body.prevDailyBar.t]).toEqual([
      "2023-01-05T15:14:00Z",
      "2023-01-05T05:00:00Z",
      "2023-01-04T05:00:00Z",
    ]);
    const minutes = (await get("/v2/stocks/AAPL/bars?timeframe=1Min&start=2023-01-05T14:30:00Z&limit=10000")).body.bars;
    expect(body.dailyBar).toMatchObject({
      o: minutes[0].o,
      h: Math.max(...minutes.map(({ h }: { h: number }) => h)),
      l: Math.min(...minutes.map(({ l }: { l: number }) => l)),
      c: minutes.at(-1).c,
      v: minutes.reduce((sum: number, { v }: { v: number }) => sum + v, 0),
    });
    const { symbol: _symbol, ...rest } = body;
    expect((await get("/v2/stocks/snapshots?symbols=AAPL,NOPE")).body).toEqual({ AAPL: rest });
  });

  it("of data by the day have its last two days, and no minute", async () => {
    const { body } = await get("/v2/stocks/DAYS/snapshot");
    expect([body.minuteBar, body.dailyBar.t, body.prevDailyBar.t]).toEqual([
      null,
      "2023-01-04T05:00:00Z",
      "2023-01-03T05:00:00Z",
    ]);
  });

  it("of an unknown symbol are 404", async () => {
    expect((await get("/v2/stocks/NOPE/snapshot")).status).toBe(404);
  });
});

it("nothing is served without a session", async () => {
  const { status, body } = await morning.api.send("GET", "/v2/stocks/AAPL/bars?timeframe=1Min");
  expect([status, body.message]).toEqual([400, expect.stringContaining("/sim/{accountId}")]);
  expect((await morning.api.send("GET", "/v2/stocks/AAPL/bars?timeframe=1Min", { authorization: null })).status).toBe(
    401,
  );
});
