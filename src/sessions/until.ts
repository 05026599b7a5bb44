/** Advancing until something happens: what to wait for, and how long at most. */
import { firstTradingDay } from "../calendar/index.ts";
import type { EngineEvent } from "../engine/index.ts";
import { formatInstant, instant, isRefusal, refuse, unreachable, type Instant, type Refusal } from "../kernel/index.ts";
import type { LoadedMarket } from "../market/index.ts";
import type { Outcome } from "./types.ts";

/** What to wait for. A time is `{ kind: "time" }`; everything else is looked for up to `notAfter`. */
export type Awaited =
  | { readonly kind: "time"; readonly at: Instant }
  /** The end of the next bar of a symbol. */
  | { readonly kind: "next_bar"; readonly symbol: string }
  | { readonly kind: "next_fill" }
  /** Whatever happens to an order. */
  | { readonly kind: "next_order_event" }
  /** Of the regular session. */
  | { readonly kind: "next_open" }
  | { readonly kind: "next_close" };

export interface Until {
  readonly awaited: Awaited;
  /** The latest time to wait; undefined: the next regular close. */
  readonly notAfter: Instant | undefined;
}

/** Whether an event is the one that is waited for; undefined where a time is. */
export type StopAt = (event: EngineEvent) => boolean;

function stopOf({ kind }: Awaited): StopAt | undefined {
  if (kind === "next_fill") return (event) => event.kind === "order_filled";
  return kind === "next_order_event" ? (event) => "order" in event : undefined;
}

/** Where an advance may have to go at most, and whether what is awaited is known to be there. */
interface Target {
  readonly until: Instant;
  readonly isThere: boolean;
}

export interface UntilContext {
  readonly clock: Instant;
  readonly endTime: Instant;
  /** Series of the symbols in use and of one more, up to a time. */
  readonly load: (until: Instant, symbol: string) => LoadedMarket | Refusal | Promise<LoadedMarket | Refusal>;
}

export interface Advancing extends UntilContext {
  /** Ends with the first event of which `stopAt` is true. */
  readonly advance: (until: Instant, stopAt: StopAt | undefined) => Promise<Outcome | Refusal>;
}

/** Advances to what is awaited, or as far as it is waited for; the outcome says whether it came. */
export async function advanceUntil(until: Until, { advance, ...context }: Advancing): Promise<Outcome | Refusal> {
  const target = await targetOf(until, context);
  if (isRefusal(target)) return target;
  const stopAt = stopOf(until.awaited);
  const outcome = await advance(target.until, stopAt);
  if (isRefusal(outcome)) return outcome;
  return { ...outcome, isReached: target.isThere || (stopAt !== undefined && outcome.events.some(stopAt)) };
}

async function targetOf(until: Until, context: UntilContext): Promise<Target | Refusal> {
  const { awaited, notAfter } = until;
  const { clock, endTime } = context;
  if (notAfter !== undefined && notAfter < clock) {
    const [asked, now] = [formatInstant(notAfter), formatInstant(clock)];
    return refuse("bad_request", `notAfter must not be before the session's clock ${now}, got ${asked}`);
  }
  const bound = instant(Math.min(notAfter ?? defaultBound(awaited, clock), endTime));
  const at = (wanted: Instant | undefined): Target =>
    wanted === undefined || wanted > bound ? { until: bound, isThere: false } : { until: wanted, isThere: true };
  switch (awaited.kind) {
    case "time":
      return at(awaited.at);
    case "next_open":
      return at(nextOf("open", clock));
    case "next_close":
      return at(nextOf("close", clock));
    case "next_bar":
      return nextBar(awaited.symbol, bound, context);
    case "next_fill":
    case "next_order_event":
      return { until: bound, isThere: false };
    default:
      return unreachable(awaited);
  }
}

/** Waiting for what may never come ends with the day; a moment of the calendar always comes. */
function defaultBound({ kind }: Awaited, clock: Instant): number {
  const isMoment = kind === "time" || kind === "next_open" || kind === "next_close";
  return isMoment ? Infinity : (nextOf("close", clock) ?? Infinity);
}

/** The next such moment after the clock; undefined where the calendar ends. */
const nextOf = (edge: "open" | "close", clock: Instant): Instant | undefined => firstTradingDay(clock, edge)?.[edge];

async function nextBar(symbol: string, bound: Instant, { clock, load }: UntilContext): Promise<Target | Refusal> {
  const loaded = await load(bound, symbol);
  if (isRefusal(loaded)) return loaded;
  const running = loaded.barAt(symbol, clock);
  let bar = running !== undefined && running.end > clock ? running : loaded.firstBar(symbol, clock, { kind: "any" });
  while (bar !== undefined && bar.volume <= 0) bar = loaded.firstBar(symbol, instant(bar.start + 1), { kind: "any" });
  if (bar !== undefined && bar.end <= bound) return { until: bar.end, isThere: true };
  return { until: bound, isThere: false };
}
