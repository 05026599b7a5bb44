/** Brackets, OCO and OTO, trailing stops and auction orders as a client sends and sees them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Api, Desk, Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";
import { at, openDeskAt, openTape } from "../support/tape.ts";

let api: Api;

beforeAll(async () => {
  api = await openTape({
    XYZ: [
      ["09:59", 100, 100.2, 99.8, 100, 50_000],
      ["10:00", 100, 101, 99, 100.5, 50_000],
      ["10:01", 100.5, 102, 100.2, 101.8, 50_000],
      ["10:02", 101.5, 105.5, 101.4, 104, 50_000],
      ["10:03", 104, 104.2, 96, 97, 50_000],
    ],
  });
});
afterAll(() => api.close());

const requests = deskRequests(() => api);
const { get, remove, advance, ordersOf } = requests;
const place = (desk: Desk, body: object): Promise<Reply> => requests.place(desk, { symbol: "XYZ", qty: 100, ...body });
const patch = (desk: Desk, id: string, body: object): Promise<Reply> =>
  api.send("PATCH", `${desk.orders}/${id}`, { session: desk.session, body });
const to = (desk: Desk, time: string): Promise<Reply> => advance(desk, { targetTime: at(time) });

const BRACKET = {
  order_class: "bracket",
  time_in_force: "gtc",
  take_profit: { limit_price: "105" },
  stop_loss: { stop_price: 95, limit_price: "94.5" },
};

interface Leg {
  readonly id: string;
  readonly type: string;
  readonly status: string;
}

const legsOf = (reply: Reply): readonly Leg[] => reply.body.legs;
const leg = (reply: Reply, type: string): Leg =>
  legsOf(reply).find((each) => each.type === type) ?? { id: "none", type, status: "none" };

describe("a bracket", () => {
  it("answers with its legs, held, and shows them wherever it is read by itself", async () => {
    const desk = await openDeskAt(api, "10:00");
    const placed = await place(desk, BRACKET);
    expect(placed).toMatchObject({
      status: 201,
      body: {
        order_class: "bracket",
        status: "accepted",
        position_intent: "buy_to_open",
        legs: [
          {
            type: "limit",
            side: "sell",
            qty: "100",
            limit_price: "105",
            status: "held",
            order_class: "bracket",
            time_in_force: "gtc",
            position_intent: "sell_to_close",
            legs: null,
          },
          { type: "stop_limit", stop_price: "95", limit_price: "94.5", status: "held", legs: null },
        ],
      },
    });
    const read = await get(desk, `${desk.orders}/${placed.body.id}`);
    expect(legsOf(read).map(({ id }) => id)).toEqual(legsOf(placed).map(({ id }) => id));
    const target = leg(placed, "limit");
    expect((await get(desk, `${desk.orders}/${target.id}`)).body).toMatchObject({ id: target.id, legs: null });
    const byClientId = `${desk.orders}:by_client_order_id?client_order_id=${placed.body.client_order_id}`;
    expect(legsOf(await get(desk, byClientId))).toHaveLength(2);
  });

  it("is one row of a nested list and three of a flat one", async () => {
    const desk = await openDeskAt(api, "10:00");
    const { id } = (await place(desk, BRACKET)).body;
    const flat = await ordersOf(desk, "?status=open");
    expect(flat.body.map((each: { legs: unknown }) => each.legs)).toEqual([null, null, null]);
    const nested = await ordersOf(desk, "?status=open&nested=true");
    expect(nested.body.map((each: Reply["body"]) => [each.id, each.legs.length])).toEqual([[id, 2]]);
    expect((await ordersOf(desk, "?status=open&nested=true&limit=1")).body).toHaveLength(1);
    expect((await ordersOf(desk, "?status=held")).body).toHaveLength(2);
    expect((await ordersOf(desk, "?status=held&nested=true")).body).toHaveLength(1);
    expect((await ordersOf(desk, "?status=closed&nested=true")).body).toEqual([]);
  });

  it("wakes its legs when it is filled, is open as a group until they end, and then closed", async () => {
    const desk = await openDeskAt(api, "10:00");
    const placed = await place(desk, BRACKET);
    await to(desk, "10:02");
    const working = await get(desk, `${desk.orders}/${placed.body.id}`);
    expect(working.body).toMatchObject({ status: "filled", filled_avg_price: "100" });
    expect(leg(working, "limit").status).toBe("new");
    const groups = async (status: string): Promise<number> =>
      (await ordersOf(desk, `?nested=true&status=${status}`)).body.length;
    expect([await groups("open"), await groups("closed")]).toEqual([1, 0]);
    expect((await ordersOf(desk, "?status=closed")).body).toHaveLength(1);
    await to(desk, "10:03");
    const done = await get(desk, `${desk.orders}/${placed.body.id}`);
    expect([leg(done, "limit").status, leg(done, "stop_limit").status]).toEqual(["filled", "canceled"]);
    expect([await groups("open"), await groups("closed"), await groups("all")]).toEqual([0, 1, 1]);
    expect((await get(desk, desk.positions)).body).toEqual([]);
  });

  it("lets a leg be replaced, which then stands in its place", async () => {
    const desk = await openDeskAt(api, "10:00");
    const placed = await place(desk, BRACKET);
    await to(desk, "10:02");
    const target = leg(placed, "limit");
    const replaced = await patch(desk, target.id, { limit_price: "110" });
    expect(replaced).toMatchObject({
      status: 200,
      body: { replaces: target.id, limit_price: "110", order_class: "bracket", legs: null },
    });
    const parent = await get(desk, `${desk.orders}/${placed.body.id}`);
    expect(legsOf(parent).map(({ id }) => id)).toContain(replaced.body.id);
    expect(legsOf(parent).map(({ id }) => id)).not.toContain(target.id);
    expect((await get(desk, `${desk.orders}/${target.id}`)).body).toMatchObject({
      status: "replaced",
      replaced_by: replaced.body.id,
    });
  });

  it("is canceled as a whole, and cancel all names each member once", async () => {
    const desk = await openDeskAt(api, "10:00");
    const placed = await place(desk, BRACKET);
    const { status, body } = await remove(desk, desk.orders);
    expect(status).toBe(207);
    const ids = [placed.body.id, ...legsOf(placed).map(({ id }) => id)];
    expect(new Set(body.map((each: { id: string }) => each.id))).toEqual(new Set(ids));
    expect(body).toHaveLength(3);
    expect((await ordersOf(desk, "?status=open")).body).toEqual([]);
  });

  it("takes either spelling in its exits, and refuses both at once", async () => {
    const desk = await openDeskAt(api, "10:00");
    const camel = { orderClass: "bracket", takeProfit: { limitPrice: 105 }, stopLoss: { stopPrice: 95 } };
    expect((await place(desk, camel)).body.legs).toMatchObject([{ limit_price: "105" }, { stop_price: "95" }]);
    const both = { ...camel, takeProfit: { limitPrice: 105, limit_price: 105 } };
    expect(await place(desk, both)).toMatchObject({
      status: 400,
      body: { code: 40_010_000, message: "limitPrice and limit_price are one field: give one of them" },
    });
  });
});

describe("OCO and OTO", () => {
  const held = (symbol = "XYZ"): object => ({ initialPositions: [{ symbol, qty: 100, avgEntryPrice: 90 }] });

  it.each([
    ["in both places", { type: "limit", limit_price: 105, take_profit: { limit_price: "105.00" } }],
    ["as the take profit alone, without a type", { type: undefined, take_profit: { limit_price: 105 } }],
    ["as the order's own", { type: "limit", limit_price: "105" }],
  ])("an OCO pair takes its target %s", async (_where, target) => {
    const desk = await openDeskAt(api, "10:00", held());
    const placed = await place(desk, { side: "sell", order_class: "oco", stop_loss: { stop_price: 95 }, ...target });
    expect([placed.status, placed.body.message]).toEqual([201, undefined]);
    expect(placed.body).toMatchObject({
      order_class: "oco",
      type: "limit",
      limit_price: "105",
      legs: [{ type: "stop", stop_price: "95", order_class: "oco" }],
    });
    await to(desk, "10:03");
    const done = await get(desk, `${desk.orders}/${placed.body.id}`);
    expect([done.body.status, leg(done, "stop").status]).toEqual(["filled", "canceled"]);
  });

  it("an OTO order has one leg, which lives once the entry is filled", async () => {
    const desk = await openDeskAt(api, "10:00");
    const placed = await place(desk, { order_class: "oto", stop_loss: { stop_price: 97 }, time_in_force: "gtc" });
    expect(placed.body.legs).toMatchObject([{ type: "stop", status: "held" }]);
    await to(desk, "10:04");
    const done = await get(desk, `${desk.orders}/${placed.body.id}`);
    expect(done.body).toMatchObject({ status: "filled", legs: [{ status: "filled", filled_avg_price: "97" }] });
  });

  it.each([
    ["an OCO of another type", { order_class: "oco", type: "stop" }, "oco orders must be limit orders, got type stop"],
    [
      "an OCO with two targets",
      { order_class: "oco", type: "limit", limit_price: 105, take_profit: { limit_price: 106 } },
      "limit_price and take_profit.limit_price are one price of an oco order",
    ],
    [
      "an unknown class",
      { order_class: "pair" },
      'invalid order_class: must be one of simple, bracket, oco, oto, got "pair"',
    ],
    [
      "a number for an exit",
      { order_class: "bracket", take_profit: 105 },
      "take_profit must be an object {limit_price}, got 105",
    ],
    [
      "a list for an exit",
      { order_class: "bracket", stop_loss: [95] },
      "stop_loss must be an object {stop_price} or {stop_price, limit_price}, got [95]",
    ],
    [
      "a word for its price",
      { order_class: "oto", stop_loss: { stop_price: "low" } },
      'stop_loss.stop_price must be a plain decimal number, got "low"',
    ],
    [
      "an exit with a limit alone",
      { order_class: "oto", stop_loss: { limit_price: 95 } },
      "stop_loss requires stop_loss.stop_price",
    ],
  ])("refuses %s", async (_what, body, message) => {
    const desk = await openDeskAt(api, "10:00");
    const reply = await place(desk, body);
    expect(reply.body.message).toContain(message);
    expect([reply.status, reply.body.code]).toEqual([422, 40_010_001]);
  });

  it.each([
    ["a multi-leg class", { order_class: "mleg" }, "order_class: multi-leg orders are not supported yet"],
    ["legs", { legs: [{ symbol: "XYZ", ratio_qty: "1" }] }, "legs: multi-leg orders are not supported yet"],
  ])("refuses %s as not supported yet", async (_what, body, message) => {
    const desk = await openDeskAt(api, "10:00");
    expect(await place(desk, body)).toMatchObject({ status: 422, body: { code: 42_210_001, message } });
  });

  it("takes the padding of SDKs for nothing", async () => {
    const desk = await openDeskAt(api, "10:00");
    const padding = {
      order_class: "",
      take_profit: null,
      stop_loss: "",
      legs: [],
      trail_price: null,
      trail_percent: "",
      position_intent: null,
      advanced_instructions: { algorithm: "DMA", destination: "NYSE" },
      source: null,
      subtag: "x",
      commission: "0.1",
    };
    expect(await place(desk, padding)).toMatchObject({ status: 201, body: { order_class: "", legs: null } });
  });
});

describe("a trailing stop", () => {
  it("shows its distance, its mark and where its stop stands at the clock", async () => {
    const desk = await openDeskAt(api, "10:00");
    await place(desk, {});
    await to(desk, "10:01");
    const placed = await place(desk, { side: "sell", type: "trailing_stop", trail_price: "5", time_in_force: "gtc" });
    expect(placed.body).toMatchObject({
      type: "trailing_stop",
      trail_price: "5",
      trail_percent: null,
      hwm: "100.5",
      stop_price: "95.5",
      position_intent: "sell_to_close",
    });
    const url = `${desk.orders}/${placed.body.id}`;
    await to(desk, "10:02");
    expect((await get(desk, url)).body).toMatchObject({ hwm: "102", stop_price: "97", status: "new" });
    await to(desk, "10:03");
    expect((await get(desk, url)).body).toMatchObject({ hwm: "105.5", stop_price: "100.5" });
    const changed = await patch(desk, placed.body.id, { trail: "10" });
    expect(changed.body).toMatchObject({
      trail_price: "10",
      replaces: placed.body.id,
      hwm: "105.5",
      stop_price: "95.5",
    });
  });

  it("may trail by percent", async () => {
    const desk = await openDeskAt(api, "10:00");
    const placed = await place(desk, { side: "buy", type: "trailing_stop", trail_percent: 2.5 });
    expect(placed.body).toMatchObject({ trail_percent: "2.5", trail_price: null, hwm: "100", stop_price: "102.5" });
  });
});

describe("auction orders", () => {
  it("are taken before the auction and filled in it", async () => {
    const desk = await openDeskAt(api, "10:00");
    const placed = await place(desk, { time_in_force: "cls" });
    expect(placed).toMatchObject({ status: 201, body: { time_in_force: "cls", expires_at: at("16:00") } });
    await to(desk, "16:00");
    expect((await get(desk, `${desk.orders}/${placed.body.id}`)).body).toMatchObject({
      status: "filled",
      filled_avg_price: "97",
      filled_at: at("16:00"),
    });
    expect((await place(desk, { time_in_force: "opg" })).body.code).toBe(40_310_000);
  });
});

describe("position_intent", () => {
  it("is inferred from what is held, and refused where it says otherwise", async () => {
    const desk = await openDeskAt(api, "10:00");
    expect(await place(desk, { position_intent: "buy_to_close" })).toMatchObject({
      status: 422,
      body: { code: 42_210_000, message: "position intent mismatch, inferred: buy_to_open, specified: buy_to_close" },
    });
    expect((await place(desk, { position_intent: "buy_to_open" })).body.position_intent).toBe("buy_to_open");
    await to(desk, "10:01");
    expect((await place(desk, { side: "sell", position_intent: "sell_to_open" })).body.message).toBe(
      "position intent mismatch, inferred: sell_to_close, specified: sell_to_open",
    );
    expect((await place(desk, { side: "sell", position_intent: "sell_to_close" })).body.position_intent).toBe(
      "sell_to_close",
    );
    expect((await place(desk, { position_intent: "hold" })).body).toMatchObject({
      code: 40_010_001,
      message: expect.stringContaining("invalid position_intent: must be one of buy_to_open"),
    });
  });
});

describe("lists of orders", () => {
  it("page by the id of an order, and filter by size and class of asset", async () => {
    const desk = await openDeskAt(api, "10:00");
    const ids: string[] = [];
    for (const qty of [10, 20, 30, 40]) {
      const { body } = await place(desk, { type: "limit", limit_price: 50, qty });
      ids.push(body.id);
    }
    const sizes = async (query: string): Promise<readonly string[]> =>
      (await ordersOf(desk, `?${query}`)).body.map((each: { qty: string }) => each.qty);
    expect(await sizes(`after_order_id=${ids[1]}&direction=asc`)).toEqual(["30", "40"]);
    expect(await sizes(`before_order_id=${ids[2]}`)).toEqual(["20", "10"]);
    expect(await sizes("qty_above=10&qty_below=40")).toEqual(["30", "20"]);
    expect(await sizes("asset_class=us_option,us_equity&limit=1")).toEqual(["40"]);
    expect(await sizes("asset_class=crypto")).toEqual([]);
    expect(await sizes("asset_class=all")).toHaveLength(4);
  });

  it.each([
    ["after_order_id=x", 422, 'after_order_id must be the id of an order of this account, got "x"'],
    ["after_order_id=x&before_order_id=y", 422, "only one of after_order_id and before_order_id is accepted"],
    ["before_order_id=x&until=2024-03-05", 422, "only one of before_order_id and until is accepted"],
    ["qty_above=many", 422, 'qty_above must be a plain decimal number, got "many"'],
    ["asset_class=bonds", 400, "asset_class must be one of us_equity, us_option, crypto, all"],
  ])("refuse ?%s", async (query, status, message) => {
    const desk = await openDeskAt(api, "10:00");
    const reply = await ordersOf(desk, `?${query}`);
    expect([reply.status, reply.body.code]).toEqual([status, status === 400 ? 40_010_000 : 40_010_001]);
    expect(reply.body.message).toContain(message);
  });
});
