import { expect, it } from "vitest";
import { yearStrips } from "./day-strip.ts";

const DAYS = ["2023-12-28", "2023-12-29", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-08"];

it("days become runs, year by year, with words that say the same", () => {
  const strips = yearStrips({
    tradingDays: DAYS,
    from: "2023-12-29",
    to: "2024-01-05",
    partial: new Set(["2024-01-04"]),
    missing: new Set(["2024-01-03"]),
  });
  expect(strips).toEqual([
    { year: 2023, length: 2, runs: [{ state: "there", at: 1, length: 1 }], words: "1 of 1 day" },
    {
      year: 2024,
      length: 5,
      runs: [
        { state: "there", at: 0, length: 1 },
        { state: "missing", at: 1, length: 1 },
        { state: "partial", at: 2, length: 1 },
        { state: "there", at: 3, length: 1 },
      ],
      words: "3 of 4 days; missing 2024-01-03; partial 2024-01-04",
    },
  ]);
});

it("many dates are counted, not listed", () => {
  const [strip] = yearStrips({
    tradingDays: DAYS.slice(2),
    from: "2024-01-02",
    to: "2024-01-08",
    partial: new Set(),
    missing: new Set(DAYS.slice(2)),
  });
  expect(strip?.words).toBe("0 of 5 days; missing 2024-01-02, 2024-01-03, 2024-01-04, 2024-01-05 and 1 more");
});
