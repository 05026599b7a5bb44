/** One line of a CSV file as bytes: its fields, and numbers read from them without making strings. */
import {
  daysOf,
  DAY_MS,
  HOUR_MS,
  instant,
  MINUTE_MS,
  parseDate,
  parseInstant,
  SECOND_MS,
  type Instant,
  type InstantProblem,
} from "../../kernel/index.ts";

/** More fields than any known format has; those beyond are not looked at. */
const FIELDS_MAX = 64;

const COMMA = 0x2c;
const QUOTE = 0x22;
const SPACE = 0x20;
const ZERO = 0x30;
const DOT = 0x2e;
const MINUS = 0x2d;
const T = 0x54;
const Z = 0x5a;

/** Beyond 15 digits a decimal may need the slow, exact way. */
const FAST_DIGITS_MAX = 15;
const POWERS_OF_TEN = Array.from({ length: FAST_DIGITS_MAX + 1 }, (_, power) => 10 ** power);
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

export class Line {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #starts = new Int32Array(FIELDS_MAX);
  readonly #ends = new Int32Array(FIELDS_MAX);
  #count = 0;
  #dateText = "";
  #dateMs = Number.NaN;

  /** Splits the bytes of one line, without its line break; quotes and spaces around a field are dropped. */
  split(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#count = 0;
    let from = start;
    for (let at = start; at <= end && this.#count < FIELDS_MAX; at += 1) {
      if (at < end && bytes[at] !== COMMA) continue;
      this.#push(from, at);
      from = at + 1;
    }
  }

  #push(start: number, end: number): void {
    const bytes = this.#bytes;
    let [from, until] = [start, end];
    while (from < until && isPadding(bytes[from])) from += 1;
    while (until > from && isPadding(bytes[until - 1])) until -= 1;
    this.#starts[this.#count] = from;
    this.#ends[this.#count] = until;
    this.#count += 1;
  }

  get fields(): number {
    return this.#count;
  }

  isBlank(field: number): boolean {
    return field >= this.#count || this.#starts[field] === this.#ends[field];
  }

  text(field: number): string {
    return field < this.#count ? this.#bytes.toString("utf8", this.#starts[field], this.#ends[field]) : "";
  }

  /** Whether a field holds exactly these bytes. */
  equals(field: number, expected: Buffer): boolean {
    const [start, end] = [this.#starts[field] as number, this.#ends[field] as number];
    return field < this.#count && this.#bytes.compare(expected, 0, expected.length, start, end) === 0;
  }

  /** A decimal, exactly as `Number` would read it; NaN for anything that is not a finite decimal. */
  number(field: number): number {
    if (field >= this.#count) return Number.NaN;
    const start = this.#starts[field] as number;
    const isNegative = this.#bytes[start] === MINUS;
    const size = this.#shortDecimal(isNegative ? start + 1 : start, this.#ends[field] as number);
    if (Number.isNaN(size)) return this.#slowNumber(field);
    return isNegative ? -size : size;
  }

  /** Digits with at most one point; NaN for anything else, and for more digits than are exact. */
  #shortDecimal(start: number, end: number): number {
    const bytes = this.#bytes;
    let mantissa = 0;
    let point = -1;
    for (let at = start; at < end; at += 1) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
      else if (bytes[at] === DOT && point < 0) point = at;
      else return Number.NaN;
    }
    const digits = end - start - (point < 0 ? 0 : 1);
    if (digits < 1 || digits > FAST_DIGITS_MAX) return Number.NaN;
    // Both are exact integers below 2^53, so the one division rounds exactly as reading the text would.
    return point < 0 ? mantissa : mantissa / (POWERS_OF_TEN[end - point - 1] as number);
  }

  #slowNumber(field: number): number {
    const text = this.text(field);
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    return Number.isFinite(value) ? value : Number.NaN;
  }

  /** An RFC 3339 time; the usual form in UTC is read without making a string. */
  instant(field: number): Instant | InstantProblem {
    const start = this.#starts[field] as number;
    if (field >= this.#count || (this.#ends[field] as number) - start !== 20 || !this.#isUtcForm(start)) {
      return parseInstant(this.text(field));
    }
    const [hour, minute, second] = [this.#pair(start + 11), this.#pair(start + 14), this.#pair(start + 17)];
    const date = this.#midnight(start);
    if (Number.isNaN(date) || !(hour < 24 && minute < 60 && second < 60)) return "not_a_time";
    return instant(date + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS);
  }

  #isUtcForm(start: number): boolean {
    const bytes = this.#bytes;
    return (
      bytes[start + 10] === T && bytes[start + 13] === 0x3a && bytes[start + 16] === 0x3a && bytes[start + 19] === Z
    );
  }

  /** Two digits; NaN for anything else. */
  #pair(at: number): number {
    const [tens, ones] = [(this.#bytes[at] as number) - ZERO, (this.#bytes[at + 1] as number) - ZERO];
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
  }

  /** Midnight UTC of the date at `start`; consecutive rows mostly share it. */
  #midnight(start: number): number {
    const text = this.#bytes.toString("latin1", start, start + 10);
    if (text !== this.#dateText) {
      const date = parseDate(text);
      this.#dateText = text;
      this.#dateMs = date === undefined ? Number.NaN : daysOf(date) * DAY_MS;
    }
    return this.#dateMs;
  }
}

const isPadding = (byte: number | undefined): boolean => byte === SPACE || byte === QUOTE;
