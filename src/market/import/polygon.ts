/** Polygon (Massive) flat files: many tickers a file, a start in nanoseconds, one file a day of minute or day bars. */
import { AppError } from "../../kernel/index.ts";
import { isSymbol, SYMBOL_WANTED } from "../symbol.ts";
import type { BarFormat, ReaderContext, RowReader } from "./bar-format.ts";
import type { Line } from "./line.ts";

const COLUMNS = ["ticker", "volume", "open", "close", "high", "low", "window_start", "transactions"];
const NANOS_PER_MILLISECOND_DIGITS = 6;

export const polygon: BarFormat = {
  name: "polygon",
  columns: COLUMNS.join(","),
  isHeader: (columns) => columns.includes("window_start") && columns.includes("ticker"),
  openReader,
  // There are files of minutes and files of days: one row a ticker at midnight is a day, everything else is minutes.
  detectTimeframe: ({ areMidnights }) => (areMidnights ? "1Day" : "1Min"),
};

function openReader(columns: readonly string[], context: ReaderContext): RowReader {
  const missing = COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const message = `${context.path}, line 1: the header misses ${missing.join(", ")}; wanted ${polygon.columns}`;
    throw new AppError("import_failed", `${message}. Nothing was imported.`);
  }
  const at = (name: string): number => columns.indexOf(name);
  const [ticker, volume, open, close] = [at("ticker"), at("volume"), at("open"), at("close")];
  const [high, low, start, transactions] = [at("high"), at("low"), at("window_start"), at("transactions")];
  const tickers = tickerReader(context.symbols);
  return (line, row) => {
    const known = tickers(line, ticker);
    if (!known.isWanted) return "other";
    if (!known.isSymbol) {
      return { reason: "bad_symbol", message: `ticker: got ${JSON.stringify(known.symbol)}, wanted ${SYMBOL_WANTED}` };
    }
    row.symbol = known.symbol;
    row.volume = line.number(volume);
    row.open = line.number(open);
    row.close = line.number(close);
    row.high = line.number(high);
    row.low = line.number(low);
    row.vwap = Number.NaN;
    row.trades = line.number(transactions);
    row.start = millisecondsOf(line.text(start));
    if (Number.isNaN(row.trades)) {
      return {
        reason: "bad_number",
        message: `transactions: got ${JSON.stringify(line.text(transactions))}, wanted a number`,
      };
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

interface Ticker {
  readonly symbol: string;
  readonly bytes: Buffer;
  readonly isSymbol: boolean;
  readonly isWanted: boolean;
}

/** Rows of one ticker follow one another, so the last one is mostly the next one too. */
function tickerReader(wanted: readonly string[] | undefined): (line: Line, field: number) => Ticker {
  let last: Ticker = { symbol: "", bytes: Buffer.alloc(0), isSymbol: false, isWanted: false };
  return (line, field) => {
    if (last.symbol !== "" && line.equals(field, last.bytes)) return last;
    const symbol = line.text(field);
    last = {
      symbol,
      bytes: Buffer.from(symbol),
      isSymbol: isSymbol(symbol),
      isWanted: wanted === undefined || wanted.includes(symbol),
    };
    return last;
  };
}

/** Nanoseconds have 19 digits, more than a number holds: the last six are cut off as text, and must be zeros. */
function millisecondsOf(nanoseconds: string): number {
  if (!/^\d{7,19}$/.test(nanoseconds)) return Number.NaN;
  const cut = nanoseconds.length - NANOS_PER_MILLISECOND_DIGITS;
  return Number(nanoseconds.slice(cut)) === 0 ? Number(nanoseconds.slice(0, cut)) : Number.NaN;
}
