/** Step 5 of R5: what a command does. That the engine took it is told; what follows from it is worked out here. */
import type { AccountCommand, EngineEvent, OrderAccepted, OrderTerms } from "../../../src/engine/index.ts";
import { assert, cash, isRefusal, parseUnits } from "../../../src/kernel/index.ts";
import { bookOf, equityOf, worth } from "./books.ts";
import { checkAccepted, checkRefused } from "./checks.ts";
import { cancel, siblingsOf, ticketOf } from "./groups.ts";
import { isRunning } from "./fills.ts";
import { isEligible } from "./open-phase.ts";
import { replaceTicket, submitTickets } from "./tickets.ts";
import { barsOf } from "./tape.ts";
import {
  emit,
  isOpenTicket,
  type AuditBar,
  type Book,
  type Holding,
  type Ticket,
  type Told,
  type World,
} from "./types.ts";

export function act(world: World, { command, answer }: Told): void {
  const named = isRefusal(answer) ? undefined : acceptedIn(answer)[0];
  if (named !== undefined && named.order !== world.tickets.length + 1) {
    world.isLost = true;
    return;
  }
  if (isRefusal(answer)) return checkRefused(world, command, answer);
  checkAccepted(world, command, answer);
  take(world, command, answer);
}

function take(world: World, command: AccountCommand, answer: readonly EngineEvent[]): void {
  switch (command.kind) {
    case "open_account":
      return openBook(world, command.initialCash ?? world.given.initialCash);
    case "submit_order":
      return submit(world, command.account, command.terms, answer);
    case "replace_order":
      return replaceTicket(world, command, acceptedIn(answer));
    case "cancel_order":
      return ask(world, command.order);
    case "cancel_all_orders":
      return cancelAll(world, command.account);
    case "close_position":
      return closePosition(world, command, answer);
    case "transfer_cash":
      return transfer(world, command);
    case "configure_account":
      return configure(world, command);
    default:
      return undefined;
  }
}

const acceptedIn = (answer: readonly EngineEvent[]): readonly OrderAccepted[] =>
  answer.filter((event): event is OrderAccepted => event.kind === "order_accepted");

function openBook(world: World, initialCash: bigint): void {
  const account = world.books.length + 1;
  const holdings = new Map<string, Holding>();
  for (const given of world.config.initialPositions) {
    const [qty, average] = [parseUnits(given.qty), parseUnits(given.avgEntryPrice)];
    assert(typeof qty === "bigint" && typeof average === "bigint", "initial positions are decimals");
    holdings.set(given.symbol, { qty, average, cost: worth(qty, average) });
  }
  const book: Book = {
    ordinal: account,
    cash: initialCash,
    realized: 0n,
    holdings,
    accruals: { sec: 0n, taf: 0n, cat: 0n, interest: 0n, borrow: 0n },
    entitlements: [],
    entitlementCount: 0,
    isCalled: false,
    isClosed: false,
    multiplierMax: 4,
    openedAt: world.now,
    openingEquity: 0n,
    turns: [],
  };
  book.openingEquity = equityOf(world, book);
  world.books.push(book);
  emit(world, { kind: "account_opened", at: world.now, account, initialCash });
}

function submit(world: World, account: number, terms: OrderTerms, answer: readonly EngineEvent[]): void {
  submitTickets(world, { account, terms, accepted: acceptedIn(answer), isMarginCall: false });
}

/** R6b: with fill_wins the bar that runs still decides. */
function ask(world: World, ordinal: number): void {
  const ticket = ticketOf(world, ordinal);
  if (!isOpenTicket(ticket) || ticket.cancelAt !== undefined) return;
  if (targetOfHeldStop(world, ticket)?.cancelAt !== undefined) return;
  // A group waits together, whichever of it the bar may still fill.
  const members = [ticket, ...siblingsOf(world, ticket)];
  const running = members.map((each) => raceOf(world, each)).find((bar) => bar !== undefined);
  if (running === undefined) return cancel(world, ticket, "asked");
  for (const each of members) {
    if (each.cancelAt !== undefined || targetOfHeldStop(world, each) !== undefined) continue;
    each.cancelAt = running.end;
    emit(world, { kind: "order_cancel_requested", at: world.now, order: each.ordinal, barStart: running.start });
  }
}

/** The working target beside which the stop of an OCO pair is held until it triggers: it waits, the stop goes with it. */
function targetOfHeldStop(world: World, ticket: Ticket): Ticket | undefined {
  if (ticket.orderClass !== "oco" || ticket.parent === undefined || ticket.isTriggered) return undefined;
  return siblingsOf(world, ticket)[0];
}

/** The running bar whose end decides before a cancel does, if there is one. */
function raceOf(world: World, ticket: Ticket): AuditBar | undefined {
  const running = barsOf(world, ticket.symbol).find((bar) => isRunning(bar, world.now) && bar.volume > 0n);
  const isRace =
    running !== undefined && world.config.cancelRace === "fill_wins" && mayStillFill(world, ticket, running);
  return isRace ? running : undefined;
}

/** Whether the end of a running bar may fill an order; the closing auction is no part of a bar. */
function mayStillFill(world: World, ticket: Ticket, bar: AuditBar): boolean {
  if (ticket.status !== "live" || ticket.timeInForce === "cls") return false;
  if (ticket.timeInForce === "opg") return ticket.slice !== undefined;
  return isEligible(world, ticket, bar);
}

function cancelAll(world: World, account: number): void {
  for (const ticket of world.tickets) {
    if (ticket.account === account) ask(world, ticket.ordinal);
  }
}

/** The order that closes it, as the engine says; that it asks for no more than is held is checked. */
function closePosition(
  world: World,
  command: Extract<AccountCommand, { kind: "close_position" }>,
  answer: readonly EngineEvent[],
): void {
  for (const event of answer) if (event.kind === "order_canceled") ask(world, event.order);
  for (const accepted of acceptedIn(answer)) {
    submitTickets(world, { account: command.account, terms: accepted, accepted: [accepted], isMarginCall: false });
  }
}

function transfer(world: World, command: Extract<AccountCommand, { kind: "transfer_cash" }>): void {
  const book = bookOf(world, command.account);
  book.cash += command.netAmount;
  if (book.openedAt === world.now) book.openingEquity += command.netAmount;
  emit(world, {
    kind: "account_entry",
    at: world.now,
    account: command.account,
    entry: command.netAmount < 0n ? "CSW" : "CSD",
    netAmount: cash(command.netAmount),
  });
}

function configure(world: World, command: Extract<AccountCommand, { kind: "configure_account" }>): void {
  const book = bookOf(world, command.account);
  book.multiplierMax = command.changes.maxMarginMultiplier ?? book.multiplierMax;
  emit(world, { kind: "account_configured", at: world.now, account: command.account });
}
