/** Account configurations: read, and change some of them. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import {
  ConfigurationBody,
  ConfigurationView,
  parseConfiguration,
  presentConfiguration,
} from "../alpaca/configuration.ts";
import { accepted } from "../wire/errors.ts";
import { readSession } from "../wire/reading.ts";
import { refusals } from "../wire/schemas.ts";
import { accountOf, type Broker } from "./context.ts";

const TAGS = ["accounts"];
const PATH = "/v1/trading/accounts/:accountId/account/configurations";
const PathParams = Type.Object({ accountId: Type.String() });

export function registerConfigurations(app: FastifyInstance, broker: Broker): void {
  app.get(
    PATH,
    {
      schema: {
        tags: TAGS,
        summary: "Get an account's configurations",
        params: PathParams,
        response: { 200: ConfigurationView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      return readSession(session, [], (view) => presentConfiguration(accountOf(view, request).configuration));
    },
  );
  app.patch(
    PATH,
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Change an account's configurations; what is absent or null stays",
        params: PathParams,
        body: ConfigurationBody,
        response: { 200: ConfigurationView, ...refusals(400, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const account = await readSession(session, [], (view) => accountOf(view, request).ordinal);
      const changes = parseConfiguration(request.body as Static<typeof ConfigurationBody>);
      const { view } = accepted(await session.execute({ kind: "configure_account", account, changes }));
      return presentConfiguration(accountOf(view, request).configuration);
    },
  );
}
