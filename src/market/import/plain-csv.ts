/** Plain CSV of one symbol: timestamp,open,high,low,close,volume and, if there, vwap and trades; columns in any order. */
import { basename } from "node:path";
import { newYorkMidnight } from "../../calendar/index.ts";
import { AppError, MINUTE_MS, parseDate, type InstantProblem } from "../../kernel/index.ts";
import { isSymbol, SYMBOL_WANTED } from "../symbol.ts";
import type { BarFormat, ImportedRow, ReaderContext, RowOutcome, RowReader } from "./bar-format.ts";
import type { Line } from "./line.ts";
import type { RowProblem } from "./refused-rows.ts";

const REQUIRED = ["timestamp", "open", "high", "low", "close", "volume"];
const OPTIONAL = ["vwap", "trades"];

export const plainCsv: BarFormat = {
  name: "csv",
  columns: `${REQUIRED.join(",")}[,${OPTIONAL.join(",")}]`,
  isHeader: (columns) => columns.includes("timestamp"),
  openReader,
  detectTimeframe: ({ areMidnights, smallestGapMs }) => {
    if (areMidnights) return "1Day";
    return smallestGapMs === MINUTE_MS ? "1Min" : undefined;
  },
};

function openReader(columns: readonly string[], context: ReaderContext): RowReader {
  const missing = REQUIRED.filter((name) => !columns.includes(name));
  const unknown = columns.filter((name) => !REQUIRED.includes(name) && !OPTIONAL.includes(name));
  if (missing.length > 0) throw badHeader(context, `misses ${missing.join(", ")}`);
  if (unknown.length > 0) throw badHeader(context, `has ${unknown.map((name) => JSON.stringify(name)).join(", ")}`);
  const symbol = symbolOf(context);
  const at = (name: string): number => columns.indexOf(name);
  const [time, open, high, low] = [at("timestamp"), at("open"), at("high"), at("low")];
  const [close, volume, vwap, trades] = [at("close"), at("volume"), at("vwap"), at("trades")];
  const times = timeReader(context);
  const optional = (line: Line, field: number): number =>
    field < 0 || line.isBlank(field) ? Number.NaN : line.number(field);
  return (line, row) => {
    row.symbol = symbol;
    row.open = line.number(open);
    row.high = line.number(high);
    row.low = line.number(low);
    row.close = line.number(close);
    row.volume = line.number(volume);
    row.vwap = optional(line, vwap);
    row.trades = optional(line, trades);
    if (Number.isNaN(row.vwap) && !line.isBlank(vwap) && vwap >= 0) return notANumber("vwap", line.text(vwap));
    if (Number.isNaN(row.trades) && !line.isBlank(trades) && trades >= 0)
      return notANumber("trades", line.text(trades));
    return times(line, time, row);
  };
}

function notANumber(field: string, text: string): RowOutcome {
  return { reason: "bad_number", message: `${field}: got ${JSON.stringify(text)}, wanted a decimal number or nothing` };
}

/**
 * A plain date is a day bar's stamp: midnight New York of that date. Where the timeframe is not named, the first row
 * decides whether the file's rows may be plain dates.
 */
function timeReader({ timeframe }: ReaderContext): (line: Line, field: number, row: ImportedRow) => RowOutcome {
  let mayBeDates = timeframe === undefined ? undefined : timeframe.unit === "Day";
  return (line, field, row) => {
    const at = line.instant(field);
    const date = typeof at === "number" || mayBeDates === false ? undefined : parseDate(line.text(field));
    mayBeDates ??= date !== undefined;
    if (typeof at === "number") row.start = at;
    else if (date === undefined) return badTime(at, line.text(field));
    else row.start = newYorkMidnight(date);
    return undefined;
  };
}

function badTime(problem: InstantProblem, text: string): RowProblem {
  const got = `timestamp: got ${JSON.stringify(text)}`;
  return problem === "no_offset" || parseDate(text) !== undefined
    ? {
        reason: "no_offset",
        message: `${got}, wanted an offset with it (such as Z or -05:00): a zone is never guessed`,
      }
    : { reason: "bad_time", message: `${got}, wanted RFC 3339 such as 2023-01-03T14:30:00Z, or a date for day bars` };
}

function badHeader({ path }: ReaderContext, what: string): AppError {
  return new AppError(
    "import_failed",
    `${path}, line 1: the header ${what}; wanted ${plainCsv.columns}. Nothing was imported.`,
  );
}

/** The one that was named; else the file's own name where it looks like a ticker. */
function symbolOf({ path, symbols }: ReaderContext): string {
  const [named, ...others] = symbols ?? [basename(path).replace(/\.(csv|txt)?(\.gz)?$/i, "")];
  if (others.length > 0)
    throw new AppError("bad_argument", `--symbol: ${path} holds one symbol, got ${symbols?.join(",")}`);
  if (named !== undefined && isSymbol(named)) return named;
  const message = `--symbol is needed for ${path}: the file's own name is not a ticker`;
  throw new AppError("bad_argument", `${message}; wanted ${SYMBOL_WANTED}`);
}
