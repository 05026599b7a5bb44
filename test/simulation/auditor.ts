/** A second, dumber book-keeper: it checks a session from its events and bars alone, sharing no rule with the engine. */
import type { EngineEvent, OrderAccepted, OrderFilled } from "../../src/engine/index.ts";
import { formatUnits, SCALE, type Bar } from "../../src/kernel/index.ts";
import type { Workload } from "./workload.ts";

export interface Finding {
  readonly law: "limit" | "cap" | "look_ahead" | "bar" | "cash";
  readonly message: string;
}

interface Books {
  readonly orders: Map<number, OrderAccepted>;
  readonly taken: Map<string, bigint>;
  readonly cash: Map<number, bigint>;
}

/** Everything wrong with a run; none is the only good answer. */
export function audit(
  workload: Workload,
  events: readonly EngineEvent[],
): { findings: readonly Finding[]; cash: Map<number, bigint> } {
  const books: Books = { orders: new Map(), taken: new Map(), cash: new Map() };
  const findings: Finding[] = [];
  for (const event of events) {
    if (event.kind === "account_opened") books.cash.set(event.account, event.initialCash);
    if (event.kind === "order_accepted") books.orders.set(event.order, event);
    if (event.kind === "order_filled") findings.push(...auditFill(workload, books, event));
  }
  return { findings, cash: books.cash };
}

function auditFill(workload: Workload, books: Books, fill: OrderFilled): readonly Finding[] {
  const order = books.orders.get(fill.order);
  const bar = (workload.bars[order?.symbol ?? ""] ?? []).find((candidate) => candidate.start === fill.barStart);
  if (order === undefined || bar === undefined) return [{ law: "bar", message: "a fill without an order or a bar" }];
  const sign = order.side === "buy" ? -1n : 1n;
  const value = (fill.qty * fill.price * 2n + SCALE) / (SCALE * 2n);
  books.cash.set(order.account, (books.cash.get(order.account) ?? 0n) + sign * fill.cash);
  return [
    ...limitFindings(order, fill),
    ...capFindings(workload, books, { order, fill, bar }),
    ...timeFindings(order, fill, bar),
    ...(value - fill.cash <= 1n && fill.cash - value <= 1n ? [] : [finding("cash", fill, "cash is not qty × price")]),
  ];
}

const finding = (law: Finding["law"], fill: OrderFilled, what: string): Finding => ({
  law,
  message: `order ${fill.order}: ${what} (${formatUnits(fill.qty)} @ ${formatUnits(fill.price)}, ${fill.rule})`,
});

function limitFindings(order: OrderAccepted, fill: OrderFilled): readonly Finding[] {
  if (order.limitPrice === undefined) return [];
  const isBeyond = order.side === "buy" ? fill.price > order.limitPrice : fill.price < order.limitPrice;
  return isBeyond ? [finding("limit", fill, "filled beyond its limit")] : [];
}

function capFindings(
  workload: Workload,
  books: Books,
  { order, fill, bar }: { order: OrderAccepted; fill: OrderFilled; bar: Bar },
): readonly Finding[] {
  const key = `${order.account} ${order.symbol} ${fill.barStart}`;
  const taken = (books.taken.get(key) ?? 0n) + fill.qty;
  books.taken.set(key, taken);
  const share = workload.config.participation;
  if (bar.volume === 0) return [finding("cap", fill, "filled in a bar without volume")];
  if (share === null || share === undefined) return [];
  const cap = BigInt(Math.floor(Number((share * bar.volume).toFixed(6)))) * SCALE;
  return taken > cap ? [finding("cap", fill, `took ${formatUnits(taken)} of ${formatUnits(cap)}`)] : [];
}

function timeFindings(order: OrderAccepted, fill: OrderFilled, bar: Bar): readonly Finding[] {
  const latency = order.effectiveAt - order.at;
  if (bar.start < order.at + latency) return [finding("look_ahead", fill, "used a bar that began before the order")];
  const isOpenPrice = fill.rule === "open" || fill.rule === "open_limit" || fill.rule.startsWith("gap_");
  const mayBeAt = isOpenPrice && !fill.isCapped ? bar.start : bar.end;
  return fill.at === mayBeAt ? [] : [finding("look_ahead", fill, "is stamped where its price was not yet known")];
}
