import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dateFromDays, daysOf } from "../../kernel/index.ts";
import { parseTimeframe, type TimeframeSpec } from "../timeframe.ts";
import { cut, daysIn, missingIn, type Stretch } from "./stretches.ts";

const FIRST_DAY = daysOf(dateFromDays(19_000));

const stretches = fc
  .tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 3000 }))
  .map(([start, length]): Stretch => {
    const from = FIRST_DAY + start;
    return { from: dateFromDays(from), to: dateFromDays(from + length - 1) };
  });

const daysOfAll = (all: readonly Stretch[]): readonly number[] =>
  all.flatMap(({ from, to }) =>
    Array.from({ length: daysOf(to) - daysOf(from) + 1 }, (_, index) => daysOf(from) + index),
  );

const timeframe = (text: string): TimeframeSpec => {
  const spec = parseTimeframe(text);
  if (spec === undefined) throw new Error(text);
  return spec;
};

describe("what is missing of a stretch", () => {
  it("is each day that none of the others has, once and in order", () => {
    fc.assert(
      fc.property(stretches, fc.array(stretches, { maxLength: 6 }), (asked, done) => {
        const known = new Set(daysOfAll(done));
        expect(daysOfAll(missingIn(asked, done))).toEqual(daysOfAll([asked]).filter((day) => !known.has(day)));
      }),
    );
  });
});

describe("the pieces of a stretch", () => {
  it.each(["1Min", "1Hour", "1Day"])("of %s are all of its days, once and in order, none too long", (name) => {
    fc.assert(
      fc.property(stretches, (asked) => {
        const pieces = cut(asked, timeframe(name));
        expect(daysOfAll(pieces)).toEqual(daysOfAll([asked]));
        const longest = name === "1Day" ? 5 * 366 : 31;
        expect(pieces.every((piece) => daysIn(piece) <= longest)).toBe(true);
      }),
    );
  });

  it("end with months", () => {
    expect(cut({ from: dateFromDays(19_700), to: dateFromDays(19_760) }, timeframe("1Min"))).toEqual([
      { from: "2023-12-09", to: "2023-12-31" },
      { from: "2024-01-01", to: "2024-01-31" },
      { from: "2024-02-01", to: "2024-02-07" },
    ]);
  });
});
