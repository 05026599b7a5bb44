/** The books at the end of a day: margin at the regular close, fees and interest at session close and at the end (R32, R36, R37). */
import { newYorkDate, tradingDayOn, tradingDays } from "../../../src/calendar/index.ts";
import type { Accrual } from "../../../src/engine/index.ts";
import {
  daysOf,
  divideCeiling,
  divideHalfEven,
  SCALE,
  unitsFromNumber,
  weekdayOf,
  type CivilDate,
} from "../../../src/kernel/index.ts";
import { magnitude } from "./books.ts";
import { checkMargin } from "./margin.ts";
import { knownPrice } from "./tape.ts";
import { emit, type AuditBar, type Book, type World } from "./types.ts";

const FRIDAY = 5;
const DAYS_A_YEAR = 360n;
/** A cent in units of 10⁻¹⁸ dollars, and in units of 10⁻⁹. */
const FINE_CENT = 10n ** 16n;
const CENT = SCALE / 100n;
const ROUND_LOT = 100n * SCALE;

/** Margin: at the regular close, or wherever a bar has told something where calls are immediate. */
export function checkMargins(world: World, ending: readonly AuditBar[]): void {
  const day = tradingDayOn(newYorkDate(world.now));
  const isClose = day?.close === world.now;
  for (const book of world.books) {
    const isTold = ending.some((bar) => bar.volume > 0n && book.holdings.has(bar.symbol));
    if (isClose || (isTold && world.config.marginCall === "immediate")) checkMargin(world, book);
  }
}

export function closeOfSession(world: World): void {
  const date = newYorkDate(world.now);
  if (tradingDayOn(date)?.sessionClose !== world.now) return;
  for (const book of world.books) {
    accrueCosts(world, book, date);
    if (isLastOfMonth(date)) postCosts(world, book, date);
    postFees(world, book, date);
  }
}

export function complete(world: World): void {
  const date = newYorkDate(world.now);
  for (const book of world.books) {
    postCosts(world, book, date);
    postFees(world, book, date);
  }
  emit(world, { kind: "session_completed", at: world.now });
}

function isLastOfMonth(date: CivilDate): boolean {
  const next = tradingDays.find((day) => day.date > date);
  return next === undefined || next.date.slice(0, 7) !== date.slice(0, 7);
}

/** One activity for each type, rounded up to the cent. */
function postFees(world: World, book: Book, date: CivilDate): void {
  for (const type of ["sec", "taf", "cat"] as const) {
    const cents = divideCeiling(book.accruals[type], FINE_CENT);
    book.accruals[type] = 0n;
    if (cents > 0n) post(world, book, { entry: "FEE", amount: -cents * CENT, posts: type, date });
  }
}

/** To the cent, half-even. */
function postCosts(world: World, book: Book, date: CivilDate): void {
  for (const type of ["interest", "borrow"] as const) {
    if (book.accruals[type] === 0n) continue;
    const cents = divideHalfEven(book.accruals[type], FINE_CENT);
    book.accruals[type] = 0n;
    post(world, book, { entry: type === "interest" ? "INT" : "FEE", amount: -cents * CENT, posts: type, date });
  }
}

function post(
  world: World,
  book: Book,
  posting: {
    readonly entry: "FEE" | "INT";
    readonly amount: bigint;
    readonly posts: Accrual;
    readonly date: CivilDate;
  },
): void {
  book.cash += posting.amount;
  emit(world, {
    kind: "account_entry",
    at: world.now,
    account: book.ordinal,
    entry: posting.entry,
    netAmount: posting.amount,
    realized: 0n,
    posts: posting.posts,
    date: posting.date,
  });
}

/** A day's interest on borrowed cash and a day's fee on borrowed shares; three days on Friday. */
function accrueCosts(world: World, book: Book, date: CivilDate): void {
  const days = weekdayOf(daysOf(date)) === FRIDAY ? 3n : 1n;
  const debt = book.cash < 0n ? -book.cash : 0n;
  accrue(world, book, "interest", debt * days);
  let borrowed = 0n;
  for (const [symbol, holding] of book.holdings) {
    if (holding.qty >= 0n) continue;
    const lots = divideCeiling(magnitude(holding.qty), ROUND_LOT) * 100n;
    borrowed += lots * (knownPrice(world, symbol, world.now) ?? holding.average);
  }
  accrue(world, book, "borrow", borrowed * days);
}

function accrue(world: World, book: Book, type: "interest" | "borrow", amount: bigint): void {
  const rate = world.config[type];
  if (rate.model === "none" || amount === 0n) return;
  const accrued = divideHalfEven(amount * unitsFromNumber(rate.args[0]), DAYS_A_YEAR);
  if (accrued === 0n) return;
  book.accruals[type] += accrued;
  emit(world, { kind: "cost_accrued", at: world.now, account: book.ordinal, accrual: type, accrued });
}
