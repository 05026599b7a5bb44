/** What a download came to, and what it tells while it runs. */
import type { AppError, CivilDate } from "../../kernel/index.ts";
import type { ReasonTotal, RefusedRow } from "../import/refused-rows.ts";

export interface SymbolReport {
  readonly symbol: string;
  /** Bars that the provider sent. */
  readonly received: number;
  /** Of these, bars that the catalog did not have. */
  readonly added: number;
  /** Of these, bars that had no vwap or no count of trades, and have one now. */
  readonly completed: number;
  /** Of these, bars that could not be taken. */
  readonly refused: number;
  /** The first hundred; a line is the place of the bar in its stretch. */
  readonly refusedBars: readonly RefusedRow[];
  readonly reasons: readonly ReasonTotal[];
  /** Requests made, those made again included. */
  readonly requests: number;
  readonly retries: number;
  /** Days of the span that an earlier run had completed. */
  readonly daysKnown: number;
  /** Undefined: not asked for, or asked for today already. */
  readonly actions: ActionsReport | undefined;
  /** Undefined: not asked for, or asked for today already. */
  readonly asset: "unknown" | "new" | "changed" | "unchanged" | undefined;
  /** Why the rest of this symbol was left out. */
  readonly failure: AppError | undefined;
}

export interface ActionsReport {
  readonly received: number;
  readonly added: number;
  readonly replaced: number;
  /** What Tapedeck does not book, by the provider's word for it. */
  readonly leftOut: Readonly<Record<string, number>>;
}

export interface DownloadReport {
  readonly provider: string;
  readonly feed: string | undefined;
  readonly timeframe: string;
  readonly from: CivilDate;
  readonly to: CivilDate;
  /** In the order in which they were asked for; those that were not begun are missing. */
  readonly symbols: readonly SymbolReport[];
  /** Symbols that were the built-in sample's until now: real bars take the place of all of its bars. */
  readonly sampleReplaced: readonly string[];
  readonly requests: number;
  readonly retries: number;
  readonly notes: readonly string[];
  /** What ended it before its end; what was complete until then is kept. */
  readonly fault: AppError | undefined;
}

/** What is going on, for whoever watches. Days count over all symbols. */
export type DownloadNews =
  | { readonly kind: "moved"; readonly symbol: string; readonly date: CivilDate; readonly counts: DownloadCounts }
  | {
      readonly kind: "stretch";
      readonly symbol: string;
      readonly from: CivilDate;
      readonly to: CivilDate;
      readonly bars: number;
      readonly added: number;
      readonly counts: DownloadCounts;
    }
  | { readonly kind: "wait"; readonly waitMs: number; readonly why: string }
  | { readonly kind: "note"; readonly text: string };

export interface DownloadCounts {
  readonly daysDone: number;
  readonly daysTotal: number;
  readonly barsReceived: number;
}
