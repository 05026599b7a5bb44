/** What a group of checks is: it sees a series once, stretch by stretch, and keeps no more of it than it needs. */
import type { CorporateAction } from "../../kernel/index.ts";
import type { Columns } from "../series/columns.ts";
import type { TimeframeSpec } from "../timeframe.ts";
import type { Findings } from "./findings.ts";

/** The series that is checked. */
export interface CheckedSeries {
  readonly symbol: string;
  readonly timeframe: TimeframeSpec;
  readonly isAdjusted: boolean;
  /** Those of the symbol. */
  readonly actions: readonly CorporateAction[];
}

export interface Watcher {
  /** The next stretch, whole New York days; `firstRow` is the number of its first bar in the series. */
  readonly take: (columns: Columns, firstRow: number) => void;
  /** After the last stretch; `isWhole` says whether none was lost to a damaged file. */
  readonly finish: (isWhole: boolean) => void;
}

export type OpenWatcher = (series: CheckedSeries, findings: Findings) => Watcher;

export const NOTHING_TO_FINISH = (): void => {};
