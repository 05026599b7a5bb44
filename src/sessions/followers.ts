/** Who follows a session: told of each event as it is applied, and of the whole command once it is on disk. */
import type { Command, EngineEvent } from "../engine/index.ts";
import type { Instant } from "../kernel/index.ts";
import type { FollowedFrom, SessionView } from "./types.ts";

/** What one command has done, once that is durable. */
export interface News {
  /** Sequence number of its entry in the journal; undefined where only the clock has moved. */
  readonly seq: number | undefined;
  readonly command: Command;
  readonly events: readonly EngineEvent[];
  /** The clock before, and after. */
  readonly from: Instant;
  readonly to: Instant;
  /** Valid until the next await. */
  readonly view: SessionView;
}

/** "in any case": also where nothing was sent to them, so that what they sent has arrived. */
export type Settling = "if behind" | "in any case";

/** Why there will be no more news. */
export type FollowEnd = "deleted" | "closed";

export interface Follower {
  /** Whether it waits for bars as they end: a step of playback then passes no more than one. */
  readonly wantsBars: () => boolean;
  /** An event right after it was applied, with the session as it is then. Nothing of it may be told before `published`. */
  readonly applied: (event: EngineEvent, view: SessionView) => void;
  /** What was applied since the last news did not come to be. */
  readonly discarded: () => void;
  /** News, in the order of the journal and before the command is answered. The session does nothing else meanwhile. */
  readonly published: (news: News) => void | Promise<void>;
  /** Until readers who asked to be waited for have what they were sent; undefined where they have. */
  readonly settled: (how: Settling) => Promise<void> | undefined;
  readonly ended: (why: FollowEnd) => void;
  /** The session went back: what was told of later times has not happened. */
  readonly rewound: (from: FollowedFrom) => void;
  /** How many who send commands listen through it. */
  readonly writers: () => number;
}

export class Followers {
  readonly #all = new Set<Follower>();

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  get wantBars(): boolean {
    for (const follower of this.#all) if (follower.wantsBars()) return true;
    return false;
  }

  /** Gives a function that ends it. */
  add(follower: Follower): () => void {
    this.#all.add(follower);
    return () => void this.#all.delete(follower);
  }

  applied(event: EngineEvent, view: SessionView): void {
    for (const follower of this.#all) follower.applied(event, view);
  }

  discarded(): void {
    for (const follower of this.#all) follower.discarded();
  }

  /** Undefined where nobody has to be waited for. */
  publish(news: News): Promise<unknown> | undefined {
    let waiting: Promise<void>[] | undefined;
    for (const follower of this.#all) {
      const busy = follower.published(news);
      if (busy instanceof Promise) (waiting ??= []).push(busy);
    }
    return waiting === undefined ? undefined : Promise.all(waiting);
  }

  settled(how: Settling): Promise<unknown> | undefined {
    let waiting: Promise<void>[] | undefined;
    for (const follower of this.#all) {
      const busy = follower.settled(how);
      if (busy !== undefined) (waiting ??= []).push(busy);
    }
    return waiting === undefined ? undefined : Promise.all(waiting);
  }

  rewound(from: FollowedFrom): void {
    for (const follower of this.#all) follower.rewound(from);
  }

  get writers(): number {
    let count = 0;
    for (const follower of this.#all) count += follower.writers();
    return count;
  }

  ended(why: FollowEnd): void {
    for (const follower of this.#all) follower.ended(why);
    this.#all.clear();
  }
}
