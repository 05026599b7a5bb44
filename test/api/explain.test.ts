/** Why an order stands as it does: the rule, the bar and the status of everything that happened to it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Api, Desk, Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";
import { at, openDeskAt, openTape } from "../support/tape.ts";

let api: Api;

beforeAll(async () => {
  api = await openTape({
    XYZ: [
      ["09:59", 100, 100.2, 99.8, 100, 50_000],
      ["10:00", 100, 101, 99, 100.5, 5000],
      ["10:01", 100.6, 102, 100.2, 101.8, 8000],
      ["10:02", 101.5, 105.5, 98, 104, 50_000],
    ],
    DAYS: [
      ["2024-03-05", 50, 52, 49, 51, 10_000],
      ["2024-03-06", 51, 53, 50, 52, 20_000],
    ],
  });
});
afterAll(() => api.close());

const requests = deskRequests(() => api);
const { get, remove, advance } = requests;
const place = (desk: Desk, body: object): Promise<Reply> => requests.place(desk, { symbol: "XYZ", qty: 100, ...body });
const to = (desk: Desk, time: string): Promise<Reply> => advance(desk, { targetTime: at(time) });
const explain = async (desk: Desk, id: string): Promise<Reply["body"]> =>
  (await get(desk, `${desk.orders}/${id}/explain`)).body;

interface Told {
  readonly event: string;
  readonly status: string;
}

const course = (body: { readonly events: readonly Told[] }): readonly string[] =>
  body.events.map(({ event, status }) => `${event}: ${status}`);

describe("an explanation", () => {
  it("shows no more of the running bar than its open, and all of it once it has ended", async () => {
    const desk = await openDeskAt(api, "10:00");
    const { id } = (await place(desk, {})).body;
    await to(desk, "10:00:30");
    const running = await explain(desk, id);
    expect(running.fills).toEqual([
      {
        at: at("10:00"),
        qty: "100",
        price: "100",
        rule: "open",
        rule_text: "A market order fills at the open of the first bar that it may use.",
        reference_price: "100",
        slippage: "0",
        is_capped: false,
        bar: { start: at("10:00"), end: null, open: 100, high: null, low: null, close: null, volume: null },
        cap: null,
        cap_note: "it is known once the bar has ended",
        fees: { sec: "0", taf: "0", cat: "0" },
      },
    ]);
    await to(desk, "10:01");
    const { fills, ...told } = await explain(desk, id);
    expect(fills[0]).toMatchObject({
      bar: { start: at("10:00"), end: at("10:01"), open: 100, high: 101, low: 99, close: 100.5, volume: 5000 },
      cap: "500",
      cap_note: null,
    });
    expect(told).toMatchObject({ order: { id, status: "filled", legs: null }, waiting_for: null, left_out: 0 });
    expect(course(told as never)).toEqual(["accepted: accepted", "opened: new", "filled: filled"]);
    expect(told.why).toBe(
      "Bought 100 at 100, nothing left: a market order fills at the open of the first bar that it may use.",
    );
  });

  it("tells slices that the cap cut, each with its bar", async () => {
    const desk = await openDeskAt(api, "10:00");
    const { id } = (await place(desk, { qty: 1000 })).body;
    await to(desk, "10:02");
    const body = await explain(desk, id);
    expect(course(body)).toEqual(
      ["accepted: accepted", "opened: new", "filled: partially_filled", "filled: filled"].slice(0, course(body).length),
    );
    expect(body.fills.map((fill: Reply["body"]) => [fill.qty, fill.price, fill.is_capped, fill.cap])).toEqual([
      ["500", "100", true, "500"],
      ["500", "100.6", false, "800"],
    ]);
    expect(body.events[2].reason).toContain("500 left");
    expect(body.events[2].reason).toContain("the cap on the bar's volume cut it");
  });

  it("says what an order waits for: the venue, a price, its stop, a later bar", async () => {
    const early = await openDeskAt(api, "09:00");
    const waiting = async (desk: Desk, body: object): Promise<string> =>
      (await explain(desk, (await place(desk, body)).body.id)).waiting_for;
    expect(await waiting(early, {})).toBe(`the opening of the venue at ${at("09:30")}`);
    const desk = await openDeskAt(api, "10:00");
    expect(await waiting(desk, {})).toBe("the open of the next bar that trades");
    expect(await waiting(desk, { type: "limit", limit_price: 98 })).toBe("a trade below 98");
    expect(await waiting(desk, { type: "stop", stop_price: 110 })).toBe("a trade at or above 110");
    expect(await waiting(desk, { type: "stop_limit", stop_price: 110, limit_price: 111 })).toBe(
      "a trade at or above 110, and then a trade below 111",
    );
    expect(await waiting(desk, { time_in_force: "fok" })).toBe("the open of the next bar");
    expect(await waiting(desk, { time_in_force: "ioc", type: "limit", limit_price: 99 })).toBe(
      "the open of the next bar, not above 99",
    );
    const touch = await openDeskAt(api, "10:00", { limitRule: "touch", latencyMs: 500 });
    expect(await waiting(touch, { type: "limit", limit_price: 98 })).toBe(
      `its latency to pass at ${at("10:00").replace("Z", ".5Z")}`,
    );
    await to(touch, "10:01");
    const resting = (await get(touch, touch.orders)).body[0].id;
    expect((await explain(touch, resting)).waiting_for).toBe("a trade at or below 98");
  });

  it("gives the reasons of every ending", async () => {
    const desk = await openDeskAt(api, "10:00");
    const limit = { type: "limit", limit_price: 50 };
    const [asked, replaced, immediate, left] = [
      (await place(desk, limit)).body.id,
      (await place(desk, limit)).body.id,
      (await place(desk, { ...limit, time_in_force: "ioc" })).body.id,
      (await place(desk, limit)).body.id,
    ];
    await remove(desk, `${desk.orders}/${asked}`);
    const { body } = await api.send("PATCH", `${desk.orders}/${replaced}`, { session: desk.session, body: { qty: 5 } });
    await to(desk, "16:00");
    expect((await explain(desk, asked)).why).toBe("Canceled: the client asked for it.");
    expect((await explain(desk, replaced)).why).toBe(`Order ${body.id} has taken its place.`);
    expect((await explain(desk, immediate)).why).toBe(
      "Canceled: the one open that it looks at did not make it marketable.",
    );
    expect((await explain(desk, left)).why).toBe("Expired: its day is over.");
    expect((await explain(desk, body.id)).events[0].reason).toBe(
      `A limit order to buy 5 XYZ at 50 or better (day) was accepted in the place of order ${replaced}.`,
    );
  });

  it("folds to the status that the order has, legs and all", async () => {
    const desk = await openDeskAt(api, "10:00");
    const placed = (
      await place(desk, {
        order_class: "bracket",
        time_in_force: "gtc",
        take_profit: { limit_price: 105 },
        stop_loss: { stop_price: 95 },
      })
    ).body;
    const [target] = placed.legs;
    expect((await explain(desk, target.id)).waiting_for).toBe(`its entry ${placed.id} to be filled whole`);
    await to(desk, "10:03");
    const { body: orders } = await get(desk, `${desk.orders}?status=all`);
    for (const order of orders) {
      const body = await explain(desk, order.id);
      expect([order.id, body.events.at(-1).status]).toEqual([order.id, order.status]);
      expect(body.events.at(-1).at.slice(0, 19)).toBe(order.updated_at.slice(0, 19));
    }
    const body = await explain(desk, target.id);
    expect(course(body)).toEqual(["accepted: held", "woken: new", "filled: filled"]);
    expect(body.fills[0]).toMatchObject({ rule: "through_limit", price: "105", bar: { high: 105.5 } });
    expect((await explain(desk, placed.legs[1].id)).why).toBe("Canceled: the other exit of its group was filled.");
  });

  it("finds the day bar behind a fill at its close, and at its open", async () => {
    const desk = await openDeskAt(api, "10:00");
    const buy = (await place(desk, { symbol: "DAYS" })).body.id;
    await to(desk, "16:00");
    const sell = (await place(desk, { symbol: "DAYS", side: "sell" })).body.id;
    await advance(desk, { targetTime: "2024-03-06T21:00:00Z" });
    const [first, second] = [await explain(desk, buy), await explain(desk, sell)];
    expect(first.fills[0]).toMatchObject({
      at: at("16:00"),
      price: "51",
      rule: "close_only",
      bar: { start: at("09:30"), end: at("16:00"), open: 50, high: 52, low: 49, close: 51, volume: 10_000 },
      cap: "1000",
    });
    expect(second.fills[0]).toMatchObject({
      at: "2024-03-06T14:30:00Z",
      rule: "open",
      bar: { end: "2024-03-06T21:00:00Z", close: 52 },
    });
  });

  it("tells auctions and trailing stops by their own rules", async () => {
    const desk = await openDeskAt(api, "10:00");
    const [auction, entry] = [(await place(desk, { time_in_force: "cls" })).body.id, await place(desk, {})];
    expect((await explain(desk, auction)).waiting_for).toBe(`the closing auction at ${at("16:00")}`);
    await to(desk, "10:01");
    expect((await get(desk, `${desk.orders}/${entry.body.id}`)).body.status).toBe("filled");
    const trail = (await place(desk, { side: "sell", type: "trailing_stop", trail_price: 2 })).body.id;
    expect((await explain(desk, trail)).waiting_for).toBe("a trade at or below 98.5");
    await to(desk, "16:00");
    const trailed = await explain(desk, trail);
    expect(course(trailed)).toEqual(["accepted: accepted", "opened: new", "triggered: new", "filled: filled"]);
    expect(trailed.fills[0]).toMatchObject({
      rule: "trail_old_stop",
      price: "100",
      bar: { start: at("10:02"), high: 105.5 },
    });
    expect((await explain(desk, auction)).fills[0]).toMatchObject({
      at: at("16:00"),
      rule: "close_auction",
      price: "104",
      bar: { start: at("10:02"), end: at("10:03") },
    });
  });

  it("tells an OCO pair from either side, while it works and when its stop is hit", async () => {
    const desk = await openDeskAt(api, "09:00", { initialPositions: [{ symbol: "XYZ", qty: 100, avgEntryPrice: 90 }] });
    const pair = { order_class: "oco", take_profit: { limit_price: 108 }, stop_loss: { stop_price: 98 } };
    const { id, legs } = (await place(desk, { side: "sell", type: undefined, time_in_force: "gtc", ...pair })).body;
    const stop = legs[0].id;
    expect((await explain(desk, stop)).waiting_for).toBe(`the opening of the venue at ${at("09:30")}`);
    await to(desk, "10:02");
    expect((await explain(desk, id)).waiting_for).toBe("a trade above 108");
    expect((await explain(desk, stop)).waiting_for).toBe("a trade at or below 98");
    await to(desk, "10:03");
    const body = await explain(desk, stop);
    expect(body.events[0].reason).toBe(
      `A stop order to sell 100 XYZ from 98 (gtc) was accepted as the stop-loss leg of order ${id}.`,
    );
    expect(course(body)).toEqual(["accepted: held", "triggered: new", "filled: filled"]);
    expect((await explain(desk, id)).why).toBe("Canceled: the other exit of its group was filled.");
  });

  it("tells a cancel that the running bar may beat", async () => {
    const desk = await openDeskAt(api, "10:00", { cancelRace: "fill_wins", marketCollar: 0.05 });
    const [late, early] = [
      (await place(desk, { type: "limit", limit_price: 98.5 })).body.id,
      (await place(desk, { type: "limit", limit_price: 90 })).body.id,
    ];
    const market = (await place(desk, {})).body.id;
    expect((await explain(desk, market)).events[0].reason).toContain(
      "with a collar at 105 beyond which it does not fill",
    );
    await to(desk, "10:02:30");
    expect((await remove(desk, desk.orders)).body).toEqual([late, early].map((id) => ({ id, status: 200 })));
    const pending = await explain(desk, late);
    expect(pending.order).toMatchObject({
      status: "pending_cancel",
      cancel_requested_at: at("10:02:30"),
      canceled_at: null,
    });
    expect(pending.waiting_for).toBe(`the end of the bar of ${at("10:02")}, which decides before its cancel does`);
    await to(desk, "10:03");
    expect(course(await explain(desk, late))).toEqual([
      "accepted: accepted",
      "opened: new",
      "cancel_requested: pending_cancel",
      "filled: filled",
    ]);
    expect((await explain(desk, early)).order).toMatchObject({
      status: "canceled",
      cancel_requested_at: at("10:02:30"),
      canceled_at: at("10:03"),
    });
  });

  it("shows the fees that a fill accrued", async () => {
    const desk = await openDeskAt(api, "10:00", { fees: "us_equity" });
    await place(desk, {});
    await to(desk, "10:01");
    const sale = (await place(desk, { side: "sell" })).body.id;
    await to(desk, "10:02");
    expect((await explain(desk, sale)).fills[0].fees).toEqual({ sec: "0.08048", taf: "0.0166", cat: "0" });
  });

  it("says why there is no cap", async () => {
    for (const [config, note] of [
      [{ participation: null }, "participation is null: there is no cap"],
      [{ volumeBasis: "trailing" }, "it is a share of the average volume of the twenty bars before"],
    ] as const) {
      const desk = await openDeskAt(api, "10:00", config);
      const { id } = (await place(desk, { qty: 10 })).body;
      await to(desk, "10:01");
      expect((await explain(desk, id)).fills[0]).toMatchObject({ cap: null, cap_note: note });
    }
  });

  it("does not know orders of others", async () => {
    const [desk, other] = [await openDeskAt(api, "10:00"), await openDeskAt(api, "10:00")];
    const { id } = (await place(other, {})).body;
    expect(await get(desk, `${desk.orders}/${id}/explain`)).toMatchObject({ status: 404, body: { code: 40_410_000 } });
  });
});
