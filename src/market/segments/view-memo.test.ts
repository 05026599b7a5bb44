import { describe, expect, it } from "vitest";
import { instant } from "../../kernel/index.ts";
import { loadedMarket, type LoadedMarket } from "./loaded-market.ts";
import { ViewMemo } from "./view-memo.ts";

const JANUARY = instant(Date.parse("2023-01-03T14:30:00Z"));
const LATER = instant(Date.parse("2023-01-20T14:30:00Z"));
const MARCH = instant(Date.parse("2023-03-03T14:30:00Z"));

const view = (generation: number): LoadedMarket =>
  loadedMarket({ generation, firstMonth: 0, coveredUntil: MARCH }, new Map());

describe("views made a moment ago", () => {
  it("are found for the same symbols and months, from the same beginning or a later one", () => {
    const memo = new ViewMemo();
    const made = view(1);
    memo.remember({ symbols: ["AAPL", "SPY"], from: JANUARY, until: MARCH }, made);
    expect(memo.find({ symbols: ["AAPL", "SPY"], from: JANUARY, until: MARCH }, 1)).toBe(made);
    expect(memo.find({ symbols: ["AAPL", "SPY"], from: LATER, until: MARCH }, 1)).toBe(made);
  });

  it("are not found for an earlier beginning, other symbols, other months, or another catalog", () => {
    const memo = new ViewMemo();
    const made = view(1);
    memo.remember({ symbols: ["AAPL"], from: LATER, until: MARCH }, made);
    expect(memo.find({ symbols: ["AAPL"], from: JANUARY, until: MARCH }, 1)).toBeUndefined();
    expect(memo.find({ symbols: ["SPY"], from: LATER, until: MARCH }, 1)).toBeUndefined();
    expect(memo.find({ symbols: ["AAPL"], from: LATER, until: LATER }, 1)).toBeUndefined();
    expect(memo.find({ symbols: ["AAPL"], from: LATER, until: MARCH }, 2)).toBeUndefined();
    expect(made.generation).toBe(1);
  });
});
