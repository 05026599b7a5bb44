/** Lines about the days of bars that a session has used, without anything that became known after its clock. */
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { daysOf, instant, isRefusal, type Instant } from "../../kernel/index.ts";
import { monthAt, type DayContent, type Market } from "../../market/index.ts";
import { monthLine, readPins, spanLine, type PinnedMonth } from "../pinned-days.ts";

/** Of the day of the clock its bars up to there; of days after it nothing, not even that they have bars. */
export async function knownTape(market: Market, lines: string, clock: Instant): Promise<string> {
  const thisMonth = monthAt(clock);
  let known = "";
  for (const [symbol, { span, months }] of readPins(lines)) {
    known += spanLine(symbol, span);
    for (const [month, pinned] of months) {
      if (month < thisMonth) known += monthLine(symbol, month, pinned);
      else if (month === thisMonth)
        known += monthLine(symbol, month, await upToClock(market, { symbol, pinned, clock }));
    }
  }
  return known;
}

interface Running {
  readonly symbol: string;
  readonly pinned: PinnedMonth;
  readonly clock: Instant;
}

/** It is no file's content any more: whoever holds it against one looks at its days. */
async function upToClock(market: Market, { symbol, pinned, clock }: Running): Promise<PinnedMonth> {
  const today = daysOf(newYorkDate(clock));
  const days = pinned.days.filter(({ day }) => day < today);
  const now = await todayUpToClock(market, { symbol, pinned, clock });
  return { identity: NO_FILE, days: now === undefined ? days : [...days, now] };
}

const NO_FILE = "up to the clock";

/** Undefined where there is nothing yet; where the catalog no longer has what was used, what no day can be. */
async function todayUpToClock(market: Market, { symbol, pinned, clock }: Running): Promise<DayContent | undefined> {
  const day = daysOf(newYorkDate(clock));
  const was = pinned.days.find((each) => each.day === day);
  if (was === undefined) return undefined;
  const now = await market.monthContent(symbol, monthAt(clock));
  if (now.hashOfFirst(day, was.bars) !== was.hash) return { day, bars: 0, hash: "" };
  const bars = await barsUpTo(market, symbol, clock);
  const hash = bars === 0 ? undefined : now.hashOfFirst(day, bars);
  return hash === undefined ? undefined : { day, bars, hash };
}

/** Bars of the clock's day that have ended. */
async function barsUpTo(market: Market, symbol: string, clock: Instant): Promise<number> {
  const midnight = newYorkMidnight(newYorkDate(clock));
  const loaded = await market.load({ symbols: [symbol], from: midnight, until: clock });
  if (isRefusal(loaded)) return 0;
  let count = 0;
  let bar = loaded.firstBar(symbol, midnight, { kind: "any" });
  while (bar !== undefined && bar.end <= clock) {
    count += 1;
    bar = loaded.firstBar(symbol, instant(bar.start + 1), { kind: "any" });
  }
  return count;
}
