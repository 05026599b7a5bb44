import { expect, it } from "vitest";
import type { ImportPreview } from "../api/connect-types.ts";
import { canBeMapped, EMPTY_DRAFT, optionsOf, rolesOf } from "./mapping.ts";

const PREVIEW: ImportPreview = {
  file: "X.csv",
  format: null,
  timeframe: null,
  lines: [],
  columns: [
    { name: "when", role: null },
    { name: "open", role: "open" },
    { name: "note", role: null },
  ],
  rows: [],
  refused: [],
  problem: null,
};

it("nothing is said that the reader did not say", () => {
  expect(optionsOf(EMPTY_DRAFT, PREVIEW)).toEqual({});
  expect(rolesOf(EMPTY_DRAFT, PREVIEW)).toEqual(["", "open", ""]);
});

it("columns are named as the import takes them, without those to pass over", () => {
  const draft = { ...EMPTY_DRAFT, symbol: " SPY ", timezone: "America/New_York", roles: ["timestamp", "open", ""] };
  expect(optionsOf(draft, PREVIEW)).toEqual({
    symbol: "SPY",
    timezone: "America/New_York",
    columns: "timestamp=when,open=open",
  });
});

it("only text of no other format has columns to name", () => {
  expect([PREVIEW, { ...PREVIEW, format: "csv" }, { ...PREVIEW, format: "yahoo" }].map(canBeMapped)).toEqual([
    true,
    true,
    false,
  ]);
});
