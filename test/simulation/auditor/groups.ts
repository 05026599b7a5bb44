/** Brackets, OCO and OTO: who wakes, who shrinks, who goes when another goes (R22, R26, R27). */
import type { CancelReason } from "../../../src/engine/index.ts";
import { assert } from "../../../src/kernel/index.ts";
import { emit, isAlive, isOpenTicket, type Ticket, type World } from "./types.ts";

export function ticketOf(world: World, ordinal: number): Ticket {
  const ticket = world.tickets[ordinal - 1];
  assert(ticket !== undefined, `the auditor knows order ${ordinal}`);
  return ticket;
}

/** Whether its legs wait for it: the entry of a bracket or an OTO. */
export const isEntry = (ticket: Ticket): boolean =>
  (ticket.orderClass === "bracket" || ticket.orderClass === "oto") && ticket.role === undefined;

/** The other open exits of its group. The parent of an OCO pair is one of the pair. */
export function siblingsOf(world: World, ticket: Ticket): readonly Ticket[] {
  if (ticket.orderClass === undefined || isEntry(ticket)) return [];
  const head = ticketOf(world, ticket.parent ?? ticket.ordinal);
  const members = head.orderClass === "oco" ? [head.ordinal, ...head.legs] : head.legs;
  return members
    .filter((ordinal) => ordinal !== ticket.ordinal)
    .map((ordinal) => ticketOf(world, ordinal))
    .filter(isOpenTicket);
}

export const remaining = (ticket: Ticket): bigint => (ticket.total ?? 0n) - ticket.filled;

/** R27: after a fill the other exits go, or shrink to what is left. */
export function shrinkSiblings(world: World, ticket: Ticket): void {
  for (const sibling of siblingsOf(world, ticket)) {
    if (ticket.status === "filled") {
      cancel(world, sibling, "sibling_filled");
      continue;
    }
    sibling.total = sibling.filled + remaining(ticket);
    emit(world, { kind: "order_reduced", at: world.now, order: sibling.ordinal, qty: sibling.total });
  }
}

/** Ends an order and whatever depends on it. */
export function cancel(world: World, ticket: Ticket, reason: CancelReason): void {
  if (!isOpenTicket(ticket)) return;
  ticket.status = "canceled";
  ticket.slice = undefined;
  emit(world, { kind: "order_canceled", at: world.now, order: ticket.ordinal, reason });
  const isConsequence = reason === "sibling_filled" || reason === "sibling_canceled" || reason === "entry_not_filled";
  if (!isConsequence) endDependents(world, ticket);
}

export function expire(world: World, ticket: Ticket, reason?: "auction_leftover"): void {
  ticket.status = "expired";
  ticket.slice = undefined;
  emit(world, { kind: "order_expired", at: world.now, order: ticket.ordinal, reason });
  if (isEntry(ticket)) endDependents(world, ticket);
}

export function reject(world: World, ticket: Ticket): void {
  ticket.status = "rejected";
  ticket.slice = undefined;
  emit(world, { kind: "order_rejected", at: world.now, order: ticket.ordinal });
  endDependents(world, ticket);
}

/** The legs of an entry that ended unfilled; or the other members where one was canceled. */
function endDependents(world: World, ticket: Ticket): void {
  if (isEntry(ticket)) {
    for (const leg of ticket.legs) cancel(world, ticketOf(world, leg), "entry_not_filled");
    return;
  }
  for (const sibling of siblingsOf(world, ticket)) cancel(world, sibling, "sibling_canceled");
  const head = ticket.parent === undefined ? undefined : ticketOf(world, ticket.parent);
  // An entry whose own cancel waits for the running bar is not hurried by its legs.
  if (head !== undefined && head.cancelAt === undefined) cancel(world, head, "sibling_canceled");
}

/** R22: the legs of a completely filled entry begin to work, and come to their turn in the queue. */
export function wakeLegs(world: World, entry: Ticket, entryBar: Ticket["entryBar"]): void {
  const legs = entry.legs.map((ordinal) => ticketOf(world, ordinal)).filter((leg) => leg.status === "held");
  for (const leg of legs) {
    leg.status = "live";
    leg.effectiveAt = world.now;
    leg.entryBar = entryBar;
    emit(world, { kind: "order_woken", at: world.now, order: leg.ordinal, barStart: entryBar?.barStart });
  }
}

/** Where orders stand in the queue: exits of a group together, at the place of the first, but never before their entry. */
export function inSequence(world: World, tickets: readonly Ticket[]): readonly Ticket[] {
  const placed = tickets.map((ticket) => ({
    ticket,
    place: placeOf(world, ticket),
    isLimit: Number(ticket.type === "limit"),
  }));
  return placed
    .toSorted((a, b) => a.place - b.place || a.isLimit - b.isLimit || a.ticket.ordinal - b.ticket.ordinal)
    .map(({ ticket }) => ticket);
}

function placeOf(world: World, ticket: Ticket): number {
  const first = Math.min(ticket.ordinal, ...siblingsOf(world, ticket).map((sibling) => sibling.ordinal));
  return ticket.orderClass === "oco" ? first : Math.max(first, ticket.parent ?? 0);
}

/** Lets every order of a queue have its turn, those included that wake while it goes on. */
export function eachInTurn(world: World, queue: () => readonly Ticket[], look: (ticket: Ticket) => void): void {
  const seen = new Set<Ticket>();
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const ticket of queue()) {
      if (seen.has(ticket)) continue;
      const before = world.expected.length;
      seen.add(ticket);
      if (isAlive(ticket)) look(ticket);
      isChanged = world.expected.length > before;
      if (isChanged) break;
    }
  }
}
