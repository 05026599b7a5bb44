/** Positions of an account: list, read, close one, close all. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import type { CloseAmount } from "../../../engine/index.ts";
import { isRefusal, quantity, refuse, REFUSALS, SCALE } from "../../../kernel/index.ts";
import type { SessionHandle } from "../../../sessions/index.ts";
import { OrderView, type OrderJson } from "../order.ts";
import { PositionView, presentPosition } from "../position.ts";
import { accepted, errorBody, RefusedRequest } from "../../wire/errors.ts";
import { queryOf, type Query } from "../../wire/query.ts";
import { readSession } from "../../wire/reading.ts";
import { queryText, refusals } from "../../wire/schemas.ts";
import { optionalUnits, truth } from "../../wire/values.ts";
import { paramsOf, symbolOf, type Desk } from "./desk.ts";
import { presentPlaced } from "./orders.ts";

const TAGS = ["positions"];
const POSITION = {
  symbol: Type.String({ description: "A symbol or an asset id." }),
};
const CloseStatus = Type.Object({
  symbol: Type.String(),
  status: Type.Integer(),
  body: Type.Unknown({ description: "The closing order, or an error." }),
});

export function registerPositions(app: FastifyInstance, desk: Desk): void {
  registerReading(app, desk);
  app.delete(
    `${desk.base}/positions/:symbol`,
    {
      schema: {
        tags: TAGS,
        summary: "Close a position, or part of it, by a market order",
        params: paramsOf(desk, POSITION),
        querystring: Type.Object({ qty: queryText("shares"), percentage: queryText("0 to 100; not with qty") }),
        response: { 200: OrderView, ...refusals(400, 404, 409, 422) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const { account, symbol } = await readSession(session, [], (view) => ({
        account: desk.accountOf(view, request).ordinal,
        symbol: symbolOf(desk, (request.params as { symbol: string }).symbol),
      }));
      return accepted(await close(desk, session, { account, symbol, amount: parseAmount(queryOf(request)) }));
    },
  );
  app.delete(
    `${desk.base}/positions`,
    {
      schema: {
        tags: TAGS,
        summary: "Close all positions by market orders",
        params: paramsOf(desk),
        querystring: Type.Object({ cancel_orders: queryText("true cancels all open orders first; default false") }),
        response: { 207: Type.Array(CloseStatus), ...refusals(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const session = await desk.sessionOf(request);
      const cancelsOrders = truth("cancel_orders", queryOf(request).text("cancel_orders"));
      const { account, symbols } = await readSession(session, [], (view) => {
        const found = desk.accountOf(view, request);
        return { account: found.ordinal, symbols: [...found.positions.keys()].toSorted() };
      });
      if (cancelsOrders) accepted(await session.execute({ kind: "cancel_all_orders", account }));
      return reply.code(207).send(await closeAll(desk, session, { account, symbols }));
    },
  );
}

function registerReading(app: FastifyInstance, desk: Desk): void {
  app.get(
    `${desk.base}/positions`,
    {
      schema: {
        tags: TAGS,
        summary: "List positions",
        params: paramsOf(desk),
        response: { 200: Type.Array(PositionView), ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      return readSession(session, [], (view) => {
        const account = desk.accountOf(view, request);
        const context = { state: view.state, account, market: view.market, assetOf: desk.assetOf };
        const positions = [...account.positions.values()].toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
        return positions.map((position) => presentPosition(position, context));
      });
    },
  );
  app.get(
    `${desk.base}/positions/:symbol`,
    {
      schema: {
        tags: TAGS,
        summary: "Get a position",
        params: paramsOf(desk, POSITION),
        response: { 200: PositionView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      return readSession(session, [], (view) => {
        const account = desk.accountOf(view, request);
        const symbol = symbolOf(desk, (request.params as { symbol: string }).symbol);
        const position = account.positions.get(symbol);
        if (position === undefined) throw new RefusedRequest(refuse("not_found", "position does not exist"));
        return presentPosition(position, { state: view.state, account, market: view.market, assetOf: desk.assetOf });
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
  desk: Desk,
  session: SessionHandle,
  closing: Closing,
): Promise<OrderJson | ReturnType<typeof refuse>> {
  const outcome = await session.execute({ kind: "close_position", ...closing });
  if (isRefusal(outcome)) return outcome;
  return presentPlaced(outcome, desk.assetOf);
}

/** One after the other, so that each has its own answer (Alpaca's 207). */
async function closeAll(
  desk: Desk,
  session: SessionHandle,
  { account, symbols }: { readonly account: number; readonly symbols: readonly string[] },
): Promise<readonly object[]> {
  const answers: object[] = [];
  for (const symbol of symbols) {
    const order = await close(desk, session, { account, symbol, amount: { qty: undefined, percentage: undefined } });
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
