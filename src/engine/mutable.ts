/** The state as `apply` writes it; to everyone else the same records are read-only. */
import { cash, NO_CASH, type Instant } from "../kernel/index.ts";
import type { MutableDayTrades } from "./accounts/day-trades.ts";
import { completeConfig } from "./config.ts";
import type { AccountConfiguration, DividendEntitled, OrderEvent, SessionCreated } from "./event.ts";
import { PagedKeys, PagedRows } from "./paged.ts";
import type { Account, Activity, BarUsage, Order, Position, State } from "./state.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface MutableAccount extends Omit<
  Writable<Account>,
  | "positions"
  | "orders"
  | "openOrders"
  | "openOrdersBySymbol"
  | "clientOrderIds"
  | "barUsage"
  | "entitlements"
  | "activities"
  | "dayTrades"
> {
  positions: Map<string, Position>;
  readonly orders: PagedRows<number>;
  openOrders: Set<number>;
  openOrdersBySymbol: Map<string, number[]>;
  readonly clientOrderIds: PagedKeys;
  barUsage: Map<string, BarUsage>;
  entitlements: Map<number, DividendEntitled>;
  readonly activities: PagedRows<Activity>;
  readonly dayTrades: MutableDayTrades[];
}

export interface MutableState extends Omit<Writable<State>, "accounts" | "orders" | "histories"> {
  accounts: MutableAccount[];
  readonly orders: PagedRows<Order>;
  readonly histories: PagedRows<OrderEvent[]>;
}

/** What Alpaca sets for a new account. */
const NEW_CONFIGURATION: AccountConfiguration = {
  fractionalTrading: true,
  maxMarginMultiplier: 4,
  noShorting: false,
  suspendTrade: false,
  pdtCheck: "both",
  dtbpCheck: "entry",
  tradeConfirmEmail: "all",
  ptpNoExceptionEntry: false,
  disableOvernightTrading: false,
};

const NOTHING_ACCRUED: Account["accruals"] = { sec: 0n, taf: 0n, cat: 0n, interest: 0n, borrow: 0n };

/** The state of a session that has just been created. */
export function createState(event: SessionCreated): State {
  const state: MutableState = {
    name: event.name,
    startTime: event.startTime,
    endTime: event.endTime,
    initialCash: event.initialCash,
    config: completeConfig(event.config),
    status: "active",
    playback: { isPlaying: false, speed: 1 },
    clock: event.startTime,
    accounts: [],
    orders: new PagedRows(),
    histories: new PagedRows(),
  };
  return state;
}

/** The one door through which `apply` gets to write. */
export const writable = (state: State): MutableState => state as MutableState;

/** Moves the clock. The clock is a mark beside the journal, not an event: stepping a quiet year writes nothing. */
export function setClock(state: State, at: Instant): void {
  writable(state).clock = at;
}

/** Puts what is held of a symbol in its place; undefined: nothing. The one way in which positions change. */
export function setPosition(account: MutableAccount, symbol: string, position: Position | undefined): void {
  const wasShort = (account.positions.get(symbol)?.qty ?? 0n) < 0n;
  const isShort = position !== undefined && position.qty < 0n;
  if (position === undefined) account.positions.delete(symbol);
  else account.positions.set(symbol, position);
  if (wasShort !== isShort) account.shorts += isShort ? 1 : -1;
}

/** Counts an order among the open ones of its account. */
export function addOpenOrder(account: MutableAccount, { ordinal, symbol, reserved }: Order): void {
  account.openOrders.add(ordinal);
  const others = account.openOrdersBySymbol.get(symbol);
  if (others === undefined) account.openOrdersBySymbol.set(symbol, [ordinal]);
  else others.push(ordinal);
  if (reserved !== 0n) account.reserved = cash(account.reserved + reserved);
}

/** Takes an order that has ended from among them. */
export function removeOpenOrder(account: MutableAccount, { ordinal, symbol }: Order): void {
  account.openOrders.delete(ordinal);
  const others = account.openOrdersBySymbol.get(symbol);
  if (others === undefined) return;
  if (others.length === 1) account.openOrdersBySymbol.delete(symbol);
  else others.splice(others.indexOf(ordinal), 1);
}

export function createAccount(fields: {
  readonly ordinal: number;
  readonly at: Instant;
  readonly initialCash: Account["initialCash"];
  readonly profile: string;
}): MutableAccount {
  return {
    ordinal: fields.ordinal,
    status: "ACTIVE",
    openedAt: fields.at,
    closedAt: undefined,
    initialCash: fields.initialCash,
    cash: fields.initialCash,
    realizedPnl: NO_CASH,
    profile: fields.profile,
    positions: new Map(),
    shorts: 0,
    orders: new PagedRows(),
    openOrders: new Set(),
    openOrdersBySymbol: new Map(),
    reserved: NO_CASH,
    clientOrderIds: new PagedKeys(),
    barUsage: new Map(),
    configuration: NEW_CONFIGURATION,
    otherCash: NO_CASH,
    accruals: NOTHING_ACCRUED,
    entitlements: new Map(),
    entitlementCount: 0,
    activities: new PagedRows(),
    dayTrades: [],
    isPatternDayTrader: false,
    marginCallAt: undefined,
  };
}
