/** Where two sessions part: how much of their journals is one, which options differ, and the first event that does. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Command, EngineEvent } from "../../engine/index.ts";
import { COMMAND_SLICE_MS, refuse, type Refusal } from "../../kernel/index.ts";
import type { Journal, JournalEntry, SessionSummary } from "../journal-port.ts";
import type { WallClock } from "../wall-clock.ts";
import type { PlainEvent } from "./comparison.ts";
import type { Watch } from "./rerun.ts";
import { isSame } from "./same-value.ts";

/** An event in its place. */
export interface PlacedEvent {
  readonly seq: number;
  readonly index: number;
  readonly command: Command["kind"];
  readonly event: PlainEvent;
}

export interface Diff {
  readonly isSame: boolean;
  /** Entries that both begin with, by their hashes. */
  readonly commonEntries: number;
  /** Fields with which the sessions were created, where they differ; options as `config.name`. */
  readonly created: readonly { readonly field: string; readonly a: unknown; readonly b: unknown }[];
  /** Events that are the same after the common entries, however they are spread over commands. */
  readonly sameEvents: number;
  /** The first event that differs; undefined on a side that has ended, and on both where nothing differs. */
  readonly first: { readonly a: PlacedEvent | undefined; readonly b: PlacedEvent | undefined };
}

interface DiffParts {
  readonly journal: Journal;
  readonly wall: WallClock;
}

type Sides = { readonly a: SessionSummary; readonly b: SessionSummary };

/** Refuses "bad_request" where it was ended early. */
export async function diff({ journal, wall }: DiffParts, sides: Sides, watch?: Watch): Promise<Diff | Refusal> {
  const commonEntries = await commonPrefix(journal, sides);
  const [a, b] = [sides.a, sides.b].map((side) => new EventReader(journal, side, commonEntries + 1)) as [
    EventReader,
    EventReader,
  ];
  let sameEvents = 0;
  let sliceStart = wall.elapsedMs();
  try {
    for (;;) {
      const [left, right] = [await a.next(), await b.next()];
      if (left === undefined || right === undefined || !isSame(left.event, right.event)) {
        const created = createdDifferences(a.created, b.created);
        const isEqual = left === undefined && right === undefined;
        const first = { a: placed(journal, left), b: placed(journal, right) };
        return { isSame: isEqual && created.length === 0, commonEntries, created, sameEvents, first };
      }
      sameEvents += 1;
      if (wall.elapsedMs() - sliceStart < COMMAND_SLICE_MS / 2) continue;
      if (watch?.signal?.aborted === true) return refuse("bad_request", "the comparison was ended before it was done");
      await nextTurn();
      sliceStart = wall.elapsedMs();
    }
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
}

/** Equal hashes are equal pasts: the last entry that both have is found in some tens of looks. */
async function commonPrefix(journal: Journal, { a, b }: Sides): Promise<number> {
  let low = 0;
  let high = Math.min(a.lastSeq, b.lastSeq);
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    const [left, right] = await Promise.all([journal.hashAt(a.id, middle), journal.hashAt(b.id, middle)]);
    if (left !== undefined && left === right) low = middle;
    else high = middle - 1;
  }
  return low;
}

interface ReadEvent {
  readonly seq: number;
  readonly index: number;
  readonly command: Command["kind"];
  readonly event: EngineEvent;
}

type Created = Extract<EngineEvent, { kind: "session_created" }>;

/** Events one after the other, whatever entries they stand in; how the session was created is kept apart. */
class EventReader {
  readonly #entries: AsyncIterator<JournalEntry>;
  readonly #lastSeq: number;
  #entry: JournalEntry | undefined;
  #index = 0;
  created: Created | undefined;

  constructor(journal: Journal, { id, lastSeq }: SessionSummary, fromSeq: number) {
    this.#entries = journal.read(id, fromSeq)[Symbol.asyncIterator]();
    this.#lastSeq = lastSeq;
  }

  async next(): Promise<ReadEvent | undefined> {
    for (;;) {
      const event = this.#entry?.events[this.#index];
      if (this.#entry === undefined || event === undefined) {
        const { value, done } = await this.#entries.next();
        if (done === true || value.seq > this.#lastSeq) return undefined;
        this.#entry = value;
        this.#index = 0;
        continue;
      }
      this.#index += 1;
      if (event.kind !== "session_created") {
        return { seq: this.#entry.seq, index: this.#index - 1, command: this.#entry.command.kind, event };
      }
      this.created = event;
    }
  }

  async close(): Promise<void> {
    await this.#entries.return?.();
  }
}

function placed({ codec }: Journal, read: ReadEvent | undefined): PlacedEvent | undefined {
  return read && { ...read, event: codec.plain(read.event) };
}

function createdDifferences(a: Created | undefined, b: Created | undefined): Diff["created"] {
  if (a === undefined || b === undefined) return [];
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((field) => !isSame(left.get(field), right.get(field)))
    .map((field) => ({ field, a: left.get(field), b: right.get(field) }));
}

function fieldsOf({ config, kind: _kind, at: _at, ...rest }: Created): ReadonlyMap<string, unknown> {
  const options = Object.entries(config).map(([name, value]) => [`config.${name}`, value] as const);
  return new Map<string, unknown>([...Object.entries(rest), ...options]);
}
