/** Accounts as Alpaca writes them: the trader's view and the broker's. */
import { Type, type Static } from "typebox";
import { accountFigures, type Account, type AccountFigures } from "../../engine/index.ts";
import { formatInstant, formatUnits } from "../../kernel/index.ts";
import { newYorkDate } from "../../calendar/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { Decimal, nullable, Time } from "../wire/schemas.ts";

const STATUS = Type.Enum(["ACTIVE", "ACCOUNT_CLOSED"]);

/** What both views begin with. */
const IDENTITY = {
  id: Type.String({ format: "uuid" }),
  account_number: Type.String(),
  status: STATUS,
  crypto_status: STATUS,
  currency: Type.String(),
};

function identityOf(view: SessionView, account: Account) {
  return {
    id: view.ids.account(account.ordinal),
    account_number: numberOf(account),
    status: account.status,
    crypto_status: account.status,
    currency: "USD",
  };
}

export const TradeAccountView = Type.Object(
  {
    ...IDENTITY,
    cash: Decimal,
    buying_power: Decimal,
    regt_buying_power: Decimal,
    daytrading_buying_power: Decimal,
    effective_buying_power: Decimal,
    non_marginable_buying_power: Decimal,
    options_buying_power: Decimal,
    accrued_fees: Decimal,
    portfolio_value: Decimal,
    equity: Decimal,
    last_equity: Decimal,
    long_market_value: Decimal,
    short_market_value: Decimal,
    position_market_value: Decimal,
    initial_margin: Decimal,
    maintenance_margin: Decimal,
    last_maintenance_margin: Decimal,
    sma: Decimal,
    multiplier: Decimal,
    shorting_enabled: Type.Boolean(),
    pattern_day_trader: Type.Boolean(),
    daytrade_count: Type.Integer(),
    trading_blocked: Type.Boolean(),
    transfers_blocked: Type.Boolean(),
    account_blocked: Type.Boolean(),
    trade_suspended_by_user: Type.Boolean(),
    balance_asof: Type.String({ description: "Date of the figures called last_." }),
    created_at: Time,
    crypto_tier: Type.Integer(),
    options_approved_level: Type.Integer(),
    options_trading_level: Type.Integer(),
    intraday_adjustments: Decimal,
    pending_reg_taf_fees: Decimal,
    pending_transfer_in: Decimal,
    pending_transfer_out: Decimal,
    admin_configurations: Type.Object({}),
    user_configurations: Type.Null(),
    cash_withdrawable: Decimal,
    cash_transferable: Decimal,
    previous_close: nullable(Time),
    last_long_market_value: Decimal,
    last_short_market_value: Decimal,
    last_cash: Decimal,
    last_initial_margin: Decimal,
    last_regt_buying_power: Decimal,
    last_buying_power: Decimal,
    clearing_broker: Type.String(),
  },
  { description: "An account as its trader sees it." },
);

/** "PA" and nine digits, as paper accounts have. */
const numberOf = (account: Account): string => `PA${String(account.ordinal).padStart(9, "0")}`;

export function presentTradeAccount(view: SessionView, account: Account): Static<typeof TradeAccountView> {
  const figures = accountFigures(view.state, account, view.market);
  const [equity, maintenance] = [formatUnits(figures.equity), formatUnits(figures.maintenanceMargin)];
  const isClosed = account.status !== "ACTIVE";
  return {
    ...identityOf(view, account),
    cash: formatUnits(figures.cash),
    buying_power: formatUnits(figures.buyingPower),
    regt_buying_power: formatUnits(figures.regtBuyingPower),
    daytrading_buying_power: "0",
    effective_buying_power: formatUnits(figures.buyingPower),
    non_marginable_buying_power: formatUnits(figures.nonMarginableBuyingPower),
    options_buying_power: formatUnits(figures.nonMarginableBuyingPower),
    accrued_fees: "0",
    portfolio_value: equity,
    equity,
    last_equity: lastEquity(account),
    long_market_value: formatUnits(figures.longMarketValue),
    short_market_value: formatUnits(figures.shortMarketValue),
    position_market_value: formatUnits(figures.longMarketValue - figures.shortMarketValue),
    initial_margin: formatUnits(figures.initialMargin),
    maintenance_margin: maintenance,
    last_maintenance_margin: "0",
    sma: "0",
    multiplier: String(figures.multiplier),
    shorting_enabled: figures.multiplier === 2,
    pattern_day_trader: false,
    daytrade_count: 0,
    trading_blocked: isClosed,
    transfers_blocked: isClosed,
    account_blocked: isClosed,
    trade_suspended_by_user: false,
    balance_asof: newYorkDate(account.openedAt),
    created_at: formatInstant(account.openedAt),
    crypto_tier: 0,
    options_approved_level: 0,
    options_trading_level: 0,
    intraday_adjustments: "0",
    pending_reg_taf_fees: "0",
    pending_transfer_in: "0",
    pending_transfer_out: "0",
    admin_configurations: {},
    user_configurations: null,
    ...brokerFields(account, figures),
  };
}

/** What the Broker API adds; the balances called last_ are those of the account's opening, as `balance_asof` says. */
function brokerFields(account: Account, figures: AccountFigures): BrokerFields {
  const withdrawable = formatUnits(figures.nonMarginableBuyingPower);
  const doubled = formatUnits(account.initialCash * 2n);
  return {
    cash_withdrawable: withdrawable,
    cash_transferable: withdrawable,
    previous_close: null,
    last_long_market_value: "0",
    last_short_market_value: "0",
    last_cash: lastEquity(account),
    last_initial_margin: "0",
    last_regt_buying_power: doubled,
    last_buying_power: doubled,
    clearing_broker: "SELF",
  };
}

type BrokerFields = Pick<
  Static<typeof TradeAccountView>,
  | "cash_withdrawable"
  | "cash_transferable"
  | "previous_close"
  | `last_${"long_market_value" | "short_market_value" | "cash" | "initial_margin" | "regt_buying_power" | "buying_power"}`
  | "clearing_broker"
>;

/** Equity at the opening of the account, the one balance that is struck so far; `balance_asof` says so. */
const lastEquity = (account: Account): string => formatUnits(account.initialCash);

export const BrokerAccountView = Type.Object(
  {
    ...IDENTITY,
    last_equity: Decimal,
    created_at: Time,
    account_type: Type.String(),
    account_name: Type.String(),
    trading_type: Type.String(),
    enabled_assets: Type.Array(Type.String()),
    contact: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    identity: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { description: "An account as Alpaca's Broker API shows it." },
);

/** Contact and identity as the client sent them. */
export interface Profile {
  readonly contact: Record<string, unknown>;
  readonly identity: Record<string, unknown>;
}

export function profileOf(account: Account): Profile {
  const { contact = {}, identity = {} } = JSON.parse(account.profile) as Partial<Profile>;
  return { contact, identity };
}

/** Blocks that the client has filled; alpaca-py wants fields inside any that is there. */
function givenParts(profile: Profile): Partial<Profile> {
  return Object.fromEntries(Object.entries(profile).filter(([, block]) => Object.keys(block as object).length > 0));
}

export function presentBrokerAccount(view: SessionView, account: Account): Static<typeof BrokerAccountView> {
  return {
    ...identityOf(view, account),
    last_equity: lastEquity(account),
    created_at: formatInstant(account.openedAt),
    account_type: "trading",
    account_name: view.state.name ?? "Tapedeck account",
    trading_type: "margin",
    enabled_assets: ["us_equity"],
    ...givenParts(profileOf(account)),
  };
}
