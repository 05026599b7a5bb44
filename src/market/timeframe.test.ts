/** Alpaca's grammar of timeframes, and the grammar of symbols. */
import { describe, expect, it } from "vitest";
import { isSymbol, symbolInPath } from "./symbol.ts";
import { parseTimeframe } from "./timeframe.ts";

describe("a timeframe", () => {
  it.each([
    ["1Min", "1Min", 60_000],
    ["5T", "5Min", 300_000],
    ["59Min", "59Min", 3_540_000],
    ["23H", "23Hour", 82_800_000],
    ["1D", "1Day", undefined],
    ["1Week", "1Week", undefined],
    ["12M", "12Month", undefined],
  ])("%s reads as %s", (text, name, lengthMs) => {
    expect(parseTimeframe(text)).toMatchObject({ name, lengthMs });
  });

  it.each([
    "",
    "Min",
    "0Min",
    "60Min",
    "24Hour",
    "2Day",
    "2Week",
    "5Month",
    "1min",
    "01Min",
    "1 Min",
    "-1Min",
    "1Min ",
    "1e1Min",
    "1Year",
  ])("%j is refused", (text) => {
    expect(parseTimeframe(text)).toBeUndefined();
  });
});

describe("a symbol", () => {
  it.each(["A", "AAPL", "BRK.B", "BF-B", "ABCDEFGHIJKLMNO", "BTC/USD", "1INCH/USD"])("%s is one", (text) => {
    expect(isSymbol(text)).toBe(true);
    expect(symbolInPath(text)).toMatch(/^[A-Z0-9][A-Z0-9.~-]*$/);
  });

  it.each([
    "",
    "aapl",
    "1AAPL",
    ".A",
    "../A",
    "A/../B",
    "A B",
    "A\0",
    "A\n",
    "ABCDEFGHIJKLMNOP",
    "Ä",
    "A/",
    "/A",
    "A/B/C",
  ])("%j is none", (text) => {
    expect(isSymbol(text)).toBe(false);
  });
});
