/** Runs a session's commands again, each at its moment, and holds what happens against what has happened. */
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  PastForgotten,
  type Command,
  type EngineConfig,
  type EngineEvent,
  type SessionCreated,
} from "../../engine/index.ts";
import { AppError, COMMAND_SLICE_MS, isRefusal, refuse, type Instant, type Refusal } from "../../kernel/index.ts";
import type { Journal, RecordedEntry } from "../journal-port.ts";
import { Comparison, type Compared } from "./comparison.ts";
import { Tally, type RunFigures } from "./figures.ts";
import { OrderNames } from "./order-names.ts";
import { ScratchSession, WHOLE_PAST, type ScratchParts } from "./scratch-session.ts";

export interface RerunRequest extends ScratchParts {
  readonly journal: Pick<Journal, "recorded" | "codec">;
  readonly id: string;
  /** Entries up to this one; then the clock is brought on to where it stood. */
  readonly upTo: number;
  readonly clock: Instant;
  /** Other options than those on record; undefined: the same. */
  readonly config?: ((recorded: EngineConfig) => EngineConfig) | undefined;
  readonly watch?: Watch | undefined;
}

/** Who waits for long work. */
export interface Watch {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Ends the work; what it would have found is lost. */
  readonly signal?: AbortSignal | undefined;
}

export interface RefusedCommand {
  readonly seq: number;
  readonly command: Command["kind"];
  readonly message: string;
}

export interface Rerun extends Compared {
  /** As far as the journal could be read. */
  readonly entries: number;
  readonly config: { readonly was: EngineConfig; readonly now: EngineConfig };
  /** Commands that the run has refused: the first hundred, and how many there are. */
  readonly refused: readonly RefusedCommand[];
  readonly refusedTotal: number;
  readonly figures: RunFigures;
  /** What the recorded events add up to. */
  readonly recorded: Tally;
  readonly seconds: number;
}

const REFUSED_SHOWN = 100;

/** Entries between two looks at the time: some microseconds each. */
const ENTRIES_PER_LOOK = 16;

/** Refuses "bad_request" where it was ended early, "not_found" where there is no first entry. */
export async function rerun(request: RerunRequest): Promise<Rerun | Refusal> {
  try {
    return await runOnce(request);
  } catch (error) {
    if (!(error instanceof PastForgotten)) throw error;
    return runOnce({ ...request, past: WHOLE_PAST });
  }
}

async function runOnce(request: RerunRequest): Promise<Rerun | Refusal> {
  const { journal, id, wall } = request;
  const run = new Running(request);
  const pace = { startedMs: wall.elapsedMs(), sliceMs: wall.elapsedMs() };
  for await (const page of journal.recorded(id, 1)) {
    const stopped = await takePage(run, page, { request, pace });
    if (stopped !== undefined) return stopped;
  }
  return run.finish(pace.startedMs);
}

interface Pacing {
  readonly request: RerunRequest;
  /** When others had their turn last, in milliseconds. */
  readonly pace: { sliceMs: number };
}

/** Waits only where there is something to wait for: a promise an entry costs as much as a command does. */
async function takePage(
  run: Running,
  page: readonly RecordedEntry[],
  { request: { upTo, wall, watch }, pace }: Pacing,
): Promise<Refusal | undefined> {
  for (const entry of page) {
    if (entry.seq > upTo) return undefined;
    const taking = run.take(entry);
    const stopped = taking instanceof Promise ? await taking : taking;
    if (isRefusal(stopped)) return stopped;
    if (entry.seq % ENTRIES_PER_LOOK !== 0 || wall.elapsedMs() - pace.sliceMs < COMMAND_SLICE_MS / 2) continue;
    if (watch?.signal?.aborted === true) return refuse("bad_request", "the run was ended before it was done");
    watch?.onProgress?.(entry.seq, upTo);
    await nextTurn();
    pace.sliceMs = wall.elapsedMs();
  }
  return undefined;
}

type Happened = { readonly events: readonly EngineEvent[]; readonly refused: string | undefined };

const NOTHING: readonly EngineEvent[] = [];

class Running {
  readonly #request: RerunRequest;
  readonly #comparison: Comparison;
  readonly #names = new OrderNames();
  readonly #recorded = new Tally();
  readonly #tally = new Tally();
  readonly #refused: RefusedCommand[] = [];
  #refusedTotal = 0;
  #entries = 0;
  #config: Rerun["config"] | undefined;
  #scratch: ScratchSession | undefined;

  constructor(request: RerunRequest) {
    this.#request = request;
    this.#comparison = new Comparison(request.journal.codec);
  }

  /** A refusal ends the whole run: memory does not suffice. */
  take(entry: RecordedEntry): Refusal | undefined | Promise<Refusal | undefined> {
    const happened = this.#scratch === undefined ? this.#create(entry) : this.#again(this.#scratch, entry);
    return happened instanceof Promise
      ? happened.then((done) => this.#compare(entry, done))
      : this.#compare(entry, happened);
  }

  #compare(entry: RecordedEntry, happened: Happened | Refusal): Refusal | undefined {
    if (isRefusal(happened)) return happened;
    const { events, refused } = happened;
    const clock = this.#scratch?.state.clock ?? entry.at;
    const { isSame, was } = this.#comparison.take(entry, { events, refused, clock });
    this.#names.take(was, events, isSame);
    for (const event of was) this.#recorded.add(event);
    for (const event of events) this.#tally.add(event);
    if (happened.refused !== undefined) this.#noteRefused(entry, happened.refused);
    this.#entries = entry.seq;
    return undefined;
  }

  async finish(startedMs: number): Promise<Rerun | Refusal> {
    const { clock, upTo, wall } = this.#request;
    const scratch = this.#scratch;
    if (scratch === undefined || this.#config === undefined) return refuse("not_found", "session not found");
    const isLate = this.#entries === upTo && clock > scratch.state.clock && scratch.state.status === "active";
    const after = isLate ? await bring(scratch, clock) : NOTHING;
    if (isRefusal(after)) return after;
    for (const event of after) this.#tally.add(event);
    this.#comparison.takeAfter(upTo + 1, after);
    return {
      ...this.#comparison.result(),
      entries: this.#entries,
      config: this.#config,
      refused: this.#refused,
      refusedTotal: this.#refusedTotal,
      figures: this.#tally.figures(scratch.state, await scratch.known()),
      recorded: this.#recorded,
      seconds: (wall.elapsedMs() - startedMs) / 1000,
    };
  }

  #create(entry: RecordedEntry): Happened {
    const { command } = entry;
    if (command.kind !== "create_session")
      return { events: NOTHING, refused: "the journal begins with another command" };
    const { config: change } = this.#request;
    const config = change === undefined ? command.config : change(command.config);
    const { name, startTime, endTime, initialCash } = command;
    const created: SessionCreated = {
      kind: "session_created",
      at: startTime,
      name,
      startTime,
      endTime,
      initialCash,
      config,
    };
    this.#scratch = new ScratchSession(this.#request, created);
    this.#config = { was: command.config, now: config };
    // Options that were asked for are no difference.
    const told = { ...created, config: command.config };
    return { events: [change === undefined ? created : told], refused: undefined };
  }

  #again(scratch: ScratchSession, { at, command }: RecordedEntry): Happened | Refusal | Promise<Happened | Refusal> {
    const isLate = command.kind !== "advance" && at > scratch.state.clock && scratch.state.status === "active";
    const before = isLate ? bring(scratch, at) : NOTHING;
    if (!(before instanceof Promise)) return isRefusal(before) ? before : this.#act(scratch, command, before);
    return before.then((events) => (isRefusal(events) ? events : this.#act(scratch, command, events)));
  }

  #act(
    scratch: ScratchSession,
    command: Command,
    before: readonly EngineEvent[],
  ): Happened | Refusal | Promise<Happened | Refusal> {
    const translated = this.#names.translate(command);
    if (translated === undefined) return { events: before, refused: "the order was not made in this run" };
    const events = attempt(() => scratch.run(this.#changed(translated)));
    return events instanceof Promise
      ? events.then((done) => outcomeOf(command, before, done))
      : outcomeOf(command, before, events);
  }

  /** A fork's own options give way to those that were asked for, too. */
  #changed(command: Command): Command {
    const { config: change } = this.#request;
    return change === undefined || command.kind !== "configure_session"
      ? command
      : { ...command, config: change(command.config) };
  }

  #noteRefused({ seq, command }: RecordedEntry, message: string): void {
    this.#refusedTotal += 1;
    if (this.#refused.length < REFUSED_SHOWN) this.#refused.push({ seq, command: command.kind, message });
  }
}

function outcomeOf(
  command: Command,
  before: readonly EngineEvent[],
  events: readonly EngineEvent[] | Refusal,
): Happened | Refusal {
  if (!isRefusal(events)) {
    const shown = command.kind === "configure_session" ? events.map((event) => configured(event, command)) : events;
    return { events: before.length === 0 ? shown : [...before, ...shown], refused: undefined };
  }
  if (events.reason === "too_many" || events.reason === "session_stopped") return events;
  return { events: before, refused: events.message };
}

/** Options that were asked for are no difference. */
function configured(event: EngineEvent, command: Extract<Command, { kind: "configure_session" }>): EngineEvent {
  return event.kind === "session_configured" ? { ...event, config: command.config } : event;
}

type Attempt = readonly EngineEvent[] | Refusal | Promise<readonly EngineEvent[] | Refusal>;

const bring = (scratch: ScratchSession, at: Instant): Attempt => attempt(() => scratch.advance(at));

/** What other options, or a journal from elsewhere, make the engine stumble over ends the run, not the server. */
function attempt(work: () => ReturnType<ScratchSession["run"]>): Attempt {
  try {
    const events = work();
    return events instanceof Promise ? events.catch(stumbled) : events;
  } catch (error) {
    return stumbled(error);
  }
}

function stumbled(error: unknown): Refusal {
  if (error instanceof AppError || error instanceof PastForgotten) throw error;
  return refuse("session_stopped", `the run cannot go on: ${error instanceof Error ? error.message : String(error)}`);
}
