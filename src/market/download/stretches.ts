/** Stretches of days: what of a download is still missing, and the pieces in which it is fetched and kept. */
import { dateFromDays, daysFromCivil, daysOf, type CivilDate } from "../../kernel/index.ts";
import type { TimeframeSpec } from "../timeframe.ts";

/** New York dates, both included. */
export interface Stretch {
  readonly from: CivilDate;
  readonly to: CivilDate;
}

/** Years of day bars in one piece: 1,260 bars. */
const YEARS_OF_DAYS = 5;

export const daysIn = ({ from, to }: Stretch): number => daysOf(to) - daysOf(from) + 1;

/** What of a stretch none of the others covers, oldest first. */
export function missingIn(asked: Stretch, done: readonly Stretch[]): readonly Stretch[] {
  const last = daysOf(asked.to);
  const missing: Stretch[] = [];
  let day = daysOf(asked.from);
  for (const { from, to } of done.toSorted((a, b) => daysOf(a.from) - daysOf(b.from))) {
    if (daysOf(from) > last) break;
    if (daysOf(from) > day) missing.push({ from: dateFromDays(day), to: dateFromDays(daysOf(from) - 1) });
    day = Math.max(day, daysOf(to) + 1);
  }
  if (day <= last) missing.push({ from: dateFromDays(day), to: asked.to });
  return missing;
}

/** Pieces that end with a month, or with five years of day bars: at most 44,640 bars each. */
export function cut({ from, to }: Stretch, timeframe: TimeframeSpec): readonly Stretch[] {
  const pieces: Stretch[] = [];
  const last = daysOf(to);
  for (let day = daysOf(from); day <= last;) {
    const end = Math.min(last, lastDayOfPiece(dateFromDays(day), timeframe));
    pieces.push({ from: dateFromDays(day), to: dateFromDays(end) });
    day = end + 1;
  }
  return pieces;
}

function lastDayOfPiece(date: CivilDate, timeframe: TimeframeSpec): number {
  const year = Number(date.slice(0, 4));
  if (timeframe.unit === "Day") {
    const next = (Math.floor(year / YEARS_OF_DAYS) + 1) * YEARS_OF_DAYS;
    return daysFromCivil({ year: next, month: 1, day: 1 }) - 1;
  }
  // Month 13 is the next January to the arithmetic of days.
  return daysFromCivil({ year, month: Number(date.slice(5, 7)) + 1, day: 1 }) - 1;
}
