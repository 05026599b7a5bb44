/** The sample's days: closes that wander from one month's close to the next, and where each day starts and ends. */
import { tradingDaysBetween, type TradingDay } from "../../calendar/index.ts";
import { assert, dateFromDays, daysFromCivil } from "../../kernel/index.ts";
import { monthInYear, yearOf, type Month } from "../months.ts";
import { bellShaped, drawsFor } from "./draws.ts";
import { SAMPLE_FIRST_MONTH, type SampleSymbol } from "./sample-symbols.ts";

/** A day's turning points in dollars; the path runs through them. */
export interface DayPlan {
  readonly day: TradingDay;
  /** At 04:00. */
  readonly first: number;
  /** The first regular price. */
  readonly open: number;
  /** The last regular price. */
  readonly close: number;
  /** When after-hours trading ends. */
  readonly last: number;
}

/** Share of a day's movement that happens overnight, and in each half of the extended session. */
const OVERNIGHT_SIGMAS = 0.4;
const LATE_SIGMAS = 0.15;
const EARLY_SIGMAS = 0.1;

export function monthDays(month: Month): readonly TradingDay[] {
  const firstOf = (index: Month): number =>
    daysFromCivil({ year: yearOf(index), month: monthInYear(index) + 1, day: 1 });
  return tradingDaysBetween(dateFromDays(firstOf(month)), dateFromDays(firstOf(month + 1) - 1));
}

/** Each month follows from the anchors alone, so that any month can be made without the one before. */
export function planMonth(symbol: SampleSymbol, month: Month): readonly DayPlan[] {
  const days = monthDays(month);
  const closes = dailyCloses(symbol, month, days.length);
  const dayBefore = monthDays(month - 1).at(-1);
  assert(dayBefore !== undefined, "Invariant: the exchange trades in every month");
  let previous = { day: dayBefore, close: anchor(symbol, month - 1) };
  return days.map((day, index) => {
    const close = closes[index] ?? previous.close;
    const plan = planDay(symbol, previous, { day, close });
    previous = { day, close };
    return plan;
  });
}

const anchor = (symbol: SampleSymbol, month: Month): number => symbol.monthCloses[month - SAMPLE_FIRST_MONTH + 1] ?? 0;

/** A random walk bent so that it ends on the month's close: the straight line between two closes, times 1 + noise. */
function dailyCloses(symbol: SampleSymbol, month: Month, count: number): number[] {
  const draws = drawsFor(`${symbol.symbol}|${month}|days`);
  const walk = [0];
  for (let step = 1; step <= count; step += 1) walk.push((walk[step - 1] ?? 0) + bellShaped(draws) * symbol.dailySigma);
  const drift = (walk[count] ?? 0) / count;
  const [from, to] = [anchor(symbol, month - 1), anchor(symbol, month)];
  return walk.slice(1).map((value, index) => {
    const step = index + 1;
    return (from + ((to - from) * step) / count) * (1 + value - drift * step);
  });
}

interface DayClose {
  readonly day: TradingDay;
  readonly close: number;
}

function planDay(symbol: SampleSymbol, before: DayClose, { day, close }: DayClose): DayPlan {
  const { dailySigma } = symbol;
  const draws = drawsFor(`${symbol.symbol}|${day.date}|plan`);
  const first = lateClose(symbol, before) * (1 + bellShaped(draws) * dailySigma * EARLY_SIGMAS);
  const share = 0.2 + 0.4 * draws.next();
  const gap = (close - before.close) * share + before.close * bellShaped(draws) * dailySigma * OVERNIGHT_SIGMAS;
  return { day, first, open: before.close + gap, close, last: lateClose(symbol, { day, close }) };
}

/** Drawn by day, so that the next day can know it by itself. */
function lateClose(symbol: SampleSymbol, { day, close }: DayClose): number {
  const draws = drawsFor(`${symbol.symbol}|${day.date}|late`);
  return close * (1 + bellShaped(draws) * symbol.dailySigma * LATE_SIGMAS);
}
