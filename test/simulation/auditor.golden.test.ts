/** The auditor alone against the worked examples: what it expects must be what they say. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultConfig, type EngineEvent, type OrderTerms } from "../../src/engine/index.ts";
import {
  cash,
  formatInstant,
  formatUnits,
  instant,
  parseInstant,
  parseUnits,
  price,
  quantity,
  refuse,
  type Bar,
  type Instant,
} from "../../src/kernel/index.ts";
import { audit } from "./auditor/walk.ts";
import type { AuditCase, Ticket, Told, World } from "./auditor/types.ts";

type Body = Partial<Record<string, string>>;

interface Step {
  readonly at: string;
  readonly submit?: string;
  readonly order?: Record<string, unknown>;
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

const FILE = new URL("../golden/bar-cases.json", import.meta.url);
const CASES = JSON.parse(readFileSync(FILE, "utf8")) as readonly GoldenCase[];

describe("the auditor on the golden bar cases", () => {
  it.each(CASES.map((golden) => [golden.id, golden.title, golden] as const))("%s: %s", (_id, _title, golden) => {
    const { given, names } = caseOf(golden);
    const world = audit(given);
    expect(world.findings).toEqual([]);
    expect(fillsOf(world, names)).toEqual(golden.expect.fills.map((fill) => ({ ...fill, price: normal(fill.price) })));
    for (const [name, wanted] of Object.entries(golden.expect.orders)) {
      const ticket = world.tickets[[...names].find(([, each]) => each === name)?.[0] ?? -1];
      expect({ name, ...statusOf(world, ticket) }).toMatchObject({ name, ...wanted });
    }
  });
});

function caseOf(golden: GoldenCase): { given: AuditCase; names: Map<number, string> } {
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
  const names = new Map<number, string>();
  const told: Told[] = [];
  for (const step of golden.steps) tell(told, { step, golden, names });
  const given: AuditCase = {
    market: { bars: { TEST: bars }, actions: {}, traits: {} },
    config: {
      ...defaultConfig("conservative"),
      tradingHours: "regular",
      slippage: { model: "none" },
      fees: "none",
      ...golden.config,
      initialPositions: needsShares(golden) ? [{ symbol: "TEST", qty: "10000", avgEntryPrice: "50" }] : [],
    },
    start: time(golden.steps[0]?.at ?? ""),
    end: instant(time(golden.until) + 1),
    until: time(golden.until),
    initialCash: 10_000_000n * 1_000_000_000n,
    told,
  };
  return { given, names };
}

const needsShares = (golden: GoldenCase): boolean =>
  golden.steps.some(({ order }) => order?.["side"] === "sell" && order["order_class"] !== "bracket");

function tell(
  told: Told[],
  { step, golden, names }: { step: Step; golden: GoldenCase; names: Map<number, string> },
): void {
  const at = time(step.at);
  const accounts = told.filter(({ command }) => command.kind === "open_account").length;
  if (accounts === 0 || golden.accountPerOrder) {
    told.push({ at, command: { kind: "open_account", initialCash: undefined, profile: "{}" }, answer: [] });
  }
  const account = golden.accountPerOrder ? accounts + 1 : 1;
  const ordinalOf = (name: string | undefined): number => ([...names].find(([, each]) => each === name)?.[0] ?? -2) + 1;
  if (step.cancel !== undefined) {
    told.push({ at, command: { kind: "cancel_order", account, order: ordinalOf(step.cancel) }, answer: [] });
  }
  if (step.replace !== undefined) {
    const order = ordinalOf(step.replace);
    names.set(names.size, step.by ?? "");
    const changes = { limitPrice: price(units(step.changes?.["limit_price"] ?? "0")) };
    told.push({ at, command: { kind: "replace_order", account, order, changes }, answer: [acceptance(names.size)] });
  }
  if (step.submit === undefined || step.order === undefined) return;
  const command = { kind: "submit_order" as const, account, terms: termsOf(step.order) };
  if (step.refused === true) {
    told.push({ at, command, answer: refuse("order_refused", "opg orders are refused between 9:28 and 19:00") });
    return;
  }
  told.push({ at, command, answer: answerFor(command.terms, step.submit, names) });
}

/** Names for the order and its legs, as an engine would number them. */
function answerFor(terms: OrderTerms, name: string, names: Map<number, string>): readonly EngineEvent[] {
  const roles =
    terms.orderClass === undefined
      ? []
      : [
          ...(terms.takeProfit === undefined || terms.orderClass === "oco" ? [] : ["TP" as const]),
          ...(terms.stopLoss === undefined ? [] : ["SL" as const]),
        ];
  names.set(names.size, terms.orderClass === "oco" ? `${name}.TP` : name);
  const answer = [acceptance(names.size)];
  for (const role of roles) {
    names.set(names.size, `${name}.${role}`);
    answer.push({ ...acceptance(names.size), leg: role === "TP" ? "take_profit" : "stop_loss" } as EngineEvent);
  }
  return answer;
}

/** The auditor takes no more from an acceptance than the number of the order and the role of a leg. */
const acceptance = (order: number): EngineEvent => ({ kind: "order_accepted", order }) as EngineEvent;

function termsOf(body: Record<string, unknown>): OrderTerms {
  const text = (field: string): string | undefined => body[field] as string | undefined;
  const priceOf = (field: string) => {
    const given = text(field);
    return given === undefined ? undefined : price(units(given));
  };
  const qty = text("qty");
  const notional = text("notional");
  const percent = text("trail_percent");
  const orderClass = text("order_class") as OrderTerms["orderClass"];
  return {
    symbol: "TEST",
    side: text("side") as OrderTerms["side"],
    type: text("type") as OrderTerms["type"],
    timeInForce: text("time_in_force") as OrderTerms["timeInForce"],
    qty: qty === undefined ? undefined : quantity(units(qty)),
    notional: notional === undefined ? undefined : cash(units(notional)),
    limitPrice: priceOf("limit_price"),
    stopPrice: priceOf("stop_price"),
    trailPrice: priceOf("trail_price"),
    trailPercent: percent === undefined ? undefined : units(percent),
    extendedHours: body["extended_hours"] === true,
    clientOrderId: undefined,
    orderClass,
    takeProfit: priceOf("take_profit"),
    stopLoss: priceOf("stop_loss"),
  };
}

function fillsOf(world: World, names: Map<number, string>): readonly object[] {
  return world.expected
    .filter(({ kind }) => kind === "order_filled")
    .map((event) => ({
      order: names.get((event.order ?? 0) - 1),
      qty: formatUnits(event["qty"] as bigint),
      price: formatUnits(event["price"] as bigint),
      at: formatInstant(event.at),
      rule: `${event["rule"] as string}${event["isCapped"] === true ? "+capped" : ""}`,
    }));
}

const LAST_WORDS = ["order_filled", "order_canceled", "order_expired", "order_replaced"];

function statusOf(world: World, ticket: Ticket | undefined): { status: string; filled_qty: string; at?: string } {
  if (ticket === undefined) return { status: "none", filled_qty: "0" };
  const filled_qty = formatUnits(ticket.filled);
  if (ticket.status === "live") return { status: ticket.filled > 0n ? "partially_filled" : "new", filled_qty };
  const last = world.expected.findLast((event) => event.order === ticket.ordinal && LAST_WORDS.includes(event.kind));
  return { status: ticket.status, filled_qty, ...(last === undefined ? {} : { at: formatInstant(last.at) }) };
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
