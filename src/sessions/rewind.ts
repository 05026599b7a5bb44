/** Taking a session back: what came after becomes a fork, or is removed. */
import { randomUUID } from "node:crypto";
import { isRefusal, refuse, type Refusal } from "../kernel/index.ts";
import { Continuation } from "./continuation.ts";
import type { Epoch, Journal, Rewind, SummaryDraft } from "./journal-port.ts";
import { stateAt, type PastParts, type Present } from "./past-state.ts";
import type { Replayed } from "./replay.ts";
import type { SessionCommand } from "./session-commands.ts";
import type { SessionIdentity } from "./summary.ts";
import type { RewindRequest, Rewound } from "./types.ts";

export interface RewindParts extends PastParts {
  readonly journal: Journal;
  /** Wall time, RFC 3339. */
  readonly timestamp: () => string;
}

export interface Rewinding {
  readonly identity: SessionIdentity;
  readonly epochs: readonly Epoch[];
  readonly present: Present;
  readonly isPlaying: boolean;
  /** Connected clients that send commands. */
  readonly writers: number;
}

/** How the session goes on. */
export interface Restored {
  readonly replayed: Replayed;
  readonly summary: SummaryDraft;
  readonly epochs: readonly Epoch[];
  readonly rewound: Rewound;
}

/** Durable when it resolves. Refuses while the session plays, while others may send commands, and what has not been. */
export async function rewindTo(
  parts: RewindParts,
  session: Rewinding,
  request: RewindRequest,
): Promise<Restored | Refusal> {
  const problem = problemOf(session, request);
  if (problem !== undefined) return problem;
  const point = await stateAt(parts, session.present, request.to);
  if (isRefusal(point)) return point;
  const on = new Continuation(parts.market, point);
  on.run({ kind: "pause", reason: "rewound" });
  const summary = await on.summarize(session.identity);
  const hasMore = on.uptoSeq < session.present.lastSeq || on.at < session.present.clock;
  const kept = request.isDiscarding || !hasMore ? undefined : keptBy(parts, session, request.keptName);
  const epoch = {
    epoch: (session.epochs.at(-1)?.epoch ?? 0) + 1,
    account: on.state.accounts.length + 1,
    order: on.state.orders.length + 1,
  };
  const { uptoSeq, at, entries } = on;
  await parts.journal.rewind({ uptoSeq, at, entries, epoch, kept }, summary);
  return {
    replayed: { state: on.state, lastSeq: on.lastSeq, lastAt: on.lastAt, failure: undefined, folded: 0 },
    summary,
    epochs: [...session.epochs, epoch],
    rewound: { before: session.present.clock, clock: on.state.clock, seq: on.lastSeq, keptIn: kept?.draft.id },
  };
}

function problemOf({ isPlaying, writers }: Rewinding, { ownWriters }: RewindRequest): Refusal | undefined {
  if (isPlaying) return refuse("session_in_use", "a playing session is not taken back: pause it first");
  const others = writers - ownWriters;
  if (others <= 0) return undefined;
  return refuse(
    "session_in_use",
    `${others} other client(s) are connected who send commands: close their sockets first`,
  );
}

/** The session as it is, under another id. */
function keptBy(
  { timestamp }: RewindParts,
  { present }: Rewinding,
  name: string | undefined,
): NonNullable<Rewind["kept"]> {
  const { clock, summary } = present;
  const draft = { ...summary, clock, id: randomUUID(), createdAt: timestamp(), name: name ?? summary.name };
  if (name === undefined) return { draft, entries: [] };
  const command: SessionCommand = { kind: "update_session", name, endTime: undefined };
  const events = [{ kind: "session_renamed", at: clock, name }] as const;
  return { draft, entries: [{ seq: present.lastSeq + 1, at: clock, command, events }] };
}
