/** Bars of one timeframe made from the finest data, one bucket after the other, up to a page's length. */
import { instant, type Bar, type Instant } from "../../kernel/index.ts";
import { isDaySpan, lengthOfSpan, lowerBound, type Columns } from "../series/columns.ts";
import type { TimeframeSpec } from "../timeframe.ts";
import { Aggregator } from "./aggregate.ts";
import { bucketAt, type Bucket } from "./grid.ts";

/** A bar with Alpaca's label: its start, for days and more midnight New York. */
export type LabelledBar = Bar & { readonly label: Instant };

export interface PageSpec {
  readonly timeframe: TimeframeSpec;
  /** Smallest and largest label, both inclusive. */
  readonly from: Instant;
  readonly to: Instant;
  /** No bar that ends later is shown. */
  readonly knownAt: Instant;
  readonly limit: number;
}

export class Resampler {
  readonly #spec: PageSpec;
  readonly #parts = new Aggregator();
  readonly #bars: LabelledBar[] = [];
  #bucket: Bucket | undefined;
  /** The bucket's last end: a bar that runs over the close is known later than the close. */
  #end = 0;
  #day = 0;
  #isDone = false;

  constructor(spec: PageSpec) {
    this.#spec = spec;
  }

  /** Whether the page is full, or nothing that begins at `at` or later can belong to it. */
  isDoneAt(at: Instant): boolean {
    const { to, knownAt } = this.#spec;
    return this.#isDone || at >= knownAt || (at > to && at >= (this.#bucket?.until ?? 0));
  }

  /** Takes the next stretch of the series, oldest first. */
  feed(columns: Columns): void {
    for (let row = lowerBound(columns, this.#spec.from); row < columns.rows && !this.#isDone; row += 1) {
      const start = columns.start[row] as number;
      if (this.#bucket === undefined || start >= this.#bucket.until) this.#enter(instant(start));
      if (!this.#isDone && this.#isMember(columns, row)) {
        this.#parts.add(columns, row);
        this.#end = Math.max(this.#end, start + lengthOfSpan(columns.span[row] as number));
      }
    }
  }

  /** The page, and whether no known bar follows it. */
  finish(): { bars: LabelledBar[]; isLast: boolean } {
    if (!this.#isDone) this.#flush();
    const { limit } = this.#spec;
    return { bars: this.#bars.slice(0, limit), isLast: this.#bars.length <= limit };
  }

  /** Ends the running bucket and begins the next, unless that one lies beyond the page. */
  #enter(at: Instant): void {
    this.#flush();
    if (this.#isDone) return;
    const bucket = bucketAt(this.#spec.timeframe, at);
    this.#bucket = bucket;
    this.#end = bucket.end;
    this.#day = 0;
    this.#isDone = bucket.label > this.#spec.to || bucket.end > this.#spec.knownAt;
  }

  /** One bar more than the page takes is made, to know whether it is the last page. */
  #flush(): void {
    const bucket = this.#bucket;
    if (bucket === undefined || this.#parts.isEmpty) return;
    if (this.#end > this.#spec.knownAt) {
      this.#isDone = true;
      return;
    }
    const { label, start, end, days } = bucket;
    this.#bars.push({ start, end, ...this.#parts.result(), isDay: days !== undefined, label });
    this.#parts.clear();
    this.#isDone = this.#bars.length > this.#spec.limit;
  }

  #isMember(columns: Columns, row: number): boolean {
    const bucket = this.#bucket;
    if (bucket === undefined || bucket.label < this.#spec.from) return false;
    const span = columns.span[row] as number;
    const lengthMs = this.#spec.timeframe.lengthMs;
    if (lengthMs !== undefined) return !isDaySpan(span) && lengthMs % lengthOfSpan(span) === 0;
    return this.#touchesRegularHours(bucket, columns.start[row] as number, lengthOfSpan(span));
  }

  /** A bar that holds the open, such as 09:00–10:00, belongs to the day; one outside regular hours does not. */
  #touchesRegularHours({ days = [] }: Bucket, start: number, lengthMs: number): boolean {
    while (this.#day < days.length && (days[this.#day]?.close ?? 0) <= start) this.#day += 1;
    const day = days[this.#day];
    return day !== undefined && start + lengthMs > day.open;
  }
}
