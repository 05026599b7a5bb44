/** Events of a session, and lock-step over one socket. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { DEVELOPMENT, openDesk, type Desk } from "../support/api.ts";
import {
  openEvents,
  openLiveApi,
  FROM_OPEN,
  openReader,
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

async function follow(desk: Desk, query = "", headers = {}): Promise<EventReader> {
  const reader = await openEvents(`http://${api.host}/v1/sessions/${desk.session}/events${query}`, headers);
  onTestFinished(() => {
    reader.close();
  });
  return reader;
}

async function control(desk: Desk): Promise<Reader> {
  const url = `ws://${api.host}/v1/sessions/${desk.session}/control`;
  const reader = await openReader(url, { headers: { authorization: DEVELOPMENT } });
  onTestFinished(() => reader.close());
  return reader;
}

const order = { symbol: "AAPL", qty: 10, side: "buy", type: "market", time_in_force: "gtc" };
const place = (desk: Desk, body: object = order): Promise<Message> =>
  api.send("POST", `/sim/${desk.account}/v2/orders`, { body });
const advance = (desk: Desk, duration: number): Promise<Message> =>
  api.send("POST", `/v1/sessions/${desk.session}/time/advance`, { body: { duration } });

const rewind = (desk: Desk, to: string): Promise<Message> =>
  api.send("POST", `/v1/sessions/${desk.session}/time/rewind`, { body: { to } });

describe("going back", () => {
  it("is told to those who listen, and to those who come back later", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await follow(desk, "?symbols=AAPL");
    await place(desk);
    await advance(desk, 3);
    const told = async (type: string, at: string): Promise<void> => {
      const isThere = (): boolean => reader.events.some((event) => event.type === type && event.data.at === at);
      while (!isThere()) await reader.until(reader.events.length + 1);
    };
    await told("clock", "2023-01-03T14:33:00Z");
    const last = reader.events.at(-1)?.id ?? "";
    expect((await rewind(desk, "2023-01-03T14:31:00Z")).status).toBe(200);
    await told("session", "2023-01-03T14:31:00Z");
    expect(reader.events.at(-1)?.data.event).toBe("rewound");
    const before = reader.events.length;
    await advance(desk, 1);
    await reader.until(before + 2);
    const news = reader.events.slice(-2).map(({ id = "", type, data }) => [id.split("-").length, type, data.at]);
    expect(news).toEqual([
      [4, "bars", "2023-01-03T14:32:00Z"],
      [4, "clock", "2023-01-03T14:32:00Z"],
    ]);
    const again = await follow(desk, "?symbols=AAPL", { "last-event-id": last });
    await again.until(2);
    expect(again.events.map(({ type, data }) => [type, data.event ?? data.at])).toEqual([
      ["session", "rewound"],
      ["clock", "2023-01-03T14:32:00Z"],
    ]);
    const resumed = await follow(desk, "?symbols=AAPL", { "last-event-id": reader.events.at(-2)?.id ?? "" });
    await resumed.until(1);
    expect(resumed.events[0]?.type).toBe("clock");
  });

  it("is refused while a client that sends commands is connected", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    await advance(desk, 3);
    const socket = await control(desk);
    socket.send({ action: "advance", duration: 1 });
    await socket.next();
    const refused = await rewind(desk, "2023-01-03T14:31:00Z");
    expect([refused.status, refused.body.code]).toEqual([409, 40910002]);
    socket.send({ action: "rewind", to: "2023-01-03T14:31:00Z", discard: true });
    expect(await socket.next()).toMatchObject({ clock: "2023-01-03T14:31:00Z", keptSessionId: null });
    await socket.close();
    expect((await rewind(desk, "2023-01-03T14:30:00Z")).status).toBe(200);
  });
});

describe("events of a session", () => {
  it("are clock, bars, orders, fills, accounts and the session itself, in the order in which they happen", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await follow(desk, "?symbols=AAPL,MSFT");
    await place(desk);
    await advance(desk, 2);
    await api.send("POST", `/v1/accounts/${desk.account}/transfers`, {
      session: desk.session,
      body: { transfer_type: "ach", amount: "100", direction: "INCOMING" },
    });
    await api.send("PATCH", `/v1/sessions/${desk.session}`, { body: { name: "renamed" } });
    await reader.until(9);
    expect(reader.events.map(({ type, data }) => [type, data.at.slice(0, 19), data.event ?? ""])).toEqual([
      ["clock", "2023-01-03T14:30:00", ""],
      ["order", "2023-01-03T14:30:00", "accepted"],
      ["order", "2023-01-03T14:30:00", "new"],
      ["fill", "2023-01-03T14:30:00", "fill"],
      ["bars", "2023-01-03T14:31:00", ""],
      ["bars", "2023-01-03T14:32:00", ""],
      ["clock", "2023-01-03T14:32:00", ""],
      ["account", "2023-01-03T14:32:00", "account_entry"],
      ["session", "2023-01-03T14:32:00", "session_renamed"],
    ]);
    expect(reader.events[4]?.data.bars).toMatchObject({ AAPL: { t: "2023-01-03T14:30:00Z" }, MSFT: {} });
    expect(reader.events[7]?.data).toMatchObject({ account_id: desk.account, net_amount: "100", activity_type: "CSD" });
  });

  it("go on where a reader stopped, wherever that was", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const first = await follow(desk, "?symbols=AAPL");
    await place(desk);
    await place(desk, { ...order, symbol: "MSFT" });
    await advance(desk, 3.5);
    await place(desk, { ...order, side: "sell", qty: 3 });
    await advance(desk, 2);
    const all = await first.until(17);
    const told = (events: readonly { readonly type: string | undefined }[]): readonly object[] =>
      events.filter(({ type }) => type !== "clock");
    for (const [index, { id = "", type }] of all.entries()) {
      if (index === 0 || type === "clock") continue;
      const wanted = told(all.slice(index + 1));
      const reader = await follow(desk, "?symbols=AAPL", { "last-event-id": id });
      await reader.until(wanted.length + 1);
      expect(told(reader.events)).toEqual(wanted);
      reader.close();
    }
  });

  it("from a time on are what came after it", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    await place(desk);
    await advance(desk, 3);
    const reader = await follow(desk, "?symbols=AAPL&since=2023-01-03T14:31:00Z&types=bars,fill,clock");
    await reader.until(3);
    expect(reader.events.map(({ type, data }) => [type, data.at])).toEqual([
      ["bars", "2023-01-03T14:32:00Z"],
      ["bars", "2023-01-03T14:33:00Z"],
      ["clock", "2023-01-03T14:33:00Z"],
    ]);
  });

  it("say that the session was deleted, and end", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await follow(desk);
    await reader.until(1);
    await api.send("DELETE", `/v1/sessions/${desk.session}`);
    await reader.ended;
    expect(reader.events.at(-1)?.data).toEqual({ event: "session_deleted" });
  });

  it("of a session that completes say so", async () => {
    const desk = await openDesk(api, { ...FROM_OPEN, endTime: "2023-01-03T15:00:00Z" });
    const reader = await follow(desk, "?types=session");
    await advance(desk, 60);
    await reader.until(1);
    expect(reader.events[0]?.data).toMatchObject({ event: "session_completed", at: "2023-01-03T15:00:00Z" });
  });

  it.each([
    ["an unknown type", "?types=weather"],
    ["no time", "?since=then"],
  ])("refuse %s", async (_name, query) => {
    const desk = await openDesk(api, FROM_OPEN);
    expect((await api.send("GET", `/v1/sessions/${desk.session}/events${query}`)).status).toBe(400);
  });

  it("of another's session are not there", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const { id, secret } = await api.keys.create({ name: "another" });
    const headers = { "apca-api-key-id": id, "apca-api-secret-key": secret };
    await expect(follow(desk, "", headers)).rejects.toThrow("HTTP 404");
  });
});

describe("lock-step over one socket", () => {
  async function ask(reader: Reader, message: object): Promise<Message> {
    reader.send(message);
    return reader.next();
  }

  it("answers each command with all that it brought about", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await control(desk);
    expect(await ask(reader, { id: 1, action: "subscribe", bars: ["aapl"] })).toEqual({
      id: 1,
      clock: "2023-01-03T14:30:00Z",
      subscription: { bars: ["AAPL"] },
      bars: {},
      orders: [],
    });
    const placed = await ask(reader, { id: 2, action: "submit_order", order });
    expect(placed).toMatchObject({ id: 2, status: 200, result: { symbol: "AAPL", status: "accepted" } });
    const moved = await ask(reader, { id: 3, action: "advance", duration: 1 });
    expect(moved).toMatchObject({
      id: 3,
      clock: "2023-01-03T14:31:00Z",
      currentTime: "2023-01-03T14:31:00Z",
      bars: { AAPL: [{ t: "2023-01-03T14:30:00Z" }] },
    });
    const told = [...placed.orders, ...moved.orders];
    expect(told.map(({ event, account_id }: Message) => [event, account_id])).toEqual([
      ["accepted", desk.account],
      ["new", desk.account],
      ["fill", desk.account],
    ]);
  });

  it("waits for what it is told to, with a bound", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await control(desk);
    await ask(reader, { action: "submit_order", order });
    const filled = await ask(reader, { action: "until", until: "next_fill" });
    expect([filled.clock, filled.isReached]).toEqual(["2023-01-03T14:30:00.001Z", true]);
    const bar = await ask(reader, { action: "until", until: "next_bar", symbol: "MSFT" });
    expect([bar.clock, bar.isReached]).toEqual(["2023-01-03T14:31:00Z", true]);
    const never = await ask(reader, { action: "until", until: "next_fill" });
    expect([never.clock, never.isReached]).toEqual(["2023-01-03T21:00:00Z", false]);
  });

  it("trades as the Trading API does, refusals included", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await control(desk);
    const limit = { ...order, type: "limit", limit_price: 1 };
    const { result } = await ask(reader, { action: "submit_order", order: limit });
    const replaced = await ask(reader, { action: "replace_order", order_id: result.id, changes: { limit_price: 2 } });
    expect(replaced.result).toMatchObject({ limit_price: "2", replaces: result.id });
    expect(await ask(reader, { action: "cancel_order", order_id: replaced.result.id })).toMatchObject({ status: 204 });
    expect(await ask(reader, { action: "cancel_order", order_id: "nope" })).toMatchObject({
      status: 422,
      error: { code: 40010001 },
    });
    expect(await ask(reader, { action: "submit_order", order: { ...order, qty: -1 } })).toMatchObject({ status: 422 });
    await ask(reader, { action: "submit_order", order });
    await ask(reader, { action: "advance", duration: 1 });
    const closed = await ask(reader, { action: "close_position", symbol: "AAPL", percentage: 50 });
    expect(closed.result).toMatchObject({ qty: "5", side: "sell" });
    expect(await ask(reader, { action: "close_all_positions" })).toMatchObject({ status: 207 });
    expect(await ask(reader, { action: "cancel_all_orders" })).toMatchObject({ status: 207 });
    expect(await ask(reader, { action: "get_account" })).toMatchObject({ result: { id: desk.account } });
    expect((await ask(reader, { action: "get_orders", status: "closed" })).result.length).toBeGreaterThan(2);
    expect((await ask(reader, { action: "get_positions" })).result).toHaveLength(1);
  });

  it.each([
    ["no object", [1], "a message is a JSON object"],
    ["no action", {}, "action must be one of"],
    ["an unknown action", { action: "dance" }, "action must be one of"],
    ["an unknown field", { action: "advance", minutes: 1 }, '"minutes" is not known here'],
    ["a wrong type", { action: "advance", duration: "1" }, "duration must be a number"],
    ["nothing to wait for", { action: "until", until: "never" }, "until must be one of"],
    ["no symbol", { action: "until", until: "next_bar" }, "next_bar needs a symbol"],
    ["two goals", { action: "advance", duration: 1, until: "next_fill" }, "not both"],
    ["a bound without until", { action: "advance", notAfter: "2023-01-04T00:00:00Z" }, "notAfter belongs to until"],
    ["no way back", { action: "advance", targetTime: "2023-01-01T00:00:00Z" }, "targetTime must not be before"],
    ["symbols that are none", { action: "subscribe", bars: "AAPL" }, "bars must be a list"],
    ["no order id", { action: "cancel_order" }, "order_id is required"],
  ])("refuses %s, and goes on", async (_name, message, words) => {
    const reader = await control(await openDesk(api, FROM_OPEN));
    const { error } = await ask(reader, message);
    expect([error.code, error.message]).toEqual([40010000, expect.stringContaining(words)]);
    expect(await ask(reader, { action: "advance", duration: 1 })).toMatchObject({ clock: "2023-01-03T14:31:00Z" });
  });

  it("is open to its owner only", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const url = `ws://${api.host}/v1/sessions/${desk.session}/control`;
    await expect(openReader(url)).rejects.toThrow("HTTP 401");
    const { id, secret } = await api.keys.create({ name: "another" });
    const headers = { "apca-api-key-id": id, "apca-api-secret-key": secret };
    await expect(openReader(url, { headers })).rejects.toThrow("HTTP 404");
  });
});

describe("closing the server", () => {
  it("waits neither for streams nor for connections over which nothing was asked", async () => {
    const other = await openLiveApi();
    const desk = await openDesk(other, FROM_OPEN);
    const unused = connect({ host: "127.0.0.1", port: Number(other.host.split(":")[1]) });
    await new Promise((resolve) => unused.once("connect", resolve));
    const reader = await openEvents(`http://${other.host}/v1/sessions/${desk.session}/events`);
    const socket = await openReader(`ws://${other.host}/sim/${desk.account}/stream`);
    await reader.until(1);
    await other.close();
    await reader.ended;
    expect(reader.events.at(-1)?.data).toEqual({ event: "server_closing" });
    await socket.closed;
  });
});

describe("until, over HTTP", () => {
  it.each([
    [{ until: "next_fill" }, "2023-01-03T14:30:00.001Z", true],
    [{ until: "next_bar", symbol: "msft" }, "2023-01-03T14:31:00Z", true],
    [{ until: "next_close" }, "2023-01-03T21:00:00Z", true],
    [{ until: "next_open" }, "2023-01-04T14:30:00Z", true],
    [{ until: "2023-01-03T16:00:00Z" }, "2023-01-03T16:00:00Z", true],
    [{ until: "next_open", notAfter: "2023-01-03T16:00:00Z" }, "2023-01-03T16:00:00Z", false],
  ])("%o", async (body, currentTime, isReached) => {
    const desk = await openDesk(api, FROM_OPEN);
    await place(desk);
    const reply = await api.send("POST", `/v1/sessions/${desk.session}/time/advance`, { body });
    expect(reply.body).toMatchObject({ currentTime, isReached });
  });
});
