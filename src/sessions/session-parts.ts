/** What a session works with, and how it is opened. */
import type { Market } from "../market/index.ts";
import type { Journal, SessionSummary, SummaryDraft } from "./journal-port.ts";
import type { Replayed } from "./replay.ts";
import type { WallClock } from "./wall-clock.ts";

export interface SessionParts {
  readonly journal: Journal;
  readonly market: Market;
  readonly wall: WallClock;
  /** Events between two snapshots; tests take fewer. */
  readonly eventsPerSnapshot: number;
}

export interface Opened extends Replayed {
  readonly summary: SummaryDraft & Pick<SessionSummary, "epochs">;
}
