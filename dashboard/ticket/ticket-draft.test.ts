import { describe, expect, it } from "vitest";
import { bodyOf, emptyDraft, fieldOf, hasField, type TicketDraft } from "./ticket-draft.ts";

const draft = (changes: Partial<TicketDraft>): TicketDraft => ({
  ...emptyDraft("buy", "AAPL"),
  size: "10",
  ...changes,
});
const PLAIN = { symbol: "AAPL", side: "buy", type: "market", time_in_force: "day", qty: "10" };

describe("an order while it is written", () => {
  it.each<[string, Partial<TicketDraft>, object]>([
    ["a market order", {}, PLAIN],
    ["dollars", { unit: "dollars", size: " 250.50 " }, { ...PLAIN, qty: undefined, notional: "250.50" }],
    ["a limit", { type: "limit", limit: "169.8" }, { ...PLAIN, type: "limit", limit_price: "169.8" }],
    ["a price of another type is left out", { limit: "1", stop: "2" }, PLAIN],
    [
      "a stop limit",
      { type: "stop_limit", limit: "11", stop: "10", timeInForce: "gtc" },
      { ...PLAIN, type: "stop_limit", time_in_force: "gtc", limit_price: "11", stop_price: "10" },
    ],
    ["a trail in percent", { type: "trailing_stop" }, { ...PLAIN, type: "trailing_stop", trail_percent: "1" }],
    [
      "a trail in dollars",
      { type: "trailing_stop", trailUnit: "dollars", trail: "2.5" },
      { ...PLAIN, type: "trailing_stop", trail_price: "2.5" },
    ],
    ["extended hours", { isExtended: true }, { ...PLAIN, extended_hours: true }],
    [
      "a bracket",
      { orderClass: "bracket", takeProfit: "12", stopLoss: "9", stopLossLimit: "8.9" },
      {
        ...PLAIN,
        order_class: "bracket",
        take_profit: { limit_price: "12" },
        stop_loss: { stop_price: "9", limit_price: "8.9" },
      },
    ],
    [
      "an oto with a stop",
      { orderClass: "oto", stopLoss: "9" },
      { ...PLAIN, order_class: "oto", stop_loss: { stop_price: "9" } },
    ],
    [
      "an oco is a limit order of its target",
      { side: "sell", orderClass: "oco", type: "market", limit: "7", takeProfit: "12", stopLoss: "9" },
      {
        ...PLAIN,
        side: "sell",
        type: "limit",
        order_class: "oco",
        take_profit: { limit_price: "12" },
        stop_loss: { stop_price: "9" },
      },
    ],
    ["nothing typed", { size: " " }, { ...PLAIN, qty: undefined }],
  ])("%s", (_what, changes, body) => {
    expect(bodyOf(draft(changes))).toEqual(JSON.parse(JSON.stringify(body)));
  });

  it("has the fields that its type asks for", () => {
    expect([hasField(draft({}), "limit"), hasField(draft({ type: "stop_limit" }), "limit")]).toEqual([false, true]);
    expect([hasField(draft({}), "legs"), hasField(draft({ orderClass: "oto" }), "legs")]).toEqual([false, true]);
  });

  it.each([
    ["limit_price is required for limit orders", "limit"],
    ["insufficient buying power", "size"],
    ["qty must be > 0", "size"],
    ["bracket orders require take_profit.limit_price", "takeProfit"],
    ["stop_loss.stop_price must be below", "stopLoss"],
    ["asset NOPE not found", "symbol"],
    ["extended hours order must be DAY limit orders", "timeInForce"],
    ["the session has completed", undefined],
  ])("knows that %j is about %s", (words, field) => {
    expect(fieldOf(words)).toBe(field);
  });
});
