/** Real bars: SPY minutes of 2011 through the importer, a session across the clock change, fills checked against lines of the file. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importFile, openMarket } from "../../src/market/index.ts";
import { openApi, openDesk, type Api, type Desk, type Reply } from "../support/api.ts";

const FILE = fileURLToPath(new URL("../../../shared/data/bars_1min/SPY.csv.gz", import.meta.url));
const isAbsent = !existsSync(FILE);

interface Line {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

describe.skipIf(isAbsent)("SPY, 11 to 14 March 2011 (../shared is absent)", () => {
  let api: Api;
  let desk: Desk;
  const lines = new Map<string, Line>();

  beforeAll(async () => {
    for (const row of gunzipSync(readFileSync(FILE)).toString().trim().split("\n").slice(1)) {
      const [timestamp = "", ...figures] = row.split(",");
      const [open = 0, high = 0, low = 0, close = 0, volume = 0] = figures.map(Number);
      lines.set(timestamp, { open, high, low, close, volume });
    }
    api = await openApi({
      sample: false,
      prepare: async (dataDir) => {
        const market = await openMarket({ dataDir, sample: false });
        await importFile({ market, path: FILE, symbol: "SPY", timeframe: "1Min" });
      },
    });
    desk = await openDesk(api, {
      startTime: "2011-03-11T14:30:00Z",
      endTime: "2011-03-14T20:00:00Z",
      config: { tradingHours: "regular" },
    });
  });
  afterAll(() => api.close());

  const place = (body: object): Promise<Reply> =>
    api.send("POST", desk.orders, {
      session: desk.session,
      body: { symbol: "SPY", qty: 100, type: "market", ...body },
    });
  const read = async (id: string): Promise<Reply["body"]> =>
    (await api.send("GET", `${desk.orders}/${id}`, { session: desk.session })).body;
  const advance = (targetTime: string): Promise<Reply> =>
    api.send("POST", `/v1/sessions/${desk.session}/time/advance`, { body: { targetTime } });
  const line = (timestamp: string): Line => lines.get(timestamp) ?? { open: 0, high: 0, low: 0, close: 0, volume: 0 };
  const cents = (value: number): string => String(Math.round(value * 100) / 100);

  it("fills a market order on Friday at the file's open of 14:30Z plus slippage", async () => {
    const { body } = await place({ side: "buy" });
    await advance("2011-03-11T14:31:00Z");
    const { open } = line("2011-03-11T14:30:00Z");
    const slipped = Math.ceil(Math.max(open * 100 + 1, open * 100.01) - 1e-9) / 100;
    expect(await read(body.id)).toMatchObject({
      status: "filled",
      filled_at: "2011-03-11T14:30:00Z",
      filled_avg_price: cents(slipped),
    });
  });

  it("fills a resting limit at its price, at the end of the first minute that trades through it", async () => {
    const limit = line("2011-03-11T14:31:00Z").open - 0.05;
    const { body } = await place({ side: "buy", qty: 10, type: "limit", limit_price: cents(limit) });
    const expected = [...lines].find(([at, bar]) => at >= "2011-03-11T14:31:00Z" && bar.low < Number(cents(limit)));
    await advance("2011-03-11T21:00:00Z");
    const [at = "", bar] = expected ?? [];
    const isBetterOpen = (bar?.open ?? 0) < Number(cents(limit));
    const minuteEnd = new Date(Date.parse(at) + 60_000).toISOString().replace(".000", "");
    expect(await read(body.id)).toMatchObject({
      status: "filled",
      ...(isBetterOpen ? {} : { filled_at: minuteEnd, filled_avg_price: cents(limit) }),
    });
  });

  it("opens an hour earlier in UTC on Monday: the clocks changed on Sunday", async () => {
    const { body } = await place({ side: "sell" });
    expect((await read(body.id)).status).toBe("accepted");
    expect((await api.send("GET", "/v1/clock", { session: desk.session })).body).toMatchObject({
      timestamp: "2011-03-11T16:00:00-05:00",
      next_open: "2011-03-14T09:30:00-04:00",
    });
    await advance("2011-03-14T13:30:00Z");
    expect((await read(body.id)).status).toBe("new");
    await advance("2011-03-14T13:31:00Z");
    const { open } = line("2011-03-14T13:30:00Z");
    const slipped = Math.floor(Math.min(open * 100 - 1, open * 99.99) + 1e-9) / 100;
    expect(await read(body.id)).toMatchObject({
      status: "filled",
      filled_at: "2011-03-14T13:30:00Z",
      filled_avg_price: cents(slipped),
    });
  });

  it("serves the file's own bars, and day bars of the regular session", async () => {
    const minutes = await api.send("GET", "/v1/assets/SPY/bars?start=2011-03-14T13:30:00Z&limit=1");
    expect(minutes.body.bars[0]).toMatchObject({
      t: "2011-03-14T13:30:00Z",
      o: line("2011-03-14T13:30:00Z").open,
      v: line("2011-03-14T13:30:00Z").volume,
    });
    const days = await api.send("GET", "/v1/assets/SPY/bars?timeframe=1Day&start=2011-03-11&end=2011-03-14");
    const regular = [...lines]
      .filter(([at]) => at >= "2011-03-14T13:30:00Z" && at < "2011-03-14T20:00:00Z")
      .map(([, bar]) => bar);
    expect(days.body.bars.map((bar: { t: string }) => bar.t)).toEqual(["2011-03-11T05:00:00Z", "2011-03-14T04:00:00Z"]);
    expect(days.body.bars[1]).toMatchObject({
      o: regular[0]?.open,
      h: Math.max(...regular.map((bar) => bar.high)),
      l: Math.min(...regular.map((bar) => bar.low)),
      c: regular.at(-1)?.close,
      v: regular.reduce((sum, bar) => sum + bar.volume, 0),
    });
  });
});
