/** Finds the session that an account id belongs to: ids follow from sessions and ordinals, so nothing has to be kept or opened. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { ACCOUNTS_PER_SESSION_MAX, LIST_ROWS_MAX } from "../kernel/index.ts";
import type { Journal, SessionSummary } from "./journal-port.ts";
import type { SessionHandle } from "./types.ts";
import { accountId } from "./wire-ids.ts";

export interface FoundAccount {
  readonly session: SessionHandle;
  readonly account: number;
}

interface Place {
  readonly session: string;
  readonly ordinal: number;
}

/** Of version 5, as every account's id is: anything else is nobody's, and not worth a search. */
const ACCOUNT_ID = /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** Accounts that are remembered; beyond it all are forgotten. */
const REMEMBERED_MAX = 10_000;

/**
 * Ordinals of one round: most sessions have one or two accounts, so these are tried in every session before any that
 * is less likely. A thousand sessions with one or two cost about 30 ms; a thousand that may have a thousand each, 3 s.
 */
const ROUNDS = [
  [1, 2],
  [3, 16],
  [17, ACCOUNTS_PER_SESSION_MAX],
] as const;

/** Ids that are tried before others get a turn: at 3 µs each no more than about 10 ms. */
const TRIES_PER_TURN = 3000;

export function createAccountFinder(
  journal: Pick<Journal, "list">,
  open: (owner: string, id: string) => Promise<SessionHandle | undefined>,
): (owner: string, id: string) => Promise<FoundAccount | undefined> {
  const known = new Map<string, Place>();
  return async (owner, id) => {
    const account = id.toLowerCase();
    if (!ACCOUNT_ID.test(account)) return undefined;
    // Each owner remembers for himself, so that a stranger who asks for the same id makes nobody forget it.
    const key = `${account} ${owner}`;
    const place = known.get(key) ?? (await search(journal, owner, account));
    if (place === undefined) return undefined;
    const session = await open(owner, place.session);
    const ordinal = session === undefined ? undefined : await session.read([], (view) => view.ids.findAccount(account));
    if (session === undefined || typeof ordinal !== "number") {
      known.delete(key);
      return undefined;
    }
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(key, place);
    return { session, account: ordinal };
  };
}

/** The account with an id among some sessions. */
export async function findAmong(sessions: Iterable<SessionHandle>, id: string): Promise<FoundAccount | undefined> {
  for (const session of sessions) {
    const account = await session.read([], (view) => view.ids.findAccount(id));
    if (typeof account === "number") return { session, account };
  }
  return undefined;
}

async function search(journal: Pick<Journal, "list">, owner: string, id: string): Promise<Place | undefined> {
  let tries = 0;
  for (const [first, most] of ROUNDS) {
    for await (const { id: session, lastSeq, epochs } of summariesOf(journal, owner)) {
      const last = Math.min(most, lastSeq + 1);
      const ordinal = ordinalIn(session, { id, first, last, epochs });
      if (ordinal !== undefined) return { session, ordinal };
      tries += Math.max(0, last - first + 1);
      if (tries < TRIES_PER_TURN) continue;
      tries = 0;
      await nextTurn();
    }
  }
  return undefined;
}

async function* summariesOf(journal: Pick<Journal, "list">, owner: string): AsyncGenerator<SessionSummary> {
  for (let after: string | undefined; ;) {
    const page = await journal.list(owner, { limit: LIST_ROWS_MAX, after });
    yield* page.sessions;
    after = page.next;
    if (after === undefined) return;
  }
}

interface Tried extends Pick<SessionSummary, "epochs"> {
  readonly id: string;
  readonly first: number;
  /** An account takes an entry, and so does the session itself; a session in memory may be ahead of its row. */
  readonly last: number;
}

function ordinalIn(session: string, { id, first, last, epochs }: Tried): number | undefined {
  for (let ordinal = first; ordinal <= last; ordinal += 1)
    if (accountId(session, ordinal, epochs) === id) return ordinal;
  return undefined;
}
