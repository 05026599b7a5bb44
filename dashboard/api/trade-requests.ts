/** The requests that change something: orders, positions, and where a session's past leads. */
import type { Ask } from "./client.ts";
import type { Explanation, NewOrder, OrderPreview, Rewound } from "./order-types.ts";
import type { Order, Session } from "./types.ts";

export interface Sender {
  readonly send: (path: string, ask?: Ask) => Promise<Response>;
  readonly json: <T>(path: string, ask?: Ask) => Promise<T>;
}

export function tradeRequests({ send, json }: Sender) {
  const at = (id: string): string => `/v1/sessions/${encodeURIComponent(id)}`;
  const desk = (account: string): string => `/v1/trading/accounts/${encodeURIComponent(account)}`;
  return {
    snapshots: (session: string, account: string, symbols: readonly string[]) =>
      json<unknown>(`/v2/stocks/snapshots?symbols=${encodeURIComponent(symbols.join(","))}`, {
        session,
        headers: { "x-account-id": account },
      }),
    placeOrder: (session: string, account: string, body: NewOrder) =>
      json<Order>(`${desk(account)}/orders`, { method: "POST", session, body }),
    previewOrder: (session: string, account: string, body: NewOrder) =>
      json<OrderPreview>(`${desk(account)}/orders/preview`, { method: "POST", session, body }),
    explainOrder: (session: string, account: string, order: string) =>
      json<Explanation>(`${desk(account)}/orders/${order}/explain`, { session }),
    cancelOrder: async (session: string, account: string, order: string) =>
      void (await send(`${desk(account)}/orders/${order}`, { method: "DELETE", session })),
    cancelOrders: async (session: string, account: string) =>
      void (await send(`${desk(account)}/orders`, { method: "DELETE", session })),
    closePosition: async (session: string, account: string, symbol: string) =>
      void (await send(`${desk(account)}/positions/${encodeURIComponent(symbol)}`, { method: "DELETE", session })),
    fork: (id: string, body: { readonly at?: string; readonly name?: string }) =>
      json<Session>(`${at(id)}/fork`, { method: "POST", body }),
    rewind: (id: string, to: string) => json<Rewound>(`${at(id)}/time/rewind`, { method: "POST", body: { to } }),
  };
}
