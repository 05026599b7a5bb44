import { describe, expect, it } from "vitest";
import { formatUnits, parseUnits, price, type Price } from "../../kernel/index.ts";
import type { Slippage } from "../config.ts";
import { slip } from "./slippage.ts";
import { isOnTick } from "./tick.ts";

const at = (text: string): Price => price(parseUnits(text) as bigint);
const tickOrBp: Slippage = { model: "tick_or_bps", args: [1, 1] };

describe("slippage", () => {
  it.each([
    ["1 bp of 250.00 is 0.025: a buy rounds up", tickOrBp, "buy", "250", "250.03"],
    ["and a sale rounds down", tickOrBp, "sell", "250", "249.97"],
    ["the tick dominates a low price", tickOrBp, "buy", "12.34", "12.35"],
    ["below a dollar the tick is 0.0001", tickOrBp, "buy", "0.5", "0.5001"],
    ["10 bps of 98.00, down to the cent", { model: "bps", args: [10] }, "sell", "98", "97.9"],
    ["5 bps of 100.00", { model: "bps", args: [5] }, "buy", "100", "100.05"],
    ["fractions of a basis point count", { model: "bps", args: [0.5] }, "buy", "1000", "1000.05"],
    ["none is none, off the tick too", { model: "none" }, "buy", "10.005", "10.005"],
    ["a sale is never pushed to zero", tickOrBp, "sell", "0.0001", "0.0001"],
    [
      "a reference off the tick is brought onto it, against the trader",
      { model: "bps", args: [0] },
      "buy",
      "10.001",
      "10.01",
    ],
  ] as const)("%s", (_what, model, side, reference, wanted) => {
    expect(formatUnits(slip(model, side, at(reference)))).toBe(wanted);
  });
});

describe("the tick", () => {
  it.each([
    ["1.00", true],
    ["1.001", false],
    ["0.9999", true],
    ["0.99995", false],
    ["193.55", true],
    ["193.555", false],
  ] as const)("%s is on it: %s", (text, wanted) => {
    expect(isOnTick(at(text))).toBe(wanted);
  });
});
