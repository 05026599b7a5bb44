/** Real time and chance, as a download needs them: a port, so that tests neither sleep nor depend on the day. */
import { setTimeout as wait } from "node:timers/promises";
import { instant, type Instant } from "../../kernel/index.ts";

export interface Waiting {
  readonly now: () => Instant;
  /** Rejects as soon as the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to, but not including, 1. */
  readonly chance: () => number;
}

export const realWaiting: Waiting = {
  now: () => instant(Date.now()),
  wait: async (ms, signal) => {
    await wait(ms, undefined, { signal });
  },
  chance: Math.random,
};
