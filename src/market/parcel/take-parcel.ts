/** Takes the lines of a parcel of bars, from anyone: checks their form, and brings what the catalog lacks into it. */
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { formatInstant, instant } from "../../kernel/index.ts";
import { ASSETS_TABLE } from "../assets/assets-table.ts";
import { importFile } from "../import/import-file.ts";
import { importActions, importAssets } from "../import/import-table.ts";
import type { Market } from "../market.ts";
import { isSymbol } from "../symbol.ts";
import { ACTIONS_TABLE } from "../tables/actions-table.ts";
import { tableText, type TableKind } from "../tables/table-kind.ts";
import { TableReading } from "../tables/table-reading.ts";
import { isStorable, parseTimeframe } from "../timeframe.ts";

/** A line that is none of a parcel. */
export class ParcelProblem extends Error {
  override readonly name = "ParcelProblem";
}

export interface ParcelReport {
  /** Bars of the parcel. */
  readonly bars: number;
  /** Of these, bars that the catalog did not have. */
  readonly added: number;
  /** Symbols of which something was added, sorted. */
  readonly symbols: readonly string[];
}

export interface ParcelOptions {
  readonly market: Market;
  /** Symbols whose bars the catalog lacks, or has otherwise; of all others nothing is taken. */
  readonly isWanted: (symbol: string) => boolean;
}

interface Series {
  readonly symbol: string;
  readonly timeframe: string;
  readonly isAdjusted: boolean;
  readonly path: string;
}

const SERIES_MAX = 20_000;

/** The last millisecond that a time may name: year 9999. */
const TIME_MAX = 253_402_300_799_999;

export class ParcelDesk {
  readonly #options: ParcelOptions;
  #folder: string | undefined;
  #tables: { readonly assets: string; readonly actions: string } | undefined;
  readonly #wanted: Series[] = [];
  #file: WriteStream | undefined;
  #seriesCount = 0;
  #bars = 0;
  #isWhole = false;

  constructor(options: ParcelOptions) {
    this.#options = options;
  }

  /** Throws ParcelProblem for a line that is none, or not in its place, and what the disk throws. */
  async take(line: string): Promise<void> {
    const value = parsed(line);
    if (this.#isWhole) throw new ParcelProblem("the bars go on after their last line");
    if (this.#tables === undefined) this.#tables = tablesOf(value);
    else if (Array.isArray(value)) await this.#takeBar(value);
    else if (isCount(value)) this.#end(value.bars);
    else await this.#begin(value);
  }

  /** Brings it into the catalog. Throws ParcelProblem where the end is missing, and AppError as imports do. */
  async finish(): Promise<ParcelReport> {
    if (!this.#isWhole) throw new ParcelProblem("the bars have no last line");
    await this.#close();
    const added = new Map<string, number>();
    await this.#takeTables();
    for (const series of this.#wanted) {
      const count = await this.#takeSeries(series);
      if (count > 0) added.set(series.symbol, (added.get(series.symbol) ?? 0) + count);
    }
    const total = [...added.values()].reduce((sum, count) => sum + count, 0);
    return { bars: this.#bars, added: total, symbols: [...added.keys()].toSorted() };
  }

  /** Removes what it keeps beside the catalog. Call it in the end, whatever happened. */
  async clear(): Promise<void> {
    await this.#close().catch(() => undefined);
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  async #begin(value: unknown): Promise<void> {
    const { symbol, timeframe, isAdjusted } = seriesOf(value);
    if ((this.#seriesCount += 1) > SERIES_MAX) throw new ParcelProblem(`it has more than ${SERIES_MAX} series`);
    await this.#close();
    if (!this.#options.isWanted(symbol)) return;
    this.#folder ??= await mkdtemp(join(tmpdir(), "tapedeck-bars-"));
    const path = join(this.#folder, `${this.#wanted.length}.csv`);
    this.#wanted.push({ symbol, timeframe, isAdjusted, path });
    this.#file = createWriteStream(path, { mode: 0o600 });
    await this.#write("timestamp,open,high,low,close,volume,trade_count,vwap\n");
  }

  async #takeBar(value: readonly unknown[]): Promise<void> {
    if (this.#seriesCount === 0) throw new ParcelProblem("a bar stands before its series");
    const [time, ...figures] = barOf(value);
    this.#bars += 1;
    if (this.#file === undefined) return;
    await this.#write(`${[formatInstant(instant(time)), ...figures.map((each) => each ?? "")].join(",")}\n`);
  }

  #end(bars: number): void {
    if (bars !== this.#bars) throw new ParcelProblem(`it has ${this.#bars} bars, and its last line says ${bars}`);
    this.#isWhole = true;
  }

  async #write(text: string): Promise<void> {
    const file = this.#file;
    if (file === undefined || file.write(text)) return;
    await new Promise<void>((resolve, reject) => {
      file.once("drain", resolve);
      file.once("error", reject);
    });
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    file.end();
    await finished(file);
  }

  /** What the catalog knows of a symbol stays as it is. */
  async #takeTables(): Promise<void> {
    const { market, isWanted } = this.#options;
    const known = new Set(market.allCorporateActions().map((action) => ACTIONS_TABLE.keyOf(action)));
    await this.#takeTable(ACTIONS_TABLE, {
      text: this.#tables?.actions ?? "",
      isNew: (action) => isWanted(action.symbol) && !known.has(ACTIONS_TABLE.keyOf(action)),
      take: importActions,
    });
    await this.#takeTable(ASSETS_TABLE, {
      text: this.#tables?.assets ?? "",
      isNew: ({ symbol }) => isWanted(symbol) && !market.hasSymbol(symbol),
      take: importAssets,
    });
  }

  async #takeTable<Row extends object>(
    kind: TableKind<Row>,
    { text, isNew, take }: { text: string; isNew: (row: Row) => boolean; take: typeof importActions },
  ): Promise<void> {
    const rows = [...rowsOf(kind, text).values()].filter(isNew);
    if (rows.length === 0 || this.#folder === undefined) return;
    const path = join(this.#folder, `${kind.name}.csv`);
    await writeFile(path, tableText(kind, rows), { mode: 0o600 });
    await take({ market: this.#options.market, path });
  }

  /** Days that the catalog has otherwise stay as they are. */
  async #takeSeries({ symbol, timeframe, isAdjusted, path }: Series): Promise<number> {
    const { market } = this.#options;
    const report = await importFile({
      market,
      path,
      symbol,
      timeframe,
      format: "csv",
      onConflict: "keep",
      ...(isAdjusted ? { isAdjusted } : {}),
    });
    return report.rowsAdded;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ParcelProblem("it is not JSON");
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function tablesOf(value: unknown): { readonly assets: string; readonly actions: string } {
  const { assets, actions } = isRecord(value) ? value : {};
  if (typeof assets !== "string" || typeof actions !== "string") {
    throw new ParcelProblem("the bars do not begin with what is known of their symbols");
  }
  for (const [kind, text] of [
    [ASSETS_TABLE, assets],
    [ACTIONS_TABLE, actions],
  ] as const) {
    rowsOf<object>(kind as TableKind<object>, text);
  }
  return { assets, actions };
}

/** Throws ParcelProblem where a row cannot be taken. */
function rowsOf<Row extends object>(kind: TableKind<Row>, text: string): ReadonlyMap<string, Row> {
  const reading = new TableReading(`the table of ${kind.name}`, kind);
  try {
    for (const [index, line] of text.split("\n").entries()) if (line !== "") reading.take(line, index + 1);
    const [problem] = reading.refused.rows();
    if (problem !== undefined) throw new ParcelProblem(`${kind.name}, line ${problem.line}: ${problem.message}`);
    return reading.rows;
  } catch (error) {
    throw error instanceof ParcelProblem ? error : new ParcelProblem(String(error instanceof Error && error.message));
  }
}

const isCount = (value: unknown): value is { readonly bars: number } =>
  isRecord(value) && typeof value["bars"] === "number" && Object.keys(value).length === 1;

function seriesOf(value: unknown): Omit<Series, "path"> {
  const { symbol, timeframe, adjusted } = isRecord(value) ? value : {};
  const spec = typeof timeframe === "string" ? parseTimeframe(timeframe) : undefined;
  const isSeries =
    typeof symbol === "string" &&
    isSymbol(symbol) &&
    spec !== undefined &&
    isStorable(spec) &&
    typeof adjusted === "boolean";
  if (!isSeries) throw new ParcelProblem("it tells neither of a bar nor of a series");
  return { symbol, timeframe: String(timeframe), isAdjusted: adjusted };
}

type BarCells = readonly [time: number, ...figures: (number | null)[]];

function barOf(cells: readonly unknown[]): BarCells {
  const [time] = cells;
  const isTime = Number.isInteger(time) && Math.abs(Number(time)) <= TIME_MAX;
  const isFigure = (cell: unknown, index: number): boolean => typeof cell === "number" || (cell === null && index > 5);
  if (cells.length === 8 && isTime && cells.every(isFigure)) return cells as unknown as BarCells;
  throw new ParcelProblem("a bar is not eight numbers, of which the last two may be null");
}
