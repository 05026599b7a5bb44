/** What a session has used of the tape, and whether it is still the same: else results would be of two different pasts. */
import { dayBefore } from "../engine/index.ts";
import { newYorkDate, newYorkMidnight } from "../calendar/index.ts";
import { dateFromDays, daysOf, type CivilDate, type Instant } from "../kernel/index.ts";
import { monthAt, monthEnd, type LoadedMarket, type Market, type Month, type MonthContent } from "../market/index.ts";
import type { PinStore } from "./journal-port.ts";
import { monthLine, readPins, spanLine, type PinnedMonth, type PinnedSymbols, type UseSpan } from "./pinned-days.ts";

/** A day of a symbol that holds other bars than when it was used. */
export interface ChangedDay {
  readonly symbol: string;
  readonly date: CivilDate;
}

export interface PinParts {
  readonly market: Market;
  readonly store: PinStore;
  readonly clock: () => Instant;
  /** Symbols with a position or an open order. The same list while they are the same. */
  readonly inUse: () => readonly string[];
  /** The series that the session holds. */
  readonly held: () => LoadedMarket | undefined;
}

const UNCHANGED: readonly ChangedDay[] = [];

export class TapePins {
  readonly #parts: PinParts;
  #symbols: PinnedSymbols | undefined;
  #changed = UNCHANGED;
  #checkedGeneration = -1;
  #inUse: readonly string[] = [];
  /** Before it nothing new can have been used, as long as the symbols in use are the same. */
  #quietUntil = 0;

  constructor(parts: PinParts) {
    this.#parts = parts;
  }

  /** Days that hold other bars than when they were used, as of the last check; oldest first for each symbol. */
  get changed(): readonly ChangedDay[] {
    return this.#changed;
  }

  /** Whether the catalog has changed since the last check. */
  get isStale(): boolean {
    return this.#checkedGeneration !== this.#parts.market.generation();
  }

  /** Whether there is something to pin: another symbol, or another month. Asked after every command. */
  get isBehind(): boolean {
    const inUse = this.#parts.inUse();
    if (inUse !== this.#inUse) {
      if (!isSame(inUse, this.#inUse)) return true;
      this.#inUse = inUse;
    }
    return inUse.length > 0 && this.#parts.clock() >= this.#quietUntil;
  }

  /** Notes which symbols are in use from now on, and which no longer: at once, as the moment matters. */
  note(): void {
    if (this.#changed.length === 0) this.#noteSpans(this.#parts.inUse(), this.#parts.clock());
  }

  /** Holds what was used against what there is now. What lies after the clock may have changed, and is pinned anew. */
  async check(): Promise<void> {
    const generation = this.#parts.market.generation();
    const changed: ChangedDay[] = [];
    for (const [symbol, { span, months }] of this.#pinned()) {
      const today = dayOf(this.#parts.clock());
      const last = Math.min(span.to ?? today, today);
      for (const [month, pinned] of months) {
        const identity = this.#parts.market.monthIdentity(symbol, month);
        if (identity === pinned.identity) continue;
        const content = await this.#parts.market.monthContent(symbol, month);
        const days = changedDays(pinned, content, { first: span.from, last, today });
        changed.push(...days.map((day) => ({ symbol, date: dateFromDays(day) })));
        if (days.length === 0) this.#keep(symbol, month, { identity, days: content.days });
      }
    }
    this.#changed = changed;
    this.#checkedGeneration = generation;
  }

  /** Pins what has been used since the last time. While data has changed nothing is: it would vouch for a mixture. */
  async pin(): Promise<void> {
    if (this.#changed.length > 0) return;
    const clock = this.#parts.clock();
    const inUse = this.#parts.inUse();
    this.#noteSpans(inUse, clock);
    const until = monthAt(clock);
    const today = dayOf(clock);
    for (const [symbol, pinned] of this.#pinned()) {
      // Of a symbol that has left, what it went through on its last day or before is missing still.
      if (pinned.span.to !== undefined && pinned.span.to < today) continue;
      const first = monthAt(newYorkMidnight(dateFromDays(pinned.span.from)));
      for (let month = first; month <= until; month += 1) {
        if (!pinned.months.has(month)) await this.#pinMonth(symbol, month);
      }
    }
    this.#inUse = inUse;
    this.#quietUntil = monthEnd(until);
  }

  /** Takes the data as it is now for what was used. */
  async accept(): Promise<void> {
    for (const [symbol, { months }] of this.#pinned()) {
      for (const month of months.keys()) {
        const content = await this.#parts.market.monthContent(symbol, month);
        months.set(month, { identity: this.#parts.market.monthIdentity(symbol, month), days: content.days });
      }
    }
    const lines = [...this.#pinned()].map(([symbol, { span, months }]) =>
      [spanLine(symbol, span), ...[...months].map(([month, pinned]) => monthLine(symbol, month, pinned))].join(""),
    );
    this.#parts.store.replace(lines.join(""));
    this.#changed = UNCHANGED;
    this.#checkedGeneration = this.#parts.market.generation();
  }

  #pinned(): PinnedSymbols {
    return (this.#symbols ??= readPins(this.#parts.store.read()));
  }

  #keep(symbol: string, month: Month, pinned: PinnedMonth): void {
    this.#pinned().get(symbol)?.months.set(month, pinned);
    this.#parts.store.add(monthLine(symbol, month, pinned));
  }

  /** The series that were used are held still, even where the catalog has others by now. */
  async #pinMonth(symbol: string, month: Month): Promise<void> {
    const { market } = this.#parts;
    const held = this.#parts.held();
    const used = held?.content(symbol, month);
    const content = used ?? (await market.monthContent(symbol, month));
    const isCurrent = used === undefined || held?.generation === market.generation();
    this.#keep(symbol, month, { identity: isCurrent ? market.monthIdentity(symbol, month) : "", days: content.days });
  }

  #noteSpans(inUse: readonly string[], clock: Instant): void {
    const today = dayOf(clock);
    const using = new Set(inUse);
    const ended = [...this.#pinned()].filter(([symbol, { span }]) => span.to === undefined && !using.has(symbol));
    const begun = inUse.filter((symbol) => !this.#isUsing(symbol));
    const lines = [
      ...ended.map(([symbol, { span }]) => this.#setSpan(symbol, { ...span, to: today })),
      // The close before today is what a position is worth in the morning.
      ...begun.map((symbol) => this.#beginSpan(symbol, daysOf(dayBefore(clock)?.date ?? dateFromDays(today)))),
    ];
    if (lines.length > 0) this.#parts.store.add(lines.join(""));
  }

  #isUsing(symbol: string): boolean {
    const pinned = this.#pinned().get(symbol);
    return pinned !== undefined && pinned.span.to === undefined;
  }

  /** A symbol that is used again was in use all the time: simple, and a change in between is told once too often. */
  #beginSpan(symbol: string, from: number): string {
    return this.#setSpan(symbol, { from: this.#pinned().get(symbol)?.span.from ?? from, to: undefined });
  }

  #setSpan(symbol: string, span: UseSpan): string {
    this.#pinned().set(symbol, { span, months: this.#pinned().get(symbol)?.months ?? new Map<Month, PinnedMonth>() });
    return spanLine(symbol, span);
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((symbol, index) => symbol === b[index]);

const dayOf = (at: Instant): number => daysOf(newYorkDate(at));

interface UsedDays {
  readonly first: number;
  readonly last: number;
  /** The day of the clock, which may have grown since. */
  readonly today: number;
}

/** Days of the span whose bars are others, gone, or came later. */
function changedDays(pinned: PinnedMonth, now: MonthContent, { first, last, today }: UsedDays): readonly number[] {
  const before = new Map(pinned.days.map((each) => [each.day, each]));
  const after = new Map(now.days.map((each) => [each.day, each]));
  const days = [...new Set([...before.keys(), ...after.keys()])].filter((day) => day >= first && day <= last);
  return days
    .filter((day) => {
      const [was, is] = [before.get(day), after.get(day)];
      if (was?.hash === is?.hash) return false;
      const bars = was?.bars ?? 0;
      return day !== today || (bars > 0 && now.hashOfFirst(day, bars) !== was?.hash);
    })
    .toSorted((a, b) => a - b);
}
