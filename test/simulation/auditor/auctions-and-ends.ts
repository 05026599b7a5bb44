/** Steps 3 and 4 of an instant: the closing auction, then whatever ends by time (R18, R20). */
import { fill, obtainable } from "./fills.ts";
import { cancel, expire, inSequence, wakeLegs } from "./groups.ts";
import { auctionOffer, endAuction } from "./open-phase.ts";
import { closingBar } from "./tape.ts";
import { isAlive, isOpenTicket, type Ticket, type World } from "./types.ts";

export function closingAuction(world: World): void {
  for (const symbol of world.symbols) {
    const waiting = world.tickets.filter(
      (ticket) =>
        ticket.symbol === symbol && isAlive(ticket) && ticket.timeInForce === "cls" && ticket.auctionAt === world.now,
    );
    for (const ticket of inSequence(world, waiting)) fillAtClose(world, ticket);
  }
}

function fillAtClose(world: World, ticket: Ticket): void {
  const bar = closingBar(world, ticket.symbol, world.now);
  // A close that is older than the order is no price for it (R4).
  const isLater = bar !== undefined && bar.end > ticket.effectiveAt;
  const offer = isLater ? auctionOffer(world, ticket, bar.close) : undefined;
  if (isLater && offer !== undefined) {
    const qty = obtainable(world, ticket, bar, offer.price);
    if (qty > 0n) fill(world, ticket, offer, { bar, qty, isCapped: false });
    if (ticket.status === "filled") wakeLegs(world, ticket, undefined);
  }
  if (isAlive(ticket)) endAuction(world, ticket);
}

export function expireOrders(world: World): void {
  for (const ticket of world.tickets) {
    // A day without a regular bar has no opening auction.
    const isOver = isOpenTicket(ticket) && ticket.timeInForce === "opg" && ticket.auctionAt === world.now;
    if (isOver) endAuction(world, ticket);
    if (!isOpenTicket(ticket) || ticket.expiresAt !== world.now) continue;
    if (ticket.timeInForce === "ioc" || ticket.timeInForce === "fok") cancel(world, ticket, "no_volume");
    else expire(world, ticket);
  }
}
