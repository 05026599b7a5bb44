/** Round trips: from flat to flat in one symbol, its shares matched first in, first out. */
import { averagePrice, NO_CASH, smaller, type Instant } from "../kernel/index.ts";
import type { FillFact, RenameFact, SplitFact } from "./input.ts";
import {
  costHeld,
  enter,
  leave,
  openPosition,
  partsOf,
  rename,
  restate,
  sharesHeld,
  type OpenPosition,
} from "./open-position.ts";
import { closedTrip, openTrip, type OpenTrip, type RoundTrip } from "./trip.ts";

export interface RoundTrips {
  /** By time of exit. */
  readonly closed: readonly RoundTrip[];
  /** What is still held at the end, by time of entry. */
  readonly open: readonly OpenTrip[];
}

/** What is held by symbol, and what has been closed so far. */
interface Book {
  readonly held: Map<string, OpenPosition>;
  readonly closed: RoundTrip[];
}

interface Place {
  readonly at: Instant;
  readonly symbol: string;
}

interface Step {
  readonly at: Instant;
  readonly take: (book: Book) => void;
}

/**
 * The trades that fills come to. A fill through zero ends one trade and begins the next, its cash and fees shared by
 * shares. Profits have the fees of all their fills taken off and know nothing of dividends and interest.
 */
export function roundTrips(
  fills: readonly FillFact[],
  splits: readonly SplitFact[],
  renames: readonly RenameFact[] = [],
): RoundTrips {
  const book: Book = { held: new Map(), closed: [] };
  // What a company does comes before the fills of its instant: the sort is stable.
  const steps: readonly Step[] = [
    ...renames.map((each): Step => ({ at: each.at, take: (to) => takeRename(to, each) })),
    ...splits.map((each): Step => ({ at: each.at, take: (to) => takeSplit(to, each) })),
    ...fills.map((each): Step => ({ at: each.at, take: (to) => takeFill(to, each) })),
  ];
  for (const { take } of steps.toSorted((a, b) => a.at - b.at)) take(book);
  const open = [...book.held.values()].map(openTrip).toSorted((a, b) => a.entryAt - b.entryAt);
  return { closed: book.closed, open };
}

function takeRename(book: Book, { at, from, to }: RenameFact): void {
  const { held } = book;
  const position = held.get(from);
  if (position === undefined) return;
  held.delete(from);
  if (held.has(to)) {
    joinHeld(book, position, { at, symbol: to });
    return;
  }
  rename(position, { at, to });
  held.set(to, position);
}

/** Where the new symbol is held already, the shares leave at their cost and enter there at it. */
function joinHeld(book: Book, position: OpenPosition, { at, symbol }: Place): void {
  const [qty, value] = [sharesHeld(position), costHeld(position)];
  leave(position, { qty, value, fees: NO_CASH, price: undefined });
  book.closed.push(closedTrip(position, at));
  const side = position.isLong ? "buy" : "sell";
  takeFill(book, { at, symbol, side, qty, cash: value, price: averagePrice(value, qty), fees: NO_CASH, order: 0 });
}

function takeSplit(book: Book, split: SplitFact): void {
  const position = book.held.get(split.symbol);
  if (position === undefined) return;
  restate(position, split);
  closeIfFlat(book, split);
}

function takeFill(book: Book, fill: FillFact): void {
  const position = book.held.get(fill.symbol);
  if (position === undefined || position.isLong === (fill.side === "buy")) {
    const entered = position ?? openPosition(fill);
    book.held.set(fill.symbol, entered);
    enter(entered, partsOf(fill, fill.qty)[0]);
    return;
  }
  const [closing, opening] = partsOf(fill, smaller(fill.qty, sharesHeld(position)));
  leave(position, closing);
  closeIfFlat(book, fill);
  if (opening.qty === 0n) return;
  const next = openPosition(fill);
  enter(next, opening);
  book.held.set(fill.symbol, next);
}

function closeIfFlat(book: Book, { at, symbol }: Place): void {
  const position = book.held.get(symbol);
  if (position === undefined || sharesHeld(position) > 0n) return;
  book.held.delete(symbol);
  book.closed.push(closedTrip(position, at));
}
