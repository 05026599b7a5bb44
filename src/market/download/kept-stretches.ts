/** Whether the catalog still has what a record says: bars may have been removed, or the folder put back from a copy. */
import type { Manifest, SeriesEntry } from "../catalog/manifest.ts";
import { monthInYear, monthOfDate, yearOf } from "../months.ts";
import type { DoneStretch } from "./job-file.ts";

/** The stretches whose months hold at least as many bars as came; the others are to be fetched again. */
export function keptStretches(
  manifest: Manifest,
  series: { readonly symbol: string; readonly timeframe: string },
  stretches: readonly DoneStretch[],
): readonly DoneStretch[] {
  const entry = manifest.series.find(
    ({ symbol, timeframe }) => symbol === series.symbol && timeframe === series.timeframe,
  );
  return stretches.filter((stretch) => stretch.bars <= barsIn(entry, stretch));
}

function barsIn(entry: SeriesEntry | undefined, { from, to }: DoneStretch): number {
  let bars = 0;
  for (let month = monthOfDate(from); month <= monthOfDate(to); month += 1) {
    const year = entry?.years.find((one) => one.year === yearOf(month));
    bars += year?.monthRows[monthInYear(month)] ?? 0;
  }
  return bars;
}
