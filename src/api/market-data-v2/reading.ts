/** Reading a session's bars for market data: by page, the finest there are, the latest one, the days. */
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { DAY_MS, instant, isRefusal, unitsToNumber, type Instant } from "../../kernel/index.ts";
import { RunningDays, type BarsQuery, type LabelledBar } from "../../sessions/index.ts";
import { accepted } from "../wire/errors.ts";
import type { MadeUp } from "../alpaca/market-data.ts";
import { readSession } from "../wire/reading.ts";
import type { Scene } from "./market.ts";

type Wanted = Partial<BarsQuery> & Pick<BarsQuery, "timeframe">;

interface Page {
  readonly bars: readonly LabelledBar[];
  readonly isLast: boolean;
}

const EMPTY: Page = { bars: [], isLast: true };

/** A page of a symbol's bars; none of a symbol that is not there. Throws RefusedRequest for what cannot be asked. */
export async function barsOf({ session }: Scene, symbol: string, wanted: Wanted): Promise<Page> {
  const none = { start: undefined, end: undefined, after: undefined };
  const page = await session.bars({ symbol, limit: 1, ...none, ...wanted });
  return isRefusal(page) && page.reason === "not_found" ? EMPTY : accepted(page);
}

/** The last bar that has ended, of the finest there are, with its label. */
export async function latestBar({ session }: Scene, symbol: string): Promise<LabelledBar | undefined> {
  const bar = accepted(await session.lastBars([symbol])).get(symbol);
  if (bar === undefined) return undefined;
  return { ...bar, label: bar.isDay ? newYorkMidnight(newYorkDate(bar.start)) : bar.start };
}

/** The last known price and since when (rule R2): the open of the running bar, else the close of the last. */
export async function latestPrice(scene: Scene, symbol: string): Promise<MadeUp | undefined> {
  const [known, latest] = [await knownOf(scene, symbol), await latestBar(scene, symbol)];
  if (known?.price === undefined) return undefined;
  const { price, runningSince } = known;
  if (runningSince !== undefined) return { at: runningSince, price };
  return { at: latest === undefined ? scene.clock : latest.end, price };
}

function knownOf(
  { session }: Scene,
  symbol: string,
): Promise<{ readonly price: number | undefined; readonly runningSince: Instant | undefined }> {
  return readSession(session, [symbol], ({ market }) => {
    const last = market.lastPrice(symbol);
    return { price: last === undefined ? undefined : unitsToNumber(last), runningSince: market.runningBar(symbol) };
  });
}

export interface Days {
  /** The running day as far as its bars have ended, else the last whole one. */
  readonly latest: LabelledBar | undefined;
  readonly previous: LabelledBar | undefined;
}

/** The bars of the latest two days. */
export async function latestDays(scene: Scene, symbol: string): Promise<Days> {
  const whole = await barsOf(scene, symbol, { timeframe: "1Day", end: scene.clock, limit: 2, isDescending: true });
  const [last, before] = whole.bars;
  const running = await runningDay(scene, symbol);
  if (running === undefined || running.label === last?.label) return { latest: last, previous: before };
  return { latest: running, previous: last };
}

/** The day of the clock so far; undefined before its first regular bar has ended. */
export async function runningDay({ session, clock }: Scene, symbol: string): Promise<LabelledBar | undefined> {
  let latest: LabelledBar | undefined;
  const stretch = { symbols: [symbol], from: instant(clock - DAY_MS), until: clock, days: new RunningDays() };
  for await (const batch of session.endedBars(stretch)) {
    for (const { bar, day } of batch) if (day !== undefined) latest = { ...bar, ...day };
  }
  return latest;
}
