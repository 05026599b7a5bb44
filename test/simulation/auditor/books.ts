/** The books: cash, holdings, averages, realised profit (R35), fees as they accrue (R32), equity. */
import type { OrderFilled, Side } from "../../../src/engine/index.ts";
import { newYorkDate } from "../../../src/calendar/index.ts";
import { assert, divideHalfEven, SCALE } from "../../../src/kernel/index.ts";
import { feesOf } from "./facts.ts";
import { knownPrice } from "./tape.ts";
import { sign, type Book, type Figures, type Holding, type Ticket, type World } from "./types.ts";

export const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
export const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Shares × price, half-even to 10⁻⁹. */
export const worth = (shares: bigint, price: bigint): bigint => divideHalfEven(shares * price, SCALE);

export function bookOf(world: World, account: number): Book {
  const book = world.books[account - 1];
  assert(book !== undefined, `the auditor knows account ${account}`);
  return book;
}

export const heldOf = (book: Book, symbol: string): bigint => book.holdings.get(symbol)?.qty ?? 0n;

/** Books one fill; the fees that it accrues are the answer. */
export function bookFill(
  world: World,
  ticket: Ticket,
  fill: { readonly qty: bigint; readonly price: bigint },
): Pick<OrderFilled, "secFee" | "tafFee" | "catFee"> {
  const book = bookOf(world, ticket.account);
  const amount = worth(fill.qty, fill.price);
  const isClosing = sign(ticket.side) * heldOf(book, ticket.symbol) < 0n;
  book.turns.push({ date: newYorkDate(world.now), symbol: ticket.symbol, isClosing });
  book.cash -= sign(ticket.side) * amount;
  trade(book, ticket.symbol, { side: ticket.side, qty: fill.qty, price: fill.price, amount });
  if (world.config.fees === "none") return { secFee: undefined, tafFee: undefined, catFee: undefined };
  const fees = feesOf(world.now, { side: ticket.side, qty: fill.qty, amount });
  book.accruals.sec += fees.sec;
  book.accruals.taf += fees.taf;
  book.accruals.cat += fees.cat;
  return { secFee: fees.sec, tafFee: fees.taf, catFee: fees.cat };
}

interface Trade {
  readonly side: Side;
  readonly qty: bigint;
  readonly price: bigint;
  readonly amount: bigint;
}

function trade(book: Book, symbol: string, { side, qty, price, amount }: Trade): void {
  const holding = book.holdings.get(symbol) ?? { qty: 0n, average: 0n, cost: 0n };
  const signed = sign(side) * qty;
  const isClosing = holding.qty !== 0n && holding.qty > 0n !== signed > 0n;
  if (isClosing) {
    assert(qty <= magnitude(holding.qty), "a fill never crosses zero in one piece");
    book.realized += close(holding, signed, sign(side) * amount);
  } else {
    const isFirst = holding.qty === 0n;
    holding.qty += signed;
    holding.cost += sign(side) * amount;
    // The average of one fill is its price, whatever the rounding of its cash.
    holding.average = isFirst ? price : divideHalfEven(holding.cost * SCALE, holding.qty);
  }
  if (holding.qty === 0n) book.holdings.delete(symbol);
  else book.holdings.set(symbol, holding);
}

/** Realised profit: what came in less what the closed shares had cost. A closing fill leaves the average alone. */
function close(holding: Holding, signed: bigint, amount: bigint): bigint {
  const before = holding.cost;
  holding.cost = costAfter(holding, signed);
  holding.qty += signed;
  return -amount - (before - holding.cost);
}

/** What is left of the cost when some shares go: those take their part, rounded half-even. */
export function costAfter(holding: Holding, signed: bigint): bigint {
  return holding.cost - divideHalfEven(holding.cost * -signed, holding.qty);
}

/** Cash and holdings at the last known prices; a holding without a price counts at its average. */
export function equityOf(world: World, book: Book): bigint {
  let equity = book.cash;
  for (const [symbol, holding] of book.holdings) {
    equity += worth(holding.qty, knownPrice(world, symbol, world.now) ?? holding.average);
  }
  return equity;
}

export function figuresOf(world: World, book: Book): Figures {
  const equity = equityOf(world, book);
  const entries = [...book.holdings].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    cash: book.cash,
    realized: book.realized,
    holdings: Object.fromEntries(
      entries.map(([symbol, { qty, average, cost }]) => [symbol, `${qty} ${average} ${cost}`]),
    ),
    equity,
    value: equity - book.cash,
  };
}
