/** The finest data present is used alone: a New York day takes its bars from one series, never from two. */
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { dateFromDays, daysOf, instant } from "../../kernel/index.ts";
import { copyRows, lowerBound, newColumns, type Columns } from "../series/columns.ts";

/** The bars of one date in one series. */
interface DayRun {
  readonly source: Columns;
  readonly days: number;
  readonly from: number;
  readonly until: number;
}

/** Columns of one month, finest first, as one series. */
export function finestByDay(parts: readonly Columns[]): Columns {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const taken = new Map<number, DayRun>();
  for (const part of parts) {
    for (const run of dayRuns(part)) if (!taken.has(run.days)) taken.set(run.days, run);
  }
  const runs = [...taken.values()].toSorted((a, b) => a.days - b.days);
  const columns = newColumns(runs.reduce((rows, run) => rows + run.until - run.from, 0));
  let at = 0;
  for (const run of runs) {
    copyRows(run.source, run, columns, at);
    at += run.until - run.from;
  }
  return columns;
}

function* dayRuns(source: Columns): Generator<DayRun> {
  let from = 0;
  while (from < source.rows) {
    const days = daysOf(newYorkDate(instant(source.start[from] as number)));
    const until = lowerBound(source, newYorkMidnight(dateFromDays(days + 1)));
    yield { source, days, from, until };
    from = until;
  }
}
