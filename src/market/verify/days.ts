/** Checks of a series day by day: days that are missing or partial, long gaps, and overnight moves as by a split. */
import { tradingDayBefore, tradingDaysBetween } from "../../calendar/index.ts";
import { instant, type Split } from "../../kernel/index.ts";
import { coveredDays, followsCalendar, missingDays, type CoveredDay } from "../catalog/coverage.ts";
import { lengthOfSpan } from "../series/columns.ts";
import type { Findings } from "./findings.ts";
import { judgeNight, splitsOf, type PricedDay } from "./splits.ts";
import { NOTHING_TO_FINISH, type CheckedSeries, type OpenWatcher, type Watcher } from "./watcher.ts";

/** Trading days without a bar that make a gap large: a week. */
const GAP_DAYS_MIN = 5;

/** Days that a finding names. */
const DAYS_NAMED = 3;

interface SeenDay extends PricedDay {
  readonly at: number;
  readonly row: number;
}

/** A pair has no trading days. */
export const watchDays: OpenWatcher = (series, findings) =>
  followsCalendar(series.symbol) ? watchTradingDays(series, findings) : { take: () => {}, finish: NOTHING_TO_FINISH };

function watchTradingDays(series: CheckedSeries, findings: Findings): Watcher {
  const splits = series.isAdjusted ? undefined : splitsOf(series.actions);
  const days: CoveredDay[] = [];
  let [from, to] = [Infinity, -Infinity];
  let before: SeenDay | undefined;
  return {
    take: (columns, firstRow) => {
      for (const covered of coveredDays(columns, series.timeframe)) {
        const { day, firstRow: first, lastRow: last } = covered;
        const [open, close] = [columns.open[first] as number, columns.close[last] as number];
        const seen = { date: day.date, open, close, at: columns.start[first] as number, row: firstRow + first };
        if (before !== undefined && before.date < seen.date) judgeDays(before, seen, { splits, findings });
        days.push(covered);
        before = seen;
      }
      for (let row = 0; row < columns.rows; row += 1) {
        const start = columns.start[row] as number;
        if (start < from) from = start;
        if (start > to) to = start + lengthOfSpan(columns.span[row] as number);
      }
    },
    finish: (isWhole) => {
      if (days.length === 0 || !isWhole) return;
      const missing = missingDays(days, instant(from), instant(to));
      const partial = days.filter(({ isPartial }) => isPartial).map(({ day }) => day);
      const { symbol } = series;
      summarize(findings, { check: "missing_day", days: missing, what: "no bar in regular hours", symbol });
      summarize(findings, {
        check: "partial_day",
        days: partial,
        what: "an hour or more of regular hours without a bar",
        symbol,
      });
    },
  };
}

interface NightChecks {
  /** Undefined where prices are adjusted: then no split shows in them. */
  readonly splits: readonly Split[] | undefined;
  readonly findings: Findings;
}

/** Two days with bars that follow one another in the series. */
function judgeDays(before: SeenDay, after: SeenDay, { splits, findings }: NightChecks): void {
  const isNext = tradingDayBefore(after.date)?.date === before.date;
  const between = isNext ? 0 : tradingDaysBetween(before.date, after.date).length - 2;
  if (between >= GAP_DAYS_MIN) {
    const message = `start: got ${after.date} after ${before.date}, wanted bars on the ${between} trading days between`;
    findings.add("large_gap", { at: after.at, row: after.row, message });
    return;
  }
  const found = splits === undefined ? undefined : judgeNight(before, after, splits);
  if (found !== undefined) findings.add(found.check, { at: after.at, row: after.row, message: found.message });
}

interface DaysSummary {
  readonly check: "missing_day" | "partial_day";
  readonly days: readonly { readonly date: string; readonly open: number }[];
  readonly what: string;
  readonly symbol: string;
}

/** One finding that stands for all of the days. */
function summarize(findings: Findings, { check, days, what, symbol }: DaysSummary): void {
  const [first] = days;
  if (first === undefined) return;
  const named = days.slice(0, DAYS_NAMED).map(({ date }) => date);
  const dates = days.length > DAYS_NAMED ? `${named.join(", ")} …` : named.join(", ");
  const message = `days: got ${days.length} with ${what} (${dates}), wanted none; \`tapedeck data show ${symbol}\` lists them`;
  findings.add(check, { at: first.open, message, times: days.length });
}
