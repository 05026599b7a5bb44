/** One fill: how many shares, into the books, and what it does to the order and its group (R22, R27, R28, R34). */
import type { FillRule } from "../../../src/engine/index.ts";
import { sharesFor, cash as asCash, price as asPrice, type Instant } from "../../../src/kernel/index.ts";
import { bookFill, bookOf, greater, heldOf, lesser, magnitude, worth } from "./books.ts";
import { availableOf, buyingPowerOf } from "./buying-power.ts";
import { cancel, reject, remaining, shrinkSiblings } from "./groups.ts";
import { allowed, take } from "./tape.ts";
import { emit, sign, type AuditBar, type Ticket, type World } from "./types.ts";

/** A price that an order may have now. */
export interface Offer {
  readonly price: bigint;
  readonly reference: bigint;
  readonly rule: FillRule;
}

/** Shares that an order would take at a price if nothing capped it. */
export function wantedAt(world: World, ticket: Ticket, price: bigint): bigint {
  const total = ticket.total ?? sharesFor(asCash(ticket.notional ?? 0n), asPrice(price));
  const rest = total - ticket.filled;
  if (ticket.isOpening || ticket.isFlip) return rest;
  // Dollars become shares only now, of those that no other order has reserved.
  if (ticket.total === undefined) return lesser(rest, greater(0n, unreserved(world, ticket)));
  return lesser(rest, closable(world, ticket));
}

function unreserved(world: World, ticket: Ticket): bigint {
  const others = world.tickets.filter((other) => other !== ticket);
  return lesser(closable(world, ticket), availableOf({ ...world, tickets: others }, ticket.account, ticket.symbol));
}

/** A closing order never fills beyond what is held. */
function closable(world: World, ticket: Ticket): bigint {
  const held = heldOf(bookOf(world, ticket.account), ticket.symbol);
  return held > 0n === (ticket.side === "sell") ? magnitude(held) : 0n;
}

/** Shares that the cap leaves of what an order wants; a bar without volume has none (R21). */
export function obtainable(world: World, ticket: Ticket, bar: AuditBar, price: bigint): bigint {
  return bar.volume === 0n ? 0n : allowed(world, ticket.account, bar, wantedAt(world, ticket, price));
}

/** Fills `qty` shares. The order, its group and the books change; legs are woken by who knows where in the bar it was. */
export function fill(
  world: World,
  ticket: Ticket,
  offer: Offer,
  at: { readonly bar: AuditBar; readonly qty: bigint; readonly isCapped: boolean },
): void {
  const isSized = ticket.total === undefined;
  if (ticket.total === undefined) ticket.total = wantedAt(world, ticket, offer.price);
  if (!canPay(world, ticket, offer)) return;
  reduceToHolding(world, ticket);
  take(world, ticket.account, at.bar, at.qty);
  for (const qty of pieces(world, ticket, at.qty)) {
    ticket.filled += qty;
    const isDone = remaining(ticket) === 0n;
    ticket.status = isDone ? "filled" : "live";
    const fees = bookFill(world, ticket, { qty, price: offer.price });
    emit(world, {
      kind: "order_filled",
      at: world.now,
      order: ticket.ordinal,
      qty,
      price: offer.price,
      cash: worth(qty, offer.price),
      rule: offer.rule,
      isCapped: at.isCapped,
      referencePrice: offer.reference,
      slippage: magnitude(offer.price - offer.reference),
      barStart: at.bar.start,
      sizedQty: isSized && qty === ticket.filled ? ticket.total : undefined,
      ...fees,
    });
  }
  shrinkSiblings(world, ticket);
  if (ticket.status === "live") endIfPositionGone(world, ticket);
}

/** R34: an order that crosses zero closes and reopens at one price, in two fills. */
function pieces(world: World, ticket: Ticket, qty: bigint): readonly bigint[] {
  const held = heldOf(bookOf(world, ticket.account), ticket.symbol) * sign(ticket.side);
  const isCrossing = held < 0n && qty > -held;
  return isCrossing ? [-held, qty + held] : [qty];
}

/** An order that closes more than is left to close asks for no more than that from now on. */
function reduceToHolding(world: World, ticket: Ticket): void {
  if (ticket.isOpening || ticket.isFlip || remaining(ticket) <= closable(world, ticket)) return;
  ticket.total = ticket.filled + closable(world, ticket);
  emit(world, { kind: "order_reduced", at: world.now, order: ticket.ordinal, qty: ticket.total });
}

/** An order that was accepted without a known price is checked at its fill. */
function canPay(world: World, ticket: Ticket, offer: Offer): boolean {
  if (ticket.isPriced || ticket.filled > 0n) return true;
  const opened = greater(0n, remaining(ticket) - closable(world, ticket));
  if (worth(opened, offer.price) <= buyingPowerOf(world, bookOf(world, ticket.account))) return true;
  reject(world, ticket);
  return false;
}

/** A closing order whose position is gone has nothing left to do; one in dollars never gets a size then. */
export function endIfPositionGone(world: World, ticket: Ticket): boolean {
  if (ticket.isOpening || ticket.isFlip) return false;
  if (ticket.total === undefined) {
    if (unreserved(world, ticket) > 0n) return false;
    reject(world, ticket);
    return true;
  }
  if (closable(world, ticket) > 0n) return false;
  cancel(world, ticket, "position_closed");
  return true;
}

export const isRunning = (bar: AuditBar, from: Instant): boolean => bar.start < from && from < bar.end;
