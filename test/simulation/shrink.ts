/** Finds a small list of commands that still fails, by leaving commands out one by one. */
import { formatInstant } from "../../src/kernel/index.ts";
import { textOf } from "./auditor/compare.ts";
import type { Intent, Workload } from "./workload.ts";

const TIME_MS = 20_000;

/** Greedy: halves first, then one by one, until nothing more can go or the time is up. */
export function shrunk(workload: Workload, fails: (smaller: Workload) => boolean, timeMs = TIME_MS): Workload {
  const until = Date.now() + timeMs;
  let intents = workload.intents;
  for (let size = Math.ceil(intents.length / 2); size >= 1; size = Math.floor(size / 2)) {
    intents = withoutChunks(intents, { size, until }, (some) => fails({ ...workload, intents: some }));
  }
  return { ...workload, intents };
}

function withoutChunks(
  given: readonly Intent[],
  { size, until }: { readonly size: number; readonly until: number },
  fails: (some: readonly Intent[]) => boolean,
): readonly Intent[] {
  let intents = given;
  // From the end: what comes later rarely matters to what came first.
  for (let from = intents.length - size; from > -size && Date.now() < until; from -= size) {
    const some = [...intents.slice(0, Math.max(0, from)), ...intents.slice(from + size)];
    if (some.length < intents.length && fails(some)) intents = some;
  }
  return intents;
}

/** The workload as a page to read: its options and its commands, one a line. */
export function describeWorkload({ seed, config, intents, market }: Workload): string {
  const lines = intents.map((intent) => `  ${formatInstant(intent.at)} ${textOf({ ...intent, at: undefined })}`);
  const actions = Object.values(market.actions).flat();
  return [`seed ${seed}`, textOf(config), ...actions.map(textOf), ...lines].join("\n");
}
