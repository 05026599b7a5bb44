/** Finds, opens, lists and deletes sessions: the only part that knows where one lives. */
import { randomUUID } from "node:crypto";
import { createState, setClock, unknownSymbol, type Command } from "../engine/index.ts";
import { isRefusal, type Refusal } from "../kernel/index.ts";
import type { Market } from "../market/index.ts";
import type { Journal, SessionSummary } from "./journal-port.ts";
import { removeLeftovers } from "./proof/import-session.ts";
import { createProof } from "./proof/prover.ts";
import { replay } from "./replay.ts";
import { isSound } from "./sound-summary.ts";
import { spanProblem } from "./span.ts";
import { unpriced } from "./market-views.ts";
import { Session, type SessionParts } from "./session.ts";
import { summarize } from "./summary.ts";
import { createAccountFinder, findAmong } from "./account-finder.ts";
import { catalogOf } from "./asset-catalog.ts";
import type { SessionHandle, SessionRegistry, SessionSpec } from "./types.ts";
import { wallClock, type WallClock } from "./wall-clock.ts";

export interface RegistryParts {
  readonly journal: Journal;
  readonly market: Market;
  readonly wall?: WallClock;
}

/** After a minute of silence a session lets go of its bars: they may be evicted then, and come back in milliseconds. */
const IDLE_MS = 60_000;

/** Opens the registry; sessions that were playing when the server died are paused at their last journaled time. */
export async function openRegistry({ journal, market, wall = wallClock }: RegistryParts): Promise<SessionRegistry> {
  const parts: SessionParts = { journal, market, wall };
  const opened = new Map<string, Promise<Session | undefined>>();
  const live = new Map<string, Session>();

  const open = (id: string): Promise<Session | undefined> => {
    const known = opened.get(id);
    if (known !== undefined) return known;
    const opening = openSession(parts, id).then(
      (session) => {
        if (session === undefined) opened.delete(id);
        else live.set(id, session);
        return session;
      },
      (error: unknown) => {
        opened.delete(id);
        throw error;
      },
    );
    opened.set(id, opening);
    return opening;
  };

  const resting = setInterval(() => live.forEach((session) => session.rest(IDLE_MS)), IDLE_MS).unref();

  await removeLeftovers(journal);
  for (const id of await journal.listPlaying()) {
    const session = await open(id);
    await session?.execute({ kind: "pause", reason: "restarted" });
  }

  const find = (owner: string, id: string): Promise<SessionHandle | undefined> => {
    const session = live.get(id);
    if (session !== undefined) return Promise.resolve(session.owner === owner ? session : undefined);
    return findOwned(journal, open, { owner, id });
  };

  return {
    create: async (owner, spec) => {
      const session = await createSession(parts, owner, spec);
      if (isRefusal(session)) return session;
      opened.set(session.id, Promise.resolve(session));
      live.set(session.id, session);
      return session;
    },
    find,
    findAccount: createAccountFinder(journal, find),
    findOpenAccount: (accountId) => findAmong(live.values(), accountId),
    list: async (owner, page) => {
      const { sessions, next } = await journal.list(owner, page);
      return { sessions: await withPresent(sessions, live, open), next };
    },
    delete: async (owner, id) => {
      const summary = await journal.find(id);
      if (summary === undefined || summary.owner !== owner) return false;
      const session = await opened.get(id);
      await session?.retire();
      opened.delete(id);
      live.delete(id);
      return journal.delete(id);
    },
    catalog: catalogOf(market),
    proof: createProof(parts),
    close: async () => {
      clearInterval(resting);
      await Promise.all([...live.values()].map((session) => session.settle()));
      await journal.close();
    },
  };
}

/** Rows with the present state of what is in memory; an unsound row is opened, because its journal knows better. */
async function withPresent(
  rows: readonly SessionSummary[],
  live: ReadonlyMap<string, Session>,
  open: (id: string) => Promise<Session | undefined>,
): Promise<readonly SessionSummary[]> {
  const shown: SessionSummary[] = [];
  for (const row of rows) {
    const session = live.get(row.id) ?? (isSound(row) ? undefined : await open(row.id));
    shown.push({ ...row, ...session?.summary() });
  }
  return shown;
}

async function findOwned(
  journal: Journal,
  open: (id: string) => Promise<Session | undefined>,
  { owner, id }: { readonly owner: string; readonly id: string },
): Promise<SessionHandle | undefined> {
  const summary = await journal.find(id);
  return summary === undefined || summary.owner !== owner ? undefined : open(id);
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
  return new Session(identityOf(summary), parts, { ...replayed, failure, summary: { ...told, status, failure } });
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
  return new Session(identity, parts, { state, lastSeq: 1, failure: undefined, summary });
}

/** A new session holds nothing that would need a price. */
const NOTHING_KNOWN = unpriced(() => false);

/** A holding must be of something that has bars: without a price nothing could be said of its value. */
function holdingsProblem(market: Market, { config }: SessionSpec): Refusal | undefined {
  const unknown = config.initialPositions.find(({ symbol }) => !market.hasSymbol(symbol));
  return unknown === undefined ? undefined : unknownSymbol(unknown.symbol);
}
