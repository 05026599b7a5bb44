/** The fold: what each event makes of the state. Nothing else in the product changes a state. */
import { newYorkDate } from "../calendar/index.ts";
import {
  assert,
  missing,
  cash,
  instant,
  NO_CASH,
  quantity,
  unreachable,
  valueOf,
  type Cash,
  type Quantity,
} from "../kernel/index.ts";
import { countFill, dayTradeCount, PATTERN_TRADES } from "./accounts/day-trades.ts";
import { book } from "./accounts/ledger.ts";
import { completeConfig } from "./config.ts";
import type { EngineEvent, OrderAccepted, OrderAdjusted, OrderEvent, OrderFilled } from "./event.ts";
import { takenOf } from "./models/liquidity.ts";
import { bookEntry } from "./accounts/entries.ts";
import { hasPdtRules } from "./models/dated-rules.ts";
import {
  addOpenOrder,
  createAccount,
  removeOpenOrder,
  setPosition,
  writable,
  type MutableAccount,
  type MutableState,
} from "./mutable.ts";
import { newOrder } from "./new-order.ts";
import { isOpenStatus, nextStatus, type OrderStep } from "./orders/lifecycle.ts";
import type { Order, State } from "./state.ts";

/** Applies one event to the state, in place. Throws `InvariantError` where the event cannot follow. */
export function apply(readOnly: State, event: EngineEvent): void {
  const state = writable(readOnly);
  if ("order" in event) {
    if (event.kind === "order_accepted") acceptOrder(state, event);
    else changeOrder(state, event);
    state.histories.toChange(event.order - 1)?.push(event);
  } else if ("account" in event) applyToAccount(state, event);
  else applyToSession(state, event);
}

type SessionFact = Exclude<EngineEvent, { order: number } | { account: number }>;

function applyToSession(state: MutableState, event: SessionFact): void {
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
    case "data_accepted":
      return;
    case "session_configured":
      state.config = completeConfig(event.config);
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
    default:
      return unreachable(event);
  }
}

type AccountOpened = Extract<EngineEvent, { kind: "account_opened" }>;
type AccountClosed = Extract<EngineEvent, { kind: "account_closed" }>;
type AccountFact = Exclude<Extract<EngineEvent, { account: number }>, OrderEvent>;

function applyToAccount(state: MutableState, event: AccountFact): void {
  if (event.kind === "account_opened") return openAccount(state, event);
  const account = accountOf(state, event.account);
  switch (event.kind) {
    case "account_updated":
      account.profile = event.profile;
      return;
    case "account_closed":
      return closeAccount(account, event);
    case "account_configured":
      account.configuration = event.configuration;
      return;
    case "account_entry":
      return bookEntry(account, event);
    case "dividend_entitled":
      account.entitlements.set(event.entitlement, event);
      account.entitlementCount = event.entitlement;
      return;
    case "cost_accrued":
      account.accruals = { ...account.accruals, [event.accrual]: account.accruals[event.accrual] + event.accrued };
      return;
    case "margin_called":
      account.marginCallAt ??= event.at;
      return;
    case "margin_call_met":
      account.marginCallAt = undefined;
      return;
    default:
      return unreachable(event);
  }
}

function openAccount(state: MutableState, event: AccountOpened): void {
  assert(event.account === state.accounts.length + 1, "Invariant: accounts are numbered without a gap");
  const account = createAccount({ ...event, ordinal: event.account });
  for (const { symbol, qty, avgEntryPrice } of event.positions) {
    const costBasis = valueOf(qty, avgEntryPrice);
    setPosition(account, symbol, { symbol, qty, avgEntryPrice, costBasis, openedAt: event.at });
    account.otherCash = cash(account.otherCash + costBasis);
  }
  state.accounts.push(account);
}

function closeAccount(account: MutableAccount, event: AccountClosed): void {
  account.status = "ACCOUNT_CLOSED";
  account.closedAt = event.at;
}

function changeOrder(state: MutableState, event: Exclude<OrderEvent, OrderAccepted>): void {
  switch (event.kind) {
    case "order_opened":
      moveOrder(state, event, "opened");
      return;
    case "order_filled":
      return fillOrder(state, event);
    case "order_reduced":
      return reduceOrder(state, event);
    case "order_adjusted":
      return adjustOrder(state, event);
    case "order_woken": {
      const draft = moveOrder(state, event, "woken");
      draft.effectiveAt = event.at;
      draft.markFrom = event.at;
      draft.wokenIn = event.barStart;
      return;
    }
    case "order_triggered": {
      const draft = moveOrder(state, event, "triggered");
      draft.triggeredBy = event.barStart;
      draft.mark = event.mark ?? draft.mark;
      draft.stopPrice = event.stopPrice ?? draft.stopPrice;
      return;
    }
    case "order_cancel_requested":
      moveOrder(state, event, "cancel_requested").cancelAfter = event.barStart;
      return;
    default:
      return endOrder(state, event);
  }
}

type EndEvent = Extract<OrderEvent, { kind: "order_canceled" | "order_expired" | "order_rejected" | "order_replaced" }>;

function endOrder(state: MutableState, event: EndEvent): void {
  switch (event.kind) {
    case "order_canceled": {
      const draft = moveOrder(state, event, "canceled");
      draft.canceledAt = event.at;
      draft.reason = event.reason;
      return;
    }
    case "order_expired": {
      const draft = moveOrder(state, event, "expired");
      draft.expiredAt = event.at;
      draft.reason = event.reason;
      return;
    }
    case "order_rejected": {
      const draft = moveOrder(state, event, "rejected");
      draft.failedAt = event.at;
      draft.reason = event.reason;
      return;
    }
    case "order_replaced": {
      const draft = moveOrder(state, event, "replaced");
      draft.replacedAt = event.at;
      draft.replacedBy = event.by;
      return;
    }
    default:
      return unreachable(event);
  }
}

function acceptOrder(state: MutableState, event: OrderAccepted): void {
  assert(event.order === state.orders.length + 1, "Invariant: orders are numbered without a gap");
  const account = accountOf(state, event.account);
  const parent = event.parent === undefined ? undefined : orderOf(state, event.parent);
  const order = newOrder(event, event.replaces === undefined ? NO_LEGS : replacedLegs(state, event));
  state.orders.push(order);
  state.histories.push([]);
  if (parent !== undefined) adoptLeg(state, parent, event);
  account.orders.push(event.order);
  addOpenOrder(account, order);
  if (event.clientOrderId !== undefined) account.clientOrderIds.set(event.clientOrderId, event.order);
}

const NO_LEGS: readonly number[] = [];

/** A parent's successor takes over its legs. */
function replacedLegs(state: MutableState, { order, replaces }: OrderAccepted): readonly number[] {
  const legs = replaces === undefined ? [] : orderOf(state, replaces).legs;
  for (const leg of legs) state.orders.set(leg - 1, { ...orderOf(state, leg), parent: order });
  return legs;
}

/** A new leg, or one in the place of what it replaces. */
function adoptLeg(state: MutableState, parent: Order, { order, replaces }: OrderAccepted): void {
  const legs = parent.legs.includes(replaces ?? 0)
    ? parent.legs.map((leg) => (leg === replaces ? order : leg))
    : [...parent.legs, order];
  state.orders.set(parent.ordinal - 1, { ...parent, legs });
}

/** The record of an order while it is made; to everyone else it is read-only. */
type Draft = { -readonly [Key in keyof Order]: Order[Key] };

/** Replaces the record of an order by a copy in the next status, and returns it for the rest to be written. */
function moveOrder(
  state: MutableState,
  event: OrderEvent,
  step: OrderStep,
  order = orderOf(state, event.order),
): Draft {
  if (event.at < order.updatedAt) assert(false, "Invariant: no event is earlier than the one before");
  const draft: Draft = { ...order };
  draft.status = nextStatus(order.status, step);
  draft.updatedAt = event.at;
  state.orders.set(event.order - 1, draft);
  if (isOpenStatus(draft.status)) return draft;
  const account = accountOf(state, order.account);
  removeOpenOrder(account, order);
  reserve(account, draft, NO_CASH);
  return draft;
}

/** Changes what an order holds of its account's buying power. */
function reserve(account: MutableAccount, draft: Draft, reserved: Cash): void {
  if (draft.reserved === reserved) return;
  account.reserved = cash(account.reserved - draft.reserved + reserved);
  draft.reserved = reserved;
}

function reduceOrder(state: MutableState, event: Extract<OrderEvent, { kind: "order_reduced" }>): void {
  assert(event.qty > orderOf(state, event.order).filledQty, "Invariant: a reduced order still asks for something");
  const draft = moveOrder(state, event, "reduced");
  draft.qty = event.qty;
  draft.totalQty = event.qty;
}

function adjustOrder(state: MutableState, event: OrderAdjusted): void {
  const draft = moveOrder(state, event, "adjusted");
  const { limitPrice, stopPrice, trailPrice, collar, mark } = event;
  // An order that is still on its way sees no bar before it arrives.
  const markFrom = instant(Math.max(event.at, draft.effectiveAt));
  Object.assign(draft, { limitPrice, stopPrice, trailPrice, collar, mark, markFrom });
  if (event.qty === undefined) return;
  draft.qty = event.qty;
  draft.totalQty = event.qty;
}

function fillOrder(state: MutableState, event: OrderFilled): void {
  const order = orderOf(state, event.order);
  const account = accountOf(state, order.account);
  const totalQty = order.totalQty ?? event.sizedQty ?? missing("Invariant: a fill knows the size of its order");
  const filledQty = quantity(order.filledQty + event.qty);
  assert(event.qty > 0n && filledQty <= totalQty, "Invariant: filled + remaining = quantity");
  const isFull = filledQty === totalQty;
  const draft = moveOrder(state, event, isFull ? "filled_fully" : "filled_partly", order);
  draft.totalQty = totalQty;
  draft.filledQty = filledQty;
  draft.filledValue = order.filledValue + event.qty * event.price;
  draft.filledIn = event.barStart;
  if (isFull) draft.filledAt = event.at;
  else reserve(account, draft, heldAfter(order, totalQty, event.qty));
  bookFill({ state, account, order }, event);
}

/** What an order still holds: the part that is not filled of what it held before the fill. */
function heldAfter({ reserved, filledQty }: Order, totalQty: Quantity, qty: Quantity): Cash {
  const left = totalQty - filledQty;
  return cash((reserved * (left - qty)) / left);
}

function bookFill({ state, account, order }: Filling, event: OrderFilled): void {
  const { symbol, side } = order;
  const before = account.positions.get(symbol);
  const { qty, price, cash: value, at } = event;
  const booking = book(before, { symbol, side, qty, price, cash: value, at });
  account.cash = cash(account.cash + booking.cashChange);
  if (booking.realized !== 0n) account.realizedPnl = cash(account.realizedPnl + booking.realized);
  setPosition(account, symbol, booking.position);
  if (state.config.participation !== null) useBar(account, symbol, event);
  account.activities.push(event);
  accrueFees(account, event);
  if (hasPdtRules(state.config, event.at)) {
    countDayTrade(account, {
      at: event.at,
      symbol,
      isOpening: before === undefined || before.qty > 0n === (side === "buy"),
    });
  }
}

/** Only a cap asks for what was taken of a bar (R28). */
function useBar(account: MutableAccount, symbol: string, { barStart, qty }: OrderFilled): void {
  const used = takenOf(account.barUsage.get(symbol), barStart);
  account.barUsage.set(symbol, { barStart, qty: quantity(used + qty) });
}

interface Filling {
  readonly state: MutableState;
  readonly account: MutableAccount;
  readonly order: Order;
}

function accrueFees(account: MutableAccount, { secFee = 0n, tafFee = 0n, catFee = 0n }: OrderFilled): void {
  if (secFee === 0n && tafFee === 0n && catFee === 0n) return;
  const { sec, taf, cat } = account.accruals;
  account.accruals = { ...account.accruals, sec: sec + secFee, taf: taf + tafFee, cat: cat + catFee };
}

function countDayTrade(account: MutableAccount, fill: Parameters<typeof countFill>[1]): void {
  countFill(account.dayTrades, fill);
  if (fill.isOpening || account.isPatternDayTrader) return;
  account.isPatternDayTrader = dayTradeCount(account.dayTrades, newYorkDate(fill.at)) >= PATTERN_TRADES;
}

function accountOf(state: MutableState, ordinal: number): MutableAccount {
  const account = state.accounts[ordinal - 1];
  return account ?? missing("Invariant: an event names an account that exists");
}

function orderOf(state: MutableState, ordinal: number): Order {
  return state.orders.get(ordinal - 1) ?? missing("Invariant: an event names an order that exists");
}
