/** Two tellings of one session, event by event: the first difference, and how much there was of each. */
import type { Command, EngineEvent } from "../../engine/index.ts";
import type { Instant } from "../../kernel/index.ts";
import type { EntryCodec, RecordedEntry } from "../journal-port.ts";
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

/** What came of holding the two together. */
export interface Told {
  readonly isSame: boolean;
  readonly was: readonly EngineEvent[];
}

const NOTHING: readonly EngineEvent[] = [];

export class Comparison {
  readonly #codec: Pick<EntryCodec, "plain">;
  #first: Difference | undefined;
  #was = 0;
  #now = 0;

  constructor(codec: Pick<EntryCodec, "plain">) {
    this.#codec = codec;
  }

  /** Whether the entry came out as it is on record, and the events that are. */
  take(entry: RecordedEntry, made: Made): Told {
    const { events, refused, clock } = made;
    const was = entry.isOf(events) ? events : recordedEvents(entry);
    this.#was += was?.length ?? 0;
    this.#now += events.length;
    const index = was === events ? undefined : firstDifference(was ?? NOTHING, events);
    const isAsOnRecord = was !== undefined && index === undefined && refused === undefined && entry.at === clock;
    if (!isAsOnRecord) this.#first ??= this.#difference(entry, made, { was, index });
    return { isSame: isAsOnRecord, was: was ?? NOTHING };
  }

  #difference(
    { seq, at, command }: RecordedEntry,
    { events, refused, clock }: Made,
    { was, index }: { readonly was: readonly EngineEvent[] | undefined; readonly index: number | undefined },
  ): Difference {
    const place = { seq, index: index ?? events.length, command: command.kind };
    if (was === undefined) {
      const unreadable = "its text on record cannot be read as events";
      return { ...place, was: undefined, now: this.#plain(events[0]), refused: unreadable };
    }
    if (index === undefined && refused === undefined) return { ...place, was: { clock: at }, now: { clock }, refused };
    return { ...place, was: this.#plain(was[place.index]), now: this.#plain(events[place.index]), refused };
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

/** Undefined where the text is none of events, though its hash holds: a journal that was made by hand. */
function recordedEvents(entry: RecordedEntry): readonly EngineEvent[] | undefined {
  try {
    return entry.events();
  } catch {
    return undefined;
  }
}

function firstDifference(was: readonly EngineEvent[], now: readonly EngineEvent[]): number | undefined {
  const shorter = Math.min(was.length, now.length);
  for (let index = 0; index < shorter; index += 1) if (!isSame(was[index], now[index])) return index;
  return was.length === now.length ? undefined : shorter;
}
