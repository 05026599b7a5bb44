/** What a report is made from: plain facts of one account, in the order in which they happened. */
import type { Cash, CivilDate, Instant, Price, Quantity } from "../kernel/index.ts";

/** Equity at the regular close of one session (16:00 New York, 13:00 on early closes), in dollars: figures, not books. */
export interface EquityPoint {
  readonly date: CivilDate;
  /** Dollars, the day's flow included. */
  readonly equity: number;
  /** Dollars deposited less dollars withdrawn that day, taken as if at its end. */
  readonly flow: number;
  /** Dollars bought and sold that day, both counted positive. */
  readonly traded: number;
  /** Dollars held in positions at the close, shorts counted positive; absent: leverage is not told. */
  readonly held?: number | undefined;
}

/**
 * One fill. Whatever else opens or ends a position is given as one too, with order 0 and no fees: holdings that were
 * there at the beginning at their average price, a delisting at what it paid.
 */
export interface FillFact {
  readonly at: Instant;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  /** Positive. */
  readonly qty: Quantity;
  readonly price: Price;
  /** qty × price, positive for either side. */
  readonly cash: Cash;
  /** Fees that the fill accrued. */
  readonly fees: Cash;
  /** Ordinal of its order. */
  readonly order: number;
  /** Dollars that the whole market traded in the minute of the fill; absent: capacity is not told. */
  readonly marketValue?: number | undefined;
}

/** A split of what is held: `numerator` shares for every `denominator`, both positive. Comes before fills of its instant. */
export interface SplitFact {
  readonly at: Instant;
  readonly symbol: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** Where a fraction was paid in cash: how much of a share (positive, of the new ones), and what it paid (positive). */
  readonly inLieu?: { readonly qty: Quantity; readonly cash: Cash } | undefined;
}

/** A symbol that changed; what is held under the old one goes on under the new one. */
export interface RenameFact {
  readonly at: Instant;
  readonly from: string;
  readonly to: string;
}

export interface BenchmarkClose {
  readonly date: CivilDate;
  /** Dollars; positive. */
  readonly close: number;
}

/** The highest and lowest raw price in dollars of a symbol between two instants, both included, where it is known. */
export type PriceRange = (
  symbol: string,
  from: Instant,
  to: Instant,
) => { readonly high: number; readonly low: number } | undefined;

export interface ReportInput {
  /** Dollars before the first session, from which the first return is counted. */
  readonly startEquity: number;
  /** Every session from the first full one to the last, flat days included, oldest first. */
  readonly points: readonly EquityPoint[];
  /** Oldest first. */
  readonly fills: readonly FillFact[];
  readonly splits: readonly SplitFact[];
  readonly renames?: readonly RenameFact[] | undefined;
  /** A yearly rate: 0.05 is five percent. Absent: 0. */
  readonly riskFree?: number | undefined;
  /** Closes of one symbol or index, adjusted as the caller wants to be compared; oldest first. */
  readonly benchmark?: readonly BenchmarkClose[] | undefined;
  /** For the excursions of trades; absent: they are not told. */
  readonly priceRange?: PriceRange | undefined;
  /** Whether the equity of the points has fees and interest taken off on the day of their accrual, not of their posting. */
  readonly isNetOfAccruals?: boolean | undefined;
}
