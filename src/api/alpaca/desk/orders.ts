/** Orders of an account: place, list, read, replace, cancel. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import type { EngineEvent } from "../../../engine/index.ts";
import { refuse } from "../../../kernel/index.ts";
import type { Outcome, SessionView } from "../../../sessions/index.ts";
import { clientOrderIdProblem, orderByClientId } from "../client-order-id.ts";
import {
  NewOrderBody,
  parseChanges,
  parseIntent,
  parseOrder,
  ReplaceOrderBody,
  type NewOrderJson,
} from "../order-body.ts";
import { OrderView, presentOrder, type OrderContext, type OrderJson } from "../order.ts";
import { intentProblem } from "../position-intent.ts";
import { accepted, RefusedRequest } from "../../wire/errors.ts";
import { queryOf } from "../../wire/query.ts";
import { readSession } from "../../wire/reading.ts";
import { created, NoContent, queryText, refusals } from "../../wire/schemas.ts";
import { shownBare } from "../../wire/validation.ts";
import { orderOf, orderOrdinalOf, type Desk, paramsOf } from "./desk.ts";
import { ListQuerystring, parseListQuery, presentList } from "./order-list.ts";

const TAGS = ["orders"];
const ORDER = { orderId: Type.String() };
const CancelStatus = Type.Object({ id: Type.String(), status: Type.Integer() });

export function registerOrders(app: FastifyInstance, desk: Desk): void {
  registerPlacing(app, desk);
  registerReading(app, desk);
  registerChanging(app, desk);
}

/** The order that a command placed: always "accepted" in the answer, whatever has become of it at this instant. */
export function presentPlaced({ events, view }: Outcome, assetOf: OrderContext["assetOf"]): OrderJson {
  const ordinal = events.find(isPlacement)?.order ?? 0;
  const placed = view.state.orders.get(ordinal - 1);
  if (placed === undefined) throw new RefusedRequest(refuse("not_found", "order not found"));
  return presentOrder(placed.status === "new" ? { ...placed, status: "accepted" } : placed, { view, assetOf });
}

/** Legs are accepted in the same breath as the order that brings them; a leg that replaces another is placed by itself. */
const isPlacement = (event: EngineEvent): event is Extract<EngineEvent, { kind: "order_accepted" }> =>
  event.kind === "order_accepted" && (event.parent === undefined || event.replaces !== undefined);

function registerPlacing(app: FastifyInstance, desk: Desk): void {
  app.post(
    `${desk.base}/orders`,
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Place an order",
        params: paramsOf(desk),
        body: NewOrderBody,
        response: {
          [desk.placedStatus]: desk.placedStatus === 201 ? created(OrderView) : OrderView,
          ...refusals(400, 404, 409, 422, 413),
        },
      },
    },
    async (request, reply: FastifyReply) => {
      const session = await desk.sessionOf(request);
      const asked = await readSession(session, [], (view) => {
        const account = desk.accountOf(view, request);
        const body = request.body as NewOrderJson;
        const terms = parseOrder(body, desk.assetOf);
        const problem =
          clientOrderIdProblem(view, account, terms.clientOrderId) ?? intentProblem(parseIntent(body), terms, account);
        if (problem !== undefined) throw new RefusedRequest(problem);
        return { account: account.ordinal, terms };
      });
      const outcome = accepted(await session.execute({ kind: "submit_order", ...asked }));
      const order = presentPlaced(outcome, desk.assetOf);
      if (desk.placedStatus === 201) {
        const base = desk.base.replace(":accountId", outcome.view.ids.account(asked.account));
        void reply.header("location", `${base}/orders/${order.id}`);
      }
      return reply.code(desk.placedStatus).send(order);
    },
  );
}

function registerReading(app: FastifyInstance, desk: Desk): void {
  app.get(
    `${desk.base}/orders`,
    {
      schema: {
        tags: TAGS,
        summary: "List orders",
        params: paramsOf(desk),
        querystring: ListQuerystring,
        response: { 200: Type.Array(OrderView), ...refusals(400, 404, 422) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const wanted = parseListQuery(request);
      return readSession(session, [], (view) =>
        presentList({ view, assetOf: desk.assetOf }, desk.accountOf(view, request), wanted),
      );
    },
  );
  app.get(
    `${desk.base}/orders/:orderId`,
    {
      schema: {
        tags: TAGS,
        summary: "Get an order",
        params: paramsOf(desk, ORDER),
        querystring: Type.Object({ nested: queryText("accepted; legs are always shown") }),
        response: { 200: OrderView, ...refusals(400, 404, 422) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      return readSession(session, [], (view) =>
        presentOrder(orderOf(desk, view, request), { view, assetOf: desk.assetOf }),
      );
    },
  );
  app.get(
    `${desk.base}/orders::by_client_order_id`,
    {
      schema: {
        tags: TAGS,
        summary: "Get an order by its client_order_id",
        params: paramsOf(desk),
        querystring: Type.Object({ client_order_id: queryText("required") }),
        response: { 200: OrderView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const id = queryOf(request).text("client_order_id");
      if (id === undefined || id === "") throw new RefusedRequest(refuse("bad_request", "client_order_id is required"));
      return readSession(session, [], (view) => {
        const order = orderByClientId(view, desk.accountOf(view, request), id);
        if (order === undefined) throw new RefusedRequest(refuse("not_found", `order not found for ${shownBare(id)}`));
        return presentOrder(order, { view, assetOf: desk.assetOf });
      });
    },
  );
}

function registerChanging(app: FastifyInstance, desk: Desk): void {
  app.patch(
    `${desk.base}/orders/:orderId`,
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Replace an order: a new one takes its place",
        params: paramsOf(desk, ORDER),
        body: ReplaceOrderBody,
        response: { 200: OrderView, ...refusals(400, 404, 409, 422, 413) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const asked = await readSession(session, [], (view) => {
        const ids = idsOf(desk, view, request);
        const changes = parseChanges(request.body as Static<typeof ReplaceOrderBody>);
        const problem = clientOrderIdProblem(view, desk.accountOf(view, request), changes.clientOrderId);
        if (problem !== undefined) throw new RefusedRequest(problem);
        return { ...ids, changes };
      });
      return presentPlaced(accepted(await session.execute({ kind: "replace_order", ...asked })), desk.assetOf);
    },
  );
  app.delete(
    `${desk.base}/orders/:orderId`,
    {
      schema: {
        tags: TAGS,
        summary: "Cancel an order",
        params: paramsOf(desk, ORDER),
        response: { 204: NoContent, ...refusals(400, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const session = await desk.sessionOf(request);
      const ids = await readSession(session, [], (view) => idsOf(desk, view, request));
      accepted(await session.execute({ kind: "cancel_order", ...ids }));
      return reply.code(204).send();
    },
  );
  app.delete(
    `${desk.base}/orders`,
    {
      schema: {
        tags: TAGS,
        summary: "Cancel all open orders",
        params: paramsOf(desk),
        response: { 207: Type.Array(CancelStatus), ...refusals(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const session = await desk.sessionOf(request);
      const account = await readSession(session, [], (view) => desk.accountOf(view, request).ordinal);
      const { events, view } = accepted(await session.execute({ kind: "cancel_all_orders", account }));
      const canceled = new Set(events.flatMap((event) => (isCancel(event) ? [event.order] : [])));
      return reply.code(207).send([...canceled].map((ordinal) => ({ id: view.ids.order(ordinal), status: 200 })));
    },
  );
}

/** A cancel that the running bar may still beat is taken as well: its order says what became of it. */
const isCancel = (event: EngineEvent): event is Extract<EngineEvent, { order: number }> =>
  event.kind === "order_canceled" || event.kind === "order_cancel_requested";

function idsOf(
  desk: Desk,
  view: SessionView,
  request: FastifyRequest,
): { readonly account: number; readonly order: number } {
  const account = desk.accountOf(view, request);
  return { account: account.ordinal, order: orderOrdinalOf(view, account, request) };
}
