/** Reads one series month by month; files that are damaged or gone are named and passed over. */
import { AppError } from "../../kernel/index.ts";
import type { Market } from "../market.ts";
import type { Month } from "../months.ts";
import type { Columns } from "../series/columns.ts";
import type { BarSource } from "./bar-source.ts";

export interface SeriesKey {
  readonly symbol: string;
  /** As the catalog names it. */
  readonly timeframe: string;
}

/** Takes the months of a series, oldest first. */
export interface MonthsReader<Result> {
  readonly take: (columns: Columns) => void;
  readonly result: () => Result;
}

export interface SeriesReading<Result> {
  readonly source: BarSource;
  readonly result: Result;
  /** What is wrong with its files, each said once. */
  readonly damages: readonly Damage[];
}

export interface Damage {
  readonly month: Month;
  /** Names the file, what is wrong and who must act. */
  readonly message: string;
}

/** Undefined where the series does not exist. A file that is gone was perhaps replaced meanwhile: then it begins anew. */
export async function readSeries<Result>(
  market: Market,
  key: SeriesKey,
  begin: (source: BarSource) => MonthsReader<Result>,
): Promise<SeriesReading<Result> | undefined> {
  for (let source = sourceOf(market, key); source !== undefined;) {
    const reader = begin(source);
    const damages = await readMonthsOf(source, reader);
    market.refresh();
    const latest = sourceOf(market, key);
    const isReplaced = latest?.summary().hash !== source.summary().hash;
    if (damages.length === 0 || !isReplaced) return { source, result: reader.result(), damages };
    source = latest;
  }
  return undefined;
}

const sourceOf = (market: Market, { symbol, timeframe }: SeriesKey): BarSource | undefined =>
  market.sources(symbol).find((source) => source.timeframe.name === timeframe);

async function readMonthsOf(source: BarSource, { take }: MonthsReader<unknown>): Promise<readonly Damage[]> {
  const damages = new Map<string, Damage>();
  for (const month of source.months) {
    const columns = await source.load(month).catch((error: unknown) => damageOf(error));
    if (typeof columns !== "string") take(columns);
    else if (!damages.has(columns)) damages.set(columns, { month, message: columns });
  }
  return [...damages.values()];
}

/** A bug is thrown on; what the disk did is told. */
function damageOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (!(error instanceof Error) || !("code" in error)) throw error;
  return `${error.message}. Restore the file; or remove the series and import its bars again.`;
}
