/** Routes of Alpaca's that a later version brings: known, and refused as such. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { refusals } from "../wire/schemas.ts";

const ROUTES = [
  { path: "account/portfolio/history", what: "portfolio history" },
  { path: "account/activities", what: "account activities" },
  { path: "account/activities/:activityType", what: "account activities" },
] as const;

export function registerLater(app: FastifyInstance): void {
  for (const { path, what } of ROUTES) {
    const params = Type.Object({
      accountId: Type.String(),
      ...(path.includes(":activityType") ? { activityType: Type.String() } : {}),
    });
    app.get(
      `/v1/trading/accounts/:accountId/${path}`,
      { schema: { tags: ["accounts"], summary: `Not supported yet: ${what}`, params, response: refusals(422) } },
      async () => {
        throw new RefusedRequest(refuse("not_supported_yet", `${what} is not supported yet`));
      },
    );
  }
}
