/** Checks of where bars stand: in order, once each, on the timeframe's grid, and while the exchange is there. */
import { newYorkDate, newYorkMidnight, tradingDayOn } from "../../calendar/index.ts";
import { formatInstant, HOUR_MS, instant, type Instant } from "../../kernel/index.ts";
import { bucketAt } from "../bars/grid.ts";
import { lengthOfSpan } from "../series/columns.ts";
import { isPair } from "../symbol.ts";
import type { TimeframeSpec } from "../timeframe.ts";
import type { CheckName } from "./checks.ts";
import { NOTHING_TO_FINISH, type OpenWatcher } from "./watcher.ts";

/** Hours of New York in which anything trades. */
const FIRST_HOUR = 4;
const LAST_HOUR = 20;

interface Misplaced {
  readonly check: CheckName;
  readonly message: string;
}

export const watchPlaces: OpenWatcher = ({ symbol, timeframe }, findings) => {
  const placeOf = isPair(symbol) ? misplacedPair : misplacedStock;
  let latest = -Infinity;
  return {
    take: (columns, firstRow) => {
      for (let row = 0; row < columns.rows; row += 1) {
        const start = columns.start[row] as Instant;
        if (!Number.isFinite(start)) continue;
        const end = start + lengthOfSpan(columns.span[row] as number);
        const found = start > latest ? placeOf(timeframe, start, end) : disorder(start, latest);
        if (found !== undefined) findings.add(found.check, { at: start, row: firstRow + row, message: found.message });
        latest = Math.max(latest, start);
      }
    },
    finish: NOTHING_TO_FINISH,
  };
};

function disorder(start: Instant, latest: number): Misplaced {
  if (start === latest) {
    return {
      check: "duplicate",
      message: `start: got ${formatInstant(start)} a second time, wanted one bar of a start`,
    };
  }
  const wanted = `wanted a bar after ${formatInstant(instant(latest))}, where one stands before it`;
  return { check: "unsorted", message: `start: got ${formatInstant(start)}, ${wanted}` };
}

/** A pair trades around the clock; its day bars are those of the calendar where it has a session. */
function misplacedPair(timeframe: TimeframeSpec, start: Instant): Misplaced | undefined {
  return timeframe.lengthMs === undefined ? undefined : offGrid(timeframe, timeframe.lengthMs, start);
}

function misplacedStock(timeframe: TimeframeSpec, start: Instant, end: number): Misplaced | undefined {
  const { lengthMs } = timeframe;
  if (lengthMs === undefined) return misplacedDay(start);
  return offGrid(timeframe, lengthMs, start) ?? closedHours(start, end);
}

function misplacedDay(start: Instant): Misplaced | undefined {
  const date = newYorkDate(start);
  const day = tradingDayOn(date);
  if (day === undefined) {
    const message = `start: got ${date}, wanted a day on which the exchange trades`;
    return { check: "not_a_trading_day", message };
  }
  if (start === day.open) return undefined;
  const message = `start: got ${formatInstant(start)}, wanted the open of ${date} at ${formatInstant(day.open)}`;
  return { check: "off_grid", message };
}

function offGrid(timeframe: TimeframeSpec, lengthMs: number, start: Instant): Misplaced | undefined {
  // What divides an hour lies on the same grid in New York and in UTC.
  if (HOUR_MS % lengthMs === 0 && start % lengthMs === 0) return undefined;
  const bucket = bucketAt(timeframe, start);
  if (bucket.start === start) return undefined;
  const wanted = `wanted ${formatInstant(bucket.start)} or ${formatInstant(bucket.until)}, where ${timeframe.name} bars begin`;
  return { check: "off_grid", message: `start: got ${formatInstant(start)}, ${wanted}` };
}

/** The stretch of New York time in which the last bar was looked at: mostly the next one lies in it too. */
let recent = { from: 0, until: 0 };

function closedHours(start: Instant, end: number): Misplaced | undefined {
  if (start >= recent.from && start < recent.until) return undefined;
  const date = newYorkDate(start);
  const day = tradingDayOn(date);
  const midnight = newYorkMidnight(date);
  if (day === undefined) {
    const message = `start: got ${formatInstant(start)}, wanted a day on which the exchange trades, not ${date}`;
    return { check: "closed_hours", message };
  }
  const [from, until] = [midnight + FIRST_HOUR * HOUR_MS, midnight + LAST_HOUR * HOUR_MS];
  recent = { from, until };
  if (start < until && end > from) return undefined;
  const wanted = `wanted ${formatInstant(instant(from))} to ${formatInstant(instant(until))} of ${date}`;
  return { check: "closed_hours", message: `start: got ${formatInstant(start)}, ${wanted}` };
}
