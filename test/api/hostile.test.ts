/** No input causes a 5xx, a crash, or a change: fast-check against every route that takes a body, a path or a query. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, SPAN, type Api, type Desk } from "../support/api.ts";

let api: Api;
let desk: Desk;

beforeAll(async () => {
  api = await openApi();
  desk = await openDesk(api);
});
afterAll(() => api.close());

const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "",
    "NaN",
    "1e400",
    "-1",
    "0x10",
    "1,000",
    "١٢",
    "9".repeat(19),
    `0.${"1".repeat(40)}`,
    "\u0000",
    "\ud800",
    "x".repeat(10_000),
    "__proto__",
    "null",
  ),
);
const hostileValue = fc.oneof(
  hostileText,
  fc.double(),
  fc.integer(),
  fc.bigInt().map(String),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
);

const ORDER_FIELDS = [
  "symbol",
  "side",
  "type",
  "time_in_force",
  "qty",
  "notional",
  "limit_price",
  "stop_price",
  "extended_hours",
  "client_order_id",
  "order_class",
  "trail",
  "take_profit",
];
const SESSION_FIELDS = [
  "startTime",
  "endTime",
  "name",
  "initialCash",
  "config",
  "speed",
  "duration",
  "targetTime",
  "magic",
];
const CONFIG_FIELDS = [
  "profile",
  "tradingHours",
  "slippage",
  "participation",
  "limitRule",
  "partialDayBar",
  "latencyMs",
  "gtcDays",
  "clsCutOffMinutes",
  "seed",
  "fees",
  "initialPositions",
  "rulesVersion",
  "intrabar",
];

/** Mostly right, with some fields replaced by something hostile. */
const bodyOf = (right: object, fields: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .dictionary(fc.constantFrom(...fields), hostileValue, { maxKeys: 3 })
        .map((wrong) => ({ ...right, ...wrong })),
    },
    { weight: 1, arbitrary: hostileValue },
  );

const expectCalm = (status: number, body: unknown): void => {
  expect(status, JSON.stringify(body)).toBeLessThan(500);
  if (status >= 400) expect(body).toMatchObject({ code: expect.any(Number), message: expect.any(String) });
};

describe("hostile input", () => {
  it("orders: refused with a code and a message, or accepted whole", { timeout: 60_000 }, async () => {
    const right = { symbol: "AAPL", side: "buy", qty: 1, type: "limit", limit_price: 50 };
    await fc.assert(
      fc.asyncProperty(bodyOf(right, ORDER_FIELDS), async (body) => {
        const before = (await api.send("GET", `${desk.orders}?status=all&limit=500`, { session: desk.session })).body
          .length;
        const { status, body: reply } = await api.send("POST", desk.orders, { session: desk.session, body });
        expectCalm(status, reply);
        const after = (await api.send("GET", `${desk.orders}?status=all&limit=500`, { session: desk.session })).body
          .length;
        expect(after - before).toBe(status === 201 ? 1 : 0);
        await api.send("DELETE", desk.orders, { session: desk.session });
      }),
      { numRuns: 300 },
    );
  });

  it("replacements", { timeout: 60_000 }, async () => {
    const { body } = await api.send("POST", desk.orders, {
      session: desk.session,
      body: { symbol: "AAPL", side: "buy", qty: 1, type: "limit", limit_price: 50 },
    });
    await fc.assert(
      fc.asyncProperty(bodyOf({ qty: 2 }, ORDER_FIELDS), async (changes) => {
        const { status, body: reply } = await api.send("PATCH", `${desk.orders}/${body.id}`, {
          session: desk.session,
          body: changes,
        });
        expectCalm(status, reply);
      }),
      { numRuns: 200 },
    );
  });

  it("sessions, their config, and their clock", { timeout: 60_000 }, async () => {
    const config = bodyOf({}, CONFIG_FIELDS).map((value) => ({ ...SPAN, config: value }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(bodyOf(SPAN, SESSION_FIELDS), config), async (body) => {
        const { status, body: reply } = await api.send("POST", "/v1/sessions", { body });
        expectCalm(status, reply);
        if (status === 201) await api.send("DELETE", `/v1/sessions/${reply.id}`);
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(
        bodyOf({}, SESSION_FIELDS),
        fc.constantFrom("POST time/advance", "PUT time/speed", "PATCH "),
        async (body, route) => {
          const { session } = await openDesk(api);
          const [method = "", path = ""] = route.split(" ");
          const { status, body: reply } = await api.send(method, `/v1/sessions/${session}/${path}`, { body });
          expectCalm(status, reply);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("paths and queries", { timeout: 60_000 }, async () => {
    const routes = [
      "/v1/sessions/*",
      "/v1/sessions?limit=*",
      "/v1/sessions?page_token=*",
      "/v1/accounts/*",
      "*",
      "/v1/assets/*",
      "/v1/assets/AAPL/bars?timeframe=*",
      "/v1/assets/AAPL/bars?start=*&end=*",
      "/v1/assets/AAPL/bars?page_token=*",
      "/v1/calendar?start=*",
      "/v1/trading/accounts/*/orders",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes, "ORDERS?status=*&after=*", "ORDERS/*", "POSITIONS/*"),
        hostileText,
        async (route, text) => {
          const url = route
            .replace("ORDERS", desk.orders)
            .replace("POSITIONS", desk.positions)
            .replaceAll("*", encodeURIComponent(text.replace(/[\ud800-\udfff]/g, "?")));
          const { status, body } = await api.send("GET", url.startsWith("/") ? url : `/${url}`, {
            session: desk.session,
          });
          expectCalm(status, body);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("everything of Trading v2, and whatever names the account", { timeout: 60_000 }, async () => {
    const paths = [
      "/sim/*/v2/account",
      "/v2/account/activities/*",
      "/v2/account/activities?page_token=*&date=*",
      "/v2/account/portfolio/history?period=*&start=*",
      "/v2/account/portfolio/history?timeframe=*&cashflow_types=*",
      "/v2/assets/*",
      "/v2/assets?attributes=*&asset_class=*&exchange=*",
      "/v2/calendar?start=*&end=*&date_type=SETTLEMENT",
      "/v2/corporate_actions/announcements?ca_types=*&since=*&until=*",
      "/v2/corporate_actions/announcements/*",
      "/v2/orders/*",
      "/v2/orders?symbols=*&after_order_id=*",
      "/v2/orders:by_client_order_id?client_order_id=*",
      "/v2/positions/*",
      "/v2/watchlists/*",
      "/v2/watchlists/*/*",
      "/v2/watchlists:by_name?name=*",
      "/v3/calendar/*",
      "/v3/calendar/NYSE?start=*&end=*",
      "/v3/clock?markets=*&time=*",
    ];
    const methods = fc.constantFrom("GET", "GET", "GET", "DELETE");
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), hostileText, methods, async (path, text, method) => {
        const url = path.replaceAll("*", encodeURIComponent(text.replace(/[\ud800-\udfff]/g, "?")));
        const { status, body } = await api.send(method, url, { session: desk.session });
        expectCalm(status, body);
      }),
      { numRuns: 1000 },
    );
  });

  it("watchlists", { timeout: 60_000 }, async () => {
    const list = await api.send("POST", "/v2/watchlists", { session: desk.session, body: { name: "mine" } });
    const urls = ["POST /v2/watchlists", "PUT /v2/watchlists/*", "POST /v2/watchlists/*"];
    const right = { symbols: ["AAPL"], symbol: "MSFT" };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...urls), bodyOf(right, ["name", "symbols", "symbol"]), async (route, body) => {
        const [method = "", url = ""] = route.replace("*", list.body.id).split(" ");
        const { status, body: reply } = await api.send(method, url, { session: desk.session, body });
        expectCalm(status, reply);
      }),
      { numRuns: 300 },
    );
    expect((await api.send("GET", "/v2/watchlists", { session: desk.session })).status).toBe(200);
  });

  it("bodies that are no JSON at all", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(hostileText, fc.json()), async (raw) => {
        const { status, body } = await api.send("POST", desk.orders, { session: desk.session, raw });
        expectCalm(status, body);
      }),
      { numRuns: 200 },
    );
  });
});
