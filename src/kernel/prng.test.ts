import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPrng, hashText } from "./prng.ts";

/** The first three of seed 42, in units of 2⁻³²: a change here changes the built-in sample. */
const KNOWN = [1_424_808_046, 3_778_525_926, 3_676_079_305];

const take = (seed: number, count: number): readonly number[] => {
  const prng = createPrng(seed);
  return Array.from({ length: count }, () => prng.next());
};

describe("the generator", () => {
  it("gives the same numbers for the same seed, on every machine", () => {
    expect(take(42, 3)).toEqual(take(42, 3));
    expect(take(42, 3).map((value) => Math.round(value * 4_294_967_296))).toEqual(KNOWN);
  });

  it("gives other numbers for other seeds, neighbours included", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        fc.pre((a | 0) !== (b | 0));
        expect(take(a, 4)).not.toEqual(take(b, 4));
      }),
    );
  });

  it("stays in [0, 1) for any seed", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(take(seed, 50).every((value) => value >= 0 && value < 1)).toBe(true);
      }),
    );
  });

  it("is uniform, and normal where it is asked to be", () => {
    const count = 100_000;
    const bins = Array.from({ length: 10 }, () => 0);
    for (const value of take(7, count)) bins[Math.floor(value * 10)] = (bins[Math.floor(value * 10)] ?? 0) + 1;
    expect(bins.every((bin) => Math.abs(bin - count / 10) < 4 * Math.sqrt(count * 0.09))).toBe(true);

    const prng = createPrng(7);
    const draws = Array.from({ length: count }, () => prng.normal());
    const mean = draws.reduce((sum, value) => sum + value, 0) / count;
    const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(draws.every(Number.isFinite)).toBe(true);
  });
});

describe("the hash of a text", () => {
  it("is FNV-1a: its published values", () => {
    expect(["", "a", "foobar"].map(hashText)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });
});
