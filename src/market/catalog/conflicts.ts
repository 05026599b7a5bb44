/** Bars that contradict those in the catalog: the days on which they do, and what an import makes of it. */
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { AppError, dateFromDays, daysOf, instant, type CivilDate } from "../../kernel/index.ts";
import { barOf } from "../series/bar-series.ts";
import { lowerBound, selectRows, type Columns, type RowRange } from "../series/columns.ts";

/**
 * What is done with a New York day on which a bar contradicts one in the catalog: nothing is imported, the day stays as
 * it is, or the file's day takes its place. Always the whole day: two sources are never mixed within one.
 */
export const CONFLICT_POLICIES = ["fail", "keep", "replace"] as const;
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** Throws AppError "bad_argument". */
export function parseConflictPolicy(text: string): ConflictPolicy {
  const policy = CONFLICT_POLICIES.find((name) => name === text);
  if (policy !== undefined) return policy;
  throw new AppError("bad_argument", `--on-conflict: got ${JSON.stringify(text)}, wanted keep, replace or fail`);
}

const FIELDS = ["open", "high", "low", "close", "volume", "end", "vwap", "trades"] as const;

export interface RowRef {
  readonly columns: Columns;
  readonly row: number;
}

/** The first figure in which two bars of one time differ; a figure that one side does not have contradicts nothing. */
export function differenceOf(old: RowRef, incoming: RowRef): string | undefined {
  const [was, is] = [barOf(old.columns, old.row), barOf(incoming.columns, incoming.row)];
  const field = FIELDS.find((name) => was[name] !== undefined && is[name] !== undefined && was[name] !== is[name]);
  return field === undefined ? undefined : `${field} is ${was[field]} in the catalog and ${is[field]} in the file`;
}

/** The days on which any bar contradicts, oldest first. Both must be sorted. */
export function conflictingDays(old: Columns, incoming: Columns): readonly CivilDate[] {
  const days = new Set<CivilDate>();
  let row = 0;
  for (let other = 0; other < incoming.rows; other += 1) {
    const start = incoming.start[other] as number;
    while (row < old.rows && (old.start[row] as number) < start) row += 1;
    if (old.start[row] !== start) continue;
    if (differenceOf({ columns: old, row }, { columns: incoming, row: other }) === undefined) continue;
    days.add(newYorkDate(instant(start)));
  }
  return [...days];
}

/** A copy without the bars of some days, which are sorted. */
export function withoutDays(columns: Columns, days: readonly CivilDate[]): Columns {
  const kept: RowRange[] = [];
  let from = 0;
  for (const date of days) {
    const until = lowerBound(columns, newYorkMidnight(date));
    kept.push({ from, until });
    from = lowerBound(columns, newYorkMidnight(dateFromDays(daysOf(date) + 1)));
  }
  return selectRows(columns, [...kept, { from, until: columns.rows }]);
}
