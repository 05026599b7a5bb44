import { describe, expect, it } from "vitest";
import {
  dayText,
  durationText,
  exchangeDate,
  exchangeInstant,
  exchangeIso,
  exchangeSeconds,
  momentText,
  speedText,
  timeText,
} from "./times.ts";

const WINTER = Date.parse("2024-03-05T10:41:08-05:00");
const SUMMER = Date.parse("2024-06-28T16:00:00-04:00");

describe("times as text", () => {
  it("are New York's unless another zone is asked for", () => {
    expect([dayText(WINTER), timeText(WINTER), timeText(WINTER, "exchange", true)]).toEqual([
      "Tue 05 Mar 2024",
      "10:41",
      "10:41:08",
    ]);
    expect([timeText(WINTER, "utc"), timeText(SUMMER)]).toEqual(["15:41", "16:00"]);
    expect(momentText(SUMMER)).toBe("Fri 28 Jun 24 16:00");
  });

  it("have midnight as 00, and a dash for nothing", () => {
    expect(timeText(Date.parse("2024-03-05T00:05:00-05:00"))).toBe("00:05");
    expect([timeText(undefined), dayText(Number.NaN)]).toEqual(["—", "—"]);
  });

  it("count down", () => {
    expect([durationText(19_132_000), durationText(-5), durationText(273_600_000)]).toEqual([
      "5:18:52",
      "0:00:00",
      "3 d 04:00",
    ]);
  });

  it("say what a speed does", () => {
    expect([1, 60, 600, 3600, 1_000_000].map(speedText)).toEqual(["1 s/s", "1 min/s", "10 min/s", "1 h/s", "12 d/s"]);
  });
});

describe("New York's clock", () => {
  it("leads to an instant and back, in winter, in summer and where clocks change", () => {
    expect(exchangeInstant("2024-03-05", "10:41")).toBe(WINTER - 8000);
    expect(exchangeInstant("2024-06-28", "1600")).toBe(SUMMER);
    expect(exchangeInstant("2024-11-03", "01:30")).toBe(Date.parse("2024-11-03T01:30:00-04:00"));
    expect(exchangeInstant("2024-03-10", "03:00")).toBe(Date.parse("2024-03-10T03:00:00-04:00"));
    expect([exchangeDate(WINTER), exchangeIso(WINTER), exchangeIso(SUMMER)]).toEqual([
      "2024-03-05",
      "2024-03-05T10:41:08-05:00",
      "2024-06-28T16:00:00-04:00",
    ]);
  });

  it("is read as UTC by a chart", () => {
    expect(exchangeSeconds(SUMMER)).toBe(Date.parse("2024-06-28T16:00:00Z") / 1000);
  });
});
