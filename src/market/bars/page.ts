/** A page of bars of one symbol: which months it needs, and nothing before or after them. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { SymbolEntry } from "../catalog/catalog.ts";
import { firstMonthFrom } from "../catalog/bar-source.ts";
import { monthAt, monthStart, type Month } from "../months.ts";
import type { BarSeries } from "../series/bar-series.ts";
import { Resampler, type LabelledBar, type PageSpec } from "./resampler.ts";

export interface BarsPage {
  readonly bars: readonly LabelledBar[];
  readonly isLast: boolean;
}

/** Months between two turns of others: a month of minutes takes about a third of a millisecond. */
const MONTHS_PER_TURN = 16;

export async function barsPage(
  entry: SymbolEntry,
  spec: PageSpec,
  segment: (month: Month) => BarSeries | Promise<BarSeries>,
): Promise<BarsPage> {
  const resampler = new Resampler(spec);
  const { months } = entry;
  const first = firstMonthFrom(months, monthAt(spec.from));
  for (let index = first; index < months.length; index += 1) {
    const month = months[index] as Month;
    if (resampler.isDoneAt(monthStart(month))) break;
    const series = segment(month);
    resampler.feed(series instanceof Promise ? await series : series);
    if ((index - first) % MONTHS_PER_TURN === MONTHS_PER_TURN - 1) await nextTurn();
  }
  return resampler.finish();
}
