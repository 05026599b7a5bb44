/** How orders come to be: from terms to tickets, legs included (R3, R16, R20, R22), and replacements (R6c). */
import type {
  AccountCommand,
  EngineConfig,
  LegRole,
  OrderAccepted,
  OrderTerms,
  Side,
} from "../../../src/engine/index.ts";
import { assert, instant, unitsFromNumber, type Instant } from "../../../src/kernel/index.ts";
import { bookOf, heldOf, worth } from "./books.ts";
import { availableOf, reservePrice } from "./buying-power.ts";
import { ticketOf } from "./groups.ts";
import { auctionFor, endingFor, openingFor } from "./hours.ts";
import { buyStopCollar, marketCollarOf } from "./prices.ts";
import { knownPrice } from "./tape.ts";
import { emit, sign, type Ticket, type World } from "./types.ts";

interface Submission {
  readonly account: number;
  readonly terms: OrderTerms;
  /** What the engine named: the order, then its legs. */
  readonly accepted: readonly OrderAccepted[];
  readonly isMarginCall: boolean;
}

export function submitTickets(world: World, submission: Submission): void {
  const { terms } = submission;
  const [main, ...legs] = submission.accepted;
  assert(main !== undefined, "an accepted order is named");
  const isOco = terms.orderClass === "oco";
  const head = makeTicket(world, submission, {
    ordinal: main.order,
    role: isOco ? "take_profit" : undefined,
    limit: isOco ? (terms.takeProfit ?? terms.limitPrice) : terms.limitPrice,
    stop: terms.stopPrice,
    type: isOco ? "limit" : terms.type,
    side: terms.side,
    parent: undefined,
  });
  announce(world, head);
  for (const leg of legs) {
    const role = leg.leg ?? "stop_loss";
    const ticket = makeTicket(world, submission, {
      ...legTerms(terms, role),
      ordinal: leg.order,
      parent: head.ordinal,
    });
    head.legs.push(ticket.ordinal);
    if (!isOco) ticket.status = "held";
    announce(world, ticket);
  }
}

interface TicketTerms {
  readonly ordinal: number;
  readonly role: LegRole | undefined;
  readonly parent: number | undefined;
  readonly type: Ticket["type"];
  readonly side: Side;
  readonly limit: bigint | undefined;
  readonly stop: bigint | undefined;
}

function legTerms(terms: OrderTerms, role: LegRole): Omit<TicketTerms, "ordinal" | "parent"> {
  const opposite = terms.side === "buy" ? "sell" : "buy";
  const side = terms.orderClass === "oco" ? terms.side : opposite;
  if (role === "take_profit") return { role, type: "limit", side, limit: terms.takeProfit, stop: undefined };
  const type = terms.stopLossLimit === undefined ? "stop" : "stop_limit";
  return { role, type, side, limit: terms.stopLossLimit, stop: terms.stopLoss };
}

function makeTicket(world: World, { account, terms, isMarginCall }: Submission, own: TicketTerms): Ticket {
  const { config, now } = world;
  const isFlagged = terms.extendedHours;
  const isExit = own.role !== undefined;
  const order = { account, side: own.side, symbol: terms.symbol, total: terms.qty };
  const intent = isExit ? "close" : intentOf(world, order);
  const ticket: Ticket = {
    ...own,
    account,
    symbol: terms.symbol,
    timeInForce: terms.timeInForce,
    notional: own.parent === undefined ? terms.notional : undefined,
    isFlagged,
    clientOrderId: own.parent === undefined ? terms.clientOrderId : undefined,
    orderClass: terms.orderClass,
    legs: [],
    total: terms.qty,
    trail: own.parent === undefined ? terms.trailPrice : undefined,
    trailPercent: own.parent === undefined ? terms.trailPercent : undefined,
    collar: undefined,
    mark: undefined,
    at: now,
    effectiveAt: effectiveFrom(config, now),
    opensAt: openingFor(config, { isFlagged, timeInForce: terms.timeInForce }, now),
    expiresAt: endingFor(config, { isFlagged, timeInForce: terms.timeInForce }, now),
    auctionAt: auctionFor(terms.timeInForce, now),
    isOpening: intent === "open",
    isFlip: intent === "flip",
    isPriced: true,
    reservedWhole: 0n,
    reservedFor: undefined,
    status: "live",
    filled: 0n,
    isTriggered: false,
    entryBar: undefined,
    leaves: undefined,
    slice: undefined,
    openSeen: undefined,
    cancelAt: undefined,
    isMarginCall,
    isReplacement: false,
  };
  world.tickets[ticket.ordinal - 1] = priced(world, ticket);
  return ticketOf(world, ticket.ordinal);
}

/** R3 and R6a: the latency later, and past a bar that opens at that very instant where such a bar is skipped. */
const effectiveFrom = (config: EngineConfig, at: Instant): Instant =>
  instant(at + config.latencyMs + (config.openEqual === "skip" ? 1 : 0));

/** Whether an order opens or grows a position, closes one, or closes it and opens the other side (R34). */
function intentOf(
  world: World,
  order: Pick<Ticket, "account" | "side" | "symbol" | "total">,
): "open" | "close" | "flip" {
  const held = heldOf(bookOf(world, order.account), order.symbol);
  if (sign(order.side) * held >= 0n) return "open";
  const opened = (order.total ?? 0n) - availableOf(world, order.account, order.symbol);
  return opened > 0n && world.config.flip === "split" ? "flip" : "close";
}

/** Collar, mark and reserve: what depends on the prices of the moment. */
function priced(world: World, ticket: Ticket): Ticket {
  const last = knownPrice(world, ticket.symbol, world.now);
  const collar = collarOf(world, ticket, last);
  const mark = ticket.type === "trailing_stop" ? (ticket.mark ?? last) : undefined;
  const each = reservePrice(world, ticket);
  const isPriced = each !== undefined || ticket.notional !== undefined || !(ticket.isOpening || ticket.isFlip);
  return { ...ticket, collar, mark, isPriced, reservedWhole: reserveOf(world, ticket, each ?? 0n) };
}

/** R33: what an order that opens something holds back; of a flip only what it opens. */
function reserveOf(world: World, ticket: Ticket, each: bigint): bigint {
  if (ticket.total === undefined) return ticket.isOpening ? (ticket.notional ?? 0n) : 0n;
  if (ticket.isFlip) return worth(ticket.total - availableOf(world, ticket.account, ticket.symbol), each);
  return ticket.isOpening ? worth(ticket.total, each) : 0n;
}

/** The worst price that a collar lets an order have: a share away from the last price, or above a buy stop. None in auctions. */
function collarOf(world: World, ticket: Ticket, last: bigint | undefined): bigint | undefined {
  const { marketCollar, alpacaBuyStopCollar } = world.config;
  if (ticket.type === "stop" && ticket.side === "buy" && alpacaBuyStopCollar) return buyStopCollar(ticket.stop ?? 0n);
  if (ticket.timeInForce === "opg" || ticket.timeInForce === "cls") return undefined;
  if (ticket.type !== "market" || ticket.isMarginCall || marketCollar === null || last === undefined) return undefined;
  return marketCollarOf(last, unitsFromNumber(marketCollar), ticket.side);
}

/** Legs wait: for their entry, or, the stop of an OCO pair, beside its target. A leg that works and is replaced opens. */
export function isAnnouncedOpen(ticket: Ticket): boolean {
  if (ticket.status !== "live") return false;
  return ticket.parent === undefined || (ticket.orderClass !== "oco" && ticket.isReplacement);
}

function announce(world: World, ticket: Ticket): void {
  emit(world, {
    kind: "order_accepted",
    at: world.now,
    order: ticket.ordinal,
    account: ticket.account,
    symbol: ticket.symbol,
    side: ticket.side,
    type: ticket.type,
    timeInForce: ticket.timeInForce,
    qty: ticket.total,
    notional: ticket.notional,
    limitPrice: ticket.limit,
    stopPrice: ticket.stop,
    effectiveAt: ticket.effectiveAt,
    opensAt: ticket.opensAt,
    ...(ticket.auctionAt === undefined ? { expiresAt: ticket.expiresAt } : {}),
    reserved: ticket.reservedWhole,
    isPriced: ticket.isPriced,
    isOpening: ticket.isOpening,
    isFlip: ticket.isFlip ? true : undefined,
    parent: ticket.parent,
    leg: ticket.parent === undefined ? undefined : ticket.role,
    mark: ticket.mark,
    collar: ticket.collar,
  });
  if (ticket.opensAt === world.now && isAnnouncedOpen(ticket)) {
    emit(world, { kind: "order_opened", at: world.now, order: ticket.ordinal });
  }
}

/** The new order takes over what is not filled, and the place in the group; its eligibility begins anew. */
export function replaceTicket(
  world: World,
  command: Extract<AccountCommand, { kind: "replace_order" }>,
  accepted: readonly OrderAccepted[],
): void {
  const [main] = accepted;
  assert(main !== undefined, "a replacement is named");
  const old = ticketOf(world, command.order);
  const { changes } = command;
  const timeInForce = changes.timeInForce ?? old.timeInForce;
  const isDollars = old.trail !== undefined;
  const total = (changes.qty ?? old.total ?? 0n) - old.filled;
  // Nothing of the old order is held back or reserved any more when the new one is reckoned.
  const oldStatus = old.status;
  old.status = "replaced";
  const intent = old.role === undefined ? intentOf(world, { ...old, total }) : "close";
  const ticket = priced(world, {
    ...old,
    isOpening: intent === "open",
    isFlip: intent === "flip",
    status: oldStatus,
    isReplacement: true,
    ordinal: main.order,
    timeInForce,
    clientOrderId: changes.clientOrderId,
    total,
    limit: changes.limitPrice ?? old.limit,
    stop: changes.stopPrice ?? old.stop,
    trail: isDollars ? (changes.trail ?? old.trail) : undefined,
    trailPercent: isDollars ? undefined : (changes.trail ?? old.trailPercent),
    at: world.now,
    effectiveAt: effectiveFrom(world.config, world.now),
    opensAt: openingFor(world.config, { isFlagged: old.isFlagged, timeInForce }, world.now),
    expiresAt: endingFor(world.config, { isFlagged: old.isFlagged, timeInForce }, world.now),
    auctionAt: auctionFor(timeInForce, world.now),
    filled: 0n,
    reservedFor: undefined,
    slice: undefined,
    entryBar: undefined,
    openSeen: undefined,
    cancelAt: undefined,
  });
  world.tickets[ticket.ordinal - 1] = ticket;
  takePlace(world, old, ticket);
  emit(world, { kind: "order_replaced", at: world.now, order: old.ordinal, by: ticket.ordinal });
  announce(world, ticket);
}

function takePlace(world: World, old: Ticket, ticket: Ticket): void {
  for (const leg of ticket.legs) ticketOf(world, leg).parent = ticket.ordinal;
  if (ticket.parent === undefined) return;
  const head = ticketOf(world, ticket.parent);
  head.legs = head.legs.map((ordinal) => (ordinal === old.ordinal ? ticket.ordinal : ordinal));
}
