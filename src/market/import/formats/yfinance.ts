/** What yfinance's data frames write: a header of one line, or of three with prices, tickers and the name of the index. */
import { AppError } from "../../../kernel/index.ts";
import type { BarFormat, ImportedRow, ReadOptions, RowOutcome, RowSink } from "../bar-format.ts";
import { headerOf, type FileHead } from "../files/file-head.ts";
import { readLines } from "../files/read-lines.ts";
import type { SourceFile } from "../files/source-file.ts";
import { Line } from "../line.ts";
import { timeframeInName } from "../name-facts.ts";
import { emptyRow } from "../settle-rows.ts";
import { openStamps, type StampReader } from "../stamps.ts";
import { symbolOfFile, symbolOutcome } from "../symbol-column.ts";
import { quiet } from "./float-noise.ts";

const FIELDS = ["open", "high", "low", "close", "volume"] as const;
type Field = (typeof FIELDS)[number];
type Places = Readonly<Record<Field, number>>;

/** Where the figures of each ticker stand, and how many lines come before the first row. */
interface Layout {
  readonly headerLines: number;
  readonly tickers: ReadonlyMap<string, Places>;
  readonly fields: number;
}

export const yfinance: BarFormat = {
  name: "yfinance",
  looks:
    "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits, or Date,Close,High,Low,Open,Volume, or Price,Close,High,Low,Open,Volume over Ticker,…",
  matches: (head) => isThreeLines(head) || isOneLine(headerOf(head)),
  // yfinance adjusts by default, and where it was told not to it still hands on Yahoo's split-adjusted prices.
  facts: ({ path }) => ({ timeframe: timeframeInName(path), isAdjusted: true }),
  read: async (file, options, sink) => {
    const layout = isThreeLines(file.head) ? threeLines(file.head) : oneLine(file.head, options);
    await readTickers(file, layout, { options, sink });
  },
};

const isThreeLines = (head: FileHead): boolean =>
  headerOf(head)[0] === "price" && /^"?ticker/i.test(head.lines[1] ?? "");

/** Told from any table of days by the columns that only it has, or by its order of the others. */
const isOneLine = (header: readonly string[]): boolean =>
  (header[0] === "date" || header[0] === "datetime") &&
  FIELDS.every((name) => header.includes(name)) &&
  (header.slice(1).join() === "close,high,low,open,volume" ||
    (header.includes("stock splits") && header.slice(1).every((name) => KNOWN_ONE_LINE.has(name))));

/** Besides the figures; dividends and splits are in the prices already. */
const KNOWN_ONE_LINE = new Set<string>([...FIELDS, "dividends", "stock splits", "capital gains"]);

function oneLine(head: FileHead, options: ReadOptions): Layout {
  const header = headerOf(head);
  const tickers = new Map([[symbolOfFile(head.path, options), placesIn(header)]]);
  return { headerLines: 1, tickers, fields: header.length };
}

function threeLines(head: FileHead): Layout {
  const cells = (line: number): readonly string[] => (head.lines[line] ?? "").split(",").map((text) => text.trim());
  const [prices, tickers] = [cells(0), cells(1)];
  const names = [...new Set(tickers.slice(1))].filter((ticker) => ticker !== "");
  const placesOf = (ticker: string): Places => {
    const columns = prices.map((price, index) => (tickers[index] === ticker ? price.toLowerCase() : ""));
    const missing = FIELDS.filter((name) => !columns.includes(name));
    if (missing.length > 0) {
      const message = `${head.path}, line 1: there is no ${missing.join(", ")} of ${ticker}`;
      throw new AppError("import_failed", `${message}. Nothing was imported.`);
    }
    return placesIn(columns);
  };
  return {
    headerLines: /^"?date(time)?"?,*$/i.test(head.lines[2] ?? "") ? 3 : 2,
    tickers: new Map(names.map((ticker) => [ticker, placesOf(ticker)])),
    fields: prices.length,
  };
}

const placesIn = (columns: readonly string[]): Places => ({
  open: columns.indexOf("open"),
  high: columns.indexOf("high"),
  low: columns.indexOf("low"),
  close: columns.indexOf("close"),
  volume: columns.indexOf("volume"),
});

interface Reading {
  readonly options: ReadOptions;
  readonly sink: RowSink;
}

async function readTickers(file: SourceFile, layout: Layout, { options, sink }: Reading): Promise<void> {
  const line = new Line();
  const row = emptyRow();
  const stamps = openStamps({ ...options, timeFormat: undefined, column: 0, field: "Date" });
  const isOneTicker = layout.tickers.size === 1;
  let headerLines = layout.headerLines;
  await readLines(file, (bytes, { start, end }, number) => {
    line.split(bytes, start, end);
    if (headerLines > 0) {
      headerLines -= 1;
      return;
    }
    for (const [ticker, places] of layout.tickers) {
      // A table of many tickers has rows on which some of them did not trade.
      if (!isOneTicker && FIELDS.every((name) => line.isAbsent(places[name]))) continue;
      row.symbol = ticker;
      sink.take(row, number, readTicker({ line, row, places, stamps, fields: layout.fields }, options));
    }
  });
}

interface TickerRow {
  readonly line: Line;
  readonly row: ImportedRow;
  readonly places: Places;
  readonly stamps: StampReader;
  readonly fields: number;
}

function readTicker({ line, row, places, stamps, fields }: TickerRow, { symbols }: ReadOptions): RowOutcome {
  if (line.fields !== fields) {
    return { reason: "wrong_field_count", message: `got ${line.fields} fields, wanted ${fields} as in the header` };
  }
  const symbol = symbolOutcome(row.symbol, symbols, "Ticker");
  if (typeof symbol !== "string") return symbol ?? "other";
  for (const name of FIELDS) row[name] = line.number(places[name]);
  row.vwap = Number.NaN;
  row.trades = Number.NaN;
  const start = stamps(line);
  if (typeof start !== "number") return start;
  row.start = start;
  quiet(row);
  return undefined;
}
