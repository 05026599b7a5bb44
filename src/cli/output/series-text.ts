/** What lists and pages say of a series of bars, for people and for scripts. */
import { formatInstant } from "../../kernel/index.ts";
import type { SeriesSummary } from "../../market/index.ts";
import { formatCount } from "./table.ts";

type SeriesDays = SeriesSummary["days"];

/** Days present, partial and missing; of a pair, and of a catalog in which they were never counted, dashes. */
export function daysCells(days: SeriesDays): readonly string[] {
  return days === undefined ? ["-", "-", "-"] : [days.present, days.partial, days.missing].map(formatCount);
}

export function markOf({ isSynthetic, isAdjusted }: SeriesSummary): string {
  if (isSynthetic) return "synthetic";
  return isAdjusted ? "adjusted" : "";
}

/** Fields of a series in a document that differ from those in memory. */
export function seriesWords({ from, to, days }: SeriesSummary): {
  readonly from: string;
  readonly to: string;
  readonly days: SeriesDays | null;
} {
  return { from: formatInstant(from), to: formatInstant(to), days: days ?? null };
}
