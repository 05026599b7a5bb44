/** What a key that was made for one account may ask for: that account's surfaces, and with the scope its session's clock. */
import type { FastifyRequest } from "fastify";
import type { KeyBinding } from "../../access/index.ts";
import { refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "./errors.ts";
import { shown } from "./validation.ts";

/** Of a session: what its owner alone may do. */
const OWNERS_ROUTES: readonly string[] = [
  "POST /v1/sessions",
  "GET /v1/sessions",
  "PATCH /v1/sessions/:sessionId",
  "DELETE /v1/sessions/:sessionId",
  "GET /v1/sessions/:sessionId/tree",
  "POST /v1/sessions/import",
  "POST /v1/sessions/:sessionId/replay",
  "POST /v1/sessions/:sessionId/verify",
  "GET /v1/sessions/:sessionId/diff/:otherId",
  "GET /v1/sessions/:sessionId/export",
];

/** Alpaca's surface for one account has paths of version 1 too. */
const ACCOUNTS_ROUTES = /^\/v1\/corporate-actions|^\/v[^1]|^\/v1beta|^\/stream/;

/** Throws RefusedRequest for what the request's key was not made for. */
export function checkBinding(request: FastifyRequest): void {
  const binding = request.principal?.binding;
  if (binding === undefined) return;
  const route = request.routeOptions.url ?? "";
  if (ACCOUNTS_ROUTES.test(route)) return;
  if (route.startsWith("/v1/sessions")) checkSession(request, route, binding);
  else throw refused("this key was made for one account: it trades under /v2, without X-Session-Id");
}

function checkSession(request: FastifyRequest, route: string, { session, scope }: KeyBinding): void {
  const { sessionId } = request.params as { readonly sessionId?: string };
  if (sessionId !== undefined && sessionId.toLowerCase() !== session) {
    throw new RefusedRequest(refuse("not_found", `session not found: ${shown(sessionId)}`));
  }
  if (scope === "account") throw refused("this key was made for one account: it sees no sessions");
  if (OWNERS_ROUTES.includes(`${request.method} ${route}`)) {
    throw refused("this key was made for one session: it may move its clock, but not change, list or make sessions");
  }
}

const refused = (message: string): RefusedRequest => new RefusedRequest(refuse("key_is_bound", message));
