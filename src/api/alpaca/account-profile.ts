/** What a client keeps with an account besides trading: who it belongs to, and watchlists. One text in the journal. */
import type { Account } from "../../engine/index.ts";
import { PROFILE_LENGTH_MAX, refuse } from "../../kernel/index.ts";
import type { SessionHandle } from "../../sessions/index.ts";
import { RefusedRequest } from "../wire/errors.ts";

export interface StoredWatchlist {
  /** Numbered from 1 in each account, never used again. */
  readonly number: number;
  readonly name: string;
  readonly symbols: readonly string[];
  /** RFC 3339, in the session's time. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Profile {
  /** Contact and identity as the client sent them. */
  readonly contact: Record<string, unknown>;
  readonly identity: Record<string, unknown>;
  readonly watchlists: readonly StoredWatchlist[];
  /** Watchlists that there have ever been. */
  readonly watchlistCount: number;
}

export function profileOf(account: Account): Profile {
  const stored = JSON.parse(account.profile) as Partial<Profile>;
  const { contact = {}, identity = {}, watchlists = [], watchlistCount = 0 } = stored;
  return { contact, identity, watchlists, watchlistCount };
}

/** The profile as it is kept. A tax id is not: nothing here needs it, and Alpaca never shows it. */
export function profileText({ contact, identity, watchlists, watchlistCount }: Profile): string {
  const { tax_id: _taxId, ...kept } = identity;
  const lists = watchlistCount === 0 ? {} : { watchlists, watchlistCount };
  const text = JSON.stringify({ contact, identity: kept, ...lists });
  if (text.length <= PROFILE_LENGTH_MAX) return text;
  throw new RefusedRequest(
    refuse(
      "bad_request",
      `contact, identity and watchlists must come to at most ${PROFILE_LENGTH_MAX} characters, got ${text.length}`,
    ),
  );
}

const turns = new WeakMap<SessionHandle, Promise<unknown>>();

/** A profile is read, changed and written: in each session one such change after the other, so that none is lost. */
export function inTurn<T>(session: SessionHandle, change: () => Promise<T>): Promise<T> {
  const before = turns.get(session) ?? Promise.resolve();
  const turn = before.then(change, change);
  turns.set(session, turn);
  return turn;
}

export const NO_PROFILE: Profile = { contact: {}, identity: {}, watchlists: [], watchlistCount: 0 };
