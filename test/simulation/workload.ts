/** Random traders from a seed: commands that lean towards the states in which engines go wrong. */
import type { TradingDay } from "../../src/calendar/index.ts";
import {
  defaultConfig,
  type EngineConfig,
  type LegRole,
  type OrderChanges,
  type OrderTerms,
  type Profile,
} from "../../src/engine/index.ts";
import {
  cash,
  instant,
  MINUTE_MS,
  price,
  quantity,
  SCALE,
  SECOND_MS,
  type Cash,
  type Instant,
} from "../../src/kernel/index.ts";
import type { AuditMarket } from "./auditor/types.ts";
import { chance, diceOf, integer, pick, type Dice } from "./dice.ts";
import { randomMarket, type RandomMarket } from "./market.ts";
import { randomTerms } from "./terms.ts";

/** What a trader means to do; orders are named by the intent that sent them, so that dropping one renames none. */
export type Intent = {
  readonly at: Instant;
  readonly account: number;
} & (
  | { readonly kind: "submit"; readonly name: number; readonly terms: OrderTerms }
  | { readonly kind: "cancel"; readonly name: number; readonly part: LegRole | undefined }
  | {
      readonly kind: "replace";
      readonly name: number;
      readonly part: LegRole | undefined;
      readonly changes: OrderChanges;
    }
  | { readonly kind: "cancel_all" }
  | { readonly kind: "close"; readonly symbol: string; readonly percent: number }
  | { readonly kind: "transfer"; readonly netAmount: Cash }
);

export interface Workload extends RandomMarket {
  readonly seed: number;
  readonly config: EngineConfig;
  readonly accounts: number;
  /** Dollars given to each account. */
  readonly dollars: bigint;
  readonly intents: readonly Intent[];
}

export interface WorkloadOptions {
  readonly commands: number;
  readonly config?: Partial<EngineConfig>;
  readonly isLong?: boolean;
}

/** The same seed gives the same workload, on every machine. */
export function workloadOf(seed: number, options: WorkloadOptions): Workload {
  const dice = diceOf(seed);
  const market = randomMarket(dice, options.isLong);
  const accounts = integer(dice, 1, 3);
  const config = { ...randomConfig(dice, market.market), ...options.config };
  const dollars = pick(dice, [1500n, 20_000n, 100_000n, 100_000n, 2_000_000n]);
  const size = { accounts, commands: options.commands, dollars: Number(dollars) };
  const intents = randomIntents(dice, market, size);
  return { ...market, seed, config, accounts, dollars, intents };
}

/** Every seed has a size of its own: mostly dozens of commands, sometimes thousands. */
export function sizedWorkloadOf(seed: number): Workload {
  const dice = diceOf(seed ^ 0x5bd1e995);
  const commands = chance(dice, 0.02) ? integer(dice, 1000, 3000) : integer(dice, 5, 120);
  return workloadOf(seed, { commands, config: { pdt: pick(dice, ["none", "none", "by_date", "legacy"]) } });
}

const PROFILES: readonly Profile[] = [
  "conservative",
  "conservative",
  "ideal",
  "alpaca_paper",
  "alpaca_live",
  "pessimist",
];

/** A profile with some of its options turned. */
function randomConfig(dice: Dice, market: AuditMarket): EngineConfig {
  const base = defaultConfig(pick(dice, PROFILES));
  const turned: Partial<EngineConfig> = {
    tradingHours: pick(dice, ["extended", "regular"]),
    slippage: pick(dice, [
      { model: "none" },
      { model: "bps", args: [5] },
      { model: "tick_or_bps", args: [1, 1] },
      { model: "tick_or_bps", args: [2, 12.5] },
    ]),
    participation: pick(dice, [0.1, 0.1, 0.025, 1, null]),
    volumeBasis: pick(dice, ["bar", "bar", "trailing"]),
    limitRule: pick(dice, ["through", "touch", "through_by_tick"]),
    intrabar: pick(dice, ["worst_case", "adaptive", "ohlc", "olhc"]),
    partialDayBar: pick(dice, ["close_only", "skip"]),
    openEqual: pick(dice, ["take", "take", "skip"]),
    cancelRace: pick(dice, ["cancel_wins", "fill_wins"]),
    latencyMs: pick(dice, [0, 0, 150, 1000, 60_000]),
    gtcDays: pick(dice, [90, 2, 30, null]),
    auctionLeftover: pick(dice, ["expired", "canceled"]),
    flip: pick(dice, ["refuse", "refuse", "split"]),
    fees: pick(dice, ["us_equity", "none"]),
    margin: pick(dice, ["reg_t", "reg_t", "cash"]),
    marginCall: pick(dice, ["liquidate_next_open", "flag_only", "immediate"]),
    dividends: pick(dice, ["pay_date", "ex_date", "none"]),
    splitFractions: pick(dice, ["keep", "cash"]),
  };
  const kept = Object.entries(turned).filter(() => chance(dice, 0.5));
  const holds = chance(dice, 0.5);
  const fractionable = Object.keys(market.bars).filter((symbol) => market.traits[symbol]?.isFractionable);
  const initialPositions = Object.keys(market.bars)
    .filter(() => holds)
    .map((symbol) => ({ symbol, qty: pick(dice, ["100", "250", "1000.5"]), avgEntryPrice: "10.25" }))
    .filter(({ symbol, qty }) => qty !== "1000.5" || fractionable.includes(symbol));
  return { ...base, ...Object.fromEntries(kept), partialFills: 0, pdt: "none", initialPositions };
}

function randomIntents(
  dice: Dice,
  world: RandomMarket,
  size: { readonly accounts: number; readonly commands: number; readonly dollars: number },
): readonly Intent[] {
  const { dollars } = size;
  const times = Array.from({ length: size.commands }, () => randomTime(dice, world)).toSorted((a, b) => a - b);
  const sent: { readonly name: number; readonly terms: OrderTerms; readonly account: number }[] = [];
  return times.map((at, name) => {
    const account = integer(dice, 1, size.accounts);
    const recent = sent[sent.length - 1 - Math.floor(dice.next() ** 2 * Math.min(sent.length, 12))];
    const draw = dice.next();
    if (recent !== undefined && draw < 0.28) return randomChange(dice, at, recent, world);
    const symbol = pick(dice, Object.keys(world.market.bars));
    if (draw < 0.3) return { at, account, kind: "cancel_all" };
    if (draw < 0.34) return { at, account, kind: "close", symbol, percent: pick(dice, [100, 100, 50, 33]) };
    if (draw < 0.35) {
      return { at, account, kind: "transfer", netAmount: cash(BigInt(integer(dice, -2000, 5000)) * SCALE) };
    }
    const terms = randomTerms(dice, { symbol, last: lastPriceIn(world, symbol, at), dollars });
    sent.push({ name, terms, account });
    return { at, account, kind: "submit", name, terms };
  });
}

/** At a bar's edge, inside it, or about an edge of a session. */
function randomTime(dice: Dice, { market, days, start, end }: RandomMarket): Instant {
  const draw = dice.next();
  const inside = (at: number): Instant => instant(Math.min(Math.max(at, start), end - 1));
  if (draw < 0.12) {
    const day: TradingDay = pick(dice, days);
    const edge = pick(dice, [day.sessionOpen, day.open, day.close, day.sessionClose]);
    return inside(
      edge + pick(dice, [0, 0, -1, 1, -2 * MINUTE_MS, -10 * MINUTE_MS, -11 * MINUTE_MS, -3 * 60 * MINUTE_MS]),
    );
  }
  const bars = market.bars[pick(dice, Object.keys(market.bars))] ?? [];
  if (bars.length === 0) return inside(start);
  const bar = pick(dice, bars);
  if (draw < 0.6) return inside(bar.start);
  if (draw < 0.7) return inside(bar.start - pick(dice, [1, SECOND_MS]));
  return inside(bar.start + Math.floor(dice.next() * (bar.end - bar.start)));
}

function lastPriceIn(world: RandomMarket, symbol: string, at: Instant): number {
  const bars = world.market.bars[symbol] ?? [];
  const last = bars.findLast((bar) => bar.start < at && bar.volume > 0) ?? bars[0];
  return last?.close ?? 10;
}

/** A cancel or a replacement of what was sent lately, mostly at its very instant or soon after. */
function randomChange(
  dice: Dice,
  at: Instant,
  recent: { readonly name: number; readonly terms: OrderTerms; readonly account: number },
  world: RandomMarket,
): Intent {
  const { name, terms, account } = recent;
  const part =
    terms.orderClass === undefined ? undefined : pick(dice, [undefined, "take_profit", "stop_loss"] as const);
  if (chance(dice, 0.45)) return { at, account, kind: "cancel", name, part };
  const other = randomTerms(dice, { symbol: terms.symbol, last: lastPriceIn(world, terms.symbol, at), dollars: 1000 });
  const near = price(other.limitPrice ?? other.stopPrice ?? 10n * SCALE);
  return { at, account, kind: "replace", name, part, changes: randomChanges(dice, { terms, part, near }) };
}

function randomChanges(
  dice: Dice,
  {
    terms,
    part,
    near,
  }: { readonly terms: OrderTerms; readonly part: LegRole | undefined; readonly near: OrderChanges["limitPrice"] },
): OrderChanges {
  const trails = terms.trailPrice !== undefined || terms.trailPercent !== undefined;
  const whole: OrderChanges = {
    qty: chance(dice, 0.4) ? quantity(BigInt(integer(dice, 1, 400)) * SCALE) : undefined,
    trail: trails ? SCALE / 5n : undefined,
    timeInForce: chance(dice, 0.1) ? "gtc" : undefined,
  };
  const wantsLimit = part === undefined ? terms.limitPrice !== undefined : part === "take_profit";
  const wantsStop = part === undefined ? terms.stopPrice !== undefined : part === "stop_loss";
  return {
    ...(part === undefined ? whole : {}),
    limitPrice: wantsLimit && chance(dice, 0.8) ? near : undefined,
    stopPrice: wantsStop && chance(dice, 0.8) ? near : undefined,
  };
}
