/** The state of a session: plain records that `apply` alone changes. Everyone else reads. */
import type { Cash, Instant, Price, Quantity } from "../kernel/index.ts";
import type { EngineConfig } from "./config.ts";
import type { OrderTerms } from "./event.ts";

export type OrderStatus =
  | "accepted"
  | "new"
  | "partially_filled"
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
  /** Ordinals of all its orders, oldest first. */
  readonly orders: readonly number[];
  /** Ordinals of its open orders, oldest first. */
  readonly openOrders: ReadonlySet<number>;
  /** client_order_id → ordinal. */
  readonly clientOrderIds: ReadonlyMap<string, number>;
  /** By symbol: the last bar that it filled in. */
  readonly barUsage: ReadonlyMap<string, BarUsage>;
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
  readonly orders: readonly Order[];
}
