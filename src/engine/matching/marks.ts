/** Where the mark of a trailing stop stands: remembered beside the order, never part of the state. */
import { tradingDayAt } from "../../calendar/index.ts";
import { instant, priceFromBar, type Bar, type Instant, type Price } from "../../kernel/index.ts";
import type { EngineConfig } from "../config.ts";
import { isInHours, type VenueHours } from "../orders/venue.ts";
import type { Order } from "../state.ts";
import { betterMark, markAfter } from "./trail.ts";

/** The mark before the first bar that starts at `next` or later. */
interface Mark {
  readonly next: Instant;
  readonly price: Price | undefined;
}

type Bars = (from: Instant) => Bar | undefined;

interface Seen {
  readonly bars: Bars;
  readonly hours: VenueHours;
  readonly partialDayBar: EngineConfig["partialDayBar"];
}

/** R4: of the day bar that was running at first, the close counts, and only that. */
function markAtClose(order: Order, bars: Bars): Price | undefined {
  const day = tradingDayAt(order.markFrom);
  const bar = day === undefined ? undefined : bars(day.open);
  const isRunning = bar?.isDay === true && bar.start < order.markFrom && order.markFrom < bar.end && bar.volume > 0;
  if (!isRunning) return order.mark;
  const close = priceFromBar(bar.close);
  return betterMark(order, order.mark ?? close, close);
}

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
  before(order: Order, barStart: Instant, { bars, hours, partialDayBar }: Seen): Price | undefined {
    // The day bar that runs when the order comes finds the mark of its acceptance.
    if (barStart < order.markFrom) return order.mark;
    const known = this.#marks.get(order);
    let mark = known !== undefined && known.next <= barStart ? known : undefined;
    mark ??= { next: order.markFrom, price: partialDayBar === "close_only" ? markAtClose(order, bars) : order.mark };
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
