/** The dashboard's files: one page for all of its paths, and assets that are named after what is in them. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from "fastify";

/** Where the build puts it; the same from the sources and from what is built of them. */
const BUILT = fileURLToPath(new URL("../../dist/dashboard", import.meta.url));

/** The paths that the page's own router knows; every other path stays the API's, with its own 404. */
const PAGE_PATHS = ["/", "/new", "/s/:session", "/s/:session/*", "/compare", "/data", "/data/:symbol", "/connect"];

/** The name of an asset changes with its content, so a year is as good as for ever. */
const ASSET_MS_MAX = 365 * 86_400_000;

/** The page loads, asks and is framed by nothing but this server. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** The page is no part of the API. */
const HIDDEN: FastifySchema & { readonly hide: boolean } = { hide: true };

/** Serves the dashboard where it has been built; without it there is the API alone. */
export async function serveDashboard(app: FastifyInstance, built: string = BUILT): Promise<void> {
  const index = join(built, "index.html");
  if (!existsSync(index)) return;
  const page = readFileSync(index);
  const etag = `"${createHash("sha256").update(page).digest("base64url").slice(0, 22)}"`;
  const sendPage = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    void reply.headers(HEADERS).header("cache-control", "no-cache").header("etag", etag);
    if (request.headers["if-none-match"] === etag) return reply.code(304).send();
    return reply.type("text/html; charset=utf-8").send(page);
  };
  await app.register(async (scope) => {
    await scope.register(fastifyStatic, {
      root: join(built, "assets"),
      prefix: "/assets/",
      decorateReply: false,
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: ASSET_MS_MAX,
      setHeaders: (reply) => {
        reply.setHeader("x-content-type-options", "nosniff");
      },
      schemaHide: true,
    });
    for (const path of PAGE_PATHS) scope.get(path, { schema: HIDDEN }, sendPage);
  });
}
