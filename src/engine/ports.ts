/** The two views of a market that the engine reads: what is known at the clock, and the tape (the future). */
import type { Bar, BarCondition, Instant, Price } from "../kernel/index.ts";

/** What anyone may know at the session's clock (R2). For validation, marks and previews. */
export interface KnownMarket {
  /** Whether the catalog holds the symbol at all. */
  readonly hasSymbol: (symbol: string) => boolean;
  /**
   * The last known price: the open of the running bar once the clock is past its start, else the last known close.
   * Bars with volume 0 are ignored. Undefined while nothing has printed.
   */
  readonly lastPrice: (symbol: string) => Price | undefined;
}

/** The future, as far as it is loaded. Only the agenda of the engine reads it. */
export interface Tape {
  /** First bar with start ≥ `from` that meets the condition; bars with volume 0 count. */
  readonly firstBar: (symbol: string, from: Instant, condition: BarCondition) => Bar | undefined;
  /** The bar that covers `at` (start ≤ at < end), or undefined. */
  readonly barAt: (symbol: string, at: Instant) => Bar | undefined;
  /** What is known at an instant of the tape. */
  readonly knownAt: (at: Instant) => KnownMarket;
}
