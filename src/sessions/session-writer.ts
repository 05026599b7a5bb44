/** The single writer of a session: what a command does is appended to the journal, or has not happened. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AccountCommand, Command, EngineEvent, KnownMarket, State } from "../engine/index.ts";
import { apply, decide, setClock } from "../engine/index.ts";
import { formatInstant, instant, InvariantError, isRefusal, refuse } from "../kernel/index.ts";
import type { Instant, Refusal } from "../kernel/index.ts";
import type { LoadedMarket } from "../market/index.ts";
import { advanceState } from "./advance.ts";
import { DataGuard } from "./data-guard.ts";
import { Followers } from "./followers.ts";
import type { ClockMark, Epoch, SummaryDraft } from "./journal-port.ts";
import { KeptState } from "./kept-state.ts";
import { knownOfNothing } from "./market-views.ts";
import { namedRefusal } from "./named-refusal.ts";
import type { Restored } from "./rewind.ts";
import { completed, decideForSession, isAllowedWhenCompleted, isSessionCommand } from "./session-commands.ts";
import { SessionMarket } from "./session-market.ts";
import type { Opened, SessionParts } from "./session-parts.ts";
import { SnapshotDamaged } from "./state-snapshots.ts";
import { summarize, unrealizedPnl, type SessionIdentity } from "./summary.ts";
import type { Turns } from "./turns.ts";
import type { FollowedFrom, Outcome, SessionView } from "./types.ts";
import type { StopAt } from "./until.ts";
import { createWireIds } from "./wire-ids.ts";

const NO_SYMBOLS: readonly string[] = [];
const NO_EVENTS: readonly EngineEvent[] = [];

export class SessionWriter {
  readonly kept: KeptState;
  readonly series: SessionMarket;
  readonly guard: DataGuard;
  readonly followers = new Followers();
  readonly ids: ReturnType<typeof createWireIds>;
  readonly #identity: SessionIdentity;
  readonly #parts: SessionParts;
  readonly #turns: Turns;
  #epochs: readonly Epoch[];
  #summary: SummaryDraft;
  /** Whether the state may hold what did not come to be: it is read from the journal before anything else. */
  #isStale = false;
  /** What has moved since the summary was made: renewed by every step, so kept apart. */
  #marked: ClockMark;

  constructor(identity: SessionIdentity, parts: SessionParts, opened: Opened, turns: Turns) {
    this.#identity = identity;
    this.#parts = parts;
    this.#turns = turns;
    this.kept = new KeptState(parts, identity.id, opened);
    this.#epochs = opened.summary.epochs;
    this.#summary = opened.summary;
    this.#marked = opened.summary;
    this.ids = createWireIds(identity.id, {
      accounts: () => this.state.accounts.length,
      orders: () => this.state.orders.length,
      epochs: () => this.#epochs,
    });
    this.series = new SessionMarket(parts.market, () => this.state);
    this.guard = new DataGuard(
      {
        market: parts.market,
        store: parts.journal.pins(identity.id),
        clock: () => this.state.clock,
        inUse: () => this.series.symbolsInUse(),
        held: () => this.series.held,
      },
      (work) => turns.take(work),
    );
  }

  get state(): State {
    return this.kept.state;
  }

  get epochs(): readonly Epoch[] {
    return this.#epochs;
  }

  /** Where the session stands. */
  here(): FollowedFrom {
    return { seq: this.kept.lastSeq, clock: this.state.clock, epoch: this.#epochs.at(-1)?.epoch ?? 0 };
  }

  /** The summary as of the last finished command. */
  summary(): SummaryDraft {
    const { clock, totalUnrealizedPnl } = this.#marked;
    return { ...this.#summary, clock, totalUnrealizedPnl };
  }

  view(market: KnownMarket): SessionView {
    const { id, createdAt } = this.#identity;
    const { state, ids } = this;
    const { failure } = this.kept;
    return { id, createdAt, status: failure === undefined ? state.status : "failed", failure, state, market, ids };
  }

  /** A command whose turn it is. A client that asked for an advance may ask it to stop at an event. */
  commit(command: Command, stopAt?: StopAt): Outcome | Refusal | Promise<Outcome | Refusal> {
    if (this.#isStale) return this.#rebuild().then(() => this.commit(command, stopAt));
    return this.#refusalFor(command) ?? this.#tryQuietly(command) ?? this.#commitFully(command, stopAt);
  }

  /** What a damaged snapshot does not give is made anew from the journal alone, once. */
  async withSoundState<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#isStale) await this.#rebuild();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SnapshotDamaged)) throw error;
      await this.#rebuild(error);
      return work();
    }
  }

  /** The session went back. */
  restore({ replayed, summary, epochs }: Restored): void {
    this.kept.replace(replayed);
    this.#summary = summary;
    this.#marked = summary;
    this.#epochs = epochs;
    this.ids.forget();
    this.series.forget();
    this.series.release();
    this.followers.rewound(this.here());
  }

  #tryQuietly(command: Command): Outcome | Promise<Outcome> | undefined {
    try {
      return this.#stepQuietly(command);
    } catch (error) {
      if (error instanceof SnapshotDamaged) return undefined;
      throw error;
    }
  }

  /** The most common command, a step in which nothing happens, without a detour through promises. */
  #stepQuietly(command: Command): Outcome | Promise<Outcome> | undefined {
    if (command.kind !== "advance" || command.until >= this.state.endTime || this.state.playback.isPlaying)
      return undefined;
    const loaded = this.series.ifQuiet(command.until);
    if (loaded === undefined || !this.guard.isAtRest) return undefined;
    const clockBefore = this.state.clock;
    setClock(this.state, command.until);
    try {
      const known = this.series.known(loaded);
      this.#mark(known, clockBefore);
      const outcome = { kind: "done", events: NO_EVENTS, clockBefore, view: this.view(known) } as const;
      return this.#publish(command, outcome)?.then(() => outcome) ?? outcome;
    } catch (error) {
      setClock(this.state, clockBefore);
      throw error;
    }
  }

  async #commitFully(command: Command, stopAt?: StopAt): Promise<Outcome | Refusal> {
    try {
      return await this.withSoundState(() => this.#attempt(command, stopAt));
    } catch (error) {
      return this.#recover(error);
    }
  }

  async #attempt(command: Command, stopAt?: StopAt): Promise<Outcome | Refusal> {
    const clockBefore = this.state.clock;
    await this.guard.check();
    const events = this.guard.refusalFor(command) ?? (await this.#act(command, stopAt));
    if (isRefusal(events)) return namedRefusal(events, this.ids);
    if (command.kind === "advance") this.series.advanced(events);
    else if (events.length > 0) this.series.decided(events);
    const known = await this.#knownHere();
    // What it has used of the tape is noted first: a disk that does not take that refuses the command.
    this.guard.follow();
    const done = stopAt === undefined ? command : ({ kind: "advance", until: this.state.clock } as const);
    if (events.length > 0) await this.#append(done, events, known);
    else this.#mark(known, clockBefore);
    if (command.kind === "accept_data" && events.length > 0) await this.guard.accept();
    this.kept.follow((work) => this.#turns.take(work));
    const outcome = { kind: "done", events, clockBefore, view: this.view(known) } as const;
    await this.#publish(done, outcome);
    return outcome;
  }

  /** Tells those who follow, if anything has happened; undefined where nobody has to be waited for. */
  #publish(command: Command, { events, clockBefore, view }: Outcome): Promise<unknown> | undefined {
    const to = this.state.clock;
    if (this.followers.isEmpty || (events.length === 0 && to === clockBefore)) return undefined;
    const seq = events.length === 0 ? undefined : this.kept.lastSeq;
    return this.followers.publish({ seq, command, events, from: clockBefore, to, view });
  }

  #refusalFor(command: Command): Refusal | undefined {
    if (this.kept.failure !== undefined) return refuse("session_stopped", `session has failed: ${this.kept.failure}`);
    if (this.state.status === "completed" && !isAllowedWhenCompleted(command)) return completed();
    if (command.kind !== "advance" || command.until >= this.state.clock) return undefined;
    const [asked, clock] = [formatInstant(command.until), formatInstant(this.state.clock)];
    return refuse("bad_request", `targetTime must not be before the session's clock ${clock}, got ${asked}`);
  }

  /** Changes the state in memory; what it did becomes true when it is appended. */
  async #act(command: Command, stopAt?: StopAt): Promise<readonly EngineEvent[] | Refusal> {
    if (command.kind === "advance") return this.#advance(command.until, stopAt);
    if (command.kind === "accept_data" && this.guard.changed.length === 0) return NO_EVENTS;
    const events = isSessionCommand(command)
      ? decideForSession(this.state, command)
      : await this.#decide(command as AccountCommand);
    if (!isRefusal(events)) for (const event of events) this.#apply(event, this.series.held);
    return events;
  }

  async #decide(command: AccountCommand): Promise<readonly EngineEvent[] | Refusal> {
    const symbols = "terms" in command ? [command.terms.symbol] : NO_SYMBOLS;
    const loaded = await this.series.load(this.state.clock, symbols);
    return isRefusal(loaded) ? loaded : decide(this.state, command, this.series.known(loaded));
  }

  /** Changes the state; who follows sees it as it is then. */
  #apply(event: EngineEvent, loaded: LoadedMarket | undefined): void {
    apply(this.state, event);
    if (this.followers.isEmpty) return;
    const market = loaded === undefined ? knownOfNothing(this.#parts.market) : this.series.known(loaded);
    this.followers.applied(event, this.view(market));
  }

  async #advance(asked: Instant, stopAt?: StopAt): Promise<readonly EngineEvent[] | Refusal> {
    const { market, wall } = this.#parts;
    const events = await advanceState({
      state: this.state,
      market,
      until: instant(Math.min(asked, this.state.endTime)),
      load: (to) => this.series.load(to, NO_SYMBOLS),
      agenda: (loaded) => this.series.agenda(loaded),
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
    const summary = summarize(this.#identity, this.state, known);
    const entry = { seq: this.kept.lastSeq + 1, at: this.state.clock, command, events };
    await this.#parts.journal.append(summary, entry);
    this.kept.appended(events.length);
    this.#summary = summary;
    this.#marked = summary;
  }

  #mark(known: KnownMarket, clockBefore: Instant): void {
    const { clock } = this.state;
    if (clock === clockBefore) return;
    const totalUnrealizedPnl = unrealizedPnl(this.state, known);
    this.#parts.journal.mark(this.#identity.id, { clock, totalUnrealizedPnl });
    this.#marked = { clock, totalUnrealizedPnl };
  }

  /** A broken invariant stops the session; any other fault undoes the command and is passed on. */
  async #recover(error: unknown): Promise<Refusal> {
    if (error instanceof InvariantError) {
      this.kept.failure = `${error.message} (after sequence ${this.kept.lastSeq}, seed ${this.state.config.seed})`;
      await this.#parts.journal.fail(this.#identity.id, this.kept.failure);
      this.#summary = { ...this.#summary, status: "failed", failure: this.kept.failure, playbackState: "paused" };
    }
    await this.#rebuild(error);
    if (this.kept.failure === undefined) throw error;
    return refuse("session_stopped", `session has failed: ${this.kept.failure}`);
  }

  /** Throws the state away and reads it from the journal again, so that nothing half done is ever seen. */
  async #rebuild(cause?: unknown): Promise<void> {
    this.#isStale = true;
    this.followers.discarded();
    const { clock } = this.#marked;
    await this.kept.rebuild(this.#summary, cause);
    this.series.forget();
    setClock(this.state, clock);
    this.#isStale = false;
  }

  async #knownHere(): Promise<KnownMarket> {
    const loaded = await this.series.load(this.state.clock, NO_SYMBOLS);
    return isRefusal(loaded) ? knownOfNothing(this.#parts.market) : this.series.known(loaded);
  }
}
