/** One session's news, made into messages once and handed to all who listen, in the order of the journal. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { EngineEvent } from "../../engine/index.ts";
import { accepted } from "../wire/errors.ts";
import { RunningDays } from "../../sessions/index.ts";
import type {
  Asset,
  EndedBar,
  Follower,
  FollowEnd,
  FollowedFrom,
  News,
  SessionHandle,
  SessionView,
  Settling,
} from "../../sessions/index.ts";
import type { Instant } from "../../kernel/index.ts";
import { MINUTE_MS } from "../../kernel/index.ts";
import { tellInOrder } from "./in-order.ts";
import { draftUpdate, type DraftUpdate, type Place } from "./trade-update.ts";

/** Something that happened, with the update that it made of an order, if it did. */
export interface Happening {
  readonly place: Place;
  readonly event: EngineEvent;
  /** The account that it is about, if it is about one. */
  readonly accountId: string | undefined;
  readonly update: DraftUpdate | undefined;
}

/** What a listener is told at once: bars that have ended, or events, or where the clock is after a command. */
export type Telling =
  | { readonly kind: "bars"; readonly bars: readonly EndedBar[] }
  | { readonly kind: "happenings"; readonly happenings: readonly Happening[] }
  | { readonly kind: "clock"; readonly from: Instant; readonly to: Instant }
  /** The session went back: what was told of later times has not happened. */
  | ({ readonly kind: "rewound" } & FollowedFrom);

type Draft = Omit<Happening, "place">;

/** What can be said of an event right after it was applied. */
export function draftOf(event: EngineEvent, view: SessionView, assetOf: HubParts["assetOf"]): Draft {
  const update = draftUpdate(event, view, assetOf);
  const account = "account" in event ? view.ids.account(event.account) : undefined;
  return { event, update, accountId: update?.accountId ?? account };
}

export interface Listener {
  /** Symbols whose bars it is told; "all" of the catalog. */
  readonly symbols: () => ReadonlySet<string> | "all";
  readonly tell: (telling: Telling) => void;
  /** Where it is to be waited for: until it has all that it was sent, and until not much of that is left to send. */
  readonly settled: (how: Settling) => Promise<void> | undefined;
  readonly drained: () => Promise<void> | undefined;
  readonly ended: (why: FollowEnd) => void;
  /** Whether it sends commands, too. */
  readonly isWriter?: boolean;
}

export interface HubParts {
  readonly session: SessionHandle;
  readonly assetOf: (symbol: string) => Asset | undefined;
  /** All symbols that have bars. */
  readonly allSymbols: () => readonly string[];
}

/** How a new listener finds the session: all that comes after it will be told. */
export interface Joined extends FollowedFrom {
  readonly leave: () => void;
}

export class Hub implements Follower {
  readonly #parts: HubParts;
  readonly #listeners = new Set<Listener>();
  /** Of events that are applied but not yet told. */
  #drafts: Draft[] = [];
  /** What clients' own commands did: told right after their answers. */
  #held: Happening[] = [];
  readonly #days = new RunningDays();
  #stop: (() => void) | undefined;

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** From the next command on. `onJoin` runs before anything more can happen. */
  async join(listener: Listener, onJoin?: (from: FollowedFrom) => void): Promise<Joined> {
    const begin = (from: FollowedFrom): Follower => {
      this.#listeners.add(listener);
      onJoin?.(from);
      return this;
    };
    const following = accepted(await this.#parts.session.follow(begin));
    this.#stop = following.stop;
    const { seq, clock, epoch } = following;
    return { seq, clock, epoch, leave: () => this.#leave(listener) };
  }

  #leave(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#drafts = [];
  }

  close(): void {
    this.#stop?.();
    this.ended("closed");
  }

  wantsBars(): boolean {
    return this.#listeners.size > 0;
  }

  applied(event: EngineEvent, view: SessionView): void {
    this.#drafts.push(draftOf(event, view, this.#parts.assetOf));
  }

  discarded(): void {
    this.#drafts = [];
  }

  ended(why: FollowEnd): void {
    this.#tellHeld();
    for (const listener of this.#listeners) listener.ended(why);
    this.#listeners.clear();
    this.#stop = undefined;
  }

  rewound(from: FollowedFrom): void {
    this.#tellHeld();
    this.#tell({ kind: "rewound", ...from });
  }

  writers(): number {
    let count = 0;
    for (const { isWriter = false } of this.#listeners) if (isWriter) count += 1;
    return count;
  }

  published(news: News): Promise<void> | undefined {
    const drafts = this.#drafts;
    this.#drafts = [];
    const { seq, command, from, to } = news;
    const happenings = drafts.map((draft, index) => ({ ...draft, place: { seq: seq ?? 0, index } }));
    if (command.kind !== "advance") return this.#hold(happenings);
    this.#tellHeld();
    const symbols = Math.floor(from / MINUTE_MS) === Math.floor(to / MINUTE_MS) ? NONE : this.#symbols();
    if (symbols.length > 0) return this.#tellWithBars(symbols, happenings, news);
    if (happenings.length > 0) this.#tell({ kind: "happenings", happenings });
    this.#tell({ kind: "clock", from, to });
    return undefined;
  }

  /** A client that is told of its order before it has its id would not know it: the answer goes first. */
  #hold(happenings: readonly Happening[]): undefined {
    if (happenings.length === 0) return;
    if (this.#held.length === 0) setImmediate(() => this.#tellHeld());
    this.#held.push(...happenings);
  }

  #tellHeld(): void {
    if (this.#held.length === 0) return;
    const happenings = this.#held;
    this.#held = [];
    this.#tell({ kind: "happenings", happenings });
  }

  async #tellWithBars(
    symbols: readonly string[],
    happenings: readonly Happening[],
    { from, to }: { readonly from: Instant; readonly to: Instant },
  ): Promise<void> {
    const bars = this.#parts.session.endedBars({ symbols, from, until: to, days: this.#days });
    const tell = (telling: Telling): void => {
      this.#tell(telling);
    };
    await tellInOrder({
      bars,
      happenings,
      tell,
      pause: () => this.#whenAll((listener) => listener.drained()) ?? nextTurn(),
    });
    this.#tell({ kind: "clock", from, to });
  }

  #symbols(): readonly string[] {
    const wanted = new Set<string>();
    for (const listener of this.#listeners) {
      const symbols = listener.symbols();
      if (symbols === "all") return this.#parts.allSymbols();
      for (const symbol of symbols) wanted.add(symbol);
    }
    return wanted.size === 0 ? NONE : [...wanted];
  }

  #tell(telling: Telling): void {
    for (const listener of this.#listeners) listener.tell(telling);
  }

  /** What was held is told first. */
  settled(how: Settling): Promise<void> | undefined {
    this.#tellHeld();
    return this.#whenAll((listener) => listener.settled(how));
  }

  #whenAll(busyOf: (listener: Listener) => Promise<void> | undefined): Promise<void> | undefined {
    const busy: Promise<void>[] = [];
    for (const listener of this.#listeners) {
      const one = busyOf(listener);
      if (one !== undefined) busy.push(one);
    }
    return busy.length === 0 ? undefined : Promise.all(busy).then(() => undefined);
  }
}

const NONE: readonly string[] = [];
