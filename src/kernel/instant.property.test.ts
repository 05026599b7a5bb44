import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant, formatTime, HOUR_MS, instant, MINUTE_MS, parseInstant } from "./instant.ts";

const at = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2100, 0, 1) });

describe("an instant", () => {
  it("is written as Date writes it, without a fraction where it is zero", () => {
    fc.assert(
      fc.property(at, (ms) => {
        const text = formatInstant(instant(ms));
        expect(Date.parse(text)).toBe(ms);
        expect(new Date(ms).toISOString().startsWith(text.slice(0, -1))).toBe(true);
        expect(text).not.toMatch(/\.\d*0Z$/);
      }),
    );
  });

  it("is read as Date reads it, whatever its offset", () => {
    const offset = fc.tuple(fc.constantFrom(1, -1), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    fc.assert(
      fc.property(at, offset, (ms, [sign, hours, minutes]) => {
        const shiftMs = sign * (hours * HOUR_MS + minutes * MINUTE_MS);
        const local = formatInstant(instant(ms + shiftMs)).slice(0, -1);
        const pad = (value: number): string => String(value).padStart(2, "0");
        const text = `${local}${sign < 0 ? "-" : "+"}${pad(hours)}:${pad(minutes)}`;
        expect(parseInstant(text)).toBe(ms);
        expect(parseInstant(text)).toBe(Date.parse(text));
      }),
    );
  });

  it("carries nanoseconds beyond its millisecond into the text", () => {
    fc.assert(
      fc.property(at, fc.integer({ min: 0, max: 999_999 }), (ms, nanos) => {
        const text = formatInstant(instant(ms), nanos);
        const fraction = (/\.(\d+)Z$/.exec(text)?.[1] ?? "").padEnd(9, "0");
        expect(Number(fraction)).toBe((ms % 1000) * 1_000_000 + nanos);
        expect(parseInstant(text)).toBe(ms);
      }),
    );
  });

  it.each([
    ["2023-01-03T09:30:00Z", Date.UTC(2023, 0, 3, 9, 30)],
    ["2023-01-03T09:30Z", Date.UTC(2023, 0, 3, 9, 30)],
    ["2023-01-03 09:30:00z", Date.UTC(2023, 0, 3, 9, 30)],
    ["2023-01-03T09:30:00-0500", Date.UTC(2023, 0, 3, 14, 30)],
    ["2023-01-03T09:30:00.123999Z", Date.UTC(2023, 0, 3, 9, 30, 0, 123)],
    ["2024-02-29T00:00:00+05:30", Date.UTC(2024, 1, 28, 18, 30)],
  ])("%s is read", (text, ms) => {
    expect(parseInstant(text)).toBe(ms);
  });

  it.each(["2023-01-03T09:30:00", "2023-01-03 09:30"])("%s has no offset, and none is guessed", (text) => {
    expect(parseInstant(text)).toBe("no_offset");
  });

  it.each([
    "",
    "2023-01-03",
    "2023-02-30T00:00:00Z",
    "2023-01-03T24:00:00Z",
    "2023-01-03T09:60:00Z",
    "2023-01-03T09:30:60Z",
    "2023-01-03T09:30:00+24:00",
    "2023-01-03T09:30:00+05:60",
    "2023-01-03T09:30:00.Z",
    "1672738200",
    "yesterday",
  ])("%j is not a time", (text) => {
    expect(parseInstant(text)).toBe("not_a_time");
  });

  it("has a time of day", () => {
    expect([0, 9.5 * HOUR_MS, 86_399_999].map(formatTime)).toEqual(["00:00:00", "09:30:00", "23:59:59"]);
  });
});
