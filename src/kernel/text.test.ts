/** Lengths of texts. */
import { describe, expect, it } from "vitest";
import { isWithinLength } from "./text.ts";

describe("the length of a text", () => {
  it.each([
    ["", 0, true],
    ["abc", 3, true],
    ["abcd", 3, false],
    ["🚀🚀🚀", 3, true],
    ["🚀🚀🚀🚀", 3, false],
    ["🚀🚀ab", 3, false],
    ["é€a", 3, true],
    ["x".repeat(1_000_000), 3, false],
  ])("counts characters: %.20s within %i: %s", (text, charactersMax, isWithin) => {
    expect(isWithinLength(text, charactersMax)).toBe(isWithin);
  });
});
