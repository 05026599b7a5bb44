/** Where the mark of a trailing stop stands: remembered beside the order, never part of the state. */
import { instant, type Bar, type Instant, type Price } from "../../kernel/index.ts";
import { isInHours, type VenueHours } from "../orders/venue.ts";
import type { Order } from "../state.ts";
import { markAfter } from "./trail.ts";

/** The mark before the first bar that starts at `next` or later. */
interface Mark {
  readonly next: Instant;
  readonly price: Price | undefined;
}

type Bars = (from: Instant) => Bar | undefined;

/** An order's record is replaced whenever it changes, so a memory of one is never stale. */
export class MarkMemory {
  readonly #marks = new WeakMap<Order, Mark>();
  readonly #quiet = new WeakMap<Order, Instant>();

  /** Bars that start earlier were seen not to hit the stop. */
  quietUntil(order: Order): Instant {
    return this.#quiet.get(order) ?? order.markFrom;
  }

  noteQuiet(order: Order, bar: Bar): void {
    this.#quiet.set(order, instant(bar.start + 1));
  }

  /** The mark before a bar, moved by every bar of the order's hours that starts earlier. */
  before(
    order: Order,
    barStart: Instant,
    { bars, hours }: { readonly bars: Bars; readonly hours: VenueHours },
  ): Price | undefined {
    let mark = this.#marks.get(order) ?? { next: order.markFrom, price: order.mark };
    if (mark.next > barStart) mark = { next: order.markFrom, price: order.mark };
    for (let bar = bars(mark.next); bar !== undefined && bar.start < barStart; bar = bars(mark.next)) {
      const counts = bar.volume > 0 && isInHours(hours, bar.start);
      mark = { next: instant(bar.start + 1), price: counts ? markAfter(order, mark.price, bar) : mark.price };
    }
    this.#marks.set(order, mark);
    return mark.price;
  }
}

/** Marks that the agenda has computed; it reads the future, so nobody else may ask them. */
export const agendaMarks = new MarkMemory();
