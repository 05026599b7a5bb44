/** Writes bars of the catalog into one file that this and other tools read: CSV as alpaca-py writes it, or Parquet. */
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { newYorkMidnight } from "../../calendar/index.ts";
import {
  AppError,
  dateFromDays,
  daysOf,
  instant,
  isRefusal,
  parseDate,
  refuse,
  type Instant,
  type Refusal,
} from "../../kernel/index.ts";
import { unknownSymbol } from "../catalog/unknown-symbol.ts";
import type { Market } from "../market.ts";
import type { BarsWriter } from "./bars-writer.ts";
import { openCsv } from "./csv-file.ts";
import { openParquet } from "./parquet-file.ts";

export interface ExportOptions {
  readonly market: Market;
  /** In this order. */
  readonly symbols: readonly string[];
  /** Any of Alpaca's timeframes; default: the finest that each symbol has. */
  readonly timeframe?: string | undefined;
  /** First and last New York date; default: all there is. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** "raw" (default), "split", "dividend" or "all": for what has happened until today. */
  readonly adjustment?: string | undefined;
  /** Its extension says the format: .csv, .csv.gz or .parquet. */
  readonly path: string;
  /** Whether a file that is there may be written over. */
  readonly isForced?: boolean;
  readonly onProgress?: ((symbolsDone: number, symbolsTotal: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ExportReport {
  readonly path: string;
  readonly rows: number;
  readonly series: readonly { readonly symbol: string; readonly timeframe: string; readonly rows: number }[];
  /** Symbols whose prices are adjusted in the catalog, or were adjusted for this file: an import has to be told so. */
  readonly adjusted: readonly string[];
}

/** Bars in memory at once. */
const BARS_PER_PAGE = 50_000;

/**
 * The file appears whole or not at all. Refuses "not_found" and "bad_request" naming the field; throws AppError
 * "bad_argument" for another extension or a file that is there, and "export_failed" where it cannot be written.
 */
export async function exportBars(options: ExportOptions): Promise<ExportReport | Refusal> {
  const { market, symbols, path } = options;
  const unknown = symbols.find((symbol) => !market.hasSymbol(symbol));
  if (unknown !== undefined) return unknownSymbol(unknown);
  const span = spanOf(options);
  if (isRefusal(span)) return span;
  const open = writerFor(path);
  if (existsSync(path) && options.isForced !== true) {
    throw new AppError("bad_argument", `${path} is there already: choose another name, or say --force`);
  }
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const writer = await open(temporary);
    const series = await writeAll(writer, options, span);
    if (isRefusal(series)) return series;
    await rename(temporary, path);
    const isAsked = !["raw", "spin-off"].includes(options.adjustment ?? "raw");
    const adjusted = symbols.filter((symbol) => isAsked || market.isAdjusted(symbol));
    return { path, rows: series.reduce((sum, { rows }) => sum + rows, 0), series, adjusted };
  } catch (error) {
    if (error instanceof AppError || options.signal?.aborted === true) throw error;
    throw new AppError("export_failed", `${path} cannot be written: ${String(error)}`, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

function writerFor(path: string): (file: string) => Promise<BarsWriter> {
  if (/\.parquet$/i.test(path)) return openParquet;
  if (/\.csv(\.gz)?$/i.test(path)) return (file) => openCsv(file, /\.gz$/i.test(path));
  throw new AppError(
    "bad_argument",
    `--output: got ${JSON.stringify(path)}, wanted a name that ends in .csv, .csv.gz or .parquet`,
  );
}

interface Span {
  readonly start: Instant | undefined;
  readonly end: Instant | undefined;
}

/** Both dates are whole New York days. */
function spanOf({ from, to }: ExportOptions): Span | Refusal {
  const [first, last] = [from, to].map((text) => (text === undefined ? undefined : parseDate(text)));
  const wrong = first === undefined && from !== undefined ? ["from", from] : ["to", to];
  if ((first === undefined && from !== undefined) || (last === undefined && to !== undefined)) {
    return refuse("bad_request", `${wrong[0]}: got ${JSON.stringify(wrong[1])}, wanted a date such as 2024-03-05`);
  }
  return {
    start: first === undefined ? undefined : newYorkMidnight(first),
    end: last === undefined ? undefined : instant(newYorkMidnight(dateFromDays(daysOf(last) + 1)) - 1),
  };
}

async function writeAll(
  writer: BarsWriter,
  options: ExportOptions,
  span: Span,
): Promise<ExportReport["series"] | Refusal> {
  const series: { symbol: string; timeframe: string; rows: number }[] = [];
  let isWhole = false;
  try {
    for (const [index, symbol] of options.symbols.entries()) {
      options.onProgress?.(index, options.symbols.length);
      const timeframe = options.timeframe ?? finestOf(options.market, symbol);
      const rows = await writeSymbol(writer, options, { symbol, timeframe, ...span });
      if (typeof rows !== "number") return rows;
      series.push({ symbol, timeframe, rows });
    }
    await writer.finish();
    isWhole = true;
    return series;
  } finally {
    if (!isWhole) await writer.abandon();
  }
}

const finestOf = (market: Market, symbol: string): string =>
  market.describe().find((series) => series.symbol === symbol)?.timeframe ?? "1Min";

async function writeSymbol(
  writer: BarsWriter,
  { market, adjustment, signal }: ExportOptions,
  { symbol, timeframe, start, end }: Span & { readonly symbol: string; readonly timeframe: string },
): Promise<number | Refusal> {
  let rows = 0;
  let after: Instant | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const limit = BARS_PER_PAGE;
    const page = await market.bars({ symbol, timeframe, start, end, limit, after, knownAt: undefined, adjustment });
    if (isRefusal(page)) return page;
    await writer.write(symbol, page.bars);
    rows += page.bars.length;
    after = page.bars.at(-1)?.label;
    if (page.isLast || after === undefined) return rows;
  }
}
