import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { civilFromDays, dateFromDays, daysFromCivil, daysOf, parseDate, weekdayOf } from "./civil.ts";

const DAY_MS = 86_400_000;
/** Years 0000 to 9999: what "YYYY-MM-DD" can say. */
const days = fc.integer({ min: Date.UTC(2000, 0, 1) / DAY_MS - 730_485, max: Date.UTC(9999, 11, 31) / DAY_MS });

describe("civil dates", () => {
  it("agree with Date on every day from 1900 to 2100", () => {
    const [from, to] = [Date.UTC(1900, 0, 1) / DAY_MS, Date.UTC(2100, 11, 31) / DAY_MS];
    for (let day = from; day <= to; day += 1) {
      const date = new Date(day * DAY_MS);
      const fields = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
      const civil = civilFromDays(day);
      if (civil.year !== fields.year || civil.month !== fields.month || civil.day !== fields.day) {
        expect(civil).toEqual(fields);
      }
      if (daysFromCivil(fields) !== day || weekdayOf(day) !== date.getUTCDay()) {
        expect([daysFromCivil(fields), weekdayOf(day)]).toEqual([day, date.getUTCDay()]);
      }
    }
  });

  it("are written as Date writes them, from year 0 to 9999, and read back", () => {
    fc.assert(
      fc.property(days, (day) => {
        const text = dateFromDays(day);
        expect(text).toBe(new Date(day * DAY_MS).toISOString().slice(0, 10));
        expect(parseDate(text)).toBe(text);
        expect(daysOf(text)).toBe(day);
      }),
    );
  });

  it("compare in order as text", () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        expect(dateFromDays(a) < dateFromDays(b)).toBe(a < b);
      }),
    );
  });

  it.each([
    "2023-02-29",
    "2023-02-30",
    "2023-13-01",
    "2023-00-10",
    "2023-01-00",
    "2023-1-1",
    "20230101",
    "x2023-01-01",
    "",
  ])("%j is not a date", (text) => {
    expect(parseDate(text)).toBeUndefined();
  });

  it("has leap days where the calendar has them", () => {
    expect(["2024-02-29", "2000-02-29", "1900-02-29", "2100-02-29"].map(parseDate)).toEqual([
      "2024-02-29",
      "2000-02-29",
      undefined,
      undefined,
    ]);
  });
});
