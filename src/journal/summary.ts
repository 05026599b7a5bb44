/** What both adapters do with summaries: seal a draft, let a mark renew one, order and page a list. */
import { assert, parseInstant } from "../kernel/index.ts";
import type { ClockMark, Epoch, Origin, SessionSummary, SummaryDraft } from "../sessions/index.ts";
import type { ChainHead } from "./chain.ts";

/** A mark, with the entry that it was made after. */
export interface PlacedMark extends ClockMark {
  readonly lastSeq: number;
}

/** A session's place in a list: its creation in epoch milliseconds, and its number for those of one millisecond. */
export interface ListKey {
  readonly createdMs: number;
  readonly number: number;
}

/** What the journal knows of a session's past. */
export interface Past {
  readonly origin: Origin | undefined;
  readonly epochs: readonly Epoch[];
}

export const sealSummary = (draft: SummaryDraft, head: ChainHead, { origin, epochs }: Past): SessionSummary => ({
  ...draft,
  lastSeq: head.seq,
  lastHash: head.hash,
  origin,
  epochs,
});

/** The last one that has begun at or before an ordinal counts; one that begins nowhere any more is left out. */
export const withEpoch = (epochs: readonly Epoch[], next: Epoch): readonly Epoch[] => [
  ...epochs.filter(({ account, order }) => account < next.account || order < next.order),
  next,
];

/** A mark counts only where it was made after the very entry that the summary tells of; an older one is out of date. */
export function withMark(summary: SessionSummary, mark: PlacedMark | undefined): SessionSummary {
  if (mark === undefined || mark.lastSeq !== summary.lastSeq || mark.clock < summary.clock) return summary;
  return { ...summary, clock: mark.clock, totalUnrealizedPnl: mark.totalUnrealizedPnl };
}

/** Wall time of creation, epoch milliseconds: texts of RFC 3339 do not sort where fractions differ in length. */
export function createdMsOf(draft: SummaryDraft): number {
  const created = parseInstant(draft.createdAt);
  assert(typeof created === "number", `Invariant: createdAt is RFC 3339, but got ${JSON.stringify(draft.createdAt)}`);
  return created;
}

/** A wrong draft is a bug of one session: it is found before the commit that others share. */
export function checkDraft(draft: SummaryDraft): void {
  createdMsOf(draft);
  const numbers = [draft.startTime, draft.endTime, draft.clock, draft.playbackSpeed, draft.totalUnrealizedPnl];
  assert(numbers.every(Number.isFinite), `Invariant: the numbers of session ${draft.id} are finite`);
}

/** What `ListPage.next` holds: enough to go on, even when the session it names is gone. */
export const formatCursor = (key: ListKey): string => `${key.createdMs}-${key.number}`;

/** The key behind a cursor; undefined for a text that is none. */
export function parseCursor(text: string): ListKey | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  return match === null ? undefined : { createdMs: Number(match[1]), number: Number(match[2]) };
}

/** Whether `a` comes before `b` in a list: the newer one does. */
export function isBefore(a: ListKey, b: ListKey): boolean {
  return a.createdMs === b.createdMs ? a.number > b.number : a.createdMs > b.createdMs;
}

/** Above every key: where a list begins. */
export const LIST_START: ListKey = { createdMs: Number.MAX_SAFE_INTEGER, number: Number.MAX_SAFE_INTEGER };
