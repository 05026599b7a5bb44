/** The catalogue of refusals: what an order must not be, with Alpaca's status, code, words and extra fields. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Api, Desk, Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";
import { openDeskAt, openTape, type Row } from "../support/tape.ts";

let api: Api;

const MINUTES = ["09:59", "10:00", "10:01", "10:02", "10:03", "10:04", "10:05", "10:06", "10:07"];
const DAY_OF_TRADING = MINUTES.map((minute): Row => [minute, 100, 100, 100, 100, 50_000]);

beforeAll(async () => {
  api = await openTape(
    { XYZ: DAY_OF_TRADING, WHOLE: DAY_OF_TRADING, HARD: DAY_OF_TRADING, DEAD: DAY_OF_TRADING },
    "symbol,fractionable,shortable,easy_to_borrow,tradable\nWHOLE,false,,,\nHARD,,true,false,\nDEAD,,,,false\n",
  );
});
afterAll(() => api.close());

const requests = deskRequests(() => api);
const place = (desk: Desk, body: object): Promise<Reply> => requests.place(desk, { symbol: "XYZ", ...body });
const wrong = (message: string) => ({
  status: 422,
  body: { code: 40010001, message: expect.stringContaining(message) },
});
const broken = (message: string) => ({
  status: 422,
  body: { code: 42210000, message: expect.stringContaining(message) },
});
const refused = (message: string) => ({
  status: 403,
  body: { code: 40310000, message: expect.stringContaining(message) },
});

describe("an order that is wrong by itself", () => {
  it.each([
    [{ qty: undefined }, wrong("qty or notional is required")],
    [{ notional: 100 }, wrong("only one of qty or notional is accepted")],
    [{ qty: 0 }, wrong("qty must be > 0")],
    [{ qty: -1 }, wrong("qty must be > 0")],
    [{ qty: undefined, notional: 0.5 }, wrong("notional must be >= 1.00")],
    [{ client_order_id: "x".repeat(129) }, wrong("client_order_id must be no more than 128 characters")],
    [{ type: "limit" }, wrong("limit orders require a limit price")],
    [{ type: "limit", limit_price: 0 }, wrong("limit price must be > 0")],
    [{ type: "limit", limit_price: 90, stop_price: 80 }, wrong("limit orders must not have stop_price")],
    [{ type: "stop" }, wrong("stop orders require a stop price")],
    [{ type: "stop_limit", limit_price: 90 }, wrong("stop limit orders require both stop and limit price")],
    [{ limit_price: 90 }, wrong("market orders require no stop or limit price")],
    [{ time_in_force: "soon" }, wrong("invalid time_in_force")],
    [{ type: "magic" }, wrong("invalid order type")],
    [{ type: "trailing_stop" }, wrong("trailing stop orders must specify one of trail_price or trail_percent")],
    [
      { type: "trailing_stop", trail_price: 1, trail_percent: 1 },
      wrong("trailing stop orders must specify one of trail_price or trail_percent"),
    ],
    [{ type: "trailing_stop", trail_percent: 0.05 }, wrong("trail_percent must be greater than or equal to 0.1")],
    [{ trail_price: 1 }, wrong("trail_price and trail_percent require type trailing_stop")],
    [
      { type: "limit", limit_price: "290.123" },
      broken("invalid limit_price 290.123. sub-penny increment does not fulfill minimum pricing criteria"),
    ],
    [{ type: "stop", stop_price: "90.001" }, broken("invalid stop_price 90.001. sub-penny increment")],
    [{ symbol: "NOPE" }, broken('asset "NOPE" not found')],
    [{ symbol: "DEAD" }, broken('asset "DEAD" is not tradable')],
    [{ qty: 1.5, time_in_force: "gtc" }, broken("fractional orders must be DAY orders")],
    [
      { qty: 1.5, order_class: "oto", stop_loss: { stop_price: 90 } },
      broken("fractional orders must be simple orders"),
    ],
    [{ qty: 1.5, side: "sell" }, broken("fractional orders cannot be sold short")],
    [{ extended_hours: true }, broken("extended hours order must be DAY limit orders")],
    [
      { type: "stop", stop_price: 110, extended_hours: true },
      broken("stop orders are not eligible for extended hours trading"),
    ],
    [
      { position_intent: "sell_to_close", side: "sell" },
      broken("position intent mismatch, inferred: sell_to_open, specified: sell_to_close"),
    ],
    [{ order_class: "bracket" }, wrong("bracket orders require take_profit.limit_price")],
    [
      { order_class: "bracket", take_profit: { limit_price: 110 } },
      wrong("bracket orders require stop_loss.stop_price"),
    ],
    [{ order_class: "oto" }, wrong("oto orders require exactly one of")],
    [{ order_class: "oco", type: "market" }, wrong("oco orders must be limit orders")],
    [{ take_profit: { limit_price: 110 } }, wrong("take_profit and stop_loss require order_class")],
    [
      {
        type: "limit",
        side: "sell",
        order_class: "oco",
        take_profit: { limit_price: 110 },
        stop_loss: { stop_price: 90 },
      },
      broken("oco orders must be exit orders"),
    ],
    [
      { type: "limit", limit_price: 99, order_class: "oto", stop_loss: { stop_price: 99 } },
      {
        status: 422,
        body: { code: 42210000, message: "stop_loss.stop_price must be <= base_price - 0.01", base_price: "99" },
      },
    ],
    [
      { type: "limit", limit_price: 99, order_class: "oto", take_profit: { limit_price: 99 } },
      {
        status: 422,
        body: { code: 42210000, message: "take_profit.limit_price must be >= base_price + 0.01", base_price: "99" },
      },
    ],
    [{ time_in_force: "opg" }, refused("opg orders must be submitted after 7:00pm and before 9:28am")],
    [{ symbol: "WHOLE", qty: 1.5 }, refused('asset "WHOLE" is not fractionable')],
    [{ symbol: "HARD", side: "sell" }, refused('asset "HARD" cannot be sold short')],
    [{ qty: 0.001 }, refused("cost basis must be >= minimal amount of order 1")],
    [
      { qty: 10_000, type: "limit", limit_price: 100 },
      {
        status: 403,
        body: { code: 40310000, message: "insufficient buying power", buying_power: "200000", cost_basis: "1000000" },
      },
    ],
  ])("%j", async (body, answer) => {
    const desk = await openDeskAt(api, "10:00");
    expect(await place(desk, body)).toMatchObject(answer);
    expect((await requests.ordersOf(desk)).body).toEqual([]);
  });
});

describe("an order that does not go with the others", () => {
  it("meets one of its own on the other side", async () => {
    const desk = await openDeskAt(api, "10:00");
    const resting = await place(desk, { type: "limit", limit_price: 95 });
    expect(await place(desk, { side: "sell", type: "limit", limit_price: 94 })).toMatchObject({
      status: 403,
      body: {
        code: 40310000,
        message: "potential wash trade detected. use complex orders",
        existing_order_id: resting.body.id,
        reject_reason: "opposite side limit order exists",
      },
    });
    expect(await place(desk, { side: "sell" })).toMatchObject({
      body: { reject_reason: "opposite side market/stop order exists" },
    });
    expect(await place(desk, { side: "sell", type: "limit", limit_price: 96 })).toMatchObject(
      refused("cannot open a short sell while a long buy order is open"),
    );
  });

  it("sells more than is free, enters where it should leave, or comes twice", async () => {
    const desk = await openDeskAt(api, "10:00");
    await place(desk, { client_order_id: "mine" });
    await requests.advance(desk);
    expect(await place(desk, { client_order_id: "mine" })).toMatchObject(wrong("client_order_id must be unique"));
    await place(desk, { side: "sell", qty: 6, type: "limit", limit_price: 120, time_in_force: "gtc" });
    expect(await place(desk, { side: "sell" })).toMatchObject({
      status: 403,
      body: {
        code: 40310000,
        message: "insufficient qty available for order (requested: 10, available: 4)",
        symbol: "XYZ",
        available: "4",
        existing_qty: "10",
        held_for_orders: "6",
      },
    });
    const bracket = { order_class: "bracket", take_profit: { limit_price: 90 }, stop_loss: { stop_price: 110 } };
    expect(await place(desk, { side: "sell", qty: 2, ...bracket })).toMatchObject(
      broken("bracket orders must be entry orders"),
    );
  });

  it("mixes amounts and quantities of one sale while the market is closed", async () => {
    const desk = await openDeskAt(api, "10:00");
    await place(desk, {});
    await requests.advance(desk, { duration: 600 });
    await place(desk, { side: "sell", qty: undefined, notional: 200 });
    expect(await place(desk, { side: "sell", qty: 1 })).toMatchObject(
      refused("unable to open new notional orders while having open closing position orders"),
    );
  });
});

describe("an account that may not", () => {
  const configured = async (changes: object, config: object = {}): Promise<Desk> => {
    const desk = await openDeskAt(api, "10:00", config);
    const url = `/v1/trading/accounts/${desk.account}/account/configurations`;
    expect(await api.send("PATCH", url, { session: desk.session, body: changes })).toMatchObject({ status: 200 });
    return desk;
  };

  it.each([
    [{ no_shorting: true }, { side: "sell" }, "account is not allowed to short"],
    [{ suspend_trade: true }, {}, "account is not authorized to trade"],
    [{ fractional_trading: false }, { qty: 1.5 }, "fractional trading is disabled for this account"],
    [{ max_margin_multiplier: "1" }, { qty: 1500, type: "limit", limit_price: 100 }, "insufficient buying power"],
  ])("%j", async (changes, body, message) => {
    expect(await place(await configured(changes), body)).toMatchObject(refused(message));
  });

  it("is not lent anything as a cash account", async () => {
    const desk = await openDeskAt(api, "10:00", { margin: "cash" });
    expect(await place(desk, { side: "sell" })).toMatchObject(refused("account is not allowed to short"));
    expect(await place(desk, { qty: 1001, type: "limit", limit_price: 100 })).toMatchObject(
      refused("insufficient buying power"),
    );
  });

  it("has less than 25,000 dollars and makes a fourth day trade before 2026-06-04", async () => {
    const desk = await openDeskAt(api, "10:00");
    const small = (await api.send("POST", "/v1/accounts", { session: desk.session, body: { initialCash: 20_000 } }))
      .body.id;
    const theirs = { ...desk, orders: `/v1/trading/accounts/${small}/orders` };
    for (let trade = 0; trade < 3; trade += 1) {
      expect(await place(theirs, { qty: 1 })).toMatchObject({ status: 201 });
      await requests.advance(desk);
      expect(await place(theirs, { qty: 1, side: "sell" })).toMatchObject({ status: 201 });
      await requests.advance(desk);
    }
    await place(theirs, { qty: 1 });
    await requests.advance(desk);
    expect(await place(theirs, { qty: 1, side: "sell" })).toMatchObject({
      status: 403,
      body: { code: 40310100, message: "trade denied due to pattern day trading protection" },
    });
  });
});
