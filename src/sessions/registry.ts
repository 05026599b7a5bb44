/** Finds, opens, lists and deletes sessions: the only part that knows where one lives. */
import { randomUUID } from "node:crypto";
import { createState, setClock, unknownSymbol, type Command } from "../engine/index.ts";
import { isRefusal, type Refusal } from "../kernel/index.ts";
import type { Market } from "../market/index.ts";
import type { Journal, SessionSummary, SummaryDraft } from "./journal-port.ts";
import { removeLeftovers } from "./proof/import-session.ts";
import { createProof } from "./proof/prover.ts";
import { OpenSessions } from "./open-sessions.ts";
import { replay } from "./replay.ts";
import { isSound } from "./sound-summary.ts";
import { ownedSummary, treeOf } from "./session-tree.ts";
import { spanProblem } from "./span.ts";
import { unpriced } from "./market-views.ts";
import { Session } from "./session.ts";
import type { SessionParts } from "./session-parts.ts";
import { summarize } from "./summary.ts";
import { createAccountFinder, findAmong } from "./account-finder.ts";
import { catalogOf } from "./asset-catalog.ts";
import type { SessionRegistry, SessionSpec } from "./types.ts";
import { wallClock, type WallClock } from "./wall-clock.ts";

export interface RegistryParts {
  readonly journal: Journal;
  readonly market: Market;
  readonly wall?: WallClock;
  readonly eventsPerSnapshot?: number;
  readonly sessionsBytesMax?: number;
}

/**
 * Events and commands between two snapshots. A snapshot takes some milliseconds, folding so many events about ten: an
 * opening or a fork anywhere in a long past costs no more than that.
 */
const EVENTS_PER_SNAPSHOT = 1000;

/** What sessions in memory may take together; one at rest takes about 20 KB, one with a long past some megabytes. */
const SESSIONS_BYTES_MAX = 256 * 1_048_576;

/** Opens the registry; sessions that were playing when the server died are paused at their last journaled time. */
export async function openRegistry({
  journal,
  market,
  wall = wallClock,
  eventsPerSnapshot = EVENTS_PER_SNAPSHOT,
  sessionsBytesMax = SESSIONS_BYTES_MAX,
}: RegistryParts): Promise<SessionRegistry> {
  const parts: SessionParts = { journal, market, wall, eventsPerSnapshot };
  const sessions = new OpenSessions({ load: (id) => openSession(parts, id), bytesMax: sessionsBytesMax });

  await removeLeftovers(journal);
  for (const id of await journal.listPlaying()) {
    const session = await sessions.open(id);
    await session?.execute({ kind: "pause", reason: "restarted" });
  }

  const find = async (owner: string, id: string): Promise<Session | undefined> => {
    const session = sessions.get(id);
    if (session !== undefined) return session.owner === owner ? session : undefined;
    return (await ownedSummary(journal, owner, id)) && sessions.open(id);
  };

  return {
    create: async (owner, spec) => {
      const session = await createSession(parts, owner, spec);
      if (!isRefusal(session)) sessions.add(session);
      return session;
    },
    find,
    fork: async (owner, id, spec) => {
      const forked = await (await find(owner, id))?.fork(spec);
      return forked === undefined || isRefusal(forked) ? forked : sessions.open(forked);
    },
    tree: (owner, id) => treeOf(journal, owner, id),
    findAccount: createAccountFinder(journal, find),
    findOpenAccount: (accountId) => findAmong(sessions.all(), accountId),
    list: async (owner, page) => {
      const { sessions: rows, next } = await journal.list(owner, page);
      return { sessions: await withPresent(rows, sessions), next };
    },
    delete: async (owner, id) => {
      if ((await ownedSummary(journal, owner, id)) === undefined) return false;
      await (await sessions.remove(id))?.retire();
      return journal.delete(id);
    },
    catalog: catalogOf(market),
    proof: createProof(parts),
    close: async () => {
      await sessions.close();
      await journal.close();
    },
  };
}

/** Rows with the present state of what is in memory; an unsound row is opened, because its journal knows better. */
async function withPresent(
  rows: readonly SessionSummary[],
  sessions: OpenSessions,
): Promise<readonly SessionSummary[]> {
  const shown: SessionSummary[] = [];
  for (const row of rows) {
    const session = sessions.peek(row.id) ?? (isSound(row) ? undefined : await sessions.open(row.id));
    shown.push({ ...row, ...session?.summary() });
  }
  return shown;
}

async function openSession(parts: SessionParts, id: string): Promise<Session | undefined> {
  const summary = await parts.journal.find(id);
  if (summary === undefined) return undefined;
  const replayed = await replay(parts.journal, summary);
  if (replayed.state.clock < summary.clock) setClock(replayed.state, summary.clock);
  const failure = summary.failure ?? replayed.failure;
  if (failure !== undefined && summary.status !== "failed") await parts.journal.fail(id, failure);
  const told = isSound(summary) ? summary : summarize(identityOf(summary), replayed.state, NOTHING_KNOWN);
  const status = failure === undefined ? told.status : "failed";
  return new Session(identityOf(summary), parts, {
    ...replayed,
    failure,
    summary: { ...draftOf(told), status, failure, epochs: summary.epochs },
  });
}

/** What the journal itself knows of a session is its own to tell. */
function draftOf(summary: SummaryDraft & Partial<SessionSummary>): SummaryDraft {
  const {
    lastSeq: _lastSeq,
    lastHash: _lastHash,
    origin: _origin,
    epochs: _epochs,
    isClockRecovered: _is,
    ...draft
  } = summary;
  return draft;
}

const identityOf = ({ id, owner, createdAt }: SessionSummary): { id: string; owner: string; createdAt: string } => ({
  id,
  owner,
  createdAt,
});

async function createSession(parts: SessionParts, owner: string, spec: SessionSpec): Promise<Session | Refusal> {
  const problem = spanProblem(spec.startTime, spec.endTime) ?? holdingsProblem(parts.market, spec);
  if (problem !== undefined) return problem;
  const command: Command = { kind: "create_session", ...spec };
  const event = { ...spec, kind: "session_created", at: spec.startTime } as const;
  const state = createState(event);
  const identity = { id: randomUUID(), owner, createdAt: parts.wall.timestamp() };
  const summary = summarize(identity, state, NOTHING_KNOWN);
  await parts.journal.create(summary, { seq: 1, at: spec.startTime, command, events: [event] });
  return new Session(identity, parts, {
    state,
    lastSeq: 1,
    lastAt: state.clock,
    failure: undefined,
    folded: 1,
    summary: { ...summary, epochs: [] },
  });
}

/** A new session holds nothing that would need a price. */
const NOTHING_KNOWN = unpriced(() => false);

/** A holding must be of something that has bars: without a price nothing could be said of its value. */
function holdingsProblem(market: Market, { config }: SessionSpec): Refusal | undefined {
  const unknown = config.initialPositions.find(({ symbol }) => !market.hasSymbol(symbol));
  return unknown === undefined ? undefined : unknownSymbol(unknown.symbol);
}
