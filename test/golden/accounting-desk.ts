/** A desk for worked examples of books: one account, hand-made bars, dates on a New York wall. */
import type { AssetTraits, EngineConfig, EngineEvent, OrderTerms, Position } from "../../src/engine/index.ts";
import {
  cash,
  formatUnits,
  instant,
  MINUTE_MS,
  quantity,
  type Bar,
  type CorporateAction,
  type Refusal,
} from "../../src/kernel/index.ts";
import { arrayTape } from "../support/array-tape.ts";
import { runEngine, type EngineRun } from "../support/engine-run.ts";
import { priceOf, units, wall } from "./golden-values.ts";

/** A minute bar that trades at one price all through. */
export function flat(at: string, each: number, volume = 1_000_000): Bar {
  const start = wall(at);
  const plain = { vwap: undefined, trades: undefined, isDay: false };
  return { start, end: instant(start + MINUTE_MS), open: each, high: each, low: each, close: each, volume, ...plain };
}

export interface DeskOptions {
  readonly from: string;
  readonly to: string;
  readonly bars: readonly Bar[];
  readonly cash?: bigint;
  readonly config?: Partial<EngineConfig>;
  readonly actions?: readonly CorporateAction[];
  readonly traits?: Partial<AssetTraits>;
  readonly holding?: { readonly qty: string; readonly avg: string };
}

export interface Desk {
  readonly run: EngineRun;
  /** Places an order; price fields as decimals. */
  readonly order: (
    terms: Partial<Record<"side" | "type" | "tif" | "qty" | "limit" | "stop", string>>,
  ) => readonly EngineEvent[] | Refusal;
  readonly to: (at: string) => void;
  readonly position: () => { qty: string; avg: string; cost: string } | undefined;
  readonly cash: () => string;
  readonly realized: () => string;
}

export const SYMBOL = "TEST";

export function openDesk(options: DeskOptions): Desk {
  const tape = arrayTape(
    { [SYMBOL]: options.bars },
    { actions: options.actions, traits: { [SYMBOL]: options.traits ?? {} } },
  );
  const { holding } = options;
  const run = runEngine({
    tape,
    start: wall(options.from),
    end: wall(options.to),
    cash: options.cash ?? 100_000n,
    config: {
      slippage: { model: "none" },
      participation: null,
      fees: "none",
      interest: { model: "none" },
      borrow: { model: "none" },
      ...options.config,
      initialPositions: holding === undefined ? [] : [{ symbol: SYMBOL, qty: holding.qty, avgEntryPrice: holding.avg }],
    },
  });
  run.command({ kind: "open_account", initialCash: undefined, profile: "{}" });
  const account = () => run.state.accounts[0];
  const held = (): Position | undefined => account()?.positions.get(SYMBOL);
  return {
    run,
    order: (terms) => run.command({ kind: "submit_order", account: 1, terms: termsOf(terms) }),
    to: (at) => run.advance(wall(at)),
    position: () => {
      const position = held();
      if (position === undefined) return undefined;
      const { qty, avgEntryPrice, costBasis } = position;
      return { qty: formatUnits(qty), avg: formatUnits(avgEntryPrice), cost: formatUnits(costBasis) };
    },
    cash: () => formatUnits(account()?.cash ?? 0n),
    realized: () => formatUnits(account()?.realizedPnl ?? 0n),
  };
}

function termsOf(terms: Parameters<Desk["order"]>[0]): OrderTerms {
  return {
    symbol: SYMBOL,
    side: terms.side === "sell" ? "sell" : "buy",
    type: (terms.type ?? (terms.limit === undefined ? "market" : "limit")) as OrderTerms["type"],
    timeInForce: (terms.tif ?? "day") as OrderTerms["timeInForce"],
    qty: quantity(units(terms.qty ?? "1")),
    notional: undefined,
    limitPrice: priceOf(terms.limit),
    stopPrice: priceOf(terms.stop),
    extendedHours: false,
    clientOrderId: undefined,
  };
}

export const dollars = (text: string) => cash(units(text));
