/** An account as its trader sees it. */
import type { FastifyInstance } from "fastify";
import { readSession } from "../../wire/reading.ts";
import { refusals } from "../../wire/schemas.ts";
import { presentTradeAccount, TradeAccountView } from "../trade-account.ts";
import { paramsOf, type Desk } from "./desk.ts";

export function registerTraderView(app: FastifyInstance, desk: Desk): void {
  app.get(
    `${desk.base}/account`,
    {
      schema: {
        tags: ["accounts"],
        summary: "An account as its trader sees it: cash, equity, buying power",
        params: paramsOf(desk),
        response: { 200: TradeAccountView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      return readSession(session, [], (view) => presentTradeAccount(view, desk.accountOf(view, request)));
    },
  );
}
