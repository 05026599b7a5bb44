/** Trade updates: Alpaca's socket, and the same as server-sent events. */
import { decode } from "@msgpack/msgpack";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openDesk, type Desk } from "../support/api.ts";
import {
  KEY,
  openEvents,
  openLiveApi,
  FROM_OPEN,
  openReader,
  SECRET,
  type EventReader,
  type LiveApi,
  type Message,
  type Reader,
} from "../support/streams.ts";

let api: LiveApi;

beforeAll(async () => {
  api = await openLiveApi();
});
afterAll(async () => {
  await api.close();
});

const sim = (desk: Desk): string => `${api.host}/sim/${desk.account}`;
const AUTHENTICATE = { action: "authenticate", data: { key_id: KEY, secret_key: SECRET } };
const LISTEN = { action: "listen", data: { streams: ["trade_updates"] } };

async function connect(desk: Desk, path = "/stream", options = {}): Promise<Reader> {
  const reader = await openReader(`ws://${sim(desk)}${path}`, options);
  onTestFinished(() => reader.close());
  return reader;
}

async function listen(desk: Desk, path = "/stream"): Promise<Reader> {
  const reader = await connect(desk, path);
  reader.send(AUTHENTICATE);
  expect(await reader.next()).toEqual({
    stream: "authorization",
    data: { status: "authorized", action: "authenticate" },
  });
  reader.send(LISTEN);
  expect(await reader.next()).toEqual({ stream: "listening", data: { streams: ["trade_updates"] } });
  return reader;
}

async function events(desk: Desk, query = "", headers = {}): Promise<EventReader> {
  const reader = await openEvents(`http://${sim(desk)}/v2/events/trades${query}`, headers);
  onTestFinished(() => {
    reader.close();
  });
  return reader;
}

const place = async (desk: Desk, order: object = {}): Promise<Message> =>
  (
    await api.send("POST", `/sim/${desk.account}/v2/orders`, {
      body: { symbol: "AAPL", qty: 10, side: "buy", type: "market", time_in_force: "gtc", ...order },
    })
  ).body;

const advance = (desk: Desk, duration: number): Promise<Message> =>
  api.send("POST", `/v1/sessions/${desk.session}/time/advance`, { body: { duration } });

const cancel = (desk: Desk, id: string): Promise<Message> => api.send("DELETE", `/sim/${desk.account}/v2/orders/${id}`);

describe("the socket of trade updates", () => {
  it("says nothing until it is spoken to", async () => {
    const reader = await connect(await openDesk(api, FROM_OPEN));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reader.frames).toEqual([]);
  });

  it.each(["/stream", "/stream/", "//stream"])("listens at %s", async (path) => {
    await listen(await openDesk(api, FROM_OPEN), path);
  });

  it("takes the credentials in either spelling", async () => {
    const reader = await connect(await openDesk(api, FROM_OPEN));
    reader.send({ action: "auth", key: KEY, secret: SECRET });
    expect(await reader.next()).toMatchObject({ stream: "authorization", data: { status: "authorized" } });
  });

  it("refuses wrong ones, and closes", async () => {
    const reader = await connect(await openDesk(api, FROM_OPEN));
    reader.send({ action: "auth", key: KEY, secret: "wrong" });
    expect(await reader.next()).toEqual({
      stream: "authorization",
      data: { status: "unauthorized", action: "authenticate" },
    });
    await reader.closed;
  });

  it("refuses to listen before", async () => {
    const reader = await connect(await openDesk(api, FROM_OPEN));
    reader.send(LISTEN);
    expect(await reader.next()).toEqual({
      stream: "authorization",
      data: { status: "unauthorized", action: "listen" },
    });
  });

  it.each([
    ["no JSON", "{", "invalid syntax"],
    ["an unknown action", { action: "dance" }, "unknown action: dance"],
  ])("answers %s with an error", async (_name, message, words) => {
    const reader = await connect(await openDesk(api, FROM_OPEN));
    reader.send(message);
    expect(await reader.next()).toEqual({ stream: "error", data: { error_message: words } });
  });

  it("takes each list in place of the one before, without streams that it does not have", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await listen(desk);
    reader.send({ action: "listen", data: { streams: ["account_updates"] } });
    expect(await reader.next()).toEqual({ stream: "listening", data: { streams: [] } });
    await place(desk);
    await advance(desk, 1);
    await reader.settled();
    expect(reader.frames).toHaveLength(3);
  });

  it("tells a fill after its order, each with the order as it was then", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await listen(desk);
    const { id } = await place(desk);
    await advance(desk, 1);
    const [accepted, opened, filled] = [await reader.next(), await reader.next(), await reader.next()];
    const order = (await api.send("GET", `/sim/${desk.account}/v2/orders/${id}`)).body;
    expect(filled).toEqual({
      stream: "trade_updates",
      data: {
        event: "fill",
        at: expect.stringMatching(/^2023-01-03T14:30:00\.\d+Z$/),
        event_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
        execution_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        timestamp: "2023-01-03T14:30:00Z",
        price: order.filled_avg_price,
        qty: "10",
        position_qty: "10",
        order,
      },
    });
    expect([accepted, opened].map(({ data }) => [data.event, data.order.status, data.order.id])).toEqual([
      ["accepted", "accepted", id],
      ["new", "new", id],
    ]);
    expect("price" in opened.data).toBe(false);
    expect(new Set([accepted, opened, filled].map(({ data }) => data.execution_id)).size).toBe(3);
  });

  it("tells every end of an order by its name", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await listen(desk);
    const resting = { type: "limit", limit_price: 1 };
    const [canceled, replaced] = [await place(desk, resting), await place(desk, resting)];
    await place(desk, { ...resting, time_in_force: "day" });
    await cancel(desk, canceled.id);
    await api.send("PATCH", `/sim/${desk.account}/v2/orders/${replaced.id}`, { body: { limit_price: 2 } });
    await advance(desk, 24 * 60);
    await reader.settled();
    const told = reader.frames.slice(2).map(({ data }: Message) => String(data.event));
    expect(told.toSorted((a: string, b: string) => a.localeCompare(b))).toEqual([
      "accepted",
      "accepted",
      "accepted",
      "accepted",
      "canceled",
      "expired",
      "new",
      "new",
      "new",
      "new",
      "replaced",
    ]);
    const old = reader.frames.find(({ data }: Message) => data.event === "replaced").data.order;
    expect([old.status, old.replaced_by === null]).toEqual(["replaced", false]);
  });

  it("tells partial fills by what each of them was", async () => {
    const desk = await openDesk(api, { ...FROM_OPEN, initialCash: 1_000_000_000 });
    const reader = await listen(desk);
    await place(desk, { qty: 100_000 });
    await advance(desk, 30);
    await reader.settled();
    const fills = reader.frames.slice(4).map(({ data }: Message) => data);
    expect(fills.length).toBeGreaterThan(2);
    expect(new Set(fills.slice(0, -1).map(({ event }: Message) => event))).toEqual(new Set(["partial_fill"]));
    let total = 0;
    for (const { qty, position_qty, order } of fills) {
      total += Number(qty);
      expect([position_qty, order.filled_qty]).toEqual([String(total), String(total)]);
    }
  });

  it("tells an account its own only, and every client of it all", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const other = (await api.send("POST", "/v1/accounts", { session: desk.session, body: {} })).body.id as string;
    const [first, second] = [await listen(desk), await listen(desk)];
    const foreign = await listen({ ...desk, account: other });
    await place(desk);
    await advance(desk, 1);
    for (const reader of [first, second, foreign]) await reader.settled();
    expect([first.frames.length, second.frames.length, foreign.frames.length]).toEqual([5, 5, 2]);
  });

  it("speaks MessagePack where the header asks for it", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await connect(desk, "/stream", { headers: { "content-type": "application/msgpack" } });
    reader.send(AUTHENTICATE);
    expect(await reader.next()).toMatchObject({ stream: "authorization" });
    expect(decode).toBeTypeOf("function");
  });

  it("is not there without an account that it is bound to", async () => {
    const reader = await openReader(`ws://${api.host}/stream`);
    reader.send(AUTHENTICATE);
    expect(await reader.next()).toMatchObject({ data: { status: "unauthorized" } });
    await reader.closed;
  });

  it("tells of an order only once its own answer has gone", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await listen(desk);
    await place(desk);
    expect(reader.frames.length).toBeLessThanOrEqual(4);
    expect((await reader.next()).data.event).toBe("accepted");
  });
});

describe("trade updates as server-sent events", () => {
  const kinds = (reader: EventReader): string[] => reader.events.map(({ data }) => data.event);

  it("tell what comes, from the moment they are asked for", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    await place(desk, { type: "limit", limit_price: 1 });
    const reader = await events(desk);
    await place(desk);
    await advance(desk, 1);
    await reader.until(3);
    expect(kinds(reader)).toEqual(["accepted", "new", "fill"]);
  });

  it("tell the past first, the same as it was told when it happened", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const socket = await listen(desk);
    await place(desk);
    await place(desk, { side: "sell", type: "trailing_stop", trail_percent: 1, qty: 5 });
    await advance(desk, 60);
    const reader = await events(desk, "?since=2023-01-01T00:00:00Z");
    const live = socket.frames.slice(2).map(({ data }: Message) => data);
    await reader.until(live.length);
    expect(reader.events.map(({ data }) => data)).toEqual(live);
    await place(desk, { qty: 1 });
    await reader.until(live.length + 2);
    expect(kinds(reader).slice(-2)).toEqual(["accepted", "new"]);
  });

  it("go on after the last one had, as the Go SDK does, losing and repeating none", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    await place(desk);
    await place(desk, { symbol: "MSFT" });
    await advance(desk, 1);
    const all = (await (await events(desk, "?since=2023-01-01T00:00:00Z")).until(6)).map(({ data }) => data);
    for (const [index, { at }] of all.entries()) {
      const next = at.replace(/\.?(\d*)Z$/, (_match: string, digits: string) => {
        const nanos = String(Number(digits.padEnd(9, "0")) + 1).padStart(9, "0");
        return `.${nanos}Z`;
      });
      const reader = await events(desk, `?since=${encodeURIComponent(next)}`);
      await reader.until(all.length - index - 1);
      expect(reader.events.map(({ data }) => data.event_id)).toEqual(
        all.slice(index + 1).map(({ event_id }) => event_id),
      );
    }
  });

  it("begin with an event by its id, and end with one", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    await place(desk);
    await place(desk, { symbol: "MSFT" });
    await advance(desk, 1);
    const all = (await (await events(desk, "?since=2023-01-01T00:00:00Z")).until(6)).map(({ data }) => data);
    const reader = await events(desk, `?since_id=${all[1].event_id}&until_id=${all[3].event_id}`);
    await reader.ended;
    expect(reader.events.map(({ data }) => data)).toEqual(all.slice(1, 4));
  });

  it("end once the clock has passed until", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    await place(desk);
    const reader = await events(desk, "?since=2023-01-03T14:30:00Z&until=2023-01-03T15:00:00Z");
    await advance(desk, 30);
    await place(desk, { symbol: "MSFT" });
    await advance(desk, 1);
    await reader.ended;
    expect(kinds(reader)).toEqual(["accepted", "new", "fill"]);
  });

  it("of the broker are of all accounts, numbered", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const other = (await api.send("POST", "/v1/accounts", { session: desk.session, body: {} })).body.id as string;
    const open = (query = ""): Promise<EventReader> =>
      openEvents(`http://${api.host}/v1/events/trades${query}`, { "x-session-id": desk.session });
    const reader = await open();
    onTestFinished(() => {
      reader.close();
    });
    await place(desk);
    await place({ ...desk, account: other });
    const told = (await reader.until(4)).map(({ data }) => data);
    expect(told.map(({ account_id }) => account_id)).toEqual([desk.account, desk.account, other, other]);
    expect(told.every(({ event_id }) => Number.isInteger(event_id))).toBe(true);
    const again = await open(`?since_id=${told[1].event_id}&until_id=${told[2].event_id}`);
    await advance(desk, 1);
    await again.until(2);
    expect(again.events.slice(0, 2).map(({ data }) => data)).toEqual(told.slice(1, 3));
    again.close();
  });

  it.each([
    ["until without since", "?until=2023-01-03T15:00:00Z"],
    ["until_id without since_id", "?until_id=01GNTFNZ0000000000000000ZZ"],
    ["both", "?since=2023-01-03T15:00:00Z&since_id=01GNTFNZ0000000000000000ZZ"],
    ["no time", "?since=yesterday"],
    ["no id", "?since_id=seven"],
  ])("refuse %s", async (_name, query) => {
    const desk = await openDesk(api, FROM_OPEN);
    expect((await api.send("GET", `/sim/${desk.account}/v2/events/trades${query}`)).status).toBe(400);
  });

  it("end with their session", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await events(desk);
    await api.send("DELETE", `/v1/sessions/${desk.session}`);
    await reader.ended;
  });
});
