/** A loaded market remembers where it was looked at last; whatever was asked before, the answer is that of a scan. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { DAY_MS, instant, MINUTE_MS, type Bar, type BarCondition, type Instant } from "../../kernel/index.ts";
import { columnsOf } from "../market-fixture.ts";
import { barSeries } from "../series/bar-series.ts";
import { loadedMarket, type LoadedMarket, type Print } from "./loaded-market.ts";
import type { Segment } from "./loaded-symbol.ts";

const SYMBOL = "AAA";
const FROM = Date.parse("2024-03-01T14:30:00Z");
/** Bars of one segment end before the next one begins. */
const SEGMENT_MS = 3 * DAY_MS;
const SEGMENTS = 3;
const RUNS = 500;

interface Drawn {
  readonly gap: number;
  readonly open: number;
  readonly close: number;
  readonly volume: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  gap: fc.constantFrom(0, 0, 0, 1, 5, 300),
  open: fc.integer({ min: 990, max: 1010 }),
  close: fc.integer({ min: 990, max: 1010 }),
  volume: fc.constantFrom(0, 10, 100, 100),
});

function barsOf(segment: number, list: readonly Drawn[], isDay: boolean): readonly Bar[] {
  const length = isDay ? 390 * MINUTE_MS : MINUTE_MS;
  let start = FROM + segment * SEGMENT_MS;
  const bars: Bar[] = [];
  for (const { gap, open, close, volume } of list) {
    start += gap * MINUTE_MS;
    if (start + length > FROM + (segment + 1) * SEGMENT_MS) break;
    const [first, last] = [open / 100, close / 100];
    const edges = { high: Math.max(first, last), low: Math.min(first, last) };
    const plain = { vwap: undefined, trades: undefined, isDay, volume };
    bars.push({ start: instant(start), end: instant(start + length), open: first, close: last, ...edges, ...plain });
    start += length;
  }
  return bars;
}

const segmentOf = (index: number, bars: readonly Bar[]): Segment => ({
  until: instant(FROM + (index + 1) * SEGMENT_MS),
  series: barSeries(
    columnsOf(
      bars.map(({ start, end, open, high, low, close, volume, isDay }) => {
        return { start, lengthMs: end - start, open, high, low, close, volume, isDay };
      }),
    ),
  ),
});

type Question = Exclude<keyof LoadedMarket, "generation" | "coveredUntil" | "has">;

interface Asked {
  readonly question: Question;
  /** An edge of some bar, or how far the clock goes on from there. */
  readonly near: number;
  readonly step: number;
  readonly condition: BarCondition;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  question: fc.constantFrom<Question>("firstBar", "barAt", "lastBarBefore", "lastPrint", "range", "mark", "mark"),
  near: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  step: fc.constantFrom(-MINUTE_MS, -1, 0, 0, 1, 30_000, MINUTE_MS, DAY_MS),
  condition: fc.oneof(
    fc.constant<BarCondition>({ kind: "any" }),
    fc.record({
      kind: fc.constantFrom("low_below" as const, "high_above" as const),
      price: fc.integer({ min: 985, max: 1015 }).map((cents) => cents / 100),
      orEqual: fc.boolean(),
    }),
  ),
});

function meets(bar: Bar, condition: BarCondition): boolean {
  if (condition.kind === "any") return true;
  const value = condition.kind === "low_below" ? bar.low : bar.high;
  const isBeyond = condition.kind === "low_below" ? value < condition.price : value > condition.price;
  return isBeyond || (condition.orEqual && value === condition.price);
}

function printOf(bar: Bar | undefined, at: Instant): Print | undefined {
  return bar === undefined ? undefined : { price: bar.end <= at ? bar.close : bar.open, barStart: bar.start };
}

/** The answers by looking at every bar. */
function scanned(bars: readonly Bar[], at: Instant, { question, condition }: Asked): unknown {
  const before = bars.findLast((bar) => bar.start < at && bar.volume > 0);
  if (question === "firstBar") return bars.find((bar) => bar.start >= at && meets(bar, condition));
  if (question === "barAt") return bars.find((bar) => bar.start <= at && at < bar.end);
  if (question === "lastBarBefore") return before;
  if (question === "lastPrint") return printOf(before, at);
  if (question === "mark") return printOf(before, at)?.price ?? NaN;
  const within = bars.filter((bar) => bar.start >= at && bar.end <= at + DAY_MS && bar.volume > 0);
  if (within.length === 0) return undefined;
  return { low: Math.min(...within.map(({ low }) => low)), high: Math.max(...within.map(({ high }) => high)) };
}

function answered(market: LoadedMarket, at: Instant, { question, condition }: Asked): unknown {
  if (question === "firstBar") return market.firstBar(SYMBOL, at, condition);
  if (question === "range") return market.range(SYMBOL, at, instant(at + DAY_MS));
  if (question === "mark") return market.mark(SYMBOL)?.(at);
  return market[question](SYMBOL, at);
}

it("answers as a scan of all its bars does, in whatever order it is asked", () => {
  const lists = fc.array(fc.array(drawn, { maxLength: 40 }), { minLength: SEGMENTS, maxLength: SEGMENTS });
  const property = fc.property(
    lists,
    fc.boolean(),
    fc.array(asked, { minLength: 1, maxLength: 60 }),
    (list, isDay, questions) => {
      const bySegment = list.map((each, index) => barsOf(index, each, isDay));
      const segments = bySegment.flatMap((bars, index) => (bars.length === 0 ? [] : [segmentOf(index, bars)]));
      const market = loadedMarket(
        { generation: 1, firstMonth: 0, coveredUntil: instant(FROM + SEGMENTS * SEGMENT_MS) },
        new Map([[SYMBOL, { segments, earlier: undefined }]]),
      );
      const bars = bySegment.flat();
      const edges = [FROM, ...bars.flatMap(({ start, end }) => [start, end])];
      for (const each of questions) {
        const at = instant(Math.max((edges[Math.floor(each.near * edges.length)] ?? FROM) + each.step, FROM));
        expect(answered(market, at, each)).toEqual(scanned(bars, at, each));
      }
    },
  );
  fc.assert(property, { numRuns: RUNS });
});
