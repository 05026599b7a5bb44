/** Prices for the crossover benchmarks: random walks in whole cents, as columns for the loop and as a catalog for the engine. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newYorkDate, newYorkMidnight, tradingDaysBetween } from "#dist/calendar/index.js";
import { createPrng, instant, type CivilDate } from "#dist/kernel/index.js";
import { importFile, openMarket } from "#dist/market/index.js";

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

export type Task = "minutes" | "days";

/** The prices of a task: 100,000 minutes of one symbol, or 500 symbols × 252 days. */
export const walksOf = (task: string | undefined): readonly Walk[] =>
  task === "days" ? dailyWalks(500, 252) : [minuteWalk(100_000)];

/** Imports the walks of a task into a new catalog like anybody's bars. */
export async function importWalks(task: Task, dataDir: string): Promise<void> {
  const path = join(dataDir, "walks.csv");
  writeFileSync(path, csvOf(walksOf(task), task === "days"));
  const market = await openMarket({ dataDir, sample: false });
  await importFile({ market, path, timeframe: task === "days" ? "1Day" : "1Min" });
}

/** 100,000 minutes of one symbol, from the regular hours of days one after the other. */
function minuteWalk(rows: number): Walk {
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
function dailyWalks(symbols: number, rows: number): readonly Walk[] {
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

/** Day bars are stamped midnight New York. */
function csvOf(walks: readonly Walk[], isDays: boolean): string {
  const lines = ["ticker,volume,open,close,high,low,window_start,transactions"];
  for (const { symbol, start, open, close } of walks) {
    for (let row = 0; row < close.length; row += 1) {
      const [first, last] = [open[row] as number, close[row] as number];
      const prices = [first, last, Math.max(first, last), Math.min(first, last)].map((cents) =>
        (cents / 100).toFixed(2),
      );
      const opened = instant(start[row] as number);
      const stamp = isDays ? newYorkMidnight(newYorkDate(opened)) : opened;
      lines.push(`${symbol},1000000,${prices.join(",")},${stamp}000000,1`);
    }
  }
  return `${lines.join("\n")}\n`;
}
