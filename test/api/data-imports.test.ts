/** Files sent to be imported, over HTTP: looked at, imported, watched, refused and forgotten; and removing what is there. */
import { existsSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEVELOPMENT, openApi, type Api, type Reply } from "../support/api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const HEADER = "timestamp,open,high,low,close,volume";
const barsFrom = (minutes: readonly number[]): string =>
  [HEADER, ...minutes.map((minute) => `2023-06-05T13:${String(minute).padStart(2, "0")}:00Z,10,11,9,10.5,100`)].join(
    "\n",
  );
const BARS = barsFrom([30, 31, 32, 33]);

const waiting = (): readonly string[] => {
  const directory = join(api.dataDir, "uploads");
  return existsSync(directory) ? readdirSync(directory) : [];
};

const send = (name: string, content: string): Promise<Reply> =>
  api.send("POST", `/v1/data/imports?name=${encodeURIComponent(name)}`, { raw: content });

async function ended(id: string): Promise<Reply["body"]> {
  await expect.poll(async () => (await api.send("GET", `/v1/data/imports/${id}`)).body.ended_at).not.toBeNull();
  return (await api.send("GET", `/v1/data/imports/${id}`)).body;
}

async function imported(name: string, content: string, body: object = {}): Promise<Reply["body"]> {
  const { id } = (await send(name, content)).body;
  expect((await api.send("POST", `/v1/data/imports/${id}/start`, { body })).status).toBe(202);
  return ended(id);
}

describe("a file that is sent", () => {
  it("waits, shows what it would become, is imported, and is gone", async () => {
    const sent = await send("ZZZ.csv", BARS);
    expect(sent).toMatchObject({ status: 201, body: { name: "ZZZ.csv", bytes: BARS.length, state: "ready" } });
    const url = `/v1/data/imports/${sent.body.id}`;
    expect(sent.headers["location"]).toBe(url);
    const preview = await api.send("POST", `${url}/preview`, { body: {} });
    expect(preview.body).toMatchObject({
      file: "ZZZ.csv",
      format: "csv",
      columns: [{ name: "timestamp", role: "timestamp" }, { role: "open" }, {}, {}, {}, { role: "volume" }],
      rows: [{ symbol: "ZZZ", t: "2023-06-05T13:30:00Z", o: 10, c: 10.5 }, {}, {}, {}],
      refused: [],
      problem: null,
    });
    expect(await api.send("POST", `${url}/start`, { body: {} })).toMatchObject({ status: 202 });
    expect(await ended(sent.body.id)).toMatchObject({
      state: "done",
      error: null,
      report: { rows_read: 4, rows_added: 4, rows_refused: 0, series: [{ symbol: "ZZZ", timeframe: "1Min", rows: 4 }] },
    });
    expect(waiting()).toEqual([]);
    expect(await api.send("POST", `${url}/start`, { body: {} })).toMatchObject({
      status: 409,
      body: { code: 40_910_003, message: expect.stringContaining("it is done already") },
    });
    const coverage = (await api.send("GET", "/v1/coverage")).body;
    expect(coverage).toContainEqual(expect.objectContaining({ symbol: "ZZZ", rows: 4, synthetic: false }));
    expect((await api.send("GET", "/v1/data/imports")).body[0].id).toBe(sent.body.id);
  });

  it("tells which rows were refused, and why", async () => {
    const body = await imported("YYY.csv", `${BARS}\n2023-06-05T13:34:00Z,10,9,11,10,100\nyesterday,1,1,1,1,1`);
    expect(body.report).toMatchObject({
      rows_refused: 2,
      reasons: expect.arrayContaining([{ reason: "high_below_low", rows: 1 }]),
      refused: [{ line: 6, reason: "high_below_low" }, { line: 7 }],
    });
  });

  it("is previewed with the options that it needs, in the API's words and without the server's paths", async () => {
    const { id } = (await send("prices of mine.csv", "when,o,h,l,c,vol\n2023-06-05 09:30,1,2,1,2,5")).body;
    const preview = async (body: object): Promise<Reply["body"]> =>
      (await api.send("POST", `/v1/data/imports/${id}/preview`, { body })).body;
    const unknown = await preview({});
    expect(unknown).toMatchObject({ format: null, rows: [], lines: ["when,o,h,l,c,vol", expect.any(String)] });
    expect(unknown.problem.message).toMatch(/^prices of mine\.csv, line 1: .* with columns\. Nothing/);
    const columns = "timestamp=when,open=o,high=h,low=l,close=c,volume=vol";
    const nameless = await preview({ columns });
    expect(nameless.problem.message).toMatch(/symbol is needed/);
    expect(JSON.stringify([unknown, nameless])).not.toContain(api.dataDir);
    const zoneless = await preview({ columns, symbol: "MINE" });
    expect(zoneless.refused).toMatchObject([{ line: 2, reason: "no_offset" }]);
    expect(await preview({ columns, symbol: "MINE", timezone: "America/New_York" })).toMatchObject({
      rows: [{ symbol: "MINE", t: "2023-06-05T13:30:00Z", v: 5 }],
      refused: [],
      problem: null,
    });
    expect((await preview({ timezone: "Mars" })).problem).toMatchObject({ code: "bad_argument" });
    expect((await api.send("POST", `/v1/data/imports/${id}/preview`, { body: { colums: "x" } })).status).toBe(400);
    expect((await api.send("DELETE", `/v1/data/imports/${id}`)).status).toBe(204);
    expect((await api.send("GET", `/v1/data/imports/${id}`)).status).toBe(404);
    expect(waiting()).toEqual([]);
  });

  it("that cannot be imported says so, and leaves nothing", async () => {
    for (const [name, content] of [
      ["AAA.csv", ""],
      ["AAA.csv", ""],
      ["AAA.csv", "\u0000\u0001\u0002"],
      ["AAA.zip", "PK\u0003\u0004 and no more"],
      ["AAA.parquet", "PAR1PAR1"],
      ["AAA.csv", `${HEADER}\nx,x,x,x,x,x`],
    ] as const) {
      const job = await imported(name, content);
      expect(job).toMatchObject({ state: "failed", report: null, error: { code: "import_failed" } });
      expect(job.error.message).not.toContain(api.dataDir);
    }
    expect(waiting()).toEqual([]);
    expect((await api.send("GET", "/v1/data/symbols/AAA")).status).toBe(404);
  });

  it.each([
    "",
    "../evil.csv",
    "a/b.csv",
    "a\\b.csv",
    ".hidden",
    "..",
    "a\u0000.csv",
    "x".repeat(201),
    "C:evil.csv",
    "\u{20000}".repeat(100),
    "a.",
  ])("is refused under the name %j", async (name) => {
    const reply = await send(name, BARS);
    expect([reply.status, reply.body.code]).toEqual([400, 40_010_000]);
    expect(waiting()).toEqual([]);
  });

  it("belongs to who sent it", async () => {
    const { id } = (await send("ZZZ.csv", BARS)).body;
    const other = await api.keys.create({ name: "other" });
    const authorization = `Basic ${Buffer.from(`${other.id}:${other.secret}`).toString("base64")}`;
    for (const [method, path] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/start"],
      ["POST", "/preview"],
    ] as const) {
      expect((await api.send(method, `/v1/data/imports/${id}${path}`, { authorization })).status).toBe(404);
    }
    expect((await api.send("GET", "/v1/data/imports", { authorization })).body).toEqual([]);
    await api.send("DELETE", `/v1/data/imports/${id}`);
  });

  it("is one of sixteen that may wait", async () => {
    const ids: string[] = [];
    for (let sent = 0; sent < 16; sent += 1) ids.push((await send("ZZZ.csv", BARS)).body.id);
    expect(await send("ZZZ.csv", BARS)).toMatchObject({ status: 429, body: { code: 42_910_000 } });
    for (const id of ids) await api.send("DELETE", `/v1/data/imports/${id}`);
    expect((await send("ZZZ.csv", BARS)).status).toBe(201);
  });
});

describe("an upload", () => {
  it("that breaks off leaves nothing behind", async () => {
    for (const { id } of (await api.send("GET", "/v1/data/imports")).body)
      await api.send("DELETE", `/v1/data/imports/${id}`);
    await api.app.listen({ host: "127.0.0.1", port: 0 });
    const address = api.app.server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const headers = { authorization: DEVELOPMENT, host: "localhost", "content-length": "1000000" };
    const path = "/v1/data/imports?name=CUT.csv";
    const sending = request({ host: "127.0.0.1", port, method: "POST", path, headers }).on("error", () => undefined);
    sending.write(BARS);
    await expect.poll(waiting).toHaveLength(1);
    sending.destroy();
    await expect.poll(waiting).toEqual([]);
    const tooLong = { ...headers, "content-length": String(2 ** 32) };
    const status = await new Promise((resolve) => {
      const asking = request({ host: "127.0.0.1", port, method: "POST", path, headers: tooLong }, (answer) => {
        resolve(answer.statusCode);
        asking.destroy();
      }).on("error", () => undefined);
      asking.write(BARS);
    });
    expect(status).toBe(413);
    expect(waiting()).toEqual([]);
  });
});

describe("a symbol's data", () => {
  it("is told with its years and the days that are not whole", async () => {
    await imported(
      "WWW.csv",
      `${HEADER}\n2023-06-05T13:30:00Z,1,2,1,2,5\n2023-06-05T13:31:00Z,1,2,1,2,5\n2023-06-07T13:30:00Z,1,2,1,2,5`,
    );
    const { body } = await api.send("GET", "/v1/data/symbols/www");
    expect(body).toMatchObject({
      symbol: "WWW",
      series: [
        {
          timeframe: "1Min",
          rows: 3,
          missing_days: ["2023-06-06"],
          partial_days: [{ date: "2023-06-05", bars: 2 }, { date: "2023-06-07" }],
          source: "WWW.csv (csv)",
          years: [{ year: 2023, rows: 3 }],
        },
      ],
    });
    expect((await api.send("GET", "/v1/data/symbols/NONE")).status).toBe(404);
  });

  it("is removed, except the sample's", async () => {
    expect(await api.send("DELETE", "/v1/data/symbols/WWW")).toMatchObject({
      status: 200,
      body: { series: [{ symbol: "WWW", timeframe: "1Min", rows: 3 }], actions: 0, sample_returned: [] },
    });
    expect((await api.send("DELETE", "/v1/data/symbols/WWW")).status).toBe(404);
    expect((await api.send("DELETE", "/v1/data/symbols/AAPL")).status).toBe(400);
    await imported("AAPL.csv", BARS);
    expect((await api.send("DELETE", "/v1/data/symbols/AAPL?timeframe=1Min")).body).toMatchObject({
      sample_returned: ["AAPL"],
    });
  });
});
