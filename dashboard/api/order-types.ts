/** The API's objects as its OpenAPI document has them; written by test/api/dashboard-types.test.ts. */

/** POST /v1/trading/accounts/{accountId}/orders, body. */
export type NewOrder = {
  readonly symbol?: string | null;
  readonly side?: string | null;
  readonly type?: string | null;
  readonly time_in_force?: string | null;
  readonly qty?: string | number | null;
  readonly notional?: string | number | null;
  readonly limit_price?: string | number | null;
  readonly stop_price?: string | number | null;
  readonly trail_price?: string | number | null;
  readonly trail_percent?: string | number | null;
  readonly extended_hours?: boolean | null;
  readonly client_order_id?: string | null;
  readonly order_class?: string | null;
  readonly take_profit?: unknown;
  readonly stop_loss?: unknown;
  readonly legs?: unknown;
  readonly position_intent?: string | null;
};

/** POST /v1/trading/accounts/{accountId}/orders/preview, 200. */
export type OrderPreview = {
  readonly accepted: boolean;
  readonly refusal: {
    readonly code: number;
    readonly message: string;
  } | null;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly type: "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
  readonly qty: string | null;
  readonly notional: string | null;
  readonly is_opening: boolean;
  readonly estimated_price: string | null;
  readonly cost_basis: string | null;
  readonly estimated_fees: string;
  readonly buying_power_before: string;
  readonly buying_power_after: string;
  readonly position_qty_before: string;
  readonly position_qty_after: string;
  readonly opens_at: string | null;
  readonly expires_at: string | null;
  readonly warnings: readonly (string)[];
};

/** GET /v1/trading/accounts/{accountId}/orders/{orderId}/explain, 200. */
export type Explanation = {
  readonly order: {
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
  readonly why: string;
  readonly events: readonly ({
    readonly at: string;
    readonly event: "accepted" | "opened" | "woken" | "reduced" | "adjusted" | "cancel_requested" | "triggered" | "filled" | "canceled" | "expired" | "rejected" | "replaced";
    readonly status: "accepted" | "held" | "new" | "partially_filled" | "pending_cancel" | "filled" | "canceled" | "expired" | "replaced" | "rejected";
    readonly reason: string;
  })[];
  readonly fills: readonly ({
    readonly at: string;
    readonly qty: string;
    readonly price: string;
    readonly rule: "open" | "open_limit" | "through_limit" | "gap_stop" | "touch_stop" | "gap_stop_limit" | "touch_stop_limit" | "stop_limit_by_close" | "gap_trail" | "trail_old_stop" | "trail_new_stop" | "same_bar_stop" | "same_bar_target" | "close_auction" | "close_only";
    readonly rule_text: string;
    readonly reference_price: string;
    readonly slippage: string;
    readonly is_capped: boolean;
    readonly bar: {
      readonly start: string;
      readonly end: string | null;
      readonly open: number | null;
      readonly high: number | null;
      readonly low: number | null;
      readonly close: number | null;
      readonly volume: number | null;
    };
    readonly cap: string | null;
    readonly cap_note: string | null;
    readonly fees: {
      readonly sec: string;
      readonly taf: string;
      readonly cat: string;
    };
  })[];
  readonly waiting_for: string | null;
  readonly left_out: number;
};

/** POST /v1/sessions/{sessionId}/time/rewind, 200. */
export type Rewound = {
  readonly previousTime: string;
  readonly currentTime: string;
  readonly journalSeq: number;
  readonly keptSessionId: string | null;
};
