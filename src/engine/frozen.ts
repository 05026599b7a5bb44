/** A state as plain data, to be stored and read again: what is always needed, and the pages of its lists by themselves. */
import type { Instant } from "../kernel/index.ts";
import { isOpenStatus } from "./orders/lifecycle.ts";
import { writable, type MutableAccount, type MutableState } from "./mutable.ts";
import { PagedKeys, PagedRows, type ChangedPages, type KeyReader, type PageReader } from "./paged.ts";
import type { Order, State } from "./state.ts";

/** What every reader of a state needs; made of what a structured clone takes. */
export interface FrozenHead {
  readonly state: Omit<State, "accounts" | "orders" | "histories">;
  readonly orders: number;
  readonly accounts: readonly FrozenAccount[];
}

interface FrozenAccount {
  readonly fields: Omit<MutableAccount, "orders" | "activities" | "clientOrderIds">;
  readonly orders: number;
  readonly activities: number;
}

export interface FrozenPage {
  readonly list: string;
  readonly page: number;
  readonly items: readonly unknown[];
}

export interface FrozenKey {
  readonly account: number;
  readonly key: string;
  readonly ordinal: number;
}

/** What has changed since the state was stored last; valid until the next event. */
export interface FrozenState {
  readonly head: FrozenHead;
  readonly pages: readonly FrozenPage[];
  readonly keys: readonly FrozenKey[];
}

/** Where the pages and keys of a stored state are. */
export interface FrozenSource {
  readonly page: (list: string, page: number) => readonly unknown[];
  /** The order of an account that has a client_order_id. */
  readonly key: (account: number, key: string) => number | undefined;
}

export function freezeState(readOnly: State): FrozenState {
  const { accounts, orders, histories: _histories, ...state } = writable(readOnly);
  const pages = listsOf(readOnly).flatMap(([list, rows]) => pagesOf(list, rows.changed()));
  const keys = accounts.flatMap(({ ordinal, clientOrderIds }) =>
    [...clientOrderIds.changed()].map(([key, order]) => ({ account: ordinal, key, ordinal: order })),
  );
  return { head: { state, orders: orders.length, accounts: accounts.map(frozenAccount) }, pages, keys };
}

/** The state that was frozen; its pages are read when they are asked for. The head becomes part of it. */
export function thawState(head: FrozenHead, source: FrozenSource): State {
  const accounts = head.accounts.map(({ fields, orders, activities }): MutableAccount => {
    const { ordinal } = fields;
    return {
      ...fields,
      orders: PagedRows.stored(orders, readerOf(source, ordersOf(ordinal))),
      activities: PagedRows.stored(activities, readerOf(source, activitiesOf(ordinal))),
      clientOrderIds: PagedKeys.stored(keysOf(source, ordinal)),
    };
  });
  const state: MutableState = {
    ...head.state,
    accounts,
    orders: PagedRows.stored(head.orders, readerOf(source, ORDERS)),
    histories: PagedRows.stored(head.orders, readerOf(source, HISTORIES)),
  };
  return state;
}

/** What `freezeState` gave is in a store now. */
export function stateWasStored(state: State, source: FrozenSource): void {
  for (const [list, rows] of listsOf(state)) rows.wasStored(readerOf(source, list));
  for (const { ordinal, clientOrderIds } of writable(state).accounts) clientOrderIds.wasStored(keysOf(source, ordinal));
}

/** Lets go of the pages that are in a store; says how many. */
export const releasePages = (state: State): number =>
  listsOf(state).reduce((count, [, rows]) => count + rows.release(), 0);

/** Somebody asked for what a state has let go of for good. */
export class PastForgotten extends Error {
  override readonly name = "PastForgotten";
}

/**
 * Lets go of what nobody is likely to ask for again: orders that ended before an instant and belong to no others, and
 * activities before it. Whoever asks all the same meets PastForgotten, and has to begin anew with a state that forgets
 * nothing.
 */
export function forgetPast(readOnly: State, before: Instant): void {
  const { orders, histories, accounts } = writable(readOnly);
  const needed = new Set<number>();
  const gone: PageReader = (page) => {
    throw new PastForgotten(`page ${page} was let go of`);
  };
  const isNeeded = (order: Order): boolean =>
    isOpenStatus(order.status) || order.updatedAt >= before || order.legs.length > 0 || order.parent !== undefined;
  const noteNeeded = (page: number, items: readonly Order[]): boolean => {
    const isKept = items.some(isNeeded);
    if (isKept) needed.add(page);
    return isKept;
  };
  orders.forget(noteNeeded, gone);
  histories.forget((page) => needed.has(page), gone);
  for (const { activities } of accounts)
    activities.forget((_page, items) => items.some(({ at }) => at >= before), gone);
}

/** Items of its lists that are in memory: orders, what happened to them, activities. */
export const itemsHeld = (state: State): number => listsOf(state).reduce((count, [, rows]) => count + rows.held, 0);

const ORDERS = "orders";
const HISTORIES = "histories";
const ordersOf = (account: number): string => `orders/${account}`;
const activitiesOf = (account: number): string => `activities/${account}`;

function listsOf(state: State): readonly (readonly [list: string, rows: PagedRows<unknown>])[] {
  const { orders, histories, accounts } = writable(state);
  return [
    [ORDERS, orders],
    [HISTORIES, histories],
    ...accounts.flatMap((account): [string, PagedRows<unknown>][] => [
      [ordersOf(account.ordinal), account.orders],
      [activitiesOf(account.ordinal), account.activities],
    ]),
  ];
}

function frozenAccount({ orders, activities, clientOrderIds: _keys, ...fields }: MutableAccount): FrozenAccount {
  return { fields, orders: orders.length, activities: activities.length };
}

const pagesOf = (list: string, { pages }: ChangedPages): readonly FrozenPage[] =>
  [...pages].map(([page, items]) => ({ list, page, items }));

const readerOf =
  (source: FrozenSource, list: string): PageReader =>
  (page) =>
    source.page(list, page);

const keysOf =
  (source: FrozenSource, account: number): KeyReader =>
  (key) =>
    source.key(account, key);
