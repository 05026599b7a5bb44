/** Accounts, orders, positions, assets and the clock under a session, after Alpaca's Broker API. */
import type { FastifyInstance } from "fastify";
import type { SessionRegistry } from "../../sessions/index.ts";
import { registerDesk } from "../alpaca/desk/routes.ts";
import { documentAsOf } from "../wire/as-of.ts";
import { normalizeBody } from "../wire/body.ts";
import { OptionalSessionHeader, SessionHeader } from "../wire/schemas.ts";
import { registerAccounts } from "./accounts.ts";
import { registerActivities } from "./activities.ts";
import { registerAssets } from "./assets.ts";
import { registerClock } from "./clock.ts";
import { brokerDesk, createBroker } from "./context.ts";
import { registerCoverage } from "./coverage.ts";
import type { LastUsed } from "../wire/last-used.ts";
import { registerKeys, type Keys } from "./keys.ts";
import { registerOwnerKeys } from "./owner-keys.ts";
import { registerReport } from "./report.ts";
import { registerTransfers } from "./transfers.ts";

/** Routes that answer without X-Session-Id too: for all data, for the exchange, and for an account wherever it is. */
const SESSION_IS_OPTIONAL = /^\/v1\/(assets|calendar|coverage|keys|accounts\/:accountId\/keys)/;

export function registerBroker(
  app: FastifyInstance,
  registry: SessionRegistry,
  keys: Keys & { readonly lastUsed: LastUsed },
): void {
  app.addHook("preValidation", (request, _reply, done) => {
    normalizeBody(request, "snake_case");
    done();
  });
  app.addHook("onRoute", (route) => {
    const headers = SESSION_IS_OPTIONAL.test(route.url) ? OptionalSessionHeader : SessionHeader;
    route.schema = { ...route.schema, headers };
  });
  documentAsOf(app);
  const broker = createBroker(registry);
  registerAccounts(app, broker);
  registerDesk(app, brokerDesk(broker));
  registerAssets(app, broker);
  registerClock(app, broker);
  registerCoverage(app, broker);
  registerTransfers(app, broker);
  registerActivities(app, broker);
  registerReport(app, broker);
  registerKeys(app, broker, keys);
  registerOwnerKeys(app, keys, keys.lastUsed);
}
