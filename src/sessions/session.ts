/** One session: a single writer that executes one command at a time, appends its events, and lets readers in between. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AccountCommand, Command, EngineEvent, KnownMarket, State } from "../engine/index.ts";
import { apply, decide, setClock } from "../engine/index.ts";
import { formatInstant, instant, InvariantError, isRefusal, MINUTE_MS, refuse } from "../kernel/index.ts";
import type { Instant, Refusal } from "../kernel/index.ts";
import type { LoadedMarket, Market } from "../market/index.ts";
import { advanceState } from "./advance.ts";
import type { ClockMark, Journal, SessionSummary, SummaryDraft } from "./journal-port.ts";
import { endedBars, type BarsStretch, type EndedBar } from "./ended-bars.ts";
import { Followers, type Follower, type Settling } from "./followers.ts";
import { pastEvents } from "./past-events.ts";
import { pastReader } from "./past-reader.ts";
import { createPlayer, nextMinute, type Player } from "./playback.ts";
import { replay, type Replayed } from "./replay.ts";
import { completed, decideForSession, isAllowedWhenCompleted, isSessionCommand } from "./session-commands.ts";
import { namedRefusal } from "./named-refusal.ts";
import { knownOfNothing } from "./market-views.ts";
import { SessionMarket } from "./session-market.ts";
import { DataGuard } from "./data-guard.ts";
import type { ChangedDay } from "./tape-pins.ts";
import { stopOf, targetOf, type StopAt, type Until } from "./until.ts";
import { summarize, unrealizedPnl, withHead, type SessionIdentity } from "./summary.ts";
import type { FollowedFrom, Following, Outcome, PastEvent, SessionHandle, SessionView, WireIds } from "./types.ts";
import type { WallClock } from "./wall-clock.ts";
import { Turns } from "./turns.ts";
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
  readonly owner: string;
  readonly #identity: SessionIdentity;
  readonly #parts: SessionParts;
  readonly #player: Player;
  readonly #ids: WireIds;
  #state: State;
  #lastSeq: number;
  #failure: string | undefined;
  #summary: SummaryDraft;
  /** What has moved since the summary was made: renewed by every step, so kept apart. */
  #marked: ClockMark;
  readonly #series: SessionMarket;
  readonly #guard: DataGuard;
  readonly #followers = new Followers();
  readonly #turns: Turns;
  readonly bars: SessionHandle["bars"];
  readonly lastBars: SessionHandle["lastBars"];
  readonly pastPrices: SessionHandle["pastPrices"];
  readonly pastExtremes: SessionHandle["pastExtremes"];
  readonly pastMinuteValues: SessionHandle["pastMinuteValues"];

  constructor(identity: SessionIdentity, parts: SessionParts, opened: Replayed & { readonly summary: SummaryDraft }) {
    this.id = identity.id;
    this.owner = identity.owner;
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
    this.#turns = new Turns(parts.wall);
    this.#series = new SessionMarket(parts.market, () => this.#state);
    this.#guard = new DataGuard(
      {
        market: parts.market,
        store: parts.journal.pins(identity.id),
        clock: () => this.#state.clock,
        inUse: () => this.#series.symbolsInUse(),
        held: () => this.#series.held,
      },
      (work) => this.#turns.take(work),
    );
    this.#player = createPlayer(parts.wall, () => this.#follow());
    const past = pastReader(parts.market, () => this.#clockInTurn());
    this.bars = past.bars;
    this.lastBars = past.lastBars;
    this.pastPrices = past.pastPrices;
    this.pastExtremes = past.pastExtremes;
    this.pastMinuteValues = past.pastMinuteValues;
  }

  execute(command: Command): Promise<Outcome | Refusal> {
    return this.#turns.take(() => this.#execute(() => command));
  }

  advanceBy(durationMs: number): Promise<Outcome | Refusal> {
    return this.#turns.take(() =>
      this.#execute(() => ({ kind: "advance", until: instant(this.#state.clock + durationMs) })),
    );
  }

  advanceUntil(until: Until): Promise<Outcome | Refusal> {
    return this.#turns.take(async () => {
      const position = this.#player.position() ?? this.#state.clock;
      const caughtUp =
        position > this.#state.clock && (await this.#commit({ kind: "advance", until: position }, "player"));
      if (isRefusal(caughtUp)) return caughtUp;
      const { clock, endTime } = this.#state;
      const load = (to: Instant, symbol: string): ReturnType<SessionMarket["load"]> => this.#series.load(to, [symbol]);
      const target = await targetOf(until, { clock, endTime, load });
      if (isRefusal(target)) return target;
      const stopAt = stopOf(until.awaited);
      const outcome = await this.#commit({ kind: "advance", until: target.until }, "client", stopAt);
      if (isRefusal(outcome)) return outcome;
      return { ...outcome, isReached: target.isThere || (stopAt !== undefined && outcome.events.some(stopAt)) };
    });
  }

  follow(begin: (from: FollowedFrom) => Follower): Promise<Following | Refusal> {
    return this.#turns.take(() => {
      const from = { seq: this.#lastSeq, clock: this.#state.clock };
      return { ...from, stop: this.#followers.add(begin(from)) };
    });
  }

  readonly usedTape = (): Promise<string> => this.#guard.lines();
  /** Commands go on meanwhile: a reader may send one before it reads on. */
  readonly readersSettled = (how: Settling): Promise<unknown> | undefined => this.#followers.settled(how);

  endedBars(stretch: BarsStretch): AsyncGenerator<readonly EndedBar[]> {
    const until = instant(Math.min(stretch.until, this.#state.clock));
    return endedBars(this.#parts.market, { ...stretch, until });
  }

  pastEvents(range: { readonly after: number; readonly upTo: number }): AsyncGenerator<PastEvent> {
    const { id, createdAt } = this.#identity;
    return pastEvents({ ...this.#parts, identity: { id, createdAt, ids: this.#ids } }, range);
  }

  async read<T>(symbols: readonly string[], query: (view: SessionView) => T): Promise<T | Refusal> {
    const result = await this.#turns.take(async () => {
      await this.#guard.check();
      const loaded = await this.#series.load(this.#state.clock, symbols);
      return isRefusal(loaded) ? loaded : { value: query(this.#view(this.#series.known(loaded))) };
    });
    return isRefusal(result) ? result : result.value;
  }

  describe(): Promise<SessionSummary | Refusal> {
    return this.#turns.take(() => withHead(this.#parts.journal, this.#guard.check(), () => this.summary()));
  }

  get changedDays(): readonly ChangedDay[] {
    return this.#guard.changed;
  }

  summary(): SummaryDraft {
    const { clock, totalUnrealizedPnl } = this.#marked;
    return { ...this.#summary, clock, totalUnrealizedPnl };
  }

  /** Lets go of the series it holds if nothing was asked of it for so long; true if it did. */
  rest(idleMs: number): boolean {
    if (!this.#turns.isIdle(idleMs) || !this.#series.isHolding) return false;
    this.#series.release();
    return true;
  }

  /** Stops playback for good; commands and reads that still wait are answered with 404. */
  async retire(): Promise<void> {
    this.#player.stop();
    this.#turns.close();
    await this.#turns.settle();
    this.#followers.ended("deleted");
  }

  /** Pauses playback at an exact, journaled time and lets the queue run dry. */
  async settle(): Promise<void> {
    if (this.#state.playback.isPlaying) await this.execute({ kind: "pause", reason: "asked" });
    this.#player.stop();
    await this.#guard.settle();
    await this.#turns.settle();
    this.#followers.ended("closed");
  }

  /** The clock, once what came before has been done. */
  #clockInTurn(): Promise<{ readonly at: Instant } | Refusal> {
    const here = (): { readonly at: Instant } => ({ at: this.#state.clock });
    return this.#turns.take(() => this.#guard.check()?.then(here) ?? here());
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

  #commit(command: Command, from: Origin, stopAt?: StopAt): Outcome | Refusal | Promise<Outcome | Refusal> {
    return this.#refusalFor(command) ?? this.#stepQuietly(command) ?? this.#commitFully(command, from, stopAt);
  }

  /** The most common command, a step in which nothing happens, without a detour through promises. */
  #stepQuietly(command: Command): Outcome | Promise<Outcome> | undefined {
    if (command.kind !== "advance" || command.until >= this.#state.endTime || this.#state.playback.isPlaying)
      return undefined;
    const loaded = this.#series.ifQuiet(command.until);
    if (loaded === undefined || !this.#guard.isAtRest) return undefined;
    const clockBefore = this.#state.clock;
    setClock(this.#state, command.until);
    try {
      const known = this.#series.known(loaded);
      this.#mark(known, clockBefore);
      const outcome = { kind: "done", events: NO_EVENTS, clockBefore, view: this.#view(known) } as const;
      return this.#publish(command, outcome)?.then(() => outcome) ?? outcome;
    } catch (error) {
      setClock(this.#state, clockBefore);
      throw error;
    }
  }

  async #commitFully(command: Command, from: Origin, stopAt?: StopAt): Promise<Outcome | Refusal> {
    const clockBefore = this.#state.clock;
    const playbackBefore = this.#state.playback;
    try {
      await this.#guard.check();
      const events = this.#guard.refusalFor(command) ?? (await this.#act(command, stopAt));
      if (isRefusal(events)) return namedRefusal(events, this.#ids);
      if (events.length > 0) this.#series.forget(events);
      const known = await this.#knownHere();
      const done = stopAt === undefined ? command : ({ kind: "advance", until: this.#state.clock } as const);
      if (events.length > 0) await this.#append(done, events, known);
      else this.#mark(known, clockBefore);
      if (command.kind === "accept_data" && events.length > 0) await this.#guard.accept();
      this.#guard.follow();
      this.#steerPlayer(playbackBefore, command.kind === "advance" && from === "client");
      const outcome = { kind: "done", events, clockBefore, view: this.#view(known) } as const;
      await this.#publish(done, outcome);
      return outcome;
    } catch (error) {
      return this.#recover(error);
    }
  }

  /** Tells those who follow, if anything has happened; undefined where nobody has to be waited for. */
  #publish(command: Command, { events, clockBefore, view }: Outcome): Promise<unknown> | undefined {
    const to = this.#state.clock;
    if (this.#followers.isEmpty || (events.length === 0 && to === clockBefore)) return undefined;
    const seq = events.length === 0 ? undefined : this.#lastSeq;
    return this.#followers.publish({ seq, command, events, from: clockBefore, to, view });
  }

  #refusalFor(command: Command): Refusal | undefined {
    if (this.#failure !== undefined) return refuse("session_stopped", `session has failed: ${this.#failure}`);
    if (this.#state.status === "completed" && !isAllowedWhenCompleted(command)) return completed();
    if (command.kind !== "advance" || command.until >= this.#state.clock) return undefined;
    const [asked, clock] = [formatInstant(command.until), formatInstant(this.#state.clock)];
    return refuse("bad_request", `targetTime must not be before the session's clock ${clock}, got ${asked}`);
  }

  /** Changes the state in memory; what it did becomes true when it is appended. */
  async #act(command: Command, stopAt?: StopAt): Promise<readonly EngineEvent[] | Refusal> {
    if (command.kind === "advance") return this.#advance(command.until, stopAt);
    if (command.kind === "accept_data" && this.#guard.changed.length === 0) return NO_EVENTS;
    const events = isSessionCommand(command)
      ? decideForSession(this.#state, command)
      : await this.#decide(command as AccountCommand);
    if (!isRefusal(events)) for (const event of events) this.#apply(event, this.#series.held);
    return events;
  }

  async #decide(command: AccountCommand): Promise<readonly EngineEvent[] | Refusal> {
    const symbols = "terms" in command ? [command.terms.symbol] : NO_SYMBOLS;
    const loaded = await this.#series.load(this.#state.clock, symbols);
    return isRefusal(loaded) ? loaded : decide(this.#state, command, this.#series.known(loaded));
  }

  /** Changes the state; who follows sees it as it is then. */
  #apply(event: EngineEvent, loaded: LoadedMarket | undefined): void {
    apply(this.#state, event);
    if (this.#followers.isEmpty) return;
    const market = loaded === undefined ? knownOfNothing(this.#parts.market) : this.#series.known(loaded);
    this.#followers.applied(event, this.#view(market));
  }

  async #advance(asked: Instant, stopAt?: StopAt): Promise<readonly EngineEvent[] | Refusal> {
    const until = instant(Math.min(asked, this.#state.endTime));
    const { market, wall } = this.#parts;
    const events = await advanceState({
      state: this.#state,
      market,
      until,
      load: (to) => this.#series.load(to, NO_SYMBOLS),
      apply: (event, loaded) => {
        this.#apply(event, loaded);
      },
      stopAt,
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

  /** One step of playback; while bars are waited for, as many as there are minutes in it. */
  async #follow(): Promise<void> {
    while (await this.#followOnce()) await this.#followers.settled("if behind");
  }

  /** Whether real time is still ahead. */
  async #followOnce(): Promise<boolean> {
    const outcome = await this.#turns
      .take(async () => {
        const position = this.#player.position();
        if (position === undefined || position <= this.#state.clock) return undefined;
        const until = this.#followers.wantBars ? Math.min(position, nextMinute(this.#state.clock)) : position;
        return this.#commit({ kind: "advance", until: instant(until) }, "player");
      })
      .catch((error: unknown) => refuse("session_stopped", String(error)));
    if (!isRefusal(outcome)) return outcome !== undefined && this.#player.isAhead(this.#state.clock + MINUTE_MS);
    this.#player.stop();
    if (outcome.reason === "data_changed") await this.execute({ kind: "pause", reason: "data_changed" });
    return false;
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
    this.#followers.discarded();
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
    return isRefusal(loaded) ? knownOfNothing(this.#parts.market) : this.#series.known(loaded);
  }
}
