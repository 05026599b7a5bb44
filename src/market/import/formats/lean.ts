/** LEAN's data folder: zips of minutes (milliseconds since midnight New York), hours and days, prices times 10,000. */
import { basename } from "node:path";
import { daysOf, DAY_MS, parseDate } from "../../../kernel/index.ts";
import type { BarFormat, ImportedRow, ReadOptions, RowOutcome } from "../bar-format.ts";
import type { Line } from "../line.ts";
import { readRows, type RowReader } from "../read-rows.ts";
import { openStamps } from "../stamps.ts";
import { symbolOutcome } from "../symbol-column.ts";
import { NEW_YORK } from "../zone.ts";

const MINUTE_ROW = /^\d{1,8}(?:,[\d.]+){5}$/;
const MINUTE_NAME = /^(\d{8})_([a-z0-9.-]+)_minute_trade\.csv$/i;
const DAY_ROW = /^\d{8} \d{2}:\d{2}(?:,[\d.]+){5}$/;

const FIELDS = 6;
/** LEAN keeps equities' prices as whole ten-thousandths of a dollar. */
const PRICE_SCALE = 10_000;

export const lean: BarFormat = {
  name: "lean",
  looks: "LEAN's equity/usa/{minute,hour,daily} zips, with factor_files and map_files",
  matches: ({ path, lines }) => {
    const first = lines[0] ?? "";
    return DAY_ROW.test(first) || (MINUTE_ROW.test(first) && MINUTE_NAME.test(basename(path)));
  },
  facts: ({ path }) => ({ timeframe: timeframeOfPlace(path) }),
  read: async (file, options, sink) => {
    const reader = rowReader(file.head.path, options);
    await readRows(file, { headerLines: 0, fields: FIELDS, reader }, sink);
  },
};

function timeframeOfPlace(path: string): string | undefined {
  if (MINUTE_NAME.test(basename(path))) return "1Min";
  if (path.includes("/hour/")) return "1Hour";
  return path.includes("/daily/") ? "1Day" : undefined;
}

function rowReader(path: string, options: ReadOptions): RowReader {
  const minutes = MINUTE_NAME.exec(basename(path));
  const ticker = minutes?.[2] ?? basename(path).replace(/\.csv$/i, "");
  const symbol = symbolOutcome(ticker.toUpperCase(), options.symbols, "ticker");
  const stampOf = minutes === null ? dayStamps(options) : minuteStamps(minutes[1] ?? "");
  return (line, row) => {
    if (typeof symbol !== "string") return symbol ?? "other";
    row.symbol = symbol;
    readPrices(line, row);
    return stampOf(line, row);
  };
}

function readPrices(line: Line, row: ImportedRow): void {
  row.open = line.number(1) / PRICE_SCALE;
  row.high = line.number(2) / PRICE_SCALE;
  row.low = line.number(3) / PRICE_SCALE;
  row.close = line.number(4) / PRICE_SCALE;
  row.volume = line.number(5);
  row.vwap = Number.NaN;
  row.trades = Number.NaN;
}

type StampOf = (line: Line, row: ImportedRow) => RowOutcome;

/** The date stands in the file's name, the time of the bar's start in the row. */
function minuteStamps(name: string): StampOf {
  const date = parseDate(`${name.slice(0, 4)}-${name.slice(4, 6)}-${name.slice(6)}`);
  return (line, row) => {
    const timeMs = line.number(0);
    const start =
      date !== undefined && timeMs >= 0 && timeMs < DAY_MS
        ? NEW_YORK.toInstant(daysOf(date) * DAY_MS + timeMs)
        : "skipped";
    if (typeof start !== "number") {
      const got = `${JSON.stringify(line.text(0))} of the day ${name}`;
      return { reason: "bad_time", message: `time: got ${got}, wanted milliseconds since midnight of a date` };
    }
    row.start = start;
    return undefined;
  };
}

function dayStamps(options: ReadOptions): StampOf {
  const stamps = openStamps({ ...options, zone: NEW_YORK, timeFormat: undefined, column: 0, field: "time" });
  return (line, row) => {
    const start = stamps(line);
    if (typeof start !== "number") return start;
    row.start = start;
    return undefined;
  };
}
