/** A page of bars as of a moment, adjusted for what companies had done to their shares by then. */
import { newYorkMidnight } from "../../calendar/index.ts";
import type { CivilDate, CorporateAction, Instant } from "../../kernel/index.ts";
import type { SymbolEntry } from "../catalog/catalog.ts";
import type { Columns } from "../series/columns.ts";
import { adjustColumns, inWholeShares } from "./adjusted-columns.ts";
import { actionsInForce, adjustmentSteps, dayBeforeEx, type Adjustment, type AdjustmentStep } from "./adjustment.ts";
import { ALWAYS, type ParsedRequest } from "./bars-query.ts";
import { barsPage, type BarsPage, type SegmentOf } from "./page.ts";
import { descendingPage } from "./descending.ts";
import type { PageSpec } from "./resampler.ts";

export interface PageWanted extends ParsedRequest {
  readonly entry: SymbolEntry;
  /** Of the symbol, in the order in which they happen. */
  readonly actions: readonly CorporateAction[];
}

/** A page in either direction. */
export function adjustedPage(wanted: PageWanted, segment: SegmentOf): Promise<BarsPage> {
  if (!wanted.isDescending) return ascendingPage(wanted, segment);
  const { spec, entry } = wanted;
  return descendingPage(spec, entry.months, (stretch) => ascendingPage({ ...wanted, spec: stretch }, segment));
}

/** The finest bars are adjusted first, then longer ones are made of them: a week may straddle an ex-date. */
async function ascendingPage(wanted: PageWanted, segment: SegmentOf): Promise<BarsPage> {
  const { entry, spec } = wanted;
  const steps = await stepsOf(wanted, segment);
  if (steps.length === 0) return barsPage(entry, spec, segment);
  const page = await barsPage(entry, spec, (month) => adjusted(segment(month), steps));
  return { ...page, bars: inWholeShares(page.bars, steps) };
}

function adjusted(columns: Columns | Promise<Columns>, steps: readonly AdjustmentStep[]): Columns | Promise<Columns> {
  return columns instanceof Promise
    ? columns.then((loaded) => adjustColumns(loaded, steps))
    : adjustColumns(columns, steps);
}

/** None for prices that are marked as adjusted: what was done to them is not known, so they stay what they are. */
async function stepsOf(
  { entry, spec, adjustment, actions }: PageWanted,
  segment: SegmentOf,
): Promise<readonly AdjustmentStep[]> {
  if (entry.isAdjusted || !isAny(adjustment) || actions.length === 0) return [];
  const asked = { adjustment, actions, knownAt: spec.knownAt };
  const closes = closesOf(entry);
  for (const { type, exDate } of actionsInForce(asked, spec.from)) {
    const date = type === "cash_dividend" ? dayBeforeEx(exDate) : undefined;
    if (date !== undefined && !closes.has(date)) closes.set(date, await closeOn(entry, date, segment));
  }
  return adjustmentSteps({ ...asked, closeOn: (date) => closes.get(date) }, spec.from);
}

const isAny = ({ forSplits, forDividends }: Adjustment): boolean => forSplits || forDividends;

/** Closes before ex-dates that were looked up, at most one a dividend: an entry's bars never change. */
const closesByEntry = new WeakMap<SymbolEntry, Map<CivilDate, number | undefined>>();

function closesOf(entry: SymbolEntry): Map<CivilDate, number | undefined> {
  const closes = closesByEntry.get(entry) ?? new Map<CivilDate, number | undefined>();
  closesByEntry.set(entry, closes);
  return closes;
}

/** The close of a date's regular session, raw, made of the finest data. */
async function closeOn(entry: SymbolEntry, date: CivilDate, segment: SegmentOf): Promise<number | undefined> {
  const label: Instant = newYorkMidnight(date);
  const day: PageSpec = { timeframe: DAY, from: label, to: label, knownAt: ALWAYS, limit: 1 };
  const { bars } = await barsPage(entry, day, segment);
  return bars[0]?.close;
}

const DAY = { count: 1, unit: "Day", name: "1Day", lengthMs: undefined } as const;
