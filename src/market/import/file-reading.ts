/** One reading of a file: the header picks the format, each row is read, checked and collected by symbol. */
import { basename } from "node:path";
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { AppError, formatInstant, HOUR_MS, instant, MINUTE_MS } from "../../kernel/index.ts";
import { CALENDAR_FROM, CALENDAR_UNTIL } from "../months.ts";
import type { BarFormat, ReaderContext, RowReader } from "./bar-format.ts";
import { checkRow } from "./check-row.ts";
import { Line } from "./line.ts";
import { plainCsv } from "./plain-csv.ts";
import { polygon } from "./polygon.ts";
import { RefusedRows, type RowProblem } from "./refused-rows.ts";
import { RowCollector } from "./row-collector.ts";
import { emptyRow } from "./settle-rows.ts";

/** In the order in which their headers are tried. */
const FORMATS: readonly BarFormat[] = [polygon, plainCsv];

/** Characters of a header that an error shows. */
const HEADER_SHOWN = 120;

export interface ReadingOptions extends ReaderContext {
  readonly format: string | undefined;
}

export class FileReading {
  readonly refused = new RefusedRows();
  readonly collectors = new Map<string, RowCollector>();
  readonly #options: ReadingOptions;
  readonly #line = new Line();
  readonly #row = emptyRow();
  #format: BarFormat | undefined;
  #reader: RowReader | undefined;
  #fields = 0;
  #rowsRead = 0;
  #rowsOfOtherSymbols = 0;
  #areMidnights = true;

  constructor(options: ReadingOptions) {
    this.#options = options;
    if (options.format !== undefined) this.#format = formatNamed(options.format);
  }

  get rowsRead(): number {
    return this.#rowsRead;
  }

  get rowsOfOtherSymbols(): number {
    return this.#rowsOfOtherSymbols;
  }

  /** Throws AppError "import_failed" where the file had no header. */
  get format(): BarFormat {
    if (this.#format !== undefined && this.#reader !== undefined) return this.#format;
    throw new AppError("import_failed", `${this.#options.path} is empty: not even a header. Nothing was imported.`);
  }

  /** Where the bars come from, for people. */
  get source(): string {
    return `${basename(this.#options.path)} (${this.format.name})`;
  }

  /** Takes the next line; the first is the header. */
  take(bytes: Buffer, { start, end }: { start: number; end: number }, line: number): void {
    this.#line.split(bytes, start, end);
    if (this.#reader === undefined) {
      this.#reader = this.#openReader();
      return;
    }
    this.#rowsRead += 1;
    const problem = this.#read(this.#reader);
    if (problem === "other") this.#rowsOfOtherSymbols += 1;
    else if (problem !== undefined) this.refused.add(line, problem);
    else this.#collect(line);
  }

  #openReader(): RowReader {
    const columns = Array.from({ length: this.#line.fields }, (_, field) => this.#line.text(field).toLowerCase());
    this.#format ??= FORMATS.find((format) => format.isHeader(columns));
    this.#fields = columns.length;
    if (this.#format !== undefined) return this.#format.openReader(columns, this.#options);
    const wanted = FORMATS.map((format) => `${format.columns} (${format.name})`).join(" or ");
    const got = JSON.stringify(columns.join(",").slice(0, HEADER_SHOWN));
    const message = `${this.#options.path}, line 1: got ${got}, wanted a header: ${wanted}`;
    throw new AppError("import_failed", `${message}. Nothing was imported.`);
  }

  #read(reader: RowReader): RowProblem | "other" | undefined {
    const { fields } = this.#line;
    if (fields !== this.#fields) {
      return { reason: "wrong_field_count", message: `got ${fields} fields, wanted ${this.#fields} as in the header` };
    }
    const problem = reader(this.#line, this.#row) ?? checkRow(this.#row);
    if (problem !== undefined) return problem;
    const { start } = this.#row;
    if (start >= CALENDAR_FROM && start < CALENDAR_UNTIL) return undefined;
    const got = formatInstant(instant(start));
    return {
      reason: "outside_calendar",
      message: `timestamp: got ${got}, wanted one from 1990 to 2030 (the exchange calendar)`,
    };
  }

  #collect(line: number): void {
    const { symbol, start } = this.#row;
    let collector = this.collectors.get(symbol);
    if (collector === undefined) {
      collector = new RowCollector();
      this.collectors.set(symbol, collector);
    }
    collector.add(this.#row, line);
    this.#areMidnights &&= isMidnight(start);
  }

  /** Throws AppError "bad_argument" where only the user can know. */
  detectTimeframe(): string {
    const collectors = [...this.collectors.values()];
    const smallestGapMs = collectors.reduce((least, rows) => Math.min(least, rows.smallestGapMs), Infinity);
    const timeframe = this.format.detectTimeframe({ areMidnights: this.#areMidnights, smallestGapMs });
    if (timeframe !== undefined) return timeframe;
    const gap =
      smallestGapMs === Infinity
        ? "there is one row only"
        : `its closest rows are ${smallestGapMs / MINUTE_MS} minutes apart`;
    throw new AppError(
      "bad_argument",
      `--timeframe is needed for ${this.#options.path}: ${gap}, which does not tell the length of a bar`,
    );
  }
}

const isMidnight = (start: number): boolean =>
  start % HOUR_MS === 0 && newYorkMidnight(newYorkDate(instant(start))) === start;

function formatNamed(name: string): BarFormat {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (format !== undefined) return format;
  const wanted = FORMATS.map((candidate) => candidate.name).join(" or ");
  throw new AppError("bad_argument", `--format: got ${JSON.stringify(name)}, wanted ${wanted}`);
}
