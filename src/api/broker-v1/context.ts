/** What every request under a session needs: the session by its header, the account by its path. */
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Account } from "../../engine/index.ts";
import { refuse } from "../../kernel/index.ts";
import type { Asset, SessionHandle, SessionRegistry, SessionView } from "../../sessions/index.ts";
import { findAsset } from "../alpaca/asset-lookup.ts";
import type { Desk } from "../alpaca/desk/desk.ts";
import { asOf } from "../wire/as-of.ts";
import { ownerOf } from "../wire/auth.ts";
import { answeredFrom } from "../wire/data-changes.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { shown } from "../wire/validation.ts";

export interface Broker {
  /** The session that X-Session-Id names. */
  readonly sessionOf: (request: FastifyRequest) => Promise<SessionHandle>;
  /** The session where the header is given; undefined without it. */
  readonly sessionIfAny: (request: FastifyRequest) => Promise<SessionHandle | undefined>;
  readonly registry: SessionRegistry;
  /** By symbol in any case, a pair's with or without its slash, or by id. */
  readonly assetOf: (symbolOrId: string) => Asset | undefined;
}

const notFound = (message: string): RefusedRequest => new RefusedRequest(refuse("not_found", message));

export function createBroker(registry: SessionRegistry): Broker {
  const sessionIfAny = async (request: FastifyRequest): Promise<SessionHandle | undefined> => {
    const id = request.headers["x-session-id"];
    if (typeof id !== "string" || id === "") return undefined;
    const session = await registry.find(ownerOf(request), id);
    if (session === undefined) throw notFound(`session not found: ${shown(id)}`);
    answeredFrom(request, session);
    return asOf(request, session);
  };
  return {
    registry,
    sessionIfAny,
    sessionOf: async (request) => {
      const session = await sessionIfAny(request);
      if (session === undefined) throw new RefusedRequest(refuse("bad_request", "the header X-Session-Id is required"));
      return session;
    },
    assetOf: (symbolOrId) => findAsset(registry.catalog, symbolOrId),
  };
}

/** The account of the path, by its id. */
export function accountOf(view: SessionView, request: FastifyRequest): Account {
  const { accountId } = request.params as { readonly accountId: string };
  const ordinal = view.ids.findAccount(accountId);
  const account = ordinal === undefined ? undefined : view.state.accounts[ordinal - 1];
  if (account === undefined) throw notFound(`account not found for ${shown(accountId)}`);
  return account;
}

/** Trading for one of many accounts, which the path names. */
export const brokerDesk = (broker: Broker): Desk => ({
  base: "/v1/trading/accounts/:accountId",
  params: { accountId: Type.String() },
  placedStatus: 201,
  sessionOf: broker.sessionOf,
  accountOf,
  assetOf: broker.assetOf,
});
