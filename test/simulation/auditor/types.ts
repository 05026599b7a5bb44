/** What the auditor is told, what it keeps, and what it says: plain mutable records and plain `bigint` money. */
import type {
  AccountCommand,
  AssetTraits,
  CancelReason,
  EngineConfig,
  EngineEvent,
  FillRule,
  LegRole,
  OrderClass,
  OrderType,
  Side,
  TimeInForce,
} from "../../../src/engine/index.ts";
import type { CivilDate, CorporateAction, Instant, Refusal } from "../../../src/kernel/index.ts";
import type { BarsBySymbol } from "../../support/array-tape.ts";

/** Everything that a market is: bars as they came, what companies did, what the catalog says. */
export interface AuditMarket {
  readonly bars: BarsBySymbol;
  readonly actions: Readonly<Record<string, readonly CorporateAction[]>>;
  readonly traits: Readonly<Record<string, AssetTraits>>;
}

/** A command and what the engine answered to it at once. */
export interface Told {
  readonly at: Instant;
  readonly command: AccountCommand;
  readonly answer: readonly EngineEvent[] | Refusal;
}

export interface AuditCase {
  readonly market: AuditMarket;
  readonly config: EngineConfig;
  readonly start: Instant;
  readonly end: Instant;
  /** Where the clock stood last: opens at this very instant are still pending (R7). */
  readonly until: Instant;
  /** Units of 10⁻⁹ dollars. */
  readonly initialCash: bigint;
  readonly told: readonly Told[];
}

/** A bar as money. */
export interface AuditBar {
  readonly symbol: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly volume: bigint;
  readonly isDay: boolean;
}

export type TicketStatus = "held" | "live" | "filled" | "canceled" | "expired" | "replaced" | "rejected";

/** What an open found for an order that did not fit the cap: it gets its slice at bar end. */
export interface Slice {
  readonly price: bigint;
  readonly reference: bigint;
  readonly rule: FillRule;
  readonly barStart: Instant;
}

/** The auditor's own record of an order. */
export interface Ticket {
  readonly ordinal: number;
  readonly account: number;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly notional: bigint | undefined;
  readonly isFlagged: boolean;
  readonly clientOrderId: string | undefined;
  readonly orderClass: OrderClass | undefined;
  readonly role: LegRole | undefined;
  parent: number | undefined;
  legs: number[];
  /** Total shares; undefined for a notional order until its first fill. */
  total: bigint | undefined;
  limit: bigint | undefined;
  stop: bigint | undefined;
  trail: bigint | undefined;
  readonly trailPercent: bigint | undefined;
  /** The limit that a collar gives a market order or a buy stop. */
  collar: bigint | undefined;
  mark: bigint | undefined;
  readonly at: Instant;
  effectiveAt: Instant;
  readonly opensAt: Instant;
  readonly expiresAt: Instant | undefined;
  /** When its closing auction takes place, or the day of its opening auction is over. */
  readonly auctionAt: Instant | undefined;
  readonly isOpening: boolean;
  /** It closes what is there and opens with the rest (R34, flip = split). */
  readonly isFlip: boolean;
  readonly isPriced: boolean;
  reservedWhole: bigint;
  /** The shares that `reservedWhole` is for, where a split has counted what is open anew; else all of the order's. */
  reservedFor: bigint | undefined;
  status: TicketStatus;
  filled: bigint;
  isTriggered: boolean;
  slice: Slice | undefined;
  /** An open that was its only chance did not serve it: it ends in step 7 of that instant (R5). */
  leaves: CancelReason | undefined;
  /** The bar inside which its entry was filled, and how: R25 says what is certain there. */
  entryBar: { readonly barStart: Instant; readonly rule: FillRule } | undefined;
  /** Start of the last bar whose open it was looked at for. */
  openSeen: Instant | undefined;
  /** End of the bar that decides before a requested cancel does. */
  cancelAt: Instant | undefined;
  readonly isMarginCall: boolean;
  readonly isReplacement: boolean;
}

export interface Holding {
  qty: bigint;
  average: bigint;
  cost: bigint;
}

export interface Entitlement {
  readonly number: number;
  readonly symbol: string;
  readonly amount: bigint;
  readonly paysAt: Instant;
}

/** Exact, in units of 10⁻¹⁸ dollars. */
export interface AuditAccruals {
  sec: bigint;
  taf: bigint;
  cat: bigint;
  interest: bigint;
  borrow: bigint;
}

/** The auditor's own books of an account. */
export interface Book {
  readonly ordinal: number;
  cash: bigint;
  realized: bigint;
  readonly holdings: Map<string, Holding>;
  readonly accruals: AuditAccruals;
  entitlements: Entitlement[];
  entitlementCount: number;
  isCalled: boolean;
  isClosed: boolean;
  multiplierMax: number;
  readonly openedAt: Instant;
  /** With what came and went at that very instant, but for trades. */
  openingEquity: bigint;
  /** Every fill while day trades are counted, oldest first. */
  readonly turns: Turn[];
}

/** A fill by what it does to a position. */
export interface Turn {
  readonly date: CivilDate;
  readonly symbol: string;
  readonly isClosing: boolean;
}

/** An event as the auditor expects it: a field that it does not name is not compared. */
export interface Expected {
  readonly kind: EngineEvent["kind"];
  readonly at: Instant;
  readonly order?: number;
  readonly account?: number;
  readonly [field: string]: unknown;
}

/** The figures of an account after an instant. */
export interface Figures {
  readonly cash: bigint;
  readonly realized: bigint;
  /** Symbol → quantity, average, cost. */
  readonly holdings: Readonly<Record<string, string>>;
  readonly equity: bigint;
  /** What is held, at the last known prices. */
  readonly value: bigint;
}

export interface Snapshot {
  readonly at: Instant;
  readonly accounts: readonly Figures[];
}

export interface World {
  readonly given: AuditCase;
  readonly config: EngineConfig;
  /** In byte order (R5). */
  readonly symbols: readonly string[];
  readonly bars: ReadonlyMap<string, readonly AuditBar[]>;
  now: Instant;
  readonly tickets: Ticket[];
  readonly books: Book[];
  /** "account symbol barStart" → shares taken of that bar (R28). */
  readonly taken: Map<string, bigint>;
  readonly expected: Expected[];
  /** What is wrong by itself, without a comparison: an order that had to be refused, and the like. */
  readonly findings: string[];
  readonly snapshots: Snapshot[];
  /** The engine numbered its orders otherwise: from here on nothing can be compared. */
  isLost: boolean;
}

export const emit = (world: World, event: Expected): void => {
  world.expected.push(event);
};

export const sign = (side: Side): bigint => (side === "buy" ? 1n : -1n);

export const isAlive = (ticket: Ticket): boolean => ticket.status === "live";
export const isOpenTicket = (ticket: Ticket): boolean => ticket.status === "live" || ticket.status === "held";
