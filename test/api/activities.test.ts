/** Account activities: fills and bookings, of one account and of all, filtered and paged. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, type Api, type Desk, type Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;
let desk: Desk;

const { place, get, advance } = deskRequests(() => api);

const pathOf = ({ account }: Desk): string => `/v1/trading/accounts/${account}/account/activities`;
const list = (query = "", of = desk): Promise<Reply> => get(of, pathOf(of) + query);
const deposit = (of: Desk, account: string, amount: number): Promise<Reply> =>
  api.send("POST", `/v1/accounts/${account}/transfers`, {
    session: of.session,
    body: { direction: "INCOMING", amount },
  });

interface Listed {
  readonly id: string;
  readonly activity_type: string;
  readonly symbol?: string;
}
const typesOf = ({ body }: Reply): readonly string[] => body.map((each: Listed) => each.activity_type);

/** Buys and sells AAPL over two days, part by part, with a deposit in between. */
beforeAll(async () => {
  api = await openApi();
  desk = await openDesk(api, {
    startTime: "2023-01-03T14:30:00Z",
    endTime: "2023-01-31T21:00:00Z",
    config: { slippage: { model: "none" } },
  });
  await place(desk, {});
  await advance(desk, { duration: 5 });
  await place(desk, { qty: 4, side: "sell" });
  await advance(desk, { duration: 5 });
  await deposit(desk, desk.account, 500);
  await advance(desk, { targetTime: "2023-01-04T15:00:00Z" });
  await place(desk, { symbol: "MSFT", qty: "0.5" });
  await advance(desk, { targetTime: "2023-01-05T15:00:00Z" });
});
afterAll(() => api.close());

describe("activities of an account", () => {
  it("are fills with their order, newest first", async () => {
    const { body } = await list("/FILL");
    expect(body.map((fill: Listed) => fill.symbol)).toEqual(["MSFT", "AAPL", "AAPL"]);
    const orders = (await get(desk, `${desk.orders}?status=all&direction=asc`)).body;
    expect(body[2]).toMatchObject({
      activity_type: "FILL",
      type: "fill",
      side: "buy",
      qty: "10",
      cum_qty: "10",
      leaves_qty: "0",
      order_status: "filled",
      transaction_time: "2023-01-03T14:30:00Z",
      price: orders[0].filled_avg_price,
      order_id: orders[0].id,
    });
    expect(body[2].id).toMatch(/^20230103093000000::[0-9a-f-]{36}$/);
    expect(body[2].account_id).toBeUndefined();
  });

  it("are bookings with their date, and nothing that does not apply", async () => {
    const { body } = await list("/CSD");
    expect(body).toEqual([
      {
        id: expect.stringMatching(/^20230103000000000::[0-9a-f-]{36}$/),
        activity_type: "CSD",
        date: "2023-01-03",
        created_at: "2023-01-03T14:40:00Z",
        net_amount: "500",
        description: expect.any(String),
        status: "executed",
        currency: "USD",
      },
    ]);
    const fees = (await list("/FEE?direction=asc")).body;
    expect(new Set(fees.map(({ date }: { date: string }) => date))).toEqual(new Set(["2023-01-03"]));
    for (const fee of fees) expect(fee).toMatchObject({ net_amount: expect.stringMatching(/^-0\.\d\d?$/) });
  });

  it("tell a fill in parts as parts", async () => {
    const big = await openDesk(api, {
      startTime: "2023-01-03T14:30:00Z",
      endTime: "2023-01-31T21:00:00Z",
      initialCash: 1e9,
    });
    await place(big, { qty: 200_000 });
    await advance(big, { duration: 300 });
    const { body } = await list("?direction=asc", big);
    const fills = body.filter((each: Listed) => each.activity_type === "FILL");
    expect(fills.length).toBeGreaterThan(1);
    expect(fills[0]).toMatchObject({ type: "partial_fill", order_status: "partially_filled" });
    let filled = 0;
    for (const fill of fills) {
      filled += Number(fill.qty);
      expect([Number(fill.cum_qty), Number(fill.leaves_qty)]).toEqual([filled, 200_000 - filled]);
    }
    expect(fills.at(-1)).toMatchObject({ type: "fill", leaves_qty: "0", order_status: "filled" });
  });

  it("are filtered by type, category, day and time", async () => {
    expect(new Set(typesOf(await list("?activity_types=CSD,FILL")))).toEqual(new Set(["CSD", "FILL"]));
    expect(typesOf(await list("?activity_types=TRANS"))).toEqual(["CSD"]);
    expect(typesOf(await list("/TRANS"))).toEqual(["CSD"]);
    expect(typesOf(await list("/SPIN"))).toEqual([]);
    expect(new Set(typesOf(await list("?category=trade_activity")))).toEqual(new Set(["FILL"]));
    expect(typesOf(await list("?category=non_trade_activity"))).not.toContain("FILL");
    expect(typesOf(await list("/FILL?date=2023-01-03"))).toHaveLength(2);
    expect(typesOf(await list("/FILL?date=2023-01-04T15:00:00Z"))).toHaveLength(1);
    expect(typesOf(await list("/FILL?after=2023-01-03T14:30:00Z"))).toHaveLength(2);
    expect(typesOf(await list("/FILL?until=2023-01-03T14:35:00Z"))).toHaveLength(1);
    expect(typesOf(await list("/FILL?after=2023-01-04&until=2023-01-05"))).toHaveLength(1);
  });

  it.each(["asc", "desc"])("are paged by the id of the last one, %s, up to the empty page", async (direction) => {
    const all = (await list(`?direction=${direction}`)).body.map(({ id }: Listed) => id);
    expect(new Set(all).size).toBe(all.length);
    for (const extra of ["", "&date=2023-01-03"]) {
      const wanted = (await list(`?direction=${direction}${extra}`)).body.map(({ id }: Listed) => id);
      const seen: string[] = [];
      for (let token = ""; ; token = seen.at(-1) ?? "") {
        const page = (await list(`?direction=${direction}&page_size=2&page_token=${token}${extra}`)).body;
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(2);
        seen.push(...page.map(({ id }: Listed) => id));
      }
      expect(seen).toEqual(wanted);
    }
  });

  it.each([
    ["?activity_types=GIFT", 422, 40_010_001, "activity type must be one of FILL, TRANS"],
    ["/GIFT", 422, 40_010_001, "activity type must be one of"],
    ["?activity_types=FILL&category=trade_activity", 422, 40_010_001, "category must not be given with"],
    ["?date=2023-01-03&after=2023-01-01", 422, 40_010_001, "date must not be given with after or until"],
    ["?page_size=0", 422, 40_010_001, "page_size must be a whole number from 1 to 100"],
    ["?page_size=101", 422, 40_010_001, "page_size must be a whole number from 1 to 100"],
    ["?page_token=nope", 400, 40_010_000, "page_token must be the id of an activity"],
    ["?page_token=20230103093000000::nope", 400, 40_010_000, "page_token must be the id of an activity"],
    ["?category=some", 400, 40_010_000, "category must be one of trade_activity, non_trade_activity"],
    ["?direction=up", 400, 40_010_000, "direction must be one of asc, desc"],
    ["?date=soon", 400, 40_010_000, "date must be an RFC 3339 time"],
    ["?after=2023-01-03T10:00:00", 400, 40_010_000, "after must have an offset"],
  ])("refuse %s", async (query, status, code, message) => {
    expect(await list(query)).toMatchObject({ status, body: { code, message: expect.stringContaining(message) } });
  });
});

describe("activities of a session", () => {
  it("are those of all accounts, with the account of each, in the order of time", async () => {
    const own = await openDesk(api);
    const second = (await api.send("POST", "/v1/accounts", { session: own.session, body: {} })).body.id as string;
    await deposit(own, own.account, 1);
    await advance(own);
    await deposit(own, second, 2);
    await advance(own);
    await deposit(own, own.account, 3);
    const all = (await get(own, "/v1/accounts/activities?direction=asc")).body;
    expect(all.map((each: { account_id: string; net_amount: string }) => [each.account_id, each.net_amount])).toEqual([
      [own.account, "1"],
      [second, "2"],
      [own.account, "3"],
    ]);
    expect(new Set(all.map(({ id }: Listed) => id)).size).toBe(3);
    expect((await get(own, `/v1/accounts/activities/CSD?account_id=${second}`)).body).toHaveLength(1);
    expect((await get(own, `/v1/accounts/activities?page_token=${all[1].id}`)).body).toEqual([all[0]]);
    expect(await get(own, "/v1/accounts/activities?account_id=nope")).toMatchObject({
      status: 404,
      body: { message: 'account not found for "nope"' },
    });
    expect((await list("", own)).body.map(({ id }: Listed) => id)).toEqual([all[2].id, all[0].id]);
  });

  it("begin empty", async () => {
    const own = await openDesk(api);
    expect((await get(own, "/v1/accounts/activities")).body).toEqual([]);
    expect((await list("", own)).body).toEqual([]);
  });
});
