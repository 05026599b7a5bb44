/** What a worked example expects of the engine, and the same looked up in a run: only what is asked for is told. */
import { accountFigures, trailingFigures, type Account, type Order, type Tape } from "../../src/engine/index.ts";
import { absolute, averagePrice, cash, formatInstant, formatUnits, type Price } from "../../src/kernel/index.ts";
import type { EngineRun } from "../support/engine-run.ts";
import { exact } from "./golden-values.ts";

interface ExpectedFill {
  readonly order: string;
  readonly qty: string;
  readonly price: string;
  readonly at: string;
  /** The name of the rule, with "+capped" for a slice that the cap cut. */
  readonly rule: string;
  readonly reference_price?: string;
  readonly slippage?: string;
}

type OrderField =
  | "status"
  | "filled_qty"
  | "at"
  | "qty"
  | "limit_price"
  | "stop_price"
  | "trail_price"
  | "hwm"
  | "filled_avg_price"
  | "reserved"
  | "reason"
  | "type"
  | "source";

type Accrual = "sec" | "taf" | "cat" | "interest" | "borrow";

/** Of the first account. Orders, figures and accruals tell what is named; everything else is told whole. */
export interface Expected {
  readonly fills: readonly ExpectedFill[];
  readonly orders: Readonly<Record<string, Partial<Record<OrderField, string | null>>>>;
  readonly cash?: string;
  readonly realized?: string;
  /** Shares and average entry price by symbol. */
  readonly positions?: Readonly<Record<string, readonly string[]>>;
  /** Type, sub-type and net amount of what is not a trade, oldest first. */
  readonly entries?: readonly (readonly (string | null)[])[];
  /** Not posted yet, exact. */
  readonly accrued?: Partial<Record<Accrual, string>>;
  readonly figures?: Readonly<Record<string, string | number | boolean>>;
  /** When the account was called, and when a call was met. */
  readonly margin_calls?: readonly string[];
  readonly margin_calls_met?: readonly string[];
}

export interface Observed {
  readonly run: EngineRun;
  readonly tape: Tape;
  readonly ids: ReadonlyMap<string, number>;
}

/** The answer to each question that `wanted` asks, in its form. */
export function observe(observed: Observed, wanted: Partial<Expected>): Partial<Expected> {
  const { run } = observed;
  const account = run.state.accounts[0];
  if (account === undefined) throw new Error("an example opens an account with its first step");
  const answers: Record<keyof Expected, () => unknown> = {
    fills: () => fillsOf(observed, wanted.fills ?? []),
    orders: () => ordersOf(observed, wanted.orders ?? {}),
    cash: () => formatUnits(account.cash),
    realized: () => formatUnits(account.realizedPnl),
    positions: () => positionsOf(account),
    entries: () => entriesOf(run),
    accrued: () => picked(wanted.accrued ?? {}, (name) => exact(account.accruals[name as Accrual])),
    figures: () => figuresOf(observed, account, wanted.figures ?? {}),
    margin_calls: () => timesOf(run, "margin_called"),
    margin_calls_met: () => timesOf(run, "margin_call_met"),
  };
  const asked = Object.keys(wanted).map((key) => [key, answers[key as keyof Expected]()]);
  return Object.fromEntries(asked) as Partial<Expected>;
}

const picked = (wanted: object, answer: (name: string) => unknown): object =>
  Object.fromEntries(Object.keys(wanted).map((name) => [name, answer(name)]));

function fillsOf({ run, ids }: Observed, wanted: readonly ExpectedFill[]): readonly object[] {
  const names = new Map([...ids].map(([name, ordinal]) => [ordinal, name]));
  const fills = run.events.filter((event) => event.kind === "order_filled");
  return fills.map((fill, index) => ({
    order: names.get(fill.order) ?? run.state.orders.get(fill.order - 1)?.source,
    qty: formatUnits(fill.qty),
    price: formatUnits(fill.price),
    at: formatInstant(fill.at),
    rule: fill.isCapped ? `${fill.rule}+capped` : fill.rule,
    ...(wanted[index]?.reference_price === undefined ? {} : { reference_price: formatUnits(fill.referencePrice) }),
    ...(wanted[index]?.slippage === undefined ? {} : { slippage: formatUnits(fill.slippage) }),
  }));
}

function ordersOf({ run, tape, ids }: Observed, wanted: Expected["orders"]): object {
  return picked(wanted, (name) => {
    const order = run.state.orders.get((ids.get(name) ?? sentByBroker(run, name)) - 1);
    if (order === undefined) return "no such order";
    const trail = trailingFigures(run.state.config, order, tape.knownAt(run.state.clock));
    return picked(wanted[name] ?? {}, (field) => orderField(order, field as OrderField, trail));
  });
}

/** The broker's own order of a margin call goes by its source. */
const sentByBroker = (run: EngineRun, name: string): number =>
  [...run.state.orders].find(({ source }) => source === name)?.ordinal ?? 0;

type Trail = ReturnType<typeof trailingFigures>;

function orderField(order: Order, field: OrderField, trail: Trail): string | null {
  const decimal = (value: bigint | undefined): string | null => (value === undefined ? null : formatUnits(value));
  const answers: Record<OrderField, () => string | null> = {
    status: () => order.status,
    filled_qty: () => formatUnits(order.filledQty),
    at: () => formatInstant(order.updatedAt),
    qty: () => decimal(order.qty),
    limit_price: () => decimal(order.limitPrice),
    stop_price: () => decimal(order.stopPrice ?? trail.stop),
    trail_price: () => decimal(order.trailPrice),
    hwm: () => decimal(trail.mark),
    filled_avg_price: () => decimal(averageOf(order)),
    reserved: () => formatUnits(order.reserved),
    reason: () => order.reason ?? null,
    type: () => order.type,
    source: () => order.source ?? null,
  };
  return answers[field]();
}

const averageOf = ({ filledValue, filledQty }: Order): Price | undefined =>
  filledQty === 0n ? undefined : averagePrice(cash(filledValue / 1_000_000_000n), filledQty);

function positionsOf(account: Account): object {
  const held = [...account.positions.values()];
  return Object.fromEntries(
    held.map(({ symbol, qty, avgEntryPrice }) => [symbol, [formatUnits(qty), formatUnits(absolute(avgEntryPrice))]]),
  );
}

function entriesOf({ events }: EngineRun): readonly object[] {
  return events
    .filter((event) => event.kind === "account_entry")
    .map(({ entry, subType, netAmount }) => [entry, subType ?? null, formatUnits(netAmount)]);
}

/** Figures by their names on the wire: "buying_power". */
function figuresOf({ run, tape }: Observed, account: Account, wanted: object): object {
  const figures = accountFigures(run.state, account, tape.knownAt(run.state.clock)) as unknown as Record<
    string,
    bigint | number | boolean
  >;
  return picked(wanted, (name) => {
    const value = figures[name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())];
    return typeof value === "bigint" ? formatUnits(value) : value;
  });
}

function timesOf({ events }: EngineRun, kind: "margin_called" | "margin_call_met"): readonly string[] {
  return events.filter((event) => event.kind === kind).map(({ at }) => formatInstant(at));
}
