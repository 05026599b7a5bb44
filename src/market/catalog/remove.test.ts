import { mkdir, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isRefusal, MINUTE_MS } from "../../kernel/index.ts";
import { importActions } from "../import/import-table.ts";
import { openMarket, type Market } from "../market.ts";
import { at, columnsOf, temporaryDirectory } from "../market-fixture.ts";
import { commitSeries } from "./commit.ts";
import { withCatalogLock } from "./lock.ts";
import { planRemoval, removeSeries, type RemovalReport, type RemovalRequest } from "./remove.ts";

const OPEN = at("2024-03-05T14:30:00Z");

const newSeries = (symbol: string, timeframe = "1Min", rows = 3): Parameters<typeof commitSeries>[1][number] => ({
  symbol,
  timeframe,
  source: "a test",
  columns: columnsOf(Array.from({ length: rows }, (_, index) => ({ start: OPEN + index * 5 * MINUTE_MS }))),
});

async function marketWith(series: Parameters<typeof commitSeries>[1], sample = false): Promise<Market> {
  const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample });
  await commitSeries(market.directory, series);
  market.refresh();
  return market;
}

async function takeActions(market: Market, ...rows: readonly string[]): Promise<void> {
  const path = join(await temporaryDirectory(onTestFinished), "actions.csv");
  const header = "symbol,ex_date,type,old_rate,new_rate,cash_per_share";
  await writeFile(path, [header, ...rows, ""].join("\n"));
  await importActions({ market, path });
}

async function remove(market: Market, request: Partial<RemovalRequest>): Promise<RemovalReport> {
  const plan = planRemoval(market, { symbols: [], withActions: false, ...request });
  if (isRefusal(plan)) throw new Error(plan.message);
  return removeSeries(market, plan, { lockWaitMs: 0 });
}

const seriesOf = (market: Market): readonly string[] =>
  market.describe().map(({ symbol, timeframe }) => `${symbol} ${timeframe}`);

const filesOf = async (market: Market): Promise<readonly string[]> =>
  (await readdir(market.directory, { recursive: true })).filter((name) => /\.(bars|csv)$/.test(name));

describe("removing series", () => {
  it("takes every series of a symbol, their files with them, in one change", async () => {
    const market = await marketWith([newSeries("ONE"), newSeries("ONE", "5Min"), newSeries("TWO"), newSeries("OWN")]);
    const generation = market.generation();
    expect(await remove(market, { symbols: ["ONE", "TWO", "ONE"] })).toEqual({
      series: [
        { symbol: "ONE", timeframe: "1Min", rows: 3 },
        { symbol: "ONE", timeframe: "5Min", rows: 3 },
        { symbol: "TWO", timeframe: "1Min", rows: 3 },
      ],
      actions: 0,
      sampleReturned: [],
    });
    expect(seriesOf(market)).toEqual(["OWN 1Min"]);
    expect(await filesOf(market)).toEqual([expect.stringContaining("OWN-1Min-2024")]);
    expect(market.generation()).toBe(generation + 1);
  });

  it("takes one timeframe alone", async () => {
    const market = await marketWith([newSeries("ONE"), newSeries("ONE", "5Min")]);
    await remove(market, { symbols: ["ONE"], timeframe: "5T" });
    expect(seriesOf(market)).toEqual(["ONE 1Min"]);
    expect(await filesOf(market)).toHaveLength(1);
  });

  const damages: [string, (path: string) => Promise<void>][] = [
    ["damaged", (path) => truncate(path, 10)],
    ["gone", (path) => rm(path)],
  ];
  it.each(damages)("does not mind that a file is %s", async (_, damage) => {
    const market = await marketWith([newSeries("ONE"), newSeries("TWO")]);
    await damage(join(market.directory, (await filesOf(market)).find((name) => name.includes("ONE")) ?? ""));
    expect(await remove(market, { symbols: ["ONE"] })).toMatchObject({ series: [{ symbol: "ONE", rows: 3 }] });
    expect(await filesOf(market)).toEqual([expect.stringContaining("TWO")]);
    // What was removed can be imported again.
    await commitSeries(market.directory, [newSeries("ONE")]);
    market.refresh();
    expect(seriesOf(market)).toEqual(["ONE 1Min", "TWO 1Min"]);
  });

  it("leaves corporate actions, or takes them in the same change", async () => {
    const market = await marketWith([newSeries("ONE"), newSeries("TWO")]);
    await takeActions(market, "ONE,2024-03-06,split,1,2,", "ONE,2024-03-07,split,1,2,", "TWO,2024-03-06,split,1,2,");
    expect(await remove(market, { symbols: ["ONE"] })).toMatchObject({ actions: 0 });
    expect(market.corporateActions("ONE")).toHaveLength(2);
    // Of ONE only corporate actions are left.
    const generation = market.generation();
    expect(await remove(market, { symbols: ["ONE", "TWO"], withActions: true })).toMatchObject({
      series: [{ symbol: "TWO" }],
      actions: 3,
    });
    expect([market.allCorporateActions(), seriesOf(market), await filesOf(market)]).toEqual([[], [], []]);
    expect(market.generation()).toBe(generation + 1);
  });

  it("takes corporate actions where there never were bars", async () => {
    const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished), sample: false });
    await takeActions(market, "ONE,2024-03-06,split,1,2,", "TWO,2024-03-06,split,1,2,");
    expect(await remove(market, { symbols: ["ONE"], withActions: true })).toMatchObject({ series: [], actions: 1 });
    expect(market.allCorporateActions().map(({ symbol }) => symbol)).toEqual(["TWO"]);
  });

  it("brings the sample back, and says so", async () => {
    const market = await marketWith([newSeries("AAPL"), newSeries("AAPL", "5Min"), newSeries("ONE")], true);
    expect(await remove(market, { symbols: ["AAPL"], timeframe: "1Min" })).toMatchObject({ sampleReturned: [] });
    expect(await remove(market, { symbols: ["AAPL", "ONE"] })).toMatchObject({ sampleReturned: ["AAPL"] });
    expect(market.findAsset("AAPL")).toMatchObject({ isSynthetic: true });
  });

  it("takes all or nothing: where the manifest cannot be written, everything stays", async () => {
    const market = await marketWith([newSeries("ONE"), newSeries("TWO")]);
    await takeActions(market, "ONE,2024-03-06,split,1,2,");
    const before = await filesOf(market);
    await mkdir(join(market.directory, `manifest.json.${process.pid}.tmp`));
    await expect(remove(market, { symbols: ["ONE"], withActions: true })).rejects.toThrow(/cannot be written/);
    expect([seriesOf(market), await filesOf(market)]).toEqual([["ONE 1Min", "TWO 1Min"], before]);
    expect(market.corporateActions("ONE")).toHaveLength(1);
  });

  it("waits for its turn", async () => {
    const market = await marketWith([newSeries("ONE")]);
    await withCatalogLock(market.directory, 0, async () => {
      await expect(remove(market, { symbols: ["ONE"] })).rejects.toMatchObject({ code: "data_directory_locked" });
    });
    expect(seriesOf(market)).toEqual(["ONE 1Min"]);
  });

  it("counts only what is still there", async () => {
    const market = await marketWith([newSeries("ONE")]);
    const plan = planRemoval(market, { symbols: ["ONE"], withActions: false });
    if (isRefusal(plan)) throw new Error(plan.message);
    await remove(market, { symbols: ["ONE"] });
    expect(await removeSeries(market, plan)).toEqual({ series: [], actions: 0, sampleReturned: [] });
  });

  it.each([
    [{ symbols: ["ONE", "NOPE"] }, "not_found", /"NOPE" is not in the catalog/],
    [{ symbols: ["NOPE"], withActions: true }, "not_found", /"NOPE" is not in the catalog/],
    [{ symbols: ["ONE"], timeframe: "1Day" }, "not_found", /got 1Day, of which ONE has no bars; it has 1Min$/],
    [{ symbols: ["ONE"], timeframe: "1Week" }, "bad_request", /timeframe: got "1Week"/],
    [{ symbols: ["ONE", "AAPL"] }, "bad_request", /AAPL has bars of the built-in sample only, which cannot be removed/],
  ] as const)("refuses %j", async (request, reason, message) => {
    const market = await marketWith([newSeries("ONE")], true);
    expect(planRemoval(market, { withActions: false, ...request })).toMatchObject({
      reason,
      message: expect.stringMatching(message),
    });
  });
});
