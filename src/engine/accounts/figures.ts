/** The money of an account at the clock: equity, margin, buying power. Derived, never stored. */
import {
  absolute,
  cash,
  divideHalfEven,
  larger,
  NO_CASH,
  NO_SHARES,
  quantity,
  sharesFor,
  smaller,
  valueOf,
} from "../../kernel/index.ts";
import type { Cash, Price, Quantity } from "../../kernel/index.ts";
import type { KnownMarket } from "../ports.ts";
import type { Account, Order, Position, State } from "../state.ts";

/** Equity from which Regulation T lets an account borrow and short, in units of 10⁻⁹ dollars. */
const MARGIN_EQUITY_MIN = cash(2_000n * 1_000_000_000n);

/** All in dollars. */
export interface AccountFigures {
  readonly cash: Cash;
  readonly equity: Cash;
  readonly longMarketValue: Cash;
  /** Zero or negative. */
  readonly shortMarketValue: Cash;
  /** Half of all market value (Regulation T). */
  readonly initialMargin: Cash;
  /** 30 % of long and short value; the dated table of Alpaca comes with margin calls. */
  readonly maintenanceMargin: Cash;
  readonly buyingPower: Cash;
  readonly regtBuyingPower: Cash;
  readonly nonMarginableBuyingPower: Cash;
  /** Held for open orders that open positions. */
  readonly reserved: Cash;
  readonly unrealizedPnl: Cash;
  readonly multiplier: 1 | 2;
}

/** What an account has and may spend (Alpaca: multiplier 2 from 2,000 dollars of equity, else 1). */
export function accountFigures(state: State, account: Account, market: KnownMarket): AccountFigures {
  let longMarketValue = 0n;
  let shortMarketValue = 0n;
  let unrealizedPnl = 0n;
  for (const position of account.positions.values()) {
    const value = marketValueOf(position, market);
    if (position.qty > 0n) longMarketValue += value;
    else shortMarketValue += value;
    unrealizedPnl += value - position.costBasis;
  }
  const gross = longMarketValue - shortMarketValue;
  const equity = account.cash + longMarketValue + shortMarketValue;
  const initialMargin = divideHalfEven(gross, 2n);
  const reserved = reservedBy(state, account);
  const multiplier = equity >= MARGIN_EQUITY_MIN ? 2 : 1;
  const excess = larger(equity - initialMargin, 0n);
  const regtBuyingPower = larger(excess * 2n - reserved, 0n);
  const nonMarginableBuyingPower = larger(smaller(account.cash, equity) - reserved, 0n);
  return {
    cash: account.cash,
    equity: cash(equity),
    longMarketValue: cash(longMarketValue),
    shortMarketValue: cash(shortMarketValue),
    initialMargin: cash(initialMargin),
    maintenanceMargin: cash(divideHalfEven(gross * 3n, 10n)),
    buyingPower: cash(multiplier === 2 ? regtBuyingPower : larger(smaller(account.cash, excess) - reserved, 0n)),
    regtBuyingPower: cash(regtBuyingPower),
    nonMarginableBuyingPower: cash(nonMarginableBuyingPower),
    reserved,
    unrealizedPnl: cash(unrealizedPnl),
    multiplier,
  };
}

/** Value at the last known price; at cost while no price is known. Negative for a short. */
function marketValueOf(position: Position, market: KnownMarket): Cash {
  const last = market.lastPrice(position.symbol);
  return last === undefined ? position.costBasis : valueOf(position.qty, last);
}

function reservedBy(state: State, account: Account): Cash {
  let reserved = 0n;
  for (const ordinal of account.openOrders) reserved += state.orders[ordinal - 1]?.reserved ?? NO_CASH;
  return cash(reserved);
}

export interface PositionFigures {
  readonly currentPrice: Price | undefined;
  readonly marketValue: Cash | undefined;
  readonly unrealizedPnl: Cash | undefined;
  /** Shares, signed like the position, less what open closing orders hold. */
  readonly qtyAvailable: Quantity;
}

export function positionFigures(
  state: State,
  account: Account,
  position: Position,
  market: KnownMarket,
): PositionFigures {
  const currentPrice = market.lastPrice(position.symbol);
  const marketValue = currentPrice === undefined ? undefined : valueOf(position.qty, currentPrice);
  const free = absolute(position.qty) - heldForClosing(state, account, position, currentPrice);
  return {
    currentPrice,
    marketValue,
    unrealizedPnl: marketValue === undefined ? undefined : cash(marketValue - position.costBasis),
    qtyAvailable: quantity(position.qty > 0n ? free : -free),
  };
}

/** Shares that open orders on the other side of a position hold, which Alpaca calls held_for_orders. */
export function heldForClosing(state: State, account: Account, position: Position, last: Price | undefined): Quantity {
  const closingSide = position.qty > 0n ? "sell" : "buy";
  let held = 0n;
  for (const ordinal of account.openOrders) {
    const order = state.orders[ordinal - 1];
    if (order?.symbol === position.symbol && order.side === closingSide) held += remainingShares(order, last);
  }
  return smaller(quantity(held), absolute(position.qty));
}

/** Shares that an order may close: what is held on the other side, less what orders with a size hold of it. */
export function closable(state: State, account: Account, order: Order): Quantity {
  const position = account.positions.get(order.symbol);
  if (position === undefined || position.qty > 0n === (order.side === "buy")) return NO_SHARES;
  return quantity(absolute(position.qty) - heldForClosing(state, account, position, undefined));
}

/** Shares an order still asks for; of a notional order that has no size yet, what the last price makes of it. */
function remainingShares(order: Order, last: Price | undefined): bigint {
  if (order.totalQty !== undefined) return order.totalQty - order.filledQty;
  if (order.notional === undefined || last === undefined) return 0n;
  return sharesFor(order.notional, last);
}
