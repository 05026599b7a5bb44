/** What Alpaca has and a simulation of stocks has not: answered in Alpaca's shape, so that a client says so too. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { refusals } from "../wire/schemas.ts";

const OPTIONS = "options are not simulated";
const WALLETS = "crypto wallets are not simulated";

const ROUTES = [
  ["GET", "/v2/options/contracts", OPTIONS],
  ["GET", "/v2/options/contracts/:symbol", OPTIONS],
  ["POST", "/v2/positions/:symbol/exercise", OPTIONS],
  ["POST", "/v2/positions/:symbol/do-not-exercise", OPTIONS],
  ["GET", "/v2/wallets", WALLETS],
  ["GET", "/v2/wallets/transfers", WALLETS],
  ["POST", "/v2/wallets/transfers", WALLETS],
] as const;

export function registerUnsupported(app: FastifyInstance): void {
  for (const [method, url, why] of ROUTES) {
    const names = [...url.matchAll(/:(\w+)/g)].map(([, name = ""]) => [name, Type.String()] as const);
    app.route({
      method,
      url,
      schema: {
        tags: ["not simulated"],
        summary: `Refused: ${why}`,
        params: Type.Object(Object.fromEntries(names)),
        response: refusals(422),
      },
      handler: () => {
        throw new RefusedRequest(refuse("not_supported_yet", why));
      },
    });
  }
}
