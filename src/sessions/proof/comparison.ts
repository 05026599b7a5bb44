/** Two tellings of one session, event by event: the first difference, and how much there was of each. */
import type { Command, EngineEvent } from "../../engine/index.ts";
import type { Instant } from "../../kernel/index.ts";
import type { EntryCodec, JournalEntry } from "../journal-port.ts";
import { isSame } from "./same-value.ts";

/** JSON with fixed-point numbers as decimal text. */
export type PlainEvent = Readonly<Record<string, unknown>>;

export interface Difference {
  /** The entry, and the place among its events, from 0. */
  readonly seq: number;
  readonly index: number;
  /** What the entry was asked for; undefined after the last entry. */
  readonly command: Command["kind"] | undefined;
  /** Undefined: there is nothing on that side. */
  readonly was: PlainEvent | undefined;
  readonly now: PlainEvent | undefined;
  /** Why there is nothing now. */
  readonly refused: string | undefined;
}

export interface Compared {
  /** Undefined: both are the same to the last event. */
  readonly first: Difference | undefined;
  readonly events: { readonly was: number; readonly now: number };
}

/** What a run made of an entry. */
export interface Made {
  readonly events: readonly EngineEvent[];
  readonly refused: string | undefined;
  readonly clock: Instant;
}

export class Comparison {
  readonly #codec: Pick<EntryCodec, "plain">;
  #first: Difference | undefined;
  #was = 0;
  #now = 0;

  constructor(codec: Pick<EntryCodec, "plain">) {
    this.#codec = codec;
  }

  /** True where the entry came out as it is on record. */
  take({ seq, at, command, events }: JournalEntry, { events: made, refused, clock }: Made): boolean {
    this.#was += events.length;
    this.#now += made.length;
    const index = firstDifference(events, made);
    if (index === undefined && refused === undefined && at === clock) return true;
    this.#first ??= {
      seq,
      index: index ?? events.length,
      command: command.kind,
      ...(index === undefined && refused === undefined
        ? { was: { clock: at }, now: { clock } }
        : { was: this.#plain(events[index ?? events.length]), now: this.#plain(made[index ?? made.length]) }),
      refused,
    };
    return false;
  }

  /** What happens after the last entry, where nothing is on record. */
  takeAfter(seq: number, made: readonly EngineEvent[]): void {
    this.#now += made.length;
    if (made.length === 0) return;
    this.#first ??= {
      seq,
      index: 0,
      command: undefined,
      was: undefined,
      now: this.#plain(made[0]),
      refused: undefined,
    };
  }

  result(): Compared {
    return { first: this.#first, events: { was: this.#was, now: this.#now } };
  }

  #plain(event: EngineEvent | undefined): PlainEvent | undefined {
    return event === undefined ? undefined : this.#codec.plain(event);
  }
}

function firstDifference(was: readonly EngineEvent[], now: readonly EngineEvent[]): number | undefined {
  const shorter = Math.min(was.length, now.length);
  for (let index = 0; index < shorter; index += 1) if (!isSame(was[index], now[index])) return index;
  return was.length === now.length ? undefined : shorter;
}
