/** Step 1 of R5: what companies do to shares, before anything else of the day (R39 to R43). */
import {
  divideCeiling,
  divideFloor,
  divideHalfEven,
  SCALE,
  type CashDividend,
  type CorporateAction,
  type Split,
} from "../../../src/kernel/index.ts";
import { costAfter, greater, heldOf, worth } from "./books.ts";
import { heldBack } from "./buying-power.ts";
import { cancel } from "./groups.ts";
import { tradingDayFrom } from "./hours.ts";
import { ceilingTo, floorTo, tickOf } from "./prices.ts";
import { actionsOf, barsOf, effectOf, traitsOf } from "./tape.ts";
import { emit, isOpenTicket, type Book, type Holding, type Ticket, type World } from "./types.ts";

const CENT = SCALE / 100n;

export function startOfDay(world: World): void {
  for (const book of world.books) payDividends(world, book);
  for (const symbol of world.symbols) {
    for (const action of actionsOf(world, symbol)) if (effectOf(action) === world.now) takeEffect(world, action);
  }
}

/** What is due at once is paid at once: a dividend whose ex-date is its pay date. */
function takeEffect(world: World, action: CorporateAction): void {
  if (action.type === "split") split(world, action);
  if (action.type === "cash_dividend") dividend(world, action);
  for (const book of world.books) payDividends(world, book);
}

const openTickets = (world: World, symbol: string): readonly Ticket[] =>
  world.tickets.filter((ticket) => ticket.symbol === symbol && isOpenTicket(ticket));

// Dividends

function dividend(world: World, action: CashDividend): void {
  if (world.config.dividends === "none") return;
  for (const book of world.books) entitle(world, book, action);
  if (action.cashPerShare < CENT) return;
  // Members of groups are marked DNR (do not reduce), and a stop that has triggered is no stop any more.
  const plain = openTickets(world, action.symbol).filter(
    (ticket) => ticket.orderClass === undefined && !ticket.isTriggered,
  );
  for (const ticket of plain) reduceByDividend(world, ticket, action.cashPerShare);
}

/** R43: whoever holds the shares at the start of the ex-date; a short is charged. */
function entitle(world: World, book: Book, action: CashDividend): void {
  const qty = heldOf(book, action.symbol);
  if (qty === 0n) return;
  const amount = worth(qty, action.cashPerShare);
  const payDate = world.config.dividends === "ex_date" ? action.exDate : (action.payDate ?? action.exDate);
  book.entitlementCount += 1;
  const paysAt = tradingDayFrom(payDate).sessionOpen;
  const entitlement = { number: book.entitlementCount, symbol: action.symbol, amount, paysAt };
  book.entitlements.push(entitlement);
  emit(world, {
    kind: "dividend_entitled",
    at: world.now,
    account: book.ordinal,
    entitlement: entitlement.number,
    symbol: action.symbol,
    qty,
    perShare: action.cashPerShare,
    netAmount: amount,
    exDate: action.exDate,
    paysAt,
  });
}

function payDividends(world: World, book: Book): void {
  const due = book.entitlements.filter(({ paysAt }) => paysAt === world.now);
  book.entitlements = book.entitlements.filter((each) => !due.includes(each));
  for (const { number, symbol, amount } of due) {
    book.cash += amount;
    emit(world, {
      kind: "account_entry",
      at: world.now,
      account: book.ordinal,
      entry: "DIV",
      symbol,
      netAmount: amount,
      realized: 0n,
      pays: number,
    });
  }
}

/** R42: resting buy limits and sell stops lose the dividend, down to the tick, but not below a cent. */
function reduceByDividend(world: World, ticket: Ticket, perShare: bigint): void {
  const lower = (price: bigint): bigint => greater(CENT, floorTo(tickOf(price - perShare), price - perShare));
  const before = [ticket.limit, ticket.stop];
  if (ticket.side === "buy" && ticket.type === "limit" && ticket.limit !== undefined)
    ticket.limit = lower(ticket.limit);
  if (ticket.side === "sell" && ticket.stop !== undefined) ticket.stop = lower(ticket.stop);
  if (before[0] === ticket.limit && before[1] === ticket.stop) return;
  emit(world, {
    kind: "order_adjusted",
    at: world.now,
    order: ticket.ordinal,
    reason: "cash_dividend",
    limitPrice: ticket.limit,
    stopPrice: ticket.stop,
  });
}

function announce(world: World, ticket: Ticket, reason: "split"): void {
  emit(world, {
    kind: "order_adjusted",
    at: world.now,
    order: ticket.ordinal,
    reason,
    qty: ticket.total,
    limitPrice: ticket.limit,
    stopPrice: ticket.stop,
    trailPrice: ticket.trail,
    collar: ticket.collar,
    ...(ticket.isTriggered ? {} : { mark: ticket.mark }),
  });
}

// Splits

function split(world: World, action: Split): void {
  for (const book of world.books) splitHolding(world, book, action);
  const isReverse = action.newRate < action.oldRate;
  for (const ticket of openTickets(world, action.symbol)) {
    if (!isOpenTicket(ticket)) continue;
    if (isReverse) cancel(world, ticket, "corporate_action");
    else splitTicket(world, ticket, action);
  }
}

/** R40: more or fewer shares for the same cost; what is not a whole share may be paid in cash. */
function splitHolding(world: World, book: Book, action: Split): void {
  const holding = book.holdings.get(action.symbol);
  if (holding === undefined) return;
  const { oldRate, newRate } = action;
  const before = holding.qty;
  holding.qty = divideHalfEven(before * newRate, oldRate);
  holding.average = divideHalfEven(holding.average * oldRate, newRate);
  const paid = payFraction(world, holding, action);
  book.cash += paid.amount;
  book.realized += paid.realized;
  if (holding.qty === 0n) book.holdings.delete(action.symbol);
  emit(world, {
    kind: "account_entry",
    at: world.now,
    account: book.ordinal,
    entry: "SPLIT",
    symbol: action.symbol,
    netAmount: paid.amount,
    realized: paid.realized,
    holdings: [
      {
        symbol: action.symbol,
        qty: holding.qty,
        qtyChange: holding.qty - before,
        avgEntryPrice: holding.average,
        costBasis: holding.cost,
      },
    ],
  });
}

const toCent = (amount: bigint): bigint => divideHalfEven(amount, CENT) * CENT;

function payFraction(world: World, holding: Holding, action: Split): { amount: bigint; realized: bigint } {
  const { symbol, oldRate, newRate } = action;
  const isForward = newRate > oldRate;
  const mayKeep = world.config.splitFractions === "keep" && traitsOf(world, symbol).isFractionable;
  const fraction = holding.qty % SCALE;
  if (fraction === 0n || (isForward && mayKeep)) return { amount: 0n, realized: 0n };
  const previous = barsOf(world, symbol).findLast((bar) => bar.start < world.now && bar.volume > 0n)?.close ?? 0n;
  const amount = toCent(worth(fraction, divideHalfEven(previous * oldRate, newRate)));
  const cost = holding.cost;
  holding.cost = costAfter(holding, -fraction);
  holding.qty -= fraction;
  return { amount, realized: amount - (cost - holding.cost) };
}

/** R41: price less the rounded-up split value, quantity × ratio. */
function splitTicket(world: World, ticket: Ticket, { oldRate, newRate }: Split): void {
  const lower = (price: bigint | undefined): bigint | undefined =>
    price === undefined
      ? undefined
      : price - ceilingTo(tickOf(price), divideCeiling(price * (newRate - oldRate), newRate));
  const rest = (ticket.total ?? 0n) - ticket.filled;
  const piece = rest % SCALE === 0n ? SCALE : 1n;
  if (ticket.total !== undefined) {
    ticket.reservedWhole = heldBack(ticket);
    ticket.reservedFor = floorTo(piece, divideFloor(rest * newRate, oldRate));
    ticket.total = ticket.filled + ticket.reservedFor;
  }
  ticket.limit = lower(ticket.limit);
  ticket.stop = lower(ticket.stop);
  ticket.collar = lower(ticket.collar);
  ticket.trail = ticket.trail === undefined ? undefined : divideHalfEven(ticket.trail * oldRate, newRate);
  ticket.mark = ticket.mark === undefined ? undefined : divideHalfEven(ticket.mark * oldRate, newRate);
  announce(world, ticket, "split");
}
