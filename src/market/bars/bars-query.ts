/** What may be asked of a symbol's bars, read and checked. */
import { formatInstant, instant, refuse, type Instant, type Refusal, type Timeframe } from "../../kernel/index.ts";
import { parseTimeframe, TIMEFRAME_WANTED } from "../timeframe.ts";
import type { PageSpec } from "./resampler.ts";

export interface BarsRequest {
  readonly symbol: string;
  /** Alpaca's grammar; see `parseTimeframe`. */
  readonly timeframe: Timeframe;
  /** Smallest and largest label, both inclusive; undefined: the first, the last. */
  readonly start: Instant | undefined;
  readonly end: Instant | undefined;
  /** Bars of the page, at least 1. */
  readonly limit: number;
  /** Label of the last bar of the page before; undefined for the first page. */
  readonly after: Instant | undefined;
  /** Only bars that have ended by then; undefined: all. */
  readonly knownAt: Instant | undefined;
}

const ALWAYS = instant(8_640_000_000_000_000);

export function parseBarsRequest(request: BarsRequest): PageSpec | Refusal {
  const { start, end, limit, after, knownAt = ALWAYS } = request;
  const timeframe = parseTimeframe(request.timeframe);
  if (timeframe === undefined) {
    return refuse("bad_request", `timeframe: got ${JSON.stringify(request.timeframe)}, wanted ${TIMEFRAME_WANTED}`);
  }
  if (!Number.isInteger(limit) || limit < 1) {
    return refuse("bad_request", `limit: got ${limit}, wanted a whole number of at least 1`);
  }
  if (start !== undefined && end !== undefined && end < start) {
    return refuse(
      "bad_request",
      `end: got ${formatInstant(end)}, wanted a time not before start ${formatInstant(start)}`,
    );
  }
  const from = instant(Math.max(start ?? -ALWAYS, after === undefined ? -ALWAYS : after + 1));
  return { timeframe, from, to: end ?? ALWAYS, knownAt, limit };
}
