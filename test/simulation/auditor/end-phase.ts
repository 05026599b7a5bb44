/** R9: what every order does when a bar has ended and its high, low, close and volume are known, stamped `e`. */
import type { FillRule } from "../../../src/engine/index.ts";
import { endIfPositionGone, fill, isRunning, obtainable, type Offer } from "./fills.ts";
import { cancel, eachInTurn, siblingsOf, ticketOf, wakeLegs } from "./groups.ts";
import { isInHours } from "./hours.ts";
import { endImmediate, isEligible, limitOf, offerAt, queueFor, stopOfTrail, trigger } from "./open-phase.ts";
import { betterMark, clamped, isAtStop, isThrough, slipped } from "./prices.ts";
import { isAlive, type AuditBar, type Ticket, type World } from "./types.ts";

export function endBar(world: World, bar: AuditBar): void {
  eachInTurn(
    world,
    () => queueFor(world, bar.symbol),
    (ticket) => lookAtEnd(world, ticket, bar),
  );
  for (const ticket of queueFor(world, bar.symbol)) {
    if (isAlive(ticket) && ticket.cancelAt === bar.end) cancel(world, ticket, "asked");
  }
}

function lookAtEnd(world: World, ticket: Ticket, bar: AuditBar): void {
  if (ticket.entryBar?.barStart === bar.start) return lookInEntryBar(world, ticket, bar);
  if (ticket.slice?.barStart === bar.start) return takeSlice(world, ticket, bar);
  if (ticket.timeInForce === "cls" || ticket.timeInForce === "opg" || bar.volume === 0n) return;
  const isOwn = isEligible(world, ticket, bar);
  if (isOwn && (ticket.timeInForce === "ioc" || ticket.timeInForce === "fok")) return;
  if (isRivalFirst(world, ticket, bar)) return;
  if (isOwn) lookInside(world, ticket, bar);
  else lookAtCloseOnly(world, ticket, bar);
}

/** The price was found at the open; how much of it there was is known only now (R17, R28). */
function takeSlice(world: World, ticket: Ticket, bar: AuditBar): void {
  const { slice } = ticket;
  ticket.slice = undefined;
  if (slice === undefined || endIfPositionGone(world, ticket)) return;
  const qty = obtainable(world, ticket, bar, slice.price);
  if (bar.volume === 0n) return cancel(world, ticket, "no_volume");
  if (ticket.timeInForce === "fok") return cancel(world, ticket, "volume_cap");
  if (qty > 0n) fill(world, ticket, slice, { bar, qty, isCapped: true });
  if (ticket.status === "filled") wakeLegs(world, ticket, undefined);
  else endImmediate(world, ticket);
}

/** R4: of a day bar that ran when the order came, only the close is certainly later than the order. */
function mayUseClose(world: World, ticket: Ticket, bar: AuditBar): boolean {
  if (!bar.isDay || world.config.partialDayBar === "skip" || !isInHours(world.config, ticket, bar)) return false;
  return isRunning(bar, ticket.effectiveAt) && (ticket.timeInForce === "day" || ticket.timeInForce === "gtc");
}

function lookAtCloseOnly(world: World, ticket: Ticket, bar: AuditBar): void {
  if (!mayUseClose(world, ticket, bar)) return;
  const offer = offerAt(world, ticket, bar.close, bar);
  if (offer === undefined || endIfPositionGone(world, ticket)) return;
  const qty = obtainable(world, ticket, bar, offer.price);
  if (qty > 0n) fill(world, ticket, { ...offer, rule: "close_only" }, { bar, qty, isCapped: false });
  if (ticket.status === "filled") wakeLegs(world, ticket, undefined);
}

/** R23: of two exits that the bar could reach, the stop is looked at first, unless the path says that the target came first. */
function isRivalFirst(world: World, ticket: Ticket, bar: AuditBar): boolean {
  if (ticket.role !== "stop_loss") return false;
  const target = siblingsOf(world, ticket).find((sibling) => sibling.type === "limit" && isAlive(sibling));
  // An open beyond one leg decides for that leg, even where its slice is counted only now.
  const isServed = target?.slice?.barStart === bar.start;
  if (target === undefined || (!isServed && !isTargetFirst(world, { stop: ticket, target }, bar))) return false;
  lookAtEnd(world, target, bar);
  return !isAlive(ticket);
}

/** Whether the bar's path comes to a target's side before the other, and its close after both; worst_case: never. */
function isTargetFirst(world: World, { stop, target }: { stop: Ticket; target: Ticket }, bar: AuditBar): boolean {
  const seesRange = isEligible(world, target, bar);
  if (world.config.intrabar !== "worst_case" && seesRange !== isEligible(world, stop, bar)) return seesRange;
  return isHighFirst(world, bar, target.side === "sell" ? "low" : "high") === (target.side === "sell");
}

/** `adverse` wins a tie. */
function isHighFirst(world: World, bar: AuditBar, adverse: "high" | "low"): boolean {
  const up = bar.high - bar.open;
  const down = bar.open - bar.low;
  switch (world.config.intrabar) {
    case "worst_case":
      return adverse === "high";
    case "ohlc":
      return true;
    case "olhc":
      return false;
    case "adaptive":
      return up === down ? adverse === "high" : up < down;
  }
}

function lookInside(world: World, ticket: Ticket, bar: AuditBar): void {
  const offer = offerInside(world, ticket, bar);
  if (offer === undefined || endIfPositionGone(world, ticket)) return;
  const qty = obtainable(world, ticket, bar, offer.price);
  if (qty === 0n) return;
  fill(world, ticket, offer, { bar, qty, isCapped: false });
  if (ticket.status === "filled") afterInsideFill(world, ticket, offer.rule, bar);
}

function offerInside(world: World, ticket: Ticket, bar: AuditBar): Offer | undefined {
  if (ticket.type === "trailing_stop" && !ticket.isTriggered) return trailingInside(world, ticket, bar);
  if (ticket.type === "limit" || ticket.type === "market" || ticket.isTriggered) return resting(world, ticket, bar);
  return stopInside(world, ticket, bar, "touch_stop");
}

/** R11: a limit, or what has become one, trades through. A market order has no business inside a bar. */
function resting(world: World, ticket: Ticket, bar: AuditBar): Offer | undefined {
  const limit = limitOf(ticket);
  const extreme = ticket.side === "buy" ? bar.low : bar.high;
  if (limit === undefined || !isThrough(world.config, extreme, limit, ticket.side)) return undefined;
  return { price: limit, reference: limit, rule: "through_limit" };
}

/** R13 and R15: touched inside the bar. */
function stopInside(world: World, ticket: Ticket, bar: AuditBar, rule: FillRule): Offer | undefined {
  const stop = ticket.stop ?? 0n;
  if (!isAtStop(ticket.side === "buy" ? bar.high : bar.low, stop, ticket.side)) return undefined;
  trigger(world, ticket, bar);
  const limit = limitOf(ticket);
  const price = slipped(world.config, stop, ticket.side);
  if (limit === undefined) return { price, reference: stop, rule };
  const isBetter = ticket.side === "buy" ? stop < limit : stop > limit;
  const limitRule = rule === "touch_stop" ? "touch_stop_limit" : rule;
  if (isBetter) return { price: clamped(price, limit, ticket.side), reference: stop, rule: limitRule };
  if (!isThrough(world.config, bar.close, limit, ticket.side)) return undefined;
  return { price: limit, reference: limit, rule: rule === "touch_stop" ? "stop_limit_by_close" : rule };
}

/** R16, after the open has moved the mark. */
function trailingInside(world: World, ticket: Ticket, bar: AuditBar): Offer | undefined {
  const { side } = ticket;
  const [adverse, favourable] = side === "sell" ? [bar.low, bar.high] : [bar.high, bar.low];
  const stopAtOpen = stopOfTrail(ticket, ticket.mark ?? bar.open);
  const isAdverseFirst = isHighFirst(world, bar, side === "sell" ? "low" : "high") === (side === "buy");
  const isWorstCase = world.config.intrabar === "worst_case";
  if ((isWorstCase || isAdverseFirst) && isAtStop(adverse, stopAtOpen, side)) {
    return trailed(world, ticket, bar, { stop: stopAtOpen, rule: "trail_old_stop" });
  }
  ticket.mark = betterMark(ticket, favourable);
  const stop = stopOfTrail(ticket, ticket.mark);
  // Where the adverse extreme is past already, only the close comes after the favourable one.
  const later = isWorstCase || !isAdverseFirst ? adverse : bar.close;
  if (!isAtStop(later, stop, side)) return undefined;
  return trailed(world, ticket, bar, { stop, rule: "trail_new_stop" });
}

function trailed(
  world: World,
  ticket: Ticket,
  bar: AuditBar,
  hit: { readonly stop: bigint; readonly rule: FillRule },
): Offer {
  ticket.stop = hit.stop;
  trigger(world, ticket, bar);
  return { price: slipped(world.config, hit.stop, ticket.side), reference: hit.stop, rule: hit.rule };
}

/** Fills whose place in the bar is known well enough for R25. */
const PLACED: readonly FillRule[] = ["through_limit", "touch_stop", "touch_stop_limit", "stop_limit_by_close"];

/** The legs wake; where the entry's place in the bar is known well enough, this bar is theirs too (R25). */
function afterInsideFill(world: World, entry: Ticket, rule: FillRule, bar: AuditBar): void {
  wakeLegs(world, entry, PLACED.includes(rule) ? { barStart: bar.start, rule } : undefined);
}

/** R25: of the bar in which the entry filled, the exits get only what is certain. */
function lookInEntryBar(world: World, ticket: Ticket, bar: AuditBar): void {
  if (ticket.role === "stop_loss") {
    if (isStopInside(ticket, bar)) takeInside(world, ticket, stopInside(world, ticket, bar, "same_bar_stop"), bar);
    return;
  }
  const legs = ticket.parent === undefined ? [] : ticketOf(world, ticket.parent).legs;
  const stop = legs.map((ordinal) => ticketOf(world, ordinal)).find((leg) => leg.role === "stop_loss");
  const isStopped = stop !== undefined && isStopInside(stop, bar);
  if (isStopped || ticket.entryBar === undefined || !isTargetCertain(world, ticket, ticket.entryBar.rule, bar)) return;
  const limit = ticket.limit ?? 0n;
  takeInside(world, ticket, { price: limit, reference: limit, rule: "same_bar_target" }, bar);
}

const isStopInside = (stop: Ticket, bar: AuditBar): boolean =>
  isAtStop(stop.side === "buy" ? bar.high : bar.low, stop.stop ?? 0n, stop.side);

/** The close is after the entry; so is all beyond a stop at whose touch the entry filled. */
function isTargetCertain(world: World, target: Ticket, rule: FillRule, bar: AuditBar): boolean {
  const limit = target.limit ?? 0n;
  if (isThrough(world.config, bar.close, limit, target.side)) return true;
  const isStopEntry = rule === "touch_stop" || rule === "touch_stop_limit";
  return isStopEntry && isThrough(world.config, target.side === "sell" ? bar.high : bar.low, limit, target.side);
}

function takeInside(world: World, ticket: Ticket, offer: Offer | undefined, bar: AuditBar): void {
  if (offer === undefined || endIfPositionGone(world, ticket)) return;
  const qty = obtainable(world, ticket, bar, offer.price);
  if (qty > 0n) fill(world, ticket, offer, { bar, qty, isCapped: false });
}
