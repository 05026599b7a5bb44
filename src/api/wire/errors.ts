/** Every error of the server in one shape: `{"code": …, "message": …}`, with Alpaca's extra fields where it has them. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError, isRefusal, REFUSALS, refuse, type Refusal } from "../../kernel/index.ts";
import { validationRefusal } from "./validation.ts";

/** A refusal on its way out of a handler. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** The value, or the refusal as the answer to the request. */
export function accepted<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw new RefusedRequest(value);
  return value;
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, code } = REFUSALS[refusal.reason];
  if (status === 401) void reply.header("www-authenticate", 'Basic realm="Tapedeck"');
  return reply
    .code(status)
    .type("application/json; charset=utf-8")
    .serializer(JSON.stringify)
    .send(errorBody(refusal, code));
}

export const errorBody = (refusal: Refusal, code = REFUSALS[refusal.reason].code): object => ({
  code,
  message: refusal.message,
  ...refusal.details,
});

/** Gives the app its error handler, its 404 and its 405. */
export function ownErrors(app: FastifyInstance): void {
  const routes = watchRoutes(app);
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(request, reply, error));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const methods = routes.methodsOf(path);
    if (methods.length === 0 || methods.includes(request.method))
      return sendRefusal(reply, refuse("not_found", `no such path: ${path}`));
    void reply.header("allow", methods.join(", "));
    return sendRefusal(
      reply,
      refuse("method_not_allowed", `${path} takes ${methods.join(", ")}, got ${request.method}`),
    );
  });
}

export function sendError(request: FastifyRequest, reply: FastifyReply, error: FastifyError): FastifyReply {
  const refusal = refusalOf(request, error);
  if (refusal !== undefined) return sendRefusal(reply, refusal);
  request.log.error({ err: error }, "a request failed");
  const isOurs = error instanceof AppError;
  const body = { code: isOurs ? 50_310_000 : 50_010_000, message: isOurs ? error.message : "internal server error" };
  return reply
    .code(isOurs ? 503 : 500)
    .serializer(JSON.stringify)
    .send(body);
}

function refusalOf(request: FastifyRequest, error: FastifyError): Refusal | undefined {
  if (error instanceof RefusedRequest) return error.refusal;
  if (error.validation !== undefined) return validationRefusal(request, error);
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") return refuse("body_too_large", "the body is larger than 1 MiB");
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? refuse("bad_request", error.message) : undefined;
}

/** Which methods each path takes, for 405 and Allow. */
function watchRoutes(app: FastifyInstance): { readonly methodsOf: (path: string) => readonly string[] } {
  const patterns = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    const known = patterns.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const each of [method].flat()) known.methods.add(each);
    patterns.set(url, known);
  });
  return {
    methodsOf: (path) => {
      const normal = path.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
      const found = [...patterns.values()].filter(({ pattern }) => pattern.test(normal));
      return [...new Set(found.flatMap(({ methods }) => [...methods]))]
        .filter((method) => method !== "OPTIONS")
        .toSorted();
    },
  };
}

function patternOf(url: string): RegExp {
  const escaped = url.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const source = escaped
    .replace(/::/g, "\u0000")
    .replace(/:\w+/g, "[^/]+")
    .replace(/\u0000/g, ":");
  return new RegExp(`^${source.replace(/\\\*$/, ".*")}$`);
}
