import { describe, expect, it } from "vitest";
import { formatUnits } from "../kernel/index.ts";
import { buy, dollars, minute, sell, shares, split } from "./fill-fixture.ts";
import type { FillFact, RenameFact, SplitFact } from "./input.ts";
import { roundTrips } from "./round-trips.ts";
import type { RoundTrip } from "./trip.ts";

/** A trip in one line: side, shares, average prices, fees, profit. */
const inWords = ({ side, qty, entryPrice, exitPrice, fees, pnl }: RoundTrip): string =>
  `${side} ${formatUnits(qty)} ${formatUnits(entryPrice)}→${formatUnits(exitPrice)} fees ${formatUnits(fees)} pnl ${formatUnits(pnl)}`;

interface Case {
  readonly name: string;
  readonly fills: readonly FillFact[];
  readonly splits?: readonly SplitFact[];
  readonly closed: readonly string[];
  readonly open?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "a long that is bought and sold",
    fills: [buy(0, "10@100", { fees: 0.5 }), sell(5, "10@110", { fees: 0.25 })],
    closed: ["long 10 100→110 fees 0.75 pnl 99.25"],
  },
  {
    name: "a short that is sold and bought back",
    fills: [sell(0, "10@100", { fees: 0.3 }), buy(5, "10@90")],
    closed: ["short 10 100→90 fees 0.3 pnl 99.7"],
  },
  {
    name: "a short that is squeezed",
    fills: [sell(0, "4@50"), buy(1, "4@80")],
    closed: ["short 4 50→80 fees 0 pnl -120"],
  },
  {
    name: "a long in parts, averaged on both sides: 6×100 + 4×110 in, 5×120 + 5×104 out",
    fills: [buy(0, "6@100"), buy(1, "4@110"), sell(2, "5@120"), sell(3, "5@104")],
    closed: ["long 10 104→112 fees 0 pnl 80"],
  },
  {
    name: "a partial exit and a new entry before it is flat, as one trade",
    fills: [buy(0, "10@100"), sell(1, "6@110"), buy(2, "2@120"), sell(3, "6@130")],
    closed: ["long 12 103.333333333→120 fees 0 pnl 200"],
  },
  {
    name: "a fill through zero as two trades, cash and fees shared by shares: 10 of 15 close",
    fills: [buy(0, "10@100"), sell(1, "15@110", { fees: 3 }), buy(2, "5@105")],
    closed: ["long 10 100→110 fees 2 pnl 98", "short 5 110→105 fees 1 pnl 24"],
  },
  {
    name: "fees that do not divide, to the last unit",
    fills: [buy(0, "1@100"), sell(1, "3@100", { fees: 0.1 }), buy(2, "2@100")],
    closed: ["long 1 100→100 fees 0.033333333 pnl -0.033333333", "short 2 100→100 fees 0.066666667 pnl -0.066666667"],
  },
  {
    name: "two trades one after the other",
    fills: [buy(0, "1@10"), sell(1, "1@11"), buy(2, "1@12"), sell(3, "1@11")],
    closed: ["long 1 10→11 fees 0 pnl 1", "long 1 12→11 fees 0 pnl -1"],
  },
  {
    name: "two symbols apart from one another, by time of exit",
    fills: [buy(0, "1@10"), buy(1, "1@20", { symbol: "QQQ" }), sell(2, "1@25", { symbol: "QQQ" }), sell(3, "1@11")],
    closed: ["long 1 20→25 fees 0 pnl 5", "long 1 10→11 fees 0 pnl 1"],
  },
  {
    name: "fractions of a share",
    fills: [buy(0, "0.5@10.1"), sell(1, "0.5@10.3")],
    closed: ["long 0.5 10.1→10.3 fees 0 pnl 0.1"],
  },
  {
    name: "a split between, in the shares of the end",
    fills: [buy(0, "10@100"), sell(2, "20@55")],
    splits: [split(1, "2:1")],
    closed: ["long 20 50→55 fees 0 pnl 100"],
  },
  {
    name: "a partial exit before a split: 4 of 10 at 110, then 12 at 60",
    fills: [buy(0, "10@100"), sell(1, "4@110"), sell(3, "12@60")],
    splits: [split(2, "2:1")],
    closed: ["long 20 50→58 fees 0 pnl 160"],
  },
  {
    name: "a reverse split of a short",
    fills: [sell(0, "100@2"), buy(2, "10@15")],
    splits: [split(1, "1:10")],
    closed: ["short 10 20→15 fees 0 pnl 50"],
  },
  {
    name: "a split that leaves a fraction, paid in cash: 7 become 3.5, half a share pays 10",
    fills: [buy(0, "7@10"), sell(2, "3@22")],
    splits: [split(1, "1:2", { qty: shares(0.5), cash: dollars(10) })],
    closed: ["long 3.5 20→21.714285714 fees 0 pnl 6"],
  },
  {
    name: "a split that pays for all of it, as an exit",
    fills: [buy(0, "7@1")],
    splits: [split(1, "1:10", { qty: shares(0.7), cash: dollars(6.3) })],
    closed: ["long 0.7 10→9 fees 0 pnl -0.7"],
  },
  {
    name: "lots that a split makes uneven, flat to the last unit: 1 + 1 shares become 0.666666667 of a 1-for-3",
    fills: [buy(0, "1@3"), buy(1, "1@3"), sell(3, "0.666666667@9")],
    splits: [split(2, "1:3")],
    closed: ["long 0.666666667 8.999999996→9 fees 0 pnl 0.000000003"],
  },
  {
    name: "a split before the fills of its instant",
    fills: [buy(0, "10@100"), sell(1, "20@50")],
    splits: [split(1, "2:1")],
    closed: ["long 20 50→50 fees 0 pnl 0"],
  },
  {
    name: "a split of what is not held as nothing",
    fills: [buy(2, "1@10"), sell(3, "1@11")],
    splits: [split(1, "2:1")],
    closed: ["long 1 10→11 fees 0 pnl 1"],
  },
  {
    name: "nothing of nothing",
    fills: [],
    closed: [],
  },
];

describe("round trips", () => {
  it.each(CASES)("count $name", ({ fills, splits = [], closed }) => {
    expect(roundTrips(fills, splits)).toMatchObject({ open: [] });
    expect(roundTrips(fills, splits).closed.map(inWords)).toEqual(closed);
  });

  it("say when, how long and how much for what was put in", () => {
    const [trip] = roundTrips([buy(0, "10@100", { fees: 1 }), sell(90, "10@110", { fees: 1 })], []).closed;
    expect(trip).toMatchObject({
      symbol: "SPY",
      entryAt: minute(0),
      exitAt: minute(90),
      durationMs: 5_400_000,
      entryValue: dollars(1000),
      return: 0.098,
      low: 100,
      high: 110,
    });
  });

  it("list what is still held, at the average of the lots that remain, first in, first out", () => {
    const fills = [
      buy(0, "10@100", { fees: 1 }),
      buy(1, "10@120"),
      sell(2, "15@130", { fees: 1 }),
      sell(3, "1@9", { symbol: "F" }),
    ];
    const { closed, open } = roundTrips(fills, []);
    expect(closed).toEqual([]);
    // 15 sold for 1950 that cost 10×100 + 5×120; fees 2.
    expect(open).toEqual([
      {
        symbol: "SPY",
        side: "long",
        entryAt: minute(0),
        qty: shares(5),
        entryPrice: dollars(120),
        realizedPnl: dollars(348),
        fees: dollars(2),
      },
      {
        symbol: "F",
        side: "short",
        entryAt: minute(3),
        qty: shares(1),
        entryPrice: dollars(9),
        realizedPnl: dollars(0),
        fees: dollars(0),
      },
    ]);
  });

  it("go on under a new symbol", () => {
    const renames: readonly RenameFact[] = [
      { at: minute(1), from: "FB", to: "META" },
      { at: minute(1), from: "X", to: "Y" },
    ];
    const { closed } = roundTrips([buy(0, "1@10", { symbol: "FB" }), sell(2, "1@12", { symbol: "META" })], [], renames);
    expect(closed).toMatchObject([
      {
        symbol: "META",
        pnl: dollars(2),
        stretches: [
          { symbol: "FB", from: minute(0), to: minute(1) },
          { symbol: "META", from: minute(1), to: minute(2) },
        ],
      },
    ]);
  });

  it("carry shares at their cost where the new symbol is held already", () => {
    const fills = [
      buy(0, "2@10", { symbol: "OLD", fees: 1 }),
      buy(1, "1@40", { symbol: "NEW" }),
      sell(3, "3@30", { symbol: "NEW" }),
    ];
    const { closed, open } = roundTrips(fills, [], [{ at: minute(2), from: "OLD", to: "NEW" }]);
    expect(closed.map(inWords)).toEqual(["long 2 10→10 fees 1 pnl -1", "long 3 20→30 fees 0 pnl 30"]);
    expect(open).toEqual([]);
  });
});
