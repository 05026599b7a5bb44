/** New York wall time: the offset by rule, dates and midnights. No time-zone database is asked. */
import {
  civilFromDays,
  dateFromDays,
  daysFromCivil,
  daysOf,
  DAY_MS,
  formatInstant,
  HOUR_MS,
  instant,
  weekdayOf,
  type CivilDate,
  type Instant,
} from "../kernel/index.ts";

const STANDARD_MS = -5 * HOUR_MS;
const DAYLIGHT_MS = -4 * HOUR_MS;

/** Since 2007 (Energy Policy Act of 2005): second Sunday of March to first of November. From 1987: first of April to last of October. */
const RULE_CHANGE_YEAR = 2007;

interface DaylightTime {
  readonly begins: Instant;
  readonly ends: Instant;
}

const byYear = new Map<number, DaylightTime>();

/** What to add to UTC to get New York time, in milliseconds: −5 or −4 hours. By the rules in force since 1987. */
export function newYorkOffsetMs(at: Instant): number {
  const { year } = civilFromDays(Math.floor((at + STANDARD_MS) / DAY_MS));
  const { begins, ends } = daylightTime(year);
  return at >= begins && at < ends ? DAYLIGHT_MS : STANDARD_MS;
}

/** Clocks change at 02:00 New York time. */
function daylightTime(year: number): DaylightTime {
  const known = byYear.get(year);
  if (known !== undefined) return known;
  const [begin, end] =
    year >= RULE_CHANGE_YEAR
      ? [sundayFrom({ year, month: 3, day: 8 }), sundayFrom({ year, month: 11, day: 1 })]
      : [sundayFrom({ year, month: 4, day: 1 }), sundayFrom({ year, month: 10, day: 25 })];
  const made = {
    begins: instant(begin * DAY_MS + 2 * HOUR_MS - STANDARD_MS),
    ends: instant(end * DAY_MS + 2 * HOUR_MS - DAYLIGHT_MS),
  };
  byYear.set(year, made);
  return made;
}

/** The first Sunday on or after a date, in days since 1970-01-01. */
function sundayFrom(date: { year: number; month: number; day: number }): number {
  const days = daysFromCivil(date);
  return days + ((7 - weekdayOf(days)) % 7);
}

/** The New York day asked for last: whoever asks mostly asks for the same one again. */
let recent = { from: 0, until: 0, date: "" as CivilDate };

/** The date on a New York wall at an instant. */
export function newYorkDate(at: Instant): CivilDate {
  if (at >= recent.from && at < recent.until) return recent.date;
  const days = Math.floor((at + newYorkOffsetMs(at)) / DAY_MS);
  const date = dateFromDays(days);
  const from = newYorkMidnight(date);
  // A day of the change to daylight time has 23 hours; the last hour of the others is looked up again.
  recent = { from, until: from + DAY_MS - HOUR_MS, date };
  return date;
}

/** 00:00 New York time of a date. */
export function newYorkMidnight(date: CivilDate): Instant {
  return midnightOfDay(daysOf(date), Number(date.slice(0, 4)));
}

/** The same of the day that lies `days` after 1970-01-01, in its year. Clocks never change at midnight. */
export function midnightOfDay(days: number, year: number): Instant {
  const { begins, ends } = daylightTime(year);
  const standard = days * DAY_MS - STANDARD_MS;
  return instant(standard >= begins && standard < ends ? days * DAY_MS - DAYLIGHT_MS : standard);
}

/** RFC 3339 with the New York offset, as Alpaca's clock writes it. */
export function formatNewYork(at: Instant): string {
  const offsetMs = newYorkOffsetMs(at);
  return formatInstant(instant(at + offsetMs)).replace("Z", offsetMs === DAYLIGHT_MS ? "-04:00" : "-05:00");
}
