/** Counting day trades as FINRA did until 2026-06-04 (rule R38). */
import { newYorkDate, tradingDaysBefore } from "../../calendar/index.ts";
import type { CivilDate, Instant } from "../../kernel/index.ts";
import type { DayTrades } from "../state.ts";

/** Day trades in so many business days make a pattern day trader. */
export const PATTERN_DAYS = 5;
export const PATTERN_TRADES = 4;

/** What a fill adds: an opening is remembered, the first closing after it is a day trade. */
export function countFill(
  before: readonly DayTrades[],
  fill: { readonly at: Instant; readonly symbol: string; readonly isOpening: boolean },
): readonly DayTrades[] {
  const date = newYorkDate(fill.at);
  const last = before.at(-1);
  const today: DayTrades = last?.date === date ? last : { date, count: 0, opened: new Set() };
  if (today.opened.has(fill.symbol) === fill.isOpening) return before;
  const opened = new Set(today.opened);
  if (fill.isOpening) opened.add(fill.symbol);
  else opened.delete(fill.symbol);
  const earlier = before.filter((each) => each.date !== date).slice(1 - PATTERN_DAYS);
  return [...earlier, { date, count: today.count + (fill.isOpening ? 0 : 1), opened }];
}

/** Day trades of the five business days that end with a date. */
export function dayTradeCount(trades: readonly DayTrades[], date: CivilDate): number {
  if (trades.length === 0) return 0;
  const from = tradingDaysBefore(date, PATTERN_DAYS - 1)[0]?.date ?? date;
  return trades.reduce((count, each) => (each.date >= from && each.date <= date ? count + each.count : count), 0);
}

/** Whether something was opened in a symbol today that a sale or a cover would turn into a day trade. */
export function isOpenedToday(trades: readonly DayTrades[], date: CivilDate, symbol: string): boolean {
  const today = trades.at(-1);
  return today?.date === date && today.opened.has(symbol);
}
