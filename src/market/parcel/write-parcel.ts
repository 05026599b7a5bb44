/** Bars of some days with what is known of their symbols, as lines of JSON that travel in another file. */
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import { dateFromDays, daysOf, instant, isRefusal, type CivilDate, type Instant } from "../../kernel/index.ts";
import { ASSETS_TABLE, type AssetRow } from "../assets/assets-table.ts";
import type { LabelledBar } from "../bars/resampler.ts";
import type { Market } from "../market.ts";
import { ACTIONS_TABLE } from "../tables/actions-table.ts";
import { tableText } from "../tables/table-kind.ts";

/** New York days of a symbol, both inclusive. */
export interface ParcelSpan {
  readonly symbol: string;
  readonly from: CivilDate;
  readonly to: CivilDate;
}

export interface ParcelContent {
  readonly market: Market;
  readonly spans: readonly ParcelSpan[];
  /** Nothing that became known later is written: no bar that ended after it, no action of a later day. */
  readonly knownAt: Instant;
}

/** Bars in memory at once. */
const BARS_PER_PAGE = 10_000;

/**
 * Assets and actions as tables, then for each series a line that names it and one for each bar:
 * `[time, open, high, low, close, volume, trades, vwap]`. The last line says how many bars there were.
 */
export async function* writeParcel(content: ParcelContent): AsyncGenerator<string> {
  const { market, spans, knownAt } = content;
  const symbols = [...new Set(spans.map(({ symbol }) => symbol))];
  const today = newYorkDate(knownAt);
  const assets = symbols.flatMap((symbol) => assetRow(market, symbol) ?? []);
  const actions = symbols.flatMap((symbol) => market.corporateActions(symbol).filter(({ exDate }) => exDate <= today));
  yield JSON.stringify({ assets: tableText(ASSETS_TABLE, assets), actions: tableText(ACTIONS_TABLE, actions) });
  let bars = 0;
  for (const span of spans) {
    for await (const line of seriesLines(content, span)) {
      yield line;
      if (line.startsWith("[")) bars += 1;
    }
  }
  yield JSON.stringify({ bars });
}

function assetRow(market: Market, symbol: string): AssetRow | undefined {
  const asset = market.findAsset(symbol);
  if (asset === undefined) return undefined;
  const { id: _id, isSynthetic: _isSynthetic, exchange, ...facts } = asset;
  return { ...facts, ...(exchange === "" ? {} : { exchange }) };
}

/** A day takes its bars from the finest series that has some of it. */
async function* seriesLines({ market, knownAt }: ParcelContent, span: ParcelSpan): AsyncGenerator<string> {
  const { symbol } = span;
  const covered = new Set<CivilDate>();
  for (const source of market.sources(symbol)) {
    const timeframe = source.timeframe.name;
    const days = new Set<CivilDate>();
    for await (const bar of barsOf(market, { ...span, timeframe, knownAt })) {
      const day = newYorkDate(bar.label);
      if (covered.has(day)) continue;
      if (days.size === 0) yield JSON.stringify({ symbol, timeframe, adjusted: market.isAdjusted(symbol) });
      days.add(day);
      yield lineOf(bar);
    }
    for (const day of days) covered.add(day);
  }
}

interface Wanted extends ParcelSpan {
  readonly timeframe: string;
  readonly knownAt: Instant;
}

async function* barsOf(market: Market, { from, to, ...wanted }: Wanted): AsyncGenerator<LabelledBar> {
  const start = newYorkMidnight(from);
  const end = instant(newYorkMidnight(dateFromDays(daysOf(to) + 1)) - 1);
  let after: Instant | undefined;
  for (;;) {
    const page = await market.bars({ ...wanted, start, end, after, limit: BARS_PER_PAGE });
    if (isRefusal(page)) return;
    yield* page.bars;
    after = page.bars.at(-1)?.label;
    if (page.isLast || after === undefined) return;
  }
}

const lineOf = ({ label, open, high, low, close, volume, trades, vwap }: LabelledBar): string =>
  JSON.stringify([label, open, high, low, close, volume, trades ?? null, vwap ?? null]);
