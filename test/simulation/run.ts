/** Plays a workload on the bare engine. */
import type { EngineEvent, State } from "../../src/engine/index.ts";
import { instant, type Instant } from "../../src/kernel/index.ts";
import { arrayTape, type BarsBySymbol } from "../support/array-tape.ts";
import { runEngine } from "../support/engine-run.ts";
import { ACCOUNTS, commandOf, END, START, type Workload } from "./workload.ts";

export interface Played {
  readonly state: State;
  readonly events: readonly EngineEvent[];
}

export interface PlayOptions {
  readonly bars?: BarsBySymbol;
  /** Stop here, commands at this very instant included. */
  readonly until?: Instant;
  /** Split every advance at this share of its length. */
  readonly split?: number;
}

export function play(workload: Workload, options: PlayOptions = {}): Played {
  const until = options.until ?? END;
  const run = runEngine({
    tape: arrayTape(options.bars ?? workload.bars),
    start: START,
    end: END,
    config: workload.config,
    cash: 50_000n,
  });
  for (let count = 0; count < ACCOUNTS; count += 1) {
    run.command({ kind: "open_account", initialCash: undefined, profile: "{}" });
  }
  const advance = (to: Instant): void => {
    const share = options.split;
    if (share !== undefined) run.advance(instant(Math.floor(run.state.clock + (to - run.state.clock) * share)));
    run.advance(to);
  };
  for (const step of workload.steps) {
    const target = run.state.clock + step.wait;
    if (target > until) break;
    advance(instant(target));
    const command = commandOf(
      step.action,
      run.state.orders.map((order) => order.account),
    );
    if (command !== undefined) run.command(command);
  }
  advance(until);
  return { state: run.state, events: run.events };
}
