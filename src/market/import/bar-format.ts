/** What a file format is to the importer: a header it knows, and a reader of rows. One file per format implements it. */
import type { TimeframeSpec } from "../timeframe.ts";
import type { Line } from "./line.ts";
import type { RowProblem } from "./refused-rows.ts";

/** A row as it was read; one object is filled again for each row. */
export interface ImportedRow {
  symbol: string;
  /** Epoch milliseconds. */
  start: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** NaN: absent. */
  vwap: number;
  /** NaN: absent. */
  trades: number;
}

/** "other": the row is of a symbol that was not asked for. */
export type RowOutcome = RowProblem | "other" | undefined;

export type RowReader = (line: Line, row: ImportedRow) => RowOutcome;

export interface ReaderContext {
  readonly path: string;
  /** What the user named: the file's own symbol, or those to take from a file of many. */
  readonly symbols: readonly string[] | undefined;
  /** What the user named. */
  readonly timeframe: TimeframeSpec | undefined;
}

export interface BarFormat {
  readonly name: FormatName;
  /** Its columns, for messages. */
  readonly columns: string;
  /** Whether a header, in lower case, is this format's. */
  readonly isHeader: (columns: readonly string[]) => boolean;
  /** Throws AppError "import_failed" or "bad_argument" where the file cannot be read as this format. */
  readonly openReader: (columns: readonly string[], context: ReaderContext) => RowReader;
  /** Which timeframe the stamps of a whole file speak of; undefined where they do not say. */
  readonly detectTimeframe: (stamps: StampFacts) => string | undefined;
}

export type FormatName = "csv" | "polygon";

/** What the stamps of a file have in common. */
export interface StampFacts {
  /** All stand at midnight New York. */
  readonly areMidnights: boolean;
  /** Least time between two rows of one symbol, in milliseconds; Infinity where no symbol has two. */
  readonly smallestGapMs: number;
}
