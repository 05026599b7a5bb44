/** Orders of an account: placing, listing, replacing, cancelling, and every refusal. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, SPAN, type Api, type Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const { place, get, remove, advance, ordersOf } = deskRequests(() => api);

describe("placing orders", () => {
  it("takes numbers and strings, either spelling, padding, a lower-case symbol, and a notional", async () => {
    const desk = await openDesk(api);
    expect(
      (await place(desk, { qty: "1.5", symbol: "aapl", orderClass: "", limitPrice: null, legs: null })).body,
    ).toMatchObject({ qty: "1.5", symbol: "AAPL" });
    expect(
      (await place(desk, { type: "limit", limitPrice: "99.5", timeInForce: "gtc", clientOrderId: "mine" })).body,
    ).toMatchObject({ limit_price: "99.5", time_in_force: "gtc", client_order_id: "mine" });
    expect((await place(desk, { qty: undefined, notional: 1000 })).body).toMatchObject({ qty: null, notional: "1000" });
    await advance(desk);
    const filled = (await ordersOf(desk)).body[0];
    expect(filled).toMatchObject({ status: "filled", qty: null });
    expect(Number(filled.filled_qty) * Number(filled.filled_avg_price)).toBeCloseTo(1000, 5);
  });

  it("stays accepted until the venue opens, with Alpaca's hours", async () => {
    const desk = await openDesk(api, { ...SPAN, config: { tradingHours: "regular" } });
    await place(desk, {});
    expect((await ordersOf(desk)).body[0]).toMatchObject({ status: "accepted", expires_at: "2023-01-03T21:00:00Z" });
    await advance(desk, { targetTime: "2023-01-03T14:30:00Z" });
    expect((await ordersOf(desk)).body[0].status).toBe("new");
    await advance(desk);
    expect((await ordersOf(desk)).body[0]).toMatchObject({ status: "filled", filled_at: "2023-01-03T14:30:00Z" });
  });

  it.each([
    ["no symbol", { symbol: undefined }, 422, 40_010_001, "symbol is required"],
    ["an empty symbol", { symbol: "" }, 422, 40_010_001, "symbol is required"],
    ["no side", { side: undefined }, 422, 40_010_001, "side is required"],
    ["a wrong side", { side: "hold" }, 422, 40_010_001, 'invalid side: must be one of buy, sell, got "hold"'],
    ["a wrong type", { type: "magic" }, 422, 40_010_001, "invalid order type"],
    ["a wrong time in force", { time_in_force: "gtd" }, 422, 40_010_001, "invalid time_in_force"],
    ["no size", { qty: undefined }, 422, 40_010_001, "qty or notional is required"],
    ["two sizes", { notional: 5 }, 422, 40_010_001, "only one of qty or notional is accepted"],
    ["zero", { qty: 0 }, 422, 40_010_001, "qty must be > 0"],
    ["less than zero", { qty: -1 }, 422, 40_010_001, "qty must be > 0"],
    ["a word", { qty: "ten" }, 422, 40_010_001, 'qty must be a plain decimal number, got "ten"'],
    ["an object", { qty: {} }, 422, 40_010_001, "qty must be a decimal, as a string or a number, got {}"],
    ["19 digits", { qty: "1234567890123456789" }, 422, 40_010_001, "qty must be <= 1000000000"],
    ["a number of 19 digits", { qty: 1_234_567_890_123_456_800 }, 422, 40_010_001, "qty must be <= 1000000000"],
    ["40 decimals", { qty: "0.1234567890123456789012345678901234567890" }, 422, 40_010_001, "qty must"],
    ["10 decimals", { qty: "1.1234567891" }, 422, 40_010_001, "qty must have at most 9 decimals"],
    ["a tiny number", { qty: 1e-10 }, 422, 40_010_001, "qty must have at most 9 decimals"],
    ["NaN", { qty: "NaN" }, 422, 40_010_001, "qty must be a plain decimal number"],
    [
      "a market order with a limit",
      { limit_price: 5 },
      422,
      40_010_001,
      "market orders require no stop or limit price",
    ],
    ["a limit order without one", { type: "limit" }, 422, 40_010_001, "limit orders require a limit price"],
    [
      "a sub-penny price",
      { type: "limit", limit_price: "190.123" },
      422,
      42_210_000,
      "invalid limit_price 190.123. sub-penny increment",
    ],
    [
      "a fraction that lives on",
      { qty: 0.5, time_in_force: "gtc" },
      422,
      42_210_000,
      "fractional orders must be DAY orders",
    ],
    ["an unknown symbol", { symbol: "NOPE" }, 422, 42_210_000, '"tapedeck data list" shows what there is'],
    [
      "a long client_order_id",
      { client_order_id: "x".repeat(129) },
      422,
      40_010_001,
      "client_order_id must be no more than 128 characters",
    ],
    [
      "a client_order_id with a bell",
      { client_order_id: "a\u0007" },
      422,
      40_010_001,
      "client_order_id must not contain control characters",
    ],
    ["a number for an id", { client_order_id: 5 }, 422, 40_010_001, "client_order_id must be string, got 5"],
    [
      "a bracket without exits",
      { order_class: "bracket" },
      422,
      40_010_001,
      "bracket orders require take_profit.limit_price",
    ],
    [
      "a trailing stop without a distance",
      { type: "trailing_stop" },
      422,
      40_010_001,
      "trailing stop orders must specify one of trail_price or trail_percent",
    ],
    ["a short fraction", { side: "sell", qty: 0.5 }, 422, 42_210_000, "fractional orders cannot be sold short"],
    ["more than it can pay", { qty: 1_000_000 }, 403, 40_310_000, "insufficient buying power"],
  ])("refuses %s", async (_what, body, status, code, message) => {
    const desk = await openDesk(api);
    const reply = await place(desk, body);
    expect(reply.body.message).toContain(message);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect((await ordersOf(desk)).body).toEqual([]);
  });

  it("says what it costs and what there is", async () => {
    const desk = await openDesk(api);
    const { body } = await place(desk, { qty: 2000, type: "limit", limit_price: 150 });
    expect(body).toMatchObject({ buying_power: "200000", cost_basis: "300000" });
  });

  it("wants client_order_id to be unique", async () => {
    const desk = await openDesk(api);
    await place(desk, { client_order_id: "one" });
    expect(await place(desk, { client_order_id: "one" })).toMatchObject({
      status: 422,
      body: { code: 40_010_001, message: "client_order_id must be unique" },
    });
  });

  it("wants client_order_id to be unique among generated ones too, for new orders, replacements and previews", async () => {
    const desk = await openDesk(api);
    const resting = { type: "limit", limit_price: 50 };
    const [first, second] = [(await place(desk, resting)).body, (await place(desk, resting)).body];
    const taken = { status: 422, body: { code: 40_010_001, message: "client_order_id must be unique" } };
    const replace = (id: string, client_order_id: string): Promise<Reply> =>
      api.send("PATCH", `${desk.orders}/${id}`, { session: desk.session, body: { client_order_id } });
    for (const id of [first.client_order_id, first.client_order_id.toUpperCase()]) {
      expect(await place(desk, { ...resting, client_order_id: id })).toMatchObject(taken);
      expect(await replace(first.id, id)).toMatchObject(taken);
      expect(await replace(second.id, id)).toMatchObject(taken);
      const preview = { symbol: "AAPL", side: "buy", qty: 1, client_order_id: id };
      expect(await api.send("POST", `${desk.orders}/preview`, { session: desk.session, body: preview })).toMatchObject({
        status: 200,
        body: { accepted: false, refusal: taken.body },
      });
    }
    expect((await ordersOf(desk)).body).toHaveLength(2);
  });

  it("counts the characters of a client_order_id, whatever they take in memory", async () => {
    const desk = await openDesk(api);
    const resting = (await place(desk, { type: "limit", limit_price: 50 })).body;
    const replace = (client_order_id: string): Promise<Reply> =>
      api.send("PATCH", `${desk.orders}/${resting.id}`, { session: desk.session, body: { client_order_id } });
    const [longest, other, tooLong] = ["🚀".repeat(128), "🌕".repeat(128), "🚀".repeat(129)];
    expect(await place(desk, { client_order_id: longest })).toMatchObject({
      status: 201,
      body: { client_order_id: longest },
    });
    const refused = {
      status: 422,
      body: { code: 40_010_001, message: "client_order_id must be no more than 128 characters" },
    };
    expect(await place(desk, { client_order_id: tooLong })).toMatchObject(refused);
    expect(await replace(tooLong)).toMatchObject(refused);
    expect(await replace(other)).toMatchObject({ status: 200, body: { client_order_id: other } });
  });

  it("leaves the id of an order free that has another client_order_id, or another account", async () => {
    const desk = await openDesk(api);
    const [named, unnamed] = [(await place(desk, { client_order_id: "mine" })).body, (await place(desk, {})).body];
    expect(await place(desk, { client_order_id: named.id })).toMatchObject({ status: 201 });
    const account = (await api.send("POST", "/v1/accounts", { session: desk.session, body: {} })).body.id as string;
    const other = { ...desk, account, orders: desk.orders.replace(desk.account, account) };
    expect(await place(other, { client_order_id: unnamed.id })).toMatchObject({ status: 201 });
  });
});

describe("reading, replacing and cancelling orders", () => {
  it("filters, sorts and pages without losing orders of one instant", async () => {
    const desk = await openDesk(api);
    for (let count = 0; count < 5; count += 1)
      await place(desk, { type: "limit", limit_price: 50 + count, symbol: count === 3 ? "MSFT" : "AAPL" });
    const limits = (reply: Reply): readonly string[] =>
      reply.body.map((order: { limit_price: string }) => order.limit_price);
    expect(limits(await ordersOf(desk))).toEqual(["54", "53", "52", "51", "50"]);
    expect(limits(await ordersOf(desk, "?direction=asc&limit=2"))).toEqual(["50", "51"]);
    expect(limits(await ordersOf(desk, "?symbols=MSFT,TSLA"))).toEqual(["53"]);
    expect(limits(await ordersOf(desk, "?symbols=MSFT&symbols=TSLA&nested=True&side=buy"))).toEqual(["53"]);
    expect(limits(await ordersOf(desk, "?status=closed"))).toEqual([]);
    const seen: string[] = [];
    for (let until = ""; ;) {
      const page = await ordersOf(desk, `?limit=2${until}`);
      seen.push(...limits(page));
      if (page.body.length < 2) break;
      until = `&until=${page.body.at(-1).submitted_at}`;
    }
    expect(seen).toEqual(["54", "53", "52", "51", "50"]);
  });

  it.each([
    ["limit=501", 422, 40_010_001, "limit must be a whole number from 1 to 500"],
    ["status=maybe", 400, 40_010_000, "status must be one of open, closed, all"],
    ["direction=up", 400, 40_010_000, "direction must be one of asc, desc"],
    ["nested=perhaps", 400, 40_010_000, "nested must be true or false"],
    ["after=yesterday", 400, 40_010_000, "after must be an RFC 3339 time"],
    ["until=2023-01-03T10:00:00", 400, 40_010_000, "until must have an offset"],
    ["side=hold", 400, 40_010_000, "side must be one of buy, sell"],
  ])("refuses ?%s", async (query, status, code, message) => {
    const desk = await openDesk(api);
    const reply = await ordersOf(desk, `?${query}`);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect(reply.body.message).toContain(message);
  });

  it("finds an order by its id and by its client_order_id, given or generated", async () => {
    const desk = await openDesk(api);
    const [named, unnamed] = [(await place(desk, { client_order_id: "a b&c" })).body, (await place(desk, {})).body];
    expect((await get(desk, `${desk.orders}/${named.id}`)).body.id).toBe(named.id);
    const byClientId = (id: string): Promise<Reply> =>
      get(desk, `${desk.orders}:by_client_order_id?client_order_id=${encodeURIComponent(id)}`);
    expect((await byClientId("a b&c")).body.id).toBe(named.id);
    expect((await byClientId(unnamed.client_order_id)).body.id).toBe(unnamed.id);
    expect(await byClientId(named.id)).toMatchObject({ status: 404, body: { code: 40_410_000 } });
    expect(await get(desk, `${desk.orders}/${desk.account}`)).toMatchObject({
      status: 404,
      body: { message: `order not found for ${desk.account}` },
    });
    expect(await get(desk, `${desk.orders}:by_client_order_id`)).toMatchObject({
      status: 400,
      body: { message: "client_order_id is required" },
    });
  });

  it.each([
    ["GET", ""],
    ["GET", "/explain"],
    ["PATCH", ""],
    ["DELETE", ""],
  ])("%s of an order%s tells what is no id (422) from an unknown one (404)", async (method, tail) => {
    const desk = await openDesk(api);
    const ask = (id: string): Promise<Reply> =>
      api.send(method, `${desk.orders}/${id}${tail}`, {
        session: desk.session,
        ...(method === "PATCH" ? { body: { qty: 5 } } : {}),
      });
    const { id } = (await place(desk, {})).body;
    for (const wrong of ["nope", "1", `${id}0`, id.replaceAll("-", ""), id.replace(/^./, "g")])
      expect(await ask(wrong)).toMatchObject({
        status: 422,
        body: { code: 40_010_001, message: `invalid order id: must be a UUID, got "${wrong}"` },
      });
    for (const unknown of [desk.account, "00000000-0000-0000-0000-000000000000"])
      expect(await ask(unknown)).toMatchObject({
        status: 404,
        body: { code: 40_410_000, message: `order not found for ${unknown}` },
      });
  });

  it("replaces an order on a standing clock by a new one", async () => {
    const desk = await openDesk(api);
    const old = (await place(desk, { type: "limit", limit_price: 50 })).body;
    const replaced = await api.send("PATCH", `${desk.orders}/${old.id}`, {
      session: desk.session,
      body: { limitPrice: 51.25, qty: "20" },
    });
    expect(replaced).toMatchObject({ status: 200, body: { replaces: old.id, limit_price: "51.25", qty: "20" } });
    expect((await get(desk, `${desk.orders}/${old.id}`)).body).toMatchObject({
      status: "replaced",
      replaced_by: replaced.body.id,
    });
    const again = await api.send("PATCH", `${desk.orders}/${old.id}`, { session: desk.session, body: { qty: 5 } });
    expect(again).toMatchObject({
      status: 422,
      body: { code: 42_210_000, message: expect.stringContaining("unable to replace order, order is not open") },
    });
    const same = await api.send("PATCH", `${desk.orders}/${replaced.body.id}`, { session: desk.session, body: {} });
    expect(same).toMatchObject({ status: 422, body: { message: "order parameters are not changed" } });
  });

  it("cancels one, and all, and says which", async () => {
    const desk = await openDesk(api);
    const [one, two] = [(await place(desk, {})).body, (await place(desk, {})).body];
    expect(await remove(desk, `${desk.orders}/${one.id}`)).toMatchObject({ status: 204, body: undefined });
    expect(await remove(desk, `${desk.orders}/${one.id}`)).toMatchObject({
      status: 422,
      body: { code: 42_210_000, message: expect.stringContaining("order is not cancelable") },
    });
    expect(await remove(desk, desk.orders)).toMatchObject({ status: 207, body: [{ id: two.id, status: 200 }] });
    expect(await remove(desk, desk.orders)).toMatchObject({ status: 207, body: [] });
  });
});
