/** Keys for one account: made by the owner, good for that account alone. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, type Api, type Desk, type Reply } from "../support/api.ts";
import { openEvents, openLiveApi, openReader, type LiveApi } from "../support/streams.ts";

let api: LiveApi;
let desk: Desk;
let other: Desk;

interface Key {
  readonly id: string;
  readonly secret: string;
}

beforeAll(async () => {
  api = await openLiveApi();
  desk = await openDesk(api);
  other = await openDesk(api);
});
afterAll(async () => {
  await api.close();
});

const makeKey = async (body: object = {}, on: Desk = desk, at: Api = api): Promise<Key> =>
  (await at.send("POST", `/v1/accounts/${on.account}/keys`, { body })).body;

const as = (key: Key, method: string, url: string, options: object = {}): Promise<Reply> =>
  api.send(method, url, {
    authorization: null,
    ...options,
    headers: {
      "apca-api-key-id": key.id,
      "apca-api-secret-key": key.secret,
      ...("headers" in options ? (options.headers as object) : {}),
    },
  });

describe("a key for one account", () => {
  it("is made, listed without its secret, and revoked", async () => {
    const mine = await openDesk(api);
    const reply = await api.send("POST", `/v1/accounts/${mine.account}/keys`, {
      session: mine.session,
      body: { name: "my bot", scope: "session" },
    });
    const { secret, ...shown } = reply.body;
    expect([reply.status, reply.headers["location"]]).toEqual([201, `/v1/accounts/${mine.account}/keys/${shown.id}`]);
    expect(shown).toEqual({
      id: expect.stringMatching(/^TK/),
      name: "my bot",
      account_id: mine.account,
      session_id: mine.session,
      scope: "session",
      created_at: expect.any(String),
      rotated_at: null,
      revoked_at: null,
    });
    expect((await api.send("GET", `/v1/accounts/${mine.account}/keys`)).body).toEqual([shown]);
    const key = { id: shown.id, secret };
    expect((await as(key, "GET", "/v2/account")).status).toBe(200);
    expect((await api.send("DELETE", `/v1/accounts/${mine.account}/keys/${shown.id}`)).status).toBe(204);
    expect((await as(key, "GET", "/v2/account")).status).toBe(401);
    expect((await api.send("GET", `/v1/accounts/${mine.account}/keys`)).body[0].revoked_at).not.toBeNull();
  });

  it("binds a client with fixed paths by itself", async () => {
    const key = await makeKey();
    expect((await as(key, "GET", "/v2/account")).body.id).toBe(desk.account);
    const order = { symbol: "AAPL", qty: 1, side: "buy", type: "market", time_in_force: "day" };
    expect((await as(key, "POST", "/v2/orders", { body: order })).status).toBe(200);
    expect(
      (await as(key, "GET", "/v2/stocks/AAPL/bars?timeframe=1Day&start=2022-12-01")).body.bars.length,
    ).toBeGreaterThan(0);
    expect((await as(key, "GET", "/v1/corporate-actions")).status).toBe(200);
    expect((await as(key, "GET", `/sim/${desk.account}/v2/account`)).status).toBe(200);
  });

  it.each([
    ["another account in the path", (): string => `/sim/${other.account}/v2/account`, {}],
    ["another session in a header", (): string => "/v2/account", { "x-session-id": "other" }],
    ["another account in a header", (): string => "/v2/account", { "x-account-id": "other" }],
  ])("does not see %s", async (_name, url, headers: Record<string, string>) => {
    const key = await makeKey();
    const named = Object.entries(headers).map(([name]) => [
      name,
      name === "x-session-id" ? other.session : other.account,
    ]);
    const reply = await as(key, "GET", url(), { headers: Object.fromEntries(named) as object });
    expect([reply.status, reply.body.code]).toEqual([404, 40410000]);
  });

  it("opens the sockets and events of its account alone", async () => {
    const key = await makeKey();
    const reader = await openReader(`ws://${api.host}/stream`);
    reader.send({ action: "auth", key: key.id, secret: key.secret });
    expect(await reader.next()).toMatchObject({ data: { status: "authorized" } });
    await reader.close();
    const headers = { authorization: `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString("base64")}` };
    const events = await openEvents(`http://${api.host}/v2/events/trades`, headers);
    events.close();
    for (const path of ["/v1/events/trades", `/v1/sessions/${desk.session}/events`]) {
      await expect(openEvents(`http://${api.host}${path}`, headers)).rejects.toThrow("HTTP 403");
    }
    await expect(openReader(`ws://${api.host}/v1/sessions/${desk.session}/control`, { headers })).rejects.toThrow(
      "HTTP 403",
    );
    const foreign = await openReader(`ws://${api.host}/sim/${other.account}/stream`);
    foreign.send({ action: "auth", key: key.id, secret: key.secret });
    expect(await foreign.next()).toMatchObject({ data: { status: "unauthorized" } });
    await foreign.closed;
  });

  it("does nothing else of all that the server offers", async () => {
    const key = await makeKey();
    const paths = Object.entries(api.app.swagger().paths ?? {});
    let refused = 0;
    for (const [path, methods] of paths) {
      const isOwn = /^\/(v2|v3|v1beta|v1\/corporate-actions|v1\/server|health|docs|openapi)/.test(path);
      if (isOwn) continue;
      const url = path
        .replace("{sessionId}", desk.session)
        .replace("{accountId}", desk.account)
        .replace(/\{\w+\}/g, "x");
      for (const method of Object.keys(methods ?? {})) {
        const reply = await as(key, method.toUpperCase(), url, {
          session: desk.session,
          ...(method === "get" ? {} : { body: {} }),
        });
        expect([method, path, reply.status, reply.body.code]).toEqual([method, path, 403, 40310002]);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(30);
  });

  it("with the scope of its session moves that session's clock, and does no more", async () => {
    const mine = await openDesk(api);
    const key = await makeKey({ scope: "session" }, mine);
    const path = `/v1/sessions/${mine.session}`;
    expect((await as(key, "GET", path)).body.id).toBe(mine.session);
    expect((await as(key, "POST", `${path}/time/advance`, { body: { duration: 1 } })).status).toBe(200);
    expect((await as(key, "PUT", `${path}/time/speed`, { body: { speed: 60 } })).status).toBe(200);
    expect((await as(key, "POST", `${path}/time/play`)).status).toBe(200);
    expect((await as(key, "POST", `${path}/time/pause`)).status).toBe(200);
    expect((await as(key, "GET", `/v1/sessions/${other.session}`)).status).toBe(404);
    for (const [method, url] of [
      ["GET", "/v1/sessions"],
      ["POST", "/v1/sessions"],
      ["PATCH", path],
      ["DELETE", path],
      ["GET", `/v1/accounts/${mine.account}/keys`],
    ] as const) {
      const reply = await as(key, method, url, method === "GET" ? {} : { body: {} });
      expect([method, url, reply.status]).toEqual([method, url, 403]);
    }
  });

  it("ends with its session", async () => {
    const mine = await openDesk(api);
    const key = await makeKey({}, mine);
    expect((await as(key, "GET", "/v2/account")).status).toBe(200);
    await api.send("DELETE", `/v1/sessions/${mine.session}`);
    expect((await as(key, "GET", "/v2/account")).status).toBe(401);
  });

  it.each([
    ["an unknown scope", { scope: "world" }, 400],
    ["an empty name", { name: "" }, 400],
    ["an unknown field", { admin: true }, 400],
  ])("is not made with %s", async (_name, body, status) => {
    expect((await api.send("POST", `/v1/accounts/${desk.account}/keys`, { body })).status).toBe(status);
  });

  it("is not made, listed or revoked for what is not there, or is another's", async () => {
    const missing = "3f0c1f5e-0000-5000-8000-000000000000";
    for (const account of [missing, "x"]) {
      expect((await api.send("POST", `/v1/accounts/${account}/keys`, { body: {} })).status).toBe(404);
      expect((await api.send("GET", `/v1/accounts/${account}/keys`)).status).toBe(404);
    }
    const key = await makeKey();
    expect((await api.send("DELETE", `/v1/accounts/${other.account}/keys/${key.id}`)).status).toBe(404);
    expect((await api.send("DELETE", `/v1/accounts/${desk.account}/keys/nope`)).status).toBe(404);
    const stranger = await api.keys.create({ name: "stranger" });
    expect((await as(stranger, "GET", `/v1/accounts/${desk.account}/keys`)).status).toBe(404);
    expect((await as(stranger, "POST", `/v1/accounts/${desk.account}/keys`, { body: {} })).status).toBe(404);
    expect((await as(key, "GET", "/v2/account")).status).toBe(200);
  });
});

it("a session that is not in memory is found by a key alone", async () => {
  const { openMemoryJournal } = await import("../../src/journal/index.ts");
  const journal = openMemoryJournal();
  const first = await openApi({ journal });
  const mine = await openDesk(first);
  const second = await openApi({ journal });
  const headers = { "x-account-id": mine.account };
  expect((await second.send("GET", "/v2/account", { headers })).body.id).toBe(mine.account);
  await second.close();
  await first.close();
});
