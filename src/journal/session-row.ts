/** A session's row in the database, and what it is outside. */
import { instant } from "../kernel/index.ts";
import type { Epoch, Origin, SessionSummary, SummaryDraft } from "../sessions/index.ts";
import type { ChainHead } from "./chain.ts";
import { createdMsOf } from "./summary.ts";

export interface SessionRow {
  readonly number: number;
  readonly id: string;
  readonly owner: string;
  readonly created_at: string;
  readonly created_ms: number;
  readonly name: string | null;
  readonly start_time: number;
  readonly end_time: number;
  readonly initial_cash: string;
  readonly config: string;
  readonly status: SessionSummary["status"];
  readonly failure: string | null;
  readonly playback_state: SessionSummary["playbackState"];
  readonly playback_speed: number;
  readonly total_realized_pnl: string;
  readonly total_unrealized_pnl: number;
  readonly clock: number;
  readonly branch: number;
  readonly last_seq: number;
  readonly last_hash: string;
  readonly slot: number;
  readonly parent_id: string | null;
  readonly forked_at: number | null;
  readonly forked_seq: number | null;
  readonly is_parent_deleted: number;
  /** JSON. */
  readonly epochs: string;
}

/** The few columns that a writer needs to know. */
export type HeadRow = Pick<SessionRow, "number" | "branch" | "last_seq" | "last_hash" | "slot" | "epochs">;

/** Columns that change as a session goes on; what is on the log in front of the database. */
export const toChanges = (draft: SummaryDraft) => ({
  name: toText(draft.name),
  end_time: draft.endTime,
  status: draft.status,
  failure: toText(draft.failure),
  playback_state: draft.playbackState,
  playback_speed: draft.playbackSpeed,
  total_realized_pnl: draft.totalRealizedPnl,
  total_unrealized_pnl: draft.totalUnrealizedPnl,
  clock: draft.clock,
});

export interface Place {
  readonly branch: number;
  readonly slot: number;
  readonly origin: Pick<Origin, "session" | "at" | "seq"> | undefined;
}

/** Named parameters of the statement that adds a session. */
export function toParameters(draft: SummaryDraft, head: ChainHead, { branch, slot, origin }: Place) {
  return {
    ...toChanges(draft),
    id: draft.id,
    owner: draft.owner,
    created_at: draft.createdAt,
    created_ms: createdMsOf(draft),
    start_time: draft.startTime,
    initial_cash: draft.initialCash,
    config: draft.config,
    branch,
    last_seq: head.seq,
    last_hash: head.hash,
    slot,
    parent_id: origin?.session ?? null,
    forked_at: origin?.at ?? null,
    forked_seq: origin?.seq ?? null,
  };
}

export const toSummary = (row: SessionRow): SessionSummary => ({
  id: row.id,
  owner: row.owner,
  createdAt: row.created_at,
  name: fromText(row.name),
  startTime: instant(row.start_time),
  endTime: instant(row.end_time),
  initialCash: row.initial_cash,
  config: row.config,
  status: row.status,
  failure: fromText(row.failure),
  playbackState: row.playback_state,
  playbackSpeed: row.playback_speed,
  totalRealizedPnl: row.total_realized_pnl,
  totalUnrealizedPnl: row.total_unrealized_pnl,
  clock: instant(row.clock),
  lastSeq: row.last_seq,
  lastHash: row.last_hash,
  origin: toOrigin(row),
  epochs: JSON.parse(row.epochs) as Epoch[],
});

function toOrigin({ parent_id, forked_at, forked_seq, is_parent_deleted }: SessionRow): Origin | undefined {
  if (parent_id === null || forked_at === null || forked_seq === null) return undefined;
  return { session: parent_id, at: instant(forked_at), seq: forked_seq, isDeleted: is_parent_deleted !== 0 };
}

/** What users wrote is stored as a JSON string: the driver cuts a text at U+0000 and loses lone surrogates. */
export const toText = (text: string | undefined): string | null => (text === undefined ? null : JSON.stringify(text));

function fromText(text: string | null): string | undefined {
  return text === null ? undefined : String(JSON.parse(text));
}
