/** Activities and portfolio history of Trading v2: fields, filters, pages, and figures that are numbers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, type Api, type Reply } from "../support/api.ts";
import { openTrader, type Trader } from "../support/trader.ts";

let api: Api;
let bot: Trader;

/** Three fills on two days, and a deposit between them. */
beforeAll(async () => {
  api = await openApi();
  bot = await openTrader(api, { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T20:00:00Z" });
  await bot.place();
  await bot.advance({ duration: 5 });
  await bot.place({ side: "sell", qty: 4 });
  await bot.advance({ duration: 5 });
  await api.send("POST", `/v1/accounts/${bot.account}/transfers`, {
    session: bot.session,
    body: { direction: "INCOMING", amount: 500 },
  });
  await bot.advance({ targetTime: "2023-01-04T15:00:00Z" });
  await bot.place({ symbol: "MSFT", qty: 0.5 });
  await bot.advance({ targetTime: "2023-01-05T15:00:00Z" });
});
afterAll(() => api.close());

const PATH = "/v2/account/activities";
const list = (query = ""): Promise<Reply> => bot.get(PATH + query);
const typesOf = ({ body }: Reply): readonly string[] =>
  body.map((each: { activity_type: string }) => each.activity_type);
const idsOf = ({ body }: Reply): readonly string[] => body.map(({ id }: { id: string }) => id);
const decimal = expect.stringMatching(/^-?\d+(\.\d+)?$/);

describe("activities", () => {
  it("that are fills have Alpaca's fields, all of them texts", async () => {
    const { status, body } = await list("/FILL?direction=asc");
    expect(status).toBe(200);
    expect(body[0]).toEqual({
      id: expect.stringMatching(/^20230103093000000::[\da-f-]{36}$/),
      activity_type: "FILL",
      transaction_time: "2023-01-03T14:30:00Z",
      type: "fill",
      price: decimal,
      qty: "10",
      side: "buy",
      symbol: "AAPL",
      leaves_qty: "0",
      order_id: expect.stringMatching(/^[\da-f-]{36}$/),
      cum_qty: "10",
      order_status: "filled",
    });
    expect(body).toHaveLength(3);
  });

  it("that are bookings have a date, and nothing that does not apply", async () => {
    expect((await list("/CSD")).body).toEqual([
      {
        id: expect.stringMatching(/^20230103000000000::[\da-f-]{36}$/),
        activity_type: "CSD",
        date: "2023-01-03",
        created_at: "2023-01-03T14:40:00Z",
        net_amount: "500",
        description: expect.any(String),
        status: "executed",
        currency: "USD",
      },
    ]);
  });

  it("are filtered by type, category, day and time", async () => {
    expect(new Set(typesOf(await list("?activity_types=FILL,CSD")))).toEqual(new Set(["FILL", "CSD"]));
    expect(typesOf(await list("?activity_types=TRANS"))).toEqual(["CSD"]);
    expect(typesOf(await list("?category=non_trade_activity"))).not.toContain("FILL");
    expect(typesOf(await list("/fill?date=2023-01-03"))).toHaveLength(2);
    expect(typesOf(await list("/FILL?after=2023-01-04&until=2023-01-05"))).toHaveLength(1);
    expect(typesOf(await list("/SPIN"))).toEqual([]);
  });

  it.each(["asc", "desc"])("are paged by the last id, %s, down to the empty page", async (direction) => {
    const all = idsOf(await list(`?direction=${direction}`));
    const seen: string[] = [];
    for (let token = ""; ; token = seen.at(-1) ?? "") {
      const page = idsOf(await list(`?direction=${direction}&page_size=2&page_token=${encodeURIComponent(token)}`));
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(all.length).toBeGreaterThan(3);
    expect(seen).toEqual(all);
  });

  it.each([
    ["/GIFT", 422, "activity type must be one of FILL"],
    ["?activity_types=FILL&category=trade_activity", 422, "category must not be given with"],
    ["?date=2023-01-03&until=2023-01-04", 422, "date must not be given with after or until"],
    ["?page_size=101", 422, "page_size must be a whole number from 1 to 100"],
    ["?page_token=nope", 400, "page_token must be the id of an activity"],
    ["?direction=up", 400, "direction must be one of asc, desc"],
  ])("refuse %s", async (query, status, message) => {
    const reply = await list(query);
    expect(reply.status).toBe(status);
    expect(reply.body.message).toContain(message);
  });
});

describe("the portfolio history", () => {
  const history = (query = ""): Promise<Reply> => bot.get(`/v2/account/portfolio/history${query}`);
  const numbers = (count: number): unknown => Array.from({ length: count }, () => expect.any(Number));

  it("is numbers in arrays of one length, by days", async () => {
    const { status, body } = await history();
    expect(status).toBe(200);
    expect(body).toEqual({
      timestamp: ["2023-01-03", "2023-01-04", "2023-01-05"].map((date) => Date.parse(`${date}T05:00:00Z`) / 1000),
      equity: numbers(3),
      profit_loss: numbers(3),
      profit_loss_pct: numbers(3),
      base_value: expect.any(Number),
      timeframe: "1D",
    });
    expect(body.equity[2]).toBe(Number((await bot.get("/v2/account")).body.equity));
  });

  it("knows the shorter timeframes, cash flows, and the older names of its parameters", async () => {
    const hours = (await history("?period=1D&timeframe=1H")).body;
    expect(hours).toMatchObject({ timeframe: "1H", base_value_asof: "2023-01-04" });
    expect(new Set([hours.timestamp.length, hours.equity.length, hours.profit_loss.length]).size).toBe(1);
    expect((await history("?cashflow_types=CSD")).body.cashflow).toEqual({ CSD: [500, 0, 0] });
    const named = await history("?timeframe=1D&start=2023-01-03&end=2023-01-04");
    expect((await history("?timeframe=1D&date_start=2023-01-03&date_end=2023-01-04")).body).toEqual(named.body);
    expect(named.body.timestamp).toHaveLength(2);
  });

  it.each([
    ["?period=1X", "period must be"],
    ["?timeframe=2D", "timeframe must be one of 1Min"],
    ["?period=1W&start=2023-01-03&end=2023-01-05", "at most two of start, end and period"],
    ["?period=3M&timeframe=1Min", "more than 30 days"],
  ])("refuses %s", async (query, message) => {
    const reply = await history(query);
    expect([400, 422]).toContain(reply.status);
    expect(reply.body.message).toContain(message);
  });
});
