/** What a symbol's month holds, day by day, as hashes: equal hashes are equal bars, to the last bit. */
import { createHash } from "node:crypto";
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { dateFromDays, daysOf, instant } from "../../kernel/index.ts";
import { lowerBound, type Columns } from "../series/columns.ts";

/** One New York day of a symbol. */
export interface DayContent {
  /** Since 1970-01-01. */
  readonly day: number;
  readonly bars: number;
  /** First 16 hexadecimal digits of the SHA-256 of the bars' columns, one after the other. */
  readonly hash: string;
}

export interface MonthContent {
  /** Days with bars, oldest first. */
  readonly days: readonly DayContent[];
  /** The hash that a day would have if it ended after so many bars; undefined where it has fewer. */
  readonly hashOfFirst: (day: number, bars: number) => string | undefined;
}

const HASH_DIGITS = 16;

const known = new WeakMap<Columns, MonthContent>();

export const NO_CONTENT: MonthContent = { days: [], hashOfFirst: () => undefined };

/** Made once for a series, which is shared by all sessions: a month of minutes takes about a millisecond. */
export function monthContent(series: Columns): MonthContent {
  let content = known.get(series);
  if (content === undefined) {
    content = contentOf(series);
    known.set(series, content);
  }
  return content;
}

function contentOf(series: Columns): MonthContent {
  const days: DayContent[] = [];
  const firstRows = new Map<number, { readonly from: number; readonly until: number }>();
  for (let from = 0; from < series.rows;) {
    const day = daysOf(newYorkDate(instant(series.start[from] as number)));
    const until = lowerBound(series, newYorkMidnight(dateFromDays(day + 1)));
    days.push({ day, bars: until - from, hash: hashOf(series, from, until) });
    firstRows.set(day, { from, until });
    from = until;
  }
  return {
    days,
    hashOfFirst: (day, bars) => {
      const rows = firstRows.get(day);
      return rows === undefined || rows.from + bars > rows.until
        ? undefined
        : hashOf(series, rows.from, rows.from + bars);
    },
  };
}

function hashOf(series: Columns, from: number, until: number): string {
  const hash = createHash("sha256");
  const { start, open, high, low, close, volume, vwap, trades, span } = series;
  for (const column of [start, open, high, low, close, volume, vwap, trades, span]) {
    const part = column.subarray(from, until);
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest("hex").slice(0, HASH_DIGITS);
}
