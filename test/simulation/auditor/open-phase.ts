/** R8: what every order does at the open of a bar, stamped `s`; also at any one price that stands for it (R4). */
import type { FillRule } from "../../../src/engine/index.ts";
import { endIfPositionGone, fill, obtainable, wantedAt, type Offer } from "./fills.ts";
import { cancel, eachInTurn, expire, inSequence, wakeLegs } from "./groups.ts";
import { isInHours } from "./hours.ts";
import { isOpeningBar } from "./tape.ts";
import { betterMark, clamped, isAtStop, isThrough, slipped, trailingStop } from "./prices.ts";
import { emit, isAlive, type AuditBar, type Ticket, type World } from "./types.ts";

/** Whether an order may use the whole of a bar: it was there when the bar began (R4, R6a). */
export function isEligible(world: World, ticket: Ticket, bar: AuditBar): boolean {
  return ticket.effectiveAt <= bar.start && isInHours(world.config, ticket, bar);
}

/** The orders that could look at a bar of a symbol, in their sequence. */
export function queueFor(world: World, symbol: string): readonly Ticket[] {
  return inSequence(
    world,
    world.tickets.filter((ticket) => ticket.symbol === symbol && isAlive(ticket)),
  );
}

export function openBar(world: World, bar: AuditBar): void {
  // R24: the whole bar is after an entry that filled at its open, that very open included.
  eachInTurn(
    world,
    () => queueFor(world, bar.symbol),
    (ticket) => lookAtOpen(world, ticket, bar),
  );
}

/** Whether the open of a bar is there for an order: each only once, the auctions' only for theirs. */
function seesOpen(world: World, ticket: Ticket, bar: AuditBar): boolean {
  if (!isAlive(ticket) || ticket.timeInForce === "cls" || ticket.openSeen === bar.start) return false;
  if (!isEligible(world, ticket, bar)) return false;
  return ticket.timeInForce !== "opg" || isOpeningBar(world, bar);
}

function lookAtOpen(world: World, ticket: Ticket, bar: AuditBar): void {
  const isImmediate = ticket.timeInForce === "ioc" || ticket.timeInForce === "fok";
  if (!seesOpen(world, ticket, bar) || (bar.volume === 0n && !isImmediate)) return;
  ticket.openSeen = bar.start;
  const offer = offerAt(world, ticket, bar.open, bar);
  if (offer !== undefined) return takeOpen(world, ticket, offer, bar);
  ticket.leaves = isImmediate || ticket.timeInForce === "opg" ? "not_marketable_at_open" : undefined;
}

/** An order that fits fills now; one that does not gets its slice when the volume is known, at the end of the bar. */
function takeOpen(world: World, ticket: Ticket, offer: Offer, bar: AuditBar): void {
  if (endIfPositionGone(world, ticket)) return;
  const wanted = wantedAt(world, ticket, offer.price);
  const qty = obtainable(world, ticket, bar, offer.price);
  if (qty === wanted && qty > 0n) {
    fill(world, ticket, offer, { bar, qty, isCapped: false });
    if (ticket.status === "filled") wakeLegs(world, ticket, undefined);
    return;
  }
  if (world.config.volumeBasis === "trailing" && bar.volume > 0n) return takeKnownSlice(world, ticket, offer, bar);
  ticket.slice = { ...offer, barStart: bar.start };
}

/** With a trailing volume the cap is known at the open, and so is the slice. */
function takeKnownSlice(world: World, ticket: Ticket, offer: Offer, bar: AuditBar): void {
  const qty = obtainable(world, ticket, bar, offer.price);
  const isFok = ticket.timeInForce === "fok";
  if (qty > 0n && !isFok) fill(world, ticket, offer, { bar, qty, isCapped: true });
  const hasOneLook = isFok || ticket.timeInForce === "ioc" || ticket.timeInForce === "opg";
  if (hasOneLook) ticket.leaves = qty > 0n && !isFok ? "unfilled_remainder" : "volume_cap";
}

/** Step 7 of R5: what an open did not serve that was its only chance. */
export function endLeftovers(world: World): void {
  for (const ticket of world.tickets) {
    const reason = ticket.leaves;
    if (reason === undefined) continue;
    ticket.leaves = undefined;
    if (!isAlive(ticket)) continue;
    if (ticket.timeInForce === "opg") endAuction(world, ticket);
    else cancel(world, ticket, reason);
  }
}

/** What ends an order that had one look only, when something of it is left. */
export function endImmediate(world: World, ticket: Ticket): void {
  if (!isAlive(ticket)) return;
  if (ticket.timeInForce === "ioc") cancel(world, ticket, "unfilled_remainder");
  if (ticket.timeInForce === "opg") endAuction(world, ticket);
}

export function endAuction(world: World, ticket: Ticket): void {
  if (world.config.auctionLeftover === "canceled") cancel(world, ticket, "auction_leftover");
  else expire(world, ticket, "auction_leftover");
}

/** What an order may have at one price, which is the only one known: R10, R12, the gaps of R13, R15 and R16. */
export function offerAt(world: World, ticket: Ticket, price: bigint, bar: AuditBar): Offer | undefined {
  if (ticket.timeInForce === "opg" || ticket.timeInForce === "cls") return auctionOffer(world, ticket, price);
  if (ticket.isTriggered || ticket.type === "market" || ticket.type === "limit") {
    const limit = limitOf(ticket);
    return limitedOffer(world, ticket, price, limit === undefined || ticket.type === "market" ? "open" : "open_limit");
  }
  if (ticket.type === "trailing_stop") return trailingOffer(world, ticket, price, bar);
  if (!isAtStop(price, ticket.stop ?? 0n, ticket.side)) return undefined;
  trigger(world, ticket, bar);
  return limitedOffer(world, ticket, price, limitOf(ticket) === undefined ? "gap_stop" : "gap_stop_limit");
}

/** The limit that binds an order: its own, or its collar. */
export const limitOf = (ticket: Ticket): bigint | undefined => ticket.limit ?? ticket.collar;

export function trigger(world: World, ticket: Ticket, bar: AuditBar): void {
  ticket.isTriggered = true;
  emit(world, { kind: "order_triggered", at: world.now, order: ticket.ordinal, barStart: bar.start });
}

function limitedOffer(world: World, ticket: Ticket, reference: bigint, rule: FillRule): Offer | undefined {
  const limit = limitOf(ticket);
  const price = slipped(world.config, reference, ticket.side);
  if (limit === undefined) return { price, reference, rule };
  if (!isThrough(world.config, reference, limit, ticket.side)) return undefined;
  return { price: clamped(price, limit, ticket.side), reference, rule };
}

/** Auctions fill at the official price, without slippage and without a collar. */
export function auctionOffer(world: World, ticket: Ticket, price: bigint): Offer | undefined {
  const { limit } = ticket;
  if (limit !== undefined && !isThrough(world.config, price, limit, ticket.side)) return undefined;
  const openRule = ticket.type === "limit" ? "open_limit" : "open";
  return { price, reference: price, rule: ticket.timeInForce === "cls" ? "close_auction" : openRule };
}

function trailingOffer(world: World, ticket: Ticket, price: bigint, bar: AuditBar): Offer | undefined {
  const stop = ticket.mark === undefined ? undefined : stopOfTrail(ticket, ticket.mark);
  if (stop !== undefined && isAtStop(price, stop, ticket.side)) {
    ticket.stop = stop;
    trigger(world, ticket, bar);
    return limitedOffer(world, ticket, price, "gap_trail");
  }
  ticket.mark = betterMark(ticket, price);
  return undefined;
}

export function stopOfTrail(ticket: Ticket, mark: bigint): bigint {
  return trailingStop(mark, { price: ticket.trail, percent: ticket.trailPercent }, ticket.side);
}
