/** The HTTP application: what every request meets, then the surfaces. */
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import websocket from "@fastify/websocket";
import Fastify, { LogController, type FastifyError, type FastifyInstance } from "fastify";
import type { KeyStore } from "../access/index.ts";
import { BODY_BYTES_MAX, REQUEST_MS_MAX, STREAM_MESSAGE_BYTES_MAX } from "../kernel/index.ts";
import type { SessionRegistry } from "../sessions/index.ts";
import { registerBroker } from "./broker-v1/routes.ts";
import { registerMarketData } from "./market-data-v2/routes.ts";
import { registerTrading } from "./trading-v2/routes.ts";
import { withoutAccount } from "./wire/account-path.ts";
import { createBind } from "./wire/bind.ts";
import { registerCatalog } from "./catalog-v1/routes.ts";
import type { CatalogPort } from "./catalog-v1/port.ts";
import { createRequestLog } from "./requests-v1/request-log.ts";
import { registerRequests } from "./requests-v1/routes.ts";
import { registerProof } from "./sessions-v1/proof-routes.ts";
import { registerSessions } from "./sessions-v1/routes.ts";
import { createHubs } from "./streams/hubs.ts";
import { registerEvents, registerSockets } from "./streams/routes.ts";
import { createAuthenticator } from "./wire/auth.ts";
import { checkBinding } from "./wire/bound-keys.ts";
import { watchKeys } from "./wire/last-used.ts";
import { tellDataChanges } from "./wire/data-changes.ts";
import { registerHealth, registerServer } from "./server.ts";
import { readAnyJson } from "./wire/body.ts";
import { ownErrors, sendError } from "./wire/errors.ts";
import { createGuard } from "./wire/guard.ts";
import { withSocket } from "./wire/socket-path.ts";
import { closeUnusedConnections } from "./wire/unused-connections.ts";

/** What the API needs of the store of keys. */
export type ApiKeys = Pick<
  KeyStore,
  "authenticate" | "create" | "developmentKey" | "list" | "revoke" | "revokeSession"
>;

export interface AppParts {
  readonly registry: SessionRegistry;
  readonly keys: ApiKeys;
  /** Looks at the data, takes files in, and removes; undefined: none of it is offered. */
  readonly stock?: CatalogPort | undefined;
  /** Names that a Host header may carry, without a port. */
  readonly allowedHosts: readonly string[];
  readonly version: string;
  /** pino's level; "silent" logs nothing. */
  readonly logLevel: string;
  /** PEM, for https and wss; undefined: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** Longest value in a path: what Node takes of a request line; a longer id is not found, not malformed. */
const PATH_PARAMETER_LENGTH_MAX = 16_384;

/** The name in place of a logo on the page at /docs. */
const LOGO = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40"><text x="0" y="29" font-family="sans-serif" font-size="26" font-weight="bold" fill="#fff">Tapedeck</text></svg>',
);

/** Builds the application; the caller listens, or injects. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const guard = createGuard(parts.allowedHosts);
  const app: FastifyInstance = Fastify({
    ...(parts.tls === undefined ? {} : { https: { cert: parts.tls.cert, key: parts.tls.key } }),
    rewriteUrl: (raw) => withSocket(withoutAccount(raw), raw),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    logger: parts.logLevel === "silent" ? false : { level: parts.logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: {
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength: PATH_PARAMETER_LENGTH_MAX,
    },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        verbose: true,
        allErrors: false,
      },
    },
    childLoggerFactory: (logger) => logger,
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => {
      void reply.header("x-request-id", request.id);
      const refused = errorOf(() => {
        guard(request);
      });
      void sendError(request, reply, refused ?? error);
    },
    clientErrorHandler: (error, socket) => {
      refuseUnreadable(error, socket);
    },
    return503OnClosing: false,
  });
  app.decorateRequest("principal", undefined);
  readAnyJson(app);
  ownErrors(app);
  app.addHook("onRequest", (request, reply, done) => {
    void reply.header("x-request-id", request.id);
    // Of a socket it says how its messages are encoded.
    if (request.headers.upgrade === undefined) request.headers["content-type"] = "application/json";
    guard(request);
    done();
  });
  await describeApi(app, parts.version);
  registerHealth(app);
  registerServer(app, parts);
  tellDataChanges(app);
  closeUnusedConnections(app);
  await registerSurfaces(app, parts);
  return app;
}

async function registerSurfaces(app: FastifyInstance, { registry, keys, version, stock }: AppParts): Promise<void> {
  const lastUsed = watchKeys(keys.authenticate, Date.now);
  const requests = createRequestLog(Date.now);
  app.addHook("onResponse", (request, reply, done) => {
    requests.take(request, reply);
    done();
  });
  const identify = createAuthenticator(lastUsed.authenticate);
  const bind = createBind(registry);
  const streams = { registry, bind, authenticate: lastUsed.authenticate };
  const hubs = createHubs(registry.catalog);
  await app.register(websocket, { options: { maxPayload: STREAM_MESSAGE_BYTES_MAX } });
  const register = async (surface: (scope: FastifyInstance) => void): Promise<void> => {
    await app.register(async (scope) => {
      scope.addHook("onRequest", (request, _reply, done) => {
        identify(request);
        checkBinding(request);
        done();
      });
      surface(scope);
    });
  };
  await register((scope) => {
    registerSessions(scope, registry, { onDelete: (session) => keys.revokeSession(session) });
  });
  await register((scope) => {
    registerProof(scope, registry, `tapedeck ${version}`);
  });
  await register((scope) => {
    registerBroker(scope, registry, { ...keys, lastUsed });
  });
  await register((scope) => {
    registerRequests(scope, requests, keys);
  });
  await register((scope) => {
    if (stock !== undefined) registerCatalog(scope, stock);
  });
  await register((scope) => {
    registerTrading(scope, registry, bind);
  });
  await register((scope) => {
    registerMarketData(scope, registry.catalog, bind);
  });
  await register((scope) => {
    registerEvents(scope, hubs, streams);
  });
  // A socket may say who it is in its first message.
  await app.register(async (scope) => {
    registerSockets(scope, hubs, streams);
  });
}

/** What a function throws, or undefined. */
function errorOf(work: () => void): FastifyError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as FastifyError;
  }
}

/** Bytes that are no HTTP request: answered in the same shape as every other error, then the connection is closed. */
function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable) return;
  const isTooLong = error.code === "HPE_HEADER_OVERFLOW";
  const status = isTooLong ? "431 Request Header Fields Too Large" : "400 Bad Request";
  const message = isTooLong ? "the request's headers are larger than 16 KiB" : "the bytes received are no HTTP request";
  const body = JSON.stringify({ code: isTooLong ? 43_110_000 : 40_010_000, message });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Tapedeck",
        version,
        description:
          "A broker you can rewind. Sessions are isolated worlds with their own clock; the rest follows Alpaca's Broker API under the header X-Session-Id.",
        license: { name: "MIT", identifier: "MIT" },
      },
      security: [{ basic: [] }, { keyId: [], secretKey: [] }],
      components: {
        securitySchemes: {
          basic: { type: "http", scheme: "basic", description: "Key id and secret." },
          keyId: { type: "apiKey", in: "header", name: "APCA-API-KEY-ID" },
          secretKey: { type: "apiKey", in: "header", name: "APCA-API-SECRET-KEY" },
        },
      },
    },
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    logo: { type: "image/svg+xml", content: LOGO },
    theme: { title: "Tapedeck API" },
  });
  app.get("/openapi.json", { schema: { hide: true } }, (_request, reply) => reply.send(app.swagger()));
}
