/** The next moment that could concern an order: its opening, a bar that reaches it, its auction, its end. */
import { instant, type Bar, type BarCondition, type Instant, unitsToNumber } from "../../kernel/index.ts";
import { compareMoments, PHASE, type Moment, type Phase } from "../moment.ts";
import { entryOf, siblingsOf } from "../orders/groups.ts";
import { isImmediate, isInHours, nextOpening, venueHours } from "../orders/venue.ts";
import type { Tape } from "../ports.ts";
import type { Order, State } from "../state.ts";
import { agendaMarks } from "./marks.ts";
import { atOpen } from "./prices.ts";
import { isAdverseFirst, trailVerdict } from "./trail.ts";

/** An order, and up to where everything is done. */
export interface Search {
  readonly state: State;
  readonly tape: Tape;
  readonly done: Moment;
  readonly order: Order;
}

/** A moment with the bar that it is about; without one it is the calendar's. */
export interface OrderMoment extends Moment {
  readonly bar: Bar | undefined;
}

const DAY_BAR_MS_MAX = 86_400_000;
const ANY: BarCondition = { kind: "any" };

/** The next moment of an open order, or undefined where nothing will come of it. */
export function nextOfOrder(search: Search): OrderMoment | undefined {
  const { order } = search;
  const opening = order.isPlain && order.status === "new" ? plainOpening(search) : undefined;
  if (opening !== undefined) return opening;
  switch (order.status) {
    case "accepted":
      return calendarMoment(search, order.opensAt, PHASE.start);
    case "held":
      return order.orderClass === "oco" ? working(search) : expiry(search);
    case "pending_cancel":
      return lastBar(search);
    default:
      return working(search);
  }
}

/** The first open that a plain order meets, where it has seen nothing yet and no bar runs as the venue takes it. */
function plainOpening(search: Search): OrderMoment | undefined {
  const { state, tape, done, order } = search;
  const { symbol, opensAt, expiresAt } = order;
  if (order.effectiveAt > opensAt || !isAhead(opensAt, done)) return undefined;
  const bar = tape.firstBar(symbol, opensAt, ANY);
  if (bar === undefined || bar.volume <= 0 || (expiresAt !== undefined && bar.start >= expiresAt)) return undefined;
  // One that starts with it tells that none is running, and that its hours have begun.
  if (bar.start !== opensAt) {
    if (!isInHours(venueHours(state.config, order), bar.start) || closeOnlyMoment(search) !== undefined)
      return undefined;
  }
  return { at: bar.start, phase: PHASE.barOpen, symbol, order: order.ordinal, bar };
}

/** Whether opens at an instant are still to come. */
const isAhead = (at: Instant, done: Moment): boolean => at > done.at || (at === done.at && done.phase < PHASE.barOpen);

function working(search: Search): OrderMoment | undefined {
  const { order } = search;
  const { expiresAt } = order;
  if (order.timeInForce === "cls")
    return expiresAt === undefined ? undefined : calendarMoment(search, expiresAt, PHASE.auction);
  const bar = barMoment(search);
  if (expiresAt === undefined || (bar !== undefined && bar.at < expiresAt)) return bar;
  return earlier(bar, expiry(search));
}

function calendarMoment(search: Search, at: Instant, phase: Phase): OrderMoment {
  const { order } = search;
  return { at, phase, symbol: order.symbol, order: order.ordinal, bar: undefined };
}

function expiry(search: Search): OrderMoment | undefined {
  const { expiresAt } = search.order;
  return expiresAt === undefined ? undefined : calendarMoment(search, expiresAt, PHASE.expiry);
}

/** The bar that still decides before a requested cancel, over the whole group; then the cancel. */
function lastBar(search: Search): OrderMoment | undefined {
  const { tape, order } = search;
  const bar = order.cancelAfter === undefined ? undefined : tape.barAt(order.symbol, order.cancelAfter);
  if (bar === undefined) return expiry(search);
  return ahead(search, appoint(search, bar, PHASE.barEnd)) ?? calendarMoment(search, bar.end, PHASE.expiry);
}

function earlier(a: OrderMoment | undefined, b: OrderMoment | undefined): OrderMoment | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareMoments(a, b) <= 0 ? a : b;
}

function appoint(search: Search, bar: Bar, phase: Phase): OrderMoment {
  const at = phase === PHASE.barEnd ? bar.end : bar.start;
  return { at, phase, symbol: search.order.symbol, order: rankOf(search, bar, phase), bar };
}

/**
 * The place of an order among those of one moment: its ordinal. Members of a group stand together behind their entry,
 * the one first that the path through the bar reaches first (R23). At the open there is no path yet: the stop goes first.
 */
function rankOf({ state, order }: Search, bar: Bar, phase: Phase): number {
  if (order.orderClass === undefined) return order.ordinal;
  const [sibling] = siblingsOf(state, order);
  const entry = entryOf(state, order);
  if (sibling === undefined && entry === undefined) return order.ordinal;
  const first = Math.min(order.ordinal, sibling?.ordinal ?? order.ordinal);
  const base = Math.max(first, entry?.ordinal ?? 0);
  return base + (isFirst({ state, order }, bar, phase) ? FIRST_OF_GROUP : SECOND_OF_GROUP);
}

const FIRST_OF_GROUP = 0.25;
const SECOND_OF_GROUP = 0.5;

function isFirst({ state, order }: Pick<Search, "state" | "order">, bar: Bar, phase: Phase): boolean {
  const isStop = order.type !== "limit";
  if (phase !== PHASE.barEnd) return isStop;
  const [sibling] = siblingsOf(state, order);
  const mine = hasOpenSlice(state, order, bar);
  const other = sibling !== undefined && hasOpenSlice(state, sibling, bar);
  if (mine || other) return mine === other ? isStop : mine;
  // On a path the close comes last, and with it who sees no more of the bar (R4).
  const isLate = bar.start < order.effectiveAt;
  const isOtherLate = sibling === undefined ? isLate : bar.start < sibling.effectiveAt;
  if (state.config.intrabar !== "worst_case" && isLate !== isOtherLate) return isOtherLate;
  const stopComesFirst = order.wokenIn === bar.start || isAdverseFirst(state.config, order, bar);
  return isStop === stopComesFirst;
}

/** Whether an open served an order, which then gets its slice at the end of the bar (R28): that decides before the range. */
function hasOpenSlice({ config }: State, order: Order, bar: Bar): boolean {
  if (order.wokenIn === bar.start || bar.start < order.effectiveAt) return false;
  return atOpen({ config, order, bar, mark: undefined }).quote !== undefined;
}

/** The next moment at which a bar could do something to an order. */
function barMoment(search: Search): OrderMoment | undefined {
  const { order } = search;
  const inside = order.wokenIn === undefined ? undefined : entryBarMoment(search, order.wokenIn);
  if (inside !== undefined) return inside;
  return closeOnlyMoment(search) ?? searchBars(search);
}

/** R25: the end of the bar inside which the order's entry was filled. */
function entryBarMoment(search: Search, wokenIn: Instant): OrderMoment | undefined {
  const { tape, order } = search;
  if (search.done.at > order.effectiveAt) return undefined;
  const bar = tape.barAt(order.symbol, wokenIn);
  return bar === undefined ? undefined : ahead(search, appoint(search, bar, PHASE.barEnd));
}

const ahead = ({ done }: Search, moment: OrderMoment): OrderMoment | undefined =>
  compareMoments(moment, done) > 0 ? moment : undefined;

/** R4: the end of the day bar that was running when the order became effective. */
function closeOnlyMoment(search: Search): OrderMoment | undefined {
  const { state, tape, done, order } = search;
  if (state.config.partialDayBar !== "close_only" || hasOneBar(order)) return undefined;
  if (done.at - order.effectiveAt > DAY_BAR_MS_MAX) return undefined;
  const bar = tape.barAt(order.symbol, order.effectiveAt);
  if (bar === undefined || !bar.isDay || bar.volume <= 0 || bar.start >= order.effectiveAt) return undefined;
  return ahead(search, appoint(search, bar, PHASE.barEnd));
}

const hasOneBar = ({ timeInForce }: Order): boolean => timeInForce === "opg" || isImmediate(timeInForce);

function searchBars(search: Search): OrderMoment | undefined {
  const { state, tape, order } = search;
  const hours = venueHours(state.config, order);
  const condition = conditionOf(search);
  let from = searchStart(search);
  for (;;) {
    const bar = tape.firstBar(order.symbol, from, condition);
    if (bar === undefined || (order.expiresAt !== undefined && bar.start >= order.expiresAt)) return undefined;
    const isEligible = isInHours(hours, bar.start);
    const isSeen = bar.volume > 0 || isImmediate(order.timeInForce);
    const moment = isEligible && isSeen ? momentIn(search, bar) : undefined;
    if (moment !== undefined) return moment;
    from = isEligible ? instant(bar.start + 1) : nextOpening(hours, bar.start);
  }
}

/** No bar that starts earlier concerns an order: those before it is effective, those that are over, those seen already. */
function searchStart(search: Search): Instant {
  const { done, order } = search;
  const first = Math.max(order.effectiveAt, order.opensAt);
  const start = first >= done.at ? first : Math.max(first, unfinishedStart(search));
  return instant(order.type === "trailing_stop" ? Math.max(start, agendaMarks.quietUntil(order)) : start);
}

/** The bar that has not ended at what is done may still matter; anything before it is over. */
function unfinishedStart(search: Search): Instant {
  const { tape, done, order } = search;
  const running = tape.barAt(order.symbol, instant(done.at - 1));
  if (running === undefined) return done.at;
  return ahead(search, appoint(search, running, PHASE.barEnd)) === undefined ? done.at : running.start;
}

/** The first moment of a bar that is still ahead: open, leftover of an order with but one bar, end. */
function momentIn(search: Search, bar: Bar): OrderMoment | undefined {
  if (search.order.type === "trailing_stop" && search.order.triggeredBy === undefined) return trailMoment(search, bar);
  const open = ahead(search, appoint(search, bar, PHASE.barOpen));
  if (open !== undefined) return open;
  const leftover = hasOneBar(search.order) ? ahead(search, appoint(search, bar, PHASE.leftover)) : undefined;
  return leftover ?? ahead(search, appoint(search, bar, PHASE.barEnd));
}

/** Only a bar that hits the stop is a moment; every other moves the mark. */
function trailMoment(search: Search, bar: Bar): OrderMoment | undefined {
  const { state, tape, order } = search;
  const bars = (from: Instant): Bar | undefined => tape.firstBar(order.symbol, from, ANY);
  const mark = agendaMarks.before(order, bar.start, {
    bars,
    hours: venueHours(state.config, order),
    partialDayBar: state.config.partialDayBar,
  });
  const verdict = trailVerdict(state.config, order, mark, bar);
  if (verdict === undefined) {
    agendaMarks.noteQuiet(order, bar);
    return undefined;
  }
  const open = verdict.phase === "open" ? ahead(search, appoint(search, bar, PHASE.barOpen)) : undefined;
  return open ?? ahead(search, appoint(search, bar, PHASE.barEnd));
}

/** Which bars can concern an order: those that reach its stop, or its limit; every one for a market order. */
function conditionOf({ state, order }: Search): BarCondition {
  if (hasOneBar(order)) return ANY;
  const { stopPrice, limitPrice, collar, triggeredBy, side } = order;
  if (stopPrice !== undefined && triggeredBy === undefined) {
    return { kind: side === "buy" ? "high_above" : "low_below", price: unitsToNumber(stopPrice), orEqual: true };
  }
  const limit = order.type === "trailing_stop" ? undefined : (limitPrice ?? collar);
  if (limit === undefined) return ANY;
  const orEqual = state.config.limitRule === "touch";
  return { kind: side === "buy" ? "low_below" : "high_above", price: unitsToNumber(limit), orEqual };
}
