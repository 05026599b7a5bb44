/** The facts of an account that a report is made from: its worth at each close, its fills, and what companies did. */
import type { Account, AccountEntry, Activity, OrderFilled, State } from "../../engine/index.ts";
import {
  absolute,
  cash,
  divideHalfEven,
  isRefusal,
  NO_CASH,
  parseUnits,
  price,
  quantity,
  SCALE,
  unitsToNumber,
  valueOf,
  type CivilDate,
  type Instant,
  type Quantity,
  type Refusal,
} from "../../kernel/index.ts";
import { newYorkDate, tradingDaysBefore, tradingDaysBetween, type TradingDay } from "../../calendar/index.ts";
import {
  heldStretches,
  type EquityPoint,
  type FillFact,
  type PriceRange,
  type RenameFact,
  type ReportInput,
  type SplitFact,
} from "../../report/index.ts";
import type { BarPlace, PastPrices, PricesWanted, SessionHandle, Stretch } from "../../sessions/index.ts";
import { isTransfer } from "./transfer.ts";
import { pricesWanted, takeStock, valueStock, type Stock } from "./valuation.ts";

/** All that a report needs of a session's state; the prices come after it. */
export interface ReportPlan {
  readonly days: readonly DayFacts[];
  /** The opening of the account, then the close of each day. */
  readonly stock: Stock;
  readonly fills: readonly FillFact[];
  /** By fill: the bar that it was made in; undefined where no order made it. */
  readonly bars: readonly (BarPlace | undefined)[];
  readonly splits: readonly SplitFact[];
  readonly renames: readonly RenameFact[];
}

/** What happened since the close before. */
interface DayFacts {
  readonly date: CivilDate;
  readonly close: Instant;
  readonly flow: bigint;
  readonly traded: bigint;
}

export function planReport(state: State, account: Account): ReportPlan {
  const days = daysOf(account, state.clock);
  const opening = { at: account.openedAt, pricedAt: account.openedAt };
  const stock = takeStock(state, account, [opening, ...days.map(({ close }) => ({ at: close, pricedAt: close }))]);
  const given = givenShares(state);
  const made = [...account.activities].flatMap((activity) => fillsOf(state, activity));
  const start = { cash: account.initialCash, shares: new Map(given.map(({ symbol, qty }) => [symbol, qty])) };
  return {
    days: factsOf(account, days),
    stock: { ...stock, holdings: [start, ...stock.holdings.slice(1)] },
    fills: [...given.map((holding) => givenFact(holding, account.openedAt)), ...made.map(({ fact }) => fact)],
    bars: [...given.map(() => undefined), ...made.map(({ bar }) => bar)],
    splits: entriesOf(account, "SPLIT").flatMap(splitFact),
    renames: entriesOf(account, "NC").flatMap(renameFact),
  };
}

/** Every session from the first full one to the last that has closed. */
function daysOf({ openedAt }: Account, now: Instant): readonly TradingDay[] {
  const days = tradingDaysBetween(newYorkDate(openedAt), newYorkDate(now));
  return days.filter(({ open, close }) => open >= openedAt && close <= now);
}

function factsOf({ activities }: Account, days: readonly TradingDay[]): readonly DayFacts[] {
  let next = 0;
  return days.map(({ date, close }) => {
    let [flow, traded] = [0n, 0n];
    for (let each = activities.get(next); each !== undefined && each.at <= close; each = activities.get(next)) {
      if (isTransfer(each)) flow += each.netAmount;
      if (each.kind === "order_filled") traded += each.cash;
      next += 1;
    }
    return { date, close, flow, traded };
  });
}

interface Given {
  readonly symbol: string;
  readonly qty: Quantity;
  readonly average: bigint;
}

/** What the session gives to each account. */
function givenShares(state: State): readonly Given[] {
  return state.config.initialPositions.map(({ symbol, qty, avgEntryPrice }) => ({
    symbol,
    qty: quantity(unitsOf(qty)),
    average: unitsOf(avgEntryPrice),
  }));
}

function unitsOf(text: string): bigint {
  const units = parseUnits(text);
  return typeof units === "bigint" ? units : 0n;
}

/** Not the client's doing, so under no order. */
const NO_ORDER = 0;

function givenFact({ symbol, qty, average }: Given, at: Instant): FillFact {
  const shares = absolute(qty);
  return {
    at,
    symbol,
    side: qty > 0n ? "buy" : "sell",
    qty: shares,
    price: price(average),
    cash: valueOf(shares, price(average)),
    fees: NO_CASH,
    order: NO_ORDER,
  };
}

interface Made {
  readonly fact: FillFact;
  readonly bar: BarPlace | undefined;
}

function fillsOf(state: State, activity: Activity): readonly Made[] {
  if (activity.kind === "account_entry") return endFact(activity).map((fact) => ({ fact, bar: undefined }));
  const order = state.orders.get(activity.order - 1);
  if (order === undefined) return [];
  const { at, qty, price: each, cash: money } = activity;
  const { symbol, side } = order;
  const fact = { at, symbol, side, qty, price: each, cash: money, fees: feesOf(activity), order: activity.order };
  return [{ fact, bar: { symbol, start: activity.barStart } }];
}

/** Fees accrue in units of 10⁻¹⁸ dollars. */
const feesOf = ({ secFee = 0n, tafFee = 0n, catFee = 0n }: OrderFilled) =>
  cash(divideHalfEven(secFee + tafFee + catFee, SCALE));

/** Shares that ceased to be were sold, or bought back, for what was paid. */
function endFact({ entry, at, holdings, price: each, netAmount }: AccountEntry): readonly FillFact[] {
  if ((entry !== "MA" && entry !== "REORG") || each === undefined) return [];
  return holdings.map(({ symbol, qtyChange }) => ({
    at,
    symbol,
    side: qtyChange < 0n ? "sell" : "buy",
    qty: absolute(qtyChange),
    price: each,
    cash: absolute(netAmount),
    fees: NO_CASH,
    order: NO_ORDER,
  }));
}

const entriesOf = (account: Account, type: AccountEntry["entry"]): readonly AccountEntry[] =>
  [...account.activities].flatMap((each) => (each.kind === "account_entry" && each.entry === type ? [each] : []));

/** Shares after a split may be cut to whole ones, so its ratio is told by itself. */
function splitFact({ at, holdings, netAmount, newRate, oldRate }: AccountEntry): readonly SplitFact[] {
  const [numerator, denominator] = [newRate ?? 0n, oldRate ?? 0n];
  if (numerator <= 0n || denominator <= 0n) return [];
  return holdings.map(({ symbol, qty, qtyChange }) => {
    const exact = divideHalfEven((qty - qtyChange) * numerator, denominator);
    const fraction = quantity(absolute(exact - qty));
    const inLieu = fraction === 0n ? undefined : { qty: fraction, cash: absolute(netAmount) };
    return { at, symbol, numerator, denominator, inLieu };
  });
}

function renameFact({ at, symbol, holdings }: AccountEntry): readonly RenameFact[] {
  const [old] = holdings;
  return old === undefined || symbol === undefined ? [] : [{ at, from: old.symbol, to: symbol }];
}

/** Prices of what was held at the opening and at each close. */
export const pricesForReport = ({ stock }: ReportPlan): PricesWanted => pricesWanted(stock);

/** Dates on which a benchmark is compared: those of the report, and the session before them. */
const benchmarkDays = ({ days }: ReportPlan): readonly Pick<DayFacts, "date" | "close">[] => {
  const [first] = days;
  return first === undefined ? [] : [...tradingDaysBefore(first.date, 1), ...days];
};

/** A benchmark's closes in the shares of now, so that a split of it is no loss. */
export const benchmarkWanted = (plan: ReportPlan, symbol: string, now: Instant): PricesWanted =>
  new Map([[symbol, benchmarkDays(plan).map(({ close }) => ({ at: now, pricedAt: close }))]]);

/** What the market did around the trades of an account. */
export interface Trading {
  readonly priceRange: PriceRange;
  /** Dollars that the market traded, by fill; undefined where that is not known. */
  readonly marketValues: readonly (number | undefined)[];
}

/** Asks a session for it. */
export async function tradingOf(session: SessionHandle, plan: ReportPlan): Promise<Trading | Refusal> {
  const stretches = heldStretches(plan);
  const extremes = await session.pastExtremes(stretches);
  if (isRefusal(extremes)) return extremes;
  const values = await session.pastMinuteValues(plan.bars.filter((bar) => bar !== undefined));
  if (isRefusal(values)) return values;
  const keyOf = ({ symbol, from, to }: Stretch): string => `${symbol} ${from} ${to}`;
  const byStretch = new Map(stretches.map((stretch, index) => [keyOf(stretch), extremes[index] ?? NO_BARS]));
  const inOrder = values.values();
  return {
    priceRange: (symbol, from, to) => byStretch.get(keyOf({ symbol, from, to })),
    marketValues: plan.bars.map((bar) => (bar === undefined ? undefined : inOrder.next().value)),
  };
}

/** Where no bar lies between entry and exit, only their own prices count. */
const NO_BARS = { low: Infinity, high: -Infinity };

export interface Comparison {
  readonly trading: Trading;
  readonly riskFree: number | undefined;
  /** Closes of the benchmark, one a day; undefined: there is none. */
  readonly closes: PastPrices | undefined;
}

export function reportInput(
  plan: ReportPlan,
  prices: PastPrices,
  { trading, riskFree, closes }: Comparison,
): ReportInput {
  const { days, stock, splits, renames } = plan;
  const worth = valueStock(stock, prices);
  const points = days.map(({ date, flow, traded }, index): EquityPoint => {
    const then = worth[index + 1];
    const held = then === undefined ? 0n : then.longMarketValue - then.shortMarketValue;
    return {
      date,
      equity: unitsToNumber(then?.equity ?? 0n),
      flow: unitsToNumber(flow),
      traded: unitsToNumber(traded),
      held: unitsToNumber(held),
    };
  });
  const compared = benchmarkDays(plan);
  const [benchmark] = closes?.values() ?? [];
  return {
    startEquity: unitsToNumber(worth[0]?.equity ?? 0n),
    points,
    fills: plan.fills.map((fill, index) => ({ ...fill, marketValue: trading.marketValues[index] })),
    splits,
    renames,
    priceRange: trading.priceRange,
    riskFree,
    benchmark: benchmark?.flatMap((each, index) => {
      const date = compared[index]?.date;
      return each === undefined || date === undefined ? [] : [{ date, close: unitsToNumber(each) }];
    }),
  };
}
