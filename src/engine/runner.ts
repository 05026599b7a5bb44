/** The engine in process: one session's state on one tape, stepped by whoever holds it. No journal, no queue. */
import type { Instant, Refusal } from "../kernel/index.ts";
import { equityAt, runningEquity, type RunningEquity } from "./accounts/running-equity.ts";
import { isQuiet, nextEvents, noteCommand, openAgenda, type Agenda } from "./agenda.ts";
import { apply } from "./apply.ts";
import { decide, type AccountCommand } from "./decide.ts";
import type { EngineEvent } from "./event.ts";
import { setClock } from "./mutable.ts";
import type { KnownMarket, Tape } from "./ports.ts";
import type { State } from "./state.ts";

/** Called with every batch of events right after it is applied. */
export type Watcher = (events: readonly EngineEvent[]) => void;

export class EngineRunner {
  readonly state: State;
  private readonly tape: Tape;
  private readonly watch: Watcher | undefined;
  private agenda: Agenda | undefined;
  private seen: KnownMarket | undefined;
  /** By ordinal − 1. */
  private readonly equities: RunningEquity[] = [];

  constructor(state: State, tape: Tape, watch?: Watcher) {
    this.state = state;
    this.tape = tape;
    this.watch = watch;
  }

  /** Lets time pass up to an instant; opens at the instant itself stay pending (R7). */
  advance(until: Instant): void {
    this.agenda ??= openAgenda(this.state, this.tape);
    const agenda = this.agenda;
    this.seen = undefined;
    while (!isQuiet(agenda, until)) {
      const step = nextEvents(agenda, until);
      if (step === undefined) break;
      setClock(this.state, step.at);
      this.take(step.events);
    }
    setClock(this.state, until);
  }

  /** The events of a command, which have been applied, or why it is refused. */
  command(command: AccountCommand): readonly EngineEvent[] | Refusal {
    const made = decide(this.state, command, this.known());
    if ("kind" in made) return made;
    this.take(made);
    if (this.agenda !== undefined) noteCommand(this.agenda, made);
    return made;
  }

  /** What is known at the clock; the same view until time passes. */
  known(): KnownMarket {
    this.seen ??= this.tape.knownAt(this.state.clock);
    return this.seen;
  }

  /**
   * Cash and positions of an account at the last known prices, in dollars, as a float: `accountFigures` has it exactly.
   * `account` is its ordinal.
   */
  equity(account: number): number | undefined {
    const { state } = this;
    const running = this.equities[account - 1] ?? this.beginEquity(account);
    return running === undefined ? undefined : equityAt(running, state.clock);
  }

  private beginEquity(account: number): RunningEquity | undefined {
    const found = this.state.accounts[account - 1];
    if (found === undefined) return undefined;
    const running = runningEquity(this.state, found, this.tape);
    this.equities[account - 1] = running;
    return running;
  }

  private take(events: readonly EngineEvent[]): void {
    for (const event of events) apply(this.state, event);
    this.watch?.(events);
  }
}
