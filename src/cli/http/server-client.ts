/** Requests to a running server, as the Sessions API has them; whatever goes wrong becomes a fault that says who must act. */
import { AppError } from "../../kernel/index.ts";
import { optionText, type Call } from "../call.ts";
import { CommandError, wrongUsage } from "../exit-codes.ts";

export interface ServerClient {
  /** `session` is the id of the one that the request is about, where its path does not name it. */
  readonly get: (path: string, session?: string) => Promise<ServerAnswer>;
  readonly send: (method: "POST" | "PUT" | "DELETE", path: string, body?: object) => Promise<ServerAnswer>;
  /** An answer as it comes: lines, or a file. `body` may be a stream. */
  readonly open: (method: "GET" | "POST", path: string, body?: object | ReadableStream) => Promise<Response>;
  /** What an answer holds. */
  readonly read: (response: Response) => Promise<ServerAnswer>;
}

export interface ServerAnswer {
  readonly body: unknown;
  /** Path of the next page of a list. */
  readonly next: string | undefined;
}

interface Credentials {
  readonly id: string;
  readonly secret: string;
  /** For messages. */
  readonly from: string;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: object | ReadableStream | undefined;
  readonly session?: string | undefined;
}

const DEFAULT_URL = "http://127.0.0.1:5000";
const DEVELOPMENT_KEY: Credentials = { id: "test-api-key", secret: "test-api-secret", from: "the development key" };

/** Throws AppError "bad_argument" for an address or a key that is no such thing; connects to nothing yet. */
export function createServerClient(call: Call): ServerClient {
  const base = baseUrl(call);
  const credentials = findCredentials(call.env);
  const read = async (response: Response): Promise<ServerAnswer> => {
    const body = await readBody(base, response);
    if (response.ok) return { body, next: nextPage(response.headers.get("link")) };
    throw refusalOf(response.status, body, credentials);
  };
  const ask = async (request: Request): Promise<ServerAnswer> => read(await exchange(base, credentials, request));
  return {
    open: async (method, path, body) => {
      const response = await exchange(base, credentials, { method, path, body });
      if (!response.ok) await read(response);
      return response;
    },
    read,
    get: (path, session) => ask({ method: "GET", path, session }),
    send: (method, path, body) => ask({ method, path, body }),
  };
}

function baseUrl(call: Call): string {
  const option = optionText(call, "url");
  const variable = call.env["TAPEDECK_URL"] ?? "";
  const text = option ?? (variable === "" ? DEFAULT_URL : variable);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, "");
  const from = option === undefined ? "TAPEDECK_URL" : "--url";
  throw wrongUsage(`${from}: got ${JSON.stringify(text)}, wanted an address such as ${DEFAULT_URL}`);
}

/** From the environment alone: a secret on a command line is seen by everybody. */
function findCredentials(env: Call["env"]): Credentials {
  const pairs = [
    ["TAPEDECK_KEY_ID", "TAPEDECK_SECRET_KEY"],
    ["APCA_API_KEY_ID", "APCA_API_SECRET_KEY"],
  ] as const;
  for (const [idName, secretName] of pairs) {
    const [id = "", secret = ""] = [env[idName], env[secretName]];
    if (id !== "" && secret !== "") return { id, secret, from: `${idName} and ${secretName}` };
    if (id !== "" || secret !== "")
      throw wrongUsage(
        `${id === "" ? idName : secretName} is missing; it goes with ${id === "" ? secretName : idName}`,
      );
  }
  return DEVELOPMENT_KEY;
}

async function exchange(base: string, { id, secret }: Credentials, request: Request): Promise<Response> {
  const { method, path, body, session } = request;
  try {
    return await fetch(base + path, {
      method,
      redirect: "manual",
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
        ...(session === undefined ? {} : { "x-session-id": session }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined
        ? {}
        : body instanceof ReadableStream
          ? { body, duplex: "half" }
          : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
    const words = cause instanceof Error ? (cause.message === "" ? cause.name : cause.message) : String(cause);
    if (words === "bad port")
      throw unreachable(`Node's fetch refuses the port of ${base}, as browsers do; serve on another.`);
    throw unreachable(
      `No server at ${base} (${words}). Start one with \`tapedeck serve\`, or name another with --url.`,
    );
  }
}

async function readBody(base: string, response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw unreachable(
      `What answers at ${base} is not Tapedeck: status ${response.status} with no JSON. Name another with --url.`,
    );
  }
}

/** A refusal that came in the middle of an answer. */
export function refusedLater(error: unknown): AppError {
  const code = Number(fieldOf(error, "code"));
  const message = textOf(error, "message");
  const status = Number(String(code).slice(0, 3));
  const exit = status >= 500 ? "fault" : status === 404 ? "not_found" : "refused";
  return new CommandError("server_refused", message, { exit, details: { status, refusal: code } });
}

function refusalOf(status: number, body: unknown, credentials: Credentials): AppError {
  const message = fieldOf(body, "message");
  const words = typeof message === "string" ? message : `status ${status} without a message`;
  const details = { status, refusal: fieldOf(body, "code") ?? null };
  if (status >= 500)
    return new CommandError("server_refused", `The server failed: ${words}`, { exit: "fault", details });
  const hint = status === 401 ? ` (the key came from ${credentials.from})` : "";
  return new CommandError("server_refused", `${words}${hint}`, {
    exit: status === 404 ? "not_found" : "refused",
    details,
  });
}

const unreachable = (message: string): AppError =>
  new CommandError("server_unreachable", message, { exit: "unreachable" });

/** A field of an object from outside; undefined where it is none. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

/** A field as text; "" where there is none, or something else. */
export function textOf(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === "string" || typeof field === "number" ? String(field) : "";
}

/** The address in `Link: <…>; rel="next"`, as a path. */
function nextPage(link: string | null): string | undefined {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, DEFAULT_URL);
  return pathname + search;
}
