/** Importing a table of assets: it lies over what is built in, field by field. */
import { describe, expect, it, onTestFinished } from "vitest";
import { csv, fixture, GOOD, type Fixture } from "./import-fixture.ts";

const HEADER = "symbol,name,exchange,fractionable,shortable,easy_to_borrow,marginable,tradable,leverage";

const BUILT_IN = {
  name: "Apple Inc. Common Stock",
  exchange: "NASDAQ",
  isTradable: true,
  isFractionable: true,
  isShortable: true,
  isEasyToBorrow: true,
  isMarginable: true,
  leverage: 1,
};

async function withBars(...symbols: readonly string[]): Promise<Fixture> {
  const all = await fixture(onTestFinished);
  for (const symbol of symbols) await all.take(`${symbol}.csv`, csv(...GOOD));
  return all;
}

describe("importing assets", () => {
  it.each([
    ["AAPL,,,,,,,,", {}],
    ['AAPL,"Apple, ""Inc.""",NYSEARCA,,,,,,', { name: 'Apple, "Inc."', exchange: "NYSEARCA" }],
    ["AAPL,,,false,,,False,FALSE,", { isFractionable: false, isMarginable: false, isTradable: false }],
    ["AAPL,,,,false,,,,", { isShortable: false, isEasyToBorrow: false }],
    ["AAPL,,,,false,true,,,", { isShortable: false, isEasyToBorrow: true }],
    ["AAPL,,,,,false,,,2", { isEasyToBorrow: false, leverage: 2 }],
  ])("the row %s changes what it states and nothing else", async (row, changes) => {
    const { market, takeAssets } = await withBars("AAPL");
    const id = market.findAsset("AAPL")?.id;
    expect(await takeAssets(`${HEADER}\n${row}\n`)).toMatchObject({ rowsAccepted: 1, rowsAdded: 1, rowsRefused: 0 });
    const wanted = { id, symbol: "AAPL", ...BUILT_IN, ...changes, isSynthetic: false };
    expect(market.findAsset("AAPL")).toEqual(wanted);
    expect(market.findAsset(id ?? "")).toEqual(wanted);
  });

  it("lays files over one another: an empty field leaves what was known", async () => {
    const { market, takeAssets } = await withBars("AAPL");
    await takeAssets("symbol,shortable,name\nAAPL,false,Apple\n");
    expect(await takeAssets("symbol,leverage,name\nAAPL,3,\n")).toMatchObject({ rowsAdded: 0, rowsReplaced: 1 });
    expect(market.findAsset("AAPL")).toMatchObject({ name: "Apple", isShortable: false, leverage: 3 });
    expect(await takeAssets("shortable,symbol\nfalse,AAPL\n")).toMatchObject({ isUnchanged: true });
    await takeAssets("symbol,shortable,leverage\nAAPL,true,1\n");
    expect(market.findAsset("AAPL")).toMatchObject({ isShortable: true, leverage: 1 });
  });

  it("makes no asset of a symbol without bars, and remembers the row until there are some", async () => {
    const { market, take, takeAssets } = await withBars();
    await takeAssets("symbol,name\nZZZ,The last\n");
    expect(market.assets()).toEqual([]);
    await take("ZZZ.csv", csv(...GOOD));
    expect(market.findAsset("ZZZ")).toMatchObject({ name: "The last" });
  });

  it("knows well-known leveraged funds, unless the table says otherwise", async () => {
    const { market, takeAssets } = await withBars("TQQQ", "SDS", "QQQ");
    expect(market.assets().map(({ symbol, leverage }) => [symbol, leverage])).toEqual([
      ["QQQ", 1],
      ["SDS", 2],
      ["TQQQ", 3],
    ]);
    await takeAssets("symbol,leverage\nTQQQ,1\n");
    expect(market.findAsset("TQQQ")?.leverage).toBe(1);
  });

  it.each([
    ["aapl,,,,,,,,", "bad_symbol", /^symbol: got "aapl"/],
    [`A,${"x".repeat(257)},,,,,,,`, "bad_name", /^name: .* at most 256 characters/],
    ["A,a\u0007b,,,,,,,", "bad_name", /^name/],
    [
      "A,,Nasdaq,,,,,,",
      "bad_exchange",
      /^exchange: got "Nasdaq", wanted AMEX, ARCA, BATS, NYSE, NASDAQ, NYSEARCA, OTC/,
    ],
    ["A,,,yes,,,,,", "bad_claim", /^fractionable: got "yes", wanted true or false/],
    ["A,,,,,1,,,", "bad_claim", /^easy_to_borrow/],
    ["A,,,,,,,,4", "bad_leverage", /^leverage: got "4", wanted 1, 2 or 3/],
    ["A,,,,,,,,-1", "bad_leverage", /^leverage/],
    ["A,Inc., Class A,,,,,,,", "wrong_field_count", /^got 10 fields, wanted 9/],
    ["GOOD,other,,,,,,,", "contradiction", /^GOOD: line 2 says something else of it/],
  ])("refuses the row %s as %s", async (row, reason, message) => {
    const { takeAssets } = await withBars();
    const report = await takeAssets(`${HEADER}\nGOOD,,,,,,,,\n${row}\n`);
    expect(report.refused).toEqual([{ line: 3, reason, message: expect.stringMatching(message) }]);
  });

  it("refuses a name that is not UTF-8", async () => {
    const { takeAssets } = await withBars();
    const report = await takeAssets(Buffer.from("symbol,name\nA,Caf\u00E9\nB,Bar\n", "latin1"));
    expect(report).toMatchObject({ rowsAccepted: 1, refused: [{ line: 2, reason: "bad_name" }] });
  });
});
