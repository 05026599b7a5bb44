/** Which account a request is about: by the path, by headers, by the key; and what is answered where that cannot be said. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMemoryJournal } from "../../src/journal/index.ts";
import { DEVELOPMENT, openApi, openDesk, SPAN, type Api, type Desk, type Reply } from "../support/api.ts";
import { openTrader, traderOf } from "../support/trader.ts";

let api: Api;
let desk: Desk;
let other: Desk;

const journal = openMemoryJournal();
const keys = new Map<string, Readonly<Record<string, string>>>();
const keyed = (name: string) => ({ authorization: null, headers: keys.get(name) ?? {} });

beforeAll(async () => {
  api = await openApi({ journal });
  desk = await openDesk(api);
  other = await openDesk(api);
  const boundTo = { owner: "development", session: desk.session, account: desk.account, scope: "account" } as const;
  const made = {
    bound: await api.keys.create({ name: "bound", boundTo }),
    stranger: await api.keys.create({ name: "stranger" }),
  };
  for (const [name, { id, secret }] of Object.entries(made))
    keys.set(name, { "apca-api-key-id": id, "apca-api-secret-key": secret });
});
afterAll(() => api.close());

const account = (url: string, options: object = {}): Promise<Reply> => api.send("GET", url, options);
type Request = readonly [string, object];
const openAccount = async (session: string): Promise<string> =>
  (await api.send("POST", "/v1/accounts", { session, body: {} })).body.id;
const notFound = (message: string) => ({
  status: 404,
  body: { code: 40_410_000, message: expect.stringContaining(message) },
});

describe("a base URL that ends in /sim/{accountId}", () => {
  it.each([
    ["as it should be", (id: string) => `/sim/${id}/v2/account`],
    ["with a slash at the end of the base URL", (id: string) => `/sim/${id}//v2/account`],
    ["with slashes everywhere", (id: string) => `//sim//${id}//v2//account//`],
    ["with a slash at the end", (id: string) => `/sim/${id}/v2/account/`],
    ["in capitals", (id: string) => `/sim/${id.toUpperCase()}/v2/account`],
    ["percent-encoded", (id: string) => `/sim/${id.replaceAll("-", "%2D")}/v2/account`],
    ["with a query", (id: string) => `/sim/${id}/v2/account?x=/sim/y/`],
    ["in lock-step", (id: string) => `/sim/${id}/lockstep/v2/account`],
  ])("%s names the account", async (_what, url) => {
    expect(await account(url(desk.account))).toMatchObject({ status: 200, body: { id: desk.account } });
    expect(await account(url(other.account))).toMatchObject({ status: 200, body: { id: other.account } });
  });

  it("keeps the query, and carries bodies", async () => {
    const bot = traderOf(api, desk.session, desk.account);
    for (const symbol of ["AAPL", "MSFT"]) await bot.place({ symbol, type: "limit", limit_price: 50 });
    expect((await bot.get("/v2/orders?symbols=MSFT&limit=5")).body).toMatchObject([{ symbol: "MSFT" }]);
    expect((await bot.remove("/v2/orders")).body).toHaveLength(2);
  });

  it.each([
    ["an unknown id", "00000000-0000-5000-8000-000000000000"],
    ["an id of another version", "00000000-0000-4000-8000-000000000000"],
    ["no id", "nope"],
    ["a broken encoding", "%zz"],
    ["a very long one", "x".repeat(5000)],
    ["a prototype", "__proto__"],
  ])("with %s is 404", async (_what, id) => {
    expect(await account(`/sim/${id}/v2/account`)).toMatchObject(notFound("account not found for"));
  });

  it("with the id of a session, or of an order, is 404", async () => {
    const { body } = await traderOf(api, desk.session, desk.account).place();
    for (const id of [desk.session, body.id])
      expect(await account(`/sim/${id}/v2/account`)).toMatchObject(notFound("account not found for"));
  });

  it("without anything after it is no path", async () => {
    expect(await account(`/sim/${desk.account}`)).toMatchObject(notFound("no such path: /"));
    expect(await account("/sim/")).toMatchObject(notFound("no such path: /sim/"));
    expect(await account("/sim//v2/account")).toMatchObject(notFound("no such path: /account"));
  });

  it("changes nothing of what is not Alpaca's", async () => {
    expect(await account(`/sim/${desk.account}/health`, { authorization: null })).toMatchObject({ status: 200 });
    expect(await account(`/sim/${desk.account}/v1/sessions/${desk.session}`)).toMatchObject({ status: 200 });
    expect(await account(`/sim/${desk.account}/v2/account`, { authorization: null })).toMatchObject({ status: 401 });
  });
});

describe("the headers X-Session-Id and X-Account-Id", () => {
  it("name a session with one account, or one of several", async () => {
    const own = await openDesk(api);
    expect(await account("/v2/account", { session: own.session })).toMatchObject({ body: { id: own.account } });
    const second = await openAccount(own.session);
    expect(await account("/v2/account", { session: own.session })).toMatchObject({
      status: 400,
      body: {
        code: 40_010_000,
        message: "the session has 2 accounts: say which with X-Account-Id, or with /sim/{accountId}",
      },
    });
    for (const id of [own.account, second]) {
      const named = { headers: { "x-account-id": id } };
      expect((await account("/v2/account", named)).body.id).toBe(id);
      expect((await account("/v2/account", { session: own.session, ...named })).body.id).toBe(id);
      expect((await account(`/sim/${id}/v2/account`, { session: own.session })).body.id).toBe(id);
    }
    expect((await account("/v2/clock", { session: own.session })).status).toBe(200);
  });

  it("name a session without an account", async () => {
    const { id } = (await api.send("POST", "/v1/sessions", { body: SPAN })).body;
    expect((await account("/v2/clock", { session: id })).status).toBe(200);
    expect(await account("/v2/account", { session: id })).toMatchObject({
      status: 400,
      body: { message: "the session has no account: open one with POST /v1/accounts" },
    });
  });

  it("are 404 where the session or the account is not there, or does not have it", async () => {
    const ask = (session: string, id?: string): Promise<Reply> =>
      account("/v2/account", { session, ...(id === undefined ? {} : { headers: { "x-account-id": id } }) });
    for (const id of ["nope", desk.account]) expect(await ask(id)).toMatchObject(notFound("session not found"));
    for (const id of ["nope", other.account])
      expect(await ask(desk.session, id)).toMatchObject(notFound("account not found for"));
  });
});

describe("two accounts at once", () => {
  it.each([
    [
      "path and header",
      (): Request => [`/sim/${desk.account}/v2/account`, { headers: { "x-account-id": other.account } }],
    ],
    ["path and session", (): Request => [`/sim/${desk.account}/v2/account`, { session: other.session }]],
    ["key and path", (): Request => [`/sim/${other.account}/v2/account`, keyed("bound")]],
    [
      "key and header",
      (): Request => [
        "/v2/account",
        { authorization: null, headers: { ...keyed("bound").headers, "x-account-id": other.account } },
      ],
    ],
    ["key and session", (): Request => ["/v2/account", { ...keyed("bound"), session: other.session }]],
  ] as const)("by %s are 404", async (_what, request) => {
    const [url, options] = request();
    expect(await account(url, options)).toMatchObject(notFound("account not found for"));
  });

  it("are none where both name the same, in whatever case", async () => {
    const headers = { "x-account-id": desk.account.toUpperCase() };
    expect(await account(`/sim/${desk.account}/v2/account`, { headers })).toMatchObject({ status: 200 });
    expect(await account(`/sim/${desk.account}/v2/account`, keyed("bound"))).toMatchObject({ status: 200 });
  });
});

describe("a key that was made for one account", () => {
  it("needs to name nothing", async () => {
    expect(await account("/v2/account", keyed("bound"))).toMatchObject({ status: 200, body: { id: desk.account } });
    expect(await account("/v2/account", { ...keyed("bound"), session: desk.session })).toMatchObject({ status: 200 });
  });
});

describe("nothing that names an account", () => {
  it.each(["/v2/account", "/v2/orders", "/v2/positions", "/v2/clock", "/v2/calendar", "/v2/assets", "/v2/watchlists"])(
    "is 400 for %s, with the ways to do it",
    async (url) => {
      const { status, body } = await account(url);
      expect([status, body.code]).toEqual([400, 40_010_000]);
      expect(body.message).toContain("use a base URL that ends in /sim/{accountId}");
      expect(body.message).toContain("X-Session-Id and X-Account-Id");
    },
  );
});

describe("another's account", () => {
  it("does not exist, by whatever way it is named, and the owner is not disturbed", async () => {
    const stranger = keyed("stranger");
    const sessioned = { ...stranger.headers, "x-session-id": desk.session };
    for (const [url, options] of [
      [`/sim/${desk.account}/v2/account`, stranger],
      ["/v2/account", { ...stranger, headers: { ...stranger.headers, "x-account-id": desk.account } }],
      ["/v2/account", { ...stranger, headers: sessioned }],
    ] as const)
      expect(await account(url, options)).toMatchObject(notFound("not found"));
    expect(await account(`/sim/${desk.account}/v2/account`)).toMatchObject({ status: 200 });
  });
});

describe("sessions come and go", () => {
  it("an account of a deleted session is 404", async () => {
    const bot = await openTrader(api);
    expect((await bot.get("/v2/account")).status).toBe(200);
    await api.send("DELETE", `/v1/sessions/${bot.session}`);
    expect(await bot.get("/v2/account")).toMatchObject(notFound(`account not found for "${bot.account}"`));
  });

  it("an account whose session is not in memory is found, and its session with it", async () => {
    const bot = await openTrader(api);
    const { id } = (await bot.place({ type: "limit", limit_price: 50 })).body;
    const restarted = await openApi({ journal });
    const again = traderOf(restarted, bot.session, bot.account);
    expect(await again.get(`/v2/orders/${id}`)).toMatchObject({ status: 200, body: { id } });
    await restarted.app.close();
  });

  it("an account is found at once, however many its session has", async () => {
    const { id: session } = (await api.send("POST", "/v1/sessions", { body: SPAN })).body;
    const ids: string[] = [];
    for (let count = 0; count < 40; count += 1) {
      const id = await openAccount(session);
      ids.push(id);
      const { status, body } = await account(`/sim/${id}/v2/account`);
      expect([count, status, body.account_number]).toEqual([count, 200, `PA${String(count + 1).padStart(9, "0")}`]);
    }
    const restarted = await openApi({ journal });
    for (const id of [ids[39], ids[16], ids[0]])
      expect((await restarted.send("GET", `/sim/${id}/v2/account`, { authorization: DEVELOPMENT })).body.id).toBe(id);
    await restarted.app.close();
  });
});
