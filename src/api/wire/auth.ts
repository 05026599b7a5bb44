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
  interface FastifyRequest {
    /** Set before any handler that needs credentials runs. */
    principal: Principal | undefined;
  }
}

export function authenticateRequest(request: FastifyRequest, authenticate: Authenticate): void {
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

function credentialsOf({ headers }: FastifyRequest): Credentials | undefined {
  const keyId = headers["apca-api-key-id"];
  const secret = headers["apca-api-secret-key"];
  if (typeof keyId === "string" && typeof secret === "string") return { keyId, secret };
  const match = /^basic +([a-z0-9+/=_-]+) *$/i.exec(headers.authorization ?? "");
  if (match === null) return undefined;
  const text = Buffer.from(match[1] ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { keyId: text.slice(0, colon), secret: text.slice(colon + 1) };
}
