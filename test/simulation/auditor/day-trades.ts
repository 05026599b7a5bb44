/** Day trades as FINRA counted them until 2026-06-04 (R38): what is opened and closed on one New York date. */
import { newYorkDate, newYorkMidnight, tradingDays } from "../../../src/calendar/index.ts";
import { SCALE, type CivilDate } from "../../../src/kernel/index.ts";
import { bookOf, heldOf } from "./books.ts";
import { openOrders } from "./buying-power.ts";
import { isOpenTicket, sign, type Book, type Ticket, type World } from "./types.ts";

const RULE_ENDS = newYorkMidnight("2026-06-04" as CivilDate);
/** The fourth within five business days is one too many below 25,000 dollars. */
const TRADES_BEFORE_LAST = 3;
const BUSINESS_DAYS = 5;
const EQUITY_MIN = 25_000n * SCALE;

const isInForce = ({ config, now }: World): boolean =>
  config.pdt === "legacy" || (config.pdt === "by_date" && now < RULE_ENDS);

/** Day trades of a book by date, and what of today is still open, by going through all of its fills. */
function countsOf(book: Book, today: CivilDate) {
  const byDate = new Map<CivilDate, number>();
  let opened = new Set<string>();
  let date: CivilDate | undefined;
  for (const turn of book.turns) {
    if (turn.date !== date) opened = new Set();
    ({ date } = turn);
    if (!turn.isClosing) opened.add(turn.symbol);
    else if (opened.delete(turn.symbol)) byDate.set(turn.date, (byDate.get(turn.date) ?? 0) + 1);
  }
  return { byDate, opened: date === today ? opened : new Set<string>() };
}

/** An order as far as it can make a day trade. */
export interface Trading {
  readonly account: number;
  readonly symbol: string;
  readonly side: Ticket["side"];
  readonly orderClass: Ticket["orderClass"];
  /** The order that it replaces. */
  readonly old?: Ticket;
}

/** Whether an order could make the fourth day trade of an account that had less than 25,000 dollars at the last close. */
export function couldBeOneTooMany(world: World, order: Trading): boolean {
  if (!isInForce(world)) return false;
  const book = bookOf(world, order.account);
  const today = newYorkDate(world.now);
  const { byDate, opened } = countsOf(book, today);
  if (!couldBeDayTrade(world, order, opened)) return false;
  const first = tradingDays.filter(({ date }) => date < today).at(1 - BUSINESS_DAYS)?.date ?? today;
  const made = [...byDate]
    .filter(([date]) => date >= first && date <= today)
    .reduce((sum, [, count]) => sum + count, 0);
  const pending = world.tickets.filter(
    (ticket) =>
      ticket.account === order.account &&
      isOpenTicket(ticket) &&
      !ticket.isOpening &&
      ticket !== order.old &&
      ticket.symbol !== order.symbol &&
      opened.has(ticket.symbol),
  );
  const count = made + new Set(pending.map(({ symbol }) => symbol)).size;
  return count >= TRADES_BEFORE_LAST && equityAtLastClose(world, book, today) < EQUITY_MIN;
}

/** It closes what today opened, or brings its own exit, or meets an open order of the other side. */
function couldBeDayTrade(world: World, order: Trading, opened: ReadonlySet<string>): boolean {
  const { account, symbol, side, orderClass } = order;
  if (sign(side) * heldOf(bookOf(world, account), symbol) < 0n) return opened.has(symbol);
  if (orderClass === "bracket" || orderClass === "oto") return true;
  return openOrders(world, account, symbol).some((ticket) => ticket.side !== side);
}

/** An account that is younger than the last close had then what it was opened with. */
function equityAtLastClose(world: World, book: Book, today: CivilDate): bigint {
  const close = tradingDays.findLast(({ date }) => date < today)?.close;
  if (close === undefined || close < book.openedAt) return book.openingEquity;
  return world.snapshots.findLast(({ at }) => at <= close)?.accounts[book.ordinal - 1]?.equity ?? book.openingEquity;
}
