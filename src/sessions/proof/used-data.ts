/** The days of bars that a session has used, as hashes of their content: which data a proof stands on. */
import { createHash } from "node:crypto";
import { newYorkDate } from "../../calendar/index.ts";
import { dateFromDays, daysOf, type CivilDate, type Instant } from "../../kernel/index.ts";
import { writeParcel, type DayContent, type Market, type MonthContent } from "../../market/index.ts";
import { readPins, type PinnedSymbol } from "../pinned-days.ts";

/** What was used of one symbol. */
export interface UsedSymbol {
  readonly symbol: string;
  /** The first and the last day with bars. */
  readonly from: CivilDate | undefined;
  readonly to: CivilDate | undefined;
  readonly days: number;
  readonly bars: number;
  /** SHA-256 over a line for each day: its date, bars and hash. */
  readonly hash: string;
  /** Days that hold other bars in the catalog now: the first ten, and how many there are. */
  readonly changed: readonly CivilDate[];
  readonly changedTotal: number;
}

const CHANGED_SHOWN = 10;

/** Sorted by symbol. `lines` are a session's pins; days after the clock's are left out. */
export async function usedData(market: Market, lines: string, clock: Instant): Promise<readonly UsedSymbol[]> {
  const used: UsedSymbol[] = [];
  for (const [symbol, pinned] of [...readPins(lines)].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    used.push(await usedOf(market, { symbol, pinned, today: daysOf(newYorkDate(clock)) }));
  }
  return used;
}

/** Those bars, as the catalog has them now, and what it knows of their symbols: lines for a session file. */
export function usedBars(market: Market, used: readonly UsedSymbol[], clock: Instant): AsyncGenerator<string> {
  const spans = used.flatMap(({ symbol, from, to }) =>
    from === undefined || to === undefined ? [] : [{ symbol, from, to }],
  );
  return writeParcel({ market, spans, knownAt: clock });
}

interface Pinned {
  readonly symbol: string;
  readonly pinned: PinnedSymbol;
  readonly today: number;
}

async function usedOf(market: Market, { symbol, pinned, today }: Pinned): Promise<UsedSymbol> {
  const { span, months } = pinned;
  const last = Math.min(span.to ?? today, today);
  const isUsed = ({ day }: DayContent): boolean => day >= span.from && day <= last;
  const days: DayContent[] = [];
  const changed: CivilDate[] = [];
  for (const [month, { identity, days: was }] of [...months].toSorted(([a], [b]) => a - b)) {
    const kept = was.filter(isUsed);
    days.push(...kept);
    if (identity === market.monthIdentity(symbol, month)) continue;
    const now = await market.monthContent(symbol, month);
    changed.push(...changedDays({ was: kept, now, isUsed, today }).map(dateFromDays));
  }
  const hash = createHash("sha256");
  for (const { day, bars, hash: content } of days) hash.update(`${dateFromDays(day)} ${bars} ${content}\n`);
  const dateOf = (content: DayContent | undefined): CivilDate | undefined => content && dateFromDays(content.day);
  return {
    symbol,
    from: dateOf(days[0]),
    to: dateOf(days.at(-1)),
    days: days.length,
    bars: days.reduce((sum, { bars }) => sum + bars, 0),
    hash: hash.digest("hex"),
    changed: changed.slice(0, CHANGED_SHOWN),
    changedTotal: changed.length,
  };
}

interface Held {
  readonly was: readonly DayContent[];
  readonly now: MonthContent;
  readonly isUsed: (content: DayContent) => boolean;
  /** The day of the clock may have grown since. */
  readonly today: number;
}

function changedDays({ was, now, isUsed, today }: Held): readonly number[] {
  const present = new Map(now.days.filter(isUsed).map((content) => [content.day, content.hash]));
  const changed: number[] = [];
  for (const { day, bars, hash } of was) {
    const isEqual = present.get(day) === hash || (day === today && now.hashOfFirst(day, bars) === hash);
    if (!isEqual) changed.push(day);
    present.delete(day);
  }
  const later = [...present.keys()].filter((day) => day !== today);
  return [...changed, ...later].toSorted((a, b) => a - b);
}
