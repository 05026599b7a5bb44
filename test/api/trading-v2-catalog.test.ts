/** What Trading v2 tells of the world: assets, pairs, the clock, the calendar, announcements, and what is not simulated. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importActions, importFile, openMarket } from "../../src/market/index.ts";
import { openApi, type Api, type Reply } from "../support/api.ts";
import { openTrader, type Trader } from "../support/trader.ts";

let api: Api;
let bot: Trader;

const folder = mkdtempSync(join(tmpdir(), "tapedeck-catalog-"));
const NEVER = "00000000-0000-4000-8000-000000000000";
const ACTIONS = `symbol,ex_date,type,cash_per_share,old_rate,new_rate,record_date,pay_date
AAPL,2022-12-20,cash_dividend,0.23,,,2022-12-21,2023-01-12
MSFT,2022-12-28,split,,1,4,,
TSLA,2022-12-29,split,,10,1,,
META,2022-12-30,merger,12.5,,,,
AAPL,2023-01-03,cash_dividend,0.5,,,,
AAPL,2023-01-04,cash_dividend,99,,,,
`;

/** The sample, some corporate actions, and two minutes of a pair. */
beforeAll(async () => {
  const [actions, pair] = [join(folder, "actions.csv"), join(folder, "pair.csv")];
  writeFileSync(actions, ACTIONS);
  writeFileSync(
    pair,
    "timestamp,open,high,low,close,volume\n2023-01-03T14:30:00Z,100,100,100,100,5000\n2023-01-03T14:31:00Z,100,100,100,100,5000\n",
  );
  api = await openApi({
    prepare: async (dataDir) => {
      const market = await openMarket({ dataDir });
      await importFile({ market, path: pair, symbol: "BTC/USD", timeframe: "1Min" });
      await importActions({ market, path: actions });
    },
  });
  bot = await openTrader(api, { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T20:00:00Z" });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const refused = (status: number, code: number, message: string) => ({
  status,
  body: { code, message: expect.stringContaining(message) },
});
const symbolsOf = ({ body }: Reply): readonly string[] => body.map(({ symbol }: { symbol: string }) => symbol);

describe("assets", () => {
  const ASSET = {
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    class: "us_equity",
    exchange: "NASDAQ",
    symbol: "AAPL",
    name: "Apple Inc. Common Stock",
    status: "active",
    tradable: true,
    marginable: true,
    maintenance_margin_requirement: 30,
    margin_requirement_long: "30",
    margin_requirement_short: "30",
    shortable: true,
    easy_to_borrow: true,
    borrow_status: "easy_to_borrow",
    fractionable: true,
    cusip: null,
    attributes: [],
    synthetic: true,
  };

  it("have every field that Alpaca's have, by symbol or id", async () => {
    const { status, body } = await bot.get("/v2/assets/AAPL");
    expect([status, body]).toEqual([200, ASSET]);
    for (const name of ["aapl", body.id, body.id.toUpperCase()])
      expect((await bot.get(`/v2/assets/${name}`)).body).toEqual(body);
    expect(await bot.get("/v2/assets/NOPE")).toMatchObject(refused(404, 40_410_000, "asset not found for NOPE"));
  });

  it("are listed by exchange and symbol; stocks, unless another class is asked for", async () => {
    expect(symbolsOf(await bot.get("/v2/assets"))).toEqual("SPY AAPL AMZN GOOGL META MSFT NVDA QQQ TSLA".split(" "));
    expect(symbolsOf(await bot.get("/v2/assets?asset_class=crypto"))).toEqual(["BTC/USD"]);
    expect(symbolsOf(await bot.get("/v2/assets?asset_class=us_option"))).toEqual([]);
    expect(symbolsOf(await bot.get("/v2/assets?status=active&exchange=ARCA&asset_class="))).toEqual(["SPY"]);
    expect(symbolsOf(await bot.get("/v2/assets?status=inactive"))).toEqual([]);
    expect(symbolsOf(await bot.get("/v2/assets?attributes=has_options,ipo"))).toEqual([]);
    expect(await bot.get("/v2/assets?status=some")).toMatchObject(refused(400, 40_010_000, "status must be one of"));
  });

  it("that are pairs are known with their slash and without it", async () => {
    const { body } = await bot.get("/v2/assets/BTC%2FUSD");
    expect(body).toMatchObject({ symbol: "BTC/USD", class: "crypto" });
    for (const name of ["BTCUSD", "btcusd"]) expect((await bot.get(`/v2/assets/${name}`)).body).toEqual(body);
    expect(await bot.place({ symbol: "BTCUSD", qty: 1 })).toMatchObject({ status: 200, body: { symbol: "BTC/USD" } });
    await bot.advance();
    expect(symbolsOf(await bot.get("/v2/orders?status=all&symbols=BTCUSD"))).toEqual(["BTC/USD"]);
    expect(symbolsOf(await bot.get("/v2/orders?status=all&symbols=btc/usd"))).toEqual(["BTC/USD"]);
    const [{ symbol }] = (await bot.get("/v2/positions")).body;
    expect(symbol).toBe("BTCUSD");
    expect(await bot.get(`/v2/positions/${symbol}`)).toMatchObject({ status: 200, body: { asset_class: "crypto" } });
    expect(await bot.remove("/v2/positions/BTC%2FUSD")).toMatchObject({ status: 200, body: { side: "sell" } });
    await bot.advance();
  });
});

describe("the clock", () => {
  const clockAt = async (startTime: string): Promise<Reply["body"]> => {
    const other = await openTrader(api, { startTime, endTime: "2023-12-29T21:00:00Z" });
    const [second, third] = [await other.get("/v2/clock"), await other.get("/v3/clock")];
    return { ...second.body, phase: third.body.clocks[0].phase };
  };

  it.each([
    ["2023-01-03T14:30:00Z", "2023-01-03T09:30:00-05:00", true, "2023-01-04T09:30", "2023-01-03T16:00", "core"],
    ["2023-01-03T21:00:00Z", "2023-01-03T16:00:00-05:00", false, "2023-01-04T09:30", "2023-01-04T16:00", "post"],
    ["2023-01-03T12:00:00Z", "2023-01-03T07:00:00-05:00", false, "2023-01-03T09:30", "2023-01-03T16:00", "pre"],
    ["2023-01-07T12:00:00Z", "2023-01-07T07:00:00-05:00", false, "2023-01-09T09:30", "2023-01-09T16:00", "closed"],
    ["2023-07-03T16:00:00Z", "2023-07-03T12:00:00-04:00", true, "2023-07-05T09:30", "2023-07-03T13:00", "core"],
  ])("at %s is %s, with New York's offset", async (start, timestamp, isOpen, nextOpen, nextClose, phase) => {
    const offset = timestamp.slice(-6);
    expect(await clockAt(start)).toEqual({
      timestamp,
      is_open: isOpen,
      next_open: `${nextOpen}:00${offset}`,
      next_close: `${nextClose}:00${offset}`,
      phase,
    });
  });

  it("of version 3 tells each market its phase, at any time", async () => {
    const { status, body } = await bot.get("/v3/clock?markets=nyse,NASDAQ&time=2024-03-08T18:00:00Z");
    expect(status).toBe(200);
    const clock = {
      timestamp: "2024-03-08T18:00:00Z",
      is_market_day: true,
      next_market_open: "2024-03-11T13:30:00Z",
      next_market_close: "2024-03-08T21:00:00Z",
      phase: "core",
      phase_until: "2024-03-08T21:00:00Z",
    };
    const timezone = "America/New_York";
    expect(body).toEqual({
      clocks: [
        { market: { acronym: "NYSE", name: "New York Stock Exchange", timezone }, ...clock },
        { market: { acronym: "NASDAQ", name: "Nasdaq Stock Market", timezone }, ...clock },
      ],
    });
    expect((await bot.get("/v3/clock")).body.clocks).toHaveLength(1);
    expect((await bot.get("/v3/clock?time=2040-01-01")).body.clocks[0]).toMatchObject({
      is_market_day: false,
      next_market_open: null,
      phase: "closed",
      phase_until: null,
    });
    expect(await bot.get("/v3/clock?markets=LSE")).toMatchObject(
      refused(400, 40_010_000, "market must be one of NYSE"),
    );
    expect(await bot.get("/v3/clock?time=now")).toMatchObject(
      refused(400, 40_010_000, "time must be an RFC 3339 time"),
    );
  });
});

describe("the calendar", () => {
  const DAY = {
    date: "2023-01-03",
    open: "09:30",
    close: "16:00",
    session_open: "0400",
    session_close: "2000",
    settlement_date: "2023-01-05",
  };
  const dates = async (query: string): Promise<readonly string[]> =>
    (await bot.get(`/v2/calendar${query}`)).body.map(({ date }: { date: string }) => date);

  it("has days with the exact forms that alpaca-py wants, both bounds included", async () => {
    expect((await bot.get("/v2/calendar?start=2023-01-03&end=2023-01-03")).body).toEqual([DAY]);
    expect((await bot.get("/v2/calendar?start=2023-07-03&end=2023-07-04")).body).toEqual([
      { ...DAY, date: "2023-07-03", close: "13:00", session_close: "1700", settlement_date: "2023-07-06" },
    ]);
    expect(await dates("?start=2023-01-06T00:00:00-05:00&end=2023-01-09T00:00:00-05:00")).toEqual([
      "2023-01-06",
      "2023-01-09",
    ]);
    expect(await dates("?start=2023-01-09&end=2023-01-06")).toEqual([]);
    expect(await bot.get("/v2/calendar?start=soon")).toMatchObject(refused(400, 40_010_000, "start must be"));
  });

  it("goes from 1990 to 2030 where nothing bounds it", async () => {
    const all = await dates("");
    expect([all[0], all.at(-1)]).toEqual(["1990-01-02", "2030-12-31"]);
  });

  it("may be asked by settlement", async () => {
    const settled = "start=2023-01-03&end=2023-01-04&date_type=SETTLEMENT";
    expect(await dates(`?${settled}`)).toEqual(["2022-12-29", "2022-12-30"]);
    expect(await dates("?start=2023-01-03&end=2023-01-04&date_type=TRADING")).toEqual(["2023-01-03", "2023-01-04"]);
    expect(await bot.get("/v2/calendar?date_type=SOME")).toMatchObject(
      refused(400, 40_010_000, "date_type must be one of TRADING, SETTLEMENT"),
    );
  });

  it("of version 3 has times, a week from the clock unless bounded", async () => {
    const { status, body } = await bot.get("/v3/calendar/nyse?start=2023-01-03&end=2023-01-03&timezone=UTC");
    expect([status, body]).toEqual([
      200,
      {
        market: "NYSE",
        calendar: [
          {
            date: "2023-01-03",
            core_start: "2023-01-03T14:30:00Z",
            core_end: "2023-01-03T21:00:00Z",
            pre_start: "2023-01-03T09:00:00Z",
            pre_end: "2023-01-03T14:30:00Z",
            post_start: "2023-01-03T21:00:00Z",
            post_end: "2023-01-04T01:00:00Z",
            settlement_date: "2023-01-05",
          },
        ],
      },
    ]);
    const week = (await bot.get("/v3/calendar/NASDAQ")).body.calendar;
    expect([week[0].date, week.at(-1).date, week.length]).toEqual(["2023-01-03", "2023-01-10", 6]);
    expect((await bot.get("/v3/calendar/NYSE?start=9999-12-31")).body.calendar).toEqual([]);
    expect(await bot.get("/v3/calendar/LSE")).toMatchObject(refused(400, 40_010_000, "market must be one of"));
  });
});

describe("announcements", () => {
  const PATH = "/v2/corporate_actions/announcements";
  const ALL = "ca_types=dividend,merger,spinoff,split&since=2022-12-15&until=2023-03-01";
  const list = (query: string): Promise<Reply> => bot.get(`${PATH}?${query}`);

  it("have every field that Alpaca's have, as texts", async () => {
    const { status, body } = await list("ca_types=Dividend&since=2022-12-01&until=2022-12-31&symbol=aapl");
    const id = expect.stringMatching(/^[\da-f-]{36}$/);
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        id,
        corporate_action_id: body[0].id,
        corporate_actions_id: body[0].id,
        ca_type: "dividend",
        ca_sub_type: "cash",
        initiating_symbol: "AAPL",
        initiating_original_cusip: "",
        target_symbol: "AAPL",
        target_original_cusip: "",
        declaration_date: "2022-12-20",
        ex_date: "2022-12-20",
        record_date: "2022-12-21",
        payable_date: "2023-01-12",
        expiration_date: "",
        cash: "0.23",
        old_rate: "1",
        new_rate: "1",
      },
    ]);
    for (const name of [body[0].id, body[0].id.toUpperCase()])
      expect(await bot.get(`${PATH}/${name}`)).toMatchObject({ status: 200, body: body[0] });
    expect(await bot.get(`${PATH}/${NEVER}`)).toMatchObject(refused(404, 40_410_000, "announcement not found for"));
    expect(await bot.get(`${PATH}/nope`)).toMatchObject({ status: 404 });
  });

  it("are those that have taken effect by the clock, and not one more", async () => {
    const tellable = (each: Reply["body"]): string => `${each.initiating_symbol} ${each.ca_sub_type} ${each.ex_date}`;
    const known = (await list(ALL)).body.map(tellable);
    expect(new Set(known)).toEqual(
      new Set([
        "AAPL cash 2022-12-20",
        "MSFT stock_split 2022-12-28",
        "TSLA reverse_split 2022-12-29",
        "META merger_completion 2022-12-30",
        "AAPL cash 2023-01-03",
      ]),
    );
    const later = await openTrader(api, { startTime: "2023-01-05T14:30:00Z", endTime: "2023-03-31T20:00:00Z" });
    const next = (await later.get(`${PATH}?${ALL}&symbol=AAPL`)).body.find((each: Reply["body"]) => each.cash === "99");
    expect(next).toMatchObject({ ex_date: "2023-01-04" });
    expect(await bot.get(`${PATH}/${next.id}`)).toMatchObject({ status: 404 });
  });

  it("are found by any of their dates", async () => {
    const by = async (dateType: string): Promise<number> =>
      (await list(`ca_types=dividend&since=2023-01-12&until=2023-01-12&date_type=${dateType}`)).body.length;
    expect([await by("payable_date"), await by("ex_date"), await by("record_date")]).toEqual([1, 0, 0]);
    expect((await list("ca_types=split&since=2022-12-01&until=2023-02-01&symbol=MSFT")).body[0]).toMatchObject({
      old_rate: "1",
      new_rate: "4",
      cash: "0",
    });
    expect((await list("ca_types=spinoff&since=2022-12-01&until=2023-02-01&cusip=037833100")).body).toEqual([]);
  });

  it.each([
    ["since=2023-01-01&until=2023-01-02", "ca_types must be a comma list of dividend"],
    ["ca_types=gift&since=2023-01-01&until=2023-01-02", "ca_types must be one of dividend"],
    ["ca_types=split&until=2023-01-02", "since must be a date"],
    ["ca_types=split&since=2023-01-01&until=never", "until must be a date"],
    ["ca_types=split&since=2023-01-02&until=2023-01-01", "since to until must be 0 to 90 days"],
    ["ca_types=split&since=2023-01-01&until=2023-04-02", "since to until must be 0 to 90 days"],
    ["ca_types=split&since=2023-01-01&until=2023-01-02&date_type=birthday", "date_type must be one of"],
  ])("refuse ?%s", async (query, message) => {
    expect(await list(query)).toMatchObject(refused(400, 40_010_000, message));
  });
});

describe("what is not simulated", () => {
  it.each([
    ["get", "/v2/options/contracts", "options are not simulated"],
    ["get", "/v2/options/contracts/AAPL230120C00100000", "options are not simulated"],
    ["post", "/v2/positions/AAPL/exercise", "options are not simulated"],
    ["post", "/v2/positions/AAPL/do-not-exercise", "options are not simulated"],
    ["get", "/v2/wallets", "crypto wallets are not simulated"],
    ["get", "/v2/wallets/transfers", "crypto wallets are not simulated"],
    ["post", "/v2/wallets/transfers", "crypto wallets are not simulated"],
  ] as const)("%s %s says so", async (method, path, message) => {
    expect(await bot[method](path)).toMatchObject(refused(422, 42_210_001, message));
  });

  it("is also an order of several legs", async () => {
    const legs = [{ symbol: "AAPL230120C00100000", ratio_qty: "1", side: "buy" }];
    const order = { order_class: "mleg", qty: "1", type: "market", time_in_force: "day", legs };
    expect(await bot.post("/v2/orders", order)).toMatchObject(
      refused(422, 42_210_001, "multi-leg orders are not supported yet"),
    );
  });

  it("is no path at all where nothing of it is known", async () => {
    expect(await bot.get("/v2/locates")).toMatchObject(refused(404, 40_410_000, "no such path: /v2/locates"));
    expect(await bot.put("/v2/watchlists")).toMatchObject({ status: 405, headers: { allow: "GET, HEAD, POST" } });
  });
});
