/** Adjusted prices are marked, and never stand in one series with others. */
import { describe, expect, it, onTestFinished } from "vitest";
import { openMarket } from "../market.ts";
import { temporaryDirectory } from "../market-fixture.ts";
import { csv, failureOf, fixture, GOOD } from "./import-fixture.ts";

const LATER = "2024-03-06T14:30:00Z,10,12,9,11,100";
const DAY = "2024-03-04,10,12,9,11,100";

describe("adjusted prices", () => {
  it("are marked where the user says so, and nowhere else", async () => {
    const { market, take } = await fixture(onTestFinished);
    expect(await take("RAW.csv", csv(...GOOD))).toMatchObject({ series: [{ symbol: "RAW", isAdjusted: false }] });
    expect(await take("ADJ.csv", csv(...GOOD), { isAdjusted: true })).toMatchObject({ series: [{ isAdjusted: true }] });
    expect([market.isAdjusted("RAW"), market.isAdjusted("ADJ"), market.isAdjusted("NONE")]).toEqual([
      false,
      true,
      false,
    ]);
    expect(market.describe().map(({ symbol, isAdjusted }) => [symbol, isAdjusted])).toEqual([
      ["ADJ", true],
      ["RAW", false],
    ]);
  });

  it("are not what the built-in sample has", async () => {
    const market = await openMarket({ dataDir: await temporaryDirectory(onTestFinished) });
    expect(market.isAdjusted("AAPL")).toBe(false);
  });

  it("are told by the finest bars of a symbol", async () => {
    const { market, take } = await fixture(onTestFinished);
    await take("A.csv", csv(DAY), { isAdjusted: true });
    expect(market.isAdjusted("A")).toBe(true);
    await take("A.csv", csv(...GOOD));
    expect(market.isAdjusted("A")).toBe(false);
  });

  it("of bars that are there already can be marked and unmarked; a file that says nothing leaves the mark", async () => {
    const { market, take } = await fixture(onTestFinished);
    await take("A.csv", csv(...GOOD));
    const generation = market.generation();
    const marked = await take("A.csv", csv(...GOOD), { isAdjusted: true });
    expect(marked).toMatchObject({ isUnchanged: false, rowsAdded: 0 });
    expect([market.isAdjusted("A"), market.generation()]).toEqual([true, generation + 1]);
    expect(await take("A.csv", csv(...GOOD))).toMatchObject({ isUnchanged: true, series: [{ isAdjusted: true }] });
    await take("A.csv", csv(...GOOD), { isAdjusted: false });
    expect(market.isAdjusted("A")).toBe(false);
  });

  it.each([
    [true, undefined, /SPY in the catalog are marked as adjusted and these are not: if they are, say --adjusted/],
    [true, false, /are marked as adjusted and these are not/],
    [undefined, true, /are not marked as adjusted: if they are, import their file again with --adjusted first/],
  ])("never join others: a series of %s takes no new bars of %s", async (isAdjusted, isNewAdjusted, message) => {
    const { market, take } = await fixture(onTestFinished);
    await take("SPY.csv", csv(...GOOD), { isAdjusted });
    const before = market.describe();
    const error = await failureOf(take("SPY.csv", csv(LATER), { isAdjusted: isNewAdjusted, timeframe: "1Min" }));
    expect(error).toMatchObject({ code: "import_failed", message: expect.stringMatching(message) });
    expect(market.describe()).toEqual(before);
    await take("SPY.csv", csv(LATER), { isAdjusted, timeframe: "1Min" });
    expect(market.describe()).toMatchObject([{ rows: 3, isAdjusted: isAdjusted === true }]);
  });
});
