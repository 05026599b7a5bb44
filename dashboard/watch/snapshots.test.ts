import { expect, it } from "vitest";
import { watchedOf } from "./snapshots.ts";

it("prices and changes are those of the snapshots, and what is missing is missing", () => {
  const answer = {
    AAPL: { latestTrade: { p: 110 }, dailyBar: { c: 109 }, prevDailyBar: { c: 100 } },
    MSFT: { latestTrade: null, dailyBar: { c: 240 }, prevDailyBar: null },
    SPY: null,
  };
  expect(watchedOf(["SPY", "AAPL", "MSFT", "QQQ"], answer)).toEqual([
    { symbol: "SPY", last: undefined, change: undefined },
    { symbol: "AAPL", last: 110, change: 110 / 100 - 1 },
    { symbol: "MSFT", last: 240, change: undefined },
    { symbol: "QQQ", last: undefined, change: undefined },
  ]);
  expect(watchedOf(["AAPL"], "nonsense")).toEqual([{ symbol: "AAPL", last: undefined, change: undefined }]);
});
