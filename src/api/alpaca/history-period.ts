/** Dates, and dates a period apart. */
import { civilFromDays, dateFromDays, daysFromCivil, daysOf, type CivilDate } from "../../kernel/index.ts";

/** A number of days, weeks, months or years ("A", for annum). */
export interface Period {
  readonly count: number;
  readonly unit: "D" | "W" | "M" | "A";
}

export const nextDate = (date: CivilDate): CivilDate => dateFromDays(daysOf(date) + 1);

/** The date so much later, or earlier; a day that its month does not have becomes the month's last. */
export function shiftDate(date: CivilDate, { count, unit }: Period, sign: 1 | -1): CivilDate {
  const days = daysOf(date);
  if (unit === "D" || unit === "W") return dateFromDays(days + sign * count * (unit === "W" ? 7 : 1));
  const { year, month, day } = civilFromDays(days);
  const asked = year * 12 + month - 1 + sign * count * (unit === "A" ? 12 : 1);
  const months = Math.min(Math.max(asked, FIRST_MONTH), LAST_MONTH);
  const first = { year: Math.floor(months / 12), month: (months % 12) + 1, day: 1 };
  const start = daysFromCivil(first);
  const length = daysFromCivil({ ...first, month: first.month + 1 }) - start;
  return dateFromDays(start + Math.min(day, length) - 1);
}

/** Years that a date can have. */
const FIRST_MONTH = 12;
const LAST_MONTH = 9999 * 12 + 11;
