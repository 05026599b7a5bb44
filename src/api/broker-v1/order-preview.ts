/** What an order would do, were it placed now: the route. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { clientOrderIdProblem } from "../alpaca/client-order-id.ts";
import { NewOrderBody, parseIntent, parseOrder, type NewOrderJson } from "../alpaca/order-body.ts";
import { intentProblem } from "../alpaca/position-intent.ts";
import { presentPreview, PreviewView } from "../alpaca/preview.ts";
import { readSession } from "../wire/reading.ts";
import { refusals } from "../wire/schemas.ts";
import { accountOf, type Broker } from "./context.ts";

export function registerPreview(app: FastifyInstance, broker: Broker): void {
  app.post(
    "/v1/trading/accounts/:accountId/orders/preview",
    {
      config: { isOrderBody: true },
      schema: {
        tags: ["orders"],
        summary: "What an order would do, without placing it",
        params: Type.Object({ accountId: Type.String() }),
        body: NewOrderBody,
        response: { 200: PreviewView, ...refusals(400, 404, 413, 422) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const body = request.body as NewOrderJson;
      const terms = parseOrder(body, broker.assetOf);
      const intent = parseIntent(body);
      return readSession(session, [terms.symbol], (view) => {
        const account = accountOf(view, request);
        const problem =
          clientOrderIdProblem(view, account, terms.clientOrderId) ?? intentProblem(intent, terms, account);
        return presentPreview({ view, account, terms, problem });
      });
    },
  );
}
