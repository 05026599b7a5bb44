/** The worked examples of docs/models/fills.md as tables: bars and orders in, fills and final statuses out. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { EngineEvent, OrderChanges, OrderTerms } from "../../src/engine/index.ts";
import {
  formatInstant,
  formatUnits,
  instant,
  parseInstant,
  parseUnits,
  price,
  quantity,
  cash,
} from "../../src/kernel/index.ts";
import type { Bar, Instant, Price } from "../../src/kernel/index.ts";
import { arrayTape } from "../support/array-tape.ts";
import { runEngine, type EngineRun } from "../support/engine-run.ts";

type Body = Partial<
  Record<
    | "side"
    | "type"
    | "time_in_force"
    | "qty"
    | "notional"
    | "limit_price"
    | "stop_price"
    | "trail_price"
    | "trail_percent"
    | "order_class"
    | "take_profit"
    | "stop_loss",
    string
  >
>;

interface Step {
  readonly at: string;
  readonly submit?: string;
  readonly order?: Body & { readonly extended_hours?: boolean };
  /** The broker says no. */
  readonly refused?: boolean;
  readonly cancel?: string;
  readonly replace?: string;
  readonly by?: string;
  readonly changes?: Body;
}

interface GoldenCase {
  readonly id: string;
  readonly title: string;
  readonly config: object;
  readonly accountPerOrder: boolean;
  readonly bars: readonly (readonly [string, string, number, number, number, number, number, boolean])[];
  readonly steps: readonly Step[];
  readonly until: string;
  readonly expect: {
    readonly fills: readonly { order: string; qty: string; price: string; at: string; rule: string }[];
    readonly orders: Readonly<Record<string, { status: string; filled_qty: string; at?: string }>>;
  };
}

const SYMBOL = "TEST";
const CASES = JSON.parse(readFileSync(new URL("bar-cases.json", import.meta.url), "utf8")) as readonly GoldenCase[];

describe("golden bar cases", () => {
  it("covers every case of the rules", () => {
    expect(CASES.length).toBe(67);
  });

  it.each(CASES.map((golden) => [golden.id, golden.title, golden] as const))("%s: %s", (_id, _title, golden) => {
    const { run, ids } = play(golden);
    expect(fillsOf(run.events, ids)).toEqual(
      golden.expect.fills.map((fill) => ({ ...fill, price: normal(fill.price) })),
    );
    for (const [name, wanted] of Object.entries(golden.expect.orders)) {
      const order = run.state.orders[(ids.get(name) ?? 0) - 1];
      expect({ name, status: order?.status, filled_qty: formatUnits(order?.filledQty ?? 0n) }).toEqual({
        name,
        status: wanted.status,
        filled_qty: wanted.filled_qty,
      });
      if (wanted.at !== undefined) expect(formatInstant(order?.updatedAt ?? instant(0))).toBe(wanted.at);
    }
  });
});

function play(golden: GoldenCase): { run: EngineRun; ids: Map<string, number> } {
  const bars: Bar[] = golden.bars.map(([start, end, open, high, low, close, volume, isDay]) => ({
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
  }));
  const start = time(golden.steps[0]?.at ?? golden.until);
  const sellsAny = golden.steps.some((step) => step.order?.side === "sell" && step.order.order_class !== "bracket");
  const run = runEngine({
    tape: arrayTape({ [SYMBOL]: bars }),
    start,
    end: time(golden.until),
    cash: 10_000_000n,
    config: {
      tradingHours: "regular",
      slippage: { model: "none" },
      ...golden.config,
      initialPositions: sellsAny ? [{ symbol: SYMBOL, qty: "10000", avgEntryPrice: "50" }] : [],
    },
  });
  const ids = new Map<string, number>();
  let account = 0;
  for (const step of golden.steps) {
    run.advance(time(step.at));
    if (account === 0 || golden.accountPerOrder) {
      run.command({ kind: "open_account", initialCash: undefined, profile: "{}" });
      account += 1;
    }
    act(run, { step, account, ids });
  }
  run.advance(time(golden.until));
  return { run, ids };
}

function act(run: EngineRun, { step, account, ids }: { step: Step; account: number; ids: Map<string, number> }): void {
  const name = step.submit ?? step.by;
  if (name !== undefined) nameOrders(ids, name, { first: run.state.orders.length + 1, body: step.order ?? {} });
  if (step.submit !== undefined && step.order !== undefined) {
    const outcome = run.command({ kind: "submit_order", account, terms: termsOf(step.order) });
    if (step.refused === true) expect(outcome).toHaveProperty("reason", "order_refused");
    else expect(outcome).not.toHaveProperty("reason");
  }
  if (step.cancel !== undefined) {
    run.command({ kind: "cancel_order", account, order: ids.get(step.cancel) ?? 0 });
  }
  if (step.replace !== undefined) {
    const order = ids.get(step.replace) ?? 0;
    expect(
      run.command({ kind: "replace_order", account, order, changes: changesOf(step.changes ?? {}) }),
    ).not.toHaveProperty("reason");
  }
}

/** A group's members are known as "A.TP" and "A.SL"; the take-profit of an OCO pair is the order itself. */
function nameOrders(ids: Map<string, number>, name: string, { first, body }: { first: number; body: Body }): void {
  let next = first;
  if (body.order_class === "oco") ids.set(`${name}.TP`, next);
  else ids.set(name, next);
  if (body.take_profit !== undefined && body.order_class !== "oco") ids.set(`${name}.TP`, (next += 1));
  if (body.stop_loss !== undefined) ids.set(`${name}.SL`, (next += 1));
}

function termsOf(body: Body & { readonly extended_hours?: boolean }): OrderTerms {
  return {
    symbol: SYMBOL,
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
  };
}

function changesOf(body: Body): OrderChanges {
  return { limitPrice: priceOf(body.limit_price) };
}

const priceOf = (text: string | undefined): Price | undefined => (text === undefined ? undefined : price(units(text)));

function fillsOf(events: readonly EngineEvent[], ids: Map<string, number>): readonly object[] {
  const names = new Map([...ids].map(([name, ordinal]) => [ordinal, name]));
  return events.flatMap((event) =>
    event.kind !== "order_filled"
      ? []
      : [
          {
            order: names.get(event.order),
            qty: formatUnits(event.qty),
            price: formatUnits(event.price),
            at: formatInstant(event.at),
            rule: event.isCapped ? `${event.rule}+capped` : event.rule,
          },
        ],
  );
}

const normal = (text: string): string => formatUnits(units(text));

function units(text: string): bigint {
  const parsed = parseUnits(text);
  if (typeof parsed !== "bigint") throw new Error(`a case has a bad decimal: ${text}`);
  return parsed;
}

function time(text: string): Instant {
  const parsed = parseInstant(text);
  if (typeof parsed === "string") throw new Error(`a case has a bad time: ${text}`);
  return parsed;
}
