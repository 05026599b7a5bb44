/** Random markets and random traders, as fast-check arbitraries: small enough to shrink, mean enough to find things. */
import fc from "fast-check";
import type { AccountCommand, EngineConfig, OrderTerms } from "../../src/engine/index.ts";
import {
  cash,
  instant,
  MINUTE_MS,
  parseInstant,
  price,
  quantity,
  SCALE,
  type Bar,
  type Instant,
} from "../../src/kernel/index.ts";
import type { BarsBySymbol } from "../support/array-tape.ts";

export interface Workload {
  readonly bars: BarsBySymbol;
  readonly steps: readonly Step[];
  readonly config: Partial<EngineConfig>;
}

export interface Step {
  /** Milliseconds to advance before the action. */
  readonly wait: number;
  readonly action: Action;
}

export type Action =
  | { readonly kind: "submit"; readonly account: number; readonly terms: OrderTerms }
  | { readonly kind: "cancel"; readonly pick: number }
  | { readonly kind: "replace"; readonly pick: number; readonly cents: number; readonly shares: number | undefined }
  | { readonly kind: "close"; readonly account: number; readonly symbol: string; readonly percent: number }
  | { readonly kind: "nothing" };

export const SYMBOLS = ["AAA", "BBB"] as const;
export const ACCOUNTS = 2;
const CENT = SCALE / 100n;

/** The last half hour before and the first after a weekend with a clock change; pre-market and after-hours included. */
const SPANS = [
  { from: "2023-03-10T20:45:00Z", minutes: 30 },
  { from: "2023-03-13T13:15:00Z", minutes: 40 },
] as const;

export const START = time("2023-03-10T20:40:00Z");
const MONDAY = time("2023-03-13T00:00:00Z");
export const END = time("2023-03-14T00:00:00Z");

function time(text: string): Instant {
  const parsed = parseInstant(text);
  if (typeof parsed === "string") throw new Error(`bad time ${text}`);
  return parsed;
}

/** Prices near 10.00 on the cent, so that limits and stops are often touched exactly. */
const priceCents = fc.integer({ min: 980, max: 1020 });

const barArbitrary = fc.record({
  isMissing: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
  open: priceCents,
  close: priceCents,
  up: fc.integer({ min: 0, max: 8 }),
  down: fc.integer({ min: 0, max: 8 }),
  volume: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 20_000 })),
});

const seriesArbitrary: fc.Arbitrary<readonly Bar[]> = fc
  .tuple(...SPANS.map((span) => fc.array(barArbitrary, { minLength: span.minutes, maxLength: span.minutes })))
  .map((spans) =>
    spans.flatMap((draws, index) =>
      draws.flatMap((draw, minute) => {
        const start = instant(time(SPANS[index]?.from ?? "") + minute * MINUTE_MS);
        return draw.isMissing ? [] : [barFrom(draw, start)];
      }),
    ),
  );

export function barFrom(
  draw: {
    readonly open: number;
    readonly close: number;
    readonly up: number;
    readonly down: number;
    readonly volume: number;
  },
  start: Instant,
): Bar {
  return {
    start,
    end: instant(start + MINUTE_MS),
    open: draw.open / 100,
    close: draw.close / 100,
    high: (Math.max(draw.open, draw.close) + draw.up) / 100,
    low: (Math.min(draw.open, draw.close) - draw.down) / 100,
    volume: draw.volume,
    vwap: undefined,
    trades: undefined,
    isDay: false,
  };
}

const termsArbitrary: fc.Arbitrary<OrderTerms> = fc
  .record({
    symbol: fc.constantFrom(...SYMBOLS),
    side: fc.constantFrom("buy" as const, "sell" as const),
    type: fc.constantFrom("market" as const, "limit" as const, "stop" as const, "stop_limit" as const),
    timeInForce: fc.constantFrom("day" as const, "day" as const, "gtc" as const, "ioc" as const, "fok" as const),
    size: fc.oneof(
      fc
        .integer({ min: 1, max: 3000 })
        .map((shares) => ({ qty: quantity(BigInt(shares) * SCALE), notional: undefined })),
      fc
        .integer({ min: 1, max: 5_000_000_000 })
        .map((units) => ({ qty: quantity(BigInt(units)), notional: undefined })),
      fc
        .integer({ min: 1, max: 20_000 })
        .map((dollars) => ({ qty: undefined, notional: cash(BigInt(dollars) * SCALE) })),
    ),
    limit: priceCents,
    stop: priceCents,
    extendedHours: fc.boolean(),
  })
  .map(({ size, limit, stop, ...terms }) => ({
    ...terms,
    ...size,
    limitPrice: terms.type === "limit" || terms.type === "stop_limit" ? price(BigInt(limit) * CENT) : undefined,
    stopPrice: terms.type === "stop" || terms.type === "stop_limit" ? price(BigInt(stop) * CENT) : undefined,
    clientOrderId: undefined,
  }));

const account = fc.integer({ min: 1, max: ACCOUNTS });
const pick = fc.integer({ min: 0, max: 30 });

const actionArbitrary: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("submit" as const), account, terms: termsArbitrary }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("replace" as const),
      pick,
      cents: priceCents,
      shares: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("close" as const),
      account,
      symbol: fc.constantFrom(...SYMBOLS),
      percent: fc.integer({ min: 1, max: 100 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "nothing" as const }) },
);

/** Steps of some seconds or minutes, and now and then the whole weekend. */
const waitArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 10 }).map((minutes) => minutes * MINUTE_MS) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 300_000 }) },
  { weight: 1, arbitrary: fc.constant(64.5 * 60 * MINUTE_MS) },
);

/** Over the weekend BBB may halve or nearly double: what was sized on Friday has another size on Monday. */
const gapped = (bars: readonly Bar[], factor: number): readonly Bar[] =>
  bars.map((bar) => {
    if (bar.start < MONDAY) return bar;
    const scale = (value: number): number => Math.round(value * factor * 100) / 100;
    return { ...bar, open: scale(bar.open), high: scale(bar.high), low: scale(bar.low), close: scale(bar.close) };
  });

export const workloadArbitrary: fc.Arbitrary<Workload> = fc.record({
  bars: fc
    .tuple(seriesArbitrary, seriesArbitrary, fc.constantFrom(1, 1, 0.5, 1.9))
    .map(([first, second, factor]) => ({ AAA: first, BBB: gapped(second, factor) })),
  steps: fc.array(fc.record({ wait: waitArbitrary, action: actionArbitrary }), { minLength: 1, maxLength: 14 }),
  config: fc.record({
    tradingHours: fc.constantFrom("extended" as const, "regular" as const),
    slippage: fc.constantFrom(
      { model: "none" as const },
      { model: "bps" as const, args: [5] as const },
      { model: "tick_or_bps" as const, args: [1, 1] as const },
    ),
    participation: fc.constantFrom(0.1, 0.025, null),
    limitRule: fc.constantFrom("through" as const, "touch" as const),
    latencyMs: fc.constantFrom(0, 0, 500),
    fees: fc.constant("none" as const),
    borrow: fc.constant({ model: "none" as const }),
    interest: fc.constant({ model: "none" as const }),
  }),
});

/** The command that an action stands for, given how many orders there are and to whom they belong. */
export function commandOf(action: Action, owners: readonly number[]): AccountCommand | undefined {
  switch (action.kind) {
    case "nothing":
      return undefined;
    case "submit":
      return { kind: "submit_order", account: action.account, terms: action.terms };
    case "close":
      return {
        kind: "close_position",
        account: action.account,
        symbol: action.symbol,
        amount: { qty: undefined, percentage: BigInt(action.percent) * SCALE },
      };
    default:
      return owners.length === 0 ? undefined : changeOf(action, owners);
  }
}

function changeOf(action: Extract<Action, { pick: number }>, owners: readonly number[]): AccountCommand {
  const order = (action.pick % owners.length) + 1;
  const owner = owners[order - 1] ?? 1;
  if (action.kind === "cancel") return { kind: "cancel_order", account: owner, order };
  const qty = action.shares === undefined ? undefined : quantity(BigInt(action.shares) * SCALE);
  return {
    kind: "replace_order",
    account: owner,
    order,
    changes: { qty, limitPrice: price(BigInt(action.cents) * CENT) },
  };
}
