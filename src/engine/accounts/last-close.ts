/** The figures of an account at the last regular close before today, struck from its history when they are asked for. */
import { newYorkDate, tradingDayBefore, type TradingDay } from "../../calendar/index.ts";
import { cash, larger, quantity, valueOf } from "../../kernel/index.ts";
import type { Cash, CivilDate, Instant, Quantity } from "../../kernel/index.ts";
import { initialMarginOf, maintenanceMarginOf } from "../models/margin.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Activity, State } from "../state.ts";
import { givenPrice } from "./opening.ts";

export interface LastFigures {
  /** The trading day; undefined for an account that is younger, whose opening stands in. */
  readonly date: CivilDate | undefined;
  readonly at: Instant | undefined;
  readonly cash: Cash;
  readonly equity: Cash;
  readonly longMarketValue: Cash;
  readonly shortMarketValue: Cash;
  readonly initialMargin: Cash;
  readonly maintenanceMargin: Cash;
  readonly regtBuyingPower: Cash;
  readonly buyingPower: Cash;
}

/** The trading day before the date on a New York wall. */
export const dayBefore = (at: Instant): TradingDay | undefined => tradingDayBefore(newYorkDate(at));

/** Cash and shares at an earlier instant: the present without what happened since. */
export interface Holdings {
  readonly cash: Cash;
  readonly shares: ReadonlyMap<string, Quantity>;
}

/** `fillsUntil`: fills after that instant are undone, too, where it is earlier than `at`. */
export function holdingsBackAt(
  account: Account,
  at: number,
  { orders, fillsUntil = at }: { readonly orders: State["orders"]; readonly fillsUntil?: number },
): Holdings {
  let money: bigint = account.cash;
  const shares = new Map<string, bigint>();
  for (const { symbol, qty } of account.positions.values()) shares.set(symbol, qty);
  const undo = (symbol: string, change: bigint): void => {
    shares.set(symbol, (shares.get(symbol) ?? 0n) - change);
  };
  for (let index = account.activities.length - 1; index >= 0; index -= 1) {
    const activity = account.activities.get(index);
    if (activity === undefined || activity.at <= fillsUntil) break;
    if (activity.at <= at && activity.kind === "account_entry") continue;
    const effect = effectOf(activity, orders);
    money -= effect.cash;
    for (const [symbol, change] of effect.shares) undo(symbol, change);
  }
  const held = [...shares].flatMap(([symbol, qty]) => (qty === 0n ? [] : [[symbol, quantity(qty)] as const]));
  return { cash: cash(money), shares: new Map(held) };
}

/** What one activity did to cash and shares. */
export function effectOf(
  activity: Activity,
  orders: State["orders"],
): { readonly cash: bigint; readonly shares: readonly (readonly [symbol: string, change: bigint])[] } {
  if (activity.kind === "account_entry") {
    return {
      cash: activity.netAmount,
      shares: activity.holdings.map(({ symbol, qtyChange }) => [symbol, qtyChange] as const),
    };
  }
  const order = orders.get(activity.order - 1);
  if (order === undefined) return { cash: 0n, shares: [] };
  const sign = order.side === "buy" ? 1n : -1n;
  return { cash: -sign * activity.cash, shares: [[order.symbol, sign * activity.qty]] };
}

/** What was struck last: it holds all day, whatever the day brings. */
interface Struck {
  readonly today: CivilDate;
  readonly data: object;
  readonly figures: LastFigures;
}

const lastStruck = new WeakMap<Account, Struck>();

/** Everything struck at the regular close of the trading day before today's New York date. */
export function lastFigures(state: State, account: Account, known: KnownMarket): LastFigures {
  const today = newYorkDate(state.clock);
  const struck = lastStruck.get(account);
  if (struck?.today === today && struck.data === known.data) return struck.figures;
  const day = tradingDayBefore(today);
  if (day === undefined || day.close < account.openedAt) {
    return strike({ state, account, known }, account.openedAt, undefined);
  }
  const figures = strike({ state, account, known }, day.close, day);
  lastStruck.set(account, { today, data: known.data, figures });
  return figures;
}

interface Striking {
  readonly state: State;
  readonly account: Account;
  readonly known: KnownMarket;
}

function strike({ state, account, known }: Striking, at: Instant, day: TradingDay | undefined): LastFigures {
  const holdings = holdingsBackAt(account, at, { orders: state.orders, fillsUntil: day === undefined ? at - 1 : at });
  let [long, short, initial, maintenance] = [0n, 0n, 0n, 0n];
  for (const [symbol, qty] of holdings.shares) {
    const price =
      known.priceAt(symbol, at) ??
      givenPrice(state.config, symbol, qty) ??
      account.positions.get(symbol)?.avgEntryPrice;
    if (price === undefined) continue;
    const value = valueOf(qty, price);
    if (qty > 0n) long += value;
    else short += value;
    const marked = { qty, price, traits: known.traits(symbol), at };
    initial += initialMarginOf(marked);
    maintenance += maintenanceMarginOf(marked);
  }
  const equity = holdings.cash + long + short;
  const regt = cash(larger(equity - initial, 0n) * 2n);
  return {
    date: day?.date,
    at: day?.close,
    cash: holdings.cash,
    equity: cash(equity),
    longMarketValue: cash(long),
    shortMarketValue: cash(short),
    initialMargin: cash(initial),
    maintenanceMargin: cash(maintenance),
    regtBuyingPower: regt,
    buyingPower: regt,
  };
}
