/** What every request under a session needs: the session by its header, the account by its path. */
import type { FastifyRequest } from "fastify";
import type { Account, Order } from "../../engine/index.ts";
import { refuse } from "../../kernel/index.ts";
import type { Asset, SessionHandle, SessionRegistry, SessionView } from "../../sessions/index.ts";
import { ownerOf } from "../wire/auth.ts";
import { answeredFrom } from "../wire/data-changes.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { shown, shownBare } from "../wire/validation.ts";

export interface Broker {
  /** The session that X-Session-Id names. */
  readonly sessionOf: (request: FastifyRequest) => Promise<SessionHandle>;
  /** The session where the header is given; undefined without it. */
  readonly sessionIfAny: (request: FastifyRequest) => Promise<SessionHandle | undefined>;
  readonly registry: SessionRegistry;
  /** By symbol in any case, or by id. */
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
    return session;
  };
  return {
    registry,
    sessionIfAny,
    sessionOf: async (request) => {
      const session = await sessionIfAny(request);
      if (session === undefined) throw new RefusedRequest(refuse("bad_request", "the header X-Session-Id is required"));
      return session;
    },
    assetOf: (symbolOrId) =>
      registry.catalog.findAsset(symbolOrId.toUpperCase()) ?? registry.catalog.findAsset(symbolOrId.toLowerCase()),
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

/** Any UUID, of whatever version: one that is well-formed may be unknown, anything else is no id. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Ordinal of the order of the path; it must belong to the account. Alpaca refuses with 422 what is no id at all. */
export function orderOrdinalOf(view: SessionView, account: Account, request: FastifyRequest): number {
  const { orderId } = request.params as { readonly orderId: string };
  if (!UUID.test(orderId))
    throw new RefusedRequest(
      refuse("invalid_order_parameter", `invalid order id: must be a UUID, got ${shown(orderId)}`),
    );
  const ordinal = view.ids.findOrder(orderId);
  if (ordinal !== undefined && view.state.orders[ordinal - 1]?.account === account.ordinal) return ordinal;
  throw notFound(`order not found for ${shownBare(orderId)}`);
}

/** The order of the path. */
export function orderOf(view: SessionView, request: FastifyRequest): Order {
  const ordinal = orderOrdinalOf(view, accountOf(view, request), request);
  const order = view.state.orders[ordinal - 1];
  if (order === undefined) throw notFound("order not found");
  return order;
}

/** The symbol behind a symbol or an asset id of a path. */
export function symbolOf(broker: Broker, symbolOrId: string): string {
  const asset = broker.assetOf(symbolOrId);
  if (asset === undefined) throw notFound(`symbol not found: ${shownBare(symbolOrId)}`);
  return asset.symbol;
}
