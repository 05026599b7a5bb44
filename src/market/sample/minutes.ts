/** The sample's minute bars: one month of one symbol, made in a few milliseconds, the same bytes every time. */
import type { TradingDay } from "../../calendar/index.ts";
import { MINUTE_MS, type Prng } from "../../kernel/index.ts";
import type { Month } from "../months.ts";
import { newColumns, type Columns } from "../series/columns.ts";
import { planMonth, type DayPlan } from "./daily-path.ts";
import { bellShaped, drawsFor } from "./draws.ts";
import { printedMinutes } from "./presence.ts";
import type { SampleSymbol } from "./sample-symbols.ts";

/** Every bar of AAPL and MSFT has at least this volume, so that small orders always fill. */
const COMPLETE_VOLUME_MIN = 1000;

/** Share of the day's volume, and of its standard deviation, in each phase of the day. */
const PRE_MARKET = { volume: 0.03, sigma: 0.3 };
const REGULAR = { volume: 0.95, sigma: 0.8 };
const AFTER_HOURS = { volume: 0.02, sigma: 0.2 };

/** A stretch of minutes with the prices at its ends, in dollars. */
interface Phase {
  readonly kind: "pre" | "regular" | "after";
  readonly from: number;
  readonly to: number;
  readonly minutes: number;
  readonly share: { readonly volume: number; readonly sigma: number };
}

export function sampleMonth(symbol: SampleSymbol, month: Month): Columns {
  const plans = planMonth(symbol, month);
  const printed = plans.map((plan) => printedMinutes(symbol, plan.day));
  const columns = newColumns(printed.reduce((sum, starts) => sum + starts.length, 0));
  columns.span.fill(MINUTE_MS);
  let row = 0;
  for (const [index, plan] of plans.entries()) {
    const starts = printed[index] ?? [];
    columns.start.set(starts, row);
    writeDay(symbol, plan, columns, row);
    row += starts.length;
  }
  return columns;
}

/** Fills the rows of a day, whose starts stand already from `row` on. */
function writeDay(symbol: SampleSymbol, plan: DayPlan, columns: Columns, row: number): void {
  const draws = drawsFor(`${symbol.symbol}|${plan.day.date}|minutes`);
  const dayVolume = symbol.dailyVolume * (0.65 + 0.45 * draws.next() + 0.35 * draws.next() * draws.next());
  let start: number = plan.day.sessionOpen;
  let next = row;
  for (const phase of phasesOf(plan)) {
    const path = pathOf(symbol, phase, draws);
    for (let minute = 0; minute < phase.minutes; minute += 1, start += MINUTE_MS) {
      if (columns.start[next] !== start) continue;
      const isFirst = minute === 0;
      writePrices(columns, next, { from: path[minute] ?? 0, to: path[minute + 1] ?? 0, isFirst }, draws);
      writeTrading(symbol, columns, next, { expected: dayVolume * volumeShare(phase, minute), draws });
      next += 1;
    }
  }
}

function phasesOf({ day, first, open, close, last }: DayPlan): readonly Phase[] {
  const minutes = (from: keyof TradingDay, to: keyof TradingDay): number =>
    (Number(day[to]) - Number(day[from])) / MINUTE_MS;
  return [
    { kind: "pre", from: first, to: open, minutes: minutes("sessionOpen", "open"), share: PRE_MARKET },
    { kind: "regular", from: open, to: close, minutes: minutes("open", "close"), share: REGULAR },
    { kind: "after", from: close, to: last, minutes: minutes("close", "sessionClose"), share: AFTER_HOURS },
  ];
}

/** A random walk bent to run from one price to the other; livelier at the edges of the regular session. */
function pathOf(symbol: SampleSymbol, { kind, from, to, minutes, share }: Phase, draws: Prng): Float64Array {
  const scale = (symbol.dailySigma * share.sigma) / Math.sqrt(minutes);
  const path = new Float64Array(minutes + 1);
  for (let minute = 0; minute < minutes; minute += 1) {
    const liveliness = kind === "regular" ? 0.7 + 3.6 * fromMiddle(minute, minutes) : 1;
    path[minute + 1] = (path[minute] ?? 0) + bellShaped(draws) * scale * liveliness;
  }
  const drift = (path[minutes] ?? 0) / minutes;
  for (let minute = 0; minute <= minutes; minute += 1) {
    const line = from + ((to - from) * minute) / minutes;
    path[minute] = line * (1 + (path[minute] ?? 0) - drift * minute);
  }
  return path;
}

/** 0 in the middle of a phase, 0.25 at its ends: the U shape of a trading day. */
function fromMiddle(minute: number, minutes: number): number {
  const distance = (minute + 0.5) / minutes - 0.5;
  return distance * distance;
}

/** Share of the day's volume in one minute; the minutes of the two auctions stand out. */
function volumeShare({ kind, minutes, share }: Phase, minute: number): number {
  const position = (minute + 0.5) / minutes;
  const even = share.volume / minutes;
  if (kind === "pre") return even * (0.25 + 2.25 * position * position);
  if (kind === "after") return even * (0.25 + 2.25 * (1 - position) * (1 - position));
  const auction = minute === 0 || minute === minutes - 1 ? 3 : 1;
  return even * (0.48 + 6 * fromMiddle(minute, minutes)) * auction;
}

interface Move {
  readonly from: number;
  readonly to: number;
  /** The first bar of a phase opens exactly on the path. */
  readonly isFirst: boolean;
}

/** Works in whole cents, so that prices are exact cents and open and close lie inside high and low. */
function writePrices(columns: Columns, row: number, { from, to, isFirst }: Move, draws: Prng): void {
  const jitter = Math.floor(draws.next() * 3) - 1;
  const open = Math.max(1, Math.round(from * 100) + (isFirst ? 0 : jitter));
  const close = Math.max(1, Math.round(to * 100));
  const reach = 1 + Math.abs(close - open) * 0.6 + from * 0.025;
  const high = Math.max(open, close) + Math.floor(draws.next() * draws.next() * reach);
  const low = Math.max(1, Math.min(open, close) - Math.floor(draws.next() * draws.next() * reach));
  columns.open[row] = open / 100;
  columns.high[row] = high / 100;
  columns.low[row] = low / 100;
  columns.close[row] = close / 100;
  const average = low + (high - low) * (0.3 + 0.4 * draws.next());
  columns.vwap[row] = Math.round(average * 100) / 10_000;
}

interface Trading {
  readonly expected: number;
  readonly draws: Prng;
}

function writeTrading(symbol: SampleSymbol, columns: Columns, row: number, { expected, draws }: Trading): void {
  const drawn = Math.round(expected * (0.4 + 1.2 * draws.next()) * (0.6 + 0.8 * draws.next()));
  const volume = Math.max(symbol.thinnestPresence >= 1 ? COMPLETE_VOLUME_MIN : 1, drawn);
  columns.volume[row] = volume;
  const trades = Math.round((volume / symbol.tradeSize) * (0.8 + 0.4 * draws.next()));
  columns.trades[row] = Math.min(volume, Math.max(1, trades));
}
