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
  /** Line of the file; the header is line 1. */
  readonly line: number;
}

export interface ReasonTotal {
  readonly reason: RowReason;
  readonly rows: number;
}

/** Rows kept in full: enough to see what is wrong, little enough to print. */
export const REFUSED_ROWS_KEPT = 100;

export class RefusedRows {
  readonly #kept: RefusedRow[] = [];
  readonly #totals = new Map<RowReason, number>();
  #count = 0;

  add(line: number, problem: RowProblem): void {
    this.#count += 1;
    this.#totals.set(problem.reason, (this.#totals.get(problem.reason) ?? 0) + 1);
    if (this.#kept.length < REFUSED_ROWS_KEPT) this.#kept.push({ line, ...problem });
  }

  get count(): number {
    return this.#count;
  }

  /** The first hundred that were found, in order of lines. */
  rows(): readonly RefusedRow[] {
    return this.#kept.toSorted((a, b) => a.line - b.line);
  }

  /** The most frequent reason first. */
  totals(): readonly ReasonTotal[] {
    return [...this.#totals].map(([reason, rows]) => ({ reason, rows })).toSorted((a, b) => b.rows - a.rows);
  }
}
