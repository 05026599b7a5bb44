/** What an order would do, without doing it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, SPAN, type Api, type Desk, type Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const { place, get, advance, ordersOf } = deskRequests(() => api);
const REGULAR = { ...SPAN, startTime: "2023-01-03T14:30:00Z", config: { tradingHours: "regular" } };
const preview = (desk: Desk, body: object): Promise<Reply> =>
  api.send("POST", `${desk.orders}/preview`, {
    session: desk.session,
    body: { symbol: "AAPL", side: "buy", qty: 10, ...body },
  });

describe("a preview", () => {
  it("says what the order would cost and leave, and changes nothing", async () => {
    const desk = await openDesk(api, REGULAR);
    await advance(desk, { duration: 1 });
    const account = desk.orders.replace("/orders", "/account");
    const before = (await get(desk, account)).body;
    const { status, body } = await preview(desk, { type: "limit", limit_price: "100", time_in_force: "gtc" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accepted: true,
      refusal: null,
      symbol: "AAPL",
      side: "buy",
      type: "limit",
      qty: "10",
      notional: null,
      is_opening: true,
      cost_basis: "1000",
      buying_power_before: before.buying_power,
      position_qty_before: "0",
      position_qty_after: "10",
      opens_at: "2023-01-03T14:31:00Z",
    });
    expect(Number(body.buying_power_before) - Number(body.buying_power_after)).toBe(1000);
    expect((await ordersOf(desk)).body).toEqual([]);
    expect((await get(desk, account)).body).toEqual(before);
  });

  it("agrees with what placing the order then does", async () => {
    const desk = await openDesk(api, REGULAR);
    await advance(desk, { duration: 1 });
    for (const body of [{}, { type: "limit", limit_price: 120 }, { side: "sell" }, { qty: undefined, notional: 500 }]) {
      const foreseen = (await preview(desk, body)).body;
      const placed = await place(desk, { type: "market", ...body });
      expect([placed.status === 201, placed.body.message]).toEqual([foreseen.accepted, foreseen.refusal?.message]);
      if (placed.status === 201) expect(foreseen.expires_at).toBe(placed.body.expires_at);
    }
  });

  it("answers what the broker would refuse with accepted: false and the refusal itself", async () => {
    const desk = await openDesk(api, REGULAR);
    await advance(desk, { duration: 1 });
    const asked = { qty: 2000, type: "limit", limit_price: 150 };
    const { body } = await preview(desk, asked);
    expect(body).toMatchObject({ accepted: false, refusal: (await place(desk, asked)).body });
    expect((await preview(desk, { position_intent: "buy_to_close" })).body).toMatchObject({
      accepted: false,
      refusal: { code: 42_210_000, message: expect.stringContaining("position intent mismatch") },
    });
    expect((await preview(desk, { symbol: "NOPE" })).body.refusal.code).toBe(42_210_000);
  });

  it("names the order that it would meet, as placing it does", async () => {
    const desk = await openDesk(api, REGULAR);
    await advance(desk, { duration: 1 });
    const { id } = (await place(desk, { type: "limit", limit_price: 100 })).body;
    const crossing = { side: "sell", qty: 10, type: "market" };
    const { refusal } = (await preview(desk, crossing)).body;
    expect(refusal).toMatchObject({ code: 40_310_000, existing_order_id: id });
    expect((await place(desk, crossing)).body).toEqual(refusal);
  });

  it("refuses a body that is no order, as placing it would", async () => {
    const desk = await openDesk(api, REGULAR);
    expect(await preview(desk, { qty: "ten" })).toMatchObject({ status: 422, body: { code: 40_010_001 } });
    expect(await preview(desk, { symbol: "" })).toMatchObject({ status: 422, body: { message: "symbol is required" } });
    const { session, orders } = desk;
    const stranger = `${orders.replace(desk.account, session)}/preview`;
    expect((await api.send("POST", stranger, { session, body: { symbol: "AAPL", side: "buy", qty: 1 } })).status).toBe(
      404,
    );
  });

  it("warns of what may surprise", async () => {
    const closed = await openDesk(api, { ...SPAN, config: { tradingHours: "regular" } });
    const warnings = async (desk: Desk, body: object): Promise<readonly string[]> =>
      (await preview(desk, body)).body.warnings;
    expect(await warnings(closed, {})).toContain("the venue is closed for it: it waits until 2023-01-03T14:30:00Z");
    const desk = await openDesk(api, REGULAR);
    await advance(desk, { duration: 1 });
    expect(await warnings(desk, { type: "limit", limit_price: 100 })).toEqual([]);
    expect(await warnings(desk, { type: "limit", limit_price: 500 })).toEqual([
      expect.stringContaining("its limit is marketable: the last price is"),
    ]);
    expect(await warnings(desk, { type: "stop", stop_price: 100 })).toEqual([
      expect.stringContaining("its stop is reached already"),
    ]);
    expect(await warnings(desk, { time_in_force: "fok" })).toEqual([
      expect.stringContaining("fok looks at the open of one bar"),
    ]);
    expect(await warnings(desk, { type: "limit", limit_price: 100, time_in_force: "gtc" })).toEqual([
      "the session may end before the order does",
    ]);
  });
});
