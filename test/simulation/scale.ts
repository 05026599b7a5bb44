/** The scale law's two worlds: raw prices with a split, and prices adjusted for it with orders in the new shares. */
import { newYorkMidnight } from "../../src/calendar/index.ts";
import type { OrderTerms } from "../../src/engine/index.ts";
import { defaultConfig } from "../../src/engine/index.ts";
import {
  HOUR_MS,
  price,
  quantity,
  SCALE,
  type Bar,
  type CivilDate,
  type Instant,
  type Price,
} from "../../src/kernel/index.ts";
import { diceOf, pick } from "./dice.ts";
import { workloadOf, type Intent, type Workload } from "./workload.ts";

const RATIO = 2n;

/** A workload whose only company action is a 2-for-1 split, with prices that halve without a remainder. */
export function scalable(seed: number): Workload {
  const config = {
    ...defaultConfig("ideal"),
    margin: "reg_t" as const,
    marginCall: "flag_only" as const,
    pdt: "none" as const,
    initialPositions: [],
  };
  const workload = workloadOf(seed, { commands: 25, config, isLong: false });
  const exDate = pick(diceOf(seed), workload.days.slice(1)).date;
  const split = { type: "split" as const, symbol: "AAA", exDate, oldRate: SCALE, newRate: RATIO * SCALE };
  const at = effectOf(exDate);
  const bars = (workload.market.bars["AAA"] ?? []).map((bar) => evened(bar, bar.start >= at));
  return {
    ...workload,
    dollars: 900_000_000n,
    market: { bars: { AAA: bars }, actions: { AAA: [split] }, traits: {} },
    intents: workload.intents.filter(hasScale).map((intent) => even(intent)),
  };
}

const effectOf = (exDate: CivilDate): number => newYorkMidnight(exDate) + 4 * HOUR_MS;

/** Two dollars up, and before the split in steps of two cents. */
function evened(bar: Bar, isAfter: boolean): Bar {
  const of = (value: number): number => {
    const cents = Math.round(value * 50) * 2 + 400;
    return (isAfter ? cents / 2 : cents) / 100;
  };
  return { ...bar, open: of(bar.open), high: of(bar.high), low: of(bar.low), close: of(bar.close) };
}

/** Market, limit and stop orders in whole shares of the one symbol; groups are not adjusted by their company. */
function hasScale(intent: Intent): boolean {
  if (intent.kind === "close") return intent.symbol === "AAA" && intent.percent === 100;
  if (intent.kind !== "submit") return intent.kind === "cancel" || intent.kind === "cancel_all";
  const { symbol, qty, orderClass, type } = intent.terms;
  const isPlain = orderClass === undefined && type !== "trailing_stop";
  return symbol === "AAA" && isPlain && qty !== undefined && qty % SCALE === 0n;
}

const TWO_CENTS = SCALE / 50n;

function even(intent: Intent): Intent {
  if (intent.kind !== "submit") return intent;
  const onGrid = (value: Price | undefined): Price | undefined =>
    value === undefined ? undefined : price((value / TWO_CENTS) * TWO_CENTS + 4n * SCALE);
  const { limitPrice, stopPrice } = intent.terms;
  return { ...intent, terms: { ...intent.terms, limitPrice: onGrid(limitPrice), stopPrice: onGrid(stopPrice) } };
}

/** The same world as it looks from after the split. */
export function adjustedFor(workload: Workload): Workload {
  const [split] = workload.market.actions["AAA"] ?? [];
  const at = effectOf(split?.exDate ?? ("" as CivilDate));
  const halved = (bar: Bar): Bar => {
    if (bar.start >= at) return bar;
    const { open, high, low, close } = bar;
    return { ...bar, open: open / 2, high: high / 2, low: low / 2, close: close / 2, volume: bar.volume * 2 };
  };
  return {
    ...workload,
    market: { ...workload.market, bars: { AAA: (workload.market.bars["AAA"] ?? []).map(halved) }, actions: {} },
    intents: workload.intents.map((intent) => (isBefore(intent, at) ? scaledIntent(intent) : intent)),
  };
}

const isBefore = ({ at }: { readonly at: Instant }, split: number): boolean => at < split;

function scaledIntent(intent: Intent): Intent {
  if (intent.kind !== "submit") return intent;
  const half = (value: Price | undefined): Price | undefined =>
    value === undefined ? undefined : price(value / RATIO);
  const { qty, limitPrice, stopPrice } = intent.terms;
  const terms: OrderTerms = {
    ...intent.terms,
    qty: qty === undefined ? undefined : quantity(qty * RATIO),
    limitPrice: half(limitPrice),
    stopPrice: half(stopPrice),
  };
  return { ...intent, terms };
}
