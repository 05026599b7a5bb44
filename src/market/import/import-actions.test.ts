/** Importing corporate actions: what is taken, what takes the place of what, which rows are refused and why. */
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { SCALE } from "../../kernel/index.ts";
import { hasSharedData, SHARED_DATA } from "../market-fixture.ts";
import { actionsCsv, failureOf, fixture } from "./import-fixture.ts";
import { importActions } from "./import-table.ts";

describe("importing corporate actions", () => {
  it("takes every type, also of symbols without bars, and says what it did", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    const report = await takeActions(
      actionsCsv(
        "ABC,2023-06-01,merger,,,,,,",
        "ABC,2023-06-01,symbol_change,,,,,,ABCD",
        "ABC,2023-06-01,cash_dividend,,,0.123456789,2023-06-02,2023-06-15,",
        "ABC,2023-06-01,split,1,2.5,,2023-06-02,2023-06-15,",
        "ABC,2023-01-03,delisting,,,10,,,",
      ),
    );
    expect(report).toMatchObject({ rowsRead: 5, rowsAccepted: 5, rowsRefused: 0, rowsAdded: 5, isUnchanged: false });
    expect(market.corporateActions("ABC")).toEqual([
      { symbol: "ABC", exDate: "2023-01-03", type: "delisting", cashPerShare: 10n * SCALE },
      { symbol: "ABC", exDate: "2023-06-01", type: "split", oldRate: SCALE, newRate: (5n * SCALE) / 2n },
      {
        symbol: "ABC",
        exDate: "2023-06-01",
        type: "cash_dividend",
        recordDate: "2023-06-02",
        payDate: "2023-06-15",
        cashPerShare: 123_456_789n,
      },
      { symbol: "ABC", exDate: "2023-06-01", type: "symbol_change", newSymbol: "ABCD" },
      { symbol: "ABC", exDate: "2023-06-01", type: "merger", cashPerShare: undefined },
    ]);
    expect(market.corporateActions("ABC")).toBe(market.corporateActions("ABC"));
    expect(market.corporateActions("NONE")).toEqual([]);
    expect(market.hasSymbol("ABC")).toBe(false);
  });

  it("reads any column order, quotes, CRLF, blank lines, and a header without the optional columns", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    await takeActions(
      '\uFEFF"Type",SYMBOL,cash_per_share,old_rate,new_rate,ex_date\r\n\r\n"split","AB",, 1 ,"2",2023-06-01',
    );
    expect(market.allCorporateActions()).toMatchObject([{ symbol: "AB", type: "split", newRate: 2n * SCALE }]);
  });

  it("replaces what it had of a symbol, date and type, and keeps the rest", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    await takeActions(actionsCsv("A,2023-06-01,cash_dividend,,,1,,,", "A,2023-07-03,split,1,2,,,,"));
    const report = await takeActions(actionsCsv("A,2023-06-01,cash_dividend,,,2,,,", "B,2023-06-01,split,1,2,,,,"));
    expect(report).toMatchObject({ rowsAdded: 1, rowsReplaced: 1, isUnchanged: false });
    expect(market.allCorporateActions()).toMatchObject([
      { symbol: "A", cashPerShare: 2n * SCALE },
      { symbol: "A", type: "split" },
      { symbol: "B", type: "split" },
    ]);
  });

  it("ignores a row that is repeated, and refuses one that contradicts an earlier one", async () => {
    const { market, takeActions } = await fixture(onTestFinished);
    const report = await takeActions(
      actionsCsv(
        "A,2023-06-01,cash_dividend,,,1,,,",
        "A,2023-06-01,cash_dividend,,,1.00,,,",
        "A,2023-06-01,cash_dividend,,,1,,2023-06-20,",
      ),
    );
    expect(report).toMatchObject({ rowsRead: 3, rowsAccepted: 1, rowsRepeated: 1, rowsRefused: 1 });
    expect(report.refused).toEqual([
      { line: 4, reason: "contradiction", message: "A 2023-06-01 cash_dividend: line 2 says something else of it" },
    ]);
    expect(market.allCorporateActions()).toMatchObject([{ payDate: undefined }]);
  });

  it.each([
    ["a,2023-06-01,split,1,2,,,,", "bad_symbol", /^symbol: got "a", wanted 1 to 15 capital/],
    ["../A,2023-06-01,split,1,2,,,,", "bad_symbol", /^symbol/],
    ["A,2023-02-30,split,1,2,,,,", "bad_date", /^ex_date: got "2023-02-30", wanted a date such as 2023-01-03/],
    ["A,,split,1,2,,,,", "bad_date", /^ex_date: got ""/],
    ["A,06/01/2023,split,1,2,,,,", "bad_date", /^ex_date/],
    ["A,2023-06-01,cash_dividend,,,1,2023-13-01,,", "bad_date", /^record_date: got "2023-13-01"/],
    ["A,2023-06-01,split,1,2,,,soon,", "bad_date", /^pay_date: got "soon"/],
    ["A,2023-06-01,spinoff,1,2,,,,", "bad_type", /^type: got "spinoff", wanted split, cash_dividend, symbol_change,/],
    ["A,2023-06-01,toString,1,2,,,,", "bad_type", /^type/],
    ["A,2023-06-01,split,,2,,,,", "bad_number", /^old_rate: got "", wanted a plain decimal/],
    ["A,2023-06-01,split,1,2e0,,,,", "bad_number", /^new_rate: got "2e0"/],
    ["A,2023-06-01,split,1,0.0000000001,,,,", "bad_number", /^new_rate: .* at most nine decimals/],
    ["A,2023-06-01,split,0,2,,,,", "bad_amount", /^old_rate: got "0", wanted more than 0 and at most 1000000000/],
    ["A,2023-06-01,split,1,1000000001,,,,", "bad_amount", /^new_rate/],
    ["A,2023-06-01,cash_dividend,,,-1,,,", "bad_amount", /^cash_per_share: got "-1"/],
    ["A,2023-06-01,cash_dividend,,,NaN,,,", "bad_number", /^cash_per_share/],
    ["A,2023-06-01,cash_dividend,,,,,,", "bad_number", /^cash_per_share/],
    ["A,2023-06-01,merger,,,0,,,", "bad_amount", /^cash_per_share/],
    ["A,2023-06-01,symbol_change,,,,,,", "bad_symbol", /^new_symbol: got "", wanted/],
    ["A,2023-06-01,symbol_change,,,,,,A", "bad_symbol", /^new_symbol: got A, wanted another/],
    ["A,2023-06-01,split,1,2,0.5,,,", "value_of_other_type", /^cash_per_share: got "0.5", but a split has none/],
    ["A,2023-06-01,merger,1,2,,,,", "value_of_other_type", /^old_rate/],
    ["A,2023-06-01,merger,,,,,,B", "value_of_other_type", /^new_symbol/],
    ["A,2023-06-01,split,1,2", "wrong_field_count", /^got 5 fields, wanted 9 as in the header/],
    ['A,2023-06-01,split,1,"2,,,,', "bad_quotes", /^a quote is not closed/],
  ])("refuses the row %s as %s", async (row, reason, message) => {
    const { market, takeActions } = await fixture(onTestFinished);
    const report = await takeActions(actionsCsv("GOOD,2023-06-01,split,1,2,,,,", row));
    expect(report).toMatchObject({ rowsAccepted: 1, rowsRefused: 1, reasons: [{ reason, rows: 1 }] });
    expect(report.refused).toEqual([{ line: 3, reason, message: expect.stringMatching(message) }]);
    expect(market.allCorporateActions()).toHaveLength(1);
  });

  it.each([
    ["", /is empty/],
    ["symbol,ex_date,type\n", /line 1: got "symbol,ex_date,type", wanted a header: symbol,ex_date,type,old_rate,/],
    [actionsCsv().replace("new_symbol", "cusip"), /wanted a header/],
    [actionsCsv().replace("new_symbol", "pay_date"), /wanted a header/],
    ['"symbol\n', /wanted a header/],
    [actionsCsv(), /no row that can be taken: 0 read/],
    [actionsCsv("A,2023-06-01,split,0,2,,,,"), /1 read, refused: bad_amount \(1\)\. Line 2: old_rate/],
    [`${actionsCsv()}${"1".repeat(70_000)}`, /line 2: the line is longer than 65536 bytes/],
  ])("fails for a file like %j", async (content, message) => {
    const { takeActions } = await fixture(onTestFinished);
    expect(await failureOf(takeActions(content))).toMatchObject({
      code: "import_failed",
      message: expect.stringMatching(message),
    });
  });
});

describe.skipIf(!hasSharedData)("real corporate actions (skipped where ../shared/data is absent)", () => {
  it("are all taken", async () => {
    const { market } = await fixture(onTestFinished);
    const report = await importActions({ market, path: join(SHARED_DATA, "corporate_actions.csv") });
    expect(report).toMatchObject({ rowsRead: 985, rowsAccepted: 985, rowsRefused: 0 });
    expect(market.corporateActions("AAPL").filter(({ type }) => type === "split")).toMatchObject([
      { exDate: "1987-06-16", newRate: 2n * SCALE },
      { exDate: "2000-06-21" },
      { exDate: "2005-02-28" },
      { exDate: "2014-06-09", oldRate: SCALE, newRate: 7n * SCALE },
    ]);
  });
});
