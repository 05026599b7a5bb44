/** Reading a state from its journal: the newest snapshot, and the fold of every entry after it. */
import { apply, createState, defaultConfig, setClock, type EngineConfig, type State } from "../engine/index.ts";
import { AppError, cash, InvariantError, parseUnits, type Instant } from "../kernel/index.ts";
import type { Journal, JournalEntry, SummaryDraft } from "./journal-port.ts";
import { isSound } from "./sound-summary.ts";
import { restoreState, SnapshotDamaged, type RestoredState } from "./state-snapshots.ts";

export interface Replayed {
  readonly state: State;
  readonly lastSeq: number;
  /** The clock of the last entry; the state's own may be further, since steps in which nothing happens are no entries. */
  readonly lastAt: Instant;
  /** Why the fold stopped early: a damaged entry, a broken invariant. What came before it stands. */
  readonly failure: string | undefined;
  /** Events that were folded: what a snapshot now would spare the next one who opens it. */
  readonly folded: number;
}

/** What is read of a journal for it. */
export type Past = Pick<Journal, "read" | "snapshots">;

/** Folds the journal of a session as far as it goes, or up to an entry. Faults of the disk itself are thrown. */
export async function replay(journal: Past, summary: SummaryDraft, upTo = Infinity): Promise<Replayed> {
  const store = journal.snapshots(summary.id);
  try {
    return await fold(journal, summary, { upTo, from: restoreState(store, Math.min(upTo, Number.MAX_SAFE_INTEGER)) });
  } catch (error) {
    if (!(error instanceof SnapshotDamaged)) throw error;
    await store.clear();
    return fold(journal, summary, { upTo, from: undefined });
  }
}

interface Range {
  readonly from: RestoredState | undefined;
  readonly upTo: number;
}

async function fold(journal: Past, summary: SummaryDraft, { from, upTo }: Range): Promise<Replayed> {
  let state = from?.state;
  let lastSeq = from?.seq ?? 0;
  let folded = 0;
  let failure: string | undefined;
  try {
    for await (const entry of journal.read(summary.id, lastSeq + 1)) {
      if (entry.seq > upTo) break;
      state = foldEntry(state, entry);
      lastSeq = entry.seq;
      folded += entry.events.length + 1;
    }
  } catch (error) {
    failure = failureOf(error);
  }
  state ??= emptyState(summary);
  return { state, lastSeq, lastAt: state.clock, failure, folded };
}

function foldEntry(state: State | undefined, entry: JournalEntry): State | undefined {
  let folded = state;
  for (const event of entry.events) {
    if (event.kind === "session_created") folded = createState(event);
    else if (folded !== undefined) apply(folded, event);
  }
  if (folded !== undefined) setClock(folded, entry.at);
  return folded;
}

function failureOf(error: unknown): string {
  const isOurs =
    error instanceof InvariantError || (error instanceof AppError && error.code === "data_directory_damaged");
  if (!isOurs) throw error;
  return error.message;
}

/** What the summary row alone tells, where not even the first entry can be read. */
function emptyState(summary: SummaryDraft): State {
  const initialCash = parseUnits(summary.initialCash);
  return createState({
    kind: "session_created",
    at: summary.startTime,
    name: summary.name,
    startTime: summary.startTime,
    endTime: summary.endTime,
    initialCash: cash(typeof initialCash === "bigint" ? initialCash : 0n),
    config: isSound(summary) ? (JSON.parse(summary.config) as EngineConfig) : defaultConfig("conservative"),
  });
}
