/** What an order would do, were it placed now: the route. */
import type { FastifyInstance } from "fastify";
import { clientOrderIdProblem } from "../client-order-id.ts";
import { NewOrderBody, parseIntent, parseOrder, type NewOrderJson } from "../order-body.ts";
import { intentProblem } from "../position-intent.ts";
import { presentPreview, PreviewView } from "../preview.ts";
import { readSession } from "../../wire/reading.ts";
import { refusals } from "../../wire/schemas.ts";
import { paramsOf, type Desk } from "./desk.ts";

export function registerPreview(app: FastifyInstance, desk: Desk): void {
  app.post(
    `${desk.base}/orders/preview`,
    {
      config: { isOrderBody: true },
      schema: {
        tags: ["orders"],
        summary: "What an order would do, without placing it",
        params: paramsOf(desk),
        body: NewOrderBody,
        response: { 200: PreviewView, ...refusals(400, 404, 413, 422) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const body = request.body as NewOrderJson;
      const terms = parseOrder(body, desk.assetOf);
      const intent = parseIntent(body);
      return readSession(session, [terms.symbol], (view) => {
        const account = desk.accountOf(view, request);
        const problem =
          clientOrderIdProblem(view, account, terms.clientOrderId) ?? intentProblem(intent, terms, account);
        return presentPreview({ view, account, terms, problem });
      });
    },
  );
}
