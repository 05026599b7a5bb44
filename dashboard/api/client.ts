/** Requests to the server, typed as its OpenAPI document has them. */
import { ApiError, errorOf } from "./errors.ts";
import { tradeRequests } from "./trade-requests.ts";
import type {
  DataImport,
  ImportOptions,
  ImportPreview,
  Key,
  LoggedRequest,
  NewKey,
  SymbolData,
} from "./connect-types.ts";
import type {
  Account,
  AdvanceBody,
  AdvanceReply,
  BarsPage,
  CalendarDay,
  Coverage,
  NewSession,
  Order,
  Performance,
  Position,
  ServerInfo,
  Session,
  TradeAccount,
} from "./types.ts";

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

export interface SessionsPage {
  readonly sessions: readonly Session[];
  /** Hand it in for the next page; undefined on the last. */
  readonly next: string | undefined;
}

/** What a client needs of the outside; in tests, something else. */
export interface ClientParts {
  readonly credentials: () => Credentials | undefined;
  readonly fetch: typeof fetch;
  /** Told whether the last request had an answer at all. */
  readonly onReach?: (isReached: boolean) => void;
}

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: object | undefined;
  /** Sent as it is, instead of `body` as JSON. */
  readonly file?: Blob;
  readonly session?: string;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Every request that the page makes. A refusal is thrown as an ApiError. */
export function createClient(parts: ClientParts) {
  const send = (path: string, ask: Ask = {}): Promise<Response> => request(parts, path, ask);
  const json = async <T>(path: string, ask: Ask = {}): Promise<T> => (await (await send(path, ask)).json()) as T;
  const at = (id: string): string => `/v1/sessions/${encodeURIComponent(id)}`;
  const desk = (account: string): string => `/v1/trading/accounts/${encodeURIComponent(account)}`;
  const steer = (id: string, action: string): Promise<Session> => json(`${at(id)}/time/${action}`, { method: "POST" });
  return {
    server: () => json<ServerInfo>("/v1/server"),
    sessions: async (limit: number, after?: string): Promise<SessionsPage> => {
      const token = after === undefined ? "" : `&page_token=${encodeURIComponent(after)}`;
      const answer = await send(`/v1/sessions?limit=${limit}${token}`);
      return { sessions: (await answer.json()) as Session[], next: nextOf(answer.headers.get("link")) };
    },
    session: (id: string) => json<Session>(at(id)),
    performance: (id: string) => json<Performance>(`${at(id)}/performance`),
    createSession: (body: NewSession) => json<Session>("/v1/sessions", { method: "POST", body }),
    renameSession: (id: string, name: string) => json<Session>(at(id), { method: "PATCH", body: { name } }),
    deleteSession: async (id: string) => void (await send(at(id), { method: "DELETE" })),
    openAccount: (session: string) => json<Account>("/v1/accounts", { method: "POST", session, body: {} }),
    play: (id: string) => steer(id, "play"),
    pause: (id: string) => steer(id, "pause"),
    setSpeed: (id: string, speed: number) => json<Session>(`${at(id)}/time/speed`, { method: "PUT", body: { speed } }),
    advance: (id: string, body: AdvanceBody) => json<AdvanceReply>(`${at(id)}/time/advance`, { method: "POST", body }),
    coverage: () => json<readonly Coverage[]>("/v1/coverage"),
    calendar: (start: string, end: string) => json<readonly CalendarDay[]>(`/v1/calendar?start=${start}&end=${end}`),
    accounts: (session: string) => json<readonly Account[]>("/v1/accounts", { session }),
    tradeAccount: (session: string, account: string) => json<TradeAccount>(`${desk(account)}/account`, { session }),
    orders: (session: string, account: string) =>
      json<readonly Order[]>(`${desk(account)}/orders?status=all&limit=500`, { session }),
    positions: (session: string, account: string) =>
      json<readonly Position[]>(`${desk(account)}/positions`, { session }),
    ...tradeRequests({ send, json }),
    bars: (session: string, symbol: string, query: Readonly<Record<string, string>>) =>
      json<BarsPage>(`/v1/assets/${encodeURIComponent(symbol)}/bars?${new URLSearchParams(query)}`, { session }),
    keys: () => json<readonly Key[]>("/v1/keys"),
    createKey: (session: string, account: string, body: { readonly name: string; readonly scope: string }) =>
      json<NewKey>(`/v1/accounts/${encodeURIComponent(account)}/keys`, { method: "POST", session, body }),
    revokeKey: async (account: string, key: string) =>
      void (await send(`/v1/accounts/${account}/keys/${key}`, { method: "DELETE" })),
    requests: (after: number, limit: number) =>
      json<readonly LoggedRequest[]>(`/v1/requests?after=${after}&limit=${limit}`),
    symbolData: (symbol: string) => json<SymbolData>(`/v1/data/symbols/${encodeURIComponent(symbol)}`),
    removeSymbol: async (symbol: string) =>
      void (await send(`/v1/data/symbols/${encodeURIComponent(symbol)}`, { method: "DELETE" })),
    imports: () => json<readonly DataImport[]>("/v1/data/imports"),
    import: (id: string) => json<DataImport>(`/v1/data/imports/${id}`),
    sendFile: (file: File, signal: AbortSignal) =>
      json<DataImport>(`/v1/data/imports?name=${encodeURIComponent(file.name)}`, { method: "POST", file, signal }),
    previewImport: (id: string, body: ImportOptions) =>
      json<ImportPreview>(`/v1/data/imports/${id}/preview`, { method: "POST", body }),
    startImport: (id: string, body: ImportOptions) =>
      json<DataImport>(`/v1/data/imports/${id}/start`, { method: "POST", body }),
    dropImport: async (id: string) => void (await send(`/v1/data/imports/${id}`, { method: "DELETE" })),
    /** The stream of a session's events, as it arrives. */
    events: (id: string, query: Readonly<Record<string, string>>, ask: Pick<Ask, "signal" | "headers">) =>
      send(`${at(id)}/events?${new URLSearchParams(query)}`, ask),
  };
}

async function request(
  { credentials, fetch: ask, onReach }: ClientParts,
  path: string,
  wanted: Ask,
): Promise<Response> {
  const { method = "GET", body, file, session, signal, headers = {} } = wanted;
  const who = credentials();
  const answer = await ask(path, {
    method,
    signal: signal ?? null,
    cache: "no-store",
    // Otherwise a browser asks for a password by itself where the answer is 401.
    credentials: "omit",
    headers: {
      ...headers,
      ...(who === undefined ? {} : { "apca-api-key-id": who.id, "apca-api-secret-key": who.secret }),
      ...(session === undefined ? {} : { "x-session-id": session }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(file === undefined ? {} : { body: file }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    onReach?.(false);
    throw new ApiError("the server does not answer; is it still running?", 0);
  });
  onReach?.(true);
  if (answer.ok) return answer;
  throw errorOf(answer.status, await answer.json().catch(() => undefined));
}

/** The token of the next page in a Link header. */
export function nextOf(link: string | null): string | undefined {
  const url = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
  return url === undefined ? undefined : (new URL(url, "http://localhost").searchParams.get("page_token") ?? undefined);
}
