/** One import while it reads: each file known by its content, each row checked and staged by series. */
import { pipeline, Transform, type Readable } from "node:stream";
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import {
  AppError,
  DAY_MS,
  formatInstant,
  HOUR_MS,
  IMPORT_FILES_MAX,
  instant,
  MINUTE_MS,
  type CorporateAction,
} from "../../kernel/index.ts";
import { CALENDAR_FROM, CALENDAR_UNTIL } from "../months.ts";
import { isStorable, parseTimeframe, type TimeframeSpec } from "../timeframe.ts";
import type { BarFormat, FileFacts, FormatName, ImportedRow, ReadOptions, RowOutcome, RowSink } from "./bar-format.ts";
import { checkRow } from "./check-row.ts";
import type { SourceFile } from "./files/source-file.ts";
import { formatNamed, formatOf, unknownFormat } from "./formats/all-formats.ts";
import { placeOf, RefusedRows, type RowProblem } from "./refused-rows.ts";
import type { RowStaging, StagedAs } from "./row-staging.ts";

export interface ReadingOptions extends ReadOptions {
  /** The format of all files; undefined: what their content says. */
  readonly format: string | undefined;
  /** What the user says of the prices. */
  readonly isAdjusted: boolean | undefined;
  readonly atMost: ContentLimits | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What files that come from somebody else may hold: a small archive can unpack to more than any disk has. */
export interface ContentLimits {
  /** Bytes, unpacked, of all files together. */
  readonly bytes: number;
  readonly rows: number;
}

/** Weekends and holidays make gaps of four days; weeks and months, which cannot be kept, are never closer. */
const LONGEST_DAY_GAP_MS = 4 * DAY_MS + HOUR_MS;
const LONGEST_MONTH_MS = 31 * DAY_MS + HOUR_MS;

export interface SkippedFile {
  readonly path: string;
  readonly why: string;
}

export class ImportReading implements RowSink {
  readonly refused: RefusedRows;
  readonly formats = new Set<FormatName>();
  readonly timeframes = new Set<string>();
  readonly actions: CorporateAction[] = [];
  readonly skipped: SkippedFile[] = [];
  readonly #options: ReadingOptions;
  readonly #staging: RowStaging;
  readonly #named: BarFormat | undefined;
  readonly #paths: string[] = [];
  #rowsRead = 0;
  #rowsOfOtherSymbols = 0;
  #files = 0;
  #bytes = 0;
  #stamps = new Stamps();

  constructor(options: ReadingOptions, staging: RowStaging) {
    this.#options = options;
    this.#staging = staging;
    this.#named = options.format === undefined ? undefined : formatNamed(options.format);
    this.refused = new RefusedRows(options.isFolder ? this.#paths : []);
  }

  get rowsRead(): number {
    return this.#rowsRead;
  }

  get rowsOfOtherSymbols(): number {
    return this.#rowsOfOtherSymbols;
  }

  /** Files that were read. */
  get files(): number {
    return this.#files;
  }

  /** Throws AppError "import_failed" or "bad_argument". Of many files, one of no known format is passed over and listed. */
  async readFile(file: SourceFile): Promise<void> {
    const { head } = file;
    const format = this.#named ?? (this.#options.columns === undefined ? formatOf(head) : formatNamed("csv"));
    if (format === undefined) {
      if (!this.#options.isFolder) throw unknownFormat(head);
      this.skipped.push({ path: head.path, why: "no known format" });
      return;
    }
    if (this.#files >= IMPORT_FILES_MAX) throw tooMuch(`${IMPORT_FILES_MAX} files`);
    this.formats.add(format.name);
    this.#paths[this.#files] = head.path;
    this.#stamps = new Stamps();
    const facts = format.facts(head, this.#options);
    const known = this.#options.timeframe ?? specOf(facts.timeframe);
    this.#staging.beginFile(known === undefined ? undefined : this.#stagedAs(facts, known));
    await format.read(this.#watched(file), this.#options, this);
    this.#files += 1;
    const timeframe = this.#timeframeOf(head.path, facts);
    if (timeframe === undefined) return;
    this.timeframes.add(timeframe.name);
    if (known === undefined) this.#staging.endFile(this.#stagedAs(facts, timeframe));
  }

  /** The same file; between its chunks rows may move to disk, and the import may end. */
  #watched(file: SourceFile): SourceFile {
    return {
      ...file,
      open: async () => this.#measured(await file.open()),
      onChunk: async () => {
        await file.onChunk();
        if (this.#rowsRead > (this.#options.atMost?.rows ?? Infinity))
          throw tooMuch(`${this.#options.atMost?.rows} rows`);
        this.#options.signal?.throwIfAborted();
        if (this.#staging.isFull) await this.#staging.spill();
      },
    };
  }

  /** Counts what comes out of a file; only where there is a limit to it. */
  #measured(content: Readable): Readable {
    const { atMost } = this.#options;
    if (atMost === undefined) return content;
    const counted = new Transform({
      transform: (chunk: Buffer, _, done) => {
        this.#bytes += chunk.length;
        if (this.#bytes > atMost.bytes) done(tooMuch(`${atMost.bytes} bytes, unpacked`));
        else done(undefined, chunk);
      },
    });
    return pipeline(content, counted, () => undefined);
  }

  #stagedAs(facts: FileFacts, timeframe: TimeframeSpec): StagedAs {
    const { lengthMs } = timeframe;
    return {
      timeframe,
      isAdjusted: this.#options.isAdjusted ?? facts.isAdjusted,
      shiftMs: facts.areEnds === true && lengthMs !== undefined ? -lengthMs : 0,
    };
  }

  take(row: ImportedRow, line: number, outcome: RowOutcome): void {
    this.#rowsRead += 1;
    const problem = outcome ?? checkRow(row) ?? outsideCalendar(row.start);
    const place = placeOf(this.#files, line);
    if (problem === "other") this.#rowsOfOtherSymbols += 1;
    else if (problem !== undefined) this.refused.add(place, problem);
    else {
      this.#stamps.see(row);
      this.#staging.add(row, place);
    }
  }

  takeAction(action: CorporateAction): void {
    this.actions.push(action);
  }

  /** Undefined where no row was taken. Throws AppError "bad_argument" where only the user can know. */
  #timeframeOf(path: string, facts: FileFacts): TimeframeSpec | undefined {
    const { timeframe: asked } = this.#options;
    const stamps = this.#stamps;
    if (asked !== undefined) return asked;
    if (stamps.isEmpty) return undefined;
    const told = specOf(facts.timeframe);
    if (told !== undefined) {
      if (stamps.smallestGapMs >= (told.lengthMs ?? 0)) return told;
      throw needed(path, `its name speaks of ${told.name}, but ${gapText(stamps.smallestGapMs)}`);
    }
    if (stamps.areMidnights && (stamps.mayBeDays || facts.unlessDays !== undefined)) return specOf("1Day");
    if (facts.unlessDays !== undefined) return specOf(facts.unlessDays);
    if (stamps.smallestGapMs === MINUTE_MS) return specOf("1Min");
    throw needed(path, `${gapText(stamps.smallestGapMs)}, which does not tell the length of a bar`);
  }
}

const specOf = (name: string | undefined): TimeframeSpec | undefined => {
  const spec = name === undefined ? undefined : parseTimeframe(name);
  return spec !== undefined && isStorable(spec) ? spec : undefined;
};

const tooMuch = (limit: string): AppError =>
  new AppError("import_failed", `there is more than ${limit}. Import one part after the other. Nothing was imported.`);

const needed = (path: string, why: string): AppError =>
  new AppError("bad_argument", `--timeframe is needed for ${path}: ${why}`);

const gapText = (gapMs: number): string =>
  gapMs === Infinity ? "there is one row only" : `its closest rows are ${gapMs / MINUTE_MS} minutes apart`;

function outsideCalendar(start: number): RowProblem | undefined {
  if (start >= CALENDAR_FROM && start < CALENDAR_UNTIL) return undefined;
  const got = Number.isFinite(start) && Math.abs(start) < 8.64e15 ? formatInstant(instant(start)) : String(start);
  const message = `timestamp: got ${got}, wanted one from 1990 to 2030 (the exchange calendar)`;
  return { reason: "outside_calendar", message };
}

/** What the stamps of a file have in common. */
class Stamps {
  readonly #lastOf = new Map<string, number>();
  #symbol = "";
  #last = Number.NaN;
  #smallestGapMs = Infinity;
  #areMidnights = true;
  #isEmpty = true;

  see({ symbol, start }: ImportedRow): void {
    if (symbol !== this.#symbol) {
      if (!this.#isEmpty) this.#lastOf.set(this.#symbol, this.#last);
      this.#symbol = symbol;
      this.#last = this.#lastOf.get(symbol) ?? Number.NaN;
    }
    const gapMs = Math.abs(start - this.#last);
    if (gapMs > 0 && gapMs < this.#smallestGapMs) this.#smallestGapMs = gapMs;
    this.#last = start;
    this.#isEmpty = false;
    this.#areMidnights &&= isMidnight(start);
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Of midnights: whether they are not the stamps of weeks or months. */
  get mayBeDays(): boolean {
    return this.#smallestGapMs <= LONGEST_DAY_GAP_MS || this.#smallestGapMs > LONGEST_MONTH_MS;
  }

  get areMidnights(): boolean {
    return this.#areMidnights;
  }

  /** Least time between two neighbouring rows of one symbol, in milliseconds; Infinity where no symbol has two. */
  get smallestGapMs(): number {
    return this.#smallestGapMs;
  }
}

const isMidnight = (start: number): boolean =>
  start % HOUR_MS === 0 && newYorkMidnight(newYorkDate(instant(start))) === start;
