/** One session: a single writer that executes one command at a time, appends its events, and lets readers in between. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AccountCommand, Command, EngineEvent, KnownMarket, State } from "../engine/index.ts";
import { apply, decide, setClock } from "../engine/index.ts";
import { formatInstant, instant, InvariantError, isRefusal, QUEUED_COMMANDS_MAX, refuse } from "../kernel/index.ts";
import type { Instant, Refusal } from "../kernel/index.ts";
import type { Market } from "../market/index.ts";
import { advanceState } from "./advance.ts";
import type { ClockMark, Journal, SummaryDraft } from "./journal-port.ts";
import { pastExtremes, pastMinuteValues, type BarPlace, type Stretch } from "./past-trading.ts";
import { pastPrices, type PastPrices, type PricesWanted } from "./portfolio.ts";
import { createPlayer, type Player } from "./playback.ts";
import { replay, type Replayed } from "./replay.ts";
import { completed, decideForSession, isAllowedWhenCompleted, isSessionCommand } from "./session-commands.ts";
import { namedRefusal } from "./named-refusal.ts";
import { unpriced } from "./market-views.ts";
import { SessionMarket } from "./session-market.ts";
import { dataChanged, needsData } from "./data-changed.ts";
import { TapePins, type ChangedDay } from "./tape-pins.ts";
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
const NO_EVENTS: readonly EngineEvent[] = [];

/** Who moves the clock: playback follows real time, a client jumps. */
type Origin = "client" | "player";

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
  readonly #series: SessionMarket;
  readonly #pins: TapePins;
  #isPinning = false;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #lastUsedMs = 0;

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
    this.#series = new SessionMarket(parts.market, () => this.#state);
    this.#pins = new TapePins({
      market: parts.market,
      store: parts.journal.pins(identity.id),
      clock: () => this.#state.clock,
      inUse: () => this.#series.symbolsInUse(),
      held: () => this.#series.held,
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
      if (this.#pins.isStale) await this.#checkPins();
      const loaded = await this.#series.load(this.#state.clock, symbols);
      return isRefusal(loaded) ? loaded : { value: query(this.#view(this.#series.known(loaded))) };
    });
    return isRefusal(result) ? result : result.value;
  }

  async bars(query: BarsQuery): Promise<BarsPage | Refusal> {
    const clock = await this.#clockInTurn();
    return isRefusal(clock) ? clock : this.#parts.market.bars({ ...query, knownAt: clock.at });
  }

  async pastPrices(wanted: PricesWanted): Promise<PastPrices | Refusal> {
    const clock = await this.#clockInTurn();
    return isRefusal(clock) ? clock : pastPrices(this.#parts.market, wanted, clock.at);
  }

  async pastExtremes(stretches: readonly Stretch[]): ReturnType<typeof pastExtremes> {
    const clock = await this.#clockInTurn();
    return isRefusal(clock) ? clock : pastExtremes(this.#parts.market, stretches, clock.at);
  }

  async pastMinuteValues(places: readonly BarPlace[]): ReturnType<typeof pastMinuteValues> {
    const clock = await this.#clockInTurn();
    return isRefusal(clock) ? clock : pastMinuteValues(this.#parts.market, places, clock.at);
  }

  describe(): Promise<SummaryDraft | Refusal> {
    return this.#inTurn(() => (this.#pins.isStale ? this.#checkPins().then(() => this.summary()) : this.summary()));
  }

  get changedDays(): readonly ChangedDay[] {
    return this.#pins.changed;
  }

  /** The summary as of the last finished command. */
  summary(): SummaryDraft {
    const { clock, totalUnrealizedPnl } = this.#marked;
    return { ...this.#summary, clock, totalUnrealizedPnl };
  }

  /** Lets go of the series it holds if nothing was asked of it for so long; true if it did. */
  rest(idleMs: number): boolean {
    const isIdle = this.#waiting === 0 && this.#parts.wall.elapsedMs() - this.#lastUsedMs >= idleMs;
    if (!isIdle || !this.#series.isHolding) return false;
    this.#series.release();
    return true;
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
    if (this.#pins.isBehind) await this.#inTurn(() => this.#pins.pin());
    await this.#queue;
  }

  /** The clock, once what came before has been done. */
  #clockInTurn(): Promise<{ readonly at: Instant } | Refusal> {
    const here = (): { readonly at: Instant } => ({ at: this.#state.clock });
    return this.#inTurn(() => (this.#pins.isStale ? this.#checkPins().then(here) : here()));
  }

  /** One after the other, whatever fails; at once where nothing waits. */
  #inTurn<T>(work: () => T | Promise<T>): Promise<T | Refusal> {
    if (this.#waiting >= QUEUED_COMMANDS_MAX) {
      return Promise.resolve(refuse("too_many", `a session queues at most ${QUEUED_COMMANDS_MAX} requests`));
    }
    const guarded = (): T | Refusal | Promise<T> =>
      this.#isDeleted ? refuse("not_found", "session not found") : work();
    this.#waiting += 1;
    this.#lastUsedMs = this.#parts.wall.elapsedMs();
    const turn = this.#waiting === 1 ? startNow(guarded) : this.#queue.then(guarded);
    const settled = (): void => {
      this.#waiting -= 1;
    };
    this.#queue = turn.then(settled, settled);
    return turn;
  }

  /** A command acts at the time that real time maps to: while playing, the clock is brought there first. */
  #execute(commandHere: () => Command): Outcome | Refusal | Promise<Outcome | Refusal> {
    const position = this.#player.position();
    if (position === undefined || position <= this.#state.clock) return this.#commit(commandHere(), "client");
    return this.#executeAt(position, commandHere);
  }

  async #executeAt(position: Instant, commandHere: () => Command): Promise<Outcome | Refusal> {
    const caughtUp = await this.#commit({ kind: "advance", until: position }, "player");
    return isRefusal(caughtUp) ? caughtUp : this.#commit(commandHere(), "client");
  }

  #commit(command: Command, from: Origin): Outcome | Refusal | Promise<Outcome | Refusal> {
    return this.#refusalFor(command) ?? this.#stepQuietly(command) ?? this.#commitFully(command, from);
  }

  /** The most common command, a step in which nothing happens, without a detour through promises. */
  #stepQuietly(command: Command): Outcome | undefined {
    if (command.kind !== "advance" || command.until >= this.#state.endTime || this.#state.playback.isPlaying)
      return undefined;
    const loaded = this.#series.ifQuiet(command.until);
    if (loaded === undefined || this.#pins.isBehind || this.#pins.changed.length > 0) return undefined;
    const clockBefore = this.#state.clock;
    setClock(this.#state, command.until);
    try {
      const known = this.#series.known(loaded);
      this.#mark(known, clockBefore);
      return { kind: "done", events: NO_EVENTS, clockBefore, view: this.#view(known) };
    } catch (error) {
      setClock(this.#state, clockBefore);
      throw error;
    }
  }

  async #commitFully(command: Command, from: Origin): Promise<Outcome | Refusal> {
    const clockBefore = this.#state.clock;
    const playbackBefore = this.#state.playback;
    try {
      if (this.#pins.isStale) await this.#checkPins();
      const events = this.#dataRefusal(command) ?? (await this.#act(command));
      if (isRefusal(events)) return namedRefusal(events, this.#ids);
      if (events.length > 0) this.#series.forget();
      const known = await this.#knownHere();
      if (events.length > 0) await this.#append(command, events, known);
      else this.#mark(known, clockBefore);
      if (command.kind === "accept_data" && events.length > 0) await this.#pins.accept();
      if (this.#pins.isBehind) this.#pinSoon();
      this.#steerPlayer(playbackBefore, command.kind === "advance" && from === "client");
      return { kind: "done", events, clockBefore, view: this.#view(known) };
    } catch (error) {
      return this.#recover(error);
    }
  }

  /** What was used is pinned first, from the series that are held still; then it is held against what there is now. */
  async #checkPins(): Promise<void> {
    if (this.#pins.isBehind) await this.#pins.pin();
    await this.#pins.check();
  }

  /** Which symbols are used is noted before the answer; what their days hold is hashed behind it. */
  #pinSoon(): void {
    this.#pins.note();
    if (this.#isPinning) return;
    this.#isPinning = true;
    setImmediate(() => {
      const pinning = this.#inTurn(() => {
        this.#isPinning = false;
        return this.#pins.pin();
      });
      // A damaged file is found again, and told, by the command that needs it.
      pinning.catch(() => undefined);
    }).unref();
  }

  #dataRefusal(command: Command): Refusal | undefined {
    const { changed } = this.#pins;
    return changed.length > 0 && needsData(command) ? dataChanged(changed) : undefined;
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
    if (command.kind === "accept_data" && this.#pins.changed.length === 0) return NO_EVENTS;
    const events = isSessionCommand(command)
      ? decideForSession(this.#state, command)
      : await this.#decide(command as AccountCommand);
    if (!isRefusal(events)) for (const event of events) apply(this.#state, event);
    return events;
  }

  async #decide(command: AccountCommand): Promise<readonly EngineEvent[] | Refusal> {
    const symbols = "terms" in command ? [command.terms.symbol] : NO_SYMBOLS;
    const loaded = await this.#series.load(this.#state.clock, symbols);
    return isRefusal(loaded) ? loaded : decide(this.#state, command, this.#series.known(loaded));
  }

  async #advance(asked: Instant): Promise<readonly EngineEvent[] | Refusal> {
    const until = instant(Math.min(asked, this.#state.endTime));
    const { market, wall } = this.#parts;
    const events = await advanceState({
      state: this.#state,
      market,
      until,
      load: (to) => this.#series.load(to, NO_SYMBOLS),
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
  #steerPlayer(before: State["playback"], hasJumped: boolean): void {
    const { playback, clock } = this.#state;
    if (!playback.isPlaying) {
      if (before.isPlaying) this.#player.stop();
      return;
    }
    if (!before.isPlaying || before.speed !== playback.speed || hasJumped) this.#player.anchor(clock, playback.speed);
  }

  /** One step of playback. */
  async #follow(): Promise<void> {
    const outcome = await this.#inTurn(async () => {
      const position = this.#player.position();
      if (position === undefined || position <= this.#state.clock) return undefined;
      return this.#commit({ kind: "advance", until: position }, "player");
    }).catch((error: unknown) => refuse("session_stopped", String(error)));
    if (!isRefusal(outcome)) return;
    this.#player.stop();
    if (outcome.reason === "data_changed") await this.execute({ kind: "pause", reason: "data_changed" });
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
    this.#series.forget();
    this.#failure ??= again.failure;
    setClock(this.#state, clock);
  }

  #view(market: KnownMarket): SessionView {
    const { id, createdAt } = this.#identity;
    const status = this.#failure === undefined ? this.#state.status : "failed";
    return { id, createdAt, status, failure: this.#failure, state: this.#state, market, ids: this.#ids };
  }

  async #knownHere(): Promise<KnownMarket> {
    const loaded = await this.#series.load(this.#state.clock, NO_SYMBOLS);
    return isRefusal(loaded) ? unknownMarket(this.#parts.market) : this.#series.known(loaded);
  }
}

/** Runs work at once; what it throws is a rejection, like in any other turn. */
function startNow<T>(work: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

/** No prices at all: for the summary of a session whose data does not fit in memory. */
function unknownMarket(market: Market): KnownMarket {
  return unpriced((symbol) => market.hasSymbol(symbol));
}
