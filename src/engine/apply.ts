/** The fold: what each event makes of the state. Nothing else in the product changes a state. */
import { assert, cash, NO_CASH, NO_SHARES, quantity, unreachable, valueOf } from "../kernel/index.ts";
import { book } from "./accounts/ledger.ts";
import type { EngineEvent, OrderAccepted, OrderFilled } from "./event.ts";
import { takenOf } from "./models/liquidity.ts";
import { createAccount, writable, type MutableAccount, type MutableState } from "./mutable.ts";
import { isOpenStatus, nextStatus, type OrderStep } from "./orders/lifecycle.ts";
import type { Order, State } from "./state.ts";

/** Applies one event to the state, in place. Throws `InvariantError` where the event cannot follow. */
export function apply(readOnly: State, event: EngineEvent): void {
  const state = writable(readOnly);
  switch (event.kind) {
    case "session_created":
      return assert(false, "Invariant: a session is created once");
    case "session_renamed":
      state.name = event.name;
      return;
    case "session_extended":
      state.endTime = event.endTime;
      state.status = "active";
      return;
    case "session_completed":
      state.status = "completed";
      return;
    case "playback_started":
      state.playback = { ...state.playback, isPlaying: true };
      return;
    case "playback_paused":
      state.playback = { ...state.playback, isPlaying: false };
      return;
    case "playback_speed_set":
      state.playback = { ...state.playback, speed: event.speed };
      return;
    case "account_opened":
      return openAccount(state, event);
    case "account_updated":
      accountOf(state, event.account).profile = event.profile;
      return;
    case "account_closed":
      closeAccount(state, event);
      return;
    default:
      return applyToOrder(state, event);
  }
}

type AccountOpened = Extract<EngineEvent, { kind: "account_opened" }>;
type AccountClosed = Extract<EngineEvent, { kind: "account_closed" }>;
type OrderEvent = Extract<EngineEvent, { order: number }>;

function openAccount(state: MutableState, event: AccountOpened): void {
  assert(event.account === state.accounts.length + 1, "Invariant: accounts are numbered without a gap");
  const account = createAccount({ ...event, ordinal: event.account });
  for (const { symbol, qty, avgEntryPrice } of event.positions) {
    const costBasis = valueOf(qty, avgEntryPrice);
    account.positions.set(symbol, { symbol, qty, avgEntryPrice, costBasis, openedAt: event.at });
  }
  state.accounts.push(account);
}

function closeAccount(state: MutableState, event: AccountClosed): void {
  const account = accountOf(state, event.account);
  account.status = "ACCOUNT_CLOSED";
  account.closedAt = event.at;
}

function applyToOrder(state: MutableState, event: OrderEvent): void {
  switch (event.kind) {
    case "order_accepted":
      return acceptOrder(state, event);
    case "order_opened":
      return moveOrder(state, event, "opened", {});
    case "order_triggered":
      return moveOrder(state, event, "triggered", { triggeredBy: event.barStart });
    case "order_filled":
      return fillOrder(state, event);
    case "order_canceled":
      return moveOrder(state, event, "canceled", { canceledAt: event.at, reason: event.reason });
    case "order_expired":
      return moveOrder(state, event, "expired", { expiredAt: event.at });
    case "order_rejected":
      return moveOrder(state, event, "rejected", { failedAt: event.at, reason: event.reason });
    case "order_replaced":
      return moveOrder(state, event, "replaced", { replacedAt: event.at, replacedBy: event.by });
    default:
      return unreachable(event);
  }
}

function acceptOrder(state: MutableState, event: OrderAccepted): void {
  assert(event.order === state.orders.length + 1, "Invariant: orders are numbered without a gap");
  const account = accountOf(state, event.account);
  const { kind: _kind, order: ordinal, at, ...terms } = event;
  state.orders.push({
    ...terms,
    ordinal,
    status: "accepted",
    submittedAt: at,
    filledQty: NO_SHARES,
    filledValue: 0n,
    totalQty: event.qty,
    updatedAt: at,
    filledAt: undefined,
    canceledAt: undefined,
    expiredAt: undefined,
    failedAt: undefined,
    replacedAt: undefined,
    replacedBy: undefined,
    reason: undefined,
  });
  account.orders.push(ordinal);
  account.openOrders.add(ordinal);
  if (event.clientOrderId !== undefined) account.clientOrderIds.set(event.clientOrderId, ordinal);
}

function moveOrder(state: MutableState, event: OrderEvent, step: OrderStep, changes: Partial<Order>): void {
  const order = orderOf(state, event.order);
  assert(event.at >= order.updatedAt, "Invariant: no event is earlier than the one before");
  const status = nextStatus(order.status, step);
  const isOpen = isOpenStatus(status);
  const reserved = isOpen ? (changes.reserved ?? order.reserved) : NO_CASH;
  state.orders[event.order - 1] = { ...order, ...changes, status, reserved, updatedAt: event.at };
  if (!isOpen) accountOf(state, order.account).openOrders.delete(event.order);
}

function fillOrder(state: MutableState, event: OrderFilled): void {
  const order = orderOf(state, event.order);
  const account = accountOf(state, order.account);
  const totalQty = order.totalQty ?? event.sizedQty;
  assert(totalQty !== undefined, "Invariant: a fill knows the size of its order");
  const filledQty = quantity(order.filledQty + event.qty);
  assert(event.qty > 0n && filledQty <= totalQty, "Invariant: filled + remaining = quantity");
  const isFull = filledQty === totalQty;
  const left = totalQty - order.filledQty;
  moveOrder(state, event, isFull ? "filled_fully" : "filled_partly", {
    totalQty,
    filledQty,
    filledValue: order.filledValue + event.qty * event.price,
    filledAt: isFull ? event.at : undefined,
    reserved: cash((order.reserved * (left - event.qty)) / left),
  });
  bookFill(account, order, event);
}

function bookFill(account: MutableAccount, order: Order, event: OrderFilled): void {
  const { symbol, side } = order;
  const booking = book(account.positions.get(symbol), { ...event, symbol, side });
  account.cash = cash(account.cash + booking.cashChange);
  account.realizedPnl = cash(account.realizedPnl + booking.realized);
  if (booking.position === undefined) account.positions.delete(symbol);
  else account.positions.set(symbol, booking.position);
  const used = takenOf(account.barUsage.get(symbol), event.barStart);
  account.barUsage.set(symbol, { barStart: event.barStart, qty: quantity(used + event.qty) });
}

function accountOf(state: MutableState, ordinal: number): MutableAccount {
  const account = state.accounts[ordinal - 1];
  assert(account !== undefined, "Invariant: an event names an account that exists");
  return account;
}

function orderOf(state: MutableState, ordinal: number): Order {
  const order = state.orders[ordinal - 1];
  assert(order !== undefined, "Invariant: an event names an order that exists");
  return order;
}
