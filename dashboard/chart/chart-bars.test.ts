import { expect, it } from "vitest";
import type { Fill } from "../store/session-reducer.ts";
import { chartBars, fillMarks, withNewer } from "./chart-bars.ts";

const bar = (t: string, c = 1): object => ({ t, o: 1, h: 1, l: 1, c, v: 5, vw: null, n: null });
const bars = (...given: readonly object[]) => chartBars(given as never);

it("bars stand at New York's clock, in order, once each", () => {
  const found = bars(bar("2023-11-05T06:30:00Z", 2), bar("2023-11-05T05:30:00Z", 1), bar("2023-11-05T06:31:00Z", 3));
  expect(found.map(({ time, close }) => [new Date(time * 1000).toISOString().slice(11, 16), close])).toEqual([
    ["01:30", 1],
    ["01:31", 3],
  ]);
});

it("newer bars replace the running one and what comes after it", () => {
  const known = bars(bar("2023-01-03T14:30:00Z", 1), bar("2023-01-03T14:31:00Z", 2));
  const newer = bars(bar("2023-01-03T14:31:00Z", 9), bar("2023-01-03T14:32:00Z", 3));
  expect(withNewer(known, newer).map(({ close }) => close)).toEqual([1, 9, 3]);
  expect(withNewer(known, [])).toBe(known);
});

it("a fill stands at the bar in which it was, at its price", () => {
  const known = bars(bar("2023-01-03T14:30:00Z"), bar("2023-01-03T14:35:00Z"));
  const fill = (at: string, symbol = "AAPL"): Fill => ({
    at: Date.parse(at),
    symbol,
    side: "sell",
    qty: 100,
    price: 130.5,
    order: "o",
    account: "a",
  });
  const fills = [
    fill("2023-01-03T14:29:59Z"),
    fill("2023-01-03T14:30:00Z"),
    fill("2023-01-03T14:36:00Z"),
    fill("2023-01-03T14:36:00Z", "SPY"),
  ];
  expect(fillMarks(fills, "AAPL", known)).toEqual([
    { time: known[0]?.time, side: "sell", price: 130.5, text: "S 100" },
    { time: known[1]?.time, side: "sell", price: 130.5, text: "S 100" },
  ]);
});
