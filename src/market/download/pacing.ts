/** Keeps requests below so many a minute: a request waits until the minute before it has room. */
import { MINUTE_MS } from "../../kernel/index.ts";
import type { Waiting } from "./waiting.ts";

export class Pacing {
  readonly #perMinute: number;
  readonly #time: Waiting;
  /** When the latest requests began, oldest first; at most one minute's worth. */
  #begun: number[] = [];

  constructor(perMinute: number, time: Waiting) {
    this.#perMinute = perMinute;
    this.#time = time;
  }

  /** Milliseconds until a request may begin. */
  delayMs(): number {
    const oldest = this.#begun.at(-this.#perMinute);
    return oldest === undefined ? 0 : Math.max(0, oldest + MINUTE_MS - this.#time.now());
  }

  begin(): void {
    this.#begun = [...this.#begun.slice(-this.#perMinute + 1), this.#time.now()].slice(-this.#perMinute);
  }
}
