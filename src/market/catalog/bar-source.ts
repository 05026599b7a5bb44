/** One series of one symbol, wherever its bars come from: files on disk, or the built-in sample. */
import { join } from "node:path";
import { assert, instant, type Instant } from "../../kernel/index.ts";
import { monthInYear, monthOf, yearOf, type Month } from "../months.ts";
import { sampleMonth } from "../sample/minutes.ts";
import { sampleFacts } from "../sample/sample-facts.ts";
import { SAMPLE_FIRST_MONTH, SAMPLE_LAST_MONTH, type SampleSymbol } from "../sample/sample-symbols.ts";
import { joinColumns, type Columns } from "../series/columns.ts";
import { parseTimeframe, type TimeframeSpec } from "../timeframe.ts";
import { readMonths, sha256 } from "./bars-file.ts";
import { barsFileName, barsFolder, rowsOf, type SeriesEntry } from "./manifest.ts";

/** What a list shows of a series. */
export interface SeriesSummary {
  readonly symbol: string;
  readonly timeframe: string;
  /** Start of the first bar and end of the last. */
  readonly from: Instant;
  readonly to: Instant;
  readonly rows: number;
  /** The file that it was imported from, or "built-in sample". */
  readonly source: string;
  /** Whether prices are marked as adjusted for splits or dividends. */
  readonly isAdjusted: boolean;
  readonly isSynthetic: boolean;
  /** Equal hashes mean equal bars. Hexadecimal. */
  readonly hash: string;
}

export interface BarSource {
  readonly timeframe: TimeframeSpec;
  readonly isSynthetic: boolean;
  readonly isAdjusted: boolean;
  /** Months in which there may be bars, oldest first. */
  readonly months: readonly Month[];
  readonly summary: () => SeriesSummary;
  /** Changes with the month's content. */
  readonly identityOf: (month: Month) => string;
  readonly load: (month: Month) => Promise<Columns>;
}

export function fileSource(marketDir: string, entry: SeriesEntry): BarSource {
  const timeframe = timeframeOf(entry.timeframe);
  const years = new Map(entry.years.map((year) => [year.year, year]));
  const months = entry.years.flatMap((year) =>
    year.monthRows.flatMap((rows, index) => (rows > 0 ? [monthOf(year.year, index)] : [])),
  );
  const hashOf = (month: Month): string => years.get(yearOf(month))?.hash ?? "";
  return {
    timeframe,
    isSynthetic: false,
    isAdjusted: entry.isAdjusted,
    months,
    summary: () => fileSummary(entry),
    identityOf: (month) => hashOf(month).slice(0, 16),
    load: async (month) => {
      const year = { year: yearOf(month), hash: hashOf(month) };
      const path = join(barsFolder(marketDir, entry.symbol), barsFileName(entry, year));
      return joinColumns(await readMonths({ path, hash: year.hash }, [monthInYear(month)]));
    },
  };
}

function fileSummary({ symbol, timeframe, source, isAdjusted, years }: SeriesEntry): SeriesSummary {
  const [first, last] = [years[0], years.at(-1)];
  return {
    symbol,
    timeframe,
    from: first?.from ?? instant(0),
    to: last?.to ?? instant(0),
    rows: years.reduce((sum, year) => sum + rowsOf(year), 0),
    source,
    isAdjusted,
    isSynthetic: false,
    hash: sha256(Buffer.from(years.map((year) => year.hash).join(""))),
  };
}

export const SAMPLE_SOURCE = "built-in sample";

export function sampleSource(symbol: SampleSymbol): BarSource {
  const months = Array.from(
    { length: SAMPLE_LAST_MONTH - SAMPLE_FIRST_MONTH + 1 },
    (_, index) => SAMPLE_FIRST_MONTH + index,
  );
  const timeframe = timeframeOf("1Min");
  return {
    timeframe,
    isSynthetic: true,
    isAdjusted: false,
    months,
    summary: () => ({
      symbol: symbol.symbol,
      timeframe: timeframe.name,
      ...sampleFacts(symbol),
      source: SAMPLE_SOURCE,
      isAdjusted: false,
      isSynthetic: true,
    }),
    identityOf: () => "sample",
    load: async (month) => sampleMonth(symbol, month),
  };
}

function timeframeOf(name: string): TimeframeSpec {
  const spec = parseTimeframe(name);
  assert(spec !== undefined, "Invariant: the catalog holds only timeframes of the grammar");
  return spec;
}

/** The months of several sources together, oldest first. */
export function monthsOf(sources: readonly BarSource[]): readonly Month[] {
  return [...new Set(sources.flatMap((source) => source.months))].toSorted((a, b) => a - b);
}

/** Index of the first month not before `month`. */
export function firstMonthFrom(months: readonly Month[], month: Month): number {
  const index = months.findIndex((candidate) => candidate >= month);
  return index < 0 ? months.length : index;
}
