/** Who stands behind a stream, and what it is bound to: by the headers of its request, or by its first message. */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../kernel/index.ts";
import { isLockStepInPath } from "../wire/account-path.ts";
import { credentialsOf, type Authenticate } from "../wire/auth.ts";
import type { Bind, Bound } from "../wire/binding.ts";
import { RefusedRequest } from "../wire/errors.ts";

export interface Door {
  /** Undefined where the request has no credentials. Rejects with RefusedRequest: wrong ones, or bound to nothing. */
  readonly byHeaders: (request: FastifyRequest) => Promise<Bound> | undefined;
  /** By a key and its secret as a message gives them. Undefined for wrong ones. Rejects as above. */
  readonly byMessage: (request: FastifyRequest, keyId: unknown, secret: unknown) => Promise<Bound | undefined>;
}

export function createDoor(authenticate: Authenticate, bind: Bind): Door {
  const admit = async (request: FastifyRequest, keyId: string, secret: string): Promise<Bound | undefined> => {
    request.principal = authenticate(keyId, secret);
    return request.principal === undefined ? undefined : bind(request);
  };
  return {
    byHeaders: (request) => {
      const credentials = credentialsOf(request);
      return credentials === undefined ? undefined : orRefuse(admit(request, credentials.keyId, credentials.secret));
    },
    byMessage: async (request, keyId, secret) =>
      typeof keyId === "string" && typeof secret === "string" ? admit(request, keyId, secret) : undefined,
  };
}

async function orRefuse(admission: Promise<Bound | undefined>): Promise<Bound> {
  const bound = await admission;
  if (bound !== undefined) return bound;
  throw new RefusedRequest(refuse("bad_credentials", "request is not authorized: unknown key or wrong secret"));
}

/** A base URL that ends in /lockstep, or `?lockstep=true`: the session waits until this reader has what it was sent. */
export function asksForLockStep(request: FastifyRequest): boolean {
  const { lockstep } = request.query as { readonly lockstep?: unknown };
  return isLockStepInPath(request) || lockstep === "true" || lockstep === "1";
}

/** A client with wrong keys may come again at once, and for ever: it hears of it this many milliseconds later. */
export const WRONG_KEYS_MS = 500;

/** What a socket is bound to, or undefined where it is refused. Faults are thrown. */
export async function admitted(admission: Promise<Bound | undefined>): Promise<Bound | undefined> {
  try {
    return await admission;
  } catch (error) {
    if (error instanceof RefusedRequest) return undefined;
    throw error;
  }
}
