/** The rows of an import by series and year: in memory up to a limit, beyond it in a file. */
import { IMPORT_STAGING_BYTES_MAX } from "../../kernel/index.ts";
import { CALENDAR_FROM, CALENDAR_UNTIL, FIRST_MONTH, LAST_MONTH, monthOf, monthStart, yearOf } from "../months.ts";
import { finenessOf, type TimeframeSpec } from "../timeframe.ts";
import type { ImportedRow } from "./bar-format.ts";
import { RowCollector, shiftStarts } from "./row-collector.ts";
import { StagingFile, type Extent } from "./staging-file.ts";

/** What is said of all rows of a file once it has been read. */
export interface StagedAs {
  readonly timeframe: TimeframeSpec;
  readonly isAdjusted: boolean | undefined;
  /** Added to every start. */
  readonly shiftMs: number;
}

/** All rows of one series and year, as they came. */
export interface StagedYear {
  readonly symbol: string;
  readonly timeframe: TimeframeSpec;
  readonly isAdjusted: boolean | undefined;
  readonly rows: RowCollector;
}

/** Rows of one symbol and year, of one file or of several that were known to be alike. */
interface Pile {
  readonly symbol: string;
  readonly year: number;
  readonly extents: Extent[];
  rows: RowCollector | undefined;
  shiftMs: number;
}

interface Series {
  readonly symbol: string;
  readonly as: StagedAs;
  readonly years: Map<number, Pile[]>;
}

type Piles = Map<string, Map<number, Pile>>;

/** Starts of the years that can be kept, and the end of the last. */
const YEARS = Array.from({ length: yearOf(LAST_MONTH) - yearOf(FIRST_MONTH) + 1 }, (_, index) => {
  const year = yearOf(FIRST_MONTH) + index;
  return { year, from: Math.max(CALENDAR_FROM, monthStart(monthOf(year, 0))) };
});

export class RowStaging {
  readonly #file: StagingFile;
  readonly #bytesMax: number;
  readonly #series = new Map<string, Series>();
  /** Piles of files of which it was known beforehand what they are: they grow from one file to the next. */
  readonly #growing = new Map<string, { readonly as: StagedAs; readonly piles: Piles }>();
  /** Piles that hold rows in memory. */
  readonly #inMemory = new Set<Pile>();
  /** Of the file that is being read. */
  #piles: Piles = new Map();
  #bytes = 0;
  #yearsStaged = 0;
  #last: { readonly symbol: string; readonly from: number; readonly until: number; readonly pile: Pile } | undefined;

  /** The file is made in the directory, if it is needed at all. */
  constructor(directory: string, bytesMax: number = IMPORT_STAGING_BYTES_MAX) {
    this.#file = new StagingFile(directory);
    this.#bytesMax = bytesMax;
  }

  /** Takes a row of the file that is being read; its start must lie within the exchange calendar. */
  add(row: ImportedRow, place: number): void {
    const last = this.#last;
    const pile =
      last !== undefined && last.symbol === row.symbol && row.start >= last.from && row.start < last.until
        ? last.pile
        : this.#find(row);
    if (pile.rows === undefined) {
      pile.rows = new RowCollector();
      this.#inMemory.add(pile);
      this.#bytes += pile.rows.bytes;
    }
    this.#bytes += pile.rows.add(row, place);
  }

  #find({ symbol, start }: ImportedRow): Pile {
    const index = YEARS.findLastIndex(({ from }) => from <= start);
    const { year, from } = YEARS[Math.max(0, index)] ?? { year: 0, from: 0 };
    let years = this.#piles.get(symbol);
    if (years === undefined) {
      years = new Map();
      this.#piles.set(symbol, years);
    }
    let pile = years.get(year);
    if (pile === undefined) {
      pile = { symbol, year, extents: [], rows: undefined, shiftMs: 0 };
      years.set(year, pile);
    }
    this.#last = { symbol, from, until: YEARS[index + 1]?.from ?? CALENDAR_UNTIL, pile };
    return pile;
  }

  /** Whether more rows would take more memory than there is for them. */
  get isFull(): boolean {
    return this.#bytes > this.#bytesMax;
  }

  /** Moves the rows in memory to the file. */
  async spill(): Promise<void> {
    for (const pile of this.#inMemory) {
      if (pile.rows !== undefined) pile.extents.push(await this.#file.append(pile.rows.cells));
      pile.rows = undefined;
    }
    this.#inMemory.clear();
    this.#bytes = 0;
  }

  /** Begins a file; `as` where it is known before its rows are. */
  beginFile(as: StagedAs | undefined): void {
    this.#last = undefined;
    this.#piles = new Map();
    if (as === undefined) return;
    const key = `${as.timeframe.name} ${as.isAdjusted} ${as.shiftMs}`;
    const growing = this.#growing.get(key) ?? { as, piles: this.#piles };
    this.#growing.set(key, growing);
    this.#piles = growing.piles;
  }

  /** Ends a file of which only its rows have told what it is. */
  endFile(as: StagedAs): void {
    this.#settle(this.#piles, as);
  }

  #settle(piles: Piles, as: StagedAs): void {
    for (const [symbol, years] of piles) {
      const key = `${symbol} ${as.timeframe.name} ${as.isAdjusted}`;
      const series = this.#series.get(key) ?? { symbol, as, years: new Map<number, Pile[]>() };
      this.#series.set(key, series);
      for (const [year, pile] of years) {
        pile.shiftMs = as.shiftMs;
        series.years.set(year, [...(series.years.get(year) ?? []), pile]);
      }
    }
  }

  /** Every series year by year, by symbol and fineness. Each is let go of as the next is asked for. */
  async *years(): AsyncGenerator<StagedYear> {
    for (const { as, piles } of this.#growing.values()) this.#settle(piles, as);
    this.#growing.clear();
    this.#yearsStaged = [...this.#series.values()].reduce((sum, { years }) => sum + years.size, 0);
    const sorted = [...this.#series.values()].toSorted(
      (a, b) =>
        (a.symbol < b.symbol ? -1 : Number(a.symbol > b.symbol)) ||
        finenessOf(a.as.timeframe) - finenessOf(b.as.timeframe),
    );
    for (const { symbol, as, years } of sorted) {
      for (const [year, piles] of [...years].toSorted(([a], [b]) => a - b)) {
        years.delete(year);
        yield { symbol, timeframe: as.timeframe, isAdjusted: as.isAdjusted, rows: await this.#gather(piles) };
      }
    }
  }

  /** Years of series, once `years` has begun. */
  get yearsStaged(): number {
    return this.#yearsStaged;
  }

  async #gather(piles: readonly Pile[]): Promise<RowCollector> {
    const [first] = piles;
    const isWhole = piles.length === 1 && first?.extents.length === 0 && first.shiftMs === 0;
    if (isWhole && first.rows !== undefined) return first.rows;
    const bytes = piles.reduce((sum, pile) => sum + bytesOf(pile), 0);
    const cells = new Float64Array(bytes / 8);
    const target = new Uint8Array(cells.buffer);
    let at = 0;
    for (const pile of piles) {
      const from = at;
      for (const extent of pile.extents) {
        await this.#file.read(extent, target.subarray(at, at + extent.bytes));
        at += extent.bytes;
      }
      if (pile.rows !== undefined) {
        cells.set(pile.rows.cells, at / 8);
        at += pile.rows.cells.byteLength;
      }
      if (pile.shiftMs !== 0) shiftStarts(cells.subarray(from / 8, at / 8), pile.shiftMs);
      pile.rows = undefined;
    }
    return RowCollector.over(cells);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

const bytesOf = ({ extents, rows }: Pile): number =>
  extents.reduce((sum, { bytes }) => sum + bytes, 0) + (rows?.cells.byteLength ?? 0);
