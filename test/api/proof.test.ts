/** Proofs over HTTP: replay, what-if, verify, diff, export and import, and whose they are. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importFile } from "../../src/market/index.ts";
import { openApi, openDesk, DEVELOPMENT, SPAN, type Api, type Desk, type Reply } from "../support/api.ts";

let api: Api;
let desk: Desk;

beforeAll(async () => {
  api = await openApi();
  desk = await traded(api);
});
afterAll(() => api.close());

const TRADES = [
  { symbol: "AAPL", side: "buy", qty: "10" },
  { symbol: "MSFT", side: "buy", qty: "5", type: "limit", limit_price: "400", time_in_force: "gtc" },
  { symbol: "AAPL", side: "sell", qty: "4" },
];

/** A session with fills, a name that was changed, and a clock beyond its last entry. */
async function traded(on: Api, body: object = SPAN): Promise<Desk> {
  const made = await openDesk(on, body);
  for (const order of TRADES) {
    expect((await on.send("POST", made.orders, { session: made.session, body: order })).status).toBeLessThan(300);
    await on.send("POST", `/v1/sessions/${made.session}/time/advance`, { body: { duration: 400 } });
  }
  await on.send("PATCH", `/v1/sessions/${made.session}`, { body: { name: "renamed" } });
  await on.send("POST", `/v1/sessions/${made.session}/time/advance`, { body: { duration: 7 } });
  return made;
}

const at = (session: string, rest: string): string => `/v1/sessions/${session}/${rest}`;

async function exported(on: Api, session: string, query = ""): Promise<Buffer> {
  const reply = await on.app.inject({
    url: at(session, `export${query}`),
    headers: { host: "localhost:5000", authorization: DEVELOPMENT },
  });
  expect([reply.statusCode, reply.headers["content-type"]]).toEqual([200, "application/gzip"]);
  return reply.rawPayload;
}

async function taken(on: Api, file: Buffer, query = ""): Promise<Reply> {
  const reply = await on.app.inject({
    method: "POST",
    url: `/v1/sessions/import${query}`,
    headers: { host: "localhost:5000", authorization: DEVELOPMENT, "content-type": "application/gzip" },
    payload: file,
  });
  return { status: reply.statusCode, headers: reply.headers, body: reply.json() };
}

describe("the head of a journal", () => {
  it("stands in the session object, alone and in lists, and moves with every entry", async () => {
    const { body } = await api.send("GET", `/v1/sessions/${desk.session}`);
    expect(body.journal_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(body.journal_seq).toBeGreaterThan(6);
    const [listed] = (await api.send("GET", "/v1/sessions?limit=1")).body;
    expect([listed.journal_seq, listed.journal_hash]).toEqual([body.journal_seq, body.journal_hash]);
    const other = await openDesk(api);
    const before = (await api.send("GET", `/v1/sessions/${other.session}`)).body;
    await api.send("POST", other.orders, { session: other.session, body: TRADES[0] });
    const after = (await api.send("GET", `/v1/sessions/${other.session}`)).body;
    expect(after.journal_seq).toBe(before.journal_seq + 1);
    expect(after.journal_hash).not.toBe(before.journal_hash);
  });
});

describe("replay", () => {
  it("comes out the same under the same options", async () => {
    const { status, body } = await api.send("POST", at(desk.session, "replay"), { body: {} });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      same: true,
      first_difference: null,
      config_changes: [],
      refused: { total: 0, first: [] },
    });
    expect(body.figures.was).toEqual(body.figures.now);
    expect(body.figures.was).toMatchObject({ orders: 3, fills: 3 });
    expect(body.events.was).toBe(body.events.now);
    expect(body.data.map(({ symbol }: { symbol: string }) => symbol)).toEqual(["AAPL", "MSFT"]);
  });

  it("tells the first event that differs under others, in words of the wire, and goes on to the end", async () => {
    const { body } = await api.send("POST", at(desk.session, "replay"), {
      body: { config: { fees: "none" } },
    });
    expect(body.same).toBe(false);
    expect(body.first_difference).toMatchObject({
      command: "advance",
      was: { kind: "order_filled", order: 3, order_id: expect.stringMatching(/^[0-9a-f-]{36}$/), rule: "open" },
      now: { kind: "order_filled", order: 3 },
      refused: null,
    });
    expect(body.first_difference.was.at).toMatch(/^2023-01-0\dT/);
    expect(body.config_changes).toEqual(expect.arrayContaining([{ option: "fees", was: "us_equity", now: "none" }]));
    expect(Number(body.figures.now.equity)).toBeGreaterThan(Number(body.figures.was.equity));
    expect(body.figures.now.fills).toBe(3);
    const account = await api.send("GET", `/v1/trading/accounts/${desk.account}/account`, { session: desk.session });
    expect(Number(body.figures.was.equity)).toBeCloseTo(Number(account.body.equity), 2);
  });

  it("notes the commands that the run refuses, and what hangs on orders that it never made", async () => {
    const made = await openDesk(api);
    const { session } = made;
    const qty = "300";
    await api.send("POST", made.orders, { session, body: { symbol: "AAPL", side: "buy", qty } });
    const second = { symbol: "MSFT", side: "buy", qty: "10", type: "limit", limit_price: "100", time_in_force: "gtc" };
    const { body: order } = await api.send("POST", made.orders, { session, body: { ...second, qty: "700" } });
    await api.send("POST", made.orders, { session, body: { ...second, qty: "1" } });
    await api.send("DELETE", `${made.orders}/${order.id}`, { session });
    const { body } = await api.send("POST", at(session, "replay"), { body: { config: { margin: "cash" } } });
    expect(body.refused).toEqual({
      total: 2,
      first: [
        { seq: 4, command: "submit_order", message: expect.stringContaining("buying power") },
        { seq: 6, command: "cancel_order", message: "the order was not made in this run" },
      ],
    });
    expect(body.first_difference).toMatchObject({
      seq: 4,
      index: 0,
      now: null,
      refused: expect.stringContaining("buying power"),
    });
    expect(body.figures).toMatchObject({ was: { orders: 3 }, now: { orders: 2 } });
  });

  it("refuses options that are none, and sessions that are not yours", async () => {
    const wrong = await api.send("POST", at(desk.session, "replay"), { body: { config: { slippage: "much" } } });
    expect(wrong).toMatchObject({ status: 400, body: { code: 40010000 } });
    expect((await api.send("POST", at(desk.session, "replay"), { body: { data: "/" } })).status).toBe(400);
    expect((await api.send("POST", at("nobody", "replay"), { body: {} })).status).toBe(404);
    expect((await api.send("POST", at("nobody", "verify"))).status).toBe(404);
    expect((await api.send("GET", at("nobody", "export"))).status).toBe(404);
    expect((await api.send("GET", at(desk.session, "diff/nobody"))).status).toBe(404);
    expect((await api.send("POST", `${at(desk.session, "verify")}?progress=perhaps`)).status).toBe(400);
  });

  it("tells how far it is in lines, and last the report or the refusal", async () => {
    const ask = async (body: object): Promise<readonly Record<string, unknown>[]> => {
      const reply = await api.app.inject({
        method: "POST",
        url: `${at(desk.session, "replay")}?progress=true`,
        headers: { host: "localhost:5000", authorization: DEVELOPMENT },
        payload: body,
      });
      expect(reply.headers["content-type"]).toBe("application/x-ndjson");
      return reply.payload
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    expect((await ask({})).at(-1)).toMatchObject({ report: { same: true } });
    expect((await ask({ config: { seed: "x" } })).at(-1)).toMatchObject({ error: { code: 40010000 } });
  });
});

describe("verify", () => {
  it("proves a session and names the data", async () => {
    const { body } = await api.send("POST", at(desk.session, "verify"));
    const { body: session } = await api.send("GET", `/v1/sessions/${desk.session}`);
    expect(body).toMatchObject({
      verified: true,
      chain_problem: null,
      first_difference: null,
      rules_version: { recorded: 2, present: 2 },
    });
    expect([body.journal_seq, body.journal_hash]).toEqual([session.journal_seq, session.journal_hash]);
    expect(body.data[0]).toMatchObject({
      symbol: "AAPL",
      from: expect.stringMatching(/^2022-12-30/),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      changed_days: { total: 0, first: [] },
    });
  });

  it("says that the data is no longer what it was, and what comes out now", async () => {
    const own = await openApi({ sample: false });
    const take = async (price: number): Promise<void> => {
      const path = join(own.dataDir, "AAA.csv");
      const rows = ["04", "05", "06"].map((day) => `2024-03-${day},${price},${price},${price},${price},1000000`);
      writeFileSync(path, ["timestamp,open,high,low,close,volume", ...rows, ""].join("\n"));
      await importFile({ market: own.market, path, timeframe: "1Day", onConflict: "replace" });
      rmSync(path);
    };
    await take(80);
    const span = { startTime: "2024-03-04T21:30:00Z", endTime: "2024-03-08T21:00:00Z" };
    const made = await openDesk(own, span);
    await own.send("POST", made.orders, {
      session: made.session,
      body: { symbol: "AAA", side: "buy", qty: "10", time_in_force: "gtc" },
    });
    await own.send("POST", at(made.session, "time/advance"), { body: { targetTime: "2024-03-05T22:00:00Z" } });
    expect((await own.send("POST", at(made.session, "verify"))).body.verified).toBe(true);
    await take(90);
    const { body } = await own.send("POST", at(made.session, "verify"));
    expect(body).toMatchObject({ verified: false, first_difference: { was: { kind: "order_accepted" } } });
    expect(body.data).toMatchObject([
      { symbol: "AAA", changed_days: { total: 2, first: ["2024-03-04", "2024-03-05"] } },
    ]);
    await own.close();
  });
});

describe("diff", () => {
  it("finds the first event that differs, and options of the creation", async () => {
    const twin = await traded(api);
    const same = await api.send("GET", at(desk.session, `diff/${twin.session}`));
    expect(same.body).toMatchObject({ same: true, first_difference: null, created_with: [] });
    expect(same.body.common_entries).toBe(same.body.a.journal_seq);
    await api.send("POST", twin.orders, { session: twin.session, body: TRADES[0] });
    const longer = await api.send("GET", at(desk.session, `diff/${twin.session}`));
    expect(longer.body).toMatchObject({
      same: false,
      common_entries: same.body.common_entries,
      first_difference: { a: null, b: { command: "submit_order", event: { kind: "order_accepted", symbol: "AAPL" } } },
    });
    const other = await traded(api, { ...SPAN, config: { fees: "none" } });
    const apart = (await api.send("GET", at(desk.session, `diff/${other.session}`))).body;
    expect(apart).toMatchObject({ same: false, common_entries: 0 });
    expect(apart.created_with).toEqual(expect.arrayContaining([{ field: "config.fees", a: "us_equity", b: "none" }]));
    expect(apart.first_difference.a.event.kind).toBe("order_filled");
    expect(apart.same_events).toBeGreaterThan(0);
  });
});

describe("a session file", () => {
  it("is a session of one's own on another server, with the same hash and the same proof", async () => {
    const file = await exported(api, desk.session);
    const elsewhere = await openApi();
    const { status, headers, body } = await taken(elsewhere, file);
    expect(status).toBe(201);
    const { body: was } = await api.send("GET", `/v1/sessions/${desk.session}`);
    const { id } = body.session;
    expect(headers["location"]).toBe(`/v1/sessions/${id}`);
    expect(id).not.toBe(desk.session);
    expect(body.exported_by).toBe("tapedeck 0.0.0");
    const { id: _id, created_at: _created, total_unrealized_pnl: _pnl, ...rest } = was;
    expect(body.session).toMatchObject(rest);
    expect((await elsewhere.send("POST", at(id, "verify"))).body).toMatchObject({ verified: true });
    const [account] = (await elsewhere.send("GET", "/v1/accounts", { session: id })).body;
    const order = await elsewhere.send("POST", `/v1/trading/accounts/${account.id}/orders`, {
      session: id,
      body: TRADES[0],
    });
    expect(order.status).toBeLessThan(300);
    expect((await elsewhere.send("POST", at(id, "time/advance"), { body: { duration: 60 } })).status).toBeLessThan(300);
    await elsewhere.close();
  });

  it("says which days the catalog here does not have", async () => {
    const file = await exported(api, desk.session);
    const elsewhere = await openApi({ sample: false });
    const { status, body } = await taken(elsewhere, file);
    expect(status).toBe(201);
    expect(body.data.map(({ symbol }: { symbol: string }) => symbol)).toEqual(["AAPL", "MSFT"]);
    expect(body.data[0].changed_days.total).toBe(body.data[0].days);
    expect((await elsewhere.send("POST", at(body.session.id, "verify"))).body.verified).toBe(false);
    await elsewhere.close();
  });

  it("brings its bars along, which another catalog takes where it is asked to, and is proven there", async () => {
    const file = await exported(api, desk.session, "?bars=true");
    expect(file.length).toBeGreaterThan((await exported(api, desk.session, "?bars=false")).length + 5000);
    const elsewhere = await openApi({ sample: false });
    const named = (await taken(elsewhere, file)).body;
    expect(named.bars).toMatchObject({ in_file: expect.any(Number), added: 0, symbols: [] });
    expect((await elsewhere.send("POST", at(named.session.id, "verify"))).body.verified).toBe(false);
    const { status, body } = await taken(elsewhere, file, "?bars=take");
    expect([status, body.bars]).toEqual([
      201,
      { in_file: named.bars.in_file, added: named.bars.in_file, symbols: ["AAPL", "MSFT"] },
    ]);
    for (const { id } of [named.session, body.session]) {
      expect((await elsewhere.send("POST", at(id, "verify"))).body).toMatchObject({ verified: true });
    }
    expect((await taken(elsewhere, file, "?bars=take")).body.bars).toMatchObject({ added: 0, symbols: [] });
    await elsewhere.close();
    expect((await taken(api, await exported(api, desk.session))).body.bars).toBeNull();
    for (const query of ["?bars=yes", "?bars=", "?bars=take&bars=take"])
      expect([query, (await taken(api, file, query)).status]).toEqual([query, 400]);
  });

  it("is refused where it is damaged, cut off or none, and leaves nothing", async () => {
    const file = await exported(api, desk.session);
    const before = (await api.send("GET", "/v1/sessions?limit=1000")).body.length;
    const damaged = Buffer.from(file);
    damaged[300] = (damaged[300] ?? 0) ^ 1;
    for (const bad of [
      damaged,
      file.subarray(0, -1),
      Buffer.from("{}"),
      Buffer.alloc(0),
      Buffer.concat([file, file]),
    ]) {
      expect(await taken(api, bad)).toMatchObject({ status: 422, body: { code: 42210002 } });
    }
    expect((await api.send("GET", "/v1/sessions?limit=1000")).body.length).toBe(before);
  });

  it("is not made of a session that plays", async () => {
    const made = await openDesk(api);
    await api.send("POST", at(made.session, "time/play"));
    expect(await api.send("GET", at(made.session, "export"))).toMatchObject({ status: 400 });
    await api.send("POST", at(made.session, "time/pause"));
    expect((await exported(api, made.session)).length).toBeGreaterThan(100);
  });
});
