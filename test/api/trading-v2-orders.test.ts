/** Orders of Trading v2 as a bot sees them: their fields, groups, replacements, cancels and refusals. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, type Api, type Reply } from "../support/api.ts";
import { openTrader } from "../support/trader.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const OPEN = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T20:00:00Z" };
const uuid = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);

/** Alpaca's order, with our own `reason` at its end. */
const ORDER = {
  id: uuid,
  client_order_id: expect.any(String),
  created_at: time,
  updated_at: time,
  submitted_at: time,
  filled_at: null,
  expired_at: null,
  expires_at: time,
  cancel_requested_at: null,
  canceled_at: null,
  failed_at: null,
  replaced_at: null,
  replaced_by: null,
  replaces: null,
  asset_id: uuid,
  symbol: "AAPL",
  asset_class: "us_equity",
  notional: null,
  qty: "10",
  filled_qty: "0",
  filled_avg_price: null,
  order_class: "",
  order_type: "market",
  type: "market",
  side: "buy",
  position_intent: "buy_to_open",
  time_in_force: "day",
  limit_price: null,
  stop_price: null,
  trail_percent: null,
  trail_price: null,
  hwm: null,
  status: "accepted",
  extended_hours: false,
  legs: null,
  source: null,
  subtag: null,
  commission: "0",
  reason: null,
};

const RESTING = { type: "limit", limit_price: 50, time_in_force: "gtc" };
const BRACKET = { order_class: "bracket", take_profit: { limit_price: 500 }, stop_loss: { stop_price: 50 } };
const idsOf = ({ body }: Reply): readonly string[] => body.map(({ id }: { id: string }) => id);

describe("placing", () => {
  it("answers 200 with every field of Alpaca's order, and no Location", async () => {
    const bot = await openTrader(api, OPEN);
    const { status, body, headers } = await bot.place();
    expect([status, headers["location"]]).toEqual([200, undefined]);
    expect(body).toEqual(ORDER);
    expect(await bot.get(`/v2/orders/${body.id}`)).toMatchObject({ status: 200, body: { ...ORDER, status: "new" } });
    await bot.advance();
    expect((await bot.get(`/v2/orders/${body.id}`)).body).toEqual({
      ...ORDER,
      status: "filled",
      filled_at: time,
      filled_qty: "10",
      filled_avg_price: expect.stringMatching(/^\d+(\.\d+)?$/),
    });
  });

  it.each([
    [
      "a limit",
      { type: "limit", limit_price: "120.5", time_in_force: "gtc" },
      { order_type: "limit", limit_price: "120.5" },
    ],
    ["a stop", { type: "stop", stop_price: 140 }, { order_type: "stop", stop_price: "140" }],
    [
      "a stop-limit",
      { type: "stop_limit", stop_price: 140, limit_price: 141 },
      { type: "stop_limit", stop_price: "140", limit_price: "141" },
    ],
    [
      "a trailing stop",
      { type: "trailing_stop", trail_percent: 2, side: "sell" },
      { trail_percent: "2", trail_price: null, hwm: expect.any(String), stop_price: expect.any(String) },
    ],
    ["an amount", { qty: undefined, notional: "1000" }, { qty: null, notional: "1000" }],
    ["a fraction", { qty: 0.5 }, { qty: "0.5" }],
    ["an order for the close", { time_in_force: "cls" }, { time_in_force: "cls" }],
    [
      "Go's padding",
      { client_order_id: "", order_class: "", limit_price: null, legs: null, take_profit: null },
      { client_order_id: uuid, order_class: "" },
    ],
    ["an asset id", { symbol: "a35f1bd6-2b29-5213-9110-4bc79c1e46b2" }, { symbol: "AAPL" }],
    ["advanced instructions", { advanced_instructions: { algorithm: "VWAP" } }, { type: "market" }],
  ])("takes %s", async (_what, body, shown) => {
    const bot = await openTrader(api, OPEN);
    expect(await bot.place(body)).toMatchObject({ status: 200, body: shown });
  });

  it("knows Alpaca's spelling alone", async () => {
    const bot = await openTrader(api, OPEN);
    expect(await bot.place({ type: "limit", limitPrice: 50 })).toMatchObject({
      status: 422,
      body: { message: "limit orders require a limit price" },
    });
    expect((await bot.place({ clientOrderId: "mine" })).body.client_order_id).not.toBe("mine");
  });

  it("reads JSON whatever the content type says, and an absent body as an empty one", async () => {
    const bot = await openTrader(api, OPEN);
    const raw = JSON.stringify({ symbol: "AAPL", qty: "1", side: "buy", type: "market", time_in_force: "day" });
    for (const type of ["text/plain;charset=UTF-8", ""])
      expect(await api.send("POST", `${bot.base}/v2/orders`, { raw, headers: { "content-type": type } })).toMatchObject(
        {
          status: 200,
        },
      );
    expect(await bot.post("/v2/orders")).toMatchObject({ status: 422, body: { message: "symbol is required" } });
  });

  it.each([
    [{ qty: 0 }, 422, 40_010_001, "qty must be > 0"],
    [{ qty: undefined }, 422, 40_010_001, "qty or notional is required"],
    [{ notional: 5 }, 422, 40_010_001, "only one of qty or notional is accepted"],
    [{ side: "hold" }, 422, 40_010_001, "invalid side"],
    [{ type: "magic" }, 422, 40_010_001, "invalid order type"],
    [{ time_in_force: "gtd" }, 422, 40_010_001, "invalid time_in_force"],
    [{ type: "limit" }, 422, 40_010_001, "limit orders require a limit price"],
    [{ type: "stop" }, 422, 40_010_001, "stop orders require a stop price"],
    [{ type: "stop_limit" }, 422, 40_010_001, "stop limit orders require both stop and limit price"],
    [{ limit_price: 5 }, 422, 40_010_001, "market orders require no stop or limit price"],
    [
      { type: "trailing_stop" },
      422,
      40_010_001,
      "trailing stop orders must specify one of trail_price or trail_percent",
    ],
    [{ client_order_id: "x".repeat(129) }, 422, 40_010_001, "client_order_id must be no more than 128 characters"],
    [{ type: "limit", limit_price: 290.123 }, 422, 42_210_000, "invalid limit_price 290.123. sub-penny increment"],
    [{ symbol: "NOPE" }, 422, 42_210_000, 'asset "NOPE" not found'],
    [{ qty: 0.5, time_in_force: "gtc" }, 422, 42_210_000, "fractional orders must be DAY orders"],
    [{ qty: 0.5, side: "sell" }, 422, 42_210_000, "fractional orders cannot be sold short"],
    [{ position_intent: "sell_to_open" }, 422, 42_210_000, "position intent mismatch, inferred: buy_to_open"],
    [{ qty: 100_000 }, 403, 40_310_000, "insufficient buying power"],
    [{ time_in_force: "opg" }, 403, 40_310_000, "opg orders must be submitted after 7:00pm and before 9:28am"],
    [{ qty: 0.001 }, 403, 40_310_000, "cost basis must be >= minimal amount of order 1"],
  ])("refuses %j", async (changes, status, code, message) => {
    const bot = await openTrader(api, OPEN);
    const reply = await bot.place(changes);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect(reply.body.message).toContain(message);
    expect((await bot.get("/v2/orders?status=all")).body).toEqual([]);
  });

  it("refuses with Alpaca's extra fields, all of them strings", async () => {
    const bot = await openTrader(api, OPEN);
    expect((await bot.place({ ...RESTING, qty: 10_000 })).body).toEqual({
      code: 40_310_000,
      message: "insufficient buying power",
      buying_power: "200000",
      cost_basis: "500000",
    });
    const resting = (await bot.place(RESTING)).body;
    expect(await bot.place({ side: "sell", type: "limit", limit_price: 49 })).toMatchObject({
      status: 403,
      body: {
        code: 40_310_000,
        message: "potential wash trade detected. use complex orders",
        existing_order_id: resting.id,
        reject_reason: "opposite side limit order exists",
      },
    });
    expect((await bot.place({ ...RESTING, client_order_id: resting.client_order_id })).body).toEqual({
      code: 40_010_001,
      message: "client_order_id must be unique",
    });
  });

  it("is previewed without a trace", async () => {
    const bot = await openTrader(api, OPEN);
    const order = { symbol: "AAPL", qty: 1, side: "buy", type: "market", time_in_force: "day" };
    expect(await bot.post("/v2/orders/preview", order)).toMatchObject({ status: 200, body: { accepted: true } });
    expect((await bot.get("/v2/orders?status=all")).body).toEqual([]);
  });
});

describe("groups", () => {
  it("come back with held legs, and are rows of their own unless nested", async () => {
    const bot = await openTrader(api, OPEN);
    const { body } = await bot.place(BRACKET);
    expect(body).toEqual({ ...ORDER, order_class: "bracket", legs: [expect.any(Object), expect.any(Object)] });
    const leg = { ...ORDER, side: "sell", order_class: "bracket", status: "held", position_intent: "sell_to_close" };
    expect(body.legs).toEqual([
      { ...leg, type: "limit", order_type: "limit", limit_price: "500" },
      { ...leg, type: "stop", order_type: "stop", stop_price: "50" },
    ]);
    const flat = await bot.get("/v2/orders");
    expect(flat.body.map(({ legs }: { legs: unknown }) => legs)).toEqual([null, null, null]);
    expect(new Set(idsOf(flat))).toEqual(new Set([body.id, ...body.legs.map(({ id }: { id: string }) => id)]));
    const nested = await bot.get("/v2/orders?nested=True");
    expect(idsOf(nested)).toEqual([body.id]);
    expect(nested.body[0].legs.map(({ id }: { id: string }) => id)).toEqual(
      body.legs.map(({ id }: { id: string }) => id),
    );
    expect((await bot.get(`/v2/orders/${body.id}?nested=true`)).body.legs).toHaveLength(2);
  });

  it("stay open while a leg works, and go together", async () => {
    const bot = await openTrader(api, OPEN);
    const { body } = await bot.place({ ...BRACKET, time_in_force: "gtc" });
    await bot.advance();
    const [group] = (await bot.get("/v2/orders?nested=true")).body;
    expect([group.status, ...group.legs.map(({ status }: { status: string }) => status)]).toEqual([
      "filled",
      "new",
      "new",
    ]);
    expect(await bot.remove(`/v2/orders/${body.legs[0].id}`)).toMatchObject({ status: 204 });
    const closed = (await bot.get(`/v2/orders/${body.id}`)).body.legs;
    expect(closed.map(({ status }: { status: string }) => status)).toEqual(["canceled", "canceled"]);
    expect((await bot.get("/v2/orders?nested=true")).body).toEqual([]);
  });
});

describe("replacing", () => {
  it("gives a new order; both know of one another", async () => {
    const bot = await openTrader(api, OPEN);
    const old = (await bot.place({ ...RESTING, client_order_id: "old" })).body;
    const { status, body } = await bot.patch(`/v2/orders/${old.id}`, { limit_price: "51", qty: "12" });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...ORDER,
      qty: "12",
      type: "limit",
      order_type: "limit",
      limit_price: "51",
      time_in_force: "gtc",
      replaces: old.id,
    });
    expect(body.id).not.toBe(old.id);
    expect((await bot.get("/v2/orders:by_client_order_id?client_order_id=old")).body).toMatchObject({
      id: old.id,
      status: "replaced",
      replaced_by: body.id,
      replaced_at: time,
    });
    expect(idsOf(await bot.get("/v2/orders"))).toEqual([body.id]);
  });

  it.each([
    [{}, 422, 42_210_000, "order parameters are not changed"],
    [{ limit_price: 50 }, 422, 42_210_000, "order parameters are not changed"],
    [{ limit_price: 50.001 }, 422, 42_210_000, "sub-penny increment"],
    [{ stop_price: 49 }, 422, 40_010_001, "limit orders must not have stop_price"],
    [{ qty: 0 }, 422, 40_010_001, "qty must be > 0"],
    [{ qty: 100_000 }, 403, 40_310_000, "insufficient buying power"],
    [{ notional: 5 }, 422, 42_210_000, "notional cannot be replaced"],
  ])("with %j is refused", async (changes, status, code, message) => {
    const bot = await openTrader(api, OPEN);
    const { id } = (await bot.place(RESTING)).body;
    const reply = await bot.patch(`/v2/orders/${id}`, changes);
    expect(reply.body.message).toContain(message);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect((await bot.get(`/v2/orders/${id}`)).body).toMatchObject({ status: "new", replaced_by: null });
  });

  it("and cancelling what is over is refused", async () => {
    const bot = await openTrader(api, OPEN);
    const { id } = (await bot.place()).body;
    await bot.advance();
    expect(await bot.patch(`/v2/orders/${id}`, { qty: 5 })).toMatchObject({
      status: 422,
      body: { code: 42_210_000, message: expect.stringContaining("unable to replace order, order is not open") },
    });
    expect(await bot.remove(`/v2/orders/${id}`)).toMatchObject({
      status: 422,
      body: { code: 42_210_000, message: expect.stringContaining("order is not cancelable") },
    });
  });

  it("is refused while an order waits for the open", async () => {
    const bot = await openTrader(api, {
      ...OPEN,
      startTime: "2023-01-03T02:00:00Z",
      config: { tradingHours: "regular" },
    });
    const { id } = (await bot.place(RESTING)).body;
    expect(await bot.patch(`/v2/orders/${id}`, { qty: 5 })).toMatchObject({
      status: 422,
      body: { code: 42_210_000, message: expect.stringContaining("unable to replace order, order is not open") },
    });
    expect(await bot.remove(`/v2/orders/${id}`)).toMatchObject({ status: 204 });
  });
});

describe("cancelling", () => {
  it("one answers 204 without a body", async () => {
    const bot = await openTrader(api, OPEN);
    const { id } = (await bot.place(RESTING)).body;
    const { status, body } = await bot.remove(`/v2/orders/${id}`);
    expect([status, body]).toEqual([204, undefined]);
    expect((await bot.get(`/v2/orders/${id}`)).body).toMatchObject({ status: "canceled", canceled_at: time });
  });

  it("all answers 207 with a status for each, and an empty list where there is none", async () => {
    const bot = await openTrader(api, OPEN);
    const placed = [(await bot.place(RESTING)).body.id, (await bot.place({ ...RESTING, symbol: "MSFT" })).body.id];
    const { status, body } = await bot.remove("/v2/orders");
    expect(status).toBe(207);
    expect(body).toEqual(placed.map((id) => ({ id, status: 200 })));
    expect(await bot.remove("/v2/orders")).toMatchObject({ status: 207, body: [] });
    expect((await bot.get("/v2/orders")).body).toEqual([]);
  });
});
