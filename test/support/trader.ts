/** A bot that knows Alpaca's Trading API and nothing else: a base URL that ends in /sim/{accountId}, and a pair of keys. */
import { openDesk, SPAN, type Api, type Reply } from "./api.ts";

const KEYS = { "apca-api-key-id": "test-api-key", "apca-api-secret-key": "test-api-secret" };

export interface Trader {
  readonly session: string;
  readonly account: string;
  /** /sim/{accountId} */
  readonly base: string;
  readonly get: (path: string) => Promise<Reply>;
  readonly post: (path: string, body?: unknown) => Promise<Reply>;
  readonly put: (path: string, body?: unknown) => Promise<Reply>;
  readonly patch: (path: string, body?: unknown) => Promise<Reply>;
  readonly remove: (path: string) => Promise<Reply>;
  /** A market order for ten AAPL, with changes. */
  readonly place: (body?: object) => Promise<Reply>;
  /** What the user does beside the bot: one minute, or as the body says. */
  readonly advance: (body?: object) => Promise<Reply>;
}

/** Opens a session with an account; `body` is that of the session. */
export async function openTrader(api: Api, body: object = SPAN): Promise<Trader> {
  const { session, account } = await openDesk(api, body);
  return traderOf(api, session, account);
}

export function traderOf(api: Api, session: string, account: string): Trader {
  const base = `/sim/${account}`;
  const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
    api.send(method, base + path, { authorization: null, headers: KEYS, ...(body === undefined ? {} : { body }) });
  return {
    session,
    account,
    base,
    get: (path) => ask("GET", path),
    post: (path, body) => ask("POST", path, body),
    put: (path, body) => ask("PUT", path, body),
    patch: (path, body) => ask("PATCH", path, body),
    remove: (path) => ask("DELETE", path),
    place: (changes = {}) =>
      ask("POST", "/v2/orders", {
        symbol: "AAPL",
        side: "buy",
        qty: 10,
        type: "market",
        time_in_force: "day",
        ...changes,
      }),
    advance: (changes = {}) => api.send("POST", `/v1/sessions/${session}/time/advance`, { body: changes }),
  };
}
