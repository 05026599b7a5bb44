/** Laws that a session's events must keep by themselves: limits, caps and conservation. No rule of filling is needed. */
import type { EngineEvent, OrderAccepted, OrderFilled } from "../../src/engine/index.ts";
import { divideFloor, formatUnits, SCALE, unitsFromNumber, type Bar } from "../../src/kernel/index.ts";
import type { Played } from "./run.ts";
import type { Workload } from "./workload.ts";

interface Following {
  readonly workload: Workload;
  readonly orders: Map<number, OrderAccepted>;
  readonly limits: Map<number, bigint | undefined>;
  /** "account symbol barStart" → shares taken. */
  readonly taken: Map<string, bigint>;
  readonly cash: Map<number, bigint>;
  readonly findings: string[];
}

/** Everything in a run that breaks a law; none is the only good answer. */
export function lawBreaks(workload: Workload, played: Played): readonly string[] {
  const following: Following = {
    workload,
    orders: new Map(),
    limits: new Map(),
    taken: new Map(),
    cash: new Map(),
    findings: [],
  };
  for (const event of played.events) follow(following, event);
  for (const account of played.state.accounts) {
    const expected = following.cash.get(account.ordinal);
    if (account.cash !== expected) following.findings.push(`conservation: account ${account.ordinal} has other cash`);
  }
  return [...following.findings, ...equityBreaks(played)];
}

function follow(following: Following, event: EngineEvent): void {
  const { orders, limits } = following;
  switch (event.kind) {
    case "account_opened":
      following.cash.set(event.account, event.initialCash);
      return;
    case "account_entry":
      add(following, event.account, event.netAmount);
      return;
    case "order_accepted":
      orders.set(event.order, event);
      limits.set(event.order, event.limitPrice);
      return;
    case "order_adjusted":
      limits.set(event.order, event.limitPrice ?? limits.get(event.order));
      return;
    case "order_filled":
      checkFill(following, event);
      return;
    default:
  }
}

const add = (following: Following, account: number, amount: bigint): void => {
  following.cash.set(account, (following.cash.get(account) ?? 0n) + amount);
};

function checkFill(following: Following, fill: OrderFilled): void {
  const order = following.orders.get(fill.order);
  const bar = following.workload.market.bars[order?.symbol ?? ""]?.find(({ start }) => start === fill.barStart);
  if (order === undefined || bar === undefined) {
    following.findings.push(`order ${fill.order}: a fill without an order or a bar`);
    return;
  }
  add(following, order.account, order.side === "buy" ? -fill.cash : fill.cash);
  const breaks = [
    ...limitBreaks(following, order, fill),
    ...capBreaks(following, order, fill, bar),
    ...timeBreaks(fill, bar),
  ];
  for (const what of breaks) {
    following.findings.push(
      `order ${fill.order}: ${what} (${formatUnits(fill.qty)} @ ${formatUnits(fill.price)}, ${fill.rule})`,
    );
  }
  const exact = fill.qty * fill.price;
  if (fill.cash * SCALE - exact > SCALE / 2n || exact - fill.cash * SCALE > SCALE / 2n) {
    following.findings.push(`order ${fill.order}: its cash is not qty × price`);
  }
}

function limitBreaks({ limits }: Following, order: OrderAccepted, fill: OrderFilled): readonly string[] {
  const limit = limits.get(order.order);
  if (limit === undefined) return [];
  const isBeyond = order.side === "buy" ? fill.price > limit : fill.price < limit;
  return isBeyond ? ["limit law: filled beyond its limit"] : [];
}

function capBreaks(following: Following, order: OrderAccepted, fill: OrderFilled, bar: Bar): readonly string[] {
  const { participation, volumeBasis } = following.workload.config;
  const key = `${order.account} ${order.symbol} ${fill.barStart}`;
  const taken = (following.taken.get(key) ?? 0n) + fill.qty;
  following.taken.set(key, taken);
  if (bar.volume === 0) return ["cap law: filled in a bar without volume"];
  if (participation === null || volumeBasis === "trailing") return [];
  const cap = divideFloor(unitsFromNumber(participation) * unitsFromNumber(bar.volume), SCALE * SCALE) * SCALE;
  return taken > cap ? [`cap law: took ${formatUnits(taken)} of ${formatUnits(cap)}`] : [];
}

/** A price is stamped no earlier than it is known: an open at the start of its bar, all else at the end. */
function timeBreaks(fill: OrderFilled, bar: Bar): readonly string[] {
  const isOpen = fill.rule === "open" || fill.rule === "open_limit" || fill.rule.startsWith("gap_");
  if (fill.rule === "close_auction") return fill.at >= bar.end ? [] : ["known before the bar had ended"];
  return fill.at === bar.end || (isOpen && fill.at === bar.start) ? [] : ["stamped where its price was not yet known"];
}

/** Equity = cash + what is held at the last known prices, after every instant. */
function equityBreaks({ snapshots }: Played): readonly string[] {
  return snapshots.flatMap(({ at, accounts }) =>
    accounts.flatMap(({ cash, equity, value }, index) =>
      equity === cash + value ? [] : [`conservation: the equity of account ${index + 1} does not add up at ${at}`],
    ),
  );
}
