/** What is known of a session from its events: a pure function, so that the same events give the same page. */
import type { StreamEvent } from "../api/event-stream.ts";
import type { Order } from "../api/types.ts";

export interface Fill {
  readonly at: number;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly qty: number;
  readonly price: number;
  readonly order: string;
  readonly account: string;
}

/** Something that happened, for the scrubber. */
export interface Mark {
  readonly at: number;
  readonly kind: "buy" | "sell" | "refused";
}

/** An order as the events tell it: as its object, but for the few fields that only the object has. */
export type ToldOrder = Omit<Order, "legs" | "order_type"> & { readonly account: string };

export interface Tape {
  /** Undefined until the stream has told it. */
  readonly clock: number | undefined;
  readonly orders: ReadonlyMap<string, ToldOrder>;
  /** Oldest first; the last `FILLS_MAX`. */
  readonly fills: readonly Fill[];
  readonly marks: readonly Mark[];
  /** Grows when the session's object has changed: name, state, speed. */
  readonly sessionChanges: number;
  /** Grows when money, positions or accounts have. */
  readonly moneyChanges: number;
  readonly isDeleted: boolean;
  /** Grows when the session was taken back: what is known of later times has not happened. */
  readonly rewinds: number;
}

/** What a page can draw and a reader can look at; the API has them all. */
export const FILLS_MAX = 5000;

export const EMPTY_TAPE: Tape = {
  clock: undefined,
  orders: new Map(),
  fills: [],
  marks: [],
  sessionChanges: 0,
  moneyChanges: 0,
  isDeleted: false,
  rewinds: 0,
};

interface Told {
  readonly at?: string;
  readonly event?: string;
  readonly account_id?: string;
  readonly price?: string;
  readonly qty?: string;
  readonly order?: Omit<ToldOrder, "account"> & { readonly legs?: readonly Omit<ToldOrder, "account">[] | null };
}

/** The tape after some events. What is not known is passed over: a newer server may tell more. */
export function reduce(tape: Tape, events: readonly StreamEvent[]): Tape {
  let next = tape;
  const orders = new Map(tape.orders);
  const fills: Fill[] = [];
  const marks: Mark[] = [];
  for (const { type, data } of events) {
    const told = data as Told;
    const at = Date.parse(told.at ?? "");
    if (type === "clock") next = { ...next, clock: at };
    else if (type === "session") next = afterSession(next, told);
    else if (type === "account") next = { ...next, moneyChanges: next.moneyChanges + 1 };
    else if (type === "order" || type === "fill") {
      takeOrder(told, orders);
      fills.push(...fillsOf(type, told, at));
      marks.push(...marksOf(type, told, at));
      next = { ...next, moneyChanges: next.moneyChanges + 1 };
    }
  }
  return {
    ...next,
    orders,
    fills: joined(tape.fills, fills),
    marks: joined(tape.marks, marks),
  };
}

const joined = <T>(before: readonly T[], after: readonly T[]): readonly T[] =>
  after.length === 0 ? before : [...before, ...after].slice(-FILLS_MAX);

function afterSession(tape: Tape, { event }: Told): Tape {
  const isDeleted = tape.isDeleted || event === "session_deleted";
  const rewinds = tape.rewinds + (event === "rewound" ? 1 : 0);
  return { ...tape, isDeleted, rewinds, sessionChanges: tape.sessionChanges + 1 };
}

function takeOrder({ order, account_id: account }: Told, orders: Map<string, ToldOrder>): void {
  if (order === undefined || account === undefined) return;
  const { legs, ...own } = order;
  orders.set(own.id, { ...own, account });
  // Held legs have no events of their own.
  for (const leg of legs ?? []) orders.set(leg.id, { ...leg, account });
}

function fillsOf(type: string, { order, price, qty, account_id: account }: Told, at: number): readonly Fill[] {
  if (type !== "fill" || order === undefined) return [];
  return [
    {
      at,
      symbol: order.symbol,
      side: order.side,
      qty: Number(qty),
      price: Number(price),
      order: order.id,
      account: account ?? "",
    },
  ];
}

function marksOf(type: string, { order, event }: Told, at: number): readonly Mark[] {
  if (order === undefined) return [];
  if (type === "fill") return [{ at, kind: order.side }];
  return event === "rejected" ? [{ at, kind: "refused" }] : [];
}

const OPEN_STATUSES: readonly string[] = ["accepted", "held", "new", "partially_filled", "pending_cancel"];

/** Whether it may still fill. */
export const isOpen = ({ status }: Pick<ToldOrder, "status">): boolean => OPEN_STATUSES.includes(status);
