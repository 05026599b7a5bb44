/** Orders of an account: place, list, read, replace, cancel. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import type { Account, Order } from "../../engine/index.ts";
import { ORDERS_PER_REPLY_DEFAULT, ORDERS_PER_REPLY_MAX, refuse, type Instant } from "../../kernel/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { NewOrderBody, parseChanges, parseOrder, ReplaceOrderBody } from "../alpaca/order-body.ts";
import {
  hasStatus,
  OrderView,
  presentOrder,
  STATUS_FILTERS,
  type OrderJson,
  type StatusFilter,
} from "../alpaca/order.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { created, NoContent, queryList, queryText, refusals } from "../wire/schemas.ts";
import { nanosOf, oneOf, optionalTime, truth, wholeNumber } from "../wire/values.ts";
import { shownBare } from "../wire/validation.ts";
import { accountOf, orderOrdinalOf, type Broker } from "./context.ts";

const TAGS = ["orders"];
const BASE = "/v1/trading/accounts/:accountId";
const AccountParams = Type.Object({ accountId: Type.String() });
const OrderParams = Type.Object({ accountId: Type.String(), orderId: Type.String() });
const CancelStatus = Type.Object({ id: Type.String(), status: Type.Integer() });

export function registerOrders(app: FastifyInstance, broker: Broker): void {
  const present = (view: SessionView, order: Order): OrderJson =>
    presentOrder(order, { ids: view.ids, assetOf: broker.assetOf });
  registerPlacing(app, broker, present);
  registerReading(app, broker, present);
  registerChanging(app, broker, present);
}

type Present = (view: SessionView, order: Order) => OrderJson;

/** The newest order, as the answer to its POST: always "accepted", whatever has become of it at this instant. */
export function presentPlaced(view: SessionView, present: Present): OrderJson {
  const placed = view.state.orders.at(-1);
  if (placed === undefined) throw new RefusedRequest(refuse("not_found", "order not found"));
  return present(view, placed.status === "new" ? { ...placed, status: "accepted" } : placed);
}

function registerPlacing(app: FastifyInstance, broker: Broker, present: Present): void {
  app.post(
    `${BASE}/orders`,
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Place an order",
        params: AccountParams,
        body: NewOrderBody,
        response: { 201: created(OrderView), ...refusals(400, 404, 409, 422, 413) },
      },
    },
    async (request, reply) => {
      const session = await broker.sessionOf(request);
      const account = await readSession(session, [], (view) => accountOf(view, request).ordinal);
      const terms = parseOrder(request.body as Static<typeof NewOrderBody>, broker.assetOf);
      const { view } = accepted(await session.execute({ kind: "submit_order", account, terms }));
      const order = presentPlaced(view, present);
      const location = `/v1/trading/accounts/${view.ids.account(account)}/orders/${order.id}`;
      return reply.code(201).header("location", location).send(order);
    },
  );
}

function registerReading(app: FastifyInstance, broker: Broker, present: Present): void {
  app.get(
    `${BASE}/orders`,
    {
      schema: {
        tags: TAGS,
        summary: "List orders",
        params: AccountParams,
        querystring: Type.Object({
          status: queryText(`${STATUS_FILTERS.join(", ")}; default open`),
          limit: queryText(`1 to ${ORDERS_PER_REPLY_MAX}, default ${ORDERS_PER_REPLY_DEFAULT}`),
          after: queryText("submitted after this time, exclusive"),
          until: queryText("submitted before this time, exclusive"),
          direction: queryText("asc or desc by submission; default desc"),
          nested: queryText("true or false; simple orders have no legs"),
          symbols: queryList("comma list, or repeated"),
          side: queryText("buy or sell"),
        }),
        response: { 200: Type.Array(OrderView), ...refusals(400, 404, 422) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const wanted = parseListQuery(request);
      return readSession(session, [], (view) =>
        listOrders(view, accountOf(view, request), wanted).map((order) => present(view, order)),
      );
    },
  );
  app.get(
    `${BASE}/orders/:orderId`,
    {
      schema: {
        tags: TAGS,
        summary: "Get an order",
        params: OrderParams,
        querystring: Type.Object({ nested: queryText("true or false") }),
        response: { 200: OrderView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      return readSession(session, [], (view) => present(view, orderOf(view, request)));
    },
  );
  app.get(
    `${BASE}/orders::by_client_order_id`,
    {
      schema: {
        tags: TAGS,
        summary: "Get an order by its client_order_id",
        params: AccountParams,
        querystring: Type.Object({ client_order_id: queryText("required") }),
        response: { 200: OrderView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const id = queryOf(request).text("client_order_id");
      if (id === undefined || id === "") throw new RefusedRequest(refuse("bad_request", "client_order_id is required"));
      return readSession(session, [], (view) => present(view, orderByClientId(view, accountOf(view, request), id)));
    },
  );
}

function registerChanging(app: FastifyInstance, broker: Broker, present: Present): void {
  app.patch(
    `${BASE}/orders/:orderId`,
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Replace an order: a new one takes its place",
        params: OrderParams,
        body: ReplaceOrderBody,
        response: { 200: OrderView, ...refusals(400, 404, 409, 422, 413) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const ids = await readSession(session, [], (view) => idsOf(view, request));
      const changes = parseChanges(request.body as Static<typeof ReplaceOrderBody>);
      const { view } = accepted(await session.execute({ kind: "replace_order", ...ids, changes }));
      return presentPlaced(view, present);
    },
  );
  app.delete(
    `${BASE}/orders/:orderId`,
    {
      schema: {
        tags: TAGS,
        summary: "Cancel an order",
        params: OrderParams,
        response: { 204: NoContent, ...refusals(400, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const session = await broker.sessionOf(request);
      const ids = await readSession(session, [], (view) => idsOf(view, request));
      accepted(await session.execute({ kind: "cancel_order", ...ids }));
      return reply.code(204).send();
    },
  );
  app.delete(
    `${BASE}/orders`,
    {
      schema: {
        tags: TAGS,
        summary: "Cancel all open orders",
        params: AccountParams,
        response: { 207: Type.Array(CancelStatus), ...refusals(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const session = await broker.sessionOf(request);
      const account = await readSession(session, [], (view) => accountOf(view, request).ordinal);
      const { events, view } = accepted(await session.execute({ kind: "cancel_all_orders", account }));
      const canceled = events.flatMap((event) => (event.kind === "order_canceled" ? [event.order] : []));
      return reply.code(207).send(canceled.map((ordinal) => ({ id: view.ids.order(ordinal), status: 200 })));
    },
  );
}

function idsOf(view: SessionView, request: FastifyRequest): { readonly account: number; readonly order: number } {
  const account = accountOf(view, request);
  return { account: account.ordinal, order: orderOrdinalOf(view, account, request) };
}

function orderOf(view: SessionView, request: FastifyRequest): Order {
  const ordinal = orderOrdinalOf(view, accountOf(view, request), request);
  const order = view.state.orders[ordinal - 1];
  if (order === undefined) throw new RefusedRequest(refuse("not_found", "order not found"));
  return order;
}

/** By the id that the client gave, or by the one that it was given for want of it. */
function orderByClientId(view: SessionView, account: Account, id: string): Order {
  const generated = view.ids.findOrder(id);
  const ordinal = account.clientOrderIds.get(id) ?? generated ?? 0;
  const order = view.state.orders[ordinal - 1];
  const isTheirs =
    order?.account === account.ordinal && (order.clientOrderId === id || order.clientOrderId === undefined);
  if (order !== undefined && isTheirs) return order;
  throw new RefusedRequest(refuse("not_found", `order not found for ${shownBare(id)}`));
}

/** A place on the time line of submissions, to the nanosecond. */
interface Place {
  readonly at: Instant;
  readonly nanos: number;
}

interface ListQuery {
  readonly status: StatusFilter;
  readonly limit: number;
  readonly after: Place | undefined;
  readonly until: Place | undefined;
  readonly isAscending: boolean;
  readonly symbols: ReadonlySet<string> | undefined;
  readonly side: "buy" | "sell" | undefined;
}

function parseListQuery(request: FastifyRequest): ListQuery {
  const query = queryOf(request);
  const place = (field: "after" | "until"): Place | undefined => {
    const at = optionalTime(field, query.text(field));
    return at === undefined ? undefined : { at, nanos: nanosOf(query.text(field)) };
  };
  truth("nested", query.text("nested"));
  const symbols = query.list("symbols");
  return {
    status: oneOf("status", query.text("status"), STATUS_FILTERS) ?? "open",
    limit: wholeNumber("limit", query.text("limit"), {
      min: 1,
      max: ORDERS_PER_REPLY_MAX,
      otherwise: ORDERS_PER_REPLY_DEFAULT,
      reason: "invalid_order_parameter",
    }),
    after: place("after"),
    until: place("until"),
    isAscending: oneOf("direction", query.text("direction"), ["asc", "desc"] as const) === "asc",
    symbols: symbols === undefined ? undefined : new Set(symbols.map((symbol) => symbol.toUpperCase())),
    side: oneOf("side", query.text("side"), ["buy", "sell"] as const),
  };
}

/** Orders are numbered in the order of submission, so a list is a walk from one end. */
function listOrders(view: SessionView, account: Account, wanted: ListQuery): readonly Order[] {
  const found: Order[] = [];
  const ordinals = wanted.isAscending ? account.orders : account.orders.toReversed();
  for (const ordinal of ordinals) {
    if (found.length >= wanted.limit) break;
    const order = view.state.orders[ordinal - 1];
    if (order !== undefined && isWanted(order, wanted)) found.push(order);
  }
  return found;
}

function isWanted(order: Order, { status, after, until, symbols, side }: ListQuery): boolean {
  const isAfter = after === undefined || compare(order, after) > 0;
  const isBefore = until === undefined || compare(order, until) < 0;
  const isSymbol = symbols === undefined || symbols.has(order.symbol);
  return isAfter && isBefore && isSymbol && (side === undefined || order.side === side) && hasStatus(order, status);
}

const compare = (order: Order, place: Place): number =>
  order.submittedAt === place.at ? order.nanos - place.nanos : order.submittedAt - place.at;
