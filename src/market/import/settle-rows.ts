/** From rows as they were read to a sorted series: duplicates and rows off the timeframe's grid are refused here. */
import { newYorkDate, newYorkMidnight, tradingDayOn } from "../../calendar/index.ts";
import { formatInstant, HOUR_MS, instant, type Instant } from "../../kernel/index.ts";
import { bucketAt } from "../bars/grid.ts";
import { newColumns, NO_TRADES, sliceRows, spanOf, type Columns } from "../series/columns.ts";
import type { TimeframeSpec } from "../timeframe.ts";
import type { ImportedRow } from "./bar-format.ts";
import type { RowProblem, RefusedRows } from "./refused-rows.ts";
import type { RowCollector } from "./row-collector.ts";

/** Where a row's bar lies, as the columns hold it. */
interface Placed {
  readonly start: number;
  readonly span: number;
}

/** The rows that are bars of the timeframe, sorted. The first row of a time is kept, later ones are refused. */
export function settleRows(rows: RowCollector, timeframe: TimeframeSpec, refused: RefusedRows): Columns {
  const columns = newColumns(rows.rows);
  const order = rows.order();
  const row = emptyRow();
  let [settled, lastStart] = [0, Number.NaN];
  for (let index = 0; index < rows.rows; index += 1) {
    const source = order === undefined ? index : (order[index] as number);
    const start = rows.startOf(source);
    const placed = start === lastStart ? duplicateOf(start) : placeBar(timeframe, instant(start));
    if ("reason" in placed) {
      refused.add(rows.lineOf(source), placed);
      continue;
    }
    lastStart = start;
    rows.read(source, row);
    writeRow(columns, settled, row, placed);
    settled += 1;
  }
  return sliceRows(columns, { from: 0, until: settled });
}

export const emptyRow = (): ImportedRow => ({
  symbol: "",
  start: 0,
  open: 0,
  high: 0,
  low: 0,
  close: 0,
  volume: 0,
  vwap: Number.NaN,
  trades: Number.NaN,
});

function duplicateOf(start: number): RowProblem {
  return {
    reason: "duplicate",
    message: `timestamp: ${formatInstant(instant(start))} stands in an earlier row of the file`,
  };
}

function placeBar(timeframe: TimeframeSpec, start: Instant): Placed | RowProblem {
  const { lengthMs } = timeframe;
  if (lengthMs === undefined) return placeDay(start);
  // The clock's minutes, and every length that divides an hour, are the same in New York and in UTC.
  if (HOUR_MS % lengthMs === 0 && start % lengthMs === 0) return { start, span: spanOf(lengthMs, false) };
  const bucket = bucketAt(timeframe, start);
  if (bucket.start === start) return { start, span: spanOf(bucket.end - start, false) };
  const grid = `a ${timeframe.name} bar begins at ${formatInstant(bucket.start)} or ${formatInstant(bucket.until)}`;
  return { reason: "off_grid", message: `timestamp: got ${formatInstant(start)}, but ${grid}` };
}

/** Rule R1: a day bar covers the regular session of its date, whatever its stamp says. */
function placeDay(start: Instant): Placed | RowProblem {
  const date = newYorkDate(start);
  const midnight = newYorkMidnight(date);
  if (start !== midnight) {
    const wanted = `wanted a plain date or midnight New York, such as ${formatInstant(midnight)} (--time-format date lets the date alone count)`;
    return { reason: "off_grid", message: `timestamp: got ${formatInstant(start)}, ${wanted}` };
  }
  const day = tradingDayOn(date);
  if (day === undefined) {
    return { reason: "not_a_trading_day", message: `timestamp: ${date} is not a trading day of the exchange` };
  }
  return { start: day.open, span: spanOf(day.close - day.open, true) };
}

function writeRow(columns: Columns, at: number, row: ImportedRow, { start, span }: Placed): void {
  columns.start[at] = start;
  columns.open[at] = row.open;
  columns.high[at] = row.high;
  columns.low[at] = row.low;
  columns.close[at] = row.close;
  columns.volume[at] = row.volume;
  columns.vwap[at] = row.vwap;
  columns.trades[at] = Number.isNaN(row.trades) ? NO_TRADES : row.trades;
  columns.span[at] = span;
}
