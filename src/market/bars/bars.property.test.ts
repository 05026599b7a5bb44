/** Laws of bars over days with early closes and clock changes: parts agree with wholes, and nothing is known early. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveAt, newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import {
  dateFromDays,
  DAY_MS,
  daysOf,
  instant,
  MINUTE_MS,
  type CivilDate,
  type CorporateAction,
  type Instant,
} from "../../kernel/index.ts";
import type { TestBar } from "../market-fixture.ts";
import { dividendOn, pagesOf, splitOn, storedAgain, type Asked } from "./bars-fixture.ts";
import type { LabelledBar } from "./resampler.ts";

/** First days of spans of six: two with early closes, two with clock changes on their Sundays, one over New Year. */
const FIRST_DAYS = ["2023-06-30", "2023-11-22", "2023-03-09", "2023-11-02", "2023-12-28"] as CivilDate[];
const SPAN_DAYS = 6;

const TIMEFRAMES = ["1Min", "5Min", "7Min", "15Min", "1Hour", "3Hour", "4Hour", "1Day", "1Week", "1Month", "12Month"];
const ADJUSTMENTS = ["raw", "split", "dividend", "all"];

/** Each timeframe, and some whose bars are unions of its bars. */
const UNIONS: readonly (readonly [string, readonly string[]])[] = [
  ["1Min", ["2Min", "5Min", "7Min", "15Min", "45Min", "1Hour", "4Hour", "1Day", "1Week", "1Month"]],
  ["5Min", ["15Min", "30Min", "1Hour", "4Hour", "1Day", "1Week", "1Month"]],
  ["15Min", ["30Min", "1Hour", "1Day"]],
  ["30Min", ["1Hour", "12Hour", "1Day", "12Month"]],
  ["1Hour", ["2Hour", "3Hour", "4Hour", "12Hour"]],
  ["1Day", ["1Week", "1Month", "3Month"]],
];
const pairs = UNIONS.flatMap(([fine, coarse]) => coarse.map((each) => [fine, each] as const));

const dateAfter = (first: CivilDate, days: number): CivilDate => dateFromDays(daysOf(first) + days);

const prices = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 10_000, max: 90_000 })));

/** A minute somewhere in the span, by night and on weekends too; some without volume, vwap or count. */
const minuteBar = (first: CivilDate): fc.Arbitrary<TestBar> =>
  fc
    .record({
      index: fc.nat(SPAN_DAYS * 1440 - 1),
      prices,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      volume: fc.oneof({ weight: 15, arbitrary: fc.integer({ min: 1, max: 9999 }) }, fc.constant(0)),
      vwapIn64: fc.nat(63),
      trades: fc.oneof({ weight: 63, arbitrary: fc.nat(99) }, fc.constant(undefined)),
    })
    .map(({ index, prices: [a = 0, b = 0, c = 0, d = 0], share, volume, vwapIn64, trades }) => {
      const [high, low] = [Math.max(a, b, c, d) / 100, Math.min(a, b, c, d) / 100];
      return {
        start: newYorkMidnight(first) + index * MINUTE_MS,
        open: a / 100,
        close: b / 100,
        high,
        low,
        volume,
        ...(vwapIn64 === 0 ? {} : { vwap: Math.round((low + (high - low) * share) * 1e6) / 1e6 }),
        ...(trades === undefined ? {} : { trades }),
      };
    });

/** Half of the minutes in runs, so that longer bars have many parts; the rest alone, with holes between. */
function minutesFrom(first: CivilDate): fc.Arbitrary<readonly TestBar[]> {
  const runs = fc.array(fc.tuple(fc.nat(SPAN_DAYS * 24 - 1), fc.array(minuteBar(first), { maxLength: 40 })), {
    maxLength: 6,
  });
  return fc.tuple(fc.array(minuteBar(first), { maxLength: 120 }), runs).map(([alone, inRuns]) => {
    const byStart = new Map(alone.map((bar) => [bar.start, bar]));
    for (const [hour, bars] of inRuns) {
      for (const [index, bar] of bars.entries()) {
        const start = newYorkMidnight(first) + (hour * 60 + index) * MINUTE_MS;
        byStart.set(start, { ...bar, start });
      }
    }
    return [...byStart.values()].toSorted((a, b) => a.start - b.start);
  });
}

/** Splits into whole numbers of shares, so that no volume has to be rounded; dates before, in and after the span. */
const actionsAround = (first: CivilDate): fc.Arbitrary<readonly CorporateAction[]> => {
  const date = fc.integer({ min: -2, max: SPAN_DAYS + 2 }).map((days) => dateAfter(first, days));
  const split = fc.tuple(date, fc.integer({ min: 2, max: 9 })).map(([exDate, shares]) => splitOn(exDate, 1, shares));
  const dividend = fc
    .tuple(date, fc.integer({ min: 1, max: 9000 }))
    .map(([exDate, cents]) => dividendOn(exDate, cents));
  return fc.uniqueArray(fc.oneof(split, dividend), {
    maxLength: 4,
    selector: ({ type, exDate }) => `${type} ${exDate}`,
  });
};

const world = fc
  .constantFrom(...FIRST_DAYS)
  .chain((first) => fc.record({ first: fc.constant(first), bars: minutesFrom(first), actions: actionsAround(first) }));

const isSame = (made: readonly LabelledBar[], wanted: readonly LabelledBar[]): void => {
  const rest = (bar: LabelledBar): object => ({ ...bar, vwap: undefined });
  expect(made.map(rest)).toEqual(wanted.map(rest));
  for (const [index, { vwap }] of made.entries()) {
    const other = wanted[index]?.vwap;
    expect(vwap === undefined).toBe(other === undefined);
    expect(Math.abs((vwap ?? 0) - (other ?? 0))).toBeLessThan(3e-6);
  }
};

/** As the same days would be stored where the source has only hours of every second, and only a bar of every fifth. */
async function inMixedLengths(first: CivilDate, minutes: readonly TestBar[]): Promise<readonly TestBar[]> {
  const read = pagesOf({ bars: minutes });
  const isOf = (start: number, dayInFive: readonly number[]): boolean =>
    dayInFive.includes((daysOf(newYorkDate(instant(start))) - daysOf(first)) % 5);
  const hours = (await read({ timeframe: "1Hour" })).bars.filter(({ start }) => isOf(start, [1, 3]));
  const days = (await read({ timeframe: "1Day" })).bars.filter(({ start }) => isOf(start, [4]));
  const rest = minutes.filter(({ start }) => isOf(start, [0, 2]));
  return [...rest, ...[...hours, ...days].map(storedAgain)].toSorted((a, b) => a.start - b.start);
}

describe("any bars, over early closes and clock changes", () => {
  it("add up to the same longer bars whether these are made of them directly or of bars in between", async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.constantFrom(...pairs),
        fc.constantFrom(...ADJUSTMENTS),
        async ({ bars, actions }, [fine, coarse], adjustment) => {
          const read = pagesOf({ bars, actions });
          const parts = await read({ timeframe: fine, adjustment });
          const made = await pagesOf({ bars: parts.bars.map(storedAgain) })({ timeframe: coarse });
          isSame(made.bars, (await read({ timeframe: coarse, adjustment })).bars);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("hold each minute once: volumes of all bars of an intraday grid are those of all minutes", async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.constantFrom("1Min", "7Min", "1Hour", "5Hour", "23Hour"),
        async ({ bars }, timeframe) => {
          const page = await pagesOf({ bars })({ timeframe });
          const total = (list: readonly { readonly volume?: number }[]): number =>
            list.reduce((sum, { volume = 0 }) => sum + volume, 0);
          expect(total(page.bars)).toBe(total(bars));
          for (const [index, { start, end }] of page.bars.entries()) {
            expect(end).toBeLessThanOrEqual(page.bars[index + 1]?.start ?? end);
            expect(end - start).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  it("read backwards in pages of any size are the same, the last first", async () => {
    const span = fc.tuple(fc.nat(SPAN_DAYS * 1440), fc.nat(SPAN_DAYS * 1440), fc.nat(SPAN_DAYS * 1440));
    await fc.assert(
      fc.asyncProperty(
        world,
        span,
        fc.constantFrom(...TIMEFRAMES),
        fc.constantFrom(...ADJUSTMENTS),
        fc.constantFrom(1, 2, 7, 1000),
        async ({ first, bars, actions }, [a, b, c], timeframe, adjustment, limit) => {
          const at = (minute: number): Instant => instant(newYorkMidnight(first) + minute * MINUTE_MS);
          const [start, end, knownAt] = [at(Math.min(a, b) - 1440), at(Math.max(a, b)), at(c)];
          const asked = { timeframe, adjustment, start, end, knownAt };
          const read = pagesOf({ bars, actions });
          const wanted = (await read(asked)).bars.toReversed();
          const found: LabelledBar[] = [];
          for (let isLast = false; !isLast && found.length <= wanted.length;) {
            const page = await read({ ...asked, limit, isDescending: true, after: found.at(-1)?.label });
            found.push(...page.bars);
            ({ isLast } = page);
          }
          expect(found).toEqual(wanted);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are the same whatever is done to the data and the actions that lie after the clock", async () => {
    const change = fc.record({ isKept: fc.boolean(), factor: fc.integer({ min: 2, max: 5 }) });
    const future = world.chain((given) =>
      fc.record({
        given: fc.constant(given),
        knownAt: fc
          .nat(SPAN_DAYS * 1440)
          .map((minute) => instant(newYorkMidnight(given.first) + minute * MINUTE_MS + (minute % 3) * 20_000)),
        more: minutesFrom(given.first),
        isMixed: fc.boolean(),
        otherActions: actionsAround(given.first),
        change,
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        future,
        fc.constantFrom(...TIMEFRAMES),
        fc.constantFrom(...ADJUSTMENTS),
        fc.constantFrom(1, 3, 1000),
        async (
          { given, isMixed, knownAt, more, otherActions, change: { isKept, factor } },
          timeframe,
          adjustment,
          limit,
        ) => {
          const bars = isMixed ? await inMixedLengths(given.first, given.bars) : given.bars;
          const isOver = ({ start, lengthMs = MINUTE_MS }: TestBar): boolean => start + lengthMs <= knownAt;
          const past = bars.filter(isOver);
          const changed = bars.filter((bar) => isKept && !isOver(bar)).map((bar) => multiplied(bar, factor));
          const taken = new Set(bars.map(({ start }) => start));
          const added = more.filter((bar) => !isOver(bar) && !taken.has(bar.start));
          const isInForce = ({ exDate }: CorporateAction): boolean => (effectiveAt(exDate) ?? Infinity) <= knownAt;
          const actions = [...given.actions.filter(isInForce), ...otherActions.filter((action) => !isInForce(action))];
          const asked = { timeframe, adjustment, limit, knownAt };
          const page = await pagesOf({ ...given, bars })(asked);
          expect(await pagesOf({ bars: [...past, ...changed, ...added], actions })(asked)).toEqual(page);
          for (const { end } of page.bars) expect(end).toBeLessThanOrEqual(knownAt);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("are the same in pages of any length as in one", async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.constantFrom(...TIMEFRAMES),
        fc.constantFrom(...ADJUSTMENTS),
        fc.record({ limit: fc.integer({ min: 1, max: 9 }), from: fc.nat(3 * DAY_MS), length: fc.nat(4 * DAY_MS) }),
        async ({ first, bars, actions }, timeframe, adjustment, { limit, from, length }) => {
          const read = pagesOf({ bars, actions });
          const start = instant(newYorkMidnight(first) + from);
          const asked: Asked = { timeframe, adjustment, start, end: instant(start + length) };
          const whole = await read(asked);
          const paged: LabelledBar[] = [];
          let after: Instant | undefined;
          for (let isLast = false; !isLast; after = paged.at(-1)?.label) {
            const page = await read({ ...asked, limit, after });
            expect(page.bars.length).toBeLessThanOrEqual(limit);
            paged.push(...page.bars);
            isLast = page.isLast;
          }
          expect(paged).toEqual(whole.bars);
        },
      ),
      { numRuns: 200 },
    );
  });
});

function multiplied(bar: TestBar, factor: number): TestBar {
  const times = (value: number | undefined): number => (value ?? 100) * factor;
  const { open, high, low, close } = bar;
  return {
    ...bar,
    open: times(open),
    high: times(high),
    low: times(low),
    close: times(close),
    vwap: times(open),
    volume: factor,
  };
}

describe("any adjustment", () => {
  const day = fc.constantFrom(...FIRST_DAYS).chain((first) => fc.tuple(fc.constant(first), minutesFrom(first)));
  const ratio = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }));

  it("of symbols to which nothing has happened is raw", async () => {
    await fc.assert(
      fc.asyncProperty(
        day,
        fc.constantFrom(...TIMEFRAMES),
        fc.constantFrom(...ADJUSTMENTS),
        async ([, bars], timeframe, adjustment) => {
          const read = pagesOf({ bars });
          expect(await read({ timeframe, adjustment })).toEqual(await read({ timeframe }));
        },
      ),
    );
  });

  it("for splits keeps the worth of a day: close × volume, but for the rounding of both", async () => {
    await fc.assert(
      fc.asyncProperty(day, ratio, async ([first, bars], [oldRate, newRate]) => {
        const read = pagesOf({ bars, actions: [splitOn(dateAfter(first, SPAN_DAYS + 3), oldRate, newRate)] });
        const raw = (await read({ timeframe: "1Day" })).bars;
        const adjusted = (await read({ timeframe: "1Day", adjustment: "split" })).bars;
        expect(adjusted).toHaveLength(raw.length);
        for (const [index, { close, volume }] of adjusted.entries()) {
          const worth = (raw[index]?.close ?? 0) * (raw[index]?.volume ?? 0);
          expect(Math.abs(close * volume - worth)).toBeLessThanOrEqual(close + volume * 0.000_051);
        }
      }),
    );
  });

  it("for splits rounds prices to the nearest of four decimals, ties upwards, as integers do", async () => {
    const parts = fc.integer({ min: 1_0000, max: 9_999_9999 });
    await fc.assert(
      fc.asyncProperty(parts, ratio, ratio, async (price, [oldOne, newOne], [oldTwo, newTwo]) => {
        const bars = [{ start: newYorkMidnight("2024-03-05" as CivilDate), open: price / 1e4, close: price / 1e4 }];
        const actions = [splitOn("2024-03-06", oldOne, newOne), splitOn("2024-03-07", oldTwo, newTwo)];
        const page = await pagesOf({ bars, actions })({ timeframe: "1Min", adjustment: "all" });
        const [more, fewer] = [BigInt(newOne * newTwo), BigInt(oldOne * oldTwo)];
        const nearest = (2n * BigInt(price) * fewer + more) / (2n * more);
        expect(page.bars[0]?.close).toBe(Number(nearest) / 1e4);
      }),
      { numRuns: 1000 },
    );
  });
});
