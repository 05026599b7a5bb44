/** Reading as of a moment: `?at=` on any read of an account gives the answer as it would have been then. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type TSchema } from "typebox";
import { refuse } from "../../kernel/index.ts";
import type { SessionHandle } from "../../sessions/index.ts";
import { accepted, RefusedRequest } from "./errors.ts";
import { queryOf } from "./query.ts";
import { queryText } from "./schemas.ts";
import { requiredTime } from "./values.ts";

/** The session, or what it was at the time that the query names. Throws RefusedRequest for a time that has not been. */
export async function asOf(request: FastifyRequest, session: SessionHandle): Promise<SessionHandle> {
  const at = queryOf(request).text("at");
  if (at === undefined || at === "") return session;
  if (request.method !== "GET" && request.method !== "HEAD") {
    throw new RefusedRequest(refuse("bad_request", "at is for reading: the past cannot be changed"));
  }
  return accepted(await session.at({ at: requiredTime("at", at) }));
}

const AT = queryText("a time of the session's past, RFC 3339: the answer is what it was then");

interface QueriedSchema {
  readonly querystring?: { readonly properties?: Readonly<Record<string, TSchema>> };
}

/** The OpenAPI document names the parameter with every read of a surface. */
export function documentAsOf(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    if (route.method !== "GET") return;
    const { properties } = (route.schema as QueriedSchema | undefined)?.querystring ?? {};
    route.schema = { ...route.schema, querystring: Type.Object({ ...properties, at: AT }) };
  });
}
