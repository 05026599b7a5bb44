/** Accounts, orders, positions, assets and the clock under a session. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, SPAN, type Api, type Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const { place, get, remove, advance, ordersOf } = deskRequests(() => api);

describe("the example of the specification", () => {
  it("ends with ten AAPL, cash lower by exactly qty × fill price, filled at the first open plus slippage", async () => {
    const desk = await openDesk(api);
    const placed = await place(desk, {});
    expect(placed).toMatchObject({
      status: 201,
      body: { status: "accepted", filled_qty: "0", filled_avg_price: null, qty: "10", time_in_force: "day" },
    });
    expect(placed.headers["location"]).toBe(`${desk.orders}/${placed.body.id}`);
    expect((await ordersOf(desk)).body[0]).toMatchObject({ status: "new", submitted_at: "2023-01-03T09:30:00Z" });
    await advance(desk, { duration: 1 });
    const [bar] = (await get(desk, "/v1/assets/AAPL/bars?start=2023-01-03T09:30:00Z")).body.bars;
    const [order] = (await ordersOf(desk)).body;
    const slipped = (Math.round(bar.o * 100) + Math.ceil(Math.max(1, (bar.o * 100) / 10_000))) / 100;
    expect(order).toMatchObject({
      status: "filled",
      filled_at: "2023-01-03T09:30:00Z",
      filled_qty: "10",
      filled_avg_price: String(slipped),
    });
    const [position] = (await get(desk, desk.positions)).body;
    expect(position).toMatchObject({
      symbol: "AAPL",
      qty: "10",
      side: "long",
      avg_entry_price: String(slipped),
      current_price: String(bar.c),
    });
    const account = (await get(desk, desk.orders.replace("/orders", "/account"))).body;
    expect(Number(account.cash)).toBeCloseTo(100_000 - 10 * slipped, 9);
    expect(Number(account.equity)).toBeCloseTo(Number(account.cash) + 10 * bar.c, 9);
  });
});

describe("accounts", () => {
  it("wants the session's header, and a session of this key", async () => {
    expect(await api.send("GET", "/v1/accounts")).toMatchObject({
      status: 400,
      body: { code: 40_010_000, message: "the header X-Session-Id is required" },
    });
    expect(await api.send("GET", "/v1/accounts", { session: "nope" })).toMatchObject({
      status: 404,
      body: { code: 40_410_000, message: 'session not found: "nope"' },
    });
  });

  it("opens with its own cash, lists newest first, keeps contact data, and closes only when flat", async () => {
    const desk = await openDesk(api);
    const opened = await api.send("POST", "/v1/accounts", {
      session: desk.session,
      body: { initialCash: "5000.25", contact: { emailAddress: "a@b.example" } },
    });
    expect(opened).toMatchObject({
      status: 201,
      body: { status: "ACTIVE", currency: "USD", last_equity: "5000.25", contact: { emailAddress: "a@b.example" } },
    });
    const path = `/v1/accounts/${opened.body.id}`;
    expect(opened.headers["location"]).toBe(path);
    expect((await get(desk, "/v1/accounts")).body.map((account: { id: string }) => account.id)).toEqual([
      opened.body.id,
      desk.account,
    ]);
    const patched = await api.send("PATCH", path, { session: desk.session, body: { identity: { given_name: "Ada" } } });
    expect(patched.body).toMatchObject({ contact: { emailAddress: "a@b.example" }, identity: { given_name: "Ada" } });
    await place(desk, {});
    expect(await remove(desk, `/v1/accounts/${desk.account}`)).toMatchObject({
      status: 422,
      body: { code: 42_210_000, message: expect.stringContaining("1 open orders") },
    });
    expect((await remove(desk, path)).status).toBe(204);
    expect((await get(desk, path)).body.status).toBe("ACCOUNT_CLOSED");
    expect((await remove(desk, path)).status).toBe(422);
  });

  it.each([
    ["negative cash", { initialCash: -1 }, "initial_cash must be from 0"],
    ["words for cash", { initialCash: "much" }, "initial_cash must be a plain decimal number"],
    ["both spellings", { initialCash: 1, initial_cash: 1 }, "initialCash and initial_cash are one field"],
    ["a list for contact", { contact: [] }, "contact must be object"],
  ])("refuses %s", async (_what, body, message) => {
    const { session } = await openDesk(api);
    expect(await api.send("POST", "/v1/accounts", { session, body })).toMatchObject({
      status: 400,
      body: { code: 40_010_000, message: expect.stringContaining(message) },
    });
  });

  it("pages, and does not know accounts of other sessions", async () => {
    const [desk, other] = [await openDesk(api), await openDesk(api)];
    await api.send("POST", "/v1/accounts", { session: desk.session, body: {} });
    const page = await get(desk, "/v1/accounts?limit=1");
    expect(page.body).toHaveLength(1);
    const next = /<http:\/\/[^/]+([^>]+)>/.exec(String(page.headers["link"]))?.[1] ?? "";
    expect((await get(desk, next)).body.map((account: { id: string }) => account.id)).toEqual([desk.account]);
    expect(await get(desk, `/v1/accounts/${other.account}`)).toMatchObject({
      status: 404,
      body: { message: `account not found for "${other.account}"` },
    });
  });
});

describe("positions", () => {
  it("are read by symbol and asset id, closed in part, by percentage, and all at once", async () => {
    const desk = await openDesk(api);
    for (const symbol of ["AAPL", "MSFT"]) await place(desk, { symbol });
    await advance(desk, { duration: 2 });
    const { asset_id: assetId } = (await get(desk, `${desk.positions}/AAPL`)).body;
    expect((await get(desk, `${desk.positions}/${assetId}`)).body.symbol).toBe("AAPL");
    expect((await remove(desk, `${desk.positions}/AAPL?qty=4`)).body).toMatchObject({
      side: "sell",
      qty: "4",
      type: "market",
      status: "accepted",
    });
    expect((await get(desk, `${desk.positions}/AAPL`)).body).toMatchObject({ qty: "10", qty_available: "6" });
    expect((await remove(desk, `${desk.positions}/AAPL?percentage=55`)).body.qty).toBe("5");
    expect(await remove(desk, `${desk.positions}/AAPL?qty=2`)).toMatchObject({
      status: 403,
      body: { code: 40_310_000, available: "1", existing_qty: "10", held_for_orders: "9", symbol: "AAPL" },
    });
    const all = await remove(desk, `${desk.positions}?cancel_orders=true`);
    expect(all.status).toBe(207);
    expect(
      all.body.map((each: { symbol: string; status: number; body: { qty: string } }) => [
        each.symbol,
        each.status,
        each.body.qty,
      ]),
    ).toEqual([
      ["AAPL", 200, "10"],
      ["MSFT", 200, "10"],
    ]);
    const again = await remove(desk, desk.positions);
    expect(again.body.map((each: { status: number }) => each.status)).toEqual([403, 403]);
    await advance(desk, { duration: 2 });
    expect((await get(desk, desk.positions)).body).toEqual([]);
    expect(await remove(desk, desk.positions)).toMatchObject({ status: 207, body: [] });
  });

  it.each([
    ["AAPL", 404, 40_410_000, "position does not exist"],
    ["NOPE", 404, 40_410_000, "symbol not found: NOPE"],
    ["AAPL?qty=1&percentage=5", 422, 40_010_001, "only one of qty or percentage is accepted"],
    ["AAPL?percentage=101", 422, 40_010_001, "percentage must be > 0 and <= 100"],
    ["AAPL?qty=0", 422, 40_010_001, "qty must be > 0"],
    ["AAPL?qty=many", 422, 40_010_001, "qty must be a plain decimal number"],
  ])("refuses to close %s", async (what, status, code, message) => {
    const desk = await openDesk(api);
    expect(await remove(desk, `${desk.positions}/${what}`)).toMatchObject({
      status,
      body: { code, message: expect.stringContaining(message) },
    });
  });

  it("are short with negative figures, and given by a config at no cost", async () => {
    const desk = await openDesk(api, {
      ...SPAN,
      config: { initialPositions: [{ symbol: "TSLA", qty: -5, avgEntryPrice: "120.5" }] },
    });
    const [position] = (await get(desk, desk.positions)).body;
    expect(position).toMatchObject({
      symbol: "TSLA",
      qty: "-5",
      side: "short",
      avg_entry_price: "120.5",
      cost_basis: "-602.5",
    });
    expect(Number(position.market_value)).toBeLessThan(0);
    expect((await get(desk, desk.orders.replace("/orders", "/account"))).body.cash).toBe("100000");
  });
});

describe("assets, bars, quotes, calendar and clock", () => {
  it("lists what the catalog holds, marked synthetic, with and without a session", async () => {
    const { body } = await api.send("GET", "/v1/assets");
    expect(body.map((asset: { symbol: string }) => asset.symbol)).toEqual([
      "SPY",
      "AAPL",
      "AMZN",
      "GOOGL",
      "META",
      "MSFT",
      "NVDA",
      "QQQ",
      "TSLA",
    ]);
    expect(body.every((asset: { synthetic: boolean }) => asset.synthetic)).toBe(true);
    expect((await api.send("GET", `/v1/assets/${body[1].id}`)).body.symbol).toBe("AAPL");
    expect(await api.send("GET", "/v1/assets/NOPE")).toMatchObject({ status: 404, body: { code: 40_410_000 } });
  });

  it("shows bars up to the clock, pages through all of them, and all of them without a session", async () => {
    const desk = await openDesk(api);
    await advance(desk, { duration: 30 });
    const seen: string[] = [];
    for (let token: string | null = ""; token !== null;) {
      const page: Reply = await get(
        desk,
        `/v1/assets/AAPL/bars?start=2023-01-03T09:00:00Z&limit=7&page_token=${token}`,
      );
      seen.push(...page.body.bars.map((bar: { t: string }) => bar.t));
      token = page.body.next_page_token;
    }
    expect([seen.length, seen[0], seen.at(-1)]).toEqual([60, "2023-01-03T09:00:00Z", "2023-01-03T09:59:00Z"]);
    const all = await api.send("GET", "/v1/assets/AAPL/bars?timeframe=1Day&start=2023-12-29");
    expect(all.body.bars).toHaveLength(1);
    expect((await get(desk, "/v1/assets/AAPL/bars?timeframe=1Hour&start=2023-01-03T09:00:00Z")).body.bars).toHaveLength(
      1,
    );
  });

  it.each(["timeframe=90Min", "timeframe=Hour", "limit=10001", "start=2023-01-03T09:00:00", "page_token=x"])(
    "refuses bars with %s",
    async (query) => {
      const reply = await api.send("GET", `/v1/assets/AAPL/bars?${query}`);
      expect([reply.status, reply.body.code]).toEqual([400, 40_010_000]);
      expect(reply.body.message).toContain(query.split("=")[0]);
    },
  );

  it("quotes the last known price, marked synthetic: the open of the running bar, never its close", async () => {
    const desk = await openDesk(api);
    await advance(desk, { duration: 0.5 });
    const { body } = await get(desk, "/v1/assets/AAPL/quotes/latest");
    const [bar] = (await api.send("GET", "/v1/assets/AAPL/bars?start=2023-01-03T09:30:00Z&limit=1")).body.bars;
    expect(body).toMatchObject({
      symbol: "AAPL",
      synthetic: true,
      quote: { bp: bar.o, ap: bar.o, t: "2023-01-03T09:30:30Z" },
    });
  });

  it("tells the session's clock in New York time, and the exchange's calendar", async () => {
    const desk = await openDesk(api);
    expect((await get(desk, "/v1/clock")).body).toEqual({
      timestamp: "2023-01-03T04:30:00-05:00",
      is_open: false,
      next_open: "2023-01-03T09:30:00-05:00",
      next_close: "2023-01-03T16:00:00-05:00",
    });
    await advance(desk, { targetTime: "2023-01-03T14:30:00Z" });
    expect((await get(desk, "/v1/clock")).body).toMatchObject({
      is_open: true,
      next_open: "2023-01-04T09:30:00-05:00",
    });
    expect((await get(desk, "/v1/calendar?start=2023-11-23&end=2023-11-24")).body).toEqual([
      {
        date: "2023-11-24",
        open: "09:30",
        close: "13:00",
        session_open: "0400",
        session_close: "1700",
        settlement_date: "2023-11-28",
      },
    ]);
    expect((await api.send("GET", "/v1/calendar")).body).toHaveLength(10_322);
    expect((await api.send("GET", "/v1/calendar?start=soon")).body.message).toContain("start must be an RFC 3339 time");
  });
});
