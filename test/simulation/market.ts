/** Random markets from a seed: gaps, missing bars, zero volume, half days, clock changes, cheap and dear shares, splits. */
import { tradingDaysBetween, type TradingDay } from "../../src/calendar/index.ts";
import {
  HOUR_MS,
  instant,
  MINUTE_MS,
  price,
  SCALE,
  type Bar,
  type CivilDate,
  type CorporateAction,
  type Instant,
} from "../../src/kernel/index.ts";
import type { AuditMarket } from "./auditor/types.ts";
import { chance, integer, pick, type Dice } from "./dice.ts";
import { PLAIN_TRAITS } from "./tape.ts";

export interface RandomMarket {
  readonly market: AuditMarket;
  readonly start: Instant;
  readonly end: Instant;
  readonly days: readonly TradingDay[];
}

/** Spans with something of their own: clock changes, half days, a holiday on a Friday, the end of a month, new rules. */
const SPANS = [
  ["2023-03-10", "2023-03-14"],
  ["2023-11-02", "2023-11-07"],
  ["2024-11-27", "2024-12-03"],
  ["2024-07-02", "2024-07-05"],
  ["2024-03-27", "2024-04-02"],
  ["2024-02-28", "2024-03-04"],
  ["2023-06-15", "2023-06-21"],
  ["2026-06-02", "2026-06-08"],
  ["2026-08-31", "2026-09-03"],
] as const;

const LONG_SPANS = [
  ["2024-01-02", "2024-05-10"],
  ["2023-10-02", "2024-01-12"],
] as const;

const SYMBOLS = ["AAA", "BBB", "CCC"] as const;

/** Minutes of New York's day in which bars are printed: about the edges of the sessions, where the rules are. */
const WINDOWS = [
  [4 * 60, 6],
  [9 * 60 + 25, 22],
  [12 * 60 + 50, 15],
  [15 * 60 + 50, 16],
  [16 * 60 + 55, 8],
  [19 * 60 + 55, 5],
] as const;

interface Character {
  /** The tick that its prices move in, in units of 10⁻⁴ dollars. */
  readonly grain: number;
  readonly level: number;
  readonly minutes: number;
  readonly volume: number;
}

export function randomMarket(dice: Dice, isLong = chance(dice, 0.15)): RandomMarket {
  const span = isLong ? pick(dice, LONG_SPANS) : pick(dice, SPANS);
  const days = tradingDaysBetween(span[0] as CivilDate, span[1] as CivilDate);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) throw new Error("a span without trading days");
  const bars: Record<string, readonly Bar[]> = {};
  const actions: Record<string, readonly CorporateAction[]> = {};
  for (const symbol of SYMBOLS.slice(0, integer(dice, 1, SYMBOLS.length))) {
    actions[symbol] = chance(dice, 0.4) ? randomActions(dice, symbol, days) : [];
    const character = randomCharacter(dice);
    const series = isLong ? dayBars(dice, days, character) : intradayBars(dice, days, character);
    bars[symbol] = chance(dice, 0.3) ? jumped(dice, days, series) : series;
  }
  const traits = Object.fromEntries(
    Object.keys(bars).map((symbol) => [symbol, { ...PLAIN_TRAITS, isFractionable: chance(dice, 0.8) }]),
  );
  return {
    market: { bars: splitBars(bars, actions, days), actions, traits },
    start: instant(first.sessionOpen - HOUR_MS),
    end: instant(last.sessionClose + HOUR_MS),
    days,
  };
}

function randomCharacter(dice: Dice): Character {
  const [level, grain] = pick(dice, [
    [100_000, 100],
    [100_000, 100],
    [98_000, 100],
    [5_000_000, 100],
    [4000, 1],
    [30_000, 100],
  ] as const);
  return { level, grain, minutes: pick(dice, [1, 1, 5]), volume: pick(dice, [400, 3000, 20_000, 200_000]) };
}

/** One bar around where the last one ended; its extremes often only touch what is near. */
function randomBar(
  dice: Dice,
  character: Character,
  from: number,
): { readonly bar: Omit<Bar, "start" | "end" | "isDay">; readonly to: number } {
  const { grain } = character;
  const wide = Math.max(2, Math.round(character.level / grain / 200));
  const gap = chance(dice, 0.1) ? integer(dice, -4 * wide, 4 * wide) : integer(dice, -1, 1);
  const floor = Math.max(20, Math.round(character.level / grain / 3));
  const open = Math.max(floor, from + gap);
  const close = Math.max(floor, open + integer(dice, -wide, wide));
  const high = Math.max(open, close) + integer(dice, 0, wide);
  const low = Math.max(10, Math.min(open, close) - integer(dice, 0, wide));
  const volume = chance(dice, 0.08) ? 0 : integer(dice, 1, character.volume);
  const dollars = (ticks: number): number => Math.round(ticks * grain) / 10_000;
  const bar = {
    open: dollars(open),
    high: dollars(high),
    low: dollars(low),
    close: dollars(close),
    volume,
    vwap: undefined,
    trades: undefined,
  };
  return { bar, to: close };
}

function intradayBars(dice: Dice, days: readonly TradingDay[], character: Character): readonly Bar[] {
  const bars: Bar[] = [];
  let at = Math.round(character.level / character.grain);
  for (const start of days.flatMap((day) => startsOn(day, character.minutes))) {
    const { bar, to } = randomBar(dice, character, at);
    if (chance(dice, 0.1)) continue;
    at = to;
    bars.push({ ...bar, start, end: instant(start + character.minutes * MINUTE_MS), isDay: false });
  }
  return bars;
}

function startsOn(day: TradingDay, minutes: number): readonly Instant[] {
  const midnight = day.sessionOpen - 4 * HOUR_MS;
  return WINDOWS.flatMap(([from, length]) =>
    Array.from({ length: Math.ceil(length / minutes) }, (_, index) =>
      instant(midnight + (from + index * minutes) * MINUTE_MS),
    ),
  ).filter((start) => start < day.sessionClose);
}

function dayBars(dice: Dice, days: readonly TradingDay[], character: Character): readonly Bar[] {
  let at = Math.round(character.level / character.grain);
  return days.flatMap((day) => {
    const { bar, to } = randomBar(dice, character, at);
    if (chance(dice, 0.03)) return [];
    at = to;
    return [{ ...bar, start: day.open, end: day.close, isDay: true }];
  });
}

const RATES = [
  [1, 2],
  [1, 4],
  [2, 3],
  [10, 1],
  [4, 1],
] as const;

function randomActions(dice: Dice, symbol: string, days: readonly TradingDay[]): readonly CorporateAction[] {
  const dates = days.slice(1).map((day) => day.date);
  const exDate = pick(dice, dates);
  const paid: CorporateAction = {
    type: "cash_dividend",
    symbol,
    exDate,
    recordDate: undefined,
    payDate: chance(dice, 0.2)
      ? undefined
      : pick(
          dice,
          dates.filter((date) => date >= exDate),
        ),
    cashPerShare: price((BigInt(pick(dice, [2450, 2400, 100, 10_000])) * SCALE) / 10_000n),
  };
  if (chance(dice, 0.5)) return [paid];
  const [oldRate, newRate] = pick(dice, RATES);
  const split: CorporateAction = {
    type: "split",
    symbol,
    exDate: pick(dice, dates),
    oldRate: BigInt(oldRate) * SCALE,
    newRate: BigInt(newRate) * SCALE,
  };
  if (split.exDate === paid.exDate || chance(dice, 0.5)) return [split];
  return [paid, split].toSorted((a, b) => (a.exDate < b.exDate ? -1 : 1));
}

/** From some morning on the shares are worth half, or nearly double: accounts on credit do not survive all of it. */
function jumped(dice: Dice, days: readonly TradingDay[], series: readonly Bar[]): readonly Bar[] {
  const day = pick(dice, days.slice(1));
  const factor = pick(dice, [0.5, 0.7, 1.4, 1.9]);
  return series.map((bar) => (bar.start < day.sessionOpen ? bar : scaled(bar, factor)));
}

/** From the ex-date of a split on, the raw prices of the shares that it made. */
function splitBars(
  bars: Readonly<Record<string, readonly Bar[]>>,
  actions: Readonly<Record<string, readonly CorporateAction[]>>,
  days: readonly TradingDay[],
): Readonly<Record<string, readonly Bar[]>> {
  return Object.fromEntries(
    Object.entries(bars).map(([symbol, series]) => {
      const split = actions[symbol]?.find((action) => action.type === "split");
      const day = split === undefined ? undefined : days.find((each) => each.date >= split.exDate);
      if (split === undefined || day === undefined) return [symbol, series];
      const factor = Number(split.oldRate) / Number(split.newRate);
      return [symbol, series.map((bar) => (bar.start < day.sessionOpen ? bar : scaled(bar, factor)))];
    }),
  );
}

function scaled(bar: Bar, factor: number): Bar {
  const of = (value: number): number => {
    const times = value * factor;
    return times >= 1 ? Math.round(times * 100) / 100 : Math.round(times * 10_000) / 10_000;
  };
  return { ...bar, open: of(bar.open), high: of(bar.high), low: of(bar.low), close: of(bar.close) };
}
