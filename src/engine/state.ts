/** The state of a session: plain records that `apply` alone changes. Everyone else reads. */
import type { Cash, CivilDate, Instant, Price, Quantity } from "../kernel/index.ts";
import type { EngineConfig } from "./config.ts";
import type { Keys, Rows } from "./paged.ts";
import type {
  AccountConfiguration,
  AccountEntry,
  DividendEntitled,
  LegRole,
  OrderEvent,
  OrderFilled,
  OrderSource,
  OrderTerms,
} from "./event.ts";

export type OrderStatus =
  | "accepted"
  | "held"
  | "new"
  | "partially_filled"
  | "pending_cancel"
  | "filled"
  | "canceled"
  | "expired"
  | "replaced"
  | "rejected";

export type SessionStatus = "active" | "completed";

export interface Order extends OrderTerms {
  readonly ordinal: number;
  readonly account: number;
  readonly status: OrderStatus;
  readonly submittedAt: Instant;
  readonly nanos: number;
  readonly effectiveAt: Instant;
  readonly opensAt: Instant;
  readonly expiresAt: Instant | undefined;
  /** Buying power still held for the unfilled part. */
  readonly reserved: Cash;
  readonly isPriced: boolean;
  readonly isOpening: boolean;
  readonly filledQty: Quantity;
  /** Σ qty × price, exact, in units of 10⁻¹⁸. */
  readonly filledValue: bigint;
  /** Total shares: `qty`, or what a notional order was sized to; undefined until then. */
  readonly totalQty: Quantity | undefined;
  /** Start of the bar that triggered its stop. */
  readonly triggeredBy: Instant | undefined;
  readonly parent: number | undefined;
  readonly leg: LegRole | undefined;
  /** Ordinals of its legs, replacements in the place of what they replaced. */
  readonly legs: readonly number[];
  readonly collar: Price | undefined;
  /** The mark of a trailing stop at `markFrom`; bars from then on move it. */
  readonly mark: Price | undefined;
  readonly markFrom: Instant;
  /** The bar inside which its entry was filled: of that bar only what is certain counts (R25). */
  readonly wokenIn: Instant | undefined;
  /** The bar that still decides before a requested cancel does. */
  readonly cancelAfter: Instant | undefined;
  readonly isFlip: boolean | undefined;
  /** Whether the first open that it meets decides it by itself: see `isPlain`. */
  readonly isPlain: boolean;
  /** Start of the bar that filled it last. */
  readonly filledIn: Instant | undefined;
  readonly source: OrderSource | undefined;
  readonly updatedAt: Instant;
  readonly filledAt: Instant | undefined;
  readonly canceledAt: Instant | undefined;
  readonly expiredAt: Instant | undefined;
  readonly failedAt: Instant | undefined;
  readonly replacedAt: Instant | undefined;
  readonly replaces: number | undefined;
  readonly replacedBy: number | undefined;
  /** Why it was canceled or rejected. */
  readonly reason: string | undefined;
}

export interface Position {
  readonly symbol: string;
  /** Negative for a short; never zero (a flat position is removed). */
  readonly qty: Quantity;
  /** Weighted average of the opening fills (R35); positive. */
  readonly avgEntryPrice: Price;
  /** What the shares held cost in cash; negative for a short. */
  readonly costBasis: Cash;
  readonly openedAt: Instant;
}

/** Costs that are not posted yet, exact, in units of 10⁻¹⁸ dollars. */
export interface Accruals {
  readonly sec: bigint;
  readonly taf: bigint;
  readonly cat: bigint;
  readonly interest: bigint;
  readonly borrow: bigint;
}

/** Day trades of one date, and the symbols in which something was opened since the last one. */
export interface DayTrades {
  readonly date: CivilDate;
  readonly count: number;
  readonly opened: ReadonlySet<string>;
}

/** What an account's history consists of. */
export type Activity = OrderFilled | AccountEntry;

/** Shares of one bar that an account has taken (R28). */
export interface BarUsage {
  readonly barStart: Instant;
  readonly qty: Quantity;
}

export interface Account {
  readonly ordinal: number;
  readonly status: "ACTIVE" | "ACCOUNT_CLOSED";
  readonly openedAt: Instant;
  readonly closedAt: Instant | undefined;
  readonly initialCash: Cash;
  readonly cash: Cash;
  readonly realizedPnl: Cash;
  /** Contact and identity, JSON text. */
  readonly profile: string;
  /** By symbol. */
  readonly positions: ReadonlyMap<string, Position>;
  /** Number of positions that are short. */
  readonly shorts: number;
  /** Ordinals of all its orders, oldest first. */
  readonly orders: Rows<number>;
  /** Ordinals of its open orders, oldest first. */
  readonly openOrders: ReadonlySet<number>;
  /** The same by symbol; a symbol without open orders is absent. */
  readonly openOrdersBySymbol: ReadonlyMap<string, readonly number[]>;
  /** What they hold of its buying power together. */
  readonly reserved: Cash;
  /** client_order_id → ordinal. */
  readonly clientOrderIds: Keys;
  /** By symbol: the last bar that it filled in. */
  readonly barUsage: ReadonlyMap<string, BarUsage>;
  readonly configuration: AccountConfiguration;
  /** Cash that came neither from trades nor with the account: transfers, fees, dividends, interest. */
  readonly otherCash: Cash;
  readonly accruals: Accruals;
  /** Entitlements to dividends that are not paid yet, by number. */
  readonly entitlements: ReadonlyMap<number, DividendEntitled>;
  /** Number of entitlements so far. */
  readonly entitlementCount: number;
  /** Fills and entries, oldest first. */
  readonly activities: Rows<Activity>;
  /** The last five dates with day trades or openings, oldest first. */
  readonly dayTrades: readonly DayTrades[];
  /** Four day trades in five business days have marked it (R38). */
  readonly isPatternDayTrader: boolean;
  /** Since when a margin call stands. */
  readonly marginCallAt: Instant | undefined;
}

export interface State {
  readonly name: string | undefined;
  readonly startTime: Instant;
  readonly endTime: Instant;
  readonly initialCash: Cash;
  readonly config: EngineConfig;
  readonly status: SessionStatus;
  readonly playback: { readonly isPlaying: boolean; readonly speed: number };
  /** Where the clock stands; between commands, opens at this very instant are still pending (R7). */
  readonly clock: Instant;
  /** By ordinal − 1. */
  readonly accounts: readonly Account[];
  /** By ordinal − 1. */
  readonly orders: Rows<Order>;
  /** What happened to each order, by ordinal − 1, oldest first. */
  readonly histories: Rows<readonly OrderEvent[]>;
}
