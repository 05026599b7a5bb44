import { beforeEach, describe, expect, it } from "vitest";
import { arrayTape, knownFrom } from "../../test/support/array-tape.ts";
import { runEngine, type EngineRun } from "../../test/support/engine-run.ts";
import {
  cash,
  formatUnits,
  instant,
  isRefusal,
  MINUTE_MS,
  parseInstant,
  parseUnits,
  price,
  quantity,
} from "../kernel/index.ts";
import type { Bar, Instant, Refusal } from "../kernel/index.ts";
import { accountFigures, type EngineEvent, type OrderChanges, type OrderTerms } from "./index.ts";

const START = parseInstant("2024-03-05T14:30:00Z") as Instant;
const END = parseInstant("2024-03-06T21:00:00Z") as Instant;

const flat = (at: number, close: number): Bar => ({
  start: instant(START + at * MINUTE_MS),
  end: instant(START + (at + 1) * MINUTE_MS),
  open: close,
  high: close,
  low: close,
  close,
  volume: 1_000_000,
  vwap: undefined,
  trades: undefined,
  isDay: false,
});

type Body = Partial<Record<"qty" | "notional" | "limit" | "stop", string>> &
  Partial<Omit<OrderTerms, "qty" | "notional">>;

function terms(body: Body): OrderTerms {
  const units = (text: string | undefined): bigint | undefined =>
    text === undefined ? undefined : (parseUnits(text) as bigint);
  const [qty, notional, limit, stop] = [units(body.qty), units(body.notional), units(body.limit), units(body.stop)];
  return {
    symbol: body.symbol ?? "X",
    side: body.side ?? "buy",
    type: body.type ?? "market",
    timeInForce: body.timeInForce ?? "day",
    qty: qty === undefined ? undefined : quantity(qty),
    notional: notional === undefined ? undefined : cash(notional),
    limitPrice: limit === undefined ? undefined : price(limit),
    stopPrice: stop === undefined ? undefined : price(stop),
    extendedHours: body.extendedHours ?? false,
    clientOrderId: body.clientOrderId,
  };
}

let run: EngineRun;
const submit = (body: Body): readonly EngineEvent[] | Refusal =>
  run.command({ kind: "submit_order", account: 1, terms: terms(body) });
const replace = (order: number, changes: OrderChanges): readonly EngineEvent[] | Refusal =>
  run.command({ kind: "replace_order", account: 1, order, changes });
const minutes = (count: number): void => run.advance(instant(run.state.clock + count * MINUTE_MS));

function reason(outcome: readonly EngineEvent[] | Refusal): string {
  expect(isRefusal(outcome)).toBe(true);
  return isRefusal(outcome) ? `${outcome.reason}: ${outcome.message}` : "";
}

beforeEach(() => {
  const bars = Array.from({ length: 200 }, (_, index) => flat(index, 100));
  run = runEngine({
    tape: arrayTape({ X: bars, Y: [] }),
    start: START,
    end: END,
    cash: 10_000n,
    config: { slippage: { model: "none" } },
  });
  run.command({ kind: "open_account", initialCash: undefined, profile: "{}" });
  minutes(1);
});

describe("refusals of an order", () => {
  it.each([
    ["neither size", {}, "invalid_order_parameter: qty or notional is required"],
    ["both sizes", { qty: "1", notional: "5" }, "invalid_order_parameter: only one of qty or notional is accepted"],
    ["no shares", { qty: "0" }, "invalid_order_parameter: qty must be > 0, got 0"],
    ["negative shares", { qty: "-1" }, "invalid_order_parameter: qty must be > 0, got -1"],
    ["too little money", { notional: "0.5" }, "invalid_order_parameter: notional must be >= 1.00, got 0.5"],
    [
      "a market order with a limit",
      { qty: "1", limit: "5" },
      "invalid_order_parameter: market orders require no stop or limit price",
    ],
    [
      "a limit order without one",
      { qty: "1", type: "limit" },
      "invalid_order_parameter: limit orders require a limit price",
    ],
    [
      "a limit order with a stop",
      { qty: "1", type: "limit", limit: "5", stop: "5" },
      "invalid_order_parameter: limit orders must not have stop_price",
    ],
    [
      "a stop order without one",
      { qty: "1", type: "stop" },
      "invalid_order_parameter: stop orders require a stop price",
    ],
    [
      "half a stop limit",
      { qty: "1", type: "stop_limit", stop: "5" },
      "invalid_order_parameter: stop limit orders require both stop and limit price",
    ],
    ["a limit of nothing", { qty: "1", type: "limit", limit: "0" }, "invalid_order_parameter: limit price must be > 0"],
    [
      "a sub-penny limit",
      { qty: "1", type: "limit", limit: "290.123" },
      "order_rule: invalid limit_price 290.123. sub-penny increment does not fulfill minimum pricing criteria",
    ],
    [
      "a sub-penny stop",
      { qty: "1", type: "stop", stop: "0.12345" },
      "order_rule: invalid stop_price 0.12345. sub-penny increment does not fulfill minimum pricing criteria",
    ],
    [
      "a fraction that lives on",
      { qty: "0.5", timeInForce: "gtc" },
      "order_rule: fractional orders must be DAY orders",
    ],
    ["a fraction sold short", { qty: "0.5", side: "sell" }, "order_rule: fractional orders cannot be sold short"],
    [
      "an immediate stop",
      { qty: "1", type: "stop", stop: "5", timeInForce: "ioc" },
      "order_rule: stop orders must be DAY or GTC orders, got time_in_force ioc",
    ],
    [
      "an unknown symbol",
      { qty: "1", symbol: "NOPE" },
      'order_rule: asset "NOPE" not found: no data is held for it. "tapedeck data list" shows what there is, "tapedeck data import" adds to it.',
    ],
    ["more than buying power", { qty: "201" }, "order_refused: insufficient buying power"],
  ] as const)("%s", (_what, body, wanted) => {
    expect(reason(submit(body))).toBe(wanted);
    expect(run.state.orders).toHaveLength(0);
  });

  it("says what there was and what it took", () => {
    const outcome = submit({ qty: "150", type: "limit", limit: "140" });
    expect(isRefusal(outcome) && outcome.details).toEqual({ buying_power: "20000", cost_basis: "21000" });
  });

  it("wants client_order_id to be unique, among finished orders too", () => {
    submit({ qty: "1", clientOrderId: "mine" });
    run.command({ kind: "cancel_all_orders", account: 1 });
    expect(reason(submit({ qty: "1", clientOrderId: "mine" }))).toBe(
      "invalid_order_parameter: client_order_id must be unique",
    );
  });

  it("takes a client_order_id of 128 characters, be they of two units each, and no longer one", () => {
    expect(isRefusal(submit({ qty: "1", clientOrderId: "🚀".repeat(128) }))).toBe(false);
    expect(reason(submit({ qty: "1", clientOrderId: "🚀".repeat(129) }))).toBe(
      "invalid_order_parameter: client_order_id must be no more than 128 characters",
    );
  });

  it("takes an order without a known price, and checks the money at its fill", () => {
    expect(isRefusal(submit({ qty: "1000000", symbol: "Y" }))).toBe(false);
    expect(run.state.orders.get(0)).toMatchObject({ reserved: 0n, isPriced: false });
  });
});

describe("money", () => {
  it("gives twice the equity, less what open orders hold, and the fill changes only what it must (A26)", () => {
    const buyingPower = (): string => {
      const [account] = run.state.accounts;
      if (account === undefined) throw new Error("the account is there");
      return formatUnits(
        accountFigures(run.state, account, {
          ...knownFrom({}, run.state.clock),
          lastPrice: () => price(142_000_000_000n),
        }).buyingPower,
      );
    };
    expect(buyingPower()).toBe("20000");
    expect(isRefusal(submit({ qty: "140", type: "limit", limit: "142" }))).toBe(false);
    expect(buyingPower()).toBe("120");
    expect(reason(submit({ qty: "2", type: "limit", limit: "100" }))).toBe("order_refused: insufficient buying power");
    run.command({ kind: "cancel_all_orders", account: 1 });
    expect(buyingPower()).toBe("20000");
  });

  it("reserves a short sale at the larger of its limit and 1.03 × the last price (A25's rule)", () => {
    submit({ qty: "10", side: "sell", type: "limit", limit: "101" });
    submit({ qty: "10", side: "sell", type: "limit", limit: "110" });
    expect([...run.state.orders].map((order) => formatUnits(order.reserved))).toEqual(["1030", "1100"]);
  });

  it("does not lend to, or short for, an account under 2,000 dollars", () => {
    run.command({ kind: "open_account", initialCash: cash(500n * 1_000_000_000n), profile: "{}" });
    const poor = (body: Body): string => reason(run.command({ kind: "submit_order", account: 2, terms: terms(body) }));
    expect(poor({ qty: "1", side: "sell" })).toBe(
      "order_refused: account is not allowed to short: its equity is below 2000 USD",
    );
    expect(poor({ qty: "6" })).toBe("order_refused: insufficient buying power");
  });
});

describe("long and short", () => {
  it("refuses a sale beyond the position: nothing crosses zero (A05)", () => {
    submit({ qty: "100" });
    minutes(1);
    const outcome = submit({ qty: "150", side: "sell" });
    expect(reason(outcome)).toBe(
      "order_refused: insufficient qty available for order (requested: 150, available: 100)",
    );
    expect(isRefusal(outcome) && outcome.details).toEqual({
      symbol: "X",
      available: "100",
      existing_qty: "100",
      held_for_orders: "0",
    });
  });

  it("counts what open sales hold", () => {
    submit({ qty: "100" });
    minutes(1);
    submit({ qty: "60", side: "sell", type: "limit", limit: "200" });
    expect(reason(submit({ qty: "41", side: "sell" }))).toContain("(requested: 41, available: 40)");
    expect(isRefusal(submit({ qty: "40", side: "sell" }))).toBe(false);
  });

  it("refuses to be on both sides of a symbol from flat", () => {
    submit({ qty: "1", type: "limit", limit: "50" });
    expect(reason(submit({ qty: "1", side: "sell", type: "limit", limit: "60" }))).toBe(
      "order_refused: cannot open a short sell while a long buy order is open",
    );
    run.command({ kind: "cancel_all_orders", account: 1 });
    submit({ qty: "1", side: "sell", type: "limit", limit: "150" });
    expect(reason(submit({ qty: "1", type: "limit", limit: "90" }))).toBe(
      "order_refused: cannot open a long buy while a short sell order is open",
    );
  });

  it("closes a share of a position in whole shares, and all of what is free by default", () => {
    submit({ qty: "15" });
    minutes(1);
    const close = (percentage: bigint | undefined): readonly EngineEvent[] | Refusal =>
      run.command({ kind: "close_position", account: 1, symbol: "X", amount: { qty: undefined, percentage } });
    close(50n * 1_000_000_000n);
    expect(formatUnits([...run.state.orders].at(-1)?.qty ?? 0n)).toBe("7");
    close(undefined);
    expect(formatUnits([...run.state.orders].at(-1)?.qty ?? 0n)).toBe("8");
    expect(reason(close(undefined))).toContain("insufficient qty available");
    minutes(1);
    expect(reason(close(undefined))).toBe("not_found: position does not exist");
  });
});

describe("replacing and cancelling", () => {
  it("makes a new order for the rest, effective from now, and frees what the old one held", () => {
    submit({ qty: "10", type: "limit", limit: "90" });
    expect(isRefusal(replace(1, { limitPrice: price(95_000_000_000n), qty: quantity(200_000_000_000n) }))).toBe(false);
    expect(
      [...run.state.orders].map(({ status, replaces, replacedBy, reserved }) => [
        status,
        replaces,
        replacedBy,
        formatUnits(reserved),
      ]),
    ).toEqual([
      ["replaced", undefined, 2, "0"],
      ["new", 1, undefined, "19000"],
    ]);
  });

  it.each([
    ["nothing new", {}, "order_rule: order parameters are not changed"],
    [
      "a fraction",
      { qty: quantity(1_500_000_000n) },
      "order_rule: qty must be a whole number to replace an order, got 1.5",
    ],
    ["no shares", { qty: quantity(0n) }, "invalid_order_parameter: qty must be > 0, what the order has filled, got 0"],
    [
      "a stop on a limit order",
      { stopPrice: price(5_000_000_000n) },
      "invalid_order_parameter: limit orders must not have stop_price",
    ],
    ["more than can be paid", { qty: quantity(900_000_000_000n) }, "order_refused: insufficient buying power"],
  ] as const)("refuses %s, and the old order stands", (_what, changes, wanted) => {
    submit({ qty: "10", type: "limit", limit: "90" });
    expect(reason(replace(1, changes))).toBe(wanted);
    expect([...run.state.orders].map((order) => order.status)).toEqual(["new"]);
  });

  it("refuses what is over, by its status", () => {
    submit({ qty: "1" });
    minutes(1);
    expect(reason(replace(1, { limitPrice: price(1_000_000_000n) }))).toBe(
      "order_rule: unable to replace order, order is not open: its status is filled",
    );
    expect(reason(run.command({ kind: "cancel_order", account: 1, order: 1 }))).toBe(
      "order_rule: order is not cancelable: its status is filled",
    );
    expect(reason(run.command({ kind: "cancel_order", account: 1, order: 9 }))).toBe("not_found: order not found");
  });

  it("tells orders of one instant apart by nanoseconds", () => {
    submit({ qty: "1" });
    submit({ qty: "1" });
    minutes(1);
    submit({ qty: "1" });
    expect([...run.state.orders].map((order) => order.nanos)).toEqual([0, 1, 0]);
  });

  it("closes an account only when it is flat and without open orders", () => {
    submit({ qty: "1" });
    const close = (): readonly EngineEvent[] | Refusal => run.command({ kind: "close_account", account: 1 });
    expect(reason(close())).toContain("it holds 0 positions and 1 open orders");
    run.command({ kind: "cancel_all_orders", account: 1 });
    expect(isRefusal(close())).toBe(false);
    expect(reason(submit({ qty: "1" }))).toContain("account is not authorized to trade");
    expect(reason(close())).toBe("order_rule: account is closed already");
  });
});
