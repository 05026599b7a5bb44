/** A session's state as it was: at an entry of its journal, or at a time, which may lie within a long advance. */
import { apply, setClock, type EngineEvent, type State } from "../engine/index.ts";
import { formatInstant, instant, isRefusal, refuse, type Instant, type Refusal } from "../kernel/index.ts";
import type { Market } from "../market/index.ts";
import { setImmediate as nextTurn } from "node:timers/promises";
import { advanceState } from "./advance.ts";
import type { Journal, JournalEntry, SummaryDraft } from "./journal-port.ts";
import { replay } from "./replay.ts";
import { SessionMarket } from "./session-market.ts";

/** A time (simulated), or the number of an entry. */
export type Moment = { readonly at: Instant } | { readonly seq: number };

export interface PastPoint {
  readonly state: State;
  /** The last entry of the journal that it has whole, and its clock. */
  readonly uptoSeq: number;
  readonly lastAt: Instant;
  /** What else has happened up to then: the part of the next entry, an advance, that lies before the time. */
  readonly entries: readonly JournalEntry[];
  readonly at: Instant;
}

export interface PastParts {
  readonly journal: Pick<Journal, "read" | "snapshots" | "seqAt">;
  readonly market: Market;
  readonly sliceClock: () => number;
  /** Why the bars that the session has used cannot be used again, if they cannot. */
  readonly dataProblem: Refusal | undefined;
}

/** Where the session stands. */
export interface Present {
  readonly summary: SummaryDraft;
  readonly lastSeq: number;
  readonly clock: Instant;
}

/**
 * The state at a moment that has been. Commands given at the time itself are in it, opens at it are not, as on a clock
 * that stands there (R7). Refuses a moment that lies ahead, or before the beginning.
 */
export async function stateAt(parts: PastParts, present: Present, moment: Moment): Promise<PastPoint | Refusal> {
  const problem = momentProblem(present, moment);
  if (problem !== undefined) return problem;
  const { journal } = parts;
  const seq = "seq" in moment ? moment.seq : await journal.seqAt(present.summary.id, moment.at);
  const { state, lastSeq, lastAt, failure } = await replay(journal, present.summary, seq);
  if (failure !== undefined) return refuse("session_stopped", `session has failed: ${failure}`);
  const at = "seq" in moment ? state.clock : moment.at;
  const events = at > state.clock ? (parts.dataProblem ?? (await runTo(parts, state, at))) : [];
  if (isRefusal(events)) return events;
  const part: JournalEntry = { seq: lastSeq + 1, at, command: { kind: "advance", until: at }, events };
  return { state, uptoSeq: lastSeq, lastAt, entries: events.length > 0 ? [part] : [], at };
}

function momentProblem({ summary, lastSeq, clock }: Present, moment: Moment): Refusal | undefined {
  if ("seq" in moment) {
    const { seq } = moment;
    if (Number.isInteger(seq) && seq >= 1 && seq <= lastSeq) return undefined;
    return refuse("bad_request", `a sequence number is a whole number from 1 to ${lastSeq}, got ${seq}`);
  }
  const { at } = moment;
  if (at >= summary.startTime && at <= clock) return undefined;
  const [from, to] = [formatInstant(summary.startTime), formatInstant(clock)];
  return refuse(
    "bad_request",
    `a time of the session's past lies from ${from} to its clock ${to}, got ${formatInstant(at)}`,
  );
}

/** The same step gives the same events, whatever longer one it was a part of. */
async function runTo(parts: PastParts, state: State, until: Instant): Promise<readonly EngineEvent[] | Refusal> {
  const series = new SessionMarket(parts.market, () => state);
  return advanceState({
    state,
    market: parts.market,
    until: instant(Math.min(until, state.endTime)),
    load: (to) => series.load(to, []),
    agenda: (loaded) => series.agenda(loaded),
    apply: (event) => apply(state, event),
    stopAt: undefined,
    sliceClock: parts.sliceClock,
    giveWay: () => nextTurn(),
  });
}

/** Puts the clock where a mark beside the journal has it. */
export function movedTo(point: PastPoint): State {
  if (point.state.clock < point.at) setClock(point.state, point.at);
  return point.state;
}
