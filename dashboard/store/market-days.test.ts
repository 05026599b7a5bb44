import { describe, expect, it } from "vitest";
import { exchangeDate } from "../format/times.ts";
import { marketDaysOf, nextDayAt, phaseAt } from "./market-days.ts";

const hours = { open: "09:30", session_open: "0400", session_close: "2000", settlement_date: "" };
const DAYS = marketDaysOf([
  { ...hours, date: "2023-11-22", close: "16:00" },
  { ...hours, date: "2023-11-24", close: "13:00", session_close: "1700" },
]);
const at = (text: string): number => Date.parse(`${text}-05:00`);
const phases = (...times: readonly string[]): readonly unknown[] =>
  times.map((time) => {
    const { phase, next } = phaseAt(DAYS, at(time));
    return [phase, next?.what, next?.at];
  });

describe("the phase of the market", () => {
  it("is that of the day, to the minute", () => {
    const day = "2023-11-22";
    expect(phases(`${day}T03:59`, `${day}T04:00`, `${day}T09:30`, `${day}T16:00`)).toEqual([
      ["closed", "opens", at(`${day}T09:30`)],
      ["pre-market", "opens", at(`${day}T09:30`)],
      ["open", "closes", at(`${day}T16:00`)],
      ["after hours", "ends", at(`${day}T20:00`)],
    ]);
  });

  it("knows holidays and half days, and nothing beyond the calendar", () => {
    expect(phases("2023-11-23T12:00", "2023-11-24T12:00", "2023-11-24T17:00")).toEqual([
      ["closed", "opens", at("2023-11-24T09:30")],
      ["open", "closes", at("2023-11-24T13:00")],
      ["closed", undefined, undefined],
    ]);
  });
});

it("a day later is the same time of the next trading day", () => {
  expect(nextDayAt(DAYS, at("2023-11-22T10:15"), exchangeDate)).toBe(at("2023-11-24T10:15"));
  expect(nextDayAt(DAYS, at("2023-11-23T10:15"), exchangeDate)).toBe(at("2023-11-24T09:30"));
  expect(nextDayAt(DAYS, at("2023-11-24T10:15"), exchangeDate)).toBeUndefined();
});
