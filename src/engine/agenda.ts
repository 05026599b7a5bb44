/** The engine's loop over future events: each open order names the next moment that could concern it; the earliest wins. */
import { assert, instant, type Bar, type BarCondition, type Instant, unitsToNumber } from "../kernel/index.ts";
import type { EngineEvent } from "./event.ts";
import { evaluate } from "./matching/evaluate.ts";
import { compareMoments, isWithin, PHASE, standingAt, type Moment, type Phase } from "./moment.ts";
import { createQueue, type Queue } from "./moment-queue.ts";
import { isOpenStatus } from "./orders/lifecycle.ts";
import { isImmediate, isInHours, nextOpening, venueHours } from "./orders/venue.ts";
import type { Tape } from "./ports.ts";
import type { Order, State } from "./state.ts";

/** A moment with the bar that it is about; without one it is the calendar's. */
interface Appointment extends Moment {
  readonly bar: Bar | undefined;
}

/** What is due in one state, on one tape, from the clock on. Make a new one for every advance. */
export interface Agenda {
  readonly state: State;
  readonly tape: Tape;
  readonly queue: Queue<Appointment>;
  /** Up to where everything is done. */
  done: Moment;
  /** The order whose events were handed out last; it goes back on the agenda once they are applied. */
  touched: number | undefined;
}

/** Events of one moment, to be applied before the next are asked for. */
export interface Step {
  readonly at: Instant;
  readonly events: readonly EngineEvent[];
}

const DAY_BAR_MS_MAX = 86_400_000;
const ANY: BarCondition = { kind: "any" };

export function openAgenda(state: State, tape: Tape): Agenda {
  const agenda: Agenda = {
    state,
    tape,
    queue: createQueue<Appointment>(compareMoments),
    done: standingAt(state.clock),
    touched: undefined,
  };
  for (const account of state.accounts) {
    for (const ordinal of account.openOrders) schedule(agenda, ordinal);
  }
  return agenda;
}

/**
 * The events of the next moment not after `until` (at `until` itself, opens stay pending: R7), or undefined.
 * Apply them to the agenda's state before asking again, so that an advance sees its own effects.
 */
export function nextEvents(agenda: Agenda, until: Instant): Step | undefined {
  if (agenda.touched !== undefined) schedule(agenda, agenda.touched);
  agenda.touched = undefined;
  for (;;) {
    const due = agenda.queue.peek();
    if (due === undefined || !isWithin(due, until)) return undefined;
    agenda.queue.pop();
    agenda.done = due;
    const events = eventsOf(agenda, due);
    if (events.length > 0) {
      agenda.touched = due.order;
      return { at: due.at, events };
    }
    schedule(agenda, due.order);
  }
}

/** Whether nothing is due until then: an agenda of which nothing was taken stays true as the clock moves. */
export function isQuiet(agenda: Agenda, until: Instant): boolean {
  const due = agenda.queue.peek();
  return agenda.touched === undefined && (due === undefined || !isWithin(due, until));
}

function eventsOf(agenda: Agenda, due: Appointment): readonly EngineEvent[] {
  const { state, tape } = agenda;
  const order = orderOf(state, due.order);
  if (due.phase === PHASE.start) return [{ kind: "order_opened", at: due.at, order: order.ordinal }];
  if (due.phase === PHASE.expiry) return [endOfTime(order, due.at)];
  assert(due.bar !== undefined, "Invariant: a bar's moment has a bar");
  return evaluate({ state, order, bar: due.bar, moment: due, known: tape.knownAt(due.at) });
}

/** An immediate order that met no bar in its session is cancelled, every other expires. */
function endOfTime(order: Order, at: Instant): EngineEvent {
  if (isImmediate(order.timeInForce)) return { kind: "order_canceled", at, order: order.ordinal, reason: "no_volume" };
  return { kind: "order_expired", at, order: order.ordinal };
}

function schedule(agenda: Agenda, ordinal: number): void {
  const order = orderOf(agenda.state, ordinal);
  if (!isOpenStatus(order.status)) return;
  const next = order.status === "accepted" ? opening(order) : earlier(barMoment(agenda, order), expiry(order));
  if (next !== undefined) agenda.queue.push(next);
}

const opening = (order: Order): Appointment => appoint(order, order.opensAt, PHASE.start, undefined);

function expiry(order: Order): Appointment | undefined {
  return order.expiresAt === undefined ? undefined : appoint(order, order.expiresAt, PHASE.expiry, undefined);
}

function appoint(order: Order, at: Instant, phase: Phase, bar: Bar | undefined): Appointment {
  return { at, phase, symbol: order.symbol, order: order.ordinal, bar };
}

function earlier(a: Appointment | undefined, b: Appointment | undefined): Appointment | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareMoments(a, b) <= 0 ? a : b;
}

/** The next moment at which a bar could do something to an order. */
function barMoment(agenda: Agenda, order: Order): Appointment | undefined {
  return closeOnlyMoment(agenda, order) ?? searchBars(agenda, order);
}

/** R4: the end of the day bar that was running when the order became effective. */
function closeOnlyMoment({ state, tape, done }: Agenda, order: Order): Appointment | undefined {
  if (state.config.partialDayBar !== "close_only" || isImmediate(order.timeInForce)) return undefined;
  if (done.at - order.effectiveAt > DAY_BAR_MS_MAX) return undefined;
  const bar = tape.barAt(order.symbol, order.effectiveAt);
  if (bar === undefined || !bar.isDay || bar.volume <= 0 || bar.start >= order.effectiveAt) return undefined;
  const moment = appoint(order, bar.end, PHASE.barEnd, bar);
  return compareMoments(moment, done) > 0 ? moment : undefined;
}

function searchBars(agenda: Agenda, order: Order): Appointment | undefined {
  const { state, tape } = agenda;
  const hours = venueHours(state.config, order.extendedHours);
  const seesEmptyBars = isImmediate(order.timeInForce);
  const condition = seesEmptyBars ? ANY : conditionOf(agenda, order);
  let from = instant(Math.max(order.effectiveAt, order.opensAt, searchStart(agenda, order)));
  for (;;) {
    const bar = tape.firstBar(order.symbol, from, condition);
    if (bar === undefined || (order.expiresAt !== undefined && bar.start >= order.expiresAt)) return undefined;
    const isEligible = isInHours(hours, bar.start);
    const moment = isEligible && (bar.volume > 0 || seesEmptyBars) ? momentIn(agenda, order, bar) : undefined;
    if (moment !== undefined) return moment;
    from = isEligible ? instant(bar.start + 1) : nextOpening(hours, bar.start);
  }
}

/** The bar that has not ended at what is done may still matter; anything before it is over. */
function searchStart({ tape, done }: Agenda, order: Order): Instant {
  const running = tape.barAt(order.symbol, instant(done.at - 1));
  if (running === undefined) return done.at;
  return compareMoments(appoint(order, running.end, PHASE.barEnd, running), done) > 0 ? running.start : done.at;
}

/** The first moment of a bar that is still ahead: open, leftover of an immediate order, end. */
function momentIn({ done }: Agenda, order: Order, bar: Bar): Appointment | undefined {
  const open = appoint(order, bar.start, PHASE.barOpen, bar);
  if (compareMoments(open, done) > 0) return open;
  const leftover = appoint(order, bar.start, PHASE.leftover, bar);
  if (isImmediate(order.timeInForce) && compareMoments(leftover, done) > 0) return leftover;
  const end = appoint(order, bar.end, PHASE.barEnd, bar);
  return compareMoments(end, done) > 0 ? end : undefined;
}

/** Which bars can concern an order: those that reach its stop, or its limit; every one for a market order. */
function conditionOf({ state }: Agenda, order: Order): BarCondition {
  const isWaitingForStop = order.stopPrice !== undefined && order.triggeredBy === undefined;
  if (isWaitingForStop && order.stopPrice !== undefined) {
    const price = unitsToNumber(order.stopPrice);
    return { kind: order.side === "buy" ? "high_above" : "low_below", price, orEqual: true };
  }
  if (order.limitPrice === undefined) return ANY;
  const price = unitsToNumber(order.limitPrice);
  const orEqual = state.config.limitRule === "touch";
  return { kind: order.side === "buy" ? "low_below" : "high_above", price, orEqual };
}

function orderOf(state: State, ordinal: number): Order {
  const order = state.orders[ordinal - 1];
  assert(order !== undefined, "Invariant: the agenda names orders that exist");
  return order;
}
