/** What may be asked of a symbol's bars, read and checked. */
import { formatInstant, instant, refuse, type Instant, type Refusal, type Timeframe } from "../../kernel/index.ts";
import { parseTimeframe, TIMEFRAME_WANTED } from "../timeframe.ts";
import { ADJUSTMENT_WANTED, parseAdjustment, type Adjustment } from "./adjustment.ts";
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
  /**
   * For what prices and volumes are adjusted, as far as it was done by `knownAt`: "raw", "split", "dividend",
   * "spin-off" (changes nothing), "all", or several with commas. Undefined: raw.
   */
  readonly adjustment?: string | undefined;
  /** From the largest label to the smallest; default the other way. */
  readonly isDescending?: boolean;
}

export interface ParsedRequest {
  readonly spec: PageSpec;
  readonly adjustment: Adjustment;
  readonly isDescending: boolean;
}

/** Later than any bar. */
export const ALWAYS = instant(8_640_000_000_000_000);

/** Refuses "bad_request", naming the field. */
export function parseBarsRequest(request: BarsRequest): ParsedRequest | Refusal {
  const timeframe = parseTimeframe(request.timeframe);
  if (timeframe === undefined) return refusedText("timeframe", request.timeframe, TIMEFRAME_WANTED);
  const adjustment = parseAdjustment(request.adjustment ?? "raw");
  if (adjustment === undefined) return refusedText("adjustment", request.adjustment, ADJUSTMENT_WANTED);
  const problem = problemOfRange(request);
  if (problem !== undefined) return problem;
  const { limit, knownAt = ALWAYS, isDescending = false } = request;
  const { from, to } = rangeOf(request);
  return { spec: { timeframe, from, to, knownAt, limit }, adjustment, isDescending };
}

/** What is left of the labels after the last of the page before. */
function rangeOf({ start, end, after, isDescending = false }: BarsRequest): Pick<PageSpec, "from" | "to"> {
  const [from, to] = [start ?? -ALWAYS, end ?? ALWAYS];
  if (after === undefined) return { from: instant(from), to: instant(to) };
  return isDescending
    ? { from: instant(from), to: instant(Math.min(to, after - 1)) }
    : { from: instant(Math.max(from, after + 1)), to: instant(to) };
}

const refusedText = (field: string, got: string | undefined, wanted: string): Refusal =>
  refuse("bad_request", `${field}: got ${JSON.stringify(got)}, wanted ${wanted}`);

function problemOfRange({ start, end, limit }: BarsRequest): Refusal | undefined {
  if (!Number.isInteger(limit) || limit < 1) {
    return refuse("bad_request", `limit: got ${limit}, wanted a whole number of at least 1`);
  }
  if (start === undefined || end === undefined || end >= start) return undefined;
  return refuse(
    "bad_request",
    `end: got ${formatInstant(end)}, wanted a time not before start ${formatInstant(start)}`,
  );
}
