/** Polygon (Massive) flat files: many tickers a file, a start in nanoseconds, one file a day of minute or day bars. */
import { AppError } from "../../../kernel/index.ts";
import type { BarFormat, ReadOptions } from "../bar-format.ts";
import { headerOf, type FileHead } from "../files/file-head.ts";
import { readRows, type RowReader } from "../read-rows.ts";
import { symbolColumn } from "../symbol-column.ts";

const COLUMNS = ["ticker", "volume", "open", "close", "high", "low", "window_start", "transactions"];
const NANOS_PER_MILLISECOND_DIGITS = 6;

export const polygon: BarFormat = {
  name: "polygon",
  looks: COLUMNS.join(","),
  matches: (head) => {
    const header = headerOf(head);
    return header.includes("window_start") && header.includes("ticker");
  },
  // There are files of minutes and files of days: one row a ticker at midnight is a day, everything else is minutes.
  facts: ({ path }) => ({ timeframe: timeframeOfFolder(path), unlessDays: "1Min" }),
  read: async (file, options, sink) => {
    const header = headerOf(file.head);
    const reader = rowReader(file.head, header, options);
    await readRows(file, { headerLines: 1, fields: header.length, reader }, sink);
  },
};

/** The folders that the flat files are kept in tell what they hold. */
function timeframeOfFolder(path: string): string | undefined {
  if (path.includes("minute_aggs")) return "1Min";
  return path.includes("day_aggs") ? "1Day" : undefined;
}

function rowReader({ path }: FileHead, header: readonly string[], { symbols }: ReadOptions): RowReader {
  const missing = COLUMNS.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    const message = `${path}, line 1: the header misses ${missing.join(", ")}; wanted ${polygon.looks}`;
    throw new AppError("import_failed", `${message}. Nothing was imported.`);
  }
  const at = (name: string): number => header.indexOf(name);
  const [ticker, volume, open, close] = [at("ticker"), at("volume"), at("open"), at("close")];
  const [high, low, start, transactions] = [at("high"), at("low"), at("window_start"), at("transactions")];
  const tickers = symbolColumn(ticker, symbols, "ticker");
  return (line, row) => {
    const symbol = tickers(line);
    if (typeof symbol !== "string") return symbol ?? "other";
    row.symbol = symbol;
    row.volume = line.number(volume);
    row.open = line.number(open);
    row.close = line.number(close);
    row.high = line.number(high);
    row.low = line.number(low);
    row.vwap = Number.NaN;
    row.trades = line.number(transactions);
    row.start = line.scaledInteger(start, NANOS_PER_MILLISECOND_DIGITS);
    if (Number.isNaN(row.trades)) {
      const got = JSON.stringify(line.text(transactions));
      return { reason: "bad_number", message: `transactions: got ${got}, wanted a number` };
    }
    if (Number.isNaN(row.start)) {
      const got = JSON.stringify(line.text(start));
      return {
        reason: "bad_time",
        message: `window_start: got ${got}, wanted nanoseconds since 1970 of a whole millisecond`,
      };
    }
    return undefined;
  };
}
