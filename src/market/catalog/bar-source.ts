/** One series of one symbol, wherever its bars come from: files on disk, or the built-in sample. */
import { join } from "node:path";
import { instant, type Instant } from "../../kernel/index.ts";
import { monthInYear, monthOf, yearOf, type Month } from "../months.ts";
import { sampleMonth } from "../sample/minutes.ts";
import { sampleFacts } from "../sample/sample-facts.ts";
import { SAMPLE_FIRST_MONTH, SAMPLE_LAST_MONTH, type SampleSymbol } from "../sample/sample-symbols.ts";
import { seriesDays, type DayCounts, type SeriesDays } from "./coverage.ts";
import { joinColumns, type Columns } from "../series/columns.ts";
import { timeframeOf, type TimeframeSpec } from "../timeframe.ts";
import { readMonths, sha256 } from "./bars-file.ts";
import { barsFileName, barsFolder, rowsOf, type SeriesEntry, type YearEntry } from "./manifest.ts";

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
  /** Trading days of the exchange; undefined for pairs, and while they have not been counted (older catalogs). */
  readonly days: SeriesDays | undefined;
}

/** What is known of a year without opening its file. */
export interface YearSummary {
  readonly year: number;
  readonly rows: number;
  /** Start of the first bar and end of the last. */
  readonly from: Instant;
  readonly to: Instant;
  /** Hexadecimal: of the file's header, which vouches for all of it. */
  readonly hash: string;
  readonly days: DayCounts | undefined;
}

export interface BarSource {
  readonly timeframe: TimeframeSpec;
  readonly isSynthetic: boolean;
  readonly isAdjusted: boolean;
  /** Months in which there may be bars, oldest first. */
  readonly months: readonly Month[];
  readonly summary: () => SeriesSummary;
  /** Oldest first; none of the sample, which has no files. */
  readonly years: () => readonly YearSummary[];
  /** Changes with the month's content. */
  readonly identityOf: (month: Month) => string;
  readonly load: (month: Month) => Promise<Columns>;
}

export function fileSource(marketDir: string, entry: SeriesEntry): BarSource {
  const timeframe = timeframeOf(entry.timeframe);
  let months: readonly Month[] | undefined;
  const hashOf = (month: Month): string => entry.years.find(({ year }) => year === yearOf(month))?.hash ?? "";
  return {
    timeframe,
    isSynthetic: false,
    isAdjusted: entry.isAdjusted,
    // A list of thousands of series asks for none of them.
    get months() {
      return (months ??= entry.years.flatMap(monthsOfYear));
    },
    summary: () => fileSummary(entry),
    years: () => entry.years.map(yearSummary),
    identityOf: (month) => hashOf(month).slice(0, 16),
    load: async (month) => {
      const year = { year: yearOf(month), hash: hashOf(month) };
      const path = join(barsFolder(marketDir, entry.symbol), barsFileName(entry, year));
      return joinColumns(await readMonths({ path, hash: year.hash }, [monthInYear(month)]));
    },
  };
}

const monthsOfYear = ({ year, monthRows }: YearEntry): Month[] =>
  monthRows.flatMap((rows, index) => (rows > 0 ? [monthOf(year, index)] : []));

function yearSummary(entry: YearEntry): YearSummary {
  const { year, hash, from, to, days } = entry;
  return { year, rows: rowsOf(entry), from, to, hash, days };
}

function fileSummary({ symbol, timeframe, source, isAdjusted, years }: SeriesEntry): SeriesSummary {
  const from = years[0]?.from ?? instant(0);
  const to = years.at(-1)?.to ?? instant(0);
  const days = years.map((year) => year.days);
  return {
    symbol,
    timeframe,
    from,
    to,
    rows: years.reduce((sum, year) => sum + rowsOf(year), 0),
    source,
    isAdjusted,
    isSynthetic: false,
    hash: sha256(Buffer.from(years.map((year) => year.hash).join(""))),
    days: days.every((counts) => counts !== undefined) ? seriesDays(days, from, to) : undefined,
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
    years: () => [],
    identityOf: () => "sample",
    load: async (month) => sampleMonth(symbol, month),
  };
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
