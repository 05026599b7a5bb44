/** Ctrl-C while a command works on files: the first signal ends the work in order, a second one the process. */
import { EXIT_CODES } from "./exit-codes.ts";

/** A closed terminal is a wish to stop as well. */
export const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Leaves signals to the system again. */
  readonly ignore: () => void;
}

/** What a second signal cuts off leaves the catalog whole as well. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted.code);
    controller.abort();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    ignore: () => {
      for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
    },
  };
}
