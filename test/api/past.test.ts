/** The past of a session over HTTP: reading it, forking it, going back to it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, type Api, type Reply } from "../support/api.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

interface Desk {
  readonly id: string;
  readonly account: string;
  readonly send: (method: string, path: string, body?: unknown) => Promise<Reply>;
}

const POST = "POST";

/** A session with one account; paths that begin with / are the account's. */
async function openDesk(): Promise<Desk> {
  const created = await api.send(POST, "/v1/sessions", {
    body: { name: "past", startTime: "2023-01-03T14:30:00Z", endTime: "2023-02-28T21:00:00Z" },
  });
  const { id } = created.body as { readonly id: string };
  const opened = await api.send(POST, "/v1/accounts", { session: id, body: { initialCash: 100_000 } });
  return deskOf(id, opened.body.id as string);
}

const deskOf = (id: string, account: string): Desk => ({
  id,
  account,
  send: (method, path, body) =>
    api.send(method, `/v1/trading/accounts/${account}${path}`, {
      session: id,
      ...(body === undefined ? {} : { body }),
    }),
});

const buy = (qty: number, more: object = {}): object => ({ symbol: "AAPL", side: "buy", qty, type: "market", ...more });
const advance = (id: string, targetTime: string): Promise<Reply> =>
  api.send(POST, `/v1/sessions/${id}/time/advance`, { body: { targetTime } });
const sessionOf = async (id: string) => (await api.send("GET", `/v1/sessions/${id}`)).body;
const accountOf = async (id: string): Promise<string> =>
  (await api.send("GET", "/v1/accounts", { session: id })).body[0].id as string;

/** Buys 10 at 14:30, 5 at 15:00, sells 15 at 16:00; ends at 17:00. */
async function tradingDay(): Promise<Desk> {
  const desk = await openDesk();
  await desk.send(POST, "/orders", buy(10, { client_order_id: "first" }));
  await advance(desk.id, "2023-01-03T15:00:00Z");
  await desk.send(POST, "/orders", buy(5));
  await advance(desk.id, "2023-01-03T16:00:00Z");
  await desk.send(POST, "/orders", { ...buy(15), side: "sell" });
  await advance(desk.id, "2023-01-03T17:00:00Z");
  return desk;
}

/** Everything that can be read of the account. */
const READS = ["/account", "/orders?status=all", "/positions", "/account/activities", "/account/portfolio/history"];
const at = (path: string, time: string): string => `${path}${path.includes("?") ? "&" : "?"}at=${time}`;

describe("?at=", () => {
  it("answers every read as it was answered then, the time of an advance included", async () => {
    const desk = await openDesk();
    const seen = new Map<string, readonly unknown[]>();
    const look = async (time: string): Promise<void> => {
      await advance(desk.id, time);
      seen.set(time, await Promise.all(READS.map(async (path) => (await desk.send("GET", path)).body as unknown)));
    };
    await desk.send(POST, "/orders", buy(10));
    await look("2023-01-03T14:30:00Z");
    await look("2023-01-03T14:31:00Z");
    await look("2023-01-03T15:29:30.5Z");
    await desk.send(POST, "/orders", buy(5, { type: "limit", limit_price: 100 }));
    await look("2023-01-03T15:29:30.5Z");
    await look("2023-01-04T20:00:00Z");
    await advance(desk.id, "2023-01-10T20:00:00Z");
    for (const [time, answers] of seen) {
      const then = await Promise.all(
        READS.map(async (path) => (await desk.send("GET", at(path, time))).body as unknown),
      );
      expect(then, time).toEqual(answers);
    }
  });

  it("finds the moments within a long advance, on both trading surfaces", async () => {
    const desk = await openDesk();
    await desk.send(POST, "/orders", buy(10));
    await advance(desk.id, "2023-01-20T20:00:00Z");
    const wanted = [
      ["2023-01-03T14:30:00Z", []],
      ["2023-01-03T14:30:00.001Z", ["10"]],
    ] as const;
    for (const [time, shares] of wanted) {
      const { body } = await desk.send("GET", at("/positions", time));
      expect((body as { qty: string }[]).map(({ qty }) => qty)).toEqual(shares);
    }
    const bound = await api.send("GET", "/v2/account?at=2023-01-03T15:00:00Z", { session: desk.id });
    expect(bound.body.long_market_value).not.toBe("0");
    const bars = await api.send("GET", "/v2/stocks/AAPL/bars?timeframe=1Min&start=2023-01-03&at=2023-01-03T14:33:20Z", {
      session: desk.id,
    });
    expect((bars.body.bars as { t: string }[]).at(-1)?.t).toBe("2023-01-03T14:32:00Z");
    const clock = await api.send("GET", "/v1/clock?at=2023-01-03T14:33:20Z", { session: desk.id });
    expect(clock.body.timestamp).toMatch(/^2023-01-03T(14:33:20Z|09:33:20-05:00)$/);
  });

  it("refuses what has not been, what no time is, and commands", async () => {
    const desk = await openDesk();
    await advance(desk.id, "2023-01-03T15:00:00Z");
    const refusals = await Promise.all(
      ["2023-01-03T15:00:00.001Z", "2023-01-03T14:29:59Z", "yesterday", "2023-01-03T15:00:00"].map((time) =>
        desk.send("GET", at("/account", time)),
      ),
    );
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(refusals[0]?.body.message).toMatch(/from 2023-01-03T14:30:00Z to its clock 2023-01-03T15:00:00Z/);
    const order = await desk.send(POST, "/orders?at=2023-01-03T14:45:00Z", buy(1));
    expect([order.status, order.body.message]).toEqual([400, expect.stringContaining("at is for reading")]);
    expect((await desk.send("GET", at("/orders/none", "2023-01-03T14:45:00Z"))).status).toBe(422);
  });
});

describe("a fork", () => {
  it("has the same past up to its moment, ids of its own, and leaves the session alone", async () => {
    const desk = await tradingDay();
    const before = await sessionOf(desk.id);
    const made = await api.send(POST, `/v1/sessions/${desk.id}/fork`, {
      body: { at: "2023-01-03T15:30:00Z", name: "what if" },
    });
    expect(made.status).toBe(201);
    expect(made.headers["location"]).toBe(`/v1/sessions/${made.body.id}`);
    expect(made.body).toMatchObject({
      name: "what if",
      status: "active",
      current_time: "2023-01-03T15:30:00Z",
      playback_state: "paused",
      parent_id: desk.id,
      parent_deleted: false,
      forked_at: "2023-01-03T15:30:00Z",
    });
    const fork = deskOf(made.body.id as string, await accountOf(made.body.id as string));
    expect(fork.account).not.toBe(desk.account);
    expect((await fork.send("GET", "/positions")).body).toMatchObject([{ qty: "15" }]);
    const orders = (await fork.send("GET", "/orders?status=all&direction=asc")).body as { id: string; qty: string }[];
    const originals = (await desk.send("GET", "/orders?status=all&direction=asc")).body as { id: string }[];
    expect(orders.map(({ qty }) => qty)).toEqual(["10", "5"]);
    expect(orders.some(({ id }) => originals.some((order) => order.id === id))).toBe(false);
    expect((await fork.send("GET", "/orders:by_client_order_id?client_order_id=first")).body.id).toBe(orders[0]?.id);
    expect((await fork.send(POST, "/orders", buy(1, { client_order_id: "first" }))).status).toBe(422);
    expect(await sessionOf(desk.id)).toEqual(before);
    expect((await api.send("GET", "/v2/account", { session: desk.id })).status).toBe(200);
  });

  it("begins where the session stands without a moment, with the same head; or at an entry", async () => {
    const desk = await tradingDay();
    const source = await sessionOf(desk.id);
    const { body: now } = await api.send(POST, `/v1/sessions/${desk.id}/fork`);
    expect(now).toMatchObject({
      name: source.name,
      current_time: source.current_time,
      journal_seq: source.journal_seq,
      journal_hash: source.journal_hash,
    });
    const { body: early } = await api.send(POST, `/v1/sessions/${desk.id}/fork`, { body: { at: 3 } });
    expect(early).toMatchObject({ journal_seq: 3, current_time: "2023-01-03T14:30:00Z" });
    const open = await api.send("GET", `/v1/trading/accounts/${await accountOf(early.id as string)}/orders`, {
      session: early.id as string,
    });
    expect(open.body).toMatchObject([{ qty: "10", filled_qty: "0" }]);
  });

  it("takes other assumptions and more money from there on", async () => {
    const desk = await tradingDay();
    const made = await api.send(POST, `/v1/sessions/${desk.id}/fork`, {
      body: { at: "2023-01-03T15:30:00Z", config: { slippage: { model: "none" }, seed: 7 }, deposit: 2500 },
    });
    expect(made.body.config).toMatchObject({ slippage: { model: "none" }, seed: 7, profile: "conservative" });
    const id = made.body.id as string;
    const fork = deskOf(id, await accountOf(id));
    const cash = async (on: Desk, path: string): Promise<number> => Number((await on.send("GET", path)).body.cash);
    const then = await cash(desk, "/account?at=2023-01-03T15:30:00Z");
    expect((await cash(fork, "/account")) - then).toBeCloseTo(2500, 6);
    expect((await fork.send("GET", "/account/activities?activity_types=CSD")).body).toMatchObject([
      { net_amount: "2500" },
    ]);
    expect((await sessionOf(desk.id)).config).toMatchObject({ seed: 0 });
    const ideal = await api.send(POST, `/v1/sessions/${desk.id}/fork`, { body: { config: { profile: "ideal" } } });
    expect(ideal.body.config).toMatchObject({ profile: "ideal", slippage: { model: "none" } });
    const again = await api.send(POST, `/v1/sessions/${id}/fork`, { body: { at: "2023-01-03T15:00:00Z" } });
    expect(again.body.config).toMatchObject({ seed: 0 });
  });

  it.each([
    [{ at: "2023-01-03T18:00:00Z" }, 400, "to its clock"],
    [{ at: "2023-01-01T18:00:00Z" }, 400, "from 2023-01-03T14:30:00Z"],
    [{ at: 0 }, 400, "from 1 to"],
    [{ at: 99 }, 400, "from 1 to"],
    [{ at: "soon" }, 400, "at"],
    [{ deposit: -1 }, 400, "deposit"],
    [{ config: { sed: 1 } }, 400, "config.sed is not known"],
    [{ config: { initialPositions: [] } }, 400, "not of a fork"],
    [{ unknown: 1 }, 400, "unknown"],
  ])("refuses %j", async (body, status, words) => {
    const desk = await tradingDay();
    const refused = await api.send(POST, `/v1/sessions/${desk.id}/fork`, { body });
    expect([refused.status, refused.body.message]).toEqual([status, expect.stringContaining(words)]);
  });

  it("lives on when its parent is deleted, and a tree shows the family", async () => {
    const desk = await tradingDay();
    const fork = async (id: string, name: string): Promise<string> =>
      (await api.send(POST, `/v1/sessions/${id}/fork`, { body: { name, at: "2023-01-03T15:30:00Z" } })).body
        .id as string;
    const child = await fork(desk.id, "child");
    const other = await fork(desk.id, "other");
    const grandchild = await fork(child, "grandchild");
    const { body: tree } = await api.send("GET", `/v1/sessions/${grandchild}/tree`);
    expect(tree).toMatchObject([
      { id: desk.id, parent_id: null, depth: 0 },
      { id: child, name: "child", parent_id: desk.id, depth: 1 },
      { id: grandchild, forked_at: "2023-01-03T15:30:00Z", parent_id: child, depth: 2 },
      { id: other, depth: 1 },
    ]);
    expect((await api.send("DELETE", `/v1/sessions/${desk.id}`)).status).toBe(204);
    expect(await sessionOf(child)).toMatchObject({ parent_id: desk.id, parent_deleted: true });
    expect((await api.send("GET", `/v1/sessions/${grandchild}/tree`)).body).toMatchObject([
      { id: child, parent_deleted: true },
      {},
    ]);
    expect((await advance(child, "2023-01-05T15:30:00Z")).status).toBe(200);
    expect((await api.send("GET", "/v1/sessions/none/tree")).status).toBe(404);
    expect((await api.send(POST, "/v1/sessions/none/fork")).status).toBe(404);
  });
});

describe("a rewind", () => {
  const rewind = (id: string, body: object): Promise<Reply> =>
    api.send(POST, `/v1/sessions/${id}/time/rewind`, { body });

  it("goes back to a time, and a fork keeps what came after", async () => {
    const desk = await tradingDay();
    const before = await sessionOf(desk.id);
    const orders = (await desk.send("GET", "/orders?status=all")).body as { id: string }[];
    const then = (await desk.send("GET", at("/account", "2023-01-03T15:30:00Z"))).body as unknown;
    const answer = await rewind(desk.id, { to: "2023-01-03T15:30:00Z", name: "first try" });
    expect(answer.body).toMatchObject({
      previousTime: "2023-01-03T17:00:00Z",
      currentTime: "2023-01-03T15:30:00Z",
      keptSessionId: expect.any(String) as string,
    });
    expect((await desk.send("GET", "/account")).body).toEqual(then);
    expect(await sessionOf(answer.body.keptSessionId as string)).toMatchObject({
      name: "first try",
      current_time: "2023-01-03T17:00:00Z",
      parent_id: desk.id,
      total_realized_pnl: before.total_realized_pnl,
    });
    const again = await desk.send(POST, "/orders", { ...buy(15), side: "sell" });
    expect(orders.map(({ id }) => id)).not.toContain(again.body.id);
    expect((await desk.send("GET", `/orders/${orders[2]?.id}`)).status).toBe(200);
    expect((await desk.send("GET", `/orders/${orders[0]?.id}`)).status).toBe(404);
    expect((await desk.send("GET", `/orders/${again.body.id}`)).status).toBe(200);
  });

  it("removes what came after where it is asked to, and goes back again", async () => {
    const desk = await tradingDay();
    const answer = await rewind(desk.id, { to: 3, discard: true });
    expect(answer.body).toMatchObject({ currentTime: "2023-01-03T14:30:00Z", journalSeq: 3, keptSessionId: null });
    await advance(desk.id, "2023-01-03T16:00:00Z");
    const back = await rewind(desk.id, { to: "2023-01-03T15:00:00Z", discard: true });
    expect(back.body).toMatchObject({ previousTime: "2023-01-03T16:00:00Z", currentTime: "2023-01-03T15:00:00Z" });
    expect((await desk.send("GET", "/positions")).body).toMatchObject([{ qty: "10" }]);
    expect((await rewind(desk.id, { to: "2023-01-03T15:00:00Z" })).body).toMatchObject({ keptSessionId: null });
  });

  it("makes a completed session active again", async () => {
    const desk = await tradingDay();
    await advance(desk.id, "2023-02-28T21:00:00Z");
    expect((await sessionOf(desk.id)).status).toBe("completed");
    expect((await rewind(desk.id, { to: "2023-01-03T17:00:00Z" })).status).toBe(200);
    expect((await sessionOf(desk.id)).status).toBe("active");
  });

  it("is refused while the session plays, and for a moment that has not been", async () => {
    const desk = await tradingDay();
    await api.send(POST, `/v1/sessions/${desk.id}/time/play`);
    const playing = await rewind(desk.id, { to: "2023-01-03T15:00:00Z" });
    expect([playing.status, playing.body.code]).toEqual([409, 40910002]);
    await api.send(POST, `/v1/sessions/${desk.id}/time/pause`);
    for (const body of [{}, { to: "2024-01-01T00:00:00Z" }, { to: 1.5 }, { to: true }, { to: 1, discard: "yes" }]) {
      expect((await rewind(desk.id, body)).status, JSON.stringify(body)).toBe(400);
    }
  });
});
