/** Acceptances and refusals that the auditor can judge by itself (R18, R33, R34; wash trades; client_order_id). */
import type { AccountCommand, EngineEvent, OrderAccepted, OrderTerms } from "../../../src/engine/index.ts";
import { price as asPrice, SCALE, sharesFor, type Refusal } from "../../../src/kernel/index.ts";
import { bookOf, greater, heldOf, magnitude, worth } from "./books.ts";
import { availableOf, buyingPowerOf, heldBack, openOrders, reservePrice } from "./buying-power.ts";
import { couldBeOneTooMany } from "./day-trades.ts";
import { ticketOf } from "./groups.ts";
import { isTooLateForAuction } from "./hours.ts";
import { knownPrice } from "./tape.ts";
import { sign, type Ticket, type World } from "./types.ts";

/** A reason to refuse that the auditor can find by itself. */
type Ground =
  | "client_order_id"
  | "auction_window"
  | "wash_trade"
  | "day_trading"
  | "both_sides"
  | "qty"
  | "buying_power";

/** How the engine words each ground. */
const WORDS: Record<Ground, RegExp> = {
  client_order_id: /client_order_id must be unique/,
  auction_window: /\b(?:opg|cls|on-open|on-close)\b.*(?:9:28|09:28|19:00|7:00|between|after|before)/i,
  wash_trade: /wash trade/,
  day_trading: /pattern day trading protection/,
  both_sides: /while a (?:long buy|short sell) order is open/,
  qty: /insufficient qty available/,
  buying_power: /insufficient buying power/,
};

type Submit = Extract<AccountCommand, { kind: "submit_order" }>;
type Close = Extract<AccountCommand, { kind: "close_position" }>;
type Replace = Extract<AccountCommand, { kind: "replace_order" }>;

export function checkAccepted(world: World, command: AccountCommand, answer: readonly EngineEvent[]): void {
  const accepted = answer.find((event): event is OrderAccepted => event.kind === "order_accepted");
  if (accepted === undefined) return;
  const taken =
    command.kind === "close_position" ? { ...command, amount: { ...command.amount, qty: accepted.qty } } : command;
  for (const ground of groundsFor(world, taken)) {
    say(world, `order ${accepted.order} was accepted but had to be refused: ${ground}`);
  }
}

export function checkRefused(world: World, command: AccountCommand, refusal: Refusal): void {
  const grounds = groundsFor(world, command);
  for (const [ground, words] of Object.entries(WORDS)) {
    if (words.test(refusal.message) && !grounds.includes(ground as Ground)) {
      say(world, `${command.kind} was refused without ground: ${refusal.message}`);
    }
  }
}

function say(world: World, finding: string): void {
  world.findings.push(`${new Date(world.now).toISOString()} ${finding}`);
}

function groundsFor(world: World, command: AccountCommand): readonly Ground[] {
  if (command.kind === "submit_order") return groundsToRefuse(world, command);
  if (command.kind === "close_position") return groundsToHold(world, command);
  return command.kind === "replace_order" ? groundsToKeep(world, command) : [];
}

function groundsToRefuse(world: World, { account, terms }: Submit): readonly Ground[] {
  const found: Ground[] = [];
  if (isIdTaken(world, account, terms.clientOrderId)) found.push("client_order_id");
  if (isTooLateForAuction(world.config, terms.timeInForce, world.now)) found.push("auction_window");
  const limit = terms.orderClass === "oco" ? terms.takeProfit : terms.limitPrice;
  const order = { ...terms, account, limit, stop: terms.stopPrice };
  if (terms.orderClass === undefined && isWash(world, order)) found.push("wash_trade");
  const { symbol, side, orderClass } = terms;
  if (couldBeOneTooMany(world, { account, symbol, side, orderClass })) found.push("day_trading");
  const isClosing = sign(terms.side) * heldOf(bookOf(world, account), terms.symbol) < 0n;
  if (!isClosing) return [...found, ...groundsToOpen(world, order, terms.qty)];
  const asked = sharesAsked(world, terms);
  const beyond = asked - availableOf(world, account, terms.symbol);
  if (beyond <= 0n) return found;
  // Nobody sells a part of a share short.
  const isWhole = terms.side === "buy" || (terms.qty ?? 0n) % SCALE === 0n;
  const isPlain = terms.notional === undefined && terms.orderClass === undefined && isWhole;
  const mayCross = world.config.flip === "split" && isPlain;
  return mayCross ? [...found, ...groundsToOpen(world, order, beyond)] : [...found, "qty"];
}

/** What is opened must not stand against an order that opens the other side, and must be paid for. */
function groundsToOpen(
  world: World,
  order: Priced & { readonly notional: bigint | undefined },
  qty: bigint | undefined,
): readonly Ground[] {
  const found: Ground[] = hasOtherSide(world, order) ? ["both_sides"] : [];
  const cost = costOf(world, order, qty, order.notional);
  // What nobody can price is paid for at its fill.
  if (cost === 0n) return found;
  return cost > buyingPowerOf(world, bookOf(world, order.account)) ? [...found, "buying_power"] : found;
}

/** What is to be closed must not be reserved already, and its market order must not meet one of the account's own. */
function groundsToHold(world: World, { account, symbol, amount }: Close): readonly Ground[] {
  const signed = heldOf(bookOf(world, account), symbol);
  const held = magnitude(signed);
  const side = signed > 0n ? "sell" : "buy";
  const order = { account, symbol, side, type: "market", limit: undefined, stop: undefined } as const;
  const found: Ground[] = isWash(world, order) ? ["wash_trade"] : [];
  if (couldBeOneTooMany(world, { account, symbol, side, orderClass: undefined })) found.push("day_trading");
  const percentage = amount.percentage ?? 100n * SCALE;
  const asked = amount.qty ?? (held * percentage) / (100n * SCALE);
  return asked > availableOf(world, account, symbol) ? [...found, "qty"] : found;
}

/** Shares that an order asks for; dollars at the price of the moment. */
function sharesAsked(world: World, { qty, notional, symbol, limitPrice }: OrderTerms): bigint {
  const price = limitPrice ?? knownPrice(world, symbol, world.now);
  return qty ?? (price === undefined || notional === undefined ? 0n : sharesFor(notional, asPrice(price)));
}

/** A replacement is checked as if the old order were not there. */
function groundsToKeep(world: World, { account, order, changes }: Replace): readonly Ground[] {
  const old = ticketOf(world, order);
  const found: Ground[] = [];
  if (isIdTaken(world, account, changes.clientOrderId)) found.push("client_order_id");
  if (isTooLateForAuction(world.config, changes.timeInForce ?? old.timeInForce, world.now))
    found.push("auction_window");
  const limit = changes.limitPrice ?? old.limit;
  const changed = { ...old, limit, stop: changes.stopPrice ?? old.stop };
  if (old.orderClass === undefined && isWash(world, changed)) found.push("wash_trade");
  const { symbol, side, orderClass } = old;
  if (couldBeOneTooMany(world, { account, symbol, side, orderClass, old })) found.push("day_trading");
  const rest = (changes.qty ?? old.total ?? 0n) - old.filled;
  return [...found, ...groundsToGrow(world, old, changed, rest)];
}

function groundsToGrow(world: World, old: Ticket, changed: Ticket, rest: bigint): readonly Ground[] {
  const sides: readonly Ground[] = hasOtherSide(world, changed) ? ["both_sides"] : [];
  // The position may have changed sides since the old order was accepted.
  const held = heldOf(bookOf(world, old.account), old.symbol);
  if (old.role === undefined && sign(old.side) * held >= 0n) {
    return [...sides, ...groundsToPay(world, old, changed, rest)];
  }
  const available = availableWithout(world, old);
  if (rest <= available || old.role !== undefined) return [];
  if (world.config.flip === "refuse" || old.notional !== undefined) return ["qty"];
  return [...sides, ...groundsToPay(world, old, changed, rest - available)];
}

function availableWithout(world: World, old: Ticket): bigint {
  const others = world.tickets.filter((ticket) => ticket !== old);
  return availableOf({ ...world, tickets: others }, old.account, old.symbol);
}

/** What a replacement asks for beyond what the old order held back must be there. */
function groundsToPay(world: World, old: Ticket, changed: Ticket, rest: bigint): readonly Ground[] {
  const power = greater(0n, buyingPowerOf(world, bookOf(world, old.account))) + heldBack(old);
  return costOf(world, changed, rest, old.notional) > power ? ["buying_power"] : [];
}

function isIdTaken(world: World, account: number, id: string | undefined): boolean {
  return id !== undefined && world.tickets.some((ticket) => ticket.account === account && ticket.clientOrderId === id);
}

type Priced = Pick<Ticket, "symbol" | "side" | "limit" | "stop" | "type" | "account"> & {
  readonly ordinal?: number;
};

function costOf(world: World, order: Priced, qty: bigint | undefined, notional: bigint | undefined): bigint {
  const each = reservePrice(world, order);
  if (qty === undefined) return notional ?? 0n;
  return each === undefined ? 0n : worth(qty, each);
}

/** Whether an account would trade with itself. */
function isWash(world: World, order: Priced): boolean {
  if (order.type === "trailing_stop") return false;
  return openOrders(world, order.account, order.symbol).some((other) => {
    const isExempt =
      other.orderClass !== undefined || other.type === "trailing_stop" || other.ordinal === order.ordinal;
    if (isExempt || other.side === order.side) return false;
    if (![order.type, other.type].every((type) => type === "limit" || type === "stop_limit")) return true;
    const [buy, sell] = order.side === "buy" ? [order, other] : [other, order];
    return (buy.limit ?? 0n) >= (sell.limit ?? 0n);
  });
}

/** Whether the account waits to open the other side of the symbol. */
function hasOtherSide(world: World, order: Priced): boolean {
  return openOrders(world, order.account, order.symbol).some(
    (other) => other.side !== order.side && (other.isOpening || other.isFlip),
  );
}
