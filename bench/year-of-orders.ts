/** (b) 100 orders that never fill, over the sample year: against a scan of every bar, and against one day. */
import { isRefusal, type Instant } from "#dist/kernel/index.js";
import type { Market } from "#dist/market/index.js";
import { median, timeMs, type Measurement } from "./measure.js";
import { openBench, openSession, SAMPLE_SYMBOLS, time, YEAR_END, type Bench } from "./sessions-in-process.js";

const ORDERS = 100;
const RUNS = 51;
const ONE_DAY = time("2022-12-02T14:30:00Z");

export async function measureYearOfOrders(): Promise<readonly Measurement[]> {
  const bench = await openBench();
  try {
    const years: number[] = [];
    const days: number[] = [];
    for (let run = 0; run < RUNS; run += 1) await advanceMs(bench, YEAR_END);
    for (let run = 0; run < RUNS; run += 1) {
      days.push(await advanceMs(bench, ONE_DAY));
      years.push(await advanceMs(bench, YEAR_END));
    }
    const lows = new Map<string, Float64Array>();
    for (const symbol of SAMPLE_SYMBOLS) lows.set(symbol, await lowsOf(bench.market, symbol));
    const scan = await timeMs(3, () => scanAll(lows));
    const [year, day] = [median(years), median(days)];
    return [
      {
        name: `a year with ${ORDERS} resting orders, times faster than a scan`,
        detail: `advance ${year.toFixed(3)} ms, scan of every bar for every order ${scan.toFixed(1)} ms`,
        value: scan / year,
        limit: { kind: "at least", value: 100 },
      },
      {
        name: "a year costs so many days",
        detail: `year ${year.toFixed(3)} ms, day ${day.toFixed(3)} ms, medians of ${RUNS}, alternating`,
        value: year / day,
        limit: { kind: "below", value: 3 },
      },
    ];
  } finally {
    await bench.close();
  }
}

async function advanceMs({ registry }: Bench, until: Instant): Promise<number> {
  const session = await openSession(registry, ORDERS);
  const start = performance.now();
  const outcome = await session.execute({ kind: "advance", until });
  const elapsed = performance.now() - start;
  if (isRefusal(outcome)) throw new Error(outcome.message);
  await registry.delete("bench", session.id);
  return elapsed;
}

async function lowsOf(market: Market, symbol: string): Promise<Float64Array> {
  const lows: number[] = [];
  for (let after: Instant | undefined; ;) {
    const query = {
      symbol,
      timeframe: "1Min",
      start: undefined,
      end: undefined,
      limit: 10_000,
      after,
      knownAt: undefined,
    };
    const page = await market.bars(query);
    if (isRefusal(page)) throw new Error(page.message);
    for (const bar of page.bars) lows.push(bar.low);
    if (page.isLast) return Float64Array.from(lows);
    after = page.bars.at(-1)?.label;
  }
}

/** What an engine does that looks at every bar for every order. */
function scanAll(lows: ReadonlyMap<string, Float64Array>): number {
  let fills = 0;
  for (let order = 0; order < ORDERS; order += 1) {
    const column = lows.get(SAMPLE_SYMBOLS[order % SAMPLE_SYMBOLS.length] ?? "") ?? new Float64Array();
    for (let index = 0; index < column.length; index += 1) if ((column[index] ?? 0) < 1) fills += 1;
  }
  return fills;
}
