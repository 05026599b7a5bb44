/** A page of bars of one symbol: which months it needs, and nothing before or after them. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { SymbolEntry } from "../catalog/catalog.ts";
import { firstMonthFrom } from "../catalog/bar-source.ts";
import { monthAt, monthStart, type Month } from "../months.ts";
import type { Columns } from "../series/columns.ts";
import { Resampler, type LabelledBar, type PageSpec } from "./resampler.ts";

export interface BarsPage {
  readonly bars: readonly LabelledBar[];
  readonly isLast: boolean;
}

/** A month's bars: at once where they are in memory. */
export type SegmentOf = (month: Month) => Columns | Promise<Columns>;

/** Months between two turns of others: a month of minutes takes about a third of a millisecond, adjusted a whole one. */
const MONTHS_PER_TURN = 8;

export async function barsPage(entry: SymbolEntry, spec: PageSpec, segment: SegmentOf): Promise<BarsPage> {
  const resampler = new Resampler(spec);
  const { months } = entry;
  const first = firstMonthFrom(months, monthAt(spec.from));
  for (let index = first; index < months.length; index += 1) {
    const month = months[index] as Month;
    if (resampler.isDoneAt(monthStart(month))) break;
    const columns = segment(month);
    resampler.feed(columns instanceof Promise ? await columns : columns);
    if ((index - first) % MONTHS_PER_TURN === MONTHS_PER_TURN - 1) await nextTurn();
  }
  return resampler.finish();
}
