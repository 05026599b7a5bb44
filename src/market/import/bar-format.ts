/** What a file format is to the importer: a look by which its files are known, and a reader of rows. One file each. */
import type { CorporateAction } from "../../kernel/index.ts";
import type { TimeframeSpec } from "../timeframe.ts";
import type { ColumnMap } from "./column-map.ts";
import type { FileHead } from "./files/file-head.ts";
import type { SourceFile } from "./files/source-file.ts";
import type { RowProblem } from "./refused-rows.ts";
import type { TimeFormat } from "./stamps.ts";
import type { Zone } from "./zone.ts";

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

/** What the user said of the files, for formats that leave it open. */
export interface ReadOptions {
  /** A file's own symbol, or those to take from a file of many. */
  readonly symbols: readonly string[] | undefined;
  /** Whether there are many files: then `symbols` chooses among them, and never says what a file is. */
  readonly isFolder: boolean;
  readonly timeframe: TimeframeSpec | undefined;
  /** Of times without an offset. */
  readonly zone: Zone | undefined;
  readonly timeFormat: TimeFormat | undefined;
  readonly columns: ColumnMap | undefined;
}

/** Takes what a format reads. */
export interface RowSink {
  /** `line` is the row's number in the file, for messages; `outcome` what the format itself found. */
  readonly take: (row: ImportedRow, line: number, outcome: RowOutcome) => void;
  /** Corporate actions that the file tells of. */
  readonly takeAction: (action: CorporateAction) => void;
}

/** What a file says of all of its rows. */
export interface FileFacts {
  /** Where the format or the file's place tells it; else the stamps do. */
  readonly timeframe?: string | undefined;
  /** The timeframe of stamps that are not all midnights, where the format has only days and one other. */
  readonly unlessDays?: string;
  /** Whether a stamp is the end of its bar; default: its start. */
  readonly areEnds?: boolean;
  /** Whether prices are known to be adjusted. */
  readonly isAdjusted?: boolean;
}

export interface BarFormat {
  readonly name: FormatName;
  /** What its files look like, for messages. */
  readonly looks: string;
  readonly matches: (head: FileHead) => boolean;
  /** What is known before the first row; what only the rows tell is left out. */
  readonly facts: (head: FileHead, options: ReadOptions) => FileFacts;
  /** Throws AppError "import_failed" or "bad_argument" where the file cannot be read as this format. */
  readonly read: (file: SourceFile, options: ReadOptions, sink: RowSink) => Promise<void>;
}

export type FormatName = (typeof FORMAT_NAMES)[number];

export const FORMAT_NAMES = [
  "csv",
  "polygon",
  "alpaca-csv",
  "alpaca-json",
  "yahoo",
  "yfinance",
  "lean",
  "lean-factors",
  "lean-map",
  "firstrate",
  "ninjatrader",
  "parquet",
] as const;
