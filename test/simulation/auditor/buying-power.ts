/** What an account may still open (R33, R36 and the reference's table of multipliers). */
import { newYorkMidnight } from "../../../src/calendar/index.ts";
import { cash, divideHalfEven, price as asPrice, SCALE, sharesFor, type CivilDate } from "../../../src/kernel/index.ts";
import { bookOf, equityOf, greater, heldOf, lesser, magnitude, worth } from "./books.ts";
import { remaining } from "./groups.ts";
import { maintenanceOf } from "./requirements.ts";
import { slipped } from "./prices.ts";
import { knownPrice, traitsOf } from "./tape.ts";
import { isOpenTicket, sign, type Book, type Ticket, type World } from "./types.ts";

const INTRADAY_FROM = newYorkMidnight("2026-06-04" as CivilDate);

/** Below this equity an account has no credit and may not sell short. */
const CREDIT_FROM = 2000n * SCALE;

export function multiplierOf(world: World, book: Book): number {
  if (world.config.margin === "cash" || equityOf(world, book) < CREDIT_FROM) return 1;
  return Math.min(2, book.multiplierMax);
}

/** Half of what is held, or all of what cannot be held on credit. */
function initialMarginOf(world: World, book: Book): bigint {
  let doubled = 0n;
  for (const [symbol, holding] of book.holdings) {
    const price = knownPrice(world, symbol, world.now) ?? holding.average;
    const value = worth(magnitude(holding.qty), price);
    doubled += traitsOf(world, symbol).isMarginable ? value : value * 2n;
  }
  return divideHalfEven(doubled, 2n);
}

/** What an open order still holds back: of its reserve the share that is not filled yet. */
export function heldBack(ticket: Ticket): bigint {
  if (!isOpenTicket(ticket) || ticket.reservedWhole === 0n) return 0n;
  const shares = ticket.reservedFor ?? ticket.total;
  if (shares === undefined || remaining(ticket) === shares) return ticket.reservedWhole;
  return divideHalfEven(ticket.reservedWhole * remaining(ticket), shares);
}

export function buyingPowerOf(world: World, book: Book): bigint {
  const held = world.tickets
    .filter((ticket) => ticket.account === book.ordinal)
    .reduce((sum, ticket) => sum + heldBack(ticket), 0n);
  const multiplier = multiplierOf(world, book);
  if (world.config.margin === "cash") return book.cash - held;
  const excess = greater(0n, equityOf(world, book) - initialMarginOf(world, book));
  // Without credit there is the cash, less what short positions bind of it.
  if (multiplier === 1) return lesser(book.cash, excess) - held;
  const overnight = excess * 2n;
  const isIntraday = world.config.pdt !== "legacy" && world.now >= INTRADAY_FROM && book.multiplierMax > 2;
  return (isIntraday ? greater(overnight, intradayPower(world, book)) : overnight) - held;
}

/** Since FINRA's rule of 2026: what the maintenance excess carries at 30 %, four times the equity at most. */
function intradayPower(world: World, book: Book): bigint {
  const equity = equityOf(world, book);
  let gross = 0n;
  for (const [symbol, holding] of book.holdings) {
    gross += worth(magnitude(holding.qty), knownPrice(world, symbol, world.now) ?? holding.average);
  }
  return lesser(divideHalfEven((equity - maintenanceOf(world, book)) * 10n, 3n), equity * 4n - gross);
}

/** The price that the reserve of an order is made with; undefined where none is known (R33). */
export function reservePrice(
  world: World,
  order: Pick<Ticket, "symbol" | "side" | "limit" | "stop">,
): bigint | undefined {
  const last = knownPrice(world, order.symbol, world.now);
  if (order.side === "buy") {
    const market = last === undefined ? undefined : slipped(world.config, last, "buy");
    return order.limit ?? order.stop ?? market;
  }
  const own = order.limit ?? order.stop;
  if (last === undefined) return own;
  const above = divideHalfEven(last * 103n, 100n);
  return own === undefined ? above : greater(own, above);
}

/** Shares that an open order still asks for; one in dollars as many as they buy at the price of the moment. */
function sharesOf(world: World, ticket: Ticket): bigint {
  if (ticket.total !== undefined || ticket.notional === undefined) return remaining(ticket);
  const price = ticket.limit ?? knownPrice(world, ticket.symbol, world.now);
  return price === undefined ? 0n : sharesFor(cash(ticket.notional), asPrice(price));
}

/** Open orders of an account in a symbol. */
export function openOrders(world: World, account: number, symbol: string): readonly Ticket[] {
  return world.tickets.filter(
    (ticket) => ticket.account === account && ticket.symbol === symbol && isOpenTicket(ticket),
  );
}

/** Shares that no open closing order has reserved. A group reserves once; legs that are held for an entry not yet. */
export function availableOf(world: World, account: number, symbol: string): bigint {
  const groups = new Map<number, bigint>();
  const held = heldOf(bookOf(world, account), symbol);
  for (const ticket of openOrders(world, account, symbol)) {
    if (ticket.isOpening || ticket.status === "held" || sign(ticket.side) * held > 0n) continue;
    const group = ticket.role === undefined ? ticket.ordinal : (ticket.parent ?? ticket.ordinal);
    groups.set(group, greater(groups.get(group) ?? 0n, sharesOf(world, ticket)));
  }
  const reserved = [...groups.values()].reduce((sum, each) => sum + each, 0n);
  return greater(0n, magnitude(held) - reserved);
}
