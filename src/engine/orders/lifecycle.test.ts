import { describe, expect, it } from "vitest";
import type { OrderStatus } from "../state.ts";
import { isOpenStatus, isReplaceableStatus, LIFECYCLE, nextStatus, type OrderStep } from "./lifecycle.ts";

const STATUSES = Object.keys(LIFECYCLE) as OrderStatus[];
const STEPS = Object.keys(LIFECYCLE.new) as OrderStep[];
const TERMINAL: readonly OrderStatus[] = ["filled", "canceled", "expired", "replaced", "rejected"];

describe("the life of an order", () => {
  it("ends in the five statuses that Alpaca calls terminal, and nothing follows them", () => {
    for (const status of STATUSES) {
      const isOver = STEPS.every((step) => LIFECYCLE[status][step] === "impossible");
      expect(isOver, status).toBe(TERMINAL.includes(status));
      expect(isOpenStatus(status), status).toBe(!isOver);
    }
  });

  it("decides every step of every status, and throws where the table says impossible", () => {
    for (const status of STATUSES) {
      for (const step of STEPS) {
        const next = LIFECYCLE[status][step];
        if (next === "impossible")
          expect(() => nextStatus(status, step)).toThrow(`an order that is ${status} cannot be ${step}`);
        else expect(nextStatus(status, step)).toBe(next);
      }
    }
  });

  it("lets an order be replaced once the venue has it, not while it is only accepted", () => {
    expect(STATUSES.filter(isReplaceableStatus)).toEqual(["held", "new", "partially_filled"]);
  });

  it("reaches every status from accepted or held", () => {
    const reached = new Set<OrderStatus>(["accepted", "held"]);
    for (const status of reached) {
      for (const next of Object.values(LIFECYCLE[status])) if (next !== "impossible") reached.add(next);
    }
    expect([...reached].toSorted()).toEqual(STATUSES.toSorted());
  });
});
