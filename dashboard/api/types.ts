/** The API's objects as its OpenAPI document has them; written by test/api/dashboard-types.test.ts. */

/** GET /v1/server, 200. */
export type ServerInfo = {
  readonly version: string;
  readonly development_key: {
    readonly id: string;
    readonly secret: string;
  } | null;
};

/** GET /v1/sessions/{sessionId}, 200. */
export type Session = {
  readonly id: string;
  readonly name: string | null;
  readonly status: "active" | "completed" | "failed";
  readonly simulation_start: string;
  readonly simulation_end: string;
  readonly current_time: string;
  readonly playback_state: "paused" | "playing";
  readonly playback_speed: number;
  readonly initial_cash: number;
  readonly total_realized_pnl: number;
  readonly total_unrealized_pnl: number;
  readonly created_at: string;
  readonly journal_seq: number;
  readonly journal_hash: string;
  readonly parent_id?: string;
  readonly parent_deleted?: boolean;
  readonly forked_at?: string;
  readonly config: {
    readonly profile: "conservative" | "ideal" | "alpaca_paper" | "alpaca_live" | "pessimist";
    readonly tradingHours: "extended" | "regular";
    readonly slippage: {
      readonly model: "tick_or_bps" | "bps" | "none";
      readonly args?: readonly (number)[];
    };
    readonly participation: number | null;
    readonly volumeBasis: "bar" | "trailing";
    readonly partialFills: number;
    readonly limitRule: "through" | "through_by_tick" | "touch";
    readonly intrabar: "worst_case" | "adaptive" | "ohlc" | "olhc";
    readonly partialDayBar: "close_only" | "skip";
    readonly openEqual: "take" | "skip";
    readonly cancelRace: "cancel_wins" | "fill_wins";
    readonly latencyMs: number;
    readonly gtcDays: number | null;
    readonly clsCutOffMinutes: number;
    readonly auctionLeftover: "expired" | "canceled";
    readonly alpacaBuyStopCollar: boolean;
    readonly marketCollar: number | null;
    readonly flip: "refuse" | "split";
    readonly fees: "us_equity" | "none";
    readonly borrow: {
      readonly model: "flat" | "none";
      readonly args?: readonly (number)[];
    };
    readonly interest: {
      readonly model: "flat" | "none";
      readonly args?: readonly (number)[];
    };
    readonly margin: "reg_t" | "cash";
    readonly marginCall: "liquidate_next_open" | "flag_only" | "immediate";
    readonly pdt: "by_date" | "legacy" | "none";
    readonly dividends: "pay_date" | "ex_date" | "none";
    readonly splitFractions: "keep" | "cash";
    readonly seed: number;
    readonly initialPositions: readonly ({
      readonly symbol: string;
      readonly qty: string;
      readonly avgEntryPrice: string;
    })[];
    readonly rulesVersion: number;
  };
  readonly notices?: readonly (string)[];
  readonly data_changed?: {
    readonly total: number;
    readonly days: readonly ({
      readonly symbol: string;
      readonly date: string;
    })[];
  };
  readonly failure?: string;
};

/** GET /v1/sessions/{sessionId}/performance, 200. */
export type Performance = {
  readonly accounts: number;
  readonly orders: number;
  readonly fills: number;
  readonly equity: number | null;
  readonly paid_in: number | null;
  readonly return: number | null;
  readonly curve: readonly ({
    readonly t: number;
    readonly equity: number;
  })[];
};

/** POST /v1/sessions, body. */
export type NewSession = {
  readonly startTime: string;
  readonly endTime: string;
  readonly name?: string | null;
  readonly initialCash?: string | number | null;
  readonly config?: Readonly<Record<string, unknown>>;
};

/** POST /v1/sessions/{sessionId}/time/advance, body. */
export type AdvanceBody = {
  readonly duration?: number | null;
  readonly targetTime?: string | null;
  readonly until?: string | null;
  readonly symbol?: string | null;
  readonly notAfter?: string | null;
};

/** POST /v1/sessions/{sessionId}/time/advance, 200. */
export type AdvanceReply = {
  readonly previousTime: string;
  readonly currentTime: string;
  readonly simulationEnd: string;
  readonly isCompleted: boolean;
  readonly isReached?: boolean;
};

/** GET /v1/coverage, 200. */
export type Coverage = {
  readonly symbol: string;
  readonly name: string;
  readonly timeframe: string;
  readonly from: string;
  readonly to: string;
  readonly rows: number | null;
  readonly days: {
    readonly present: number;
    readonly partial: number;
    readonly missing: number;
  } | null;
  readonly adjusted: boolean;
  readonly synthetic: boolean;
  readonly source: string | null;
  readonly hash: string | null;
};

/** GET /v1/calendar, 200. */
export type CalendarDay = {
  readonly date: string;
  readonly open: string;
  readonly close: string;
  readonly session_open: string;
  readonly session_close: string;
  readonly settlement_date: string;
};

/** GET /v1/accounts, 200. */
export type Account = {
  readonly id: string;
  readonly account_number: string;
  readonly status: "ACTIVE" | "ACCOUNT_CLOSED";
  readonly crypto_status: "ACTIVE" | "ACCOUNT_CLOSED";
  readonly currency: string;
  readonly last_equity: string;
  readonly created_at: string;
  readonly account_type: string;
  readonly account_name: string;
  readonly trading_type: string;
  readonly enabled_assets: readonly (string)[];
  readonly contact?: Readonly<Record<string, unknown>>;
  readonly identity?: Readonly<Record<string, unknown>>;
};

/** GET /v1/trading/accounts/{accountId}/account, 200. */
export type TradeAccount = {
  readonly id: string;
  readonly account_number: string;
  readonly status: "ACTIVE" | "ACCOUNT_CLOSED";
  readonly crypto_status: "ACTIVE" | "ACCOUNT_CLOSED";
  readonly currency: string;
  readonly cash: string;
  readonly buying_power: string;
  readonly regt_buying_power: string;
  readonly daytrading_buying_power: string;
  readonly effective_buying_power: string;
  readonly non_marginable_buying_power: string;
  readonly options_buying_power: string;
  readonly portfolio_value: string;
  readonly equity: string;
  readonly long_market_value: string;
  readonly short_market_value: string;
  readonly position_market_value: string;
  readonly initial_margin: string;
  readonly maintenance_margin: string;
  readonly sma: string;
  readonly multiplier: string;
  readonly shorting_enabled: boolean;
  readonly pattern_day_trader: boolean;
  readonly daytrade_count: number;
  readonly accrued_fees: string;
  readonly pending_reg_taf_fees: string;
  readonly cash_withdrawable: string;
  readonly cash_transferable: string;
  readonly bod_dtbp: number;
  readonly last_equity: string;
  readonly last_cash: string;
  readonly last_long_market_value: string;
  readonly last_short_market_value: string;
  readonly last_initial_margin: string;
  readonly last_maintenance_margin: string;
  readonly last_regt_buying_power: string;
  readonly last_buying_power: string;
  readonly balance_asof: string;
  readonly previous_close: string | null;
  readonly trading_blocked: boolean;
  readonly transfers_blocked: boolean;
  readonly account_blocked: boolean;
  readonly trade_suspended_by_user: boolean;
  readonly created_at: string;
  readonly crypto_tier: number;
  readonly options_approved_level: number;
  readonly options_trading_level: number;
  readonly intraday_adjustments: string;
  readonly pending_transfer_in: string;
  readonly pending_transfer_out: string;
  readonly admin_configurations: {
  };
  readonly user_configurations: null;
  readonly clearing_broker: string;
};

/** GET /v1/trading/accounts/{accountId}/orders, 200. */
export type Order = {
  readonly id: string;
  readonly client_order_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly submitted_at: string;
  readonly filled_at: string | null;
  readonly expired_at: string | null;
  readonly expires_at: string | null;
  readonly cancel_requested_at: string | null;
  readonly canceled_at: string | null;
  readonly failed_at: string | null;
  readonly replaced_at: string | null;
  readonly replaced_by: string | null;
  readonly replaces: string | null;
  readonly asset_id: string;
  readonly symbol: string;
  readonly asset_class: "us_equity" | "crypto";
  readonly notional: string | null;
  readonly qty: string | null;
  readonly filled_qty: string;
  readonly filled_avg_price: string | null;
  readonly order_class: "" | "bracket" | "oco" | "oto";
  readonly order_type: string;
  readonly type: "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
  readonly side: "buy" | "sell";
  readonly position_intent: "buy_to_open" | "buy_to_close" | "sell_to_open" | "sell_to_close";
  readonly time_in_force: "day" | "gtc" | "opg" | "cls" | "ioc" | "fok";
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  readonly trail_percent: string | null;
  readonly trail_price: string | null;
  readonly hwm: string | null;
  readonly status: "accepted" | "held" | "new" | "partially_filled" | "pending_cancel" | "filled" | "canceled" | "expired" | "replaced" | "rejected";
  readonly extended_hours: boolean;
  readonly source: "margin_call" | null;
  readonly subtag: null;
  readonly commission: string;
  readonly reason: string | null;
  readonly legs: readonly ({
    readonly id: string;
    readonly client_order_id: string;
    readonly created_at: string;
    readonly updated_at: string;
    readonly submitted_at: string;
    readonly filled_at: string | null;
    readonly expired_at: string | null;
    readonly expires_at: string | null;
    readonly cancel_requested_at: string | null;
    readonly canceled_at: string | null;
    readonly failed_at: string | null;
    readonly replaced_at: string | null;
    readonly replaced_by: string | null;
    readonly replaces: string | null;
    readonly asset_id: string;
    readonly symbol: string;
    readonly asset_class: "us_equity" | "crypto";
    readonly notional: string | null;
    readonly qty: string | null;
    readonly filled_qty: string;
    readonly filled_avg_price: string | null;
    readonly order_class: "" | "bracket" | "oco" | "oto";
    readonly order_type: string;
    readonly type: "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
    readonly side: "buy" | "sell";
    readonly position_intent: "buy_to_open" | "buy_to_close" | "sell_to_open" | "sell_to_close";
    readonly time_in_force: "day" | "gtc" | "opg" | "cls" | "ioc" | "fok";
    readonly limit_price: string | null;
    readonly stop_price: string | null;
    readonly trail_percent: string | null;
    readonly trail_price: string | null;
    readonly hwm: string | null;
    readonly status: "accepted" | "held" | "new" | "partially_filled" | "pending_cancel" | "filled" | "canceled" | "expired" | "replaced" | "rejected";
    readonly extended_hours: boolean;
    readonly source: "margin_call" | null;
    readonly subtag: null;
    readonly commission: string;
    readonly reason: string | null;
    readonly legs: null;
  })[] | null;
};

/** GET /v1/trading/accounts/{accountId}/positions, 200. */
export type Position = {
  readonly asset_id: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly asset_class: "us_equity" | "crypto";
  readonly asset_marginable: boolean;
  readonly avg_entry_price: string;
  readonly qty: string;
  readonly qty_available: string;
  readonly side: "long" | "short";
  readonly cost_basis: string;
  readonly market_value: string | null;
  readonly unrealized_pl: string | null;
  readonly unrealized_plpc: string | null;
  readonly unrealized_intraday_pl: string | null;
  readonly unrealized_intraday_plpc: string | null;
  readonly current_price: string | null;
  readonly lastday_price: string | null;
  readonly change_today: string | null;
};

/** GET /v1/assets/{symbol}/bars, 200. */
export type BarsPage = {
  readonly bars: readonly ({
    readonly t: string;
    readonly o: number;
    readonly h: number;
    readonly l: number;
    readonly c: number;
    readonly v: number;
    readonly vw: number | null;
    readonly n: number | null;
  })[];
  readonly symbol: string;
  readonly next_page_token: string | null;
};
