/** Routes that Alpaca has and a simulation of stocks has not: refused in Alpaca's shape, so that a client says so too. */
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "./errors.ts";
import { refusals } from "./schemas.ts";

/** Method, path, and what is not simulated. */
export type UnsupportedRoute = readonly ["GET" | "POST" | "PUT" | "PATCH" | "DELETE", string, string];

/** Each answers 422, not_supported_yet. */
export function registerUnsupported(app: FastifyInstance, routes: readonly UnsupportedRoute[]): void {
  for (const [method, url, why] of routes) {
    const names = [...url.matchAll(/:(\w+)/g)].map(([, name = ""]) => [name, Type.String()] as const);
    app.route({
      method,
      url,
      config: { isPublic: url.includes("/crypto/") },
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
