/** An account as its trader sees it: cash, equity, margin, buying power, and the same at the last close. */
import { Type, type Static } from "typebox";
import {
  accountFigures,
  lastFigures,
  patternDaytradingPower,
  type Account,
  type AccountFigures,
  type LastFigures,
  type State,
} from "../../engine/index.ts";
import { formatInstant, formatUnits, larger, unitsToNumber } from "../../kernel/index.ts";
import { newYorkDate, newYorkMidnight } from "../../calendar/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { Decimal, nullable, Time } from "../wire/schemas.ts";
import { IDENTITY, identityOf } from "./account-identity.ts";
import { isTransfer } from "./transfer.ts";

/** What the figures of this moment say. */
const PRESENT = {
  cash: Decimal,
  buying_power: Decimal,
  regt_buying_power: Decimal,
  daytrading_buying_power: Decimal,
  effective_buying_power: Decimal,
  non_marginable_buying_power: Decimal,
  options_buying_power: Decimal,
  portfolio_value: Decimal,
  equity: Decimal,
  long_market_value: Decimal,
  short_market_value: Decimal,
  position_market_value: Decimal,
  initial_margin: Decimal,
  maintenance_margin: Decimal,
  sma: Decimal,
  multiplier: Decimal,
  shorting_enabled: Type.Boolean(),
  pattern_day_trader: Type.Boolean(),
  daytrade_count: Type.Integer(),
  accrued_fees: Decimal,
  pending_reg_taf_fees: Decimal,
  cash_withdrawable: Decimal,
  cash_transferable: Decimal,
};

/** What was struck at the last close. */
const LAST = {
  bod_dtbp: Type.Number({
    description: "Day-trading buying power at the beginning of the day; 0 where the rule does not apply.",
  }),
  last_equity: Decimal,
  last_cash: Decimal,
  last_long_market_value: Decimal,
  last_short_market_value: Decimal,
  last_initial_margin: Decimal,
  last_maintenance_margin: Decimal,
  last_regt_buying_power: Decimal,
  last_buying_power: Decimal,
  balance_asof: Type.String({
    description: "Date of the figures called last_: the trading day before, or that of the account's opening.",
  }),
  previous_close: nullable(Time),
};

export const TradeAccountView = Type.Object(
  {
    ...IDENTITY,
    ...PRESENT,
    ...LAST,
    trading_blocked: Type.Boolean(),
    transfers_blocked: Type.Boolean(),
    account_blocked: Type.Boolean(),
    trade_suspended_by_user: Type.Boolean(),
    created_at: Time,
    crypto_tier: Type.Integer(),
    options_approved_level: Type.Integer(),
    options_trading_level: Type.Integer(),
    intraday_adjustments: Decimal,
    pending_transfer_in: Decimal,
    pending_transfer_out: Decimal,
    admin_configurations: Type.Object({}),
    user_configurations: Type.Null(),
    clearing_broker: Type.String(),
  },
  { description: "An account as its trader sees it." },
);

type TradeAccountJson = Static<typeof TradeAccountView>;

export function presentTradeAccount(view: SessionView, account: Account): TradeAccountJson {
  const { state, market } = view;
  const isClosed = account.status !== "ACTIVE";
  const figures = accountFigures(state, account, market);
  const last = lastFigures(state, account, market);
  const isDayTrader = figures.isPatternDayTrader && figures.multiplier === 4;
  return {
    ...identityOf(view, account),
    ...presentFigures(figures),
    ...presentLast(account, last),
    bod_dtbp: isDayTrader ? unitsToNumber(patternDaytradingPower(last)) : 0,
    trading_blocked: isClosed,
    transfers_blocked: isClosed,
    account_blocked: isClosed,
    trade_suspended_by_user: account.configuration.suspendTrade,
    created_at: formatInstant(account.openedAt),
    crypto_tier: 0,
    options_approved_level: 0,
    options_trading_level: 0,
    intraday_adjustments: formatUnits(transferredToday(state, account)),
    pending_transfer_in: "0",
    pending_transfer_out: "0",
    admin_configurations: {},
    user_configurations: null,
    clearing_broker: "SELF",
  };
}

function presentFigures(figures: AccountFigures): Pick<TradeAccountJson, keyof typeof PRESENT> {
  const equity = formatUnits(figures.equity);
  const buyingPower = formatUnits(figures.buyingPower);
  const free = formatUnits(figures.nonMarginableBuyingPower);
  const fees = formatUnits(figures.accruedFees);
  return {
    cash: formatUnits(figures.cash),
    buying_power: buyingPower,
    regt_buying_power: formatUnits(figures.regtBuyingPower),
    daytrading_buying_power: formatUnits(figures.daytradingBuyingPower),
    effective_buying_power: buyingPower,
    non_marginable_buying_power: free,
    options_buying_power: free,
    portfolio_value: equity,
    equity,
    long_market_value: formatUnits(figures.longMarketValue),
    short_market_value: formatUnits(figures.shortMarketValue),
    position_market_value: formatUnits(figures.longMarketValue - figures.shortMarketValue),
    initial_margin: formatUnits(figures.initialMargin),
    maintenance_margin: formatUnits(figures.maintenanceMargin),
    sma: formatUnits(larger(figures.equity - figures.initialMargin, 0n)),
    multiplier: String(figures.multiplier),
    shorting_enabled: figures.isShortingEnabled,
    pattern_day_trader: figures.isPatternDayTrader,
    daytrade_count: figures.dayTradeCount,
    accrued_fees: fees,
    pending_reg_taf_fees: fees,
    cash_withdrawable: free,
    cash_transferable: free,
  };
}

function presentLast(account: Account, last: LastFigures): Omit<Pick<TradeAccountJson, keyof typeof LAST>, "bod_dtbp"> {
  return {
    last_equity: formatUnits(last.equity),
    last_cash: formatUnits(last.cash),
    last_long_market_value: formatUnits(last.longMarketValue),
    last_short_market_value: formatUnits(last.shortMarketValue),
    last_initial_margin: formatUnits(last.initialMargin),
    last_maintenance_margin: formatUnits(last.maintenanceMargin),
    last_regt_buying_power: formatUnits(last.regtBuyingPower),
    last_buying_power: formatUnits(last.buyingPower),
    balance_asof: last.date ?? newYorkDate(account.openedAt),
    previous_close: last.at === undefined ? null : formatInstant(last.at),
  };
}

/** Deposits less withdrawals since midnight in New York. */
function transferredToday(state: State, account: Account): bigint {
  const midnight = newYorkMidnight(newYorkDate(state.clock));
  let sum = 0n;
  for (let index = account.activities.length - 1; index >= 0; index -= 1) {
    const activity = account.activities.get(index);
    if (activity === undefined || activity.at < midnight) break;
    if (isTransfer(activity)) sum += activity.netAmount;
  }
  return sum;
}
