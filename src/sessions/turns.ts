/** One after the other: what is asked of a session waits for what was asked before. */
import { QUEUED_COMMANDS_MAX, refuse, type Refusal } from "../kernel/index.ts";
import type { WallClock } from "./wall-clock.ts";

export class Turns {
  readonly #wall: WallClock;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #lastUsedMs: number;
  #isClosed = false;

  constructor(wall: WallClock) {
    this.#wall = wall;
    this.#lastUsedMs = wall.elapsedMs();
  }

  /** Runs work in its turn, whatever fails before it; at once where nothing waits. Refuses "too_many", "not_found". */
  take<T>(work: () => T | Promise<T>): Promise<T | Refusal> {
    if (this.#waiting >= QUEUED_COMMANDS_MAX) {
      return Promise.resolve(refuse("too_many", `a session queues at most ${QUEUED_COMMANDS_MAX} requests`));
    }
    const guarded = (): T | Refusal | Promise<T> =>
      this.#isClosed ? refuse("not_found", "session not found") : work();
    this.#waiting += 1;
    this.#lastUsedMs = this.#wall.elapsedMs();
    const turn = this.#waiting === 1 ? startNow(guarded) : this.#last.then(guarded);
    const settled = (): void => {
      this.#waiting -= 1;
    };
    this.#last = turn.then(settled, settled);
    return turn;
  }

  /** What still waits is answered with 404. */
  close(): void {
    this.#isClosed = true;
  }

  /** Resolves when nothing waits. */
  async settle(): Promise<void> {
    await this.#last;
  }

  isIdle(forMs: number): boolean {
    return this.#waiting === 0 && this.#wall.elapsedMs() - this.#lastUsedMs >= forMs;
  }
}

/** Runs work at once; what it throws is a rejection, like in any other turn. */
function startNow<T>(work: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
