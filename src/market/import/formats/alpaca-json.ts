/** Answers of Alpaca's /v2/stocks/bars (and of its crypto bars): one page a file, or one page a line. */
import { AppError, IMPORT_JSON_BYTES_MAX, parseInstant } from "../../../kernel/index.ts";
import type { BarFormat, ImportedRow, ReadOptions, RowOutcome, RowSink } from "../bar-format.ts";
import { unreadable, type SourceFile } from "../files/source-file.ts";
import { isAdjustedByName, timeframeInName } from "../name-facts.ts";
import { emptyRow } from "../settle-rows.ts";
import { symbolOutcome } from "../symbol-column.ts";

export const alpacaJson: BarFormat = {
  name: "alpaca-json",
  looks: '{"bars":{"SPY":[{"t":…,"o":…,"h":…,"l":…,"c":…,"v":…}]}} of /v2/stocks/bars',
  matches: ({ bytes }) => /^\s*\{(?=[\s\S]*"bars"\s*:)/.test(bytes.toString("latin1")),
  facts: ({ path }) => ({
    timeframe: timeframeInName(path),
    ...(isAdjustedByName(path) ? { isAdjusted: true } : {}),
  }),
  read: async (file, options, sink) => {
    const pages = pagesOf(file.head.path, await textOf(file));
    const reading = { row: emptyRow(), line: 0, options, sink };
    for (const page of pages) takePage(file.head.path, page, reading);
  },
};

/** Throws AppError "import_failed" where the file is larger than any list of pages. */
async function textOf(file: SourceFile): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of await file.open()) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      await file.onChunk();
      if (bytes > IMPORT_JSON_BYTES_MAX) {
        const message = `it has more than ${IMPORT_JSON_BYTES_MAX} bytes; an answer of Alpaca's has at most 10,000 bars`;
        throw new Error(`${message}: keep one page a file`);
      }
    }
  } catch (error) {
    throw unreadable(file.head.path, error);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

function pagesOf(path: string, text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (whole) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length < 2) throw unreadable(path, whole);
    return lines.map((line, index) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (error) {
        throw unreadable(path, new Error(`line ${index + 1} is not JSON: ${String(error)}`));
      }
    });
  }
}

interface Reading {
  readonly row: ImportedRow;
  /** Bars so far: there are no lines to count. */
  line: number;
  readonly options: ReadOptions;
  readonly sink: RowSink;
}

function takePage(path: string, page: unknown, reading: Reading): void {
  const bars = isRecord(page) ? page["bars"] : undefined;
  // Alpaca writes null where a single symbol has no bars.
  if (bars === null) return;
  const lists = Array.isArray(bars) ? { [symbolOfPage(page)]: bars } : bars;
  if (!isRecord(lists)) throw notBars(path, "there is no object or list of bars");
  for (const [symbol, list] of Object.entries(lists)) {
    if (!Array.isArray(list)) throw notBars(path, `the bars of ${JSON.stringify(symbol)} are not a list`);
    const known = symbolOutcome(symbol, reading.options.symbols);
    for (const bar of list) {
      reading.line += 1;
      const outcome = typeof known === "string" ? readBar(bar, reading.row) : (known ?? "other");
      reading.row.symbol = symbol;
      reading.sink.take(reading.row, reading.line, outcome);
    }
  }
}

const symbolOfPage = (page: unknown): string => (isRecord(page) ? String(page["symbol"]) : "");

const notBars = (path: string, what: string): AppError =>
  new AppError("import_failed", `${path} is not an answer of /v2/stocks/bars: ${what}. Nothing was imported.`);

function readBar(bar: unknown, row: ImportedRow): RowOutcome {
  if (!isRecord(bar)) return { reason: "bad_number", message: `got ${JSON.stringify(bar)}, wanted a bar` };
  row.open = numberOf(bar["o"]);
  row.high = numberOf(bar["h"]);
  row.low = numberOf(bar["l"]);
  row.close = numberOf(bar["c"]);
  row.volume = numberOf(bar["v"]);
  row.vwap = optional(bar["vw"]);
  row.trades = optional(bar["n"]);
  const at = parseInstant(String(bar["t"]));
  if (typeof at !== "number") {
    return { reason: "bad_time", message: `t: got ${JSON.stringify(bar["t"])}, wanted RFC 3339 with an offset` };
  }
  row.start = at;
  return undefined;
}

const numberOf = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

/** Alpaca writes 0 for a bar without trades of its own. */
const optional = (value: unknown): number => (typeof value === "number" && value > 0 ? value : Number.NaN);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
