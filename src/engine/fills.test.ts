import { describe, expect, it } from "vitest";
import { arrayTape } from "../../test/support/array-tape.ts";
import { runEngine, type EngineRun } from "../../test/support/engine-run.ts";
import {
  cash,
  formatInstant,
  formatUnits,
  instant,
  isRefusal,
  parseInstant,
  parseUnits,
  price,
  quantity,
  type Bar,
  type Instant,
} from "../kernel/index.ts";
import type { EngineConfig, OrderTerms } from "./index.ts";

const at = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (typeof parsed === "string") throw new Error(`bad time ${text}`);
  return parsed;
};
const units = (text: string): bigint => {
  const parsed = parseUnits(text);
  if (typeof parsed !== "bigint") throw new Error(`bad decimal ${text}`);
  return parsed;
};

type Row = readonly [start: string, open: number, high: number, low: number, close: number, volume: number];

const minuteBar = ([start, open, high, low, close, volume]: Row): Bar => ({
  start: at(start),
  end: instant(at(start) + 60_000),
  open,
  high,
  low,
  close,
  volume,
  vwap: undefined,
  trades: undefined,
  isDay: false,
});
const dayBar = (row: Row): Bar => ({ ...minuteBar(row), end: instant(at(row[0]) + 6.5 * 3_600_000), isDay: true });

function openRun(bars: readonly Bar[], start: string, config: Partial<EngineConfig> = {}): EngineRun {
  const run = runEngine({
    tape: arrayTape({ X: bars }),
    start: at(start),
    end: at("2030-01-01T00:00:00Z"),
    config: { slippage: { model: "none" }, ...config },
  });
  run.command({ kind: "open_account", initialCash: undefined, profile: "{}" });
  return run;
}

function submit(run: EngineRun, terms: Partial<OrderTerms>): void {
  const outcome = run.command({
    kind: "submit_order",
    account: 1,
    terms: {
      symbol: "X",
      side: "buy",
      type: "market",
      timeInForce: "day",
      qty: undefined,
      notional: undefined,
      limitPrice: undefined,
      stopPrice: undefined,
      extendedHours: false,
      clientOrderId: undefined,
      ...terms,
    },
  });
  expect(isRefusal(outcome) ? outcome.message : "").toBe("");
}

const held = (run: EngineRun): string => formatUnits(run.state.accounts[0]?.positions.get("X")?.qty ?? 0n);
const holding = (qty: string): Partial<EngineConfig> => ({
  initialPositions: [{ symbol: "X", qty, avgEntryPrice: "100" }],
});

describe("a notional order against a position", () => {
  const bars = [
    minuteBar(["2024-03-05T15:00:00Z", 100, 100, 100, 100, 100_000]),
    minuteBar(["2024-03-05T15:01:00Z", 50, 50, 50, 50, 100_000]),
  ];
  const start = "2024-03-05T15:00:00Z";
  const later = at("2024-03-05T15:02:00Z");

  it("covers a short and no more, however cheap the shares become: it once crossed zero and failed the session", () => {
    const run = openRun(bars, start, holding("-10"));
    run.advance(at("2024-03-05T15:01:00Z"));
    submit(run, { notional: cash(units("1000")) });
    run.advance(later);
    expect([held(run), run.state.orders.get(0)?.status]).toEqual(["0", "filled"]);
  });

  it("leaves alone what other closing orders hold: it once sold their shares too, into a short", () => {
    const run = openRun(bars, start, holding("10"));
    run.advance(at("2024-03-05T15:01:00Z"));
    submit(run, { side: "sell", notional: cash(units("500")) });
    submit(run, { side: "sell", qty: quantity(units("5")) });
    run.advance(later);
    expect([held(run), [...run.state.orders].map((order) => formatUnits(order.filledQty))]).toEqual(["0", ["5", "5"]]);
  });
});

describe("the end of a gtc order", () => {
  it.each([
    ["2023-08-25T14:00:00Z", 90, "2023-11-24T22:00:00Z"],
    ["2024-01-19T15:00:00Z", 1, "2024-01-23T01:00:00Z"],
    ["2024-01-02T15:00:00Z", 90, "2024-04-02T00:00:00Z"],
  ])(
    "sent %s with %i days is the close of that day's session or the next, not the one before",
    (sent, days, wanted) => {
      const run = openRun([], sent, { gtcDays: days });
      submit(run, { qty: quantity(units("1")), timeInForce: "gtc" });
      expect(formatInstant(run.state.orders.get(0)?.expiresAt ?? at(sent))).toBe(wanted);
    },
  );
});

describe("a stop", () => {
  it("is not triggered by the close of a running day bar without volume", () => {
    const run = openRun(
      [
        dayBar(["2024-03-06T14:30:00Z", 103, 103, 103, 103, 1000]),
        dayBar(["2024-03-07T14:30:00Z", 103, 106, 103, 105, 0]),
        dayBar(["2024-03-08T14:30:00Z", 90, 91, 80, 85, 500_000]),
      ],
      "2024-03-07T17:00:00Z",
    );
    submit(run, { qty: quantity(units("1")), type: "stop", stopPrice: price(units("104.5")), timeInForce: "gtc" });
    run.advance(at("2024-03-09T00:00:00Z"));
    expect(run.state.orders.get(0)).toMatchObject({ status: "new", triggeredBy: undefined });
  });

  it("stays triggered: what is left of it is a market order that cannot be replaced", () => {
    const run = openRun(
      [
        minuteBar(["2024-03-05T15:00:00Z", 99, 99.2, 97.8, 98.1, 4000]),
        minuteBar(["2024-03-05T15:01:00Z", 99, 99, 99, 99, 0]),
      ],
      "2024-03-05T15:00:00Z",
      holding("1000"),
    );
    submit(run, { side: "sell", type: "stop", qty: quantity(units("1000")), stopPrice: price(units("98")) });
    run.advance(at("2024-03-05T15:01:00Z"));
    expect(run.state.orders.get(0)).toMatchObject({ status: "partially_filled" });
    expect(
      run.command({ kind: "replace_order", account: 1, order: 1, changes: { qty: quantity(units("900")) } }),
    ).toMatchObject({
      message: "unable to replace order, its stop has been triggered",
    });
  });

  it("with a limit stays triggered when the limit is moved", () => {
    const run = openRun(
      [
        minuteBar(["2024-03-05T15:00:00Z", 97, 97.1, 96.5, 97, 100_000]),
        minuteBar(["2024-03-05T15:01:00Z", 97, 97.3, 96.9, 97.2, 100_000]),
      ],
      "2024-03-05T15:00:00Z",
      holding("100"),
    );
    const stopLimit = { type: "stop_limit" as const, stopPrice: price(units("98")), limitPrice: price(units("97.5")) };
    submit(run, { side: "sell", qty: quantity(units("100")), ...stopLimit });
    run.advance(at("2024-03-05T15:01:00Z"));
    run.command({ kind: "replace_order", account: 1, order: 1, changes: { limitPrice: price(units("97.2")) } });
    run.advance(at("2024-03-05T15:02:00Z"));
    expect(run.state.orders.get(1)).toMatchObject({ status: "filled" });
  });
});
