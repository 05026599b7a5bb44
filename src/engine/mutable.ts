/** The state as `apply` writes it; to everyone else the same records are read-only. */
import { NO_CASH, type Instant } from "../kernel/index.ts";
import type { SessionCreated } from "./event.ts";
import type { Account, BarUsage, Order, Position, State } from "./state.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface MutableAccount extends Omit<
  Writable<Account>,
  "positions" | "orders" | "openOrders" | "clientOrderIds" | "barUsage"
> {
  positions: Map<string, Position>;
  orders: number[];
  openOrders: Set<number>;
  clientOrderIds: Map<string, number>;
  barUsage: Map<string, BarUsage>;
}

export interface MutableState extends Omit<Writable<State>, "accounts" | "orders"> {
  accounts: MutableAccount[];
  orders: Order[];
}

/** The state of a session that has just been created. */
export function createState(event: SessionCreated): State {
  const state: MutableState = {
    name: event.name,
    startTime: event.startTime,
    endTime: event.endTime,
    initialCash: event.initialCash,
    config: event.config,
    status: "active",
    playback: { isPlaying: false, speed: 1 },
    clock: event.startTime,
    accounts: [],
    orders: [],
  };
  return state;
}

/** The one door through which `apply` gets to write. */
export const writable = (state: State): MutableState => state as MutableState;

/** Moves the clock. The clock is a mark beside the journal, not an event: stepping a quiet year writes nothing. */
export function setClock(state: State, at: Instant): void {
  writable(state).clock = at;
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
    orders: [],
    openOrders: new Set(),
    clientOrderIds: new Map(),
    barUsage: new Map(),
  };
}
