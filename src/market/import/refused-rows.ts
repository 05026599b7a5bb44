/** Rows that an import could not take: counted by reason, the first hundred kept with line number and detail. */

/** Every reason, with what it means. */
export const ROW_REASONS = {
  bad_amount: "A rate or an amount of cash is zero, negative, or larger than any real one.",
  bad_claim: "What can only be true or false is neither.",
  bad_date: "A date is missing, or no real one.",
  bad_exchange: "The exchange is not one that Alpaca names.",
  bad_leverage: "The leverage is not 1, 2 or 3.",
  bad_name: "The name is too long, or holds characters that cannot be shown.",
  bad_number: "A number is missing or malformed.",
  bad_price: "A price is zero or negative.",
  bad_quotes: "A quote is not closed, or stands inside a field that is not quoted.",
  bad_symbol: "The ticker is not one that can be kept.",
  bad_time: "The time could not be read.",
  bad_type: "The type of the corporate action is not known.",
  bad_volume: "The volume is negative.",
  contradiction: "An earlier row says something else of the same thing.",
  duplicate: "A row of the same time came before.",
  high_below_low: "The high is below the low.",
  no_offset: "The time has no offset; a zone is never guessed.",
  not_a_trading_day: "The exchange did not trade on the date of a day bar.",
  off_grid: "The time is not one at which a bar of the timeframe begins.",
  open_close_outside_range: "The open or the close lies outside low to high.",
  outside_calendar: "The time lies outside the exchange calendar, 1990 to 2030.",
  value_of_other_type: "A value is given that a corporate action of the type does not have.",
  wrong_field_count: "The row has more or fewer fields than the header.",
} as const;

export type RowReason = keyof typeof ROW_REASONS;

/** What is wrong with a row. */
export interface RowProblem {
  readonly reason: RowReason;
  /** Names the field, what it got and what it takes. */
  readonly message: string;
}

export interface RefusedRow extends RowProblem {
  /** The file, where there are many. */
  readonly path?: string;
  /** Line of the file; the header is line 1. Of files without lines, the row. */
  readonly line: number;
}

/** Lines of one file: a place is its number times this, plus the line. */
const LINES_MAX = 2 ** 32;

/** A line of one of many files as one number; of the first file, the line itself. */
export const placeOf = (file: number, line: number): number => file * LINES_MAX + line;

export interface ReasonTotal {
  readonly reason: RowReason;
  readonly rows: number;
}

/** Rows kept in full: enough to see what is wrong, little enough to print. */
export const REFUSED_ROWS_KEPT = 100;

export class RefusedRows {
  readonly #kept: (RowProblem & { readonly place: number })[] = [];
  readonly #totals = new Map<RowReason, number>();
  #count = 0;

  readonly #paths: readonly string[];

  /** `paths` of the files, where there are many; it may grow later. */
  constructor(paths: readonly string[] = []) {
    this.#paths = paths;
  }

  /** `place`: the line, or what `placeOf` makes of it. */
  add(place: number, problem: RowProblem): void {
    this.#count += 1;
    this.#totals.set(problem.reason, (this.#totals.get(problem.reason) ?? 0) + 1);
    if (this.#kept.length < REFUSED_ROWS_KEPT) this.#kept.push({ place, ...problem });
  }

  get count(): number {
    return this.#count;
  }

  /** The first hundred that were found, in order of lines. */
  rows(): readonly RefusedRow[] {
    return this.#kept
      .toSorted((a, b) => a.place - b.place)
      .map(({ place, reason, message }) => {
        const path = this.#paths[Math.floor(place / LINES_MAX)];
        return { ...(path === undefined ? {} : { path }), line: place % LINES_MAX, reason, message };
      });
  }

  /** The most frequent reason first. */
  totals(): readonly ReasonTotal[] {
    return [...this.#totals].map(([reason, rows]) => ({ reason, rows })).toSorted((a, b) => b.rows - a.rows);
  }
}
