import { describe, expect, it } from "vitest";
import { formatUnits, type CorporateAction } from "../../kernel/index.ts";
import { desk } from "./download-fixture.ts";
import { send } from "./provider-fixture.ts";

const WITH = { isWithActions: true, isWithAssets: true, to: "2024-01-31" };

const texts = (actions: readonly CorporateAction[]): readonly unknown[] =>
  actions.map((action) =>
    Object.fromEntries(
      Object.entries(action)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, typeof value === "bigint" ? formatUnits(value) : value]),
    ),
  );

const ALPACA_ACTIONS = {
  corporate_actions: {
    forward_splits: [
      {
        id: "1",
        symbol: "AAPL",
        cusip: "x",
        new_rate: 4,
        old_rate: 1,
        process_date: "2024-02-01",
        ex_date: "2024-02-01",
      },
    ],
    reverse_splits: [{ id: "2", symbol: "AAPL", new_rate: 1, old_rate: 30, ex_date: "2024-02-20" }],
    cash_dividends: [
      {
        id: "3",
        symbol: "AAPL",
        rate: 0.24,
        special: false,
        foreign: false,
        ex_date: "2024-02-09",
        record_date: "2024-02-12",
        payable_date: "2024-02-15",
      },
      { id: "4", symbol: "AAPL", rate: 1.5, special: true, foreign: false, ex_date: "2024-02-09" },
    ],
    name_changes: [{ id: "5", old_symbol: "AAPL", new_symbol: "APPL", process_date: "2024-03-01" }],
    spin_offs: [{ id: "6", source_symbol: "AAPL", new_symbol: "NEW", ex_date: "2024-03-02" }],
  },
  next_page_token: null,
};

const ALPACA_ASSET = {
  id: "b0b6dd9d-8b9b-48a9-ba46-b9d54906e415",
  class: "us_equity",
  exchange: "NASDAQ",
  symbol: "AAPL",
  name: "Apple Inc. Common Stock",
  status: "active",
  tradable: false,
  marginable: true,
  shortable: true,
  easy_to_borrow: false,
  fractionable: true,
};

describe("what comes along with Alpaca's bars", () => {
  it("is splits, dividends and changes of name, in the table; what cannot be booked is counted", async () => {
    const { market, server, run } = await desk();
    server.answers.set("/v1/corporate-actions", ALPACA_ACTIONS);
    const report = await run(WITH);
    expect(report.symbols[0]?.actions).toEqual({ received: 4, added: 4, replaced: 0, leftOut: { spin_offs: 1 } });
    expect(server.asked).toContain(
      "/v1/corporate-actions?symbols=AAPL&start=2024-01-01&end=2024-03-15&limit=1000&sort=asc",
    );
    expect(texts(market.corporateActions("AAPL"))).toEqual([
      { symbol: "AAPL", exDate: "2024-02-01", type: "split", oldRate: "1", newRate: "4" },
      // The regular and the special dividend of one day together.
      {
        symbol: "AAPL",
        exDate: "2024-02-09",
        type: "cash_dividend",
        recordDate: "2024-02-12",
        payDate: "2024-02-15",
        cashPerShare: "1.74",
      },
      { symbol: "AAPL", exDate: "2024-02-20", type: "split", oldRate: "30", newRate: "1" },
      { symbol: "AAPL", exDate: "2024-03-01", type: "symbol_change", newSymbol: "APPL" },
    ]);
  });

  it("is the asset as it has always been, not whether it can be traded today", async () => {
    const { market, server, run } = await desk();
    server.answers.set("/v1/corporate-actions", { corporate_actions: {}, next_page_token: null });
    server.answers.set("/v2/assets/AAPL", ALPACA_ASSET);
    expect((await run(WITH)).symbols[0]?.asset).toBe("new");
    const { name, exchange, isEasyToBorrow, isTradable } = market.findAsset("AAPL") ?? {};
    expect({ name, exchange, isEasyToBorrow, isTradable }).toEqual({
      name: "Apple Inc. Common Stock",
      exchange: "NASDAQ",
      isEasyToBorrow: false,
      isTradable: true,
    });
  });

  it("of an asset that has left the exchange is its name alone", async () => {
    const { market, server, run } = await desk();
    server.answers.set("/v1/corporate-actions", { corporate_actions: {}, next_page_token: null });
    const gone = { ...ALPACA_ASSET, status: "inactive", exchange: "NEWEX", shortable: false, marginable: false };
    server.answers.set("/v2/assets/AAPL", gone);
    await run(WITH);
    expect(market.findAsset("AAPL")).toMatchObject({ name: "Apple Inc. Common Stock", isShortable: true });
  });

  it("is asked for once a day, also when the provider does not know the asset", async () => {
    const { server, run, time } = await desk();
    server.answers.set("/v1/corporate-actions", { corporate_actions: {}, next_page_token: null });
    expect((await run(WITH)).symbols[0]).toMatchObject({ asset: "unknown", actions: { received: 0 } });
    server.asked.length = 0;
    expect((await run(WITH)).symbols[0]).toMatchObject({ asset: undefined, actions: undefined });
    expect(server.asked).toEqual([]);
    time.passDays(1);
    await run(WITH);
    expect(server.asked.map((path) => path.split("?")[0])).toEqual(["/v1/corporate-actions", "/v2/assets/AAPL"]);
  });

  it("is taken but for rows that no table can keep", async () => {
    const { server, run } = await desk();
    server.answers.set("/v1/corporate-actions", {
      corporate_actions: {
        cash_dividends: [
          { symbol: "AAPL", rate: 0, ex_date: "2024-02-08" },
          { symbol: "AAPL", rate: 1e-7, ex_date: "2024-02-09" },
        ],
        name_changes: [{ old_symbol: "AAPL", new_symbol: "AAPLpA", process_date: "2024-03-01" }],
      },
      next_page_token: null,
    });
    expect((await run(WITH)).symbols[0]?.actions).toMatchObject({
      added: 1,
      leftOut: { "cash_dividends (bad_amount)": 1, "name_changes (bad_symbol)": 1 },
    });
  });

  it("of another symbol is not taken", async () => {
    const { market, server, run } = await desk();
    server.answers.set("/v1/corporate-actions", {
      corporate_actions: { forward_splits: [{ symbol: "MSFT", new_rate: 2, old_rate: 1, ex_date: "2024-02-01" }] },
      next_page_token: null,
    });
    expect((await run({ ...WITH, rate: "1000" })).fault?.message).toMatch(/got one of "MSFT", wanted AAPL alone/);
    expect(market.allCorporateActions()).toEqual([]);
  });
});

describe("what comes along with Polygon's bars", () => {
  it("is splits, dividends in dollars, and name and exchange of the ticker", async () => {
    const { market, server, run } = await desk();
    server.answers.set("/v3/reference/splits", {
      status: "OK",
      results: [{ ticker: "AAPL", execution_date: "2024-02-01", split_from: 1, split_to: 4 }],
    });
    server.answers.set("/v3/reference/dividends", {
      status: "OK",
      results: [
        {
          ticker: "AAPL",
          ex_dividend_date: "2024-02-09",
          record_date: "2024-02-12",
          pay_date: "2024-02-15",
          cash_amount: 0.24,
          currency: "USD",
        },
        { ticker: "AAPL", ex_dividend_date: "2024-02-10", cash_amount: 9, currency: "SEK" },
      ],
    });
    server.answers.set("/v3/reference/tickers/AAPL", {
      status: "OK",
      results: { ticker: "AAPL", name: "Apple Inc.", primary_exchange: "XNAS", active: true },
    });
    const report = await run({ ...WITH, provider: "polygon" });
    expect(report.symbols[0]).toMatchObject({
      actions: { added: 2, leftOut: { "dividend not in dollars": 1 } },
      asset: "new",
    });
    expect(texts(market.corporateActions("AAPL"))).toEqual([
      { symbol: "AAPL", exDate: "2024-02-01", type: "split", oldRate: "1", newRate: "4" },
      {
        symbol: "AAPL",
        exDate: "2024-02-09",
        type: "cash_dividend",
        recordDate: "2024-02-12",
        payDate: "2024-02-15",
        cashPerShare: "0.24",
      },
    ]);
    expect(market.findAsset("AAPL")).toMatchObject({ name: "Apple Inc.", exchange: "NASDAQ" });
    expect(server.asked.at(-1)).toBe("/v3/reference/tickers/AAPL?date=2024-01-31");
  });

  it("keeps the bars where the plan has no corporate actions", async () => {
    const { market, server, run } = await desk();
    server.answers.set("/v3/reference/splits", {});
    server.mischief.push(...Array.from({ length: 7 }, () => () => false));
    server.mischief.push((_, response) => {
      send(response, 403, { status: "NOT_AUTHORIZED", message: "Upgrade your plan" });
      return true;
    });
    const report = await run({ ...WITH, provider: "polygon" });
    expect(report.fault?.message).toMatch(
      /\/v3\/reference\/splits answered 403: "Upgrade your plan".* with --no-actions\.$/,
    );
    expect(market.describe()).toMatchObject([{ rows: 21 }]);
  });
});
