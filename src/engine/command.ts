/** What a client, or the clock, may ask of a session. */
import type { Cash, Instant, Price, Quantity } from "../kernel/index.ts";
import type { EngineConfig } from "./config.ts";
import type { AccountConfiguration, OrderTerms, PauseReason, TimeInForce } from "./event.ts";

/** Changes to an open order; what is undefined is carried over. */
export interface OrderChanges {
  readonly qty?: Quantity | undefined;
  readonly timeInForce?: TimeInForce | undefined;
  readonly limitPrice?: Price | undefined;
  readonly stopPrice?: Price | undefined;
  /** New distance of a trailing stop: dollars or percent, whichever it has. */
  readonly trail?: bigint | undefined;
  readonly clientOrderId?: string | undefined;
}

/** How much of a position to close; both undefined: all of it. */
export interface CloseAmount {
  readonly qty: Quantity | undefined;
  /** 0 to 100, as units of 10⁻⁹. */
  readonly percentage: bigint | undefined;
}

export type Command =
  | {
      readonly kind: "create_session";
      readonly name: string | undefined;
      readonly startTime: Instant;
      readonly endTime: Instant;
      readonly initialCash: Cash;
      readonly config: EngineConfig;
    }
  | { readonly kind: "update_session"; readonly name: string | undefined; readonly endTime: Instant | undefined }
  | { readonly kind: "play" }
  | { readonly kind: "pause"; readonly reason: PauseReason }
  | { readonly kind: "set_speed"; readonly speed: number }
  /** A fork's own assumptions, in effect from here on. */
  | { readonly kind: "configure_session"; readonly config: EngineConfig }
  /** Goes on with the data as it is now. */
  | { readonly kind: "accept_data" }
  | { readonly kind: "advance"; readonly until: Instant }
  | { readonly kind: "open_account"; readonly initialCash: Cash | undefined; readonly profile: string }
  | { readonly kind: "update_account"; readonly account: number; readonly profile: string }
  | { readonly kind: "close_account"; readonly account: number }
  | {
      readonly kind: "configure_account";
      readonly account: number;
      readonly changes: Partial<AccountConfiguration>;
    }
  /** Positive: a deposit; negative: a withdrawal. */
  | { readonly kind: "transfer_cash"; readonly account: number; readonly netAmount: Cash }
  | { readonly kind: "submit_order"; readonly account: number; readonly terms: OrderTerms }
  | { readonly kind: "replace_order"; readonly account: number; readonly order: number; readonly changes: OrderChanges }
  | { readonly kind: "cancel_order"; readonly account: number; readonly order: number }
  | { readonly kind: "cancel_all_orders"; readonly account: number }
  | {
      readonly kind: "close_position";
      readonly account: number;
      readonly symbol: string;
      readonly amount: CloseAmount;
    };
