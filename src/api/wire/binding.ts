/** What a request of one of Alpaca's surfaces is bound to: one session, and mostly one account of it. */
import type { FastifyRequest } from "fastify";
import type { SessionHandle } from "../../sessions/index.ts";

export interface Bound {
  readonly session: SessionHandle;
  /** Ordinal of the account; undefined where only a session was named (enough for market data). */
  readonly account: number | undefined;
}

/**
 * By the path's /sim/{accountId}, by a key that was made for one account, or by X-Session-Id (and X-Account-Id).
 * Throws RefusedRequest where nothing binds it, or the account is not the caller's.
 */
export type Bind = (request: FastifyRequest) => Promise<Bound>;
