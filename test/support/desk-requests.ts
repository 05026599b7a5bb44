/** What most tests of a surface do at a desk: place an order, read, delete, move the clock. */
import type { Api, Desk, Reply } from "./api.ts";

export interface DeskRequests {
  /** A market order for ten AAPL, with changes. */
  readonly place: (desk: Desk, body: object) => Promise<Reply>;
  readonly get: (desk: Desk, url: string) => Promise<Reply>;
  readonly remove: (desk: Desk, url: string) => Promise<Reply>;
  /** One minute, or as the body says. */
  readonly advance: (desk: Desk, body?: object) => Promise<Reply>;
  readonly ordersOf: (desk: Desk, query?: string) => Promise<Reply>;
}

/** `api` is asked for at each request: tests open it before they run. */
export function deskRequests(api: () => Api): DeskRequests {
  const get = ({ session }: Desk, url: string): Promise<Reply> => api().send("GET", url, { session });
  return {
    get,
    place: ({ orders, session }, body) =>
      api().send("POST", orders, { session, body: { symbol: "AAPL", side: "buy", qty: 10, type: "market", ...body } }),
    remove: ({ session }, url) => api().send("DELETE", url, { session }),
    advance: ({ session }, body = {}) => api().send("POST", `/v1/sessions/${session}/time/advance`, { body }),
    ordersOf: (desk, query = "?status=all") => get(desk, desk.orders + query),
  };
}
