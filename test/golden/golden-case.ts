/** A worked example as JSON has it (bars and orders in, fills and figures out), and the engine playing it. */
import { defaultConfig, type AssetTraits, type EngineConfig, type Tape } from "../../src/engine/index.ts";
import type { AccountConfiguration, OrderChanges, OrderTerms } from "../../src/engine/index.ts";
import {
  cash,
  formatInstant,
  quantity,
  SCALE,
  type Bar,
  type CivilDate,
  type CorporateAction,
} from "../../src/kernel/index.ts";
import { arrayTape } from "../support/array-tape.ts";
import { runEngine, type EngineRun } from "../support/engine-run.ts";
import { normal, priceOf, time, units } from "./golden-values.ts";
import { observe, type Expected } from "./golden-outcome.ts";

/** Start, end, open, high, low, close, volume, and whether it is a day's. */
type Row = readonly [string, string, number, number, number, number, number, boolean];

type Field =
  | "symbol"
  | "side"
  | "type"
  | "time_in_force"
  | "qty"
  | "notional"
  | "limit_price"
  | "stop_price"
  | "trail"
  | "trail_price"
  | "trail_percent"
  | "order_class"
  | "take_profit"
  | "stop_loss"
  | "stop_loss_limit";

type Body = Partial<Record<Field, string>> & { readonly extended_hours?: boolean };

export interface Step {
  readonly at: string;
  readonly submit?: string;
  readonly order?: Body;
  readonly cancel?: string;
  readonly replace?: string;
  readonly by?: string;
  readonly changes?: Body;
  readonly configure?: Partial<AccountConfiguration>;
  /** The broker says no: true for its 403, or the words of any refusal. */
  readonly refused?: boolean | string;
  /** What is so right after that; opens of that very time are still pending (R7). */
  readonly expect?: Partial<Expected>;
}

type ActionType = CorporateAction["type"];

interface ActionFields {
  readonly type: ActionType;
  readonly ex_date: string;
  readonly symbol?: string;
  readonly old_rate?: string;
  readonly new_rate?: string;
  readonly pay_date?: string;
  readonly cash_per_share?: string;
  readonly new_symbol?: string;
}

export interface GoldenCase {
  readonly id: string;
  readonly title: string;
  /** Options beside those of the desk; with a `profile`, beside those of the profile. */
  readonly config: Partial<EngineConfig>;
  readonly accountPerOrder?: boolean;
  /** Cash of each account; ten million dollars. */
  readonly cash?: string;
  /** Shares and average of each account; ten thousand where the case sells. */
  readonly holding?: { readonly qty: string; readonly avg: string } | null;
  readonly traits?: Partial<AssetTraits>;
  readonly actions?: readonly ActionFields[];
  /** Of TEST, or by symbol. */
  readonly bars: readonly Row[] | Readonly<Record<string, readonly Row[]>>;
  readonly steps: readonly Step[];
  readonly until: string;
  readonly expect: Expected;
}

/** What is compared: the answer to every step, and what is so there and at the end. */
export interface Finding {
  readonly at: string;
  readonly refused: boolean | string;
  readonly expect: Partial<Expected>;
}

export const SYMBOL = "TEST";

/** Prices show bare: nothing is added to them, nothing is charged. */
const DESK: Partial<EngineConfig> = {
  tradingHours: "regular",
  slippage: { model: "none" },
  fees: "none",
  interest: { model: "none" },
  borrow: { model: "none" },
};

/** What the case says, with decimals and times as the engine would write them. */
export const wantedOf = ({ steps, until, expect }: GoldenCase): readonly Finding[] =>
  normal([
    ...steps.map((step) => ({ at: step.at, refused: step.refused ?? false, expect: step.expect ?? {} })),
    { at: until, refused: false, expect },
  ]) as readonly Finding[];

/** What the engine does, in the same form. */
export function playedOf(golden: GoldenCase): readonly Finding[] {
  const { run, tape } = openRun(golden);
  const ids = new Map<string, number>();
  const look = (expect: Partial<Expected>): Partial<Expected> => observe({ run, tape, ids }, expect);
  let account = 0;
  const findings = golden.steps.map((step): Finding => {
    run.advance(time(step.at));
    if (account === 0 || golden.accountPerOrder === true) {
      run.command({ kind: "open_account", initialCash: undefined, profile: "{}" });
      account += 1;
    }
    const refused = act(run, { step, account, ids });
    return { at: formatInstant(time(step.at)), refused, expect: look(step.expect ?? {}) };
  });
  const end = time(golden.until);
  run.advance(end);
  return [...findings, { at: formatInstant(end), refused: false, expect: look(golden.expect) }];
}

function openRun(golden: GoldenCase): { run: EngineRun; tape: Tape } {
  const rows = Array.isArray(golden.bars) ? { [SYMBOL]: golden.bars as readonly Row[] } : golden.bars;
  const bars = Object.fromEntries(
    Object.entries(rows as Record<string, readonly Row[]>).map(([symbol, each]) => [symbol, each.map(barOf)]),
  );
  const tape = arrayTape(bars, {
    actions: golden.actions?.map(actionOf),
    traits: { [SYMBOL]: golden.traits ?? {} },
  });
  const { profile } = golden.config;
  const run = runEngine({
    tape,
    start: time(golden.steps[0]?.at ?? golden.until),
    end: time(golden.until),
    cash: units(golden.cash ?? "10000000") / SCALE,
    config: {
      ...(profile === undefined ? DESK : defaultConfig(profile)),
      ...golden.config,
      initialPositions: holdingOf(golden),
    },
  });
  return { run, tape };
}

function holdingOf({ holding, steps }: GoldenCase): EngineConfig["initialPositions"] {
  if (holding === null) return [];
  if (holding !== undefined) return [{ symbol: SYMBOL, qty: holding.qty, avgEntryPrice: holding.avg }];
  const sellsAny = steps.some(({ order }) => order?.side === "sell" && order.order_class !== "bracket");
  return sellsAny ? [{ symbol: SYMBOL, qty: "10000", avgEntryPrice: "50" }] : [];
}

function barOf([start, end, open, high, low, close, volume, isDay]: Row): Bar {
  return {
    start: time(start),
    end: time(end),
    open,
    high,
    low,
    close,
    volume,
    vwap: undefined,
    trades: undefined,
    isDay,
  };
}

function actionOf(fields: ActionFields): CorporateAction {
  const { type, symbol = SYMBOL } = fields;
  const facts = { symbol, exDate: fields.ex_date as CivilDate };
  const cashPerShare = priceOf(fields.cash_per_share);
  switch (type) {
    case "split":
      return { ...facts, type, oldRate: units(fields.old_rate ?? "1"), newRate: units(fields.new_rate ?? "1") };
    case "cash_dividend":
      if (cashPerShare === undefined) throw new Error("a dividend states its cash a share");
      return { ...facts, type, recordDate: undefined, payDate: fields.pay_date as CivilDate | undefined, cashPerShare };
    case "symbol_change":
      return { ...facts, type, newSymbol: fields.new_symbol ?? SYMBOL };
    default:
      return { ...facts, type, cashPerShare };
  }
}

interface Acting {
  readonly step: Step;
  readonly account: number;
  readonly ids: Map<string, number>;
}

/** Does what a step says; answers how the broker refused it, or false. */
function act(run: EngineRun, { step, account, ids }: Acting): boolean | string {
  const { order, changes, configure } = step;
  const idOf = (name: string): number => ids.get(name) ?? 0;
  const told = (command: Parameters<EngineRun["command"]>[0], name?: string): boolean | string => {
    const first = run.state.orders.length + 1;
    const made = run.command(command);
    if (!("kind" in made)) {
      if (name !== undefined) nameOrders(ids, name, { first, body: order ?? {} });
      return false;
    }
    return step.refused === true && made.reason === "order_refused" ? true : made.message;
  };
  if (configure !== undefined) return told({ kind: "configure_account", account, changes: configure });
  if (step.cancel !== undefined) return told({ kind: "cancel_order", account, order: idOf(step.cancel) });
  if (step.replace !== undefined) {
    const replaced = idOf(step.replace);
    return told({ kind: "replace_order", account, order: replaced, changes: changesOf(changes ?? {}) }, step.by);
  }
  if (order === undefined) return false;
  return told({ kind: "submit_order", account, terms: termsOf(order) }, step.submit);
}

/** A group's members are known as "A.TP" and "A.SL"; the take-profit of an OCO pair is the order itself. */
function nameOrders(ids: Map<string, number>, name: string, { first, body }: { first: number; body: Body }): void {
  let next = first;
  if (body.order_class === "oco") ids.set(`${name}.TP`, next);
  else ids.set(name, next);
  if (body.take_profit !== undefined && body.order_class !== "oco") ids.set(`${name}.TP`, (next += 1));
  if (body.stop_loss !== undefined) ids.set(`${name}.SL`, (next += 1));
}

function termsOf(body: Body): OrderTerms {
  return {
    symbol: body.symbol ?? SYMBOL,
    side: body.side as OrderTerms["side"],
    type: body.type as OrderTerms["type"],
    timeInForce: body.time_in_force as OrderTerms["timeInForce"],
    qty: body.qty === undefined ? undefined : quantity(units(body.qty)),
    notional: body.notional === undefined ? undefined : cash(units(body.notional)),
    limitPrice: priceOf(body.limit_price),
    stopPrice: priceOf(body.stop_price),
    trailPrice: priceOf(body.trail_price),
    trailPercent: priceOf(body.trail_percent),
    extendedHours: body.extended_hours ?? false,
    clientOrderId: undefined,
    orderClass: body.order_class as OrderTerms["orderClass"],
    takeProfit: priceOf(body.take_profit),
    stopLoss: priceOf(body.stop_loss),
    stopLossLimit: priceOf(body.stop_loss_limit),
  };
}

function changesOf(body: Body): OrderChanges {
  return {
    qty: body.qty === undefined ? undefined : quantity(units(body.qty)),
    timeInForce: body.time_in_force as OrderChanges["timeInForce"],
    limitPrice: priceOf(body.limit_price),
    stopPrice: priceOf(body.stop_price),
    trail: priceOf(body.trail),
  };
}
