/** Trading v2 as a bot sees it: every field that Alpaca's account and positions have, of its type, null only where it may be. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, type Api, type Reply } from "../support/api.ts";
import { openTrader, type Trader } from "../support/trader.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const OPEN = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T20:00:00Z" };
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const DECIMAL = /^-?\d+(\.\d*[1-9])?$/;
const decimals = (...fields: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field, expect.stringMatching(DECIMAL)]));

/** Alpaca's account; what alpaca-py reads must be of these types, or it throws. */
const ACCOUNT = {
  id: expect.stringMatching(UUID),
  account_number: expect.stringMatching(/^PA\d{9}$/),
  status: "ACTIVE",
  crypto_status: "ACTIVE",
  currency: "USD",
  ...decimals("cash", "buying_power", "regt_buying_power", "daytrading_buying_power", "effective_buying_power"),
  ...decimals("non_marginable_buying_power", "options_buying_power", "accrued_fees", "pending_reg_taf_fees"),
  ...decimals("pending_transfer_in", "pending_transfer_out", "portfolio_value", "equity", "last_equity"),
  ...decimals("long_market_value", "short_market_value", "position_market_value", "initial_margin"),
  ...decimals("maintenance_margin", "last_maintenance_margin", "sma", "multiplier", "intraday_adjustments"),
  options_approved_level: 0,
  options_trading_level: 0,
  bod_dtbp: expect.any(Number),
  shorting_enabled: true,
  pattern_day_trader: false,
  daytrade_count: expect.any(Number),
  trading_blocked: false,
  transfers_blocked: false,
  account_blocked: false,
  trade_suspended_by_user: false,
  balance_asof: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
  created_at: expect.stringMatching(/Z$/),
  crypto_tier: 0,
  admin_configurations: {},
  user_configurations: null,
};

/** Keys that alpaca-py's broker model requires besides; a bot ignores them. */
const OF_THE_BROKER = {
  ...decimals("cash_withdrawable", "cash_transferable", "last_cash", "last_long_market_value"),
  ...decimals("last_short_market_value", "last_initial_margin", "last_regt_buying_power", "last_buying_power"),
  previous_close: null,
  clearing_broker: "SELF",
};

const POSITION = {
  asset_id: expect.stringMatching(UUID),
  symbol: "AAPL",
  exchange: "NASDAQ",
  asset_class: "us_equity",
  asset_marginable: true,
  side: "long",
  ...decimals("avg_entry_price", "qty", "qty_available", "cost_basis", "market_value", "unrealized_pl"),
  ...decimals("unrealized_plpc", "unrealized_intraday_pl", "unrealized_intraday_plpc", "current_price"),
  ...decimals("lastday_price", "change_today"),
};

const number = (text: string): number => Number(text);

describe("the account", () => {
  it("has every field that Alpaca's has, of its type", async () => {
    const bot = await openTrader(api, OPEN);
    await bot.advance();
    const { status, body } = await bot.get("/v2/account");
    expect(status).toBe(200);
    expect(body).toEqual({ ...ACCOUNT, ...OF_THE_BROKER });
    expect(body).toMatchObject({ id: bot.account, cash: "100000", portfolio_value: body.equity, multiplier: "2" });
  });

  it("adds up with a long and a short", async () => {
    const bot = await openTrader(api, OPEN);
    await bot.place({ qty: 100 });
    await bot.place({ symbol: "MSFT", side: "sell", qty: 50 });
    await bot.advance();
    const { body } = await bot.get("/v2/account");
    expect(body).toEqual({ ...ACCOUNT, ...OF_THE_BROKER });
    const [long, short] = [number(body.long_market_value), number(body.short_market_value)];
    expect(long).toBeGreaterThan(0);
    expect(short).toBeLessThan(0);
    expect(number(body.equity)).toBeCloseTo(number(body.cash) + long + short, 6);
    expect(number(body.position_market_value)).toBeCloseTo(long - short, 6);
    expect(number(body.buying_power)).toBeCloseTo((number(body.equity) - number(body.initial_margin)) * 2, 6);
  });

  it("is the one that the broker's surface shows", async () => {
    const bot = await openTrader(api, OPEN);
    await bot.place();
    await bot.advance();
    for (const tail of ["/account", "/positions", "/orders?status=all", "/account/configurations"]) {
      const own = await bot.get(`/v2${tail}`);
      const brokers = await api.send("GET", `/v1/trading/accounts/${bot.account}${tail}`, { session: bot.session });
      expect(own.body, tail).toEqual(brokers.body);
    }
  });
});

describe("configurations", () => {
  const FIRST = {
    dtbp_check: "entry",
    pdt_check: "both",
    trade_confirm_email: "all",
    suspend_trade: false,
    no_shorting: false,
    fractional_trading: true,
    max_margin_multiplier: "4",
    max_options_trading_level: 0,
    ptp_no_exception_entry: false,
    disable_overnight_trading: false,
  };

  it("are read, and changed by whole objects with nulls, as alpaca-py sends them", async () => {
    const bot = await openTrader(api);
    expect(await bot.get("/v2/account/configurations")).toMatchObject({ status: 200, body: FIRST });
    const asked = { ...Object.fromEntries(Object.keys(FIRST).map((field) => [field, null])), no_shorting: true };
    const { status, body } = await bot.patch("/v2/account/configurations", asked);
    expect([status, body]).toEqual([200, { ...FIRST, no_shorting: true }]);
    expect((await bot.place({ side: "sell" })).body).toEqual({
      code: 40_310_000,
      message: "account is not allowed to short",
    });
    expect(await bot.patch("/v2/account/configurations", { max_margin_multiplier: "3" })).toMatchObject({
      status: 422,
      body: { code: 40_010_001, message: 'max_margin_multiplier must be "1", "2" or "4", got "3"' },
    });
  });
});

describe("positions", () => {
  let bot: Trader;
  beforeAll(async () => {
    bot = await openTrader(api, OPEN);
    await bot.place();
    await bot.place({ symbol: "MSFT", side: "sell", qty: 4 });
    await bot.advance();
  });

  it("have every field that Alpaca's have, of its type, and are sorted", async () => {
    const { status, body } = await bot.get("/v2/positions");
    expect(status).toBe(200);
    expect(body).toEqual([
      { ...POSITION, qty: "10", qty_available: "10" },
      { ...POSITION, symbol: "MSFT", side: "short", qty: "-4", qty_available: "-4" },
    ]);
    expect(number(body[1].market_value)).toBeLessThan(0);
    expect(number(body[1].cost_basis)).toBeLessThan(0);
    expect(number(body[1].avg_entry_price)).toBeGreaterThan(0);
    expect(number(body[0].unrealized_plpc)).toBeCloseTo(number(body[0].unrealized_pl) / number(body[0].cost_basis), 8);
    expect((await (await openTrader(api)).get("/v2/positions")).body).toEqual([]);
  });

  it("are found by symbol in any case and by asset id, with Go's double mention too", async () => {
    const [apple] = (await bot.get("/v2/positions")).body;
    for (const name of ["AAPL", "aapl", apple.asset_id, apple.asset_id.toUpperCase(), "AAPL?symbol=AAPL"])
      expect(await bot.get(`/v2/positions/${name}`)).toMatchObject({ status: 200, body: apple });
    expect(await bot.get("/v2/positions/SPY")).toMatchObject({
      status: 404,
      body: { code: 40_410_000, message: "position does not exist" },
    });
    expect(await bot.get("/v2/positions/NOPE")).toMatchObject({
      status: 404,
      body: { code: 40_410_000, message: "symbol not found: NOPE" },
    });
  });
});

describe("closing positions", () => {
  const holding = async (qty: string): Promise<Trader> => {
    const bot = await openTrader(api, OPEN);
    await bot.place({ qty });
    await bot.advance();
    return bot;
  };
  const close = (bot: Trader, query = ""): Promise<Reply> => bot.remove(`/v2/positions/AAPL${query}`);

  it.each([
    ["10", "", "10"],
    ["10", "?qty=4", "4"],
    ["10", "?percentage=50", "5"],
    ["10", "?percentage=33.3", "3"],
    ["10.5", "?percentage=50", "5.25"],
    ["10.5", "?qty=0.123456789", "0.123456789"],
  ])("of %s%s is a market order for %s", async (held, query, qty) => {
    const bot = await holding(held);
    expect(await close(bot, query)).toMatchObject({
      status: 200,
      body: {
        symbol: "AAPL",
        side: "sell",
        type: "market",
        time_in_force: "day",
        qty,
        position_intent: "sell_to_close",
      },
    });
    await bot.advance();
    const left = (await bot.get("/v2/positions/AAPL")).body.qty ?? "0";
    expect(number(left)).toBeCloseTo(number(held) - number(qty), 9);
  });

  it("of a short buys it back", async () => {
    const bot = await openTrader(api, OPEN);
    await bot.place({ side: "sell" });
    await bot.advance();
    expect((await close(bot)).body).toMatchObject({ side: "buy", qty: "10", position_intent: "buy_to_close" });
  });

  it.each([
    ["?qty=1&percentage=1", 422, 40_010_001, "only one of qty or percentage is accepted"],
    ["?qty=0", 422, 40_010_001, "qty must be > 0, got 0"],
    ["?qty=much", 422, 40_010_001, 'qty must be a plain decimal number, got "much"'],
    ["?percentage=101", 422, 40_010_001, "percentage must be > 0 and <= 100, got 101"],
    ["?qty=11", 403, 40_310_000, "insufficient qty available for order (requested: 11, available: 10)"],
  ])("is refused with %s", async (query, status, code, message) => {
    const bot = await holding("10");
    expect(await close(bot, query)).toMatchObject({ status, body: { code, message } });
    expect((await bot.get("/v2/orders")).body).toEqual([]);
  });

  it("that are not there is refused", async () => {
    const bot = await openTrader(api, OPEN);
    expect(await close(bot)).toMatchObject({
      status: 404,
      body: { code: 40_410_000, message: "position does not exist" },
    });
    expect(await bot.remove("/v2/positions/NOPE")).toMatchObject({ status: 404, body: { code: 40_410_000 } });
  });

  it("all at once answers for each of them, an order or an error", async () => {
    const bot = await holding("10");
    await bot.place({ symbol: "MSFT", side: "sell", qty: 4 });
    await bot.advance();
    await bot.place({ side: "sell", type: "limit", limit_price: 500, time_in_force: "gtc" });
    const { status, body } = await bot.remove("/v2/positions");
    expect(status).toBe(207);
    expect(body).toEqual([
      {
        symbol: "AAPL",
        status: 403,
        body: {
          code: 40_310_000,
          message: "insufficient qty available for order (requested: 10, available: 0)",
          symbol: "AAPL",
          available: "0",
          existing_qty: "10",
          held_for_orders: "10",
        },
      },
      { symbol: "MSFT", status: 200, body: expect.objectContaining({ side: "buy", qty: "4", type: "market" }) },
    ]);
    const shown = (await bot.get(`/v2/orders/${body[1].body.id}`)).body;
    expect(Object.keys(body[1].body).toSorted()).toEqual(Object.keys(shown).toSorted());
  });

  it("all at once cancels orders first where that is asked for, and is empty without positions", async () => {
    const bot = await holding("10");
    const resting = (await bot.place({ side: "sell", type: "limit", limit_price: 500, time_in_force: "gtc" })).body;
    expect(await bot.remove("/v2/positions?cancel_orders=True")).toMatchObject({
      status: 207,
      body: [{ symbol: "AAPL", status: 200 }],
    });
    expect((await bot.get(`/v2/orders/${resting.id}`)).body.status).toBe("canceled");
    await bot.advance();
    expect(await bot.remove("/v2/positions")).toMatchObject({ status: 207, body: [] });
    expect(await bot.remove("/v2/positions?cancel_orders=maybe")).toMatchObject({ status: 400 });
  });
});
