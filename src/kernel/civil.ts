/** Civil dates without a clock: days since 1970-01-01 and "YYYY-MM-DD". */

declare const kind: unique symbol;

/** A date as "YYYY-MM-DD". Compares in order as text. */
export type CivilDate = string & { readonly [kind]: "CivilDate" };

const DAYS_IN_ERA = 146_097;

/** Days from 1970-01-01 to a proleptic Gregorian date (algorithm: H. Hinnant, "chrono-compatible low-level date algorithms"). */
export function daysFromCivil(date: { year: number; month: number; day: number }): number {
  const year = date.month <= 2 ? date.year - 1 : date.year;
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5) + date.day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_ERA + dayOfEra - 719_468;
}

/** The date that lies `days` after 1970-01-01. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / DAYS_IN_ERA);
  const dayOfEra = shifted - era * DAYS_IN_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1,
  };
}

export function formatCivil(date: { year: number; month: number; day: number }): CivilDate {
  const pad = (value: number, width: number): string => String(value).padStart(width, "0");
  return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}` as CivilDate;
}

export const dateFromDays = (days: number): CivilDate => formatCivil(civilFromDays(days));

/** Reads "YYYY-MM-DD"; undefined for anything else, 2023-02-30 included. */
export function parseDate(text: string): CivilDate | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  if (date.month < 1 || date.month > 12 || date.day < 1) return undefined;
  return dateFromDays(daysFromCivil(date)) === text ? (text as CivilDate) : undefined;
}

/** Days from 1970-01-01 to a date. */
export function daysOf(date: CivilDate): number {
  return daysFromCivil({
    year: Number(date.slice(0, 4)),
    month: Number(date.slice(5, 7)),
    day: Number(date.slice(8, 10)),
  });
}

/** 0 is Sunday, 6 is Saturday. */
export const weekdayOf = (days: number): number => (((days + 4) % 7) + 7) % 7;
