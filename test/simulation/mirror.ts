/** The mirror law's mirror: every price x becomes K − x, high and low change places, and so do buy and sell. */
import type { EngineConfig, OrderTerms } from "../../src/engine/index.ts";
import { price, SCALE, type Bar, type Price } from "../../src/kernel/index.ts";
import type { Intent, Workload } from "./workload.ts";

/** Dollars; far above every price, so that both sides have one tick size. */
export const MIRROR = 1000;

/** A workload without what has no mirror image: slippage, two tick sizes, percentages, dollars, costs. */
export function mirrorable(workload: Workload): Workload {
  const config: EngineConfig = {
    ...workload.config,
    slippage: { model: "none" },
    partialFills: 0,
    fees: "none",
    borrow: { model: "none" },
    interest: { model: "none" },
    margin: "reg_t",
    marginCall: "flag_only",
    flip: "refuse",
    alpacaBuyStopCollar: false,
    marketCollar: null,
    initialPositions: [],
  };
  return {
    ...workload,
    config,
    dollars: 900_000_000n,
    market: { ...workload.market, bars: nearTen(workload), actions: {} },
    intents: workload.intents.filter(hasImage).map(centered),
  };
}

const CENT = SCALE / 100n;

/** Prices of orders, moved as the bars are. */
function centered(intent: Intent): Intent {
  const of = (value: Price | undefined): Price | undefined =>
    value === undefined ? undefined : price(((value % (800n * SCALE)) / CENT) * CENT + 2n * SCALE);
  if (intent.kind === "submit") return { ...intent, terms: withPrices(intent.terms, of) };
  if (intent.kind !== "replace") return intent;
  const { limitPrice, stopPrice } = intent.changes;
  return { ...intent, changes: { ...intent.changes, limitPrice: of(limitPrice), stopPrice: of(stopPrice) } };
}

const withPrices = (terms: OrderTerms, of: (value: Price | undefined) => Price | undefined): OrderTerms => ({
  ...terms,
  limitPrice: of(terms.limitPrice),
  stopPrice: of(terms.stopPrice),
  takeProfit: of(terms.takeProfit),
  stopLoss: of(terms.stopLoss),
  stopLossLimit: of(terms.stopLossLimit),
});

/** Bars at whole cents between two dollars and the mirror. */
function nearTen({ market }: Workload): Workload["market"]["bars"] {
  const cents = (value: number): number => Math.round((value % 800) * 100) / 100 + 2;
  const plain = ({ open, high, low, close, ...bar }: Bar): Bar => {
    const [first, last] = [cents(open), cents(close)];
    const top = Math.round((Math.max(first, last) + Math.abs(high - Math.max(open, close))) * 100) / 100;
    const bottom = Math.round((Math.min(first, last) - Math.abs(Math.min(open, close) - low)) * 100) / 100;
    return { ...bar, open: first, close: last, high: top, low: Math.max(1.01, bottom) };
  };
  return Object.fromEntries(Object.entries(market.bars).map(([symbol, bars]) => [symbol, bars.map(plain)]));
}

const QTY_MAX = 3000n * SCALE;

function hasImage(intent: Intent): boolean {
  if (intent.kind !== "submit") return intent.kind !== "transfer";
  const { notional, qty, trailPercent } = intent.terms;
  if (notional !== undefined || trailPercent !== undefined || qty === undefined) return false;
  // Shares that cost ten dollars cost hundreds in the mirror: money must not decide.
  return qty % SCALE === 0n && qty <= QTY_MAX;
}

const SWAPPED = { worst_case: "worst_case", adaptive: "adaptive", ohlc: "olhc", olhc: "ohlc" } as const;

export function mirrored(workload: Workload): Workload {
  const of = (value: number): number => Math.round((MIRROR - value) * 100) / 100;
  const image = ({ open, high, low, close, ...bar }: Bar): Bar => ({
    ...bar,
    open: of(open),
    high: of(low),
    low: of(high),
    close: of(close),
  });
  const bars = Object.entries(workload.market.bars).map(([symbol, series]) => [symbol, series.map(image)] as const);
  return {
    ...workload,
    config: { ...workload.config, intrabar: SWAPPED[workload.config.intrabar] },
    market: { ...workload.market, bars: Object.fromEntries(bars) },
    intents: workload.intents.map(imageOf),
  };
}

function imageOf(intent: Intent): Intent {
  if (intent.kind === "submit") return { ...intent, terms: termsImage(intent.terms) };
  if (intent.kind !== "replace") return intent;
  const { limitPrice, stopPrice } = intent.changes;
  return { ...intent, changes: { ...intent.changes, limitPrice: flipped(limitPrice), stopPrice: flipped(stopPrice) } };
}

const flipped = (value: Price | undefined): Price | undefined =>
  value === undefined ? undefined : price(BigInt(MIRROR) * SCALE - value);

const termsImage = (terms: OrderTerms): OrderTerms => ({
  ...withPrices(terms, flipped),
  side: terms.side === "buy" ? "sell" : "buy",
});
