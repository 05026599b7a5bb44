/** A session without a journal: commands on a state of its own, to see what they do. */
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  apply,
  createState,
  decide,
  setClock,
  type AccountCommand,
  type Command,
  type EngineEvent,
  type KnownMarket,
  type SessionCreated,
  forgetPast,
  itemsHeld,
  type State,
} from "../../engine/index.ts";
import { DAY_MS, instant, isRefusal, refuse, type Instant, type Refusal } from "../../kernel/index.ts";
import type { Market } from "../../market/index.ts";
import { advanceState } from "../advance.ts";
import type { JournalEntry } from "../journal-port.ts";
import { knownOfNothing } from "../market-views.ts";
import { completed, decideForSession, isAllowedWhenCompleted, isSessionCommand } from "../session-commands.ts";
import { SessionMarket } from "../session-market.ts";
import type { WallClock } from "../wall-clock.ts";

export interface ScratchParts {
  readonly market: Market;
  readonly wall: WallClock;
  readonly past?: PastKept | undefined;
}

/** How much of a long past stays in memory, at some kilobytes an order. */
export interface PastKept {
  /** Items in memory before a look at what of them can go, and again when there are twice as many as were left. */
  readonly itemsMin: number;
  readonly eventsPerLook: number;
  /** What lies so far behind can go, in milliseconds: longer than any day's figures reach back. */
  readonly reachMs: number;
}

const SOME_PAST: PastKept = { itemsMin: 32_768, eventsPerLook: 4096, reachMs: 7 * DAY_MS };

/** Nothing goes. */
export const WHOLE_PAST: PastKept = { itemsMin: Infinity, eventsPerLook: Infinity, reachMs: Infinity };

type Events = readonly EngineEvent[];
type Decision = Events | Refusal;

const NO_SYMBOLS: readonly string[] = [];
const NO_EVENTS: Events = [];

export class ScratchSession {
  readonly state: State;
  readonly #parts: ScratchParts;
  readonly #series: SessionMarket;
  readonly #past: PastKept;
  /** Events until the next look. */
  #untilLook: number;
  #itemsMax: number;

  constructor(parts: ScratchParts, created: SessionCreated) {
    this.#parts = parts;
    this.#past = parts.past ?? SOME_PAST;
    this.#untilLook = this.#past.eventsPerLook;
    this.#itemsMax = this.#past.itemsMin;
    this.state = createState(created);
    this.#series = new SessionMarket(parts.market, () => this.state);
  }

  /** What a command does at the clock; a refusal has changed nothing, but of an advance, which makes it unusable. */
  run(command: Command): Decision | Promise<Decision> {
    if (this.state.status === "completed" && !isAllowedWhenCompleted(command)) return completed();
    if (command.kind === "advance") return this.advance(command.until);
    if (command.kind === "create_session") return refuse("bad_request", "a session is created once");
    if (isSessionCommand(command)) return this.#applied(decideForSession(this.state, command));
    return this.#decide(command);
  }

  /** Brings the clock to a time, or to the end where that is before; what happens on the way happens. */
  advance(until: Instant): Decision | Promise<Decision> {
    if (until < this.state.clock) return refuse("bad_request", "the clock cannot go back");
    if (until < this.state.endTime && this.#series.ifQuiet(until) !== undefined) {
      setClock(this.state, until);
      return NO_EVENTS;
    }
    return this.#advance(until);
  }

  /** Takes what has happened as it is on record. */
  fold({ at, events }: JournalEntry): void {
    for (const event of events) if (event.kind !== "session_created") apply(this.state, event);
    setClock(this.state, at);
    this.#series.forget(events);
  }

  /** Sets the clock where nothing happens on the way. */
  setClock(at: Instant): void {
    setClock(this.state, at);
  }

  /** What is known at the clock of what it holds. */
  async known(): Promise<KnownMarket> {
    const loaded = await this.#series.load(this.state.clock, NO_SYMBOLS);
    return isRefusal(loaded) ? knownOfNothing(this.#parts.market) : this.#series.known(loaded);
  }

  async #advance(asked: Instant): Promise<Decision> {
    const { market, wall } = this.#parts;
    const events = await advanceState({
      state: this.state,
      market,
      until: instant(Math.min(asked, this.state.endTime)),
      load: (to) => this.#series.load(to, NO_SYMBOLS),
      agenda: (loaded) => this.#series.agenda(loaded),
      apply: (event) => {
        apply(this.state, event);
      },
      stopAt: undefined,
      sliceClock: () => wall.elapsedMs(),
      giveWay: () => nextTurn(),
    });
    if (isRefusal(events)) this.#series.forget();
    else if (events.length > 0) this.#series.advanced(events);
    if (!isRefusal(events)) this.#forgetPast(events.length);
    return events;
  }

  #decide(command: AccountCommand): Decision | Promise<Decision> {
    const symbols = "terms" in command ? [command.terms.symbol] : NO_SYMBOLS;
    const loading = this.#series.load(this.state.clock, symbols);
    if (!(loading instanceof Promise)) {
      return isRefusal(loading) ? loading : this.#applied(decide(this.state, command, this.#series.known(loading)));
    }
    return loading.then((loaded) =>
      isRefusal(loaded) ? loaded : this.#applied(decide(this.state, command, this.#series.known(loaded))),
    );
  }

  #forgetPast(events: number): void {
    this.#untilLook -= events;
    if (this.#untilLook > 0) return;
    const { eventsPerLook, itemsMin, reachMs } = this.#past;
    this.#untilLook = eventsPerLook;
    if (itemsHeld(this.state) < this.#itemsMax) return;
    forgetPast(this.state, instant(this.state.clock - reachMs));
    this.#itemsMax = Math.max(itemsMin, 2 * itemsHeld(this.state));
  }

  #applied(events: Decision): Decision {
    if (isRefusal(events)) return events;
    for (const event of events) apply(this.state, event);
    if (events.length > 0) this.#series.decided(events);
    this.#forgetPast(events.length);
    return events;
  }
}
