/** Maintenance margin and what a call does (R36). */
import type { OrderAccepted } from "../../../src/engine/index.ts";
import { divideCeiling, quantity, SCALE } from "../../../src/kernel/index.ts";
import { equityOf, lesser, magnitude, worth } from "./books.ts";
import { cancel } from "./groups.ts";
import { maintenanceOf, requirementOf } from "./requirements.ts";
import { knownPrice } from "./tape.ts";
import { submitTickets } from "./tickets.ts";
import { emit, isOpenTicket, type Book, type Holding, type World } from "./types.ts";

export function checkMargin(world: World, book: Book): void {
  const [equity, maintenance] = [equityOf(world, book), maintenanceOf(world, book)];
  if (equity >= maintenance) {
    if (book.isCalled) emit(world, { kind: "margin_call_met", at: world.now, account: book.ordinal });
    book.isCalled = false;
    return;
  }
  if (!book.isCalled) {
    emit(world, { kind: "margin_called", at: world.now, account: book.ordinal, equity, maintenance });
  }
  book.isCalled = true;
  // What was sent to cure it is at work already.
  const isAtWork = world.tickets.some(
    (ticket) => ticket.account === book.ordinal && ticket.isMarginCall && isOpenTicket(ticket),
  );
  if (world.config.marginCall !== "flag_only" && !isAtWork) liquidate(world, book, maintenance - equity);
}

/** The smallest whole quantity that cures it, the largest position first. */
function liquidate(world: World, book: Book, missing: bigint): void {
  let rest = missing;
  for (const [symbol, holding] of largestFirst(world, book)) {
    if (rest <= 0n) return;
    const qty = smallestCure(world, symbol, holding, rest);
    rest -= requirementOf(world, symbol, holding, qty);
    for (const ticket of world.tickets) {
      const isInTheWay = ticket.account === book.ordinal && ticket.symbol === symbol && isOpenTicket(ticket);
      if (isInTheWay) cancel(world, ticket, "margin_call");
    }
    order(world, book, { symbol, qty, side: holding.qty > 0n ? "sell" : "buy" });
  }
}

/** The smallest whole number of shares that frees an amount, or all there are. */
function smallestCure(world: World, symbol: string, holding: Holding, amount: bigint): bigint {
  const held = magnitude(holding.qty);
  let [low, high] = [1n, divideCeiling(held, SCALE)];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (requirementOf(world, symbol, holding, middle * SCALE) >= amount) high = middle;
    else low = middle + 1n;
  }
  return lesser(low * SCALE, held);
}

function largestFirst(world: World, book: Book): readonly (readonly [string, Holding])[] {
  const valueOf = ([symbol, holding]: readonly [string, Holding]): bigint =>
    worth(magnitude(holding.qty), knownPrice(world, symbol, world.now) ?? holding.average);
  return [...book.holdings].toSorted((a, b) => {
    const difference = valueOf(b) - valueOf(a);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
    return a[0] < b[0] ? -1 : 1;
  });
}

function order(
  world: World,
  book: Book,
  { symbol, qty, side }: { readonly symbol: string; readonly qty: bigint; readonly side: "buy" | "sell" },
): void {
  submitTickets(world, {
    account: book.ordinal,
    accepted: [{ order: world.tickets.length + 1 } as OrderAccepted],
    isMarginCall: true,
    terms: {
      symbol,
      side,
      type: "market",
      timeInForce: world.config.marginCall === "immediate" ? "day" : "opg",
      qty: quantity(qty),
      notional: undefined,
      limitPrice: undefined,
      stopPrice: undefined,
      extendedHours: false,
      clientOrderId: undefined,
    },
  });
}
