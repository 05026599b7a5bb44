/** What a session has loaded of the market: the series of its symbols around its clock, and the agenda made from them. */
import {
  dayBefore,
  isCluttered,
  isQuiet,
  noteCommand,
  openAgenda,
  type Agenda,
  type EngineEvent,
  type KnownMarket,
  type State,
} from "../engine/index.ts";
import { newYorkDate, newYorkMidnight } from "../calendar/index.ts";
import { DAY_MS, HOUR_MS, instant, isRefusal, type Instant, type Refusal } from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";
import { knownAt, tapeOf } from "./market-views.ts";
import { TradedSince } from "./traded-since.ts";

type Loading = LoadedMarket | Refusal | Promise<LoadedMarket | Refusal>;

export class SessionMarket {
  readonly #market: Market;
  readonly #state: () => State;
  #held: LoadedMarket | undefined;
  #heldSymbols = new Set<string>();
  #heldFrom = instant(0);
  #today = { from: instant(0), until: instant(0), close: instant(0) };
  /** Since when bars move the marks of open trailing stops; undefined after events, until it is asked for again. */
  #marksFrom: number | undefined;
  readonly #traded = new TradedSince();
  /** Symbols that are in use; undefined after events, until it is asked for again. */
  #inUse: readonly string[] | undefined;
  /** Whether the series of every symbol in use are held; false: perhaps not. */
  #isCovered = false;
  /** Of the state as it is and the series as held: it is told of what commands do, and knows what it does itself. */
  #agenda: { readonly of: LoadedMarket; readonly agenda: Agenda } | undefined;

  constructor(market: Market, state: () => State) {
    this.#market = market;
    this.#state = state;
  }

  /** Call it after events, and without any after the state was replaced. */
  forget(events?: readonly EngineEvent[]): void {
    this.#inUse = undefined;
    this.#agenda = undefined;
    // What happens to orders brings no symbol but theirs, which were in use or asked for.
    if (events?.every((event) => "order" in event) !== true) this.#isCovered = false;
    if (events?.some((event) => this.#isOfTrailing(event)) !== false) this.#marksFrom = undefined;
  }

  /** Call it after what a command did: what is due is not asked anew of every order for it. */
  decided(events: readonly EngineEvent[]): void {
    const kept = this.#kept(events);
    this.forget(events);
    if (kept === undefined) return;
    noteCommand(kept.agenda, events);
    this.#agenda = kept;
  }

  /** Call it after what the agenda itself gave, and was told, of an advance. */
  advanced(events: readonly EngineEvent[]): void {
    const kept = this.#kept(events);
    this.forget(events);
    this.#agenda = kept;
  }

  /** The agenda, where events are of a kind that it can be told. */
  #kept(events: readonly EngineEvent[]) {
    return events.every((event) => "order" in event || "account" in event) ? this.#agenda : undefined;
  }

  /** What is due, on series that were loaded last. */
  agenda(loaded: LoadedMarket): Agenda {
    const state = this.#state();
    const kept = this.#agenda;
    if (kept?.of === loaded && kept.agenda.state === state && !isCluttered(kept.agenda)) return kept.agenda;
    const agenda = openAgenda(state, tapeOf(this.#market, loaded));
    this.#agenda = { of: loaded, agenda };
    return agenda;
  }

  #isOfTrailing(event: EngineEvent): boolean {
    return "order" in event && this.#state().orders.get(event.order - 1)?.type === "trailing_stop";
  }

  /** Lets go of the series, for a session at rest: what it holds is not counted in the budget of bytes. */
  release(): void {
    this.#held = undefined;
    this.#agenda = undefined;
  }

  /** The series as they were loaded last. */
  get held(): LoadedMarket | undefined {
    return this.#held;
  }

  /** Whether series are held. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /** Series of every symbol in use and of those asked for, from the clock to `until` as far as memory allows. */
  load(until: Instant, extra: readonly string[]): Loading {
    const held = this.#ifHeld(until, extra);
    if (held !== undefined) return held;
    const from = this.#lookback();
    const wanted = new Set([...this.symbolsInUse(), ...extra]);
    const symbols = [...wanted].filter((symbol) => this.#market.hasSymbol(symbol));
    const keep = (loaded: LoadedMarket | Refusal): LoadedMarket | Refusal => {
      if (isRefusal(loaded)) return loaded;
      this.#held = loaded;
      this.#isCovered = false;
      this.#heldSymbols = new Set(symbols);
      this.#heldFrom = from;
      return loaded;
    };
    const loading = this.#market.load({ symbols, from, until });
    return loading instanceof Promise ? loading.then(keep) : keep(loading);
  }

  /** What is known at the clock. */
  known(loaded: LoadedMarket): KnownMarket {
    return knownAt(this.#market, loaded, this.#state().clock);
  }

  /** The series, where they are held and nothing at all is due until then; undefined where there is work to do. */
  ifQuiet(until: Instant): LoadedMarket | undefined {
    const held = this.#ifHeld(until, []);
    if (held === undefined) return undefined;
    return isQuiet(this.agenda(held), until) ? held : undefined;
  }

  #ifHeld(until: Instant, extra: readonly string[]): LoadedMarket | undefined {
    const held = this.#held;
    if (held === undefined || held.coveredUntil < until || this.#heldFrom > this.#lookback()) return undefined;
    if (held.generation !== this.#market.generation()) return undefined;
    const has = (symbol: string): boolean => this.#heldSymbols.has(symbol) || !this.#market.hasSymbol(symbol);
    if (!extra.every(has)) return undefined;
    this.#isCovered ||= this.symbolsInUse().every(has);
    return this.#isCovered ? held : undefined;
  }

  /** How far back prices are asked for: the close before today, and the marks of open trailing stops. */
  #lookback(): Instant {
    const { clock } = this.#state();
    this.#marksFrom ??= marksFrom(this.#state());
    const close = this.#closeBefore(clock);
    return instant(Math.min(close, this.#marksFrom));
  }

  /** Asked at every step, and the same all day long. */
  #closeBefore(clock: Instant): Instant {
    const { from, until, close } = this.#today;
    if (clock >= from && clock < until) return close;
    const day = dayBefore(clock);
    const midnight = newYorkMidnight(newYorkDate(clock));
    this.#today = { from: midnight, until: instant(midnight + DAY_MS - HOUR_MS), close: day?.close ?? clock };
    return this.#today.close;
  }

  /** Symbols with a position, an open order or a trade since the last close; the same list until something happens. */
  symbolsInUse(): readonly string[] {
    if (this.#inUse !== undefined) return this.#inUse;
    const state = this.#state();
    const symbols = new Set<string>();
    for (const account of state.accounts) {
      for (const symbol of account.positions.keys()) symbols.add(symbol);
      for (const symbol of account.openOrdersBySymbol.keys()) symbols.add(symbol);
      for (const symbol of this.#traded.symbols(state, account, this.#closeBefore(state.clock))) symbols.add(symbol);
    }
    this.#inUse = [...symbols];
    return this.#inUse;
  }
}

/** The earliest instant from which bars move the mark of an open trailing stop; infinite where there is none. */
function marksFrom(state: State): number {
  let from = Infinity;
  for (const account of state.accounts) {
    for (const ordinal of account.openOrders) {
      const order = state.orders.get(ordinal - 1);
      if (order?.type === "trailing_stop") from = Math.min(from, order.markFrom);
    }
  }
  return from;
}
