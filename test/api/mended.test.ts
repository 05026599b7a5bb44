/** Bugs that were found and mended: each test tells one of them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, SPAN, type Api, type Reply } from "../support/api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe("mended", () => {
  it("an advance by minutes while playing counts from where playback has come, not from where it last stepped", async () => {
    const { session } = await openDesk(api);
    const url = `/v1/sessions/${session}/time`;
    await api.send("PUT", `${url}/speed`, { body: { speed: 100_000 } });
    await api.send("POST", `${url}/play`);
    for (let count = 0; count < 20; count += 1) {
      const { status, body } = await api.send("POST", `${url}/advance`, { body: { duration: 1 } });
      expect([status, body.message]).toEqual([200, undefined]);
      expect(Date.parse(body.currentTime) - Date.parse(body.previousTime)).toBeGreaterThanOrEqual(60_000);
    }
    await api.send("POST", `${url}/pause`);
  });

  it("the average of a tiny fill is its price, not rounded twice", async () => {
    const { session, orders } = await openDesk(api);
    await api.send("POST", orders, { session, body: { symbol: "AAPL", side: "buy", qty: "0.010000003" } });
    await api.send("POST", `/v1/sessions/${session}/time/advance`, { body: { duration: 2 } });
    const [order] = (await api.send("GET", `${orders}?status=all`, { session })).body;
    expect(order.filled_avg_price).toMatch(/^\d+\.\d{1,2}$/);
  });

  it("a session is not extended beyond the exchange calendar", async () => {
    const { session } = await openDesk(api);
    const reply = await api.send("PATCH", `/v1/sessions/${session}`, { body: { endTime: "2040-01-01T00:00:00Z" } });
    expect([reply.status, reply.body.message]).toEqual([400, expect.stringContaining("1990-01-01 to 2030-12-31")]);
  });

  it.each([
    ["of nothing known", [{ symbol: "NOPE", qty: 1, avgEntryPrice: 1 }], 422, 'asset "NOPE" not found'],
    [
      "too large",
      [{ symbol: "AAPL", qty: "100000000000", avgEntryPrice: 1 }],
      400,
      "config.initialPositions.0.qty must be",
    ],
    [
      "too dear",
      [{ symbol: "AAPL", qty: 1, avgEntryPrice: "99999999999" }],
      400,
      "avgEntryPrice must be > 0 and <= 10000000",
    ],
    ["short by a fraction", [{ symbol: "AAPL", qty: -5.5, avgEntryPrice: 1 }], 400, "qty must be whole for a short"],
    ["twice", [1, 2].map(() => ({ symbol: "AAPL", qty: 1, avgEntryPrice: 1 })), 400, "must name each symbol once"],
    ["too many", Array.from({ length: 5001 }, () => ({})), 400, "must have at most 5000 positions, got 5001"],
  ])("initial positions %s are refused", async (_what, initialPositions, status, message) => {
    const reply = await api.send("POST", "/v1/sessions", { body: { ...SPAN, config: { initialPositions } } });
    expect([reply.status, reply.body.message]).toEqual([status, expect.stringContaining(message)]);
  });

  it("an order names its asset by symbol or by id", async () => {
    const { session, orders } = await openDesk(api);
    const { id } = (await api.send("GET", "/v1/assets/MSFT")).body;
    const reply = await api.send("POST", orders, { session, body: { symbol: id, side: "buy", qty: 1 } });
    expect(reply).toMatchObject({ status: 201, body: { symbol: "MSFT", asset_id: id } });
  });

  it("contact data has a limit, over many changes too, and a tax id is not kept", async () => {
    const { session, account } = await openDesk(api);
    const path = `/v1/accounts/${account}`;
    const patch = (body: object): Promise<Reply> => api.send("PATCH", path, { session, body });
    expect((await patch({ contact: { a: "x".repeat(60_000) } })).status).toBe(200);
    expect(await patch({ contact: { b: "x".repeat(60_000) } })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("at most 65536 characters") },
    });
    expect((await patch({ identity: { tax_id: "666-55-4321", given_name: "Ada" } })).body.identity).toEqual({
      given_name: "Ada",
    });
  });

  it("an undecodable path does not get past the guard of hosts", async () => {
    const answer = await api.app.inject({ url: "/%zz", headers: { host: "evil.example" } });
    expect([answer.statusCode, answer.headers["x-request-id"]]).toEqual([403, expect.any(String)]);
  });

  it("asks for credentials by their scheme", async () => {
    expect((await api.send("GET", "/v1/sessions", { authorization: null })).headers["www-authenticate"]).toBe(
      'Basic realm="Tapedeck"',
    );
  });

  it("quotes the last price of all data where no session is named, and filters assets", async () => {
    const { body } = await api.send("GET", "/v1/assets/AAPL/quotes/latest");
    expect(body).toMatchObject({ synthetic: true, quote: { t: "2023-12-30T01:00:00Z" } });
    expect((await api.send("GET", "/v1/assets?status=inactive")).body).toEqual([]);
    expect((await api.send("GET", "/v1/assets?exchange=NASDAQ&asset_class=us_equity")).body.length).toBeGreaterThan(5);
  });

  it("documents X-Session-Id and Location where they are", () => {
    const { paths } = api.app.swagger() as unknown as {
      paths: Record<
        string,
        Record<
          string,
          {
            parameters?: readonly { name: string; required?: boolean }[];
            responses: Record<string, { headers?: object }>;
          }
        >
      >;
    };
    const header = paths["/v1/trading/accounts/{accountId}/orders"]?.["post"]?.parameters?.find(
      ({ name }) => name === "x-session-id",
    );
    expect(header?.required).toBe(true);
    expect(Object.keys(paths["/v1/sessions"]?.["post"]?.responses["201"]?.headers ?? {})).toEqual(["Location"]);
  });
});
