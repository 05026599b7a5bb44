/** Alpaca's market-data socket, as the SDKs meet it. */
import { encode } from "@msgpack/msgpack";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openDesk, type Desk } from "../support/api.ts";
import {
  FROM_OPEN,
  KEY,
  openLiveApi,
  openReader,
  SECRET,
  type LiveApi,
  type Message,
  type Reader,
} from "../support/streams.ts";

const PACKED = { headers: { "content-type": "application/msgpack" } };

let api: LiveApi;

beforeAll(async () => {
  api = await openLiveApi();
});
afterAll(async () => {
  await api.close();
});

const url = (desk: Desk, path: string): string => `ws://${api.host}/sim/${desk.account}${path}`;

async function connect(desk: Desk, path = "/v2/iex", options = {}): Promise<Reader> {
  const reader = await openReader(url(desk, path), options);
  onTestFinished(() => reader.close());
  return reader;
}

/** Connected and authenticated. */
async function open(desk: Desk, path = "/v2/iex", options = {}): Promise<Reader> {
  const reader = await connect(desk, path, options);
  reader.send({ action: "auth", key: KEY, secret: SECRET });
  expect(await reader.next()).toEqual([{ T: "success", msg: "connected" }]);
  expect(await reader.next()).toEqual([{ T: "success", msg: "authenticated" }]);
  return reader;
}

const advance = (desk: Desk, duration: number): Promise<Message> =>
  api.send("POST", `/v1/sessions/${desk.session}/time/advance`, { body: { duration } });

const ACK = {
  T: "subscription",
  trades: [],
  quotes: [],
  bars: [],
  updatedBars: [],
  dailyBars: [],
  statuses: [],
  lulds: [],
  corrections: [],
  cancelErrors: [],
};

describe("the conversation", () => {
  it("welcomes first, and answers auth that came before its welcome was read", async () => {
    await open(await openDesk(api, FROM_OPEN));
  });

  it.each([
    ["no JSON", "{", [400, "invalid syntax"]],
    ["no object", [1], [400, "invalid syntax"]],
    ["an unknown action", { action: "dance" }, [400, "invalid syntax"]],
    ["subscribing before auth", { action: "subscribe", bars: ["AAPL"] }, [401, "not authenticated"]],
  ])("answers %s with an error, and goes on", async (_name, message, [code, msg]) => {
    const reader = await connect(await openDesk(api, FROM_OPEN));
    await reader.next();
    reader.send(message);
    expect(await reader.next()).toEqual([{ T: "error", code, msg }]);
    reader.send({ action: "auth", key: KEY, secret: SECRET });
    expect(await reader.next()).toEqual([{ T: "success", msg: "authenticated" }]);
  });

  it("takes a subscription to imbalances, which the Go SDK asks for, and lists them for those who have one", async () => {
    const reader = await open(await openDesk(api, FROM_OPEN));
    reader.send({ action: "subscribe", imbalances: ["AAPL"] });
    expect(await reader.next()).toEqual([{ ...ACK, imbalances: ["AAPL"] }]);
    reader.send({ action: "unsubscribe", imbalances: ["AAPL"] });
    expect(await reader.next()).toEqual([ACK]);
  });

  it("refuses a second auth, and keeps the first", async () => {
    const reader = await open(await openDesk(api, FROM_OPEN));
    reader.send({ action: "auth", key: KEY, secret: SECRET });
    expect(await reader.next()).toEqual([{ T: "error", code: 403, msg: "already authenticated" }]);
    reader.send({ action: "subscribe", bars: ["AAPL"] });
    expect(await reader.next()).toEqual([{ ...ACK, bars: ["AAPL"] }]);
  });

  it("tells wrong keys so, and closes", async () => {
    const reader = await connect(await openDesk(api, FROM_OPEN));
    await reader.next();
    reader.send({ action: "auth", key: KEY, secret: "wrong" });
    expect(await reader.next()).toEqual([{ T: "error", code: 402, msg: "auth failed" }]);
    expect(await reader.closed).toMatchObject({ code: 1008 });
  });

  it("tells an account that is not there like wrong keys", async () => {
    const reader = await openReader(`ws://${api.host}/sim/3f0c1f5e-0000-5000-8000-000000000000/v2/iex`);
    await reader.next();
    reader.send({ action: "auth", key: KEY, secret: SECRET });
    expect(await reader.next()).toEqual([{ T: "error", code: 402, msg: "auth failed" }]);
    await reader.closed;
  });

  it("takes credentials of the upgrade, in place of a message", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const headers = { "apca-api-key-id": KEY, "apca-api-secret-key": SECRET };
    const reader = await connect(desk, "/v2/sip", { headers });
    expect([await reader.next(), await reader.next()]).toEqual([
      [{ T: "success", msg: "connected" }],
      [{ T: "success", msg: "authenticated" }],
    ]);
  });

  it("binds by X-Session-Id too", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await openReader(`ws://${api.host}/v2/iex`, { headers: { "x-session-id": desk.session } });
    onTestFinished(() => reader.close());
    reader.send({ action: "auth", key: KEY, secret: SECRET });
    await reader.next();
    expect(await reader.next()).toEqual([{ T: "success", msg: "authenticated" }]);
  });

  it("takes a message in fragments, as alpaca-py sends it", async () => {
    const reader = await open(await openDesk(api, FROM_OPEN), "/v2/iex", PACKED);
    const bytes = encode({ action: "subscribe", bars: ["AAPL"], trades: ["MSFT"] });
    reader.socket.send(bytes.subarray(0, 5), { binary: true, fin: false });
    reader.socket.send(bytes.subarray(5), { binary: true, fin: true });
    expect(await reader.next()).toEqual([
      { ...ACK, bars: ["AAPL"], trades: ["MSFT"], corrections: ["MSFT"], cancelErrors: ["MSFT"] },
    ]);
  });

  it("answers a ping", async () => {
    const reader = await open(await openDesk(api, FROM_OPEN));
    const pong = new Promise((resolve) => reader.socket.once("pong", resolve));
    reader.socket.ping();
    await pong;
  });

  it("does not open without an upgrade, nor on another path", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    expect((await api.send("GET", `/sim/${desk.account}/v2/iex`)).status).toBe(404);
    await expect(openReader(url(desk, "/v2/nope"))).rejects.toThrow("HTTP 40");
  });
});

describe("subscriptions", () => {
  it("add up, are taken back, and are told whole each time", async () => {
    const reader = await open(await openDesk(api, FROM_OPEN));
    reader.send({ action: "subscribe", bars: ["AAPL", "msft"] });
    expect(await reader.next()).toEqual([{ ...ACK, bars: ["AAPL", "MSFT"] }]);
    reader.send({ action: "subscribe", quotes: ["*"], bars: ["AAPL"] });
    expect(await reader.next()).toEqual([{ ...ACK, bars: ["AAPL", "MSFT"], quotes: ["*"] }]);
    reader.send({ action: "unsubscribe", bars: ["AAPL"], quotes: ["*"] });
    expect(await reader.next()).toEqual([{ ...ACK, bars: ["MSFT"] }]);
  });

  it.each([
    ["no list", { bars: "AAPL" }, 400],
    ["no symbols", { bars: [7] }, 400],
    ["a channel of another feed", { orderbooks: ["AAPL"] }, 410],
  ])("with %s change nothing", async (_name, lists, code) => {
    const reader = await open(await openDesk(api, FROM_OPEN));
    reader.send({ action: "subscribe", ...lists, trades: ["AAPL"] });
    expect(await reader.next()).toMatchObject([{ T: "error", code }]);
    reader.send({ action: "subscribe" });
    expect(await reader.next()).toEqual([ACK]);
  });

  it.each([
    ["/v1beta3/crypto/us", ["trades", "quotes", "bars", "updatedBars", "dailyBars", "orderbooks"]],
    ["/v1beta2/crypto", ["trades", "quotes", "bars", "updatedBars", "dailyBars", "orderbooks"]],
    ["/v1beta1/news", ["news"]],
  ])("of %s are acknowledged with the channels of that feed", async (path, channels) => {
    const reader = await open(await openDesk(api, FROM_OPEN), path);
    reader.send({ action: "subscribe" });
    expect(await reader.next()).toEqual([
      { T: "subscription", ...Object.fromEntries(channels.map((channel) => [channel, []])) },
    ]);
  });

  it("of options are refused: they are not simulated", async () => {
    const reader = await open(await openDesk(api, FROM_OPEN), "/v1beta1/indicative");
    reader.send({ action: "subscribe", trades: ["AAPL240119C00100000"] });
    expect(await reader.next()).toEqual([{ T: "error", code: 409, msg: "insufficient subscription" }]);
  });
});

describe("bars", () => {
  it("are sent as they end, before the advance is answered, and each once", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk);
    reader.send({ action: "subscribe", bars: ["AAPL", "MSFT"] });
    await reader.next();
    await advance(desk, 0.99);
    await advance(desk, 0.01);
    const [first, second, ...others] = await reader.next();
    expect([first.S, second.S, others]).toEqual(["AAPL", "MSFT", []]);
    const page = await api.send("GET", "/v1/assets/AAPL/bars?timeframe=1Min&start=2023-01-03T14:30:00Z", {
      session: desk.session,
    });
    const { t, o, h, l, c, v, n, vw } = page.body.bars[0];
    expect(first).toEqual({ T: "b", S: "AAPL", o, h, l, c, v, t, n, vw });
    expect(Object.keys(first)[0]).toBe("T");
    await advance(desk, 2);
    expect((await reader.next()).map((bar: Message) => [bar.S, bar.t])).toEqual([
      ["AAPL", "2023-01-03T14:31:00Z"],
      ["MSFT", "2023-01-03T14:31:00Z"],
      ["AAPL", "2023-01-03T14:32:00Z"],
      ["MSFT", "2023-01-03T14:32:00Z"],
    ]);
    expect(reader.frames).toHaveLength(5);
  });

  it("are MessagePack where the client asked for it: T first, timestamps, whole numbers", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk, "/v2/sip", PACKED);
    reader.send(encode({ action: "subscribe", bars: ["AAPL"], trades: ["AAPL"], quotes: ["AAPL"], dailyBars: ["*"] }));
    await reader.next();
    await advance(desk, 1);
    const messages = await reader.next();
    const byType = new Map<string, Message>(messages.map((message: Message) => [`${message.T}${message.S}`, message]));
    for (const type of ["tAAPL", "qAAPL", "bAAPL", "dAAPL", "dMSFT"]) {
      const message = byType.get(type);
      expect([type, Object.keys(message ?? {})[0], message?.t instanceof Date]).toEqual([type, "T", true]);
    }
    expect(byType.get("bAAPL").t.toISOString()).toBe("2023-01-03T14:30:00.000Z");
    expect(byType.get("dAAPL").t.toISOString()).toBe("2023-01-03T05:00:00.000Z");
    expect(byType.get("tAAPL").t.toISOString()).toBe("2023-01-03T14:31:00.000Z");
    for (const [type, field] of [
      ["bAAPL", "v"],
      ["tAAPL", "s"],
      ["tAAPL", "i"],
      ["qAAPL", "as"],
    ] as const) {
      expect(Number.isInteger(byType.get(type)[field])).toBe(true);
    }
  });

  it("of the running day grow to what the day's bar is in the end", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk);
    await advance(desk, 100.5);
    reader.send({ action: "subscribe", dailyBars: ["AAPL"] });
    await reader.next();
    for (let step = 0; step < 20; step += 1) await advance(desk, 17);
    await reader.settled();
    const days = reader.frames.slice(3).flat();
    const last = days.findLast((day: Message) => day.t === "2023-01-03T05:00:00Z");
    const page = await api.send("GET", "/v1/assets/AAPL/bars?timeframe=1Day&start=2023-01-03", {
      session: desk.session,
    });
    const { t, o, h, l, c, v, n, vw } = page.body.bars[0];
    expect(last).toEqual({ T: "d", S: "AAPL", o, h, l, c, v, t, n, vw });
    expect(days.every((day: Message, index: number) => index === 0 || day.v >= days[index - 1].v)).toBe(true);
  });

  it("come with a quote and a trade made of the bar's close", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk);
    reader.send({ action: "subscribe", bars: ["AAPL"], trades: ["AAPL"], quotes: ["AAPL"] });
    await reader.next();
    await advance(desk, 1);
    const [trade, quote, bar] = await reader.next();
    const t = "2023-01-03T14:31:00Z";
    expect(trade).toEqual({
      T: "t",
      S: "AAPL",
      i: Date.parse(t) / 1000,
      x: "V",
      p: bar.c,
      s: 100,
      c: ["@"],
      t,
      z: "C",
    });
    expect(quote).toMatchObject({ T: "q", S: "AAPL", bp: bar.c, ap: bar.c, bs: 100, as: 100, t, c: ["R"], z: "C" });
  });

  it("come in frames of a few hundred when many end at once", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk);
    reader.send({ action: "subscribe", bars: ["*"] });
    await reader.next();
    await advance(desk, 390);
    await reader.settled();
    const frames = reader.frames.slice(3);
    const bars = frames.flat();
    const ends = bars.map(({ t }: Message) => Date.parse(t));
    expect(ends).toEqual(ends.toSorted((a: number, b: number) => a - b));
    expect(Math.max(...frames.map((frame: Message) => frame.length))).toBeLessThanOrEqual(256);
    expect(new Set(bars.map(({ S, t }: Message) => `${S} ${t}`)).size).toBe(bars.length);
  });

  it("of the test feed are FAKEPACA's, whatever data there is", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk, "/v2/test");
    reader.send({ action: "subscribe", bars: ["FAKEPACA"], quotes: ["AAPL"] });
    await reader.next();
    await advance(desk, 1);
    expect(await reader.next()).toMatchObject([{ T: "b", S: "FAKEPACA", t: "2023-01-03T14:30:00Z" }]);
  });

  it("come one minute at a time while the session plays, at any speed", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk);
    reader.send({ action: "subscribe", bars: ["AAPL"] });
    await reader.next();
    await api.send("PUT", `/v1/sessions/${desk.session}/time/speed`, { body: { speed: 5000 } });
    await api.send("POST", `/v1/sessions/${desk.session}/time/play`);
    for (let minute = 0; minute < 20; minute += 1) expect(await reader.next()).toHaveLength(1);
    await api.send("POST", `/v1/sessions/${desk.session}/time/pause`);
  });
});

describe("the end of a stream", () => {
  it("comes with the end of its session", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk);
    await api.send("DELETE", `/v1/sessions/${desk.session}`);
    expect(await reader.closed).toEqual({ code: 1001, reason: "the session has ended" });
  });

  it("comes for a reader who is too slow, with a word, and the session does not wait", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk);
    reader.send({ action: "subscribe", bars: ["*"], trades: ["*"], quotes: ["*"], dailyBars: ["*"] });
    await reader.next();
    reader.socket.pause();
    let isDone = false;
    for (let day = 0; day < 60 && !isDone; day += 1) isDone = (await advance(desk, 24 * 60)).body.isCompleted;
    reader.socket.resume();
    expect(await reader.closed).toMatchObject({ code: 1008, reason: "slow client" });
    expect(reader.frames.at(-1)).toEqual([{ T: "error", code: 407, msg: "slow client" }]);
  });

  it("does not come in lock-step: the session waits until the reader has taken its bars", async () => {
    const desk = await openDesk(api, FROM_OPEN);
    const reader = await open(desk, "/lockstep/v2/iex");
    reader.send({ action: "subscribe", bars: ["AAPL"] });
    await reader.next();
    reader.socket.pause();
    let isAnswered = false;
    const advancing = advance(desk, 5).finally(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isAnswered).toBe(false);
    reader.socket.resume();
    await advancing;
    expect(reader.frames.slice(3).flat()).toHaveLength(5);
  });
});
