import { describe, expect, it } from "vitest";
import type { StreamEvent } from "../api/event-stream.ts";
import { EMPTY_TAPE, FILLS_MAX, isOpen, reduce } from "./session-reducer.ts";

const AT = "2023-01-03T14:30:00Z";
const order = (changes: object = {}): object => ({ id: "o-1", symbol: "AAPL", side: "buy", status: "new", ...changes });
const told = (type: string, data: object): StreamEvent => ({ id: "1", type, data: { at: AT, ...data } });

const FILL = told("fill", {
  account_id: "a-1",
  event: "fill",
  price: "130.42",
  qty: "10",
  order: order({ status: "filled" }),
});

describe("the tape of a session", () => {
  it("follows the clock", () => {
    expect(reduce(EMPTY_TAPE, [told("clock", {}), told("clock", { at: "2023-01-03T14:31:00Z" })]).clock).toBe(
      Date.parse("2023-01-03T14:31:00Z"),
    );
  });

  it("knows each order as it was told last, and each fill once", () => {
    const tape = reduce(EMPTY_TAPE, [told("order", { account_id: "a-1", event: "new", order: order() }), FILL]);
    expect([...tape.orders.values()]).toEqual([{ ...order({ status: "filled" }), account: "a-1" }]);
    expect(tape.fills).toEqual([
      { at: Date.parse(AT), symbol: "AAPL", side: "buy", qty: 10, price: 130.42, order: "o-1", account: "a-1" },
    ]);
    expect(tape.marks).toEqual([{ at: Date.parse(AT), kind: "buy" }]);
    expect(tape.moneyChanges).toBe(2);
  });

  it("knows the legs that an order brings along", () => {
    const legs = [order({ id: "o-2", status: "held" }), order({ id: "o-3", status: "held" })];
    const tape = reduce(EMPTY_TAPE, [told("order", { account_id: "a-1", event: "new", order: order({ legs }) })]);
    expect([...tape.orders.values()]).toEqual([order(), ...legs].map((each) => ({ ...each, account: "a-1" })));
  });

  it("is the same however the events are cut into batches", () => {
    const events = [told("clock", {}), FILL, told("session", { event: "playback_paused" }), told("account", {})];
    const inOne = reduce(EMPTY_TAPE, events);
    expect(events.reduce((tape, event) => reduce(tape, [event]), EMPTY_TAPE)).toEqual(inOne);
  });

  it("marks refusals, notices deletion, and passes over what it does not know", () => {
    const tape = reduce(EMPTY_TAPE, [
      told("order", { account_id: "a-1", event: "rejected", order: order({ status: "rejected" }) }),
      told("session", { event: "session_deleted" }),
      told("weather", { rain: true }),
    ]);
    expect(tape.marks).toEqual([{ at: Date.parse(AT), kind: "refused" }]);
    expect(tape.isDeleted).toBe(true);
  });

  it("keeps a bounded number of fills", () => {
    const many = Array.from({ length: FILLS_MAX + 5 }, () => FILL);
    expect(reduce(EMPTY_TAPE, many).fills).toHaveLength(FILLS_MAX);
  });

  it("tells open orders from those that are done", () => {
    expect([isOpen({ status: "held" }), isOpen({ status: "canceled" })]).toEqual([true, false]);
  });
});
