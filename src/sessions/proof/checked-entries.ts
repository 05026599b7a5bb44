/** Entries of a session file: their form, their chain, their order, and the state that they fold into. */
import { apply, checkState, createState, setClock, type State } from "../../engine/index.ts";
import type { Instant } from "../../kernel/index.ts";
import type { EntryCodec, JournalEntry } from "../journal-port.ts";
import { spanProblem } from "../span.ts";
import { isCommand, isEvent } from "./entry-shapes.ts";
import { checkConfig, type CheckConfig } from "./file-header.ts";
import { FileProblem } from "./read-session-file.ts";
import { isSame } from "./same-value.ts";

export class CheckedEntries {
  readonly #codec: EntryCodec;
  readonly #checkConfig: CheckConfig;
  #state: State | undefined;
  #clock = 0;
  #seq = 0;
  #hash: string;

  constructor(codec: EntryCodec, check: CheckConfig) {
    this.#codec = codec;
    this.#checkConfig = check;
    this.#hash = codec.genesis;
  }

  /** Of the last entry. */
  get hash(): string {
    return this.#hash;
  }

  get seq(): number {
    return this.#seq;
  }

  /** The entry of the next line. Throws FileProblem, naming it. */
  take(text: string): JournalEntry {
    const seq = this.#seq + 1;
    try {
      const entry = this.#checked(text, seq);
      this.#fold(entry);
      this.#hash = this.#codec.hash(this.#hash, text);
      this.#seq = seq;
      return entry;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new FileProblem(`line ${seq + 1}, entry ${seq}: ${why}`);
    }
  }

  /** The state after the last entry, with its clock brought on to where it stood. Throws FileProblem. */
  finish(clock: Instant): State {
    const state = this.#state;
    if (state === undefined) throw new FileProblem("it has no entries");
    const isWithin =
      clock >= this.#clock && (state.status === "active" ? clock < state.endTime : clock === this.#clock);
    if (!isWithin) throw new FileProblem("line 1: the clock is not between the last entry and the end of the session");
    if (state.playback.isPlaying) throw new FileProblem("the session is playing; a file is of one that stands still");
    setClock(state, clock);
    try {
      checkState(state);
    } catch (error) {
      throw new FileProblem(`its entries do not add up: ${error instanceof Error ? error.message : String(error)}`);
    }
    return state;
  }

  #checked(text: string, seq: number): JournalEntry {
    const entry = this.#codec.decode(text);
    if (entry.seq !== seq) throw new Error(`its number is ${entry.seq}`);
    if (!isCommand(entry.command))
      throw new Error("its command is none that this version knows, or a field of it is wrong");
    const index = entry.events.findIndex((event) => !isEvent(event));
    if (index >= 0) throw new Error(`event ${index} is none that this version knows, or a field of it is wrong`);
    if (!Number.isInteger(entry.at) || entry.at < this.#clock)
      throw new Error("its time is before the entry before it");
    const isInOrder = entry.events.every(({ at }) => at >= this.#clock && at <= entry.at);
    if (!isInOrder) throw new Error("an event lies outside the time of its entry");
    return entry;
  }

  #fold(entry: JournalEntry): void {
    if (this.#state === undefined) this.#state = this.#begin(entry);
    else for (const event of entry.events) apply(this.#state, event);
    setClock(this.#state, entry.at);
    if (entry.at > this.#state.endTime) throw new Error("its time is after the end of the session");
    this.#clock = entry.at;
  }

  /** The first entry makes the session, and nothing else. */
  #begin({ at, command, events }: JournalEntry): State {
    const [event] = events;
    if (command.kind !== "create_session" || event?.kind !== "session_created" || events.length !== 1) {
      throw new Error("the first entry does not create a session");
    }
    const { kind: _kind, ...spec } = command;
    if (!isSame(event, { ...spec, kind: "session_created", at: command.startTime }) || at !== command.startTime) {
      throw new Error("the session is not created as it was asked for");
    }
    const problem = spanProblem(command.startTime, command.endTime);
    if (problem !== undefined) throw new Error(problem.message);
    checkConfig(this.#checkConfig, command.config);
    return createState(event);
  }
}
