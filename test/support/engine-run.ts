/** Drives the bare engine the way a session does: decide or advance, apply, check the invariants. */
import {
  apply,
  checkState,
  createState,
  decide,
  defaultConfig,
  nextEvents,
  openAgenda,
  setClock,
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
  const take = (made: readonly EngineEvent[]): void => {
    for (const event of made) apply(state, event);
    events.push(...made);
    checkState(state);
  };
  return {
    state,
    events,
    advance: (until) => {
      const agenda = openAgenda(state, tape);
      for (let step = nextEvents(agenda, until); step !== undefined; step = nextEvents(agenda, until)) {
        setClock(state, step.at);
        take(step.events);
      }
      setClock(state, until);
    },
    command: (command) => {
      const made = decide(state, command, tape.knownAt(state.clock));
      if (!("kind" in made)) take(made);
      return made;
    },
  };
}
