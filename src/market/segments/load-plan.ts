/** Which months a load needs, in which order, and when it has to stop: one algorithm, run at once or with waits. */
import { formatInstant, instant, refuse, type Bar, type Instant, type Refusal } from "../../kernel/index.ts";
import type { SymbolEntry } from "../catalog/catalog.ts";
import { monthAt, monthEnd, monthStart, type Month } from "../months.ts";
import { barOf, lastPrintBefore, type BarSeries } from "../series/bar-series.ts";
import { loadedMarket, type LoadedMarket } from "./loaded-market.ts";
import type { LoadedSymbol, Segment } from "./loaded-symbol.ts";

export interface LoadPlan {
  readonly entries: readonly SymbolEntry[];
  readonly from: Instant;
  readonly until: Instant;
  readonly generation: number;
  readonly bytesMax: number;
}

/** What the plan asks its driver for. */
export interface SegmentRequest {
  readonly entry: SymbolEntry;
  readonly month: Month;
}

export type LoadSteps = Generator<SegmentRequest, LoadedMarket | Refusal, BarSeries>;

/** Covers everything: there is no bar after it. The last instant that a date can tell. */
const END_OF_TIME = instant(8_640_000_000_000_000);

/**
 * Month by month, all symbols at once, from the month of `from` to that of `until` inclusive; so a view usually reaches
 * further than was asked. Where the bytes run out it ends early; where not even the first month fits it refuses.
 */
export function* planLoad(plan: LoadPlan): LoadSteps {
  const { entries, from, until, generation, bytesMax } = plan;
  const segments = new Map(entries.map((entry): [string, Segment[]] => [entry.symbol, []]));
  const months = monthsBetween(entries, monthAt(from), monthAt(until));
  let bytes = 0;
  let coveredUntil = nextDataAfter(entries, monthAt(until));
  for (const month of months) {
    const round = yield* loadMonth(entries, month, bytesMax - bytes);
    if (round === undefined) {
      if (month === months[0]) return tooMany(plan, month);
      coveredUntil = monthStart(month);
      break;
    }
    for (const { symbol, series } of round) {
      bytes += series.bytes;
      if (series.rows > 0) segments.get(symbol)?.push({ until: monthEnd(month), series });
    }
  }
  const symbols = new Map<string, LoadedSymbol>();
  for (const entry of entries) {
    const loaded = segments.get(entry.symbol) ?? [];
    symbols.set(entry.symbol, { segments: loaded, earlier: yield* findEarlier(entry, loaded, from) });
  }
  return loadedMarket({ generation, firstMonth: monthAt(from), coveredUntil }, symbols);
}

/** Months in which any of the symbols may have bars. */
function monthsBetween(entries: readonly SymbolEntry[], first: Month, last: Month): Month[] {
  const months: Month[] = [];
  for (let month = first; month <= last; month += 1) {
    if (entries.some((entry) => hasMonth(entry, month))) months.push(month);
  }
  return months;
}

/** Months are sorted and mostly without a gap, so the place where one should be is known. */
function hasMonth({ months }: SymbolEntry, month: Month): boolean {
  const [first] = months;
  return first !== undefined && (months[month - first] === month || months.includes(month));
}

/** Start of the next month that has bars: until then there is nothing that could be missing. */
function nextDataAfter(entries: readonly SymbolEntry[], month: Month): Instant {
  const next = entries.map((entry) => entry.months.find((candidate) => candidate > month) ?? Infinity);
  const first = Math.min(...next, Infinity);
  return first === Infinity ? END_OF_TIME : monthStart(first);
}

interface SymbolMonth {
  readonly symbol: string;
  readonly series: BarSeries;
}

/** One month of all symbols; undefined where it takes more than `bytesLeft`. */
function* loadMonth(
  entries: readonly SymbolEntry[],
  month: Month,
  bytesLeft: number,
): Generator<SegmentRequest, readonly SymbolMonth[] | undefined, BarSeries> {
  const round: SymbolMonth[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (!hasMonth(entry, month)) continue;
    const series = yield { entry, month };
    bytes += series.bytes;
    if (bytes > bytesLeft) return undefined;
    round.push({ symbol: entry.symbol, series });
  }
  return round;
}

/** Walks back month by month where the first segment has no bar with volume before `from`. */
function* findEarlier(
  entry: SymbolEntry,
  loaded: readonly Segment[],
  from: Instant,
): Generator<SegmentRequest, Bar | undefined, BarSeries> {
  const first = loaded[0];
  if (first !== undefined && lastPrintBefore(first.series, from) >= 0) return undefined;
  for (const month of entry.months.toReversed()) {
    if (monthStart(month) >= from || first?.until === monthEnd(month)) continue;
    const series = yield { entry, month };
    const row = lastPrintBefore(series, from);
    if (row >= 0) return barOf(series, row);
  }
  return undefined;
}

function tooMany({ entries, bytesMax }: LoadPlan, month: Month): Refusal {
  const span = `${formatInstant(monthStart(month))} to ${formatInstant(monthEnd(month))}`;
  const message = `the bars of ${entries.length} symbols from ${span} take more memory than the limit of ${bytesMax} bytes`;
  return refuse("too_many", `${message}; hold fewer symbols in one session, or raise the limit`);
}
