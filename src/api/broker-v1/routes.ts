/** Accounts, orders, positions, assets and the clock under a session, after Alpaca's Broker API. */
import type { FastifyInstance } from "fastify";
import type { SessionRegistry } from "../../sessions/index.ts";
import { normalizeBody } from "../wire/body.ts";
import { registerAccounts } from "./accounts.ts";
import { registerAssets } from "./assets.ts";
import { registerClock } from "./clock.ts";
import { createBroker } from "./context.ts";
import { registerLater } from "./later.ts";
import { registerOrders } from "./orders.ts";
import { registerPositions } from "./positions.ts";

export function registerBroker(app: FastifyInstance, registry: SessionRegistry): void {
  app.addHook("preValidation", (request, _reply, done) => {
    normalizeBody(request, "snake_case");
    done();
  });
  const broker = createBroker(registry);
  registerAccounts(app, broker);
  registerOrders(app, broker);
  registerPositions(app, broker);
  registerAssets(app, broker);
  registerClock(app, broker);
  registerLater(app);
}
