/** Proves a session: its chain of hashes, its commands run again, and the data that both stand on. */
import { RULES_VERSION } from "../../engine/index.ts";
import { AppError, isRefusal, refuse, type Refusal } from "../../kernel/index.ts";
import type { Journal, RecordedEntry, SessionSummary } from "../journal-port.ts";
import type { Difference } from "./comparison.ts";
import { rerun, type Watch } from "./rerun.ts";
import type { ScratchParts } from "./scratch-session.ts";
import { usedData, type UsedSymbol } from "./used-data.ts";

export interface Verification {
  /** The chain holds, every event came out again, and the data is what was used. */
  readonly isProven: boolean;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly entries: number;
  readonly events: number;
  /** Where the chain of hashes breaks, in words; undefined: it holds. */
  readonly damage: string | undefined;
  /** The first event that did not come out again. */
  readonly first: Difference | undefined;
  /** Rules change which events follow from commands. */
  readonly rules: { readonly recorded: number; readonly present: number };
  readonly data: readonly UsedSymbol[];
  readonly seconds: number;
}

export interface ProofParts extends ScratchParts {
  readonly journal: Journal;
}

/** What is verified: a moment of a session. */
export interface Moment {
  readonly summary: SessionSummary;
  /** Lines about the days of bars that it has used. */
  readonly pins: string;
}

/** Refuses as `rerun` does. */
export async function verify(parts: ProofParts, moment: Moment, watch?: Watch): Promise<Verification | Refusal> {
  const { journal, market, wall } = parts;
  const { id, lastSeq, lastHash, clock } = moment.summary;
  const startedMs = wall.elapsedMs();
  let damage: string | undefined;
  const recorded = (session: string, fromSeq: number): AsyncIterable<readonly RecordedEntry[]> =>
    readSound(journal.recorded(session, fromSeq), (problem) => {
      damage = problem;
    });
  const sound = { recorded, codec: journal.codec };
  const run = await rerun({ market, wall, journal: sound, id, upTo: lastSeq, clock, watch });
  if (isRefusal(run) && damage === undefined) return run;
  const told = isRefusal(run) ? { entries: 0, events: { was: 0, now: 0 }, first: undefined, config: undefined } : run;
  if (told.entries < lastSeq && damage === undefined) return refuse("not_found", "session not found");
  const data = await usedData(market, moment.pins, clock);
  return {
    isProven: damage === undefined && told.first === undefined && data.every(({ changedTotal }) => changedTotal === 0),
    head: { seq: lastSeq, hash: lastHash },
    entries: told.entries,
    events: told.events.was,
    damage,
    first: told.first,
    rules: { recorded: told.config?.was.rulesVersion ?? RULES_VERSION, present: RULES_VERSION },
    data,
    seconds: (wall.elapsedMs() - startedMs) / 1000,
  };
}

/** Entries up to the first one that is damaged. */
async function* readSound(
  pages: AsyncIterable<readonly RecordedEntry[]>,
  note: (problem: string) => void,
): AsyncGenerator<readonly RecordedEntry[]> {
  try {
    yield* pages;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "data_directory_damaged") throw error;
    note(error.message);
  }
}
