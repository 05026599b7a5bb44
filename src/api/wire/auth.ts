/** Credentials: Basic, or Alpaca's pair of headers. */
import type { FastifyRequest } from "fastify";
import type { Principal } from "../../access/index.ts";
import { refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "./errors.ts";

/** Finds who stands behind a key and its secret. */
export type Authenticate = (keyId: string, secret: string) => Principal | undefined;

interface Credentials {
  readonly keyId: string;
  readonly secret: string;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Answers without credentials too, as Alpaca's crypto data does; wrong ones are refused all the same. */
    readonly isPublic?: boolean;
  }
  interface FastifyRequest {
    /** Set before any handler that needs credentials runs. */
    principal: Principal | undefined;
  }
}

/** How long credentials that were good are taken for good, in milliseconds: a revoked key stops within this. */
const REMEMBERED_MS = 100;

/** Callers that are remembered at once; beyond it all are forgotten. */
const REMEMBERED_MAX = 1000;

/** Remembers who stood behind an Authorization header for a moment: a bot sends the same one a thousand times a second. */
export function createAuthenticator(authenticate: Authenticate): (request: FastifyRequest) => void {
  const remembered = new Map<string, { readonly principal: Principal; readonly until: number }>();
  return (request) => {
    if (request.routeOptions.config.isPublic === true && credentialsOf(request) === undefined) return;
    const header = request.headers["apca-api-key-id"] === undefined ? request.headers.authorization : undefined;
    const known = header === undefined ? undefined : remembered.get(header);
    const now = performance.now();
    if (known !== undefined && now < known.until) {
      request.principal = known.principal;
      return;
    }
    authenticateRequest(request, authenticate);
    if (header === undefined || request.principal === undefined) return;
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(header, { principal: request.principal, until: now + REMEMBERED_MS });
  };
}

function authenticateRequest(request: FastifyRequest, authenticate: Authenticate): void {
  const credentials = credentialsOf(request);
  if (credentials === undefined) {
    throw new RefusedRequest(
      refuse(
        "missing_authorization",
        "credentials are required: Authorization: Basic, or APCA-API-KEY-ID and APCA-API-SECRET-KEY",
      ),
    );
  }
  request.principal = authenticate(credentials.keyId, credentials.secret);
  if (request.principal === undefined)
    throw new RefusedRequest(refuse("bad_credentials", "request is not authorized: unknown key or wrong secret"));
}

/** The owner of what a request makes and sees. */
export function ownerOf(request: FastifyRequest): string {
  if (request.principal === undefined)
    throw new RefusedRequest(refuse("missing_authorization", "credentials are required"));
  return request.principal.owner;
}

/** What a request's headers say; undefined where it has none. */
export function credentialsOf({ headers }: Pick<FastifyRequest, "headers">): Credentials | undefined {
  const keyId = headers["apca-api-key-id"];
  const secret = headers["apca-api-secret-key"];
  if (typeof keyId === "string" && typeof secret === "string") return { keyId, secret };
  const match = /^basic +([a-z0-9+/=_-]+) *$/i.exec(headers.authorization ?? "");
  if (match === null) return undefined;
  const text = Buffer.from(match[1] ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { keyId: text.slice(0, colon), secret: text.slice(colon + 1) };
}
