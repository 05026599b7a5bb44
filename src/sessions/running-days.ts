/** The running day of a symbol, minute by minute: what a stream of daily bars tells before the day is over. */
import { newYorkMidnight, tradingDayAt, type TradingDay } from "../calendar/index.ts";
import { HOUR_MS, instant, type Bar, type Instant } from "../kernel/index.ts";
import type { Aggregate, LoadedMarket } from "../market/index.ts";

/** A day as far as its bars have ended. */
export interface DayBar extends Aggregate {
  /** Midnight in New York. */
  readonly label: Instant;
}

interface Running {
  readonly day: TradingDay;
  lastStart: Instant;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** Σ vwap × volume; NaN once a bar has none. */
  value: number;
  trades: number;
}

/** A vwap has six decimals. */
const VWAP_PARTS = 1e6;

export class RunningDays {
  readonly #running = new Map<string, Running>();

  /** The day after one of its bars has ended; undefined for a bar outside regular hours. `loaded` holds the whole day. */
  after(loaded: LoadedMarket, symbol: string, bar: Bar): DayBar | undefined {
    const day = tradingDayAt(bar.start);
    if (day === undefined) return undefined;
    if (bar.isDay) return { ...bar, label: newYorkMidnight(day.date) };
    if (bar.end <= day.open || bar.start >= day.close) return undefined;
    const running = this.#known(loaded, symbol, { day, bar });
    return { ...present(running), label: newYorkMidnight(day.date) };
  }

  #known(loaded: LoadedMarket, symbol: string, { day, bar }: { readonly day: TradingDay; readonly bar: Bar }): Running {
    const known = this.#running.get(symbol);
    const before = loaded.lastBarBefore(symbol, bar.start)?.start ?? -Infinity;
    if (known?.day === day && known.lastStart < bar.start && known.lastStart >= before) {
      add(known, bar);
      return known;
    }
    const running = sinceOpen(loaded, symbol, { day, until: bar.start });
    this.#running.set(symbol, running);
    return running;
  }
}

function sinceOpen(
  loaded: LoadedMarket,
  symbol: string,
  { day, until }: { readonly day: TradingDay; readonly until: Instant },
): Running {
  const running: Running = {
    day,
    lastStart: day.open,
    open: NaN,
    high: -Infinity,
    low: Infinity,
    close: NaN,
    volume: 0,
    value: 0,
    trades: 0,
  };
  // A bar of an hour may hold the open.
  let bar = loaded.firstBar(symbol, instant(day.open - HOUR_MS), { kind: "any" });
  while (bar !== undefined && bar.start <= until) {
    if (bar.end > day.open && bar.volume > 0) add(running, bar);
    bar = loaded.firstBar(symbol, instant(bar.start + 1), { kind: "any" });
  }
  return running;
}

function add(running: Running, bar: Bar): void {
  if (Number.isNaN(running.open)) running.open = bar.open;
  running.high = Math.max(running.high, bar.high);
  running.low = Math.min(running.low, bar.low);
  running.close = bar.close;
  running.volume += bar.volume;
  running.value += (bar.vwap ?? NaN) * bar.volume;
  running.trades += bar.trades ?? NaN;
  running.lastStart = bar.start;
}

function present({ open, high, low, close, volume, value, trades }: Running): Aggregate {
  const vwap = Number.isNaN(value) || volume === 0 ? undefined : Math.round((value / volume) * VWAP_PARTS) / VWAP_PARTS;
  return { open, high, low, close, volume, vwap, trades: Number.isNaN(trades) ? undefined : trades };
}
