/** Prices for the crossover benchmarks: random walks in whole cents, as columns for the loop and as series for the engine. */
import { tradingDaysBetween } from "#dist/calendar/index.js";
import { createPrng, type CivilDate } from "#dist/kernel/index.js";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 390;

export interface Walk {
  readonly symbol: string;
  /** Epoch milliseconds of each bar's start and end. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Cents. */
  readonly open: Int32Array;
  readonly close: Int32Array;
}

/** 100,000 minutes of one symbol, from the regular hours of days one after the other. */
export function minuteWalk(rows: number): Walk {
  const days = tradingDaysBetween("2021-01-04" as CivilDate, "2022-12-30" as CivilDate);
  const walk = emptyWalk("TEST", rows);
  for (let row = 0; row < rows; row += 1) {
    const day = days[Math.floor(row / DAY_MINUTES)];
    if (day === undefined) throw new Error("the walk is longer than its calendar");
    const start = day.open + (row % DAY_MINUTES) * MINUTE_MS;
    // A half day has fewer minutes; its others lie in the late session, which trades as well.
    walk.start[row] = start;
    walk.end[row] = start + MINUTE_MS;
  }
  fillPrices(walk, 1);
  return walk;
}

/** So many symbols over the same trading days. */
export function dailyWalks(symbols: number, rows: number): readonly Walk[] {
  const days = tradingDaysBetween("2021-01-04" as CivilDate, "2022-12-30" as CivilDate).slice(0, rows);
  return Array.from({ length: symbols }, (_, index) => {
    const walk = emptyWalk(`S${String(index).padStart(3, "0")}`, rows);
    for (const [row, day] of days.entries()) {
      walk.start[row] = day.open;
      walk.end[row] = day.close;
    }
    fillPrices(walk, index + 1);
    return walk;
  });
}

function emptyWalk(symbol: string, rows: number): Walk {
  const [start, end] = [new Float64Array(rows), new Float64Array(rows)];
  return { symbol, start, end, open: new Int32Array(rows), close: new Int32Array(rows) };
}

function fillPrices({ open, close }: Walk, seed: number): void {
  const draws = createPrng(seed);
  let last = 10_000;
  for (let row = 0; row < open.length; row += 1) {
    open[row] = Math.max(500, last + Math.round(draws.normal() * 2));
    last = Math.max(500, (open[row] ?? 0) + Math.round(draws.normal() * 10));
    close[row] = last;
  }
}
