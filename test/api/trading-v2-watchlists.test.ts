/** Watchlists of Trading v2: every verb, by id and by name; kept with the account, none of two changes at once lost. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMemoryJournal } from "../../src/journal/index.ts";
import { openApi, type Api, type Reply } from "../support/api.ts";
import { openTrader, traderOf, type Trader } from "../support/trader.ts";

let api: Api;
let bot: Trader;

const journal = openMemoryJournal();
const PATH = "/v2/watchlists";
const NEVER = "00000000-0000-4000-8000-000000000000";

beforeAll(async () => {
  api = await openApi({ journal });
});
afterAll(() => api.close());

const symbolsOf = ({ body }: Reply): readonly string[] => body.assets.map(({ symbol }: { symbol: string }) => symbol);
const namesOf = ({ body }: Reply): readonly string[] => body.map(({ name }: { name: string }) => name);
const open = async (name = "mine", symbols: readonly string[] | null = ["MSFT", "AAPL"]): Promise<Reply["body"]> => {
  bot = await openTrader(api);
  return (await bot.post(PATH, { name, symbols })).body;
};

describe("making a watchlist", () => {
  it("answers with all of it, whole assets in the order given; the list of lists has none", async () => {
    const body = await open();
    const row = {
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      account_id: bot.account,
      name: "mine",
      created_at: "2023-01-03T09:30:00Z",
      updated_at: "2023-01-03T09:30:00Z",
    };
    const assets = [(await bot.get("/v2/assets/MSFT")).body, (await bot.get("/v2/assets/AAPL")).body];
    expect(body).toEqual({ ...row, assets });
    expect(await bot.get(PATH)).toMatchObject({ status: 200, body: [row] });
    expect((await bot.get(PATH)).body[0]).not.toHaveProperty("assets");
  });

  it("takes no symbols, symbols twice, symbols in any case, and names with anything in them", async () => {
    expect(symbolsOf({ body: await open("mine", null) } as Reply)).toEqual([]);
    expect(symbolsOf(await bot.post(PATH, { name: "twice", symbols: ["aapl", "AAPL", "MSFT"] }))).toEqual([
      "AAPL",
      "MSFT",
    ]);
    const name = "A & B: «100 %» 🚀";
    expect(await bot.post(PATH, { name })).toMatchObject({ status: 200, body: { name } });
    expect(await bot.get(`${PATH}:by_name?name=${encodeURIComponent(name)}`)).toMatchObject({ body: { name } });
    expect(namesOf(await bot.get(PATH))).toEqual(["mine", "twice", name]);
  });

  it.each([
    [{}, "name is required"],
    [{ name: null }, "name is required"],
    [{ name: "" }, "name must NOT have fewer than 1 characters"],
    [{ name: "x".repeat(65) }, "name must NOT have more than 64 characters"],
    [{ name: "a\u0007" }, "name must not contain control characters"],
    [{ name: 5 }, "name must be string, got 5"],
    [{ name: "mine" }, 'watchlist name must be unique, got "mine" a second time'],
    [{ name: "new", symbols: ["NOPE"] }, "symbol not found: NOPE"],
    [{ name: "new", symbols: "AAPL" }, "symbols must be array"],
  ])("refuses %j", async (body, message) => {
    await open();
    const reply = await bot.post(PATH, body);
    expect(reply.body.message).toContain(message);
    expect([reply.status, reply.body.code]).toEqual([422, 40_010_001]);
    expect(namesOf(await bot.get(PATH))).toEqual(["mine"]);
  });
});

describe.each(["id", "name"])("a watchlist found by its %s", (by) => {
  const at = ({ id, name }: { readonly id: string; readonly name: string }): string =>
    by === "id" ? `${PATH}/${id}` : `${PATH}:by_name?name=${name}`;

  it("is read", async () => {
    const list = await open();
    expect(await bot.get(at(list))).toMatchObject({ status: 200, body: list });
  });

  it("gets another name, other symbols, or both", async () => {
    const list = await open();
    await bot.advance();
    const url = at(list);
    const { status, body } = await bot.put(url, { symbols: ["SPY"] });
    expect([status, body.name, symbolsOf({ body } as Reply)]).toEqual([200, "mine", ["SPY"]]);
    expect(body).toMatchObject({ created_at: "2023-01-03T09:30:00Z", updated_at: "2023-01-03T09:31:00Z" });
    expect(await bot.put(url, { name: "mine", symbols: null })).toMatchObject({ status: 200 });
    const renamed = await bot.put(url, { name: "other", symbols: [] });
    expect(renamed).toMatchObject({ status: 200, body: { id: list.id, name: "other", assets: [] } });
    expect(namesOf(await bot.get(PATH))).toEqual(["other"]);
  });

  it("does not get a name that another has", async () => {
    const list = await open();
    await bot.post(PATH, { name: "other" });
    expect(await bot.put(at(list), { name: "other" })).toMatchObject({ status: 422, body: { code: 40_010_001 } });
    expect(namesOf(await bot.get(PATH))).toEqual(["mine", "other"]);
  });

  it("gets one symbol more, once", async () => {
    const url = at(await open());
    const added = await bot.post(url, { symbol: "spy" });
    expect([added.status, symbolsOf(added)]).toEqual([200, ["MSFT", "AAPL", "SPY"]]);
    expect(await bot.post(url, { symbol: "SPY" })).toMatchObject({
      status: 422,
      body: { code: 40_010_001, message: "duplicate symbol: SPY" },
    });
    expect(await bot.post(url, { symbol: "NOPE" })).toMatchObject({ status: 422, body: { code: 40_010_001 } });
    expect(await bot.post(url, {})).toMatchObject({ status: 422, body: { message: "symbol is required" } });
    expect(symbolsOf(await bot.get(url))).toEqual(["MSFT", "AAPL", "SPY"]);
  });

  it("is deleted, and is nowhere then", async () => {
    const list = await open();
    const url = at(list);
    const { status, body } = await bot.remove(url);
    expect([status, body]).toEqual([204, undefined]);
    const gone = {
      status: 404,
      body: { code: 40_410_000, message: expect.stringContaining("watchlist not found for") },
    };
    expect(await bot.get(url)).toMatchObject(gone);
    expect(await bot.remove(url)).toMatchObject(gone);
    expect(await bot.put(url, { symbols: [] })).toMatchObject(gone);
    expect(await bot.post(url, { symbol: "SPY" })).toMatchObject(gone);
    const again = (await bot.post(PATH, { name: "mine" })).body;
    expect(again.id).not.toBe(list.id);
  });
});

describe("a watchlist", () => {
  it("loses one symbol by its path", async () => {
    const list = await open();
    const { status, body } = await bot.remove(`${PATH}/${list.id}/aapl`);
    expect([status, symbolsOf({ body } as Reply)]).toEqual([200, ["MSFT"]]);
    expect(await bot.remove(`${PATH}/${list.id}/AAPL`)).toMatchObject({
      status: 404,
      body: { code: 40_410_000, message: "symbol not found: AAPL" },
    });
    expect(await bot.remove(`${PATH}/${NEVER}/AAPL`)).toMatchObject({ status: 404 });
  });

  it("is found by its id in capitals, and by nothing that is none", async () => {
    const list = await open();
    expect((await bot.get(`${PATH}/${list.id.toUpperCase()}`)).body).toEqual(list);
    for (const id of [NEVER, "mine", bot.account]) expect((await bot.get(`${PATH}/${id}`)).status).toBe(404);
    expect(await bot.get(`${PATH}:by_name`)).toMatchObject({ status: 400, body: { message: "name is required" } });
  });

  it("belongs to one account, and is there after a restart", async () => {
    const list = await open();
    const second = (await api.send("POST", "/v1/accounts", { session: bot.session, body: {} })).body.id as string;
    const other = traderOf(api, bot.session, second);
    expect((await other.get(PATH)).body).toEqual([]);
    expect((await other.get(`${PATH}/${list.id}`)).status).toBe(404);
    expect((await other.post(PATH, { name: "mine" })).body.id).not.toBe(list.id);
    const restarted = await openApi({ journal });
    expect((await traderOf(restarted, bot.session, bot.account).get(`${PATH}/${list.id}`)).body).toEqual(list);
    await restarted.app.close();
  });

  it("is not lost when several things change at once, the account's contact among them", async () => {
    const list = await open();
    const contact = { email_address: "a@example.org" };
    await Promise.all([
      bot.post(PATH, { name: "one" }),
      bot.post(PATH, { name: "two" }),
      api.send("PATCH", `/v1/accounts/${bot.account}`, { session: bot.session, body: { contact } }),
      bot.post(`${PATH}/${list.id}`, { symbol: "SPY" }),
      bot.post(`${PATH}/${list.id}`, { symbol: "QQQ" }),
      bot.post(PATH, { name: "one" }),
    ]);
    expect(namesOf(await bot.get(PATH))).toEqual(["mine", "one", "two"]);
    expect(symbolsOf(await bot.get(`${PATH}/${list.id}`))).toEqual(["MSFT", "AAPL", "SPY", "QQQ"]);
    const account = (await api.send("GET", `/v1/accounts/${bot.account}`, { session: bot.session })).body;
    expect(account.contact).toEqual(contact);
  });

  it("is refused where an account has no room for more", async () => {
    await open();
    const symbols = Array.from({ length: 9 }, () => "GOOGL");
    let status = 200;
    for (let count = 0; status === 200 && count < 2000; count += 1)
      ({ status } = await bot.post(PATH, { name: `${"x".repeat(58)}${count}`, symbols }));
    expect(status).toBe(400);
    expect((await bot.get("/v2/account")).status).toBe(200);
  });
});
