/** Everything that can happen in a session. The state is the fold of these, and nothing else. */
import type { Cash, CivilDate, Instant, Price, Quantity } from "../kernel/index.ts";
import type { EngineConfig } from "./config.ts";

export type Side = "buy" | "sell";
export type OrderType = "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
export type TimeInForce = "day" | "gtc" | "opg" | "cls" | "ioc" | "fok";

/** How an order belongs with others; a simple order has none. */
export type OrderClass = "bracket" | "oco" | "oto";

/** What a leg is for. The parent of an OCO pair is its take-profit. */
export type LegRole = "take_profit" | "stop_loss";

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
  | "gap_trail"
  | "trail_old_stop"
  | "trail_new_stop"
  | "same_bar_stop"
  | "same_bar_target"
  | "close_auction"
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
  /** Distance of a trailing stop from its mark, in dollars. */
  readonly trailPrice?: Price | undefined;
  /** The same in percent, as units of 10⁻⁹: 5 is five percent. */
  readonly trailPercent?: bigint | undefined;
  readonly extendedHours: boolean;
  readonly clientOrderId: string | undefined;
  readonly orderClass?: OrderClass | undefined;
  /** Limit price of the take-profit leg. */
  readonly takeProfit?: Price | undefined;
  /** Stop price of the stop-loss leg, and its limit price where it is a stop-limit. */
  readonly stopLoss?: Price | undefined;
  readonly stopLossLimit?: Price | undefined;
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
  /** Ordinal of the order that it is a leg of: a held leg until the parent is filled. */
  readonly parent?: number | undefined;
  readonly leg?: LegRole | undefined;
  /** A leg that is held: until its entry is filled, or, in an OCO pair, until its stop is reached. */
  readonly isHeld?: boolean | undefined;
  /** The worst price that Alpaca's collar lets it have, where the profile has collars. */
  readonly collar?: Price | undefined;
  /** Where the mark of a trailing stop starts: the last price known at acceptance. */
  readonly mark?: Price | undefined;
  /** It closes what is held on the other side and opens with the rest (flip: split). */
  readonly isFlip?: boolean | undefined;
  /** Who sent it, where it was not the client. */
  readonly source?: OrderSource | undefined;
}

export type OrderSource = "margin_call";

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
  /** Regulatory fees that it accrues, exact, in units of 10⁻¹⁸ dollars; absent: none. */
  readonly secFee?: bigint | undefined;
  readonly tafFee?: bigint | undefined;
  readonly catFee?: bigint | undefined;
}

/** An order changed by the company, not by the client (rules R41 and R42). */
export interface OrderAdjusted extends OrderRef {
  readonly kind: "order_adjusted";
  readonly reason: "split" | "cash_dividend";
  readonly qty: Quantity | undefined;
  readonly limitPrice: Price | undefined;
  readonly stopPrice: Price | undefined;
  readonly trailPrice: Price | undefined;
  readonly collar: Price | undefined;
  readonly mark: Price | undefined;
}

/** Alpaca's types of non-trade activity. */
export type EntryType = "CSD" | "CSW" | "DIV" | "FEE" | "INT" | "SPLIT" | "NC" | "MA" | "REORG";

/** What is accrued and posted later. */
export type Accrual = "sec" | "taf" | "cat" | "interest" | "borrow";

/** What is held of a symbol after an entry; no shares: nothing. */
export interface HoldingAfter {
  readonly symbol: string;
  readonly qty: Quantity;
  /** How many shares more than before; signed. */
  readonly qtyChange: Quantity;
  readonly avgEntryPrice: Price;
  readonly costBasis: Cash;
}

/** A booking that is not a trade: money or shares in or out. */
export interface AccountEntry extends At {
  readonly kind: "account_entry";
  readonly account: number;
  readonly entry: EntryType;
  readonly subType: string | undefined;
  readonly symbol: string | undefined;
  /** Added to cash. */
  readonly netAmount: Cash;
  /** Added to realised profit. */
  readonly realized: Cash;
  /** Shares that it is about; signed. */
  readonly qty: Quantity | undefined;
  readonly price: Price | undefined;
  readonly perShare: Price | undefined;
  /** What becomes of holdings, where shares change. */
  readonly holdings: readonly HoldingAfter[];
  /** Of a split: `newRate` shares for every `oldRate`, in units of 10⁻⁹. */
  readonly oldRate?: bigint | undefined;
  readonly newRate?: bigint | undefined;
  /** The accrual that it posts. */
  readonly posts: Accrual | undefined;
  /** The entitlement that it pays. */
  readonly pays: number | undefined;
  readonly date: CivilDate;
  readonly description: string;
}

/** A dividend that the holder at the start of the ex-date will get, or a short will be charged (R43). */
export interface DividendEntitled extends At {
  readonly kind: "dividend_entitled";
  readonly account: number;
  /** Numbered from 1 in each account. */
  readonly entitlement: number;
  readonly symbol: string;
  /** Signed like the position. */
  readonly qty: Quantity;
  readonly perShare: Price;
  /** Negative for a short. */
  readonly netAmount: Cash;
  readonly exDate: CivilDate;
  readonly payDate: CivilDate;
  /** When it is paid. */
  readonly paysAt: Instant;
}

/** Alpaca's account configurations, as far as orders depend on them. */
export interface AccountConfiguration {
  readonly fractionalTrading: boolean;
  readonly maxMarginMultiplier: 1 | 2 | 4;
  readonly noShorting: boolean;
  readonly suspendTrade: boolean;
  readonly pdtCheck: "both" | "entry" | "exit";
  readonly dtbpCheck: "both" | "entry" | "exit";
  readonly tradeConfirmEmail: "all" | "none";
  readonly ptpNoExceptionEntry: boolean;
  readonly disableOvernightTrading: boolean;
}

/** Why playback stops. */
export type PauseReason = "asked" | "completed" | "restarted" | "failed" | "data_changed" | "forked" | "rewound";

export type EngineEvent =
  | SessionCreated
  | (At & { readonly kind: "session_renamed"; readonly name: string })
  | (At & { readonly kind: "session_extended"; readonly endTime: Instant })
  | (At & { readonly kind: "session_completed" })
  | (At & { readonly kind: "playback_started" })
  | (At & { readonly kind: "playback_paused"; readonly reason: PauseReason })
  /** The data has changed under the session, and its owner goes on with what there is now. */
  | (At & { readonly kind: "data_accepted" })
  /** A fork goes on under other assumptions. */
  | (At & { readonly kind: "session_configured"; readonly config: EngineConfig })
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
  | (At & {
      readonly kind: "account_configured";
      readonly account: number;
      readonly configuration: AccountConfiguration;
    })
  | AccountEntry
  | DividendEntitled
  /** A day's interest or borrow cost, exact, in units of 10⁻¹⁸ dollars. */
  | (At & {
      readonly kind: "cost_accrued";
      readonly account: number;
      readonly accrual: "interest" | "borrow";
      readonly accrued: bigint;
    })
  | (At & {
      readonly kind: "margin_called";
      readonly account: number;
      readonly equity: Cash;
      readonly maintenance: Cash;
    })
  | (At & { readonly kind: "margin_call_met"; readonly account: number })
  | OrderAccepted
  | (OrderRef & { readonly kind: "order_opened" })
  /** A held leg starts to work. `barStart`: the bar inside which its entry was filled (R25). */
  | (OrderRef & { readonly kind: "order_woken"; readonly barStart: Instant | undefined })
  /** The other leg was filled in part: this one asks for the rest (R27). `qty` is its new total. */
  | (OrderRef & { readonly kind: "order_reduced"; readonly qty: Quantity })
  | OrderAdjusted
  /** A cancel that may come too late: the running bar decides first (cancelRace: fill_wins). */
  | (OrderRef & { readonly kind: "order_cancel_requested"; readonly barStart: Instant })
  /** Its stop is reached; of a trailing stop with the mark and the stop as they stood then. */
  | (OrderRef & {
      readonly kind: "order_triggered";
      readonly barStart: Instant;
      readonly mark?: Price | undefined;
      readonly stopPrice?: Price | undefined;
    })
  | OrderFilled
  | (OrderRef & { readonly kind: "order_canceled"; readonly reason: CancelReason })
  | (OrderRef & { readonly kind: "order_expired"; readonly reason?: "auction_leftover" | undefined })
  | (OrderRef & { readonly kind: "order_rejected"; readonly reason: string })
  | (OrderRef & { readonly kind: "order_replaced"; readonly by: number });

export type CancelReason =
  | "asked"
  | "not_marketable_at_open"
  | "no_volume"
  | "volume_cap"
  | "unfilled_remainder"
  | "auction_leftover"
  | "sibling_filled"
  | "sibling_canceled"
  | "entry_not_filled"
  | "position_closed"
  | "margin_call"
  | "corporate_action";

/** Whatever happens to an order. */
export type OrderEvent = Extract<EngineEvent, { order: number }>;
