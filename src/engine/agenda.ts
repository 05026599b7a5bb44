/** The engine's loop over future events: each open order names the next moment that could concern it; the earliest wins. */
import { missing, type Bar, type Instant } from "../kernel/index.ts";
import { accountDuties, nextDuties, type Duty } from "./accounts/duties.ts";
import { actionEvents, nextAction, type DueAction } from "./corporate-actions/actions.ts";
import type { EngineEvent, OrderEvent } from "./event.ts";
import { auctionEvents } from "./matching/auction.ts";
import { evaluate, leftoverOf } from "./matching/evaluate.ts";
import { agendaMarks } from "./matching/marks.ts";
import { nextOfOrder } from "./matching/search.ts";
import { compareMoments, isWithin, PHASE, standingAt, type Moment } from "./moment.ts";
import { createQueue, type Queue } from "./moment-queue.ts";
import { ended } from "./orders/groups.ts";
import { isOpenStatus } from "./orders/lifecycle.ts";
import { isImmediate, venueHours } from "./orders/venue.ts";
import type { Tape } from "./ports.ts";
import type { Order, State } from "./state.ts";

/** What an appointment is about. */
type Subject =
  | { readonly kind: "order"; readonly ordinal: number; readonly bar: Bar | undefined }
  | { readonly kind: "account"; readonly ordinal: number; readonly duties: readonly Duty[] }
  | { readonly kind: "company"; readonly due: DueAction };

export interface Appointment extends Moment {
  readonly key: Key;
  readonly subject: Subject;
}

/** Orders by their ordinal, accounts by theirs below zero, companies by symbol. */
type Key = number | string;

/** What is due in one state, on one tape, from the clock on: as long as it is told of every event that is not its own. */
export interface Agenda {
  readonly state: State;
  readonly tape: Tape;
  readonly queue: Queue<Appointment>;
  /** The one appointment of each subject that counts; any other in the queue is out of date. */
  readonly current: Map<Key, Appointment>;
  /** Up to where everything is done. */
  done: Moment;
  /** Whose events were handed out last, they go back on the agenda once these are applied; some may be named twice. */
  readonly touched: Key[];
  /** Symbols whose companies are on the agenda, if they ever do anything. */
  readonly companies: Set<string>;
}

/** Events of one moment, to be applied before the next are asked for. */
export interface Step {
  readonly at: Instant;
  readonly events: readonly EngineEvent[];
}

export function openAgenda(state: State, tape: Tape): Agenda {
  const agenda: Agenda = {
    state,
    tape,
    queue: createQueue<Appointment>(compareMoments),
    current: new Map(),
    done: standingAt(state.clock),
    touched: [],
    companies: new Set(),
  };
  const symbols = new Set<string>();
  for (const account of state.accounts) {
    for (const ordinal of account.openOrders) {
      symbols.add(orderOf(state, ordinal).symbol);
      scheduleOrder(agenda, ordinal);
    }
    for (const symbol of account.positions.keys()) symbols.add(symbol);
    scheduleAccount(agenda, account.ordinal);
  }
  for (const symbol of symbols) scheduleCompany(agenda, symbol);
  return agenda;
}

/**
 * The events of the next moment not after `until` (at `until` itself, opens stay pending: R7), or undefined.
 * Apply them to the agenda's state before asking again, so that an advance sees its own effects.
 */
export function nextEvents(agenda: Agenda, until: Instant): Step | undefined {
  settle(agenda);
  for (;;) {
    const due = agenda.queue.peek();
    if (due === undefined || !isWithin(due, until)) return undefined;
    agenda.queue.pop();
    const { key } = due;
    if (agenda.current.get(key) !== due) continue;
    agenda.current.delete(key);
    agenda.done = due;
    const events = eventsOf(agenda, due);
    if (events.length > 0) {
      noteTouched(agenda, key);
      touch(agenda, events);
      return { at: due.at, events };
    }
    schedule(agenda, key);
  }
}

/** Takes account of what a command did at the clock, so that the agenda holds on: opens at the clock are ahead again. */
export function noteCommand(agenda: Agenda, events: readonly EngineEvent[]): void {
  agenda.done = standingAt(agenda.state.clock);
  touch(agenda, events);
}

/** Whether nothing is due until then; what is out of date may stand in for something that is. */
export function isQuiet(agenda: Agenda, until: Instant): boolean {
  settle(agenda);
  const due = agenda.queue.peek();
  return due === undefined || !isWithin(due, until);
}

/** Whether most of an agenda is out of date, so that a new one is shorter. */
export const isCluttered = ({ queue, current }: Agenda): boolean => queue.size() > CLUTTER + 4 * current.size;

/** Appointments out of date that do no harm. */
const CLUTTER = 256;

/** Puts back on the agenda whom the last events concerned. */
function settle(agenda: Agenda): void {
  const { touched } = agenda;
  for (let key = touched.pop(); key !== undefined; key = touched.pop()) schedule(agenda, key);
}

/** Notes whom events may give a new appointment. */
function touch(agenda: Agenda, events: readonly EngineEvent[]): void {
  for (const event of events) {
    if ("order" in event) touchOrder(agenda, event);
    else if ("account" in event) touchAccount(agenda, event);
  }
}

type AccountEvent = Exclude<Extract<EngineEvent, { account: number }>, OrderEvent>;

function touchAccount(agenda: Agenda, event: AccountEvent): void {
  noteTouched(agenda, -event.account);
  if (event.kind === "account_opened") touchCompanies(agenda, event.positions);
  else if (event.kind === "account_entry") touchCompanies(agenda, event.holdings);
}

function touchCompanies({ touched, companies }: Agenda, held: readonly { readonly symbol: string }[]): void {
  for (const { symbol } of held) {
    companies.add(symbol);
    touched.push(symbol);
  }
}

/** The first order of a symbol brings its company's actions onto the agenda. */
function touchOrder(agenda: Agenda, event: OrderEvent): void {
  noteTouched(agenda, event.order);
  if (event.kind === "order_filled") noteTouched(agenda, -orderOf(agenda.state, event.order).account);
  if (event.kind !== "order_accepted" || agenda.companies.has(event.symbol)) return;
  agenda.companies.add(event.symbol);
  agenda.touched.push(event.symbol);
}

/** Events of one order mostly come together. */
function noteTouched({ touched }: Agenda, key: Key): void {
  if (touched[touched.length - 1] !== key) touched.push(key);
}

function eventsOf(agenda: Agenda, due: Appointment): readonly EngineEvent[] {
  const { state, tape } = agenda;
  const { subject } = due;
  if (subject.kind === "account") return accountDuties(state, tape, { ...subject, at: due.at });
  if (subject.kind === "company") return actionEvents(state, tape, { due: subject.due, at: due.at });
  const order = orderOf(state, subject.ordinal);
  if (due.phase === PHASE.start) return [{ kind: "order_opened", at: due.at, order: order.ordinal }];
  if (due.phase === PHASE.auction) return auctionEvents(state, tape, { order, at: due.at });
  if (due.phase === PHASE.expiry) return endOfTime(state, order, due.at);
  const bar = subject.bar ?? missing("Invariant: a bar's moment has a bar");
  const mark = order.type === "trailing_stop" ? markBefore(agenda, order, bar) : undefined;
  return evaluate({ config: state.config, state, order, bar, moment: due, tape, mark });
}

function markBefore({ state, tape }: Agenda, order: Order, bar: Bar): ReturnType<typeof agendaMarks.before> {
  const bars = (from: Instant): Bar | undefined => tape.firstBar(order.symbol, from, { kind: "any" });
  return agendaMarks.before(order, bar.start, {
    bars,
    hours: venueHours(state.config, order),
    partialDayBar: state.config.partialDayBar,
  });
}

/** A requested cancel comes; an immediate order that met no bar goes, one that met no auction is left over, others expire. */
function endOfTime(state: State, order: Order, at: Instant): readonly EngineEvent[] {
  const { ordinal } = order;
  if (order.cancelAfter !== undefined) {
    return ended(state, order, { kind: "order_canceled", at, order: ordinal, reason: "asked" });
  }
  if (isImmediate(order.timeInForce)) {
    return ended(state, order, { kind: "order_canceled", at, order: ordinal, reason: "no_volume" });
  }
  if (order.timeInForce === "opg") return ended(state, order, leftoverOf(state, order, at, "auction_leftover"));
  return ended(state, order, { kind: "order_expired", at, order: ordinal });
}

function schedule(agenda: Agenda, key: Key): void {
  if (typeof key === "number") {
    if (key > 0) scheduleOrder(agenda, key);
    else scheduleAccount(agenda, -key);
  } else scheduleCompany(agenda, key);
}

function put(agenda: Agenda, key: Key, appointment: Appointment | undefined): void {
  if (appointment === undefined) agenda.current.delete(key);
  else {
    agenda.current.set(key, appointment);
    agenda.queue.push(appointment);
  }
}

function scheduleOrder(agenda: Agenda, ordinal: number): void {
  const { state, tape, done } = agenda;
  const order = orderOf(state, ordinal);
  const next = isOpenStatus(order.status) ? nextOfOrder({ state, tape, done, order }) : undefined;
  if (next === undefined) return put(agenda, ordinal, undefined);
  const { at, phase, symbol, order: rank, bar } = next;
  put(agenda, ordinal, { at, phase, symbol, order: rank, key: ordinal, subject: { kind: "order", ordinal, bar } });
}

function scheduleAccount(agenda: Agenda, ordinal: number): void {
  const next = nextDuties(agenda.state, agenda.tape, { ordinal, done: agenda.done });
  if (next === undefined) return put(agenda, -ordinal, undefined);
  const { at, phase, duties } = next;
  const subject: Subject = { kind: "account", ordinal, duties };
  put(agenda, -ordinal, { at, phase, symbol: "", order: ordinal, key: -ordinal, subject });
}

function scheduleCompany(agenda: Agenda, symbol: string): void {
  agenda.companies.add(symbol);
  const due = nextAction(agenda.tape, symbol, agenda.done);
  if (due === undefined) return put(agenda, symbol, undefined);
  put(agenda, symbol, {
    at: due.at,
    phase: PHASE.corporate,
    symbol,
    order: due.index,
    key: symbol,
    subject: { kind: "company", due },
  });
}

function orderOf(state: State, ordinal: number): Order {
  return state.orders.get(ordinal - 1) ?? missing("Invariant: the agenda names orders that exist");
}
