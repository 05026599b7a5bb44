/** Lists of orders in Trading v2: filters, pages, and single orders by either id. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, type Api, type Reply } from "../support/api.ts";
import { openTrader, type Trader } from "../support/trader.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const OPEN = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T20:00:00Z" };
const NEVER = "00000000-0000-4000-8000-000000000000";
const RESTING = { type: "limit", limit_price: 50, time_in_force: "gtc" };
const idsOf = ({ body }: Reply): readonly string[] => body.map(({ id }: { id: string }) => id);

describe("lists of orders", () => {
  let bot: Trader;
  let ids: readonly string[];
  beforeAll(async () => {
    bot = await openTrader(api, OPEN);
    const bodies = [
      { ...RESTING, client_order_id: "first" },
      { symbol: "MSFT", qty: 5 },
      { ...RESTING, limit_price: 51 },
      { ...RESTING, limit_price: 52 },
    ];
    const placed: string[] = [];
    for (const body of bodies) placed.push((await bot.place(body)).body.id);
    ids = placed;
    await bot.advance();
    await bot.remove(`/v2/orders/${ids[3]}`);
  });
  const list = async (query: string): Promise<readonly number[]> =>
    idsOf(await bot.get(`/v2/orders${query}`)).map((id) => ids.indexOf(id));

  it.each([
    ["", [2, 0]],
    ["?status=closed", [3, 1]],
    ["?status=all", [3, 2, 1, 0]],
    ["?status=all&direction=asc", [0, 1, 2, 3]],
    ["?status=all&limit=2", [3, 2]],
    ["?status=all&symbols=MSFT,SPY", [1]],
    ["?status=all&symbols=msft&symbols=SPY", [1]],
    ["?status=all&side=sell", []],
    ["?status=all&asset_class=us_equity", [3, 2, 1, 0]],
    ["?status=all&asset_class=crypto", []],
    ["?status=all&after=2023-01-04", []],
    ["?status=all&until=2023-01-04", [3, 2, 1, 0]],
  ])("%s", async (query, wanted) => {
    expect(await list(query)).toEqual(wanted);
  });

  it("are paged by times and by ids without losing any", async () => {
    const times = (await bot.get("/v2/orders?status=all")).body.map(
      (each: { submitted_at: string }) => each.submitted_at,
    );
    expect(await list(`?status=all&until=${times[1]}`)).toEqual([1, 0]);
    expect(await list(`?status=all&after=${times[1]}`)).toEqual([3]);
    expect(await list(`?status=all&before_order_id=${ids[2]}`)).toEqual([1, 0]);
    expect(await list(`?status=all&after_order_id=${ids[2]}`)).toEqual([3]);
  });

  it.each([
    ["limit=501", 422, "limit must be a whole number from 1 to 500"],
    ["status=maybe", 400, "status must be one of open, closed, all"],
    ["after=soon", 400, "after must be an RFC 3339 time"],
    [`after_order_id=${NEVER}`, 422, "after_order_id must be the id of an order of this account"],
    [`after_order_id=${NEVER}&after=2023-01-01`, 422, "only one of after_order_id and after is accepted"],
  ])("refuse ?%s", async (query, status, message) => {
    const reply = await bot.get(`/v2/orders?${query}`);
    expect(reply.status).toBe(status);
    expect(reply.body.message).toContain(message);
  });

  it("find one order by its own id and by its client's, and explain it", async () => {
    const byClient = (query: string): Promise<Reply> => bot.get(`/v2/orders:by_client_order_id${query}`);
    expect(await byClient("?client_order_id=first")).toMatchObject({ status: 200, body: { id: ids[0] } });
    expect(await byClient("?client_order_id=none")).toMatchObject({
      status: 404,
      body: { code: 40_410_000, message: "order not found for none" },
    });
    expect(await byClient("")).toMatchObject({ status: 400, body: { message: "client_order_id is required" } });
    expect(await bot.get(`/v2/orders/${ids[0]}`)).toMatchObject({ status: 200, body: { id: ids[0] } });
    expect(await bot.get(`/v2/orders/${ids[1]}/explain`)).toMatchObject({ status: 200 });
    for (const method of ["get", "remove", "patch"] as const) {
      expect(await bot[method](`/v2/orders/${NEVER}`)).toMatchObject({
        status: 404,
        body: { code: 40_410_000, message: `order not found for ${NEVER}` },
      });
      expect(await bot[method]("/v2/orders/first")).toMatchObject({ status: 422, body: { code: 40_010_001 } });
    }
  });
});
