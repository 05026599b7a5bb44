/** Positions of an account: list, read, close one, close all. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import type { CloseAmount } from "../../engine/index.ts";
import { isRefusal, quantity, refuse, REFUSALS, SCALE } from "../../kernel/index.ts";
import type { SessionHandle } from "../../sessions/index.ts";
import { OrderView, type OrderJson } from "../alpaca/order.ts";
import { PositionView, presentPosition } from "../alpaca/position.ts";
import { accepted, errorBody, RefusedRequest } from "../wire/errors.ts";
import { queryOf, type Query } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { queryText, refusals } from "../wire/schemas.ts";
import { optionalUnits, truth } from "../wire/values.ts";
import { accountOf, symbolOf, type Broker } from "./context.ts";
import { presentPlaced } from "./orders.ts";

const TAGS = ["positions"];
const BASE = "/v1/trading/accounts/:accountId/positions";
const AccountParams = Type.Object({ accountId: Type.String() });
const PositionParams = Type.Object({
  accountId: Type.String(),
  symbol: Type.String({ description: "A symbol or an asset id." }),
});
const CloseStatus = Type.Object({
  symbol: Type.String(),
  status: Type.Integer(),
  body: Type.Unknown({ description: "The closing order, or an error." }),
});

export function registerPositions(app: FastifyInstance, broker: Broker): void {
  registerReading(app, broker);
  app.delete(
    `${BASE}/:symbol`,
    {
      schema: {
        tags: TAGS,
        summary: "Close a position, or part of it, by a market order",
        params: PositionParams,
        querystring: Type.Object({ qty: queryText("shares"), percentage: queryText("0 to 100; not with qty") }),
        response: { 200: OrderView, ...refusals(400, 404, 409, 422) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const { account, symbol } = await readSession(session, [], (view) => ({
        account: accountOf(view, request).ordinal,
        symbol: symbolOf(broker, (request.params as { symbol: string }).symbol),
      }));
      return accepted(await close(broker, session, { account, symbol, amount: parseAmount(queryOf(request)) }));
    },
  );
  app.delete(
    BASE,
    {
      schema: {
        tags: TAGS,
        summary: "Close all positions by market orders",
        params: AccountParams,
        querystring: Type.Object({ cancel_orders: queryText("true cancels all open orders first; default false") }),
        response: { 207: Type.Array(CloseStatus), ...refusals(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const session = await broker.sessionOf(request);
      const cancelsOrders = truth("cancel_orders", queryOf(request).text("cancel_orders"));
      const { account, symbols } = await readSession(session, [], (view) => {
        const found = accountOf(view, request);
        return { account: found.ordinal, symbols: [...found.positions.keys()].toSorted() };
      });
      if (cancelsOrders) accepted(await session.execute({ kind: "cancel_all_orders", account }));
      return reply.code(207).send(await closeAll(broker, session, { account, symbols }));
    },
  );
}

function registerReading(app: FastifyInstance, broker: Broker): void {
  app.get(
    BASE,
    {
      schema: {
        tags: TAGS,
        summary: "List positions",
        params: AccountParams,
        response: { 200: Type.Array(PositionView), ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      return readSession(session, [], (view) => {
        const account = accountOf(view, request);
        const context = { state: view.state, account, market: view.market, assetOf: broker.assetOf };
        const positions = [...account.positions.values()].toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
        return positions.map((position) => presentPosition(position, context));
      });
    },
  );
  app.get(
    `${BASE}/:symbol`,
    {
      schema: {
        tags: TAGS,
        summary: "Get a position",
        params: PositionParams,
        response: { 200: PositionView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      return readSession(session, [], (view) => {
        const account = accountOf(view, request);
        const symbol = symbolOf(broker, (request.params as { symbol: string }).symbol);
        const position = account.positions.get(symbol);
        if (position === undefined) throw new RefusedRequest(refuse("not_found", "position does not exist"));
        return presentPosition(position, { state: view.state, account, market: view.market, assetOf: broker.assetOf });
      });
    },
  );
}

interface Closing {
  readonly account: number;
  readonly symbol: string;
  readonly amount: CloseAmount;
}

async function close(
  broker: Broker,
  session: SessionHandle,
  closing: Closing,
): Promise<OrderJson | ReturnType<typeof refuse>> {
  const outcome = await session.execute({ kind: "close_position", ...closing });
  if (isRefusal(outcome)) return outcome;
  return presentPlaced(outcome, broker.assetOf);
}

/** One after the other, so that each has its own answer (Alpaca's 207). */
async function closeAll(
  broker: Broker,
  session: SessionHandle,
  { account, symbols }: { readonly account: number; readonly symbols: readonly string[] },
): Promise<readonly object[]> {
  const answers: object[] = [];
  for (const symbol of symbols) {
    const order = await close(broker, session, { account, symbol, amount: { qty: undefined, percentage: undefined } });
    answers.push(
      isRefusal(order)
        ? { symbol, status: REFUSALS[order.reason].status, body: errorBody(order) }
        : { symbol, status: 200, body: order },
    );
  }
  return answers;
}

function parseAmount(query: Query): CloseAmount {
  const qty = optionalUnits("qty", query.text("qty"), "invalid_order_parameter");
  const percentage = optionalUnits("percentage", query.text("percentage"), "invalid_order_parameter");
  const reject = (message: string): never => {
    throw new RefusedRequest(refuse("invalid_order_parameter", message));
  };
  if (qty !== undefined && percentage !== undefined) reject("only one of qty or percentage is accepted");
  if (qty !== undefined && qty <= 0n) reject(`qty must be > 0, got ${query.text("qty") ?? ""}`);
  if (percentage !== undefined && (percentage <= 0n || percentage > 100n * SCALE)) {
    reject(`percentage must be > 0 and <= 100, got ${query.text("percentage") ?? ""}`);
  }
  return { qty: qty === undefined ? undefined : quantity(qty), percentage };
}
