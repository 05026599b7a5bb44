/** What clients have asked lately, and the keys that they asked with. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, type Api, type Desk } from "../support/api.ts";

let api: Api;
let desk: Desk;

beforeAll(async () => {
  api = await openApi();
  desk = await openDesk(api);
});
afterAll(() => api.close());

const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;

async function newestId(): Promise<number> {
  return (await api.send("GET", "/v1/requests?limit=1")).body[0]?.id ?? 0;
}

describe("the log of requests", () => {
  it("tells method, path, status and key, newest first, and neither query nor secret", async () => {
    const after = await newestId();
    await api.send("GET", `/sim/${desk.account}/v2/account?secret=hidden`, { headers: { "user-agent": "bot/1" } });
    await api.send("GET", "/v2/nothing", { session: desk.session });
    const { body } = await api.send("GET", `/v1/requests?after=${after}`);
    expect(body).toEqual([
      expect.objectContaining({ id: after + 2, path: "/v2/nothing", status: 404, session_id: desk.session }),
      {
        id: after + 1,
        at: expect.stringMatching(/Z$/),
        method: "GET",
        path: `/sim/${desk.account}/v2/account`,
        status: 200,
        ms: expect.any(Number),
        key_id: "test-api-key",
        session_id: null,
        account_id: desk.account,
        agent: "bot/1",
      },
    ]);
    expect(JSON.stringify(body)).not.toContain("hidden");
  });

  it("leaves out itself and what the server's own pages ask", async () => {
    const after = await newestId();
    await api.send("GET", "/v1/sessions", { headers: { "sec-fetch-site": "same-origin" } });
    await api.send("GET", "/v1/requests");
    expect((await api.send("GET", `/v1/requests?after=${after}`)).body).toEqual([]);
  });

  it("shows an owner what was asked with a wrong secret, and nothing of others", async () => {
    const [mine, other] = [await api.keys.create({ name: "mine" }), await api.keys.create({ name: "other" })];
    await api.send("GET", "/v1/sessions", { authorization: basic(mine.id, "wrong") });
    await api.send("GET", "/v1/sessions", { authorization: basic("MY-SECRET", "MY-SECRET") });
    const rows = (await api.send("GET", "/v1/requests", { authorization: basic(mine.id, mine.secret) })).body;
    expect(rows).toMatchObject([{ status: 401, key_id: mine.id, path: "/v1/sessions" }]);
    expect((await api.send("GET", "/v1/requests", { authorization: basic(other.id, other.secret) })).body).toEqual([]);
    expect(JSON.stringify((await api.send("GET", "/v1/requests")).body)).not.toContain("MY-SECRET");
  });

  it("remembers the newest two thousand", async () => {
    for (let asked = 0; asked < 2005; asked += 1) await api.send("GET", "/v1/sessions?limit=1");
    const last = await newestId();
    const rows = (await api.send("GET", "/v1/requests?limit=1000")).body;
    expect([rows.length, rows[0].id, rows[999].id]).toEqual([1000, last, last - 999]);
    const after = `/v1/requests?after=${last - 1}`;
    expect((await api.send("GET", after)).body).toHaveLength(1);
  });

  it.each(["after=-1", "after=x", "limit=0", "limit=1001"])("refuses %s", async (query) => {
    expect((await api.send("GET", `/v1/requests?${query}`)).status).toBe(400);
  });
});

describe("the keys of an owner", () => {
  it("are listed with what they were made for and when they were last used", async () => {
    const made = await api.send("POST", `/v1/accounts/${desk.account}/keys`, {
      body: { name: "bot", scope: "session" },
    });
    const find = async (): Promise<unknown> =>
      (await api.send("GET", "/v1/keys")).body.find(({ id }: { id: string }) => id === made.body.id);
    expect(await find()).toMatchObject({
      name: "bot",
      scope: "session",
      session_id: desk.session,
      account_id: desk.account,
      last_used_at: null,
      revoked_at: null,
    });
    const authorization = basic(made.body.id, made.body.secret);
    await api.send("GET", "/v2/account", { authorization });
    expect(await find()).toMatchObject({ last_used_at: expect.stringMatching(/Z$/) });
    expect(JSON.stringify(await find())).not.toContain(made.body.secret);
    for (const url of ["/v1/keys", "/v1/requests", "/v1/data/imports", "/v1/data/symbols/AAPL"]) {
      expect(await api.send("GET", url, { authorization })).toMatchObject({ status: 403, body: { code: 40_310_002 } });
    }
  });
});
