import { describe, expect, it } from "vitest";
import { estimatedCapacity } from "./capacity.ts";
import { excursionOf } from "./excursions.ts";
import { buy, minute, sell, split } from "./fill-fixture.ts";
import type { PriceRange } from "./input.ts";
import { roundTrips } from "./round-trips.ts";
import {
  averageDurationMs,
  averageLoss,
  averageWin,
  expectancy,
  largestLoss,
  largestWin,
  longestDurationMs,
  longestRun,
  outcomesOf,
  profitLossRatio,
  tradeLossRate,
  tradeWinRate,
} from "./trade-statistics.ts";

/** Trades of one share from 100, one after the other, each a minute longer than the one before. */
const outcomes = (exits: readonly number[], startEquity = 1000) => {
  const fills = exits.flatMap((exit, index) => [buy(100 * index, "1@100"), sell(100 * index + index + 1, `1@${exit}`)]);
  return outcomesOf(roundTrips(fills, []).closed, startEquity);
};

describe("the statistics of trades", () => {
  // Capital before each: 500, 550, 522.5, 522.5, 627; profits in percent of it: 10, -5, 0, 20, -10.
  const five = outcomes([150, 72.5, 100, 204.5, 37.3], 500);

  it("are those of a worked example", () => {
    expect(five.map(({ pnl }) => pnl)).toEqual([50, -27.5, 0, 104.5, -62.7]);
    expect(tradeWinRate(five)).toBeCloseTo(0.4, 12);
    expect(tradeLossRate(five)).toBeCloseTo(0.6, 12);
    expect(averageWin(five)).toBeCloseTo(0.15, 12);
    expect(averageLoss(five)).toBeCloseTo(-0.05, 12);
    expect(profitLossRatio(five)).toBeCloseTo(3, 12);
    expect(expectancy(five)).toBeCloseTo(0.4 * 3 - 0.6, 12);
    expect([largestWin(five), largestLoss(five)]).toEqual([104.5, -62.7]);
    expect([averageDurationMs(five), longestDurationMs(five)]).toEqual([180_000, 300_000]);
  });

  it("count runs by time of exit", () => {
    const many = outcomes([101, 102, 99, 98, 97, 103]);
    expect([longestRun(many, true), longestRun(many, false)]).toEqual([2, 3]);
    expect([longestRun([], true), longestRun([], false)]).toEqual([0, 0]);
  });

  it("are not defined where nothing was lost, or nothing was left to lose", () => {
    const won = outcomes([101, 102]);
    expect([averageLoss(won), profitLossRatio(won), expectancy(won), largestLoss(won)]).toEqual(
      Array.from({ length: 4 }, () => Number.NaN),
    );
    expect(averageWin(outcomes([101], 0))).toBeNaN();
    expect(tradeWinRate([])).toBeNaN();
  });
});

describe("the excursion of a trade", () => {
  const range =
    (low: number, high: number): PriceRange =>
    () => ({ low, high });

  it.each([
    ["a long", [buy(0, "10@100"), sell(5, "10@104")], range(95, 110), { adverse: -50, favourable: 100 }],
    ["a short", [sell(0, "10@100"), buy(5, "10@104")], range(95, 110), { adverse: -100, favourable: 50 }],
    [
      "a long whose fills lie outside",
      [buy(0, "1@100"), sell(5, "1@90")],
      range(95, 99),
      { adverse: -10, favourable: 0 },
    ],
    ["one within an instant", [buy(0, "1@100"), sell(0, "1@101")], () => undefined, { adverse: 0, favourable: 1 }],
  ])("%s is at the worst and best price", (_, fills, priceRange, wanted) => {
    const [trip] = roundTrips(fills, []).closed;
    expect(trip && excursionOf(trip, priceRange)).toEqual(wanted);
  });

  it("asks for raw prices before and after a split, and counts both in the shares of the end", () => {
    const asked: unknown[] = [];
    const [trip] = roundTrips([buy(0, "10@100"), sell(5, "20@55")], [split(2, "2:1")]).closed;
    const priceRange: PriceRange = (symbol, from, to) => {
      asked.push([symbol, from, to]);
      return from === minute(0) ? { low: 80, high: 130 } : { low: 50, high: 60 };
    };
    expect(trip && excursionOf(trip, priceRange)).toEqual({ adverse: -200, favourable: 300 });
    expect(asked).toEqual([
      ["SPY", minute(0), minute(2)],
      ["SPY", minute(2), minute(5)],
    ]);
  });

  it("is unknown where the prices are", () => {
    const [trip] = roundTrips([buy(0, "1@100"), sell(5, "1@101")], []).closed;
    expect(trip && excursionOf(trip, () => undefined)).toBeUndefined();
  });
});

describe("the estimated capacity", () => {
  it("is what the scarcest symbol can carry: 20 % of its market over its share of what is traded", () => {
    const fills = [
      buy(0, "10@100", { marketValue: 60_000 }),
      sell(1, "10@100", { marketValue: 20_000 }),
      buy(2, "20@100", { symbol: "QQQ", marketValue: 100_000 }),
    ];
    // SPY: 0.2 × 40,000 / 0.5; QQQ: 0.2 × 100,000 / 0.5.
    expect(estimatedCapacity(fills)).toBeCloseTo(16_000, 9);
  });

  it("is unknown where a market is, and asks nothing of what no order made", () => {
    expect(estimatedCapacity([])).toBeNaN();
    expect(estimatedCapacity([buy(0, "1@1", { marketValue: 5 }), sell(1, "1@1")])).toBeNaN();
    expect(estimatedCapacity([buy(0, "1@1", { marketValue: 5 }), sell(1, "1@1", { order: 0 })])).toBe(1);
  });
});
