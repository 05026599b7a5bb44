import { describe, expect, it } from "vitest";
import { assert, InvariantError, unreachable } from "./assert.ts";
import { AppError, FAULTS } from "./fault.ts";
import { isRefusal, refuse, REFUSALS } from "./refusal.ts";

describe("the three ways to fail", () => {
  it("a refusal is a value that can be told from any other", () => {
    const refusal = refuse("not_found", "session not found", { id: "x" });
    expect(refusal).toEqual({
      kind: "refusal",
      reason: "not_found",
      message: "session not found",
      details: { id: "x" },
    });
    expect(isRefusal(refusal)).toBe(true);
    expect([undefined, null, "refusal", {}, { kind: "other" }, []].some(isRefusal)).toBe(false);
  });

  it("a code on the wire begins with its status, or is Alpaca's own 40010001", () => {
    const strange = Object.values(REFUSALS).filter(({ status, code }) => Math.floor(code / 100_000) !== status);
    expect(strange.map(({ code }) => code)).toEqual([40010001]);
    expect(new Set(Object.values(REFUSALS).map(({ code }) => code)).size).toBe(Object.keys(REFUSALS).length);
  });

  it("a fault carries its code, its cause and a sentence", () => {
    const cause = new Error("ENOSPC");
    const fault = new AppError("journal_unavailable", "the disk is full", cause);
    expect([fault.name, fault.code, fault.message, fault.cause]).toEqual([
      "AppError",
      "journal_unavailable",
      "the disk is full",
      cause,
    ]);
    expect("cause" in new AppError("bad_argument", "no")).toBe(false);
    expect(Object.values(FAULTS).every((sentence) => sentence.endsWith("."))).toBe(true);
  });

  it("a bug says which claim does not hold", () => {
    expect(() => {
      assert(false, "Invariant: filled ≤ quantity");
    }).toThrow(new InvariantError("Invariant: filled ≤ quantity"));
    expect(() => unreachable("surprise" as never)).toThrow('got "surprise"');
    assert(true, "Invariant: nothing is wrong");
  });
});
