/** The report of an account: its figures against the answers of the other routes, its refusals, and its emptiness. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, openDesk, type Api, type Desk, type Reply } from "../support/api.ts";
import { deskRequests } from "../support/desk-requests.ts";

let api: Api;
let desk: Desk;

const { place, get, advance } = deskRequests(() => api);

const report = (query = "", of = desk): Promise<Reply> => get(of, `/v1/accounts/${of.account}/report${query}`);
const account = (what: string, of = desk): Promise<Reply> =>
  get(of, `/v1/trading/accounts/${of.account}/account${what}`);

/** A quarter: AAPL bought, half of it sold after a month and the rest after two, MSFT kept, a deposit in between. */
beforeAll(async () => {
  api = await openApi();
  desk = await openDesk(api, { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T20:00:00Z" });
  await place(desk, { qty: 100 });
  await place(desk, { symbol: "MSFT", qty: 50 });
  await advance(desk, { targetTime: "2023-02-01T15:00:00Z" });
  await place(desk, { qty: 50, side: "sell" });
  await api.send("POST", `/v1/accounts/${desk.account}/transfers`, {
    session: desk.session,
    body: { direction: "INCOMING", amount: 10_000 },
  });
  await advance(desk, { targetTime: "2023-03-01T15:00:00Z" });
  await place(desk, { qty: 50, side: "sell" });
  await advance(desk, { targetTime: "2023-03-30T15:00:00Z" });
});
afterAll(() => api.close());

describe("a report", () => {
  it("is about each regular close, with deposits taken out", async () => {
    const { body } = await report();
    const history = (await account("/portfolio/history?period=1A&timeframe=1D&cashflow_types=CSD")).body;
    const closes: number[] = history.equity.slice(0, -1);
    let growth = 1;
    closes.forEach((equity, index) => {
      growth *= (equity - history.cashflow.CSD[index]) / (closes[index - 1] ?? 100_000);
    });
    expect(body).toMatchObject({
      account_id: desk.account,
      as_of: "2023-03-30T15:00:00Z",
      benchmark: null,
      period: { first: "2023-01-03", last: "2023-03-29", sessions: closes.length, days: closes.length, risk_free: 0 },
    });
    expect(body.returns.cumulative_return).toBeCloseTo(growth - 1, 9);
    expect(body.returns.cagr_252).toBeCloseTo(growth ** (252 / closes.length) - 1, 9);
    expect(body.drawdown.max_drawdown).toBeLessThan(0);
    expect(body.drawdown.worst[0].depth).toBe(body.drawdown.max_drawdown);
  });

  it("counts trades from flat to flat, and all fees", async () => {
    const { body } = await report();
    const fills = (await account("/activities/FILL")).body;
    expect(body.trades).toMatchObject({ total_trades: 1, open_trades: 1 });
    const aapl = fills.filter(({ symbol }: { symbol: string }) => symbol === "AAPL");
    const flow = aapl.reduce(
      (sum: number, { side, qty, price }: { side: string; qty: string; price: string }) =>
        sum + (side === "buy" ? -1 : 1) * Number(qty) * Number(price),
      0,
    );
    expect(body.trades.win_rate).toBe(flow > 0 ? 1 : 0);
    const posted = (await account("/activities/FEE")).body.reduce(
      (sum: number, { net_amount: amount }: { net_amount: string }) => sum - Number(amount),
      0,
    );
    expect(body.trades.total_fees).toBeGreaterThan(0);
    expect(body.trades.total_fees).toBeLessThanOrEqual(posted);
    expect(posted - body.trades.total_fees).toBeLessThan(0.06);
  });

  it("measures how far a trade went for and against its holder, by the bars between entry and exit", async () => {
    const { trades } = (await report()).body;
    const fills = (await account("/activities/FILL?direction=asc")).body.filter(
      ({ symbol }: { symbol: string }) => symbol === "AAPL",
    );
    const [first, last] = [fills[0], fills.at(-1)];
    const span = `start=${first.transaction_time}&end=${last.transaction_time}`;
    let [low, high, page] = [Infinity, 0, ""];
    do {
      const { body } = await api.send("GET", `/v1/assets/AAPL/bars?timeframe=1Min&limit=10000&${span}${page}`);
      for (const bar of body.bars) {
        if (bar.t >= last.transaction_time) continue;
        [low, high] = [Math.min(low, bar.l), Math.max(high, bar.h)];
      }
      page = body.next_page_token === null ? "" : `&page_token=${body.next_page_token}`;
    } while (page !== "");
    expect(trades.largest_mae).toBeCloseTo((Math.min(low, Number(first.price)) - Number(first.price)) * 100, 6);
    expect(trades.largest_mfe).toBeCloseTo((Math.max(high, Number(first.price)) - Number(first.price)) * 100, 6);
    expect(trades.average_mae).toBe(trades.largest_mae);
  });

  it("estimates how much money the trades could carry, by what the market traded in their minutes", async () => {
    const { trades } = (await report()).body;
    const fills = (await account("/activities/FILL?direction=asc")).body;
    const shares = new Map<string, { own: number; market: number[] }>();
    for (const { symbol, transaction_time: at, qty, price } of fills) {
      const { body } = await api.send("GET", `/v1/assets/${symbol}/bars?timeframe=1Min&start=${at}&limit=1`);
      const [bar] = body.bars;
      const entry = shares.get(symbol) ?? { own: 0, market: [] };
      shares.set(symbol, entry);
      entry.own += Number(qty) * Number(price);
      entry.market.push(bar.v * (bar.vw ?? (bar.h + bar.l + bar.c) / 3));
    }
    const all = [...shares.values()].reduce((sum, { own }) => sum + own, 0);
    const capacities = [...shares.values()].map(
      ({ own, market }) => (0.2 * market.reduce((sum, each) => sum + each, 0)) / market.length / (own / all),
    );
    expect(trades.estimated_capacity).toBeCloseTo(Math.min(...capacities), 2);
  });

  it("tells nothing of a bar that still runs", async () => {
    const fresh = await openDesk(api, { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T20:00:00Z" });
    await place(fresh, { qty: 10 });
    await advance(fresh, { targetTime: "2023-01-03T14:30:30Z" });
    const { body } = await report("", fresh);
    expect(body.trades.estimated_capacity).toBeNull();
    expect(body.notes).toContain("Capacity is withheld: it needs what the market traded in the minute of every fill.");
    await advance(fresh, { targetTime: "2023-01-03T14:31:00Z" });
    expect((await report("", fresh)).body.trades.estimated_capacity).toBeGreaterThan(0);
  });

  it("says under which assumptions, and what each figure is", async () => {
    const { body } = await report();
    expect(body.assumptions).toEqual((await api.send("GET", `/v1/sessions/${desk.session}`)).body.config);
    for (const part of ["returns", "risk", "trades", "pyfolio", "other_tools"]) {
      for (const key of Object.keys(body[part])) expect(body.definitions, key).toHaveProperty([key]);
    }
    expect(body.notes).toContain("Trades still open at the end are not in the figures of trades: 1.");
  });

  it("compares with a benchmark, and takes a yearly rate", async () => {
    const { body } = await report("?benchmark=spy&risk_free=0.05");
    expect(body.period.risk_free).toBe(0.05);
    expect(body.benchmark.benchmark_days).toBe(body.period.days);
    expect(typeof body.benchmark.beta).toBe("number");
    const bars = (await api.send("GET", "/v1/assets/SPY/bars?timeframe=1Day&start=2022-12-30&end=2023-03-29&limit=100"))
      .body.bars;
    expect(bars[0].t).toBe("2022-12-30T05:00:00Z");
    expect(body.benchmark.benchmark_cumulative_return).toBeCloseTo(bars.at(-1).c / bars[0].c - 1, 9);
    expect(body.risk.sharpe_252).toBeLessThan((await report()).body.risk.sharpe_252);
  });

  it("withholds what a short sample cannot say, and has nothing to say of none", async () => {
    const fresh = await openDesk(api, { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T20:00:00Z" });
    const none = (await report("", fresh)).body;
    expect(none).toMatchObject({
      period: { first: null, last: null, sessions: 0, days: 0 },
      returns: { cumulative_return: null, cagr_252: null },
      trades: { total_trades: 0, win_rate: null, total_fees: 0 },
      drawdown: { worst: [] },
    });
    await place(fresh, { qty: 5 });
    await advance(fresh, { targetTime: "2023-01-10T21:00:00Z" });
    const short = (await report("?benchmark=AAPL", fresh)).body;
    expect(short).toMatchObject({ period: { days: 6 }, returns: { cagr_252: null }, risk: { sharpe_252: null } });
    expect(typeof short.returns.cumulative_return).toBe("number");
    expect(short.notes[0]).toBe("Annualised figures are withheld: they need 30 daily returns, and there are 6.");
  });

  it("begins with what the session gave, at no cost and no gain", async () => {
    const given = await openDesk(api, {
      startTime: "2023-01-03T14:30:00Z",
      endTime: "2023-03-31T20:00:00Z",
      config: { initialPositions: [{ symbol: "AAPL", qty: 10, avgEntryPrice: "100" }] },
    });
    await advance(given, { targetTime: "2023-01-06T21:00:00Z" });
    const { body } = await report("", given);
    const history = (await account("/portfolio/history", given)).body;
    expect(body.trades).toMatchObject({ total_trades: 0, open_trades: 1 });
    expect(Math.abs(body.returns.cumulative_return)).toBeLessThan(0.01);
    expect(history.equity.every((equity: number) => equity > 101_000)).toBe(true);
  });

  it.each([
    ["?benchmark=NOPE", 'benchmark must be a symbol of the catalog, got "NOPE"'],
    ["?risk_free=5", "risk_free must be a yearly rate > -1 and <= 1"],
    ["?risk_free=much", "risk_free must be a yearly rate"],
  ])("refuses %s", async (query, message) => {
    expect(await report(query)).toMatchObject({
      status: 422,
      body: { code: 40_010_001, message: expect.stringContaining(message) },
    });
  });
});
