/** One session: commands one at a time, each in its turn, and readers in between. */
import { itemsHeld, type Command } from "../engine/index.ts";
import { instant, isRefusal, type Instant, type Refusal } from "../kernel/index.ts";
import { endedBars, type BarsStretch, type EndedBar } from "./ended-bars.ts";
import type { Follower, Settling } from "./followers.ts";
import type { SessionSummary, SummaryDraft } from "./journal-port.ts";
import { pastEvents } from "./past-events.ts";
import { pastReader } from "./past-reader.ts";
import type { Present } from "./past-state.ts";
import type { Opened, SessionParts } from "./session-parts.ts";
import { SessionPast } from "./session-past.ts";
import { SessionPlayer } from "./session-player.ts";
import { SessionWriter } from "./session-writer.ts";
import { withHead, type SessionIdentity } from "./summary.ts";
import type { ChangedDay } from "./tape-pins.ts";
import { Turns } from "./turns.ts";
import type { FollowedFrom, Following, Outcome, PastEvent, SessionHandle, SessionView } from "./types.ts";
import { advanceUntil, type StopAt, type Until } from "./until.ts";

/** Measured: an idle session with one account; an order, its history and its activities, each by itself. */
const BYTES_BY_ITSELF = 20_000;
const BYTES_OF_ITEM = 500;

/** Who moves the clock: playback follows real time, a client jumps. */
type Origin = "client" | "player";

export class Session implements SessionHandle {
  readonly id: string;
  readonly owner: string;
  readonly #identity: SessionIdentity;
  readonly #parts: SessionParts;
  readonly #turns: Turns;
  readonly #writer: SessionWriter;
  readonly #player: SessionPlayer;
  readonly at: SessionHandle["at"];
  readonly rewind: SessionHandle["rewind"];
  readonly fork: SessionPast["fork"];
  readonly bars: SessionHandle["bars"];
  readonly lastBars: SessionHandle["lastBars"];
  readonly pastPrices: SessionHandle["pastPrices"];
  readonly pastExtremes: SessionHandle["pastExtremes"];
  readonly pastMinuteValues: SessionHandle["pastMinuteValues"];

  constructor(identity: SessionIdentity, parts: SessionParts, opened: Opened) {
    this.id = identity.id;
    this.owner = identity.owner;
    this.#identity = identity;
    this.#parts = parts;
    this.#turns = new Turns(parts.wall);
    this.#writer = new SessionWriter(identity, parts, opened, this.#turns);
    this.#player = new SessionPlayer({
      wall: parts.wall,
      turns: this.#turns,
      followers: this.#writer.followers,
      clock: () => this.#clock,
      advance: async (until) => this.#commit({ kind: "advance", until }, "player"),
      pause: () => this.execute({ kind: "pause", reason: "data_changed" }),
    });
    const gone = new SessionPast({
      identity,
      parts,
      turns: this.#turns,
      writer: this.#writer,
      handle: this,
      present: () => this.#present(),
    });
    this.at = gone.at;
    this.rewind = gone.rewind;
    this.fork = gone.fork;
    const reader = pastReader(parts.market, () => this.#clockInTurn());
    this.bars = reader.bars;
    this.lastBars = reader.lastBars;
    this.pastPrices = reader.pastPrices;
    this.pastExtremes = reader.pastExtremes;
    this.pastMinuteValues = reader.pastMinuteValues;
  }

  get #clock(): Instant {
    return this.#writer.state.clock;
  }

  execute(command: Command): Promise<Outcome | Refusal> {
    return this.#turns.take(() => this.#execute(() => command));
  }

  advanceBy(durationMs: number): Promise<Outcome | Refusal> {
    return this.#turns.take(() => this.#execute(() => ({ kind: "advance", until: instant(this.#clock + durationMs) })));
  }

  advanceUntil(until: Until): Promise<Outcome | Refusal> {
    return this.#turns.take(async () => {
      const position = this.#player.position() ?? this.#clock;
      const caughtUp = position > this.#clock && (await this.#commit({ kind: "advance", until: position }, "player"));
      if (isRefusal(caughtUp)) return caughtUp;
      const { clock, endTime } = this.#writer.state;
      return advanceUntil(until, {
        clock,
        endTime,
        load: (to, symbol) => this.#writer.series.load(to, [symbol]),
        advance: async (to, stopAt) => this.#commit({ kind: "advance", until: to }, "client", stopAt),
      });
    });
  }

  follow(begin: (from: FollowedFrom) => Follower): Promise<Following | Refusal> {
    return this.#turns.take(() => {
      const from = this.#writer.here();
      return { ...from, stop: this.#writer.followers.add(begin(from)) };
    });
  }

  readonly usedTape = (): Promise<string> => this.#writer.guard.lines();

  /** Commands go on meanwhile: a reader may send one before it reads on. */
  readonly readersSettled = (how: Settling): Promise<unknown> | undefined => this.#writer.followers.settled(how);

  endedBars(stretch: BarsStretch): AsyncGenerator<readonly EndedBar[]> {
    return endedBars(this.#parts.market, { ...stretch, until: instant(Math.min(stretch.until, this.#clock)) });
  }

  pastEvents(range: { readonly after: number; readonly upTo: number }): AsyncGenerator<PastEvent> {
    const { id, createdAt } = this.#identity;
    return pastEvents({ ...this.#parts, identity: { id, createdAt, ids: this.#writer.ids } }, range);
  }

  async read<T>(symbols: readonly string[], query: (view: SessionView) => T): Promise<T | Refusal> {
    const { series } = this.#writer;
    const result = await this.#reading(async () => {
      const loaded = await series.load(this.#clock, symbols);
      return isRefusal(loaded) ? loaded : { value: query(this.#writer.view(series.known(loaded))) };
    });
    return isRefusal(result) ? result : result.value;
  }

  describe(): Promise<SessionSummary | Refusal> {
    return this.#reading(() => withHead(this.#parts.journal, () => this.summary()));
  }

  get changedDays(): readonly ChangedDay[] {
    return this.#writer.guard.changed;
  }

  /** The summary as of the last finished command. */
  summary(): SummaryDraft {
    return this.#writer.summary();
  }

  /** Lets go of the series it holds if nothing was asked of it for so long; true if it did. */
  rest(idleMs: number): boolean {
    if (!this.#turns.isIdle(idleMs) || !this.#writer.series.isHolding) return false;
    this.#writer.series.release();
    return true;
  }

  /** Bytes in memory, about: itself, and what it holds of its past. */
  get bytes(): number {
    return BYTES_BY_ITSELF + itemsHeld(this.#writer.state) * BYTES_OF_ITEM;
  }

  /** Stores all that opening it again would take, if nothing was asked of it for so long and nobody listens. */
  async leave(idleMs: number): Promise<boolean> {
    const { state, followers, kept } = this.#writer;
    if (!this.#turns.isIdle(idleMs) || state.playback.isPlaying || !followers.isEmpty) return false;
    await this.#turns.take(() => kept.store());
    if (!this.#turns.isIdle(0) || !followers.isEmpty) return false;
    this.#writer.series.release();
    return true;
  }

  /** Stops playback for good; commands and reads that still wait are answered with 404. */
  async retire(): Promise<void> {
    this.#player.stop();
    this.#turns.close();
    await this.#turns.settle();
    this.#writer.followers.ended("deleted");
  }

  /** Pauses playback at an exact, journaled time and lets the queue run dry. */
  async settle(): Promise<void> {
    const { state, guard, kept, followers } = this.#writer;
    if (state.playback.isPlaying) await this.execute({ kind: "pause", reason: "asked" });
    this.#player.stop();
    await guard.settle();
    // Without it the next opening folds some events more.
    await this.#turns.take(() => kept.store()).catch(() => undefined);
    await this.#turns.settle();
    followers.ended("closed");
  }

  #present(): Present & { readonly isPlaying: boolean } {
    const { kept, state } = this.#writer;
    const { clock, playback } = state;
    return { summary: this.summary(), lastSeq: kept.lastSeq, clock, isPlaying: playback.isPlaying };
  }

  /** The clock, once what came before has been done. */
  #clockInTurn(): Promise<{ readonly at: Instant } | Refusal> {
    return this.#reading(() => ({ at: this.#clock }));
  }

  /** Between two commands, with a state that is sound and data that was looked at. */
  #reading<T>(work: () => T | Refusal | Promise<T | Refusal>): Promise<T | Refusal> {
    return this.#turns.take(() =>
      this.#writer.withSoundState(async () => {
        await this.#writer.guard.check();
        return work();
      }),
    );
  }

  /** A command acts at the time that real time maps to: while playing, the clock is brought there first. */
  #execute(commandHere: () => Command): Outcome | Refusal | Promise<Outcome | Refusal> {
    const position = this.#player.position();
    if (position === undefined || position <= this.#clock) return this.#commit(commandHere(), "client");
    return this.#executeAt(position, commandHere);
  }

  async #executeAt(position: Instant, commandHere: () => Command): Promise<Outcome | Refusal> {
    const caughtUp = await this.#commit({ kind: "advance", until: position }, "player");
    return isRefusal(caughtUp) ? caughtUp : this.#commit(commandHere(), "client");
  }

  /** Playback follows what a command has done; a step in which nothing happens does not concern it. */
  #commit(command: Command, from: Origin, stopAt?: StopAt): Outcome | Refusal | Promise<Outcome | Refusal> {
    const before = this.#writer.state.playback;
    const outcome = this.#writer.commit(command, stopAt);
    if (!(outcome instanceof Promise)) return outcome;
    return outcome.finally(() => {
      this.#player.steer(before, this.#writer.state, command.kind === "advance" && from === "client");
    });
  }
}
