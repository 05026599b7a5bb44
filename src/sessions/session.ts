/** One session: a single writer that executes one command at a time, appends its events, and lets readers in between. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AccountCommand, Command, EngineEvent, KnownMarket, State } from "../engine/index.ts";
import { apply, decide, setClock } from "../engine/index.ts";
import { formatInstant, instant, InvariantError, isRefusal, QUEUED_COMMANDS_MAX, refuse } from "../kernel/index.ts";
import type { Instant, Refusal } from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";
import { advanceState } from "./advance.ts";
import type { ClockMark, Journal, SummaryDraft } from "./journal-port.ts";
import { knownAt } from "./market-views.ts";
import { createPlayer, type Player } from "./playback.ts";
import { replay, type Replayed } from "./replay.ts";
import { completed, decideForSession, isAllowedWhenCompleted, isSessionCommand } from "./session-commands.ts";
import { summarize, unrealizedPnl, type SessionIdentity } from "./summary.ts";
import type { BarsPage, BarsQuery, Outcome, SessionHandle, SessionView, WireIds } from "./types.ts";
import type { WallClock } from "./wall-clock.ts";
import { createWireIds } from "./wire-ids.ts";

/** What a session works with. */
export interface SessionParts {
  readonly journal: Journal;
  readonly market: Market;
  readonly wall: WallClock;
}

const NO_SYMBOLS: readonly string[] = [];

export class Session implements SessionHandle {
  readonly id: string;
  readonly #identity: SessionIdentity;
  readonly #parts: SessionParts;
  readonly #player: Player;
  readonly #ids: WireIds;
  #state: State;
  #lastSeq: number;
  #failure: string | undefined;
  #isDeleted = false;
  #summary: SummaryDraft;
  /** What has moved since the summary was made: renewed by every step, so kept apart. */
  #marked: ClockMark;
  #loaded: LoadedMarket | undefined;
  #loadedSymbols = new Set<string>();
  /** Symbols with a position or an open order; undefined after events, until it is asked for again. */
  #symbolsInUse: readonly string[] | undefined;
  #loadedFrom = instant(0);
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(identity: SessionIdentity, parts: SessionParts, opened: Replayed & { readonly summary: SummaryDraft }) {
    this.id = identity.id;
    this.#identity = identity;
    this.#parts = parts;
    this.#state = opened.state;
    this.#lastSeq = opened.lastSeq;
    this.#failure = opened.failure;
    this.#summary = opened.summary;
    this.#marked = opened.summary;
    this.#ids = createWireIds(identity.id, {
      accounts: () => this.#state.accounts.length,
      orders: () => this.#state.orders.length,
    });
    this.#player = createPlayer(parts.wall, () => this.#follow());
  }

  execute(command: Command): Promise<Outcome | Refusal> {
    return this.#inTurn(() => this.#execute(() => command));
  }

  advanceBy(durationMs: number): Promise<Outcome | Refusal> {
    return this.#inTurn(() =>
      this.#execute(() => ({ kind: "advance", until: instant(this.#state.clock + durationMs) })),
    );
  }

  async read<T>(symbols: readonly string[], query: (view: SessionView) => T): Promise<T | Refusal> {
    const result = await this.#inTurn(async () => {
      const loaded = await this.#load(this.#state.clock, symbols);
      return isRefusal(loaded) ? loaded : { value: query(this.#view(this.#known(loaded))) };
    });
    return isRefusal(result) ? result : result.value;
  }

  async bars(query: BarsQuery): Promise<BarsPage | Refusal> {
    const clock = await this.#inTurn(() => ({ at: this.#state.clock }));
    return isRefusal(clock) ? clock : this.#parts.market.bars({ ...query, knownAt: clock.at });
  }

  describe(): Promise<SummaryDraft | Refusal> {
    return this.#inTurn(() => this.summary());
  }

  /** The summary as of the last finished command. */
  summary(): SummaryDraft {
    const { clock, totalUnrealizedPnl } = this.#marked;
    return { ...this.#summary, clock, totalUnrealizedPnl };
  }

  get owner(): string {
    return this.#identity.owner;
  }

  /** Stops playback for good; commands and reads that still wait are answered with 404. */
  async retire(): Promise<void> {
    this.#player.stop();
    this.#isDeleted = true;
    await this.#queue;
  }

  /** Pauses playback at an exact, journaled time and lets the queue run dry. */
  async settle(): Promise<void> {
    if (this.#state.playback.isPlaying) await this.execute({ kind: "pause", reason: "asked" });
    this.#player.stop();
    await this.#queue;
  }

  /** One after the other, whatever fails. */
  #inTurn<T>(work: () => T | Promise<T>): Promise<T | Refusal> {
    if (this.#waiting >= QUEUED_COMMANDS_MAX) {
      return Promise.resolve(refuse("too_many", `a session queues at most ${QUEUED_COMMANDS_MAX} requests`));
    }
    this.#waiting += 1;
    const turn = this.#queue.then(() => (this.#isDeleted ? refuse("not_found", "session not found") : work()));
    const settled = (): void => {
      this.#waiting -= 1;
    };
    this.#queue = turn.then(settled, settled);
    return turn;
  }

  /** A command acts at the time that real time maps to: while playing, the clock is brought there first. */
  async #execute(commandHere: () => Command): Promise<Outcome | Refusal> {
    const position = this.#player.position();
    if (position !== undefined && position > this.#state.clock) {
      const caughtUp = await this.#commit({ kind: "advance", until: position });
      if (isRefusal(caughtUp)) return caughtUp;
    }
    return this.#commit(commandHere());
  }

  async #commit(command: Command): Promise<Outcome | Refusal> {
    const refusal = this.#refusalFor(command);
    if (refusal !== undefined) return refusal;
    const clockBefore = this.#state.clock;
    const wasPlaying = this.#state.playback;
    try {
      const events = await this.#act(command);
      if (isRefusal(events)) return events;
      if (events.length > 0) this.#symbolsInUse = undefined;
      const known = await this.#knownHere();
      if (events.length > 0) await this.#append(command, events, known);
      else this.#mark(known, clockBefore);
      this.#steerPlayer(command, wasPlaying);
      return { kind: "done", events, clockBefore, view: this.#view(known) };
    } catch (error) {
      return this.#recover(error);
    }
  }

  #refusalFor(command: Command): Refusal | undefined {
    if (this.#failure !== undefined) return refuse("session_stopped", `session has failed: ${this.#failure}`);
    if (this.#state.status === "completed" && !isAllowedWhenCompleted(command)) return completed();
    if (command.kind !== "advance" || command.until >= this.#state.clock) return undefined;
    const [asked, clock] = [formatInstant(command.until), formatInstant(this.#state.clock)];
    return refuse("bad_request", `targetTime must not be before the session's clock ${clock}, got ${asked}`);
  }

  /** Changes the state in memory; what it did becomes true when it is appended. */
  async #act(command: Command): Promise<readonly EngineEvent[] | Refusal> {
    if (command.kind === "advance") return this.#advance(command.until);
    const events = isSessionCommand(command)
      ? decideForSession(this.#state, command)
      : await this.#decide(command as AccountCommand);
    if (!isRefusal(events)) for (const event of events) apply(this.#state, event);
    return events;
  }

  async #decide(command: AccountCommand): Promise<readonly EngineEvent[] | Refusal> {
    const symbols = "terms" in command ? [command.terms.symbol] : NO_SYMBOLS;
    const loaded = await this.#load(this.#state.clock, symbols);
    return isRefusal(loaded) ? loaded : decide(this.#state, command, this.#known(loaded));
  }

  async #advance(asked: Instant): Promise<readonly EngineEvent[] | Refusal> {
    const until = instant(Math.min(asked, this.#state.endTime));
    const { market, wall } = this.#parts;
    const events = await advanceState({
      state: this.#state,
      market,
      until,
      load: (to) => this.#load(to, NO_SYMBOLS),
      sliceClock: () => wall.elapsedMs(),
      giveWay: () => nextTurn(),
    });
    if (isRefusal(events)) await this.#rebuild();
    return events;
  }

  async #append(command: Command, events: readonly EngineEvent[], known: KnownMarket): Promise<void> {
    const summary = summarize(this.#identity, this.#state, known);
    const entry = { seq: this.#lastSeq + 1, at: this.#state.clock, command, events };
    await this.#parts.journal.append(summary, entry);
    this.#lastSeq += 1;
    this.#summary = summary;
    this.#marked = summary;
  }

  #mark(known: KnownMarket, clockBefore: Instant): void {
    const { clock } = this.#state;
    if (clock === clockBefore) return;
    const totalUnrealizedPnl = unrealizedPnl(this.#state, known);
    this.#parts.journal.mark(this.id, { clock, totalUnrealizedPnl });
    this.#marked = { clock, totalUnrealizedPnl };
  }

  /** Playback follows the state: it starts, stops, changes speed, or goes on from where a command has moved the clock. */
  #steerPlayer(command: Command, before: State["playback"]): void {
    const { playback, clock } = this.#state;
    if (!playback.isPlaying) {
      if (before.isPlaying) this.#player.stop();
      return;
    }
    const hasJumped = command.kind === "advance" && clock !== this.#player.position();
    if (!before.isPlaying || before.speed !== playback.speed || hasJumped) this.#player.anchor(clock, playback.speed);
  }

  /** One step of playback. */
  async #follow(): Promise<void> {
    const outcome = await this.#inTurn(async () => {
      const position = this.#player.position();
      if (position === undefined || position <= this.#state.clock) return undefined;
      return this.#commit({ kind: "advance", until: position });
    }).catch((error: unknown) => refuse("session_stopped", String(error)));
    if (isRefusal(outcome)) this.#player.stop();
  }

  /** A broken invariant stops the session; any other fault undoes the command and is passed on. */
  async #recover(error: unknown): Promise<Refusal> {
    if (error instanceof InvariantError) {
      this.#failure = `${error.message} (after sequence ${this.#lastSeq}, seed ${this.#state.config.seed})`;
      this.#player.stop();
      await this.#parts.journal.fail(this.id, this.#failure);
      this.#summary = { ...this.#summary, status: "failed", failure: this.#failure, playbackState: "paused" };
    }
    await this.#rebuild();
    if (this.#failure === undefined) throw error;
    return refuse("session_stopped", `session has failed: ${this.#failure}`);
  }

  /** Throws the state away and reads it from the journal again, so that nothing half done is ever seen. */
  async #rebuild(): Promise<void> {
    const { clock } = this.#marked;
    const again = await replay(this.#parts.journal, this.#summary);
    this.#state = again.state;
    this.#lastSeq = again.lastSeq;
    this.#symbolsInUse = undefined;
    this.#failure ??= again.failure;
    setClock(this.#state, clock);
  }

  #view(market: KnownMarket): SessionView {
    const { id, createdAt } = this.#identity;
    const status = this.#failure === undefined ? this.#state.status : "failed";
    return { id, createdAt, status, failure: this.#failure, state: this.#state, market, ids: this.#ids };
  }

  #known(loaded: LoadedMarket): KnownMarket {
    return knownAt(this.#parts.market, loaded, this.#state.clock);
  }

  async #knownHere(): Promise<KnownMarket> {
    const loaded = await this.#load(this.#state.clock, NO_SYMBOLS);
    return isRefusal(loaded) ? unknownMarket(this.#parts.market) : this.#known(loaded);
  }

  /** Series of every symbol with a position or an open order, and of those asked for, from the clock to `until`. */
  #load(until: Instant, extra: readonly string[]): LoadedMarket | Refusal | Promise<LoadedMarket | Refusal> {
    const { market } = this.#parts;
    const held = this.#loaded;
    if (held !== undefined && held.generation === market.generation() && held.coveredUntil >= until) {
      if (this.#loadedFrom <= this.#state.clock && this.#isLoaded(extra)) return held;
    }
    const symbols = [...new Set([...this.#inUse(), ...extra])].filter((symbol) => market.hasSymbol(symbol));
    const from = this.#state.clock;
    const keep = (loaded: LoadedMarket | Refusal): LoadedMarket | Refusal => {
      if (isRefusal(loaded)) return loaded;
      this.#loaded = loaded;
      this.#loadedSymbols = new Set(symbols);
      this.#loadedFrom = from;
      return loaded;
    };
    const loaded = market.load({ symbols, from, until });
    return loaded instanceof Promise ? loaded.then(keep) : keep(loaded);
  }

  #isLoaded(extra: readonly string[]): boolean {
    const has = (symbol: string): boolean => this.#loadedSymbols.has(symbol) || !this.#parts.market.hasSymbol(symbol);
    return extra.every(has) && this.#inUse().every(has);
  }

  #inUse(): readonly string[] {
    if (this.#symbolsInUse !== undefined) return this.#symbolsInUse;
    const symbols = new Set<string>();
    for (const account of this.#state.accounts) {
      for (const symbol of account.positions.keys()) symbols.add(symbol);
      for (const ordinal of account.openOrders) {
        const order = this.#state.orders[ordinal - 1];
        if (order !== undefined) symbols.add(order.symbol);
      }
    }
    this.#symbolsInUse = [...symbols];
    return this.#symbolsInUse;
  }
}

/** No prices at all: for reads of a session whose data does not fit in memory. */
function unknownMarket(market: Market): KnownMarket {
  return { hasSymbol: (symbol) => market.hasSymbol(symbol), lastPrice: () => undefined };
}
