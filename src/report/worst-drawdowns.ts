/** The worst drawdowns of a report, as rows. */
import type { CivilDate } from "../kernel/index.ts";
import { drawdowns } from "./drawdown.ts";
import type { Sample } from "./sample.ts";

export interface DrawdownRow {
  readonly peak: CivilDate;
  readonly trough: CivilDate;
  /** Null where it has not recovered. */
  readonly recovery: CivilDate | null;
  readonly depth: number;
  readonly length_days: number;
}

export const ROW_DEFINITIONS: Readonly<Record<"worst" | keyof DrawdownRow, string>> = {
  worst: "The five deepest drawdowns, deepest first.",
  peak: "The last day at the highest value before the fall.",
  trough: "The day of the lowest value.",
  recovery: "The first day back at the peak; null where there is none.",
  depth: "The fall at the trough, as a negative ratio of the peak.",
  length_days: "Calendar days from the peak to the recovery, or to the last day.",
};

/** The five deepest of a sample. */
export function worstDrawdowns({ path }: Sample): readonly DrawdownRow[] {
  const told = drawdowns(path).filter(({ depth }) => Number.isFinite(depth));
  return told.map(({ peak, trough, recovery, depth, days }) => ({
    peak,
    trough,
    recovery: recovery ?? null,
    depth,
    length_days: days,
  }));
}
