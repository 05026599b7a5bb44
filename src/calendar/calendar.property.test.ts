import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dateFromDays,
  DAY_MS,
  daysOf,
  formatInstant,
  HOUR_MS,
  instant,
  parseDate,
  weekdayOf,
  type CivilDate,
} from "../kernel/index.ts";
import {
  CALENDAR_FROM,
  CALENDAR_TO,
  firstTradingDay,
  formatNewYork,
  isRegularHours,
  lastTradingDay,
  newYorkDate,
  newYorkMidnight,
  newYorkOffsetMs,
  tradingDayAt,
  tradingDayOn,
  tradingDays,
  tradingDaysBetween,
  type Edge,
} from "./index.ts";

const EDGES: readonly Edge[] = ["sessionOpen", "open", "close", "sessionClose"];
const SOURCE = new URL("../../../shared/data/calendar/calendar.csv", import.meta.url);

const newYork = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/New_York",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

const clockText = (at: number): string => newYork.format(at).replace(", ", " ");

describe("every session from 1990 to 2030", () => {
  it("is a weekday, in order, with its edges in order", () => {
    let previous: CivilDate = CALENDAR_FROM;
    for (const day of tradingDays) {
      expect(day.date > previous, day.date).toBe(true);
      previous = day.date;
      expect([0, 6]).not.toContain(weekdayOf(daysOf(day.date)));
      expect(day.sessionOpen < day.open && day.open < day.close && day.close < day.sessionClose, day.date).toBe(true);
    }
    expect(tradingDays).toHaveLength(10_322);
  });

  it("opens at 04:00 and 09:30 New York time and closes at 16:00 and 20:00, or early, as Intl tells the time", () => {
    const closes = new Set<string>();
    for (const day of tradingDays) {
      expect(clockText(day.sessionOpen)).toBe(`${day.date} 04:00`);
      expect(clockText(day.open)).toBe(`${day.date} 09:30`);
      closes.add(`${clockText(day.close).slice(11)} ${clockText(day.sessionClose).slice(11)}`);
    }
    expect(closes).toEqual(new Set(["16:00 20:00", "13:00 17:00", "14:00 18:00"]));
  });

  it("is found by each of its edges, from both sides, and by its date", () => {
    tradingDays.forEach((day, index) => {
      for (const edge of EDGES) {
        expect(firstTradingDay(instant(day[edge] - 1), edge)).toBe(day);
        expect(firstTradingDay(day[edge], edge)).toBe(tradingDays[index + 1]);
        expect(lastTradingDay(day[edge], edge)).toBe(day);
      }
      expect(tradingDayOn(day.date)).toBe(day);
      expect(tradingDayAt(day.sessionOpen)).toBe(day);
      expect(tradingDayAt(day.sessionClose)).toBeUndefined();
      expect(isRegularHours(day.open) && !isRegularHours(day.close) && !isRegularHours(instant(day.open - 1))).toBe(
        true,
      );
    });
  });

  it("lies on its own New York date from midnight to midnight", () => {
    for (const day of tradingDays) {
      const midnight = newYorkMidnight(day.date);
      expect([newYorkDate(midnight), newYorkDate(day.sessionClose)]).toEqual([day.date, day.date]);
      expect(newYorkDate(instant(midnight - 1))).toBe(dateFromDays(daysOf(day.date) - 1));
    }
  });

  it.skipIf(!existsSync(SOURCE))("agrees with every row of the source (../shared is absent)", () => {
    const rows = readFileSync(SOURCE, "utf8").trim().split("\n").slice(1);
    const ours = tradingDays.map((day) => {
      const times = EDGES.map((edge) => clockText(day[edge]).slice(11));
      const [sessionOpen, open, close, sessionClose] = times;
      return [day.date, formatInstant(day.open), formatInstant(day.close), sessionOpen, sessionClose, open, close].join(
        ",",
      );
    });
    expect(ours).toEqual(rows);
  });
});

describe("worked cases", () => {
  it.each([
    ["2024-03-08", "2024-03-08T14:30:00Z", "2024-03-08T21:00:00Z"],
    ["2024-03-11", "2024-03-11T13:30:00Z", "2024-03-11T20:00:00Z"],
    ["2024-11-01", "2024-11-01T13:30:00Z", "2024-11-01T20:00:00Z"],
    ["2024-11-04", "2024-11-04T14:30:00Z", "2024-11-04T21:00:00Z"],
    ["2024-07-03", "2024-07-03T13:30:00Z", "2024-07-03T17:00:00Z"],
    ["2024-11-29", "2024-11-29T14:30:00Z", "2024-11-29T18:00:00Z"],
  ])("%s is open from %s to %s", (date, open, close) => {
    const day = tradingDayOn(date as CivilDate);
    expect([formatInstant(day?.open ?? instant(0)), formatInstant(day?.close ?? instant(0))]).toEqual([open, close]);
  });

  it.each([
    ["2024-07-03", "2024-07-03T08:00:00Z", "2024-07-03T21:00:00Z"],
    ["2024-11-29", "2024-11-29T09:00:00Z", "2024-11-29T22:00:00Z"],
    ["2024-12-02", "2024-12-02T09:00:00Z", "2024-12-03T01:00:00Z"],
  ])("%s is traded from %s to %s, before and after hours included", (date, sessionOpen, sessionClose) => {
    const day = tradingDayOn(date as CivilDate);
    expect([day?.sessionOpen, day?.sessionClose]).toEqual([Date.parse(sessionOpen), Date.parse(sessionClose)]);
  });

  it("has no session on holidays, weekends and outside its years", () => {
    for (const date of ["2024-07-04", "2024-03-29", "2001-09-11", "2024-03-09", "1989-12-29", "2031-01-02"]) {
      expect(tradingDayOn(date as CivilDate), date).toBeUndefined();
    }
    expect(firstTradingDay(instant(newYorkMidnight(CALENDAR_TO) + DAY_MS), "open")).toBeUndefined();
  });

  it("lists the sessions between two dates, both included", () => {
    const dates = tradingDaysBetween("2024-03-27" as CivilDate, "2024-04-01" as CivilDate).map((day) => day.date);
    expect(dates).toEqual(["2024-03-27", "2024-03-28", "2024-04-01"]);
  });

  it("writes New York time with its offset", () => {
    expect(formatNewYork(instant(Date.parse("2023-01-03T14:30:00Z")))).toBe("2023-01-03T09:30:00-05:00");
    expect(formatNewYork(instant(Date.parse("2023-07-03T13:30:00.250Z")))).toBe("2023-07-03T09:30:00.25-04:00");
  });
});

describe("New York time", () => {
  it("agrees with Intl at any instant from 1990 to 2030", () => {
    const span = { min: Date.parse("1990-01-01T05:00:00Z"), max: Date.parse("2030-12-31T00:00:00Z") };
    fc.assert(
      fc.property(fc.integer(span), (at) => {
        const wall = new Date(at + newYorkOffsetMs(instant(at))).toISOString();
        expect(`${wall.slice(0, 10)} ${wall.slice(11, 16)}`).toBe(clockText(at));
      }),
      { numRuns: 2000 },
    );
  });

  it("agrees with Intl on every hour around every change of the clocks", () => {
    for (let year = 1990; year <= 2030; year += 1) {
      for (const month of ["03", "04", "10", "11"]) {
        const from = Date.parse(`${year}-${month}-01T00:00:00Z`);
        for (let at = from; at < from + 31 * DAY_MS; at += HOUR_MS) {
          const wall = new Date(at + newYorkOffsetMs(instant(at))).toISOString();
          expect(wall.slice(11, 13)).toBe(clockText(at).slice(11, 13));
        }
      }
    }
  });

  it("has a midnight for every date", () => {
    fc.assert(
      fc.property(fc.integer({ min: daysOf(CALENDAR_FROM), max: daysOf(CALENDAR_TO) }), (days) => {
        const date = dateFromDays(days);
        expect(clockText(newYorkMidnight(date))).toBe(`${date} 00:00`);
        expect(parseDate(date)).toBe(date);
      }),
    );
  });
});
