/** What an import is told besides its file, and what its reading makes of that. */
import { AppError } from "../../kernel/index.ts";
import { parseConflictPolicy } from "../catalog/conflicts.ts";
import type { Market } from "../market.ts";
import { isSymbol, SYMBOL_WANTED } from "../symbol.ts";
import { isStorable, parseTimeframe, type TimeframeSpec } from "../timeframe.ts";
import { parseColumns } from "./column-map.ts";
import type { ContentLimits, ReadingOptions } from "./import-reading.ts";
import { parseTimeFormat } from "./stamps.ts";
import { openZone } from "./zone.ts";

export interface ImportOptions {
  /** Sees the new bars as soon as they are there. */
  readonly market: Market;
  /** A file, or a folder whose files are imported together. */
  readonly path: string;
  /** The symbol of a file that holds one; for files of many, and for folders, those to take, separated by commas. */
  readonly symbol?: string | undefined;
  /** "1Min" to "59Min", "1Hour" to "23Hour" or "1Day"; default: what the files say. */
  readonly timeframe?: string | undefined;
  /** Default: what the content says. */
  readonly format?: string | undefined;
  /** Zone of times without an offset, an IANA name; default: the format's own, and none for plain CSV. */
  readonly timezone?: string | undefined;
  /** How times are written; default "iso". */
  readonly timeFormat?: string | undefined;
  /** Which column holds what, see `parseColumns`. */
  readonly columns?: string | undefined;
  /** What the user says of the prices; default: what the format says, else as the series has it. */
  readonly isAdjusted?: boolean | undefined;
  /** What is done with days that contradict the catalog: "fail" (default), "keep" or "replace". */
  readonly onConflict?: string | undefined;
  /** Bytes on disk. */
  readonly onProgress?: ((bytesRead: number, bytesTotal: number) => void) | undefined;
  /** Once everything is read: years of series that are written, so far and in all. */
  readonly onWriting?: ((yearsDone: number, yearsTotal: number) => void) | undefined;
  /** Milliseconds to wait for another import to end. */
  readonly lockWaitMs?: number | undefined;
  /** How much the files may hold, where they come from somebody else; default: as much as there is. */
  readonly atMost?: ContentLimits | undefined;
  /** Ends the import; nothing has changed then. */
  readonly signal?: AbortSignal | undefined;
}

/** Throws AppError "bad_argument" for an option that cannot be. */
export function readingOptions(options: Omit<ImportOptions, "market" | "path">, isFolder: boolean): ReadingOptions {
  const { symbol, timeframe, timezone, timeFormat, columns, format, isAdjusted, atMost, signal } = options;
  if (options.onConflict !== undefined) parseConflictPolicy(options.onConflict);
  return {
    symbols: symbol === undefined ? undefined : namedSymbols(symbol),
    isFolder,
    timeframe: timeframe === undefined ? undefined : storedTimeframe(timeframe),
    zone: timezone === undefined ? undefined : openZone(timezone),
    timeFormat: timeFormat === undefined ? undefined : parseTimeFormat(timeFormat),
    columns: columns === undefined ? undefined : parseColumns(columns),
    format,
    isAdjusted,
    atMost,
    signal,
  };
}

function namedSymbols(text: string): readonly string[] {
  const symbols = text.split(",").map((symbol) => symbol.trim());
  const wrong = symbols.find((symbol) => !isSymbol(symbol));
  if (wrong === undefined) return symbols;
  throw new AppError("bad_argument", `--symbol: got ${JSON.stringify(wrong)}, wanted ${SYMBOL_WANTED}`);
}

function storedTimeframe(text: string): TimeframeSpec {
  const spec = parseTimeframe(text);
  if (spec !== undefined && isStorable(spec)) return spec;
  const wanted = "1Min to 59Min, 1Hour to 23Hour, or 1Day (weeks and months are made from these)";
  throw new AppError("bad_argument", `--timeframe: got ${JSON.stringify(text)}, wanted ${wanted}`);
}
