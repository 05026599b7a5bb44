/** The state of a session in memory, and what keeps it there: the journal behind it, and snapshots for the next opening. */
import { itemsHeld, releasePages, type State } from "../engine/index.ts";
import type { Instant } from "../kernel/index.ts";
import type { SummaryDraft } from "./journal-port.ts";
import { replay, type Past, type Replayed } from "./replay.ts";
import { SnapshotDamaged, storeState } from "./state-snapshots.ts";

/** Orders and activities that a session holds before it lets go of those that are stored: some megabytes. */
const ITEMS_HELD_MAX = 16_384;

export class KeptState {
  state: State;
  lastSeq: number;
  /** The clock of the last entry. */
  #lastAt: Instant;
  /** Why the session stopped: a damaged entry, a broken invariant. */
  failure: string | undefined;
  /** Events since the last snapshot. */
  #unstored: number;
  #isStoring = false;
  readonly #journal: Past;
  readonly #eventsPerSnapshot: number;
  readonly #id: string;

  constructor(
    { journal, eventsPerSnapshot }: { readonly journal: Past; readonly eventsPerSnapshot: number },
    id: string,
    opened: Replayed,
  ) {
    this.#journal = journal;
    this.#eventsPerSnapshot = eventsPerSnapshot;
    this.#id = id;
    this.state = opened.state;
    this.lastSeq = opened.lastSeq;
    this.#lastAt = opened.lastAt;
    this.failure = opened.failure;
    this.#unstored = opened.folded;
  }

  /** An entry with so many events is on the journal. */
  appended(events: number): void {
    this.lastSeq += 1;
    this.#lastAt = this.state.clock;
    this.#unstored += events + 1;
  }

  /** After a command: stores a snapshot where one is due, behind the answer. `inTurn` runs it between two commands. */
  follow(inTurn: (work: () => Promise<void>) => Promise<unknown>): void {
    if (this.#isStoring || this.#unstored < this.#eventsPerSnapshot) return;
    this.#isStoring = true;
    setImmediate(() => {
      const storing = inTurn(() => {
        this.#isStoring = false;
        return this.store();
      });
      // A disk that takes no snapshot takes no entry either: the next command meets it, and tells.
      storing.catch(() => undefined);
    });
  }

  /** Stores a snapshot, if anything has happened since the last one. Nothing may happen to the state meanwhile. */
  async store(): Promise<void> {
    if (this.#unstored === 0 || this.failure !== undefined) return;
    this.#unstored = 0;
    const { lastSeq: seq } = this;
    await storeState(this.#journal.snapshots(this.#id), this.state, { seq, at: this.#lastAt });
    if (itemsHeld(this.state) > ITEMS_HELD_MAX) releasePages(this.state);
  }

  /** Reads the state from the journal again; what was wrong with a snapshot is forgotten with it. */
  async rebuild(summary: SummaryDraft, cause?: unknown): Promise<void> {
    if (cause instanceof SnapshotDamaged) await this.#journal.snapshots(this.#id).clear();
    this.replace(await replay(this.#journal, summary));
  }

  replace({ state, lastSeq, lastAt, failure, folded }: Replayed): void {
    this.state = state;
    this.lastSeq = lastSeq;
    this.#lastAt = lastAt;
    this.failure ??= failure;
    this.#unstored = folded;
  }
}
