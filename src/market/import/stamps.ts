/** Times of rows as files write them: with an offset, as a wall time of a stated zone, as a plain date, or as a count. */
import { newYorkMidnight } from "../../calendar/index.ts";
import {
  AppError,
  DAY_MS,
  type CivilDate,
  daysOf,
  HOUR_MS,
  instant,
  MINUTE_MS,
  parseDate,
  parseInstant,
  SECOND_MS,
  type Instant,
} from "../../kernel/index.ts";
import type { Line } from "./line.ts";
import type { RowProblem } from "./refused-rows.ts";
import type { TimeframeSpec } from "../timeframe.ts";
import type { Zone } from "./zone.ts";

/** How times are written: year first, or so that the date alone counts, month or day first with slashes, or counts since 1970. */
export const TIME_FORMATS = ["iso", "date", "mdy", "dmy", "s", "ms", "us", "ns"] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

export interface StampOptions {
  readonly timeframe: TimeframeSpec | undefined;
  readonly zone: Zone | undefined;
  readonly timeFormat?: TimeFormat | undefined;
  /** Column of the time, and of the time of day where the date has one of its own. */
  readonly column: number;
  readonly timeColumn?: number | undefined;
  /** The column's name, for messages. */
  readonly field?: string;
}

/** A row's start, or why it cannot be told. */
export type StampReader = (line: Line) => Instant | RowProblem;

/** A date, and the time of day on the wall, in milliseconds; undefined where there is none. */
interface WallTime {
  readonly date: CivilDate;
  readonly timeMs: number | undefined;
}

const YEAR_FIRST = /^(\d{4})([-/]?)(\d{2})\2(\d{2})(?:[Tt ]+(\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d{1,9})?)?)?$/;
const DATE_LENGTH = "2024-03-05".length;
const YEAR_LAST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?$/;

/** Digits below the millisecond. */
const COUNTS = { s: 0, ms: 0, us: 3, ns: 6 } as const;

export function parseTimeFormat(text: string): TimeFormat {
  const format = TIME_FORMATS.find((name) => name === text);
  if (format !== undefined) return format;
  throw new AppError("bad_argument", `--time-format: got ${JSON.stringify(text)}, wanted ${TIME_FORMATS.join(", ")}`);
}

/** A time as text. */
export type TextStampReader = (text: string) => Instant | RowProblem;

/** Reads the column of a line; the usual form in UTC without making a string. */
export function openStamps(options: StampOptions): StampReader {
  const { column, timeColumn, timeFormat = "iso" } = options;
  const dates = datesIn(options);
  const texts = textStamps(options, dates);
  if (timeColumn !== undefined || timeFormat !== "iso") return (line) => texts(textOf(line, column, timeColumn));
  return (line) => {
    const at = line.instant(column);
    if (typeof at !== "number") return texts(line.text(column));
    dates.may ??= false;
    return at;
  };
}

/** Whether rows may be plain dates; undefined until the first row has told. */
interface Dates {
  may: boolean | undefined;
}

const datesIn = ({ timeframe }: Pick<StampOptions, "timeframe">): Dates => ({
  may: timeframe === undefined ? undefined : timeframe.unit === "Day",
});

type TextStampOptions = Omit<StampOptions, "column" | "timeColumn">;

/**
 * A plain date is a day bar's stamp: midnight New York of that date. Where the timeframe is not named, the first row
 * decides whether the file's rows may be plain dates.
 */
export const openTextStamps = (options: TextStampOptions): TextStampReader => textStamps(options, datesIn(options));

function textStamps(
  { zone, timeFormat = "iso", field = "timestamp" }: TextStampOptions,
  dates: Dates,
): TextStampReader {
  if (timeFormat in COUNTS) return (text) => countOf(text, field, timeFormat);
  return (text) => {
    const at = timeFormat === "date" ? undefined : parseInstant(text);
    if (typeof at === "number") {
      dates.may ??= false;
      return at;
    }
    const shown = wallTime(text, timeFormat);
    if (shown === undefined) return badTime(field, text);
    dates.may ??= shown.timeMs === undefined;
    if (shown.timeMs === undefined) return dates.may ? newYorkMidnight(shown.date) : noOffset(field, text);
    return zone === undefined ? noOffset(field, text) : inZone(shown, zone, { field, text });
  };
}

function textOf(line: Line, column: number, timeColumn: number | undefined): string {
  const text = line.text(column);
  return timeColumn === undefined || line.isBlank(timeColumn) ? text : `${text} ${line.text(timeColumn)}`;
}

function wallTime(text: string, format: TimeFormat): WallTime | undefined {
  if (format === "date") return wall(text.slice(0, DATE_LENGTH), []);
  if (format === "iso") {
    const [, year, , month, day, ...time] = YEAR_FIRST.exec(text) ?? [];
    return year === undefined ? undefined : wall(`${year}-${month}-${day}`, time);
  }
  const [, first, second = "", year, ...time] = YEAR_LAST.exec(text) ?? [];
  if (first === undefined) return undefined;
  const [month, day] = format === "mdy" ? [first, second] : [second, first];
  return wall(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`, time);
}

function wall(dateText: string, time: readonly (string | undefined)[]): WallTime | undefined {
  const date = parseDate(dateText);
  const [hour, minute, second = "0"] = time;
  if (date === undefined) return undefined;
  if (hour === undefined || minute === undefined) return { date, timeMs: undefined };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return { date, timeMs: Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * SECOND_MS };
}

interface StampText {
  readonly field: string;
  readonly text: string;
}

function inZone({ date, timeMs = 0 }: WallTime, zone: Zone, { field, text }: StampText): Instant | RowProblem {
  const at = zone.toInstant(daysOf(date) * DAY_MS + timeMs);
  if (typeof at === "number") return at;
  const why = at === "twice" ? "clocks showed it twice" : "no clock showed it";
  return {
    reason: "bad_time",
    message: `${field}: got ${JSON.stringify(text)}, but in ${zone.name} ${why}; wanted it with an offset`,
  };
}

/** Counts may have more digits than a number holds exactly: what is less than a millisecond must be zeros. */
function countOf(text: string, field: string, format: TimeFormat): Instant | RowProblem {
  const digitsBelow = format in COUNTS ? COUNTS[format as keyof typeof COUNTS] : 0;
  const isCount = /^\d{1,19}$/.test(text) && Number(text.slice(text.length - digitsBelow) || 0) === 0;
  if (!isCount) {
    const wanted = `wanted a whole count of ${format} since 1970, of a whole millisecond`;
    return { reason: "bad_time", message: `${field}: got ${JSON.stringify(text)}, ${wanted}` };
  }
  const count = Number(text.slice(0, text.length - digitsBelow) || 0);
  return instant(format === "s" ? count * SECOND_MS : count);
}

const noOffset = (field: string, text: string): RowProblem => ({
  reason: "no_offset",
  message:
    `${field}: got ${JSON.stringify(text)}, wanted an offset with it (such as Z or -05:00), or --timezone: ` +
    "a zone is never guessed",
});

const badTime = (field: string, text: string): RowProblem => ({
  reason: "bad_time",
  message: `${field}: got ${JSON.stringify(text)}, wanted RFC 3339 such as 2023-01-03T14:30:00Z, or a date for day bars`,
});
