/** Portfolio history: what an account was worth, window by window, out of what it held and the bars of then. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatInstant, instant, MINUTE_MS } from "../../src/kernel/index.ts";
import { importActions, importFile, openMarket } from "../../src/market/index.ts";
import { openApi, openDesk, type Api, type Desk, type Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;
let desk: Desk;

const { place, get, advance } = deskRequests(() => api);

const history = (query = "", of = desk): Promise<Reply> =>
  get(of, `/v1/trading/accounts/${of.account}/account/portfolio/history${query}`);
const accountOf = async (of = desk): Promise<Reply["body"]> =>
  (await get(of, `/v1/trading/accounts/${of.account}/account`)).body;
const stamp = (text: string): number => Date.parse(text) / 1000;

interface Bar {
  readonly t: string;
  readonly c: number;
}
const barsOf = async (timeframe: string, start: string, end: string): Promise<readonly Bar[]> =>
  (await api.send("GET", `/v1/assets/AAPL/bars?timeframe=${timeframe}&start=${start}&end=${end}&limit=10000`)).body
    .bars;

/** A hundred AAPL from the first open, ten more sold short of MSFT, half sold a week later; no costs. */
beforeAll(async () => {
  api = await openApi();
  desk = await openDesk(api, {
    startTime: "2023-01-03T14:30:00Z",
    endTime: "2023-03-31T20:00:00Z",
    config: { profile: "ideal" },
  });
  await place(desk, { qty: 100 });
  await advance(desk, { targetTime: "2023-01-10T15:00:00Z" });
  await place(desk, { qty: 50, side: "sell" });
  await advance(desk, { targetTime: "2023-01-12T18:20:30Z" });
});
afterAll(() => api.close());

describe("a portfolio history", () => {
  it("by days is cash and shares at each close, and what the account is worth now", async () => {
    const { body } = await history();
    expect(body.timestamp).toEqual(
      ["03", "04", "05", "06", "09", "10", "11", "12"].map((day) => stamp(`2023-01-${day}T05:00:00Z`)),
    );
    const fills = (await get(desk, `/v1/trading/accounts/${desk.account}/account/activities/FILL?direction=asc`)).body;
    const [bought, sold] = fills.map(({ price }: { price: string }) => Number(price));
    const closes = (await barsOf("1Day", "2023-01-03", "2023-01-12")).map(({ c }) => c);
    const before = 100_000 - 100 * bought;
    closes.slice(0, 5).forEach((close, index) => {
      expect(body.equity[index]).toBeCloseTo(before + 100 * close, 6);
    });
    expect(body.equity[5]).toBeCloseTo(before + 50 * sold + 50 * (closes[5] ?? 0), 6);
    expect(body.equity.at(-1)).toBe(Number((await accountOf()).equity));
    expect(body).toMatchObject({ timeframe: "1D", base_value: body.equity[0] });
    expect([body.base_value_asof, body.cashflow, body.profit_loss[0]]).toEqual([undefined, undefined, 0]);
    body.equity.forEach((equity: number, index: number) => {
      expect(body.profit_loss[index]).toBeCloseTo(equity - body.base_value, 6);
      expect(body.profit_loss_pct[index]).toBeCloseTo(equity / body.base_value - 1, 8);
    });
  });

  it("of a day is valued at the end of each minute, against the close before", async () => {
    const { body } = await history("?period=1D&timeframe=1Min");
    expect(body.timestamp[0]).toBe(stamp("2023-01-12T14:30:00Z"));
    expect(body.timestamp.at(-1)).toBe(stamp("2023-01-12T18:20:00Z"));
    expect(body).toMatchObject({ base_value_asof: "2023-01-11", timeframe: "1Min" });
    const days = (await history()).body;
    expect(body.base_value).toBe(days.equity.at(-2));
    expect(body.base_value).toBe(Number((await accountOf()).last_equity));
    expect(body.equity.at(-1)).toBe(Number((await accountOf()).equity));
    const bars = await barsOf("1Min", "2023-01-12T14:30:00Z", "2023-01-12T18:19:00Z");
    const cash = Number((await accountOf()).cash);
    for (const { t, c } of bars) {
      const index = body.timestamp.indexOf(stamp(t));
      expect(body.equity[index], t).toBeCloseTo(cash + 50 * c, 6);
      expect(body.profit_loss[index]).toBeCloseTo(body.equity[index] - body.base_value, 6);
    }
  });

  it.each(["1Min", "5Min", "15Min", "1H"])(
    "by %s agrees with itself by the hour where both have a point",
    async (timeframe) => {
      const [fine, coarse] = [
        (await history(`?start=2023-01-09&timeframe=${timeframe}`)).body,
        (await history("?start=2023-01-09&timeframe=1H")).body,
      ];
      const lengths = [fine.timestamp, fine.equity, fine.profit_loss, fine.profit_loss_pct].map((each) => each.length);
      expect(new Set(lengths).size).toBe(1);
      expect(fine.equity.every((value: unknown) => typeof value === "number")).toBe(true);
      const step = { "1Min": 60, "5Min": 300, "15Min": 900, "1H": 3600 }[timeframe] ?? 0;
      coarse.timestamp.forEach((label: number, index: number) => {
        const last = fine.timestamp.indexOf(label + 3600 - step);
        if (last >= 0 && index < coarse.timestamp.length - 1) expect(fine.equity[last]).toBe(coarse.equity[index]);
      });
    },
  );

  it("starts its profit anew each day, unless it is not to", async () => {
    const daily = (await history("?start=2023-01-10&timeframe=1H")).body;
    const through = (await history("?start=2023-01-10&timeframe=1H&pnl_reset=no_reset")).body;
    const days = (await history()).body;
    expect(daily).toMatchObject({
      base_value: through.base_value,
      base_value_asof: "2023-01-09",
      equity: through.equity,
    });
    const baseOf = (label: number): number =>
      days.equity[days.timestamp.findLastIndex((midnight: number) => midnight < label - 24 * 3600 * 0.3) - 1];
    daily.timestamp.forEach((label: number, index: number) => {
      expect(through.profit_loss[index]).toBeCloseTo(through.equity[index] - through.base_value, 6);
      expect(daily.profit_loss[index]).toBeCloseTo(daily.equity[index] - baseOf(label), 6);
    });
  });

  it("begins with the account: its first point is the base", async () => {
    const { body } = await history("?start=2023-01-03&end=2023-01-03&timeframe=15Min");
    expect(body.timestamp[0]).toBe(stamp("2023-01-03T14:30:00Z"));
    expect([body.base_value, body.base_value_asof, body.profit_loss[0]]).toEqual([body.equity[0], undefined, 0]);
    const fresh = await openDesk(api);
    const empty = (await history("", fresh)).body;
    expect(empty).toEqual({
      timestamp: [],
      equity: [],
      profit_loss: [],
      profit_loss_pct: [],
      base_value: 100_000,
      timeframe: "1D",
    });
    const flat = (await history("?intraday_reporting=continuous&period=1D", fresh)).body;
    expect([flat.equity, flat.profit_loss, flat.profit_loss_pct]).toEqual([[100_000], [0], [0]]);
  });

  it("takes Alpaca's older names", async () => {
    const { body } = await history("?date_start=2023-01-09&date_end=2023-01-11&timeframe=1D");
    expect(body.timestamp).toHaveLength(3);
    const extended = (await history("?period=1D&timeframe=5Min&extended_hours=true")).body;
    expect(extended.timestamp[0]).toBe(stamp("2023-01-12T09:00:00Z"));
    const night = (await history("?period=2D&timeframe=1H&intraday_reporting=continuous")).body;
    expect(night.timestamp).toHaveLength(49);
  });

  it("shows what was booked, by type and window", async () => {
    const own = await openDesk(api, { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T20:00:00Z" });
    const transfer = (direction: string, amount: number): Promise<Reply> =>
      api.send("POST", `/v1/accounts/${own.account}/transfers`, { session: own.session, body: { direction, amount } });
    await advance(own, { targetTime: "2023-01-04T16:00:00Z" });
    await transfer("INCOMING", 700);
    await advance(own, { targetTime: "2023-01-05T23:00:00Z" });
    await transfer("OUTGOING", 50);
    await advance(own, { targetTime: "2023-01-06T16:00:00Z" });
    expect((await history("?cashflow_types=ALL", own)).body).toMatchObject({
      equity: [100_000, 100_700, 100_700, 100_650],
      cashflow: { CSD: [0, 700, 0, 0], CSW: [0, 0, 0, -50] },
    });
    expect((await history("?cashflow_types=CSD,DIV", own)).body.cashflow).toEqual({
      CSD: [0, 700, 0, 0],
      DIV: [0, 0, 0, 0],
    });
    expect((await history("?cashflow_types=TRANS", own)).body.cashflow).toEqual({
      CSD: [0, 700, 0, 0],
      CSW: [0, 0, 0, -50],
    });
    expect((await history("?cashflow_types=NONE", own)).body.cashflow).toBeUndefined();
  });

  it.each([
    ["?period=1M&start=2023-01-03&end=2023-01-04", 422, 40_010_001, "at most two of start, end and period"],
    ["?period=3M&timeframe=5Min", 422, 40_010_001, "timeframe must be 1D for more than 30 days"],
    ["?timeframe=2H", 400, 40_010_000, "timeframe must be one of"],
    ["?period=soon", 400, 40_010_000, "period must be a number and D, W, M or A"],
  ])("refuses %s", async (query, status, code, message) => {
    expect(await history(query)).toMatchObject({ status, body: { code, message: expect.stringContaining(message) } });
  });
});

describe("the last close", () => {
  it("is in the account and in its positions", async () => {
    const account = await accountOf();
    const days = (await history()).body;
    const [position] = (await get(desk, desk.positions)).body;
    const close = (await barsOf("1Day", "2023-01-11", "2023-01-11"))[0]?.c ?? 0;
    expect(account).toMatchObject({
      balance_asof: "2023-01-11",
      previous_close: "2023-01-11T21:00:00Z",
      last_equity: String(days.equity.at(-2)),
      last_cash: account.cash,
      last_short_market_value: "0",
      intraday_adjustments: "0",
    });
    expect(Number(account.last_long_market_value)).toBeCloseTo(50 * close, 6);
    expect(Number(account.last_initial_margin)).toBeCloseTo(25 * close, 6);
    expect(Number(account.sma)).toBeCloseTo(Number(account.equity) - Number(account.initial_margin), 6);
    expect(Number(position.lastday_price)).toBe(close);
    expect(Number(position.change_today)).toBeCloseTo(Number(position.current_price) / close - 1, 8);
    expect(Number(position.unrealized_intraday_pl)).toBeCloseTo(50 * (Number(position.current_price) - close), 6);
    expect(Number(position.unrealized_intraday_plpc)).toBeCloseTo(Number(position.change_today), 8);
  });

  it("is the opening of an account that is younger", async () => {
    const fresh = await openDesk(api);
    expect(await accountOf(fresh)).toMatchObject({
      balance_asof: "2023-01-03",
      previous_close: null,
      last_equity: "100000",
      last_cash: "100000",
      last_buying_power: "200000",
    });
  });
});

describe("a history across a split and a dividend", () => {
  const folder = mkdtempSync(join(tmpdir(), "tapedeck-split-"));
  let split: Api;

  /** A hundred dollars a share in the first days, fifty from the fourth of January on: two for one. */
  function csv(): string {
    const rows = ["03", "04", "05"].flatMap((day) =>
      Array.from({ length: 390 }, (_, minute) => {
        const start = Date.parse(`2023-01-${day}T14:30:00Z`) + minute * MINUTE_MS;
        const each = day === "03" ? 100 : 50;
        return `${formatInstant(instant(start))},${each},${each},${each},${each},100000`;
      }),
    );
    return `timestamp,open,high,low,close,volume\n${rows.join("\n")}\n`;
  }

  beforeAll(async () => {
    split = await openApi({
      sample: false,
      prepare: async (dataDir) => {
        const market = await openMarket({ dataDir, sample: false });
        const [bars, actions] = [join(folder, "SPL.csv"), join(folder, "actions.csv")];
        writeFileSync(bars, csv());
        const head = "symbol,ex_date,type,old_rate,new_rate,cash_per_share,record_date,pay_date,new_symbol";
        const rows = ["SPL,2023-01-04,split,1,2,,,,", "SPL,2023-01-05,cash_dividend,,,0.25,,2023-01-05,"];
        writeFileSync(actions, [head, ...rows].join("\n"));
        await importFile({ market, path: bars, symbol: "SPL", timeframe: "1Min" });
        await importActions({ market, path: actions });
      },
    });
  });
  afterAll(async () => {
    await split.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("gains nothing by the split, at night neither, and the dividend when it is paid", async () => {
    const own = await openDesk(split, {
      startTime: "2023-01-03T14:30:00Z",
      endTime: "2023-01-31T21:00:00Z",
      config: { profile: "ideal" },
    });
    const { session } = own;
    const read = async (path: string): Promise<Reply["body"]> => (await split.send("GET", path, { session })).body;
    await split.send("POST", own.orders, { session, body: { symbol: "SPL", side: "buy", qty: 10 } });
    await split.send("POST", `/v1/sessions/${session}/time/advance`, { body: { targetTime: "2023-01-05T15:00:00Z" } });
    const path = `/v1/trading/accounts/${own.account}/account`;
    expect((await read(`${path}/portfolio/history?cashflow_types=ALL`)) as unknown).toMatchObject({
      equity: [100_000, 100_000, 100_005],
      profit_loss: [0, 0, 5],
      cashflow: { DIV: [0, 0, 5] },
    });
    const night = await read(
      `${path}/portfolio/history?start=2023-01-03T15:00:00Z&end=2023-01-04T23:00:00Z&timeframe=15Min&intraday_reporting=continuous`,
    );
    expect(new Set(night.equity)).toEqual(new Set([100_000]));
    const [booked] = await read(`${path}/activities/SPLIT`);
    expect(booked).toMatchObject({
      activity_sub_type: "FSPLIT",
      symbol: "SPL",
      qty: "10",
      net_amount: "0",
      date: "2023-01-04",
    });
    expect((await read(`${path}/activities/DIV`))[0]).toMatchObject({
      net_amount: "5",
      per_share_amount: "0.25",
      qty: "20",
      date: "2023-01-05",
    });
  });
});
