/** Counting day trades as FINRA did until 2026-06-04 (rule R38). */
import { newYorkDate, tradingDayBefore } from "../../calendar/index.ts";
import type { CivilDate, Instant } from "../../kernel/index.ts";
import type { DayTrades } from "../state.ts";

/** Day trades in so many business days make a pattern day trader. */
export const PATTERN_DAYS = 5;
export const PATTERN_TRADES = 4;

/** What a fill adds: an opening is remembered, the first closing after it is a day trade. */
export function countFill(
  trades: MutableDayTrades[],
  fill: { readonly at: Instant; readonly symbol: string; readonly isOpening: boolean },
): void {
  const date = newYorkDate(fill.at);
  let today = trades.at(-1);
  if (today?.date !== date) {
    if (!fill.isOpening) return;
    today = { date, count: 0, opened: new Set() };
    trades.push(today);
    if (trades.length > PATTERN_DAYS) trades.shift();
  }
  if (fill.isOpening) today.opened.add(fill.symbol);
  else if (today.opened.delete(fill.symbol)) today.count += 1;
}

/** Day trades as the fold writes them; to everyone else they are read-only. */
export interface MutableDayTrades {
  readonly date: CivilDate;
  count: number;
  readonly opened: Set<string>;
}

/** Day trades of the five business days that end with a date. */
export function dayTradeCount(trades: readonly DayTrades[], date: CivilDate): number {
  if (trades.length === 0) return 0;
  const from = tradingDayBefore(date, PATTERN_DAYS - 1)?.date ?? date;
  let count = 0;
  for (const each of trades) if (each.date >= from && each.date <= date) count += each.count;
  return count;
}

/** Whether something was opened in a symbol today that a sale or a cover would turn into a day trade. */
export function isOpenedToday(trades: readonly DayTrades[], date: CivilDate, symbol: string): boolean {
  const today = trades.at(-1);
  return today?.date === date && today.opened.has(symbol);
}
