/** Reading a state from its journal: the fold of every entry. */
import { apply, createState, defaultConfig, setClock, type EngineConfig, type State } from "../engine/index.ts";
import { AppError, cash, InvariantError, parseUnits } from "../kernel/index.ts";
import type { Journal, JournalEntry, SummaryDraft } from "./journal-port.ts";
import { isSound } from "./sound-summary.ts";

export interface Replayed {
  readonly state: State;
  readonly lastSeq: number;
  /** Why the fold stopped early: a damaged entry, a broken invariant. What came before it stands. */
  readonly failure: string | undefined;
}

/** Folds the journal of a session as far as it goes. Faults of the disk itself are thrown. */
export async function replay(journal: Journal, summary: SummaryDraft): Promise<Replayed> {
  let state: State | undefined;
  let lastSeq = 0;
  let failure: string | undefined;
  try {
    for await (const entry of journal.read(summary.id, 1)) {
      state = fold(state, entry);
      lastSeq = entry.seq;
    }
  } catch (error) {
    failure = failureOf(error);
  }
  return { state: state ?? emptyState(summary), lastSeq, failure };
}

function fold(state: State | undefined, entry: JournalEntry): State | undefined {
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
