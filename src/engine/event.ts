/** Everything that can happen in a session. The state is the fold of these, and nothing else. */
import type { Cash, Instant, Price, Quantity } from "../kernel/index.ts";
import type { EngineConfig } from "./config.ts";

export type Side = "buy" | "sell";
export type OrderType = "market" | "limit" | "stop" | "stop_limit";
export type TimeInForce = "day" | "gtc" | "ioc" | "fok";

/** The rule that made a price (docs/models/fills.md). A capped slice is reported at bar end. */
export type FillRule =
  | "open"
  | "open_limit"
  | "through_limit"
  | "gap_stop"
  | "touch_stop"
  | "gap_stop_limit"
  | "touch_stop_limit"
  | "stop_limit_by_close"
  | "close_only";

/** What an order asks for. Exactly one of `qty` and `notional`. */
export interface OrderTerms {
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly qty: Quantity | undefined;
  readonly notional: Cash | undefined;
  readonly limitPrice: Price | undefined;
  readonly stopPrice: Price | undefined;
  readonly extendedHours: boolean;
  readonly clientOrderId: string | undefined;
}

export interface OpeningPosition {
  readonly symbol: string;
  readonly qty: Quantity;
  readonly avgEntryPrice: Price;
}

interface At {
  /** The session's time at which it happened. */
  readonly at: Instant;
}

interface OrderRef extends At {
  /** Ordinal of the order: 1 for the session's first. */
  readonly order: number;
}

export interface SessionCreated extends At {
  readonly kind: "session_created";
  readonly name: string | undefined;
  readonly startTime: Instant;
  readonly endTime: Instant;
  readonly initialCash: Cash;
  readonly config: EngineConfig;
}

export interface OrderAccepted extends OrderRef, OrderTerms {
  readonly kind: "order_accepted";
  readonly account: number;
  /** Nanoseconds that tell orders of one instant apart. */
  readonly nanos: number;
  /** Earliest start of a bar that it may use (R3, R4). */
  readonly effectiveAt: Instant;
  /** When the venue takes it: `at` itself if open, else the next opening. */
  readonly opensAt: Instant;
  /** When its time in force ends it; undefined: never. */
  readonly expiresAt: Instant | undefined;
  /** Buying power held for it until it is done. */
  readonly reserved: Cash;
  /** False where no price was known: money is checked at the fill instead. */
  readonly isPriced: boolean;
  /** Whether it opens or grows a position; the rest close one, and never fill beyond it. */
  readonly isOpening: boolean;
  /** Start of the bar that triggered the stop of the order that it replaces: a stop triggers once (R14). */
  readonly triggeredBy: Instant | undefined;
  /** Ordinal of the order that it replaces. */
  readonly replaces: number | undefined;
}

export interface OrderFilled extends OrderRef {
  readonly kind: "order_filled";
  readonly qty: Quantity;
  readonly price: Price;
  /** qty × price, half-even to 10⁻⁹; always positive. */
  readonly cash: Cash;
  readonly rule: FillRule;
  /** True for a slice that the volume cap cut or delayed (R28). */
  readonly isCapped: boolean;
  /** The price before slippage. */
  readonly referencePrice: Price;
  /** price − referencePrice, against the trader; 0 for resting limits. */
  readonly slippage: Price;
  /** Start of the bar that filled it. */
  readonly barStart: Instant;
  /** Total shares of a notional order, fixed at its first fill. */
  readonly sizedQty: Quantity | undefined;
}

export type EngineEvent =
  | SessionCreated
  | (At & { readonly kind: "session_renamed"; readonly name: string })
  | (At & { readonly kind: "session_extended"; readonly endTime: Instant })
  | (At & { readonly kind: "session_completed" })
  | (At & { readonly kind: "playback_started" })
  | (At & { readonly kind: "playback_paused"; readonly reason: "asked" | "completed" | "restarted" | "failed" })
  | (At & { readonly kind: "playback_speed_set"; readonly speed: number })
  | (At & {
      readonly kind: "account_opened";
      readonly account: number;
      readonly initialCash: Cash;
      readonly positions: readonly OpeningPosition[];
      /** Contact and identity as the client sent them, JSON text. */
      readonly profile: string;
    })
  | (At & { readonly kind: "account_updated"; readonly account: number; readonly profile: string })
  | (At & { readonly kind: "account_closed"; readonly account: number })
  | OrderAccepted
  | (OrderRef & { readonly kind: "order_opened" })
  | (OrderRef & { readonly kind: "order_triggered"; readonly barStart: Instant })
  | OrderFilled
  | (OrderRef & { readonly kind: "order_canceled"; readonly reason: CancelReason })
  | (OrderRef & { readonly kind: "order_expired" })
  | (OrderRef & { readonly kind: "order_rejected"; readonly reason: string })
  | (OrderRef & { readonly kind: "order_replaced"; readonly by: number });

export type CancelReason = "asked" | "not_marketable_at_open" | "no_volume" | "volume_cap" | "unfilled_remainder";
