/** The session that a path names. */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../kernel/index.ts";
import type { SessionHandle, SessionRegistry } from "../../sessions/index.ts";
import { ownerOf } from "./auth.ts";
import { answeredFrom } from "./data-changes.ts";
import { RefusedRequest } from "./errors.ts";
import { shown } from "./validation.ts";

/** Finds the session of `:sessionId`; throws RefusedRequest "not_found" for an unknown one and for another's. */
export const sessionInPath =
  (registry: SessionRegistry) =>
  async (request: FastifyRequest): Promise<SessionHandle> => {
    const { sessionId } = request.params as { readonly sessionId: string };
    const session = await registry.find(ownerOf(request), sessionId);
    if (session === undefined) throw new RefusedRequest(refuse("not_found", `session not found: ${shown(sessionId)}`));
    answeredFrom(request, session);
    return session;
  };
