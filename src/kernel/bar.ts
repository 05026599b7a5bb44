/** One bar of a price series. Plain numbers: bars are data, they become money at the moment of a fill. */
import type { Instant } from "./instant.ts";

/** Alpaca's spelling of a bar length: "1Min", "5Min", "1Hour", "1Day". */
export type Timeframe = string;

/** Covers [start, end), labelled by its start. A day bar covers the regular session of its date (rule R1). */
export interface Bar {
  readonly start: Instant;
  readonly end: Instant;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Volume-weighted average price, where the source has it. */
  readonly vwap: number | undefined;
  /** Number of trades, where the source has it. */
  readonly trades: number | undefined;
  /** True for a bar of a whole session (rules R4 and G67 treat a running one with care). */
  readonly isDay: boolean;
}

/** What a bar must be for a search through a series to stop at it. */
export type BarCondition =
  | { readonly kind: "any" }
  | { readonly kind: "low_below"; readonly price: number; readonly orEqual: boolean }
  | { readonly kind: "high_above"; readonly price: number; readonly orEqual: boolean };
