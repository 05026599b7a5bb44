/** Account configurations: read, and change some of them. */
import type { FastifyInstance } from "fastify";
import type { Static } from "typebox";
import { ConfigurationBody, ConfigurationView, parseConfiguration, presentConfiguration } from "../configuration.ts";
import { accepted } from "../../wire/errors.ts";
import { readSession } from "../../wire/reading.ts";
import { refusals } from "../../wire/schemas.ts";
import { paramsOf, type Desk } from "./desk.ts";

const TAGS = ["accounts"];

export function registerConfigurations(app: FastifyInstance, desk: Desk): void {
  app.get(
    `${desk.base}/account/configurations`,
    {
      schema: {
        tags: TAGS,
        summary: "Get an account's configurations",
        params: paramsOf(desk),
        response: { 200: ConfigurationView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      return readSession(session, [], (view) => presentConfiguration(desk.accountOf(view, request).configuration));
    },
  );
  app.patch(
    `${desk.base}/account/configurations`,
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Change an account's configurations; what is absent or null stays",
        params: paramsOf(desk),
        body: ConfigurationBody,
        response: { 200: ConfigurationView, ...refusals(400, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      const account = await readSession(session, [], (view) => desk.accountOf(view, request).ordinal);
      const changes = parseConfiguration(request.body as Static<typeof ConfigurationBody>);
      const { view } = accepted(await session.execute({ kind: "configure_account", account, changes }));
      return presentConfiguration(desk.accountOf(view, request).configuration);
    },
  );
}
