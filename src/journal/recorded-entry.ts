/** An entry of which only what was asked for is read: what happened stays text until somebody wants to see it. */
import type { EngineEvent } from "../engine/index.ts";
import type { Instant } from "../kernel/index.ts";
import type { JournalEntry, RecordedEntry } from "../sessions/index.ts";
import { decodeAsked, decodeEntry, encodeOutcome, OUTCOME } from "./codec.ts";

/** Methods in the prototype: there are millions of these. */
export class EntryText implements RecordedEntry {
  readonly seq: number;
  readonly at: Instant;
  readonly command: JournalEntry["command"];
  readonly #text: string;
  readonly #outcomeAt: number;

  /** Throws an Error for a text that is not that of an entry, as far as it looks. */
  constructor(seq: number, text: string) {
    const outcomeAt = text.indexOf(OUTCOME);
    const { at, command } = decodeAsked(text.slice(0, outcomeAt));
    this.seq = seq;
    this.at = at;
    this.command = command;
    this.#text = text;
    this.#outcomeAt = outcomeAt;
  }

  isOf(events: readonly EngineEvent[]): boolean {
    return this.#text.slice(this.#outcomeAt) === encodeOutcome({ seq: this.seq, events });
  }

  events(): readonly EngineEvent[] {
    const entry = decodeEntry(this.#text);
    if (entry.seq !== this.seq) throw new Error(`its number is ${entry.seq}`);
    return entry.events;
  }
}
