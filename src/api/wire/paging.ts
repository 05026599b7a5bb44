/** Pages: opaque tokens and the Link header. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "./errors.ts";

/** A place in a list as an opaque token. */
export const tokenOf = (place: string): string => Buffer.from(`v1:${place}`).toString("base64url");

/** The place behind a token that this server made. */
export function placeOf(token: string | undefined): string | undefined {
  if (token === undefined || token === "") return undefined;
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (text.startsWith("v1:") && tokenOf(text.slice(3)) === token) return text.slice(3);
  throw new RefusedRequest(refuse("bad_request", "page_token must be one that a page before gave, got another"));
}

/** Adds `Link: <…>; rel="next"` where there is a next page. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, next: string | undefined): void {
  if (next === undefined) return;
  const url = new URL(request.url, `http://${request.headers.host ?? "localhost"}`);
  url.searchParams.set("page_token", tokenOf(next));
  void reply.header("link", `<${url.href}>; rel="next"`);
}
