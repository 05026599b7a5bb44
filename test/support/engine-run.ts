/** Drives the bare engine as a strategy would, and checks the invariants after every batch of events. */
import {
  checkState,
  createState,
  defaultConfig,
  EngineRunner,
  type AccountCommand,
  type EngineConfig,
  type EngineEvent,
  type State,
  type Tape,
} from "../../src/engine/index.ts";
import { cash, SCALE, type Instant, type Refusal } from "../../src/kernel/index.ts";

export interface EngineRun {
  readonly state: State;
  readonly events: EngineEvent[];
  readonly advance: (until: Instant) => void;
  readonly command: (command: AccountCommand) => readonly EngineEvent[] | Refusal;
}

export interface RunOptions {
  readonly tape: Tape;
  readonly start: Instant;
  readonly end: Instant;
  readonly config?: Partial<EngineConfig>;
  /** Dollars. */
  readonly cash?: bigint;
}

export function runEngine(options: RunOptions): EngineRun {
  const { tape } = options;
  const state = createState({
    kind: "session_created",
    at: options.start,
    name: undefined,
    startTime: options.start,
    endTime: options.end,
    initialCash: cash((options.cash ?? 100_000n) * SCALE),
    config: { ...defaultConfig("conservative"), ...options.config },
  });
  const events: EngineEvent[] = [];
  const runner = new EngineRunner(state, tape, (made) => {
    events.push(...made);
    checkState(state);
  });
  return {
    state,
    events,
    advance: (until) => {
      runner.advance(until);
    },
    command: (command) => runner.command(command),
  };
}
