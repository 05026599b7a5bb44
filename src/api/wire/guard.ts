/** Who may ask at all: requests for this server by name, from no foreign web page. */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "./errors.ts";

/** Names of the loopback interface, as a Host header writes them. */
export const LOOPBACK_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Refuses a Host that is not the server's (DNS rebinding) and an Origin that is not that very host and port:
 * no web page may reach a local server, whose development key is public.
 */
export function createGuard(allowedHosts: readonly string[]): (request: FastifyRequest) => void {
  const names = new Set(allowedHosts.map((name) => name.toLowerCase()));
  return ({ headers }) => {
    const authority = headers.host?.toLowerCase() ?? "";
    if (!names.has(authority.replace(/:\d+$/, ""))) {
      throw new RefusedRequest(
        refuse("foreign_origin", `Host must be one of ${[...names].join(", ")}, got "${authority}"`),
      );
    }
    const { origin } = headers;
    if (origin === undefined) return;
    if (origin.toLowerCase().replace(/^https?:\/\//, "") === authority && origin !== authority) return;
    throw new RefusedRequest(
      refuse("foreign_origin", `Origin must be the server's own, http://${authority}, got "${origin}"`),
    );
  };
}
