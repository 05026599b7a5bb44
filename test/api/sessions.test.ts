/** The Sessions API, to the letter. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultConfig } from "../../src/engine/index.ts";
import { openApi, openDesk, SPAN, type Api, type Reply } from "../support/api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const create = (body: object): Promise<Reply> => api.send("POST", "/v1/sessions", { body });
const advance = (session: string, body?: object): Promise<Reply> =>
  api.send("POST", `/v1/sessions/${session}/time/advance`, { body });

describe("creating a session", () => {
  it("answers 201 with Location and the object of the specification, config complete", async () => {
    const { status, headers, body } = await create({ ...SPAN, name: "Q1 2023 Backtest" });
    expect(status).toBe(201);
    expect(headers["location"]).toBe(`/v1/sessions/${body.id}`);
    expect(body).toEqual({
      id: expect.any(String),
      name: "Q1 2023 Backtest",
      status: "active",
      simulation_start: "2023-01-03T09:30:00Z",
      simulation_end: "2023-03-31T16:00:00Z",
      current_time: "2023-01-03T09:30:00Z",
      playback_state: "paused",
      playback_speed: 1,
      initial_cash: 100_000,
      total_realized_pnl: 0,
      total_unrealized_pnl: 0,
      journal_seq: 1,
      journal_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      config: defaultConfig("conservative"),
    });
  });

  it("takes either spelling of a field, any offset, and options over a profile's defaults", async () => {
    const { status, body } = await create({
      start_time: "2023-01-03T04:30:00-05:00",
      end_time: "2023-01-04T00:00:00+05:30",
      initial_cash: "2500.50",
      config: { profile: "ideal", gtc_days: null, slippage: { model: "bps", args: [2.5] } },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      simulation_start: "2023-01-03T09:30:00Z",
      simulation_end: "2023-01-03T18:30:00Z",
      initial_cash: 2500.5,
    });
    expect(body.config).toMatchObject({
      profile: "ideal",
      participation: null,
      limitRule: "touch",
      gtcDays: null,
      slippage: { model: "bps", args: [2.5] },
    });
  });

  it("allows a span for which no data exists", async () => {
    expect((await create({ startTime: "2015-01-05T14:30:00Z", endTime: "2015-02-05T14:30:00Z" })).status).toBe(201);
  });

  it.each([
    ["no start", { endTime: SPAN.endTime }, 400, "startTime is required"],
    ["no end", { startTime: SPAN.startTime }, 400, "endTime is required"],
    ["a start at the end", { ...SPAN, endTime: SPAN.startTime }, 400, "startTime must be before endTime"],
    ["a time without an offset", { ...SPAN, startTime: "2023-01-03T09:30:00" }, 400, "startTime must have an offset"],
    ["a date for a time", { ...SPAN, startTime: "2023-01-03" }, 400, "startTime must be an RFC 3339 time"],
    ["a day that is not", { ...SPAN, startTime: "2023-02-30T00:00:00Z" }, 400, "startTime must be an RFC 3339 time"],
    ["a number for a time", { ...SPAN, startTime: 5 }, 400, "startTime must be string, got 5"],
    ["both spellings", { ...SPAN, start_time: SPAN.startTime }, 400, "startTime and start_time are one field"],
    [
      "an unknown field",
      { ...SPAN, cash: 5 },
      400,
      "cash is not known; known are: startTime, endTime, name, initialCash, config",
    ],
    ["negative cash", { ...SPAN, initialCash: -1 }, 400, "initialCash must be from 0 to 1000000000000, got -1"],
    ["19 digits of cash", { ...SPAN, initialCash: "1234567890123456789" }, 400, "initialCash must be from 0"],
    ["40 decimals", { ...SPAN, initialCash: "1.0000000000000000000000000000000000000001" }, 400, "initialCash must"],
    [
      "cash of another type",
      { ...SPAN, initialCash: {} },
      400,
      "initialCash must be a decimal, as a string or a number, got {}",
    ],
    ["words for cash", { ...SPAN, initialCash: "NaN" }, 400, 'initialCash must be a plain decimal number, got "NaN"'],
    ["a long name", { ...SPAN, name: "x".repeat(10_000) }, 400, "name must NOT have more than 256 characters"],
    ["control characters", { ...SPAN, name: "a\u0000b" }, 400, "name must not contain control characters"],
    [
      "before the calendar",
      { startTime: "1980-01-03T00:00:00Z", endTime: SPAN.endTime },
      400,
      "exchange calendar, 1990-01-01 to 2030-12-31",
    ],
    [
      "an unknown option",
      { ...SPAN, config: { magic: 1 } },
      400,
      "config.magic is not known; known are: profile, tradingHours",
    ],
    [
      "an unknown value",
      { ...SPAN, config: { limitRule: "maybe" } },
      400,
      'config.limitRule must be one of through, through_by_tick, touch, got "maybe"',
    ],
    ["a later option", { ...SPAN, config: { quoteBasis: "next" } }, 422, "config.quoteBasis is not supported yet"],
    [
      "a share beyond one",
      { ...SPAN, config: { participation: 2 } },
      400,
      "config.participation must be a number > 0 and <= 1",
    ],
    ["half a millisecond", { ...SPAN, config: { latencyMs: 0.5 } }, 400, "config.latencyMs must be a whole number"],
    [
      "wrong slippage",
      { ...SPAN, config: { slippage: { model: "bps", args: [1, 2] } } },
      400,
      "config.slippage.args must be 1 number from 0 to 10000 for bps, got [1,2]",
    ],
    [
      "a position of nothing",
      { ...SPAN, config: { initialPositions: [{ symbol: "AAPL", qty: 0, avgEntryPrice: 1 }] } },
      400,
      "config.initialPositions.0.qty must be",
    ],
    ["a list for a config", { ...SPAN, config: [] }, 400, "config must be object, got []"],
  ])("refuses %s", async (_what, body, status, message) => {
    const reply = await create(body);
    expect(reply.body.message).toContain(message);
    expect([reply.status, reply.body.code]).toEqual([status, status === 400 ? 40_010_000 : 42_210_001]);
  });
});

describe("the clock", () => {
  it("advances by minutes, by one minute, to a time, and clamps to the end", async () => {
    const { session } = await openDesk(api);
    expect((await advance(session, { duration: 5 })).body).toEqual({
      previousTime: "2023-01-03T09:30:00Z",
      currentTime: "2023-01-03T09:35:00Z",
      simulationEnd: "2023-03-31T16:00:00Z",
      isCompleted: false,
    });
    expect((await advance(session)).body.currentTime).toBe("2023-01-03T09:36:00Z");
    expect((await advance(session, {})).body.currentTime).toBe("2023-01-03T09:37:00Z");
    expect((await advance(session, { duration: 0.00025 })).body.currentTime).toBe("2023-01-03T09:37:00.015Z");
    expect((await advance(session, { targetTime: "2023-01-03T10:00:00Z" })).body.currentTime).toBe(
      "2023-01-03T10:00:00Z",
    );
    expect((await advance(session, { target_time: "2023-01-03T10:00:00Z" })).status).toBe(200);
    expect((await advance(session, { targetTime: "2025-01-01T00:00:00Z" })).body).toMatchObject({
      currentTime: "2023-03-31T16:00:00Z",
      isCompleted: true,
    });
    expect(await advance(session)).toMatchObject({
      status: 400,
      body: { code: 40_010_000, message: "simulation has completed" },
    });
  });

  it.each([
    ["both", { duration: 1, targetTime: "2023-01-03T10:00:00Z" }, "give duration or targetTime, not both"],
    ["nothing", { duration: 0 }, "duration must be > 0, got 0"],
    ["less than nothing", { duration: -5 }, "duration must be > 0, got -5"],
    ["less than a millisecond", { duration: 1e-9 }, "duration must be at least a millisecond"],
    ["for ever", { duration: 1e300 }, "duration must be at most"],
    ["a word", { duration: "5" }, 'duration must be number, got "5"'],
    [
      "the past",
      { targetTime: "2023-01-03T09:29:59Z" },
      "targetTime must not be before the session's clock 2023-01-03T09:30:00Z",
    ],
    ["a time without an offset", { targetTime: "2023-01-03T10:00:00" }, "targetTime must have an offset"],
    ["an unknown field", { minutes: 5 }, "minutes is not known; known are: duration, targetTime"],
  ])("refuses %s and moves nothing", async (_what, body, message) => {
    const { session } = await openDesk(api);
    const reply = await advance(session, body);
    expect(reply.body.message).toContain(message);
    expect([reply.status, reply.body.code]).toEqual([400, 40_010_000]);
    expect((await api.send("GET", `/v1/sessions/${session}`)).body.current_time).toBe("2023-01-03T09:30:00Z");
  });

  it("refuses numbers that JSON cannot hold", async () => {
    const { session } = await openDesk(api);
    for (const raw of ['{"duration":1e400}', '{"duration":NaN}', '{"duration":-0}']) {
      expect((await api.send("POST", `/v1/sessions/${session}/time/advance`, { raw })).status).toBe(400);
    }
  });

  it("plays, pauses and changes speed; each twice is as good as once", async () => {
    const { session } = await openDesk(api);
    const send = (method: string, what: string, body?: object): Promise<Reply> =>
      api.send(method, `/v1/sessions/${session}/time/${what}`, { body });
    expect((await send("PUT", "speed", { speed: 0.5 })).body).toMatchObject({
      playback_speed: 0.5,
      playback_state: "paused",
    });
    expect((await send("POST", "play")).body).toMatchObject({ playback_state: "playing" });
    expect((await send("POST", "play")).status).toBe(200);
    expect((await send("POST", "pause")).body).toMatchObject({ playback_state: "paused" });
    expect((await send("POST", "pause")).status).toBe(200);
    for (const speed of [0, -1, 1_000_001]) {
      expect(await send("PUT", "speed", { speed })).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining(`speed must be a number > 0 and <= 1000000, got ${speed}`) },
      });
    }
    expect((await send("PUT", "speed", {})).body.message).toBe("speed is required");
  });
});

describe("listing, reading, changing and deleting", () => {
  it("lists newest first by page, each with what it would show by itself", async () => {
    const other = await openApi();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift((await openDesk(other)).session);
    await other.send("POST", `/v1/sessions/${ids[0]}/time/advance`, { body: { duration: 3 } });
    const seen: string[] = [];
    for (let url: string | undefined = "/v1/sessions?limit=2"; url !== undefined;) {
      const page: Reply = await other.send("GET", url);
      for (const session of page.body) {
        seen.push(session.id);
        expect(session).toEqual((await other.send("GET", `/v1/sessions/${session.id}`)).body);
      }
      url = /<http:\/\/[^/]+([^>]+)>; rel="next"/.exec(page.headers["link"]?.toString() ?? "")?.[1];
    }
    expect(seen).toEqual(ids);
    await other.close();
  });

  it.each(["0", "-1", "1001", "two", "1.5"])("refuses limit=%s", async (limit) => {
    expect(await api.send("GET", `/v1/sessions?limit=${limit}`)).toMatchObject({
      status: 400,
      body: { code: 40_010_000, message: expect.stringContaining("limit must be a whole number from 1 to 1000") },
    });
  });

  it("refuses a page token of its own making only", async () => {
    expect(await api.send("GET", "/v1/sessions?page_token=abc")).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("page_token") },
    });
  });

  it("renames and extends, a completed session too, and never shortens", async () => {
    const { session } = await openDesk(api);
    const patch = (body: object): Promise<Reply> => api.send("PATCH", `/v1/sessions/${session}`, { body });
    expect((await patch({ name: "other" })).body.name).toBe("other");
    await advance(session, { targetTime: SPAN.endTime });
    expect((await patch({ endTime: "2023-04-30T16:00:00Z" })).body).toMatchObject({
      status: "active",
      simulation_end: "2023-04-30T16:00:00Z",
    });
    expect(await patch({ endTime: "2023-04-01T16:00:00Z" })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("endTime must be later than the present end") },
    });
    expect((await patch({ startTime: SPAN.startTime })).body.message).toBe(
      "startTime is not known; known are: name, endTime",
    );
  });

  it("deletes every trace: 204, then 404", async () => {
    const { session, account } = await openDesk(api);
    expect(await api.send("DELETE", `/v1/sessions/${session}`)).toMatchObject({ status: 204, body: undefined });
    const gone = { status: 404, body: { code: 40_410_000, message: `session not found: "${session}"` } };
    expect(await api.send("DELETE", `/v1/sessions/${session}`)).toMatchObject(gone);
    expect(await api.send("GET", `/v1/sessions/${session}`)).toMatchObject(gone);
    expect(await api.send("GET", `/v1/accounts/${account}`, { session })).toMatchObject(gone);
  });

  it("shows nothing of it to another key", async () => {
    const { session } = await openDesk(api);
    const { id, secret } = await api.keys.create({ name: "other" });
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
    for (const [method, url] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/time/advance"],
      ["POST", "/time/play"],
    ] as const) {
      expect((await api.send(method, `/v1/sessions/${session}${url}`, { authorization, body: {} })).status).toBe(404);
    }
    expect((await api.send("GET", "/v1/sessions", { authorization })).body).toEqual([]);
    expect((await api.send("GET", "/v1/accounts", { authorization, session })).status).toBe(404);
  });
});
