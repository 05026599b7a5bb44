/** A portfolio history as Alpaca writes it: what an account was worth, window by window, and what it gained. */
import { Type, type Static } from "typebox";
import type { Account, AccountEntry, State } from "../../engine/index.ts";
import { divideHalfEven, instant, SCALE, unitsToNumber, type CivilDate, type Instant } from "../../kernel/index.ts";
import { tradingDayOn, tradingDayBefore } from "../../calendar/index.ts";
import type { PastPrices, PriceMoment, PricesWanted } from "../../sessions/index.ts";
import { nullable } from "../wire/schemas.ts";
import { historyWindows, type HistoryWindow } from "./history-grid.ts";
import { TIMEFRAMES, type HistoryRequest } from "./history-query.ts";
import { pricesWanted, takeStock, valueStock, type Stock } from "./valuation.ts";

export const PortfolioHistoryView = Type.Object(
  {
    timestamp: Type.Array(Type.Integer(), { description: "Epoch seconds at which each window begins." }),
    equity: Type.Array(Type.Number(), {
      description: "Dollars at the end of each window, or now where it still runs.",
    }),
    profit_loss: Type.Array(Type.Number()),
    profit_loss_pct: Type.Array(nullable(Type.Number()), { description: "A fraction of the base; null of none." }),
    base_value: Type.Number({ description: "What profit is counted from." }),
    base_value_asof: Type.Optional(
      Type.String({ description: "The trading day whose close the base is; absent where it is the first point." }),
    ),
    timeframe: Type.Enum([...TIMEFRAMES]),
    cashflow: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.Number()), { description: "By type: dollars booked in each window." }),
    ),
  },
  { description: "What an account was worth, window by window. All arrays have one length." },
);

export type PortfolioHistoryJson = Static<typeof PortfolioHistoryView>;

/** All that a history needs of a session's state; the prices come after it. */
export interface HistoryPlan {
  readonly request: HistoryRequest;
  readonly windows: readonly HistoryWindow[];
  /** By trading day: the close before it, where the account was there to see it. */
  readonly bases: ReadonlyMap<CivilDate, Base>;
  /** The windows, the bases and now. */
  readonly stock: Stock;
  readonly cashflow: Record<string, number[]> | undefined;
}

interface Base extends PriceMoment {
  readonly asOf: CivilDate;
}

export function planHistory(state: State, account: Account, request: HistoryRequest): HistoryPlan {
  const windows = historyWindows(request, { openedAt: account.openedAt, now: state.clock });
  const bases = request.timeframe === "1D" ? new Map<CivilDate, Base>() : basesOf(windows, account.openedAt);
  const now = { at: state.clock, pricedAt: state.clock };
  const moments = [...windows, ...bases.values(), now].toSorted((a, b) => a.at - b.at);
  return {
    request,
    windows,
    bases,
    stock: takeStock(state, account, moments),
    cashflow: request.cashflows === undefined ? undefined : cashflowOf(account, windows, request.cashflows),
  };
}

function basesOf(windows: readonly HistoryWindow[], openedAt: Instant): ReadonlyMap<CivilDate, Base> {
  const bases = new Map<CivilDate, Base>();
  for (const { date } of windows) {
    const before = bases.has(date) ? undefined : tradingDayBefore(date);
    if (before === undefined || before.close < openedAt) continue;
    bases.set(date, { at: before.close, pricedAt: before.close, asOf: before.date });
  }
  return bases;
}

export const pricesForHistory = ({ stock }: HistoryPlan): PricesWanted => pricesWanted(stock);

export function presentHistory(plan: HistoryPlan, prices: PastPrices): PortfolioHistoryJson {
  const { windows, bases, request, stock, cashflow } = plan;
  const worth = valueStock(stock, prices);
  const byMoment = new Map(stock.moments.map((moment, index) => [moment, worth[index]?.equity ?? 0n] as const));
  const equityAt = (moment: PriceMoment): bigint => byMoment.get(moment) ?? 0n;
  const equities = windows.map(equityAt);
  const [first] = windows;
  const base = first === undefined ? undefined : bases.get(first.date);
  const baseValue = base === undefined ? (equities[0] ?? worth.at(-1)?.equity ?? 0n) : equityAt(base);
  const baseOf = ({ date }: HistoryWindow): bigint => {
    const daily = request.resetsDaily ? bases.get(date) : undefined;
    return daily === undefined ? baseValue : equityAt(daily);
  };
  const profits = windows.map((window, index) => (equities[index] ?? 0n) - baseOf(window));
  return {
    timestamp: windows.map(({ label }) => Math.floor(label / 1000)),
    equity: equities.map(unitsToNumber),
    profit_loss: profits.map(unitsToNumber),
    profit_loss_pct: windows.map((window, index) => fractionOf(profits[index] ?? 0n, baseOf(window))),
    base_value: unitsToNumber(baseValue),
    ...(base === undefined ? {} : { base_value_asof: base.asOf }),
    timeframe: request.timeframe,
    ...(cashflow === undefined ? {} : { cashflow }),
  };
}

const fractionOf = (profit: bigint, base: bigint): number | null =>
  base === 0n ? null : unitsToNumber(divideHalfEven(profit * SCALE, base));

/** What was booked in each window; what was booked between two belongs to the later one. */
function cashflowOf(
  account: Account,
  windows: readonly HistoryWindow[],
  wanted: ReadonlySet<string> | "all",
): Record<string, number[]> {
  const names = wanted === "all" ? [] : [...wanted].filter((name) => name !== "FILL");
  const sums = new Map<string, bigint[]>(names.map((name) => [name, windows.map(() => 0n)]));
  for (const activity of account.activities) {
    if (activity.kind !== "account_entry" || activity.netAmount === 0n) continue;
    const index = windowOf(windows, activity);
    if (index < 0 || (wanted !== "all" && !wanted.has(activity.entry))) continue;
    const flows = sums.get(activity.entry) ?? windows.map(() => 0n);
    flows[index] = (flows[index] ?? 0n) + activity.netAmount;
    sums.set(activity.entry, flows);
  }
  return Object.fromEntries([...sums].map(([name, flows]) => [name, flows.map(unitsToNumber)]));
}

/** The first window that ends no earlier than a booking, or −1 for one before all of them or after. */
function windowOf(windows: readonly HistoryWindow[], { at }: AccountEntry): number {
  const [first] = windows;
  if (first === undefined || at <= beginningOf(first)) return -1;
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((windows[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low < windows.length ? low : -1;
}

/** The first window of a day begins where the trading day before it ended. */
function beginningOf({ label, date }: HistoryWindow): Instant {
  const day = tradingDayOn(date);
  const isFirstOfDay = day !== undefined && label <= day.open;
  const before = isFirstOfDay ? tradingDayBefore(date)?.close : undefined;
  return before === undefined ? instant(label - 1) : before;
}
