/** A session's row in the database, and what it is outside. */
import { instant } from "../kernel/index.ts";
import type { SessionSummary, SummaryDraft } from "../sessions/index.ts";
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
  readonly last_seq: number;
  readonly last_hash: string;
  readonly slot: number;
}

/** The few columns that an append needs to know. */
export type HeadRow = Pick<SessionRow, "number" | "last_seq" | "last_hash" | "slot">;

/** Named parameters of the statements that write a session. */
export function toParameters(draft: SummaryDraft, head: ChainHead, slot: number) {
  return {
    id: draft.id,
    owner: draft.owner,
    created_at: draft.createdAt,
    created_ms: createdMsOf(draft),
    name: toText(draft.name),
    start_time: draft.startTime,
    end_time: draft.endTime,
    initial_cash: draft.initialCash,
    config: draft.config,
    status: draft.status,
    failure: toText(draft.failure),
    playback_state: draft.playbackState,
    playback_speed: draft.playbackSpeed,
    total_realized_pnl: draft.totalRealizedPnl,
    total_unrealized_pnl: draft.totalUnrealizedPnl,
    clock: draft.clock,
    last_seq: head.seq,
    last_hash: head.hash,
    slot,
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
});

/** What users wrote is stored as a JSON string: the driver cuts a text at U+0000 and loses lone surrogates. */
export const toText = (text: string | undefined): string | null => (text === undefined ? null : JSON.stringify(text));

function fromText(text: string | null): string | undefined {
  return text === null ? undefined : String(JSON.parse(text));
}
