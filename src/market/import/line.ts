/** One line of a text file as bytes: its fields, and numbers read from them without making strings. */
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
const ABSENT = /^(nan|null|none|n\/a|<na>)$/i;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

export class Line {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #starts = new Int32Array(FIELDS_MAX);
  readonly #ends = new Int32Array(FIELDS_MAX);
  #count = 0;
  readonly #delimiter: number;
  #dateText = "";
  #dateMs = Number.NaN;

  constructor(delimiter = ",") {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Splits the bytes of one line, without its line break; quotes and spaces around a field are dropped. */
  split(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    const [starts, ends, delimiter] = [this.#starts, this.#ends, this.#delimiter];
    let count = 0;
    starts[0] = start;
    for (let at = start; at < end; at += 1) {
      if (bytes[at] !== delimiter) continue;
      ends[count] = at;
      count += 1;
      if (count === FIELDS_MAX) break;
      starts[count] = at + 1;
    }
    if (count < FIELDS_MAX) {
      ends[count] = end;
      count += 1;
    }
    this.#count = count;
    for (let field = 0; field < count; field += 1) {
      // Digits and letters come after spaces and quotes, so most fields are let through by two comparisons.
      const [from, until] = [starts[field] as number, ends[field] as number];
      if ((bytes[from] as number) <= QUOTE || (bytes[until - 1] as number) <= QUOTE) this.#trim(field, from, until);
    }
  }

  #trim(field: number, start: number, end: number): void {
    const bytes = this.#bytes;
    let [from, until] = [start, end];
    while (from < until && isPadding(bytes[from])) from += 1;
    while (until > from && isPadding(bytes[until - 1])) until -= 1;
    this.#starts[field] = from;
    this.#ends[field] = until;
  }

  get fields(): number {
    return this.#count;
  }

  isBlank(field: number): boolean {
    return field >= this.#count || this.#starts[field] === this.#ends[field];
  }

  /** Blank, or one of the words that programs write where there is no number. */
  isAbsent(field: number): boolean {
    return this.isBlank(field) || ABSENT.test(this.text(field));
  }

  text(field: number): string {
    return field < this.#count ? this.#bytes.toString("utf8", this.#starts[field], this.#ends[field]) : "";
  }

  /** Whether a field holds exactly these bytes. */
  equals(field: number, expected: Buffer): boolean {
    const start = this.#starts[field] as number;
    if (field >= this.#count || (this.#ends[field] as number) - start !== expected.length) return false;
    for (let at = expected.length - 1; at >= 0; at -= 1) if (this.#bytes[start + at] !== expected[at]) return false;
    return true;
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

  /** A whole number without its last `cut` digits, which must be zeros: nanoseconds have more digits than a number holds. */
  scaledInteger(field: number, cut: number): number {
    const start = this.#starts[field] as number;
    const end = this.#ends[field] as number;
    if (field >= this.#count || end - start <= cut || end - start - cut > FAST_DIGITS_MAX) return Number.NaN;
    for (let at = end - cut; at < end; at += 1) if (this.#bytes[at] !== ZERO) return Number.NaN;
    let value = 0;
    for (let at = start; at < end - cut; at += 1) {
      const digit = (this.#bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = value * 10 + digit;
    }
    return value;
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
