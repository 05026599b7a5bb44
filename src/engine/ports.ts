/** The two views of a market that the engine reads: what is known at the clock, and the tape (the future). */
import type { Bar, BarCondition, CorporateAction, Instant, Price } from "../kernel/index.ts";

/** What the catalog says of an asset; facts that do not change with the clock. */
export interface AssetTraits {
  readonly isTradable: boolean;
  readonly isFractionable: boolean;
  readonly isShortable: boolean;
  readonly isEasyToBorrow: boolean;
  readonly isMarginable: boolean;
  /** 2 or 3 for a leveraged fund, which needs more margin. */
  readonly leverage: number;
}

/** What anyone may know at the session's clock (R2). For validation, marks and previews. */
export interface KnownMarket {
  /** What the view looks at: figures of the past hold as long as it is the same. */
  readonly data: object;
  /** Whether the catalog holds the symbol at all. */
  readonly hasSymbol: (symbol: string) => boolean;
  /**
   * The last known price: the open of the running bar once the clock is past its start, else the last known close.
   * Bars with volume 0 are ignored, and a split since the last print restates it. Undefined while nothing has printed.
   */
  readonly lastPrice: (symbol: string) => Price | undefined;
  /** The same in units of 10⁻⁹ as an exact whole number, for sums of many; undefined where it has to be asked exactly. */
  readonly lastUnits: (symbol: string) => number | undefined;
  /**
   * The price known at an earlier instant, as it was then: a split since is not in it.
   * `at` is not after the clock, and not before the close of the trading day before the clock's.
   */
  readonly priceAt: (symbol: string, at: Instant) => Price | undefined;
  /** What the splits since an instant have made of one share, as a fraction: 2-for-1 is [2n, 1n]. */
  readonly shareRatio: (symbol: string, since: Instant) => readonly [numerator: bigint, denominator: bigint];
  /** Undefined for a symbol that the catalog does not hold. */
  readonly traits: (symbol: string) => AssetTraits | undefined;
  /** Start of the bar that runs at the clock (start < clock < end) and has traded, or undefined. */
  readonly runningBar: (symbol: string) => Instant | undefined;
  /** First bar with start ≥ `from` that has ended at the clock, or undefined; for marks of trailing stops. */
  readonly endedBar: (symbol: string, from: Instant) => Bar | undefined;
}

/** The last price known at an instant, in dollars, as bars carry it; NaN where it has to be asked exactly. */
export type MarkAt = (at: Instant) => number;

/** Units of 10⁻⁹ up to which a mark that is multiplied by 10⁹ and rounded is what the bar says. */
export const MARK_UNITS_MAX = 500_000 * 1e9;

/** The future, as far as it is loaded. Only the agenda of the engine reads it. */
export interface Tape {
  /** First bar with start ≥ `from` that meets the condition; bars with volume 0 count. */
  readonly firstBar: (symbol: string, from: Instant, condition: BarCondition) => Bar | undefined;
  /** The bar that covers `at` (start ≤ at < end), or undefined. */
  readonly barAt: (symbol: string, at: Instant) => Bar | undefined;
  /** The last bar with start < `at` and volume > 0. */
  readonly lastBarBefore: (symbol: string, at: Instant) => Bar | undefined;
  /** The last prices of one symbol, for whoever asks at every step. */
  readonly mark: (symbol: string) => MarkAt;
  /** What the company does to its shares, by ex-date; empty where prices are adjusted already (R39). */
  readonly actions: (symbol: string) => readonly CorporateAction[];
  /** What is known at an instant of the tape. */
  readonly knownAt: (at: Instant) => KnownMarket;
}
