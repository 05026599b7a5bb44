/** The application without a socket: every answer is held against its schema in /openapi.json. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { FastifyInstance } from "fastify";
import { createKeyStore, type KeyStore } from "../../src/access/index.ts";
import { buildApp, LOOPBACK_NAMES } from "../../src/api/index.ts";
import { openMemoryJournal } from "../../src/journal/index.ts";
import { openMarket, type Market } from "../../src/market/index.ts";
import { openStock } from "../../src/server/stock.ts";
import { openRegistry, type Journal, type SessionRegistry } from "../../src/sessions/index.ts";

export const DEVELOPMENT = `Basic ${Buffer.from("test-api-key:test-api-secret").toString("base64")}`;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies are held against the schema below, then read freely.
  readonly body: any;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly raw?: string;
  readonly session?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the development key; null: none. */
  readonly authorization?: string | null;
}

export interface Api {
  readonly app: FastifyInstance;
  readonly registry: SessionRegistry;
  readonly market: Market;
  readonly keys: KeyStore;
  readonly dataDir: string;
  readonly send: (method: string, url: string, options?: RequestOptions) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

export interface ApiOptions {
  readonly journal?: Journal;
  readonly sample?: boolean;
  /** Called with the empty data directory before the market is opened. */
  readonly prepare?: (dataDir: string) => Promise<void>;
}

export async function openApi(options: ApiOptions = {}): Promise<Api> {
  const dataDir = mkdtempSync(join(tmpdir(), "tapedeck-api-"));
  await options.prepare?.(dataDir);
  const market = await openMarket({ dataDir, sample: options.sample ?? true });
  const registry = await openRegistry({ journal: options.journal ?? openMemoryJournal(), market });
  const keys = createKeyStore({ directory: dataDir, developmentKey: true });
  const stock = await openStock(market, join(dataDir, "uploads"));
  const app = await buildApp({
    registry,
    stock,
    keys,
    allowedHosts: LOOPBACK_NAMES,
    version: "0.0.0",
    logLevel: "silent",
  });
  await app.ready();
  const check = createSchemaCheck(app);
  return {
    app,
    registry,
    market,
    keys,
    dataDir,
    send: async (method, url, request = {}) => {
      const answer = await app.inject({
        method: method as "GET",
        url,
        headers: headersOf(request),
        ...(request.raw === undefined ? {} : { payload: request.raw }),
        ...(request.raw === undefined && request.body !== undefined ? { payload: JSON.stringify(request.body) } : {}),
      });
      const type = answer.headers["content-type"];
      const isPacked = type === "application/gzip";
      const isText = type === "text/event-stream" || isPacked || answer.payload === "";
      const text = isPacked ? gunzipSync(answer.rawPayload).toString() : answer.payload || undefined;
      const body: unknown = isText ? text : JSON.parse(answer.payload);
      if (!isText || text === undefined) check({ method, url, status: answer.statusCode, body });
      return { status: answer.statusCode, headers: answer.headers, body };
    },
    close: async () => {
      await app.close();
      await stock.uploads.close();
      await registry.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function headersOf({
  authorization = DEVELOPMENT,
  session,
  headers,
  body,
  raw,
}: RequestOptions): Record<string, string> {
  return {
    host: "localhost:5000",
    ...(authorization === null ? {} : { authorization }),
    ...(session === undefined ? {} : { "x-session-id": session }),
    ...(body === undefined && raw === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
  };
}

interface Operation {
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}

interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

/** Throws for an answer that /openapi.json does not describe: unknown status, wrong shape, a body where none belongs. */
function createSchemaCheck(app: FastifyInstance): (exchange: Exchange) => void {
  const document = app.swagger() as unknown as { readonly paths: Record<string, Record<string, Operation>> };
  const ajv = addFormats.default(new Ajv2020({ strict: false }));
  const validators = new Map<string, ValidateFunction>();
  const templates = Object.keys(document.paths)
    .toSorted((a, b) => a.split("{").length - b.split("{").length)
    .map((template) => ({ template, pattern: patternOf(template) }));
  return ({ method, url, status, body }) => {
    const path = decodePath(url);
    const template = templates.find(({ pattern }) => pattern.test(path))?.template;
    const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()];
    if (template === undefined || operation === undefined) return;
    const described = operation.responses[String(status)];
    const where = `${method} ${template} ${status}`;
    if (described === undefined) throw new Error(`${where} is not documented: ${JSON.stringify(body)}`);
    const schema = described.content?.["application/json"]?.schema;
    if (schema === undefined) {
      if (body !== undefined) throw new Error(`${where} is documented without a body: ${JSON.stringify(body)}`);
      return;
    }
    const validate = validators.get(where) ?? ajv.compile(schema);
    validators.set(where, validate);
    if (!validate(body))
      throw new Error(`${where} breaks its schema: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`);
  };
}

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}/?$`);

function decodePath(url: string): string {
  const path = (url.split("?")[0] ?? "").replace(/\/{2,}/g, "/").replace(/^\/sim\/[^/]+(?=\/)/, "");
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

export const SPAN = { startTime: "2023-01-03T09:30:00Z", endTime: "2023-03-31T16:00:00Z" };

/** A session with an account: what most tests begin with. */
export interface Desk {
  readonly session: string;
  readonly account: string;
  readonly orders: string;
  readonly positions: string;
}

export async function openDesk(api: Api, body: object = SPAN): Promise<Desk> {
  const session = (await api.send("POST", "/v1/sessions", { body })).body.id as string;
  const account = (await api.send("POST", "/v1/accounts", { session, body: {} })).body.id as string;
  const base = `/v1/trading/accounts/${account}`;
  return { session, account, orders: `${base}/orders`, positions: `${base}/positions` };
}
