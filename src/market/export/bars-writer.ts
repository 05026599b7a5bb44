/** What a file that bars are exported to is: one file for each format implements it. */
import type { LabelledBar } from "../bars/resampler.ts";

/** Gets bars of one symbol after another, oldest first. */
export interface BarsWriter {
  readonly write: (symbol: string, bars: readonly LabelledBar[]) => Promise<void>;
  /** After the last bar. */
  readonly finish: () => Promise<void>;
  /** Instead of it, where the rest will not come. */
  readonly abandon: () => Promise<void>;
}
