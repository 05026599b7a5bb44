/** Why an order stands as it does: the route, and the bars of its fills. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import type { OrderFilled } from "../../../engine/index.ts";
import { newYorkDate, newYorkMidnight } from "../../../calendar/index.ts";
import { instant, isRefusal, MINUTE_MS, type Bar, type CivilDate, type Instant } from "../../../kernel/index.ts";
import type { BarsQuery, SessionHandle } from "../../../sessions/index.ts";
import { draftExplanation, ExplanationView, presentExplanation, type Draft } from "../explanation.ts";
import { readSession } from "../../wire/reading.ts";
import { refusals } from "../../wire/schemas.ts";
import { orderOf, paramsOf, type Desk } from "./desk.ts";

export function registerExplaining(app: FastifyInstance, desk: Desk): void {
  app.get(
    `${desk.base}/orders/:orderId/explain`,
    {
      schema: {
        tags: ["orders"],
        summary: "Why an order stands as it does",
        params: paramsOf(desk, { orderId: Type.String() }),
        response: { 200: ExplanationView, ...refusals(400, 404, 422) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const draft = await readSession(session, [], (view) =>
        draftExplanation(orderOf(desk, view, request), { view, assetOf: desk.assetOf }),
      );
      return presentExplanation(draft, await barsOfFills(session, draft));
    },
  );
}

/** Lengths that bars may well have, in minutes; those of this order's fills at the end of a bar come on top. */
const LENGTHS = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360];

/** Minutes of a day: no page of bars of one date is longer. */
const BARS_PER_DAY_MAX = 1440;

async function barsOfFills(session: SessionHandle, { symbol, fills }: Draft): Promise<ReadonlyMap<Instant, Bar>> {
  const timeframes = timeframesOf(fills);
  const found = new Map<Instant, Bar>();
  for (const [date, starts] of startsByDate(fills.map((fill) => fill.barStart))) {
    const bars = await barsOfDate(session, { symbol, date, starts, timeframes });
    for (const bar of bars) found.set(bar.start, bar);
  }
  return found;
}

/** From the finest: bars of a length are also made from finer ones, but never from coarser. */
function timeframesOf(fills: readonly OrderFilled[]): readonly string[] {
  const lengths = fills.map((fill) => (fill.at - fill.barStart) / MINUTE_MS).filter(isLength);
  const sorted = [...new Set([...LENGTHS, ...lengths])].toSorted((a, b) => a - b);
  return [...sorted.map((minutes) => (minutes < 60 ? `${minutes}Min` : `${minutes / 60}Hour`)), "1Day"];
}

const isLength = (minutes: number): boolean =>
  minutes >= 1 && (minutes < 60 ? Number.isInteger(minutes) : minutes % 60 === 0 && minutes < 24 * 60);

function startsByDate(starts: readonly Instant[]): ReadonlyMap<CivilDate, ReadonlySet<Instant>> {
  const dates = new Map<CivilDate, Set<Instant>>();
  for (const start of starts) {
    const date = newYorkDate(start);
    const known = dates.get(date);
    if (known === undefined) dates.set(date, new Set([start]));
    else known.add(start);
  }
  return dates;
}

interface DayOfFills {
  readonly symbol: string;
  readonly date: CivilDate;
  readonly starts: ReadonlySet<Instant>;
  readonly timeframes: readonly string[];
}

/** The bars of one date that made fills: a date has its bars from one series alone. */
async function barsOfDate(session: SessionHandle, day: DayOfFills): Promise<readonly Bar[]> {
  for (const timeframe of day.timeframes) {
    const page = await session.bars({ ...rangeOf(day, timeframe), limit: BARS_PER_DAY_MAX, after: undefined });
    const bars = isRefusal(page) ? [] : page.bars.filter((bar) => day.starts.has(bar.start));
    if (bars.length > 0) return bars;
  }
  return [];
}

/** A day bar is labelled with midnight, not with its start. */
function rangeOf({ symbol, date, starts }: DayOfFills, timeframe: string): Omit<BarsQuery, "limit" | "after"> {
  const midnight = newYorkMidnight(date);
  if (timeframe === "1Day") return { symbol, timeframe, start: midnight, end: midnight };
  return { symbol, timeframe, start: instant(Math.min(...starts)), end: instant(Math.max(...starts)) };
}
