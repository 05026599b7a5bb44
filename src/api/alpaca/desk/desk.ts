/** What trading routes need of the surface that offers them: where they stand, and whose account a request is about. */
import type { FastifyRequest } from "fastify";
import { Type, type TProperties } from "typebox";
import type { Account, Order } from "../../../engine/index.ts";
import { refuse } from "../../../kernel/index.ts";
import type { Asset, SessionHandle, SessionView } from "../../../sessions/index.ts";
import { RefusedRequest } from "../../wire/errors.ts";
import { shown, shownBare } from "../../wire/validation.ts";

export interface Desk {
  /** Path of what belongs to one account: "/v1/trading/accounts/:accountId", or "/v2". */
  readonly base: string;
  /** Parameters of that path. */
  readonly params: TProperties;
  /** Status of the answer to a placed order: the broker's 201, Trading's 200. */
  readonly placedStatus: 200 | 201;
  readonly sessionOf: (request: FastifyRequest) => Promise<SessionHandle>;
  /** The account that a request is about. Throws RefusedRequest "not_found". */
  readonly accountOf: (view: SessionView, request: FastifyRequest) => Account;
  /** By symbol in any case, a pair's with or without its slash, or by id. */
  readonly assetOf: (symbolOrId: string) => Asset | undefined;
}

/** The path's parameters with some more. */
export const paramsOf = (desk: Desk, more: TProperties = {}): ReturnType<typeof Type.Object> =>
  Type.Object({ ...desk.params, ...more });

const notFound = (message: string): RefusedRequest => new RefusedRequest(refuse("not_found", message));

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
  if (ordinal !== undefined && view.state.orders.get(ordinal - 1)?.account === account.ordinal) return ordinal;
  throw notFound(`order not found for ${shownBare(orderId)}`);
}

/** The order of the path. */
export function orderOf(desk: Desk, view: SessionView, request: FastifyRequest): Order {
  const ordinal = orderOrdinalOf(view, desk.accountOf(view, request), request);
  const order = view.state.orders.get(ordinal - 1);
  if (order === undefined) throw notFound("order not found");
  return order;
}

/** The symbol behind a symbol or an asset id of a path. */
export function symbolOf(desk: Desk, symbolOrId: string): string {
  const asset = desk.assetOf(symbolOrId);
  if (asset === undefined) throw notFound(`symbol not found: ${shownBare(symbolOrId)}`);
  return asset.symbol;
}
