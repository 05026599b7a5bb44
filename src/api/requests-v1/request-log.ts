/** The newest requests of clients, in memory: what was asked, by which key, and what the answer was. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { LOGGED_PATH_LENGTH_MAX, NAME_LENGTH_MAX, REQUEST_LOG_MAX } from "../../kernel/index.ts";
import { credentialsOf } from "../wire/auth.ts";

export interface LoggedRequest {
  /** Grows by one from request to request; begins anew with the server. */
  readonly id: number;
  /** Epoch milliseconds of the wall clock. */
  readonly at: number;
  readonly method: string;
  /** As it was asked for, without the query. */
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  /** The key that was shown, good or not. */
  readonly keyId: string;
  /** Undefined where the key was not good. */
  readonly owner: string | undefined;
  readonly session: string | undefined;
  readonly account: string | undefined;
  /** The program, as its User-Agent says. */
  readonly agent: string | undefined;
}

export interface RequestLog {
  readonly take: (request: FastifyRequest, reply: FastifyReply) => void;
  /** Newest first. */
  readonly newest: () => Iterable<LoggedRequest>;
}

/** Requests of the server's own pages (the dashboard asks all the time) and without credentials are not kept. */
export function createRequestLog(now: () => number): RequestLog {
  const ring: LoggedRequest[] = [];
  let id = 0;
  return {
    take: (request, reply) => {
      const { headers } = request;
      if (headers["sec-fetch-site"] === "same-origin" || request.routeOptions.url === "/v1/requests") return;
      const caller = callerOf(request);
      if (caller === undefined) return;
      id += 1;
      ring[(id - 1) % REQUEST_LOG_MAX] = {
        id,
        at: now(),
        method: request.method,
        path: (request.originalUrl.split("?")[0] ?? "").slice(0, LOGGED_PATH_LENGTH_MAX),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
        ...caller,
        agent: headers["user-agent"]?.slice(0, AGENT_LENGTH_MAX),
      };
    },
    newest: function* newest() {
      for (let each = id; each > Math.max(0, id - REQUEST_LOG_MAX); each -= 1) {
        const found = ring[(each - 1) % REQUEST_LOG_MAX];
        if (found !== undefined) yield found;
      }
    },
  };
}

type Caller = Pick<LoggedRequest, "keyId" | "owner" | "session" | "account">;

/** Which key, and what the request was about as key, path and headers say; undefined without credentials. */
function callerOf(request: FastifyRequest): Caller | undefined {
  const { principal } = request;
  const keyId = principal?.keyId ?? credentialsOf(request)?.keyId;
  if (keyId === undefined || keyId.length > NAME_LENGTH_MAX) return undefined;
  const { session, account } = principal?.binding ?? placeOf(request);
  return {
    keyId,
    owner: principal?.owner,
    session: session?.slice(0, NAME_LENGTH_MAX),
    account: account?.slice(0, NAME_LENGTH_MAX),
  };
}

function placeOf(request: FastifyRequest): Pick<LoggedRequest, "session" | "account"> {
  const { sessionId, accountId } = request.params as Readonly<Record<string, string | undefined>>;
  return { session: sessionId ?? textOf(request.headers["x-session-id"]), account: accountId ?? accountOf(request) };
}

/** The first words of a User-Agent name the program. */
const AGENT_LENGTH_MAX = 80;

const textOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

/** The account of a base URL that ends in /sim/{accountId}. */
const accountOf = ({ originalUrl, headers }: FastifyRequest): string | undefined =>
  /^\/+sim\/([^/?]+)/.exec(originalUrl)?.[1] ?? textOf(headers["x-account-id"]);
