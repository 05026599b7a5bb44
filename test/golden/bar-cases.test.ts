/** The golden cases: bars and orders in, fills, final statuses and books out, to the cent. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { playedOf, wantedOf, type GoldenCase } from "./golden-case.ts";

const casesOf = (file: string): readonly GoldenCase[] =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")) as readonly GoldenCase[];

describe.each([
  ["bar cases", casesOf("bar-cases.json"), 67],
  ["rule cases", casesOf("rule-cases.json"), 81],
])("golden %s", (_name, cases, count) => {
  it("are all there", () => {
    expect(cases.length).toBe(count);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(count);
  });

  it.each(cases.map((golden) => [golden.id, golden.title, golden] as const))("%s: %s", (_id, _title, golden) => {
    expect(playedOf(golden)).toEqual(wantedOf(golden));
  });
});
