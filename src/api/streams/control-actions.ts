/** Commands of the control socket that are requests of the Trading API: which route each of them is. */
import { refuse } from "../../kernel/index.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { shown } from "../wire/validation.ts";

export interface RouteCall {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly body?: unknown;
}

type Message = Readonly<Record<string, unknown>>;

const ACTIONS: Readonly<Record<string, (message: Message) => RouteCall>> = {
  submit_order: ({ order }) => ({ method: "POST", url: "/v2/orders", body: order }),
  replace_order: (message) => ({
    method: "PATCH",
    url: `/v2/orders/${idOf(message, "order_id")}`,
    body: message["changes"],
  }),
  cancel_order: (message) => ({ method: "DELETE", url: `/v2/orders/${idOf(message, "order_id")}` }),
  cancel_all_orders: () => ({ method: "DELETE", url: "/v2/orders" }),
  close_position: (message) => ({
    method: "DELETE",
    url: `/v2/positions/${idOf(message, "symbol")}${amountOf(message)}`,
  }),
  close_all_positions: () => ({ method: "DELETE", url: "/v2/positions" }),
  get_account: () => ({ method: "GET", url: "/v2/account" }),
  get_positions: () => ({ method: "GET", url: "/v2/positions" }),
  get_orders: ({ status }) => ({
    method: "GET",
    url: `/v2/orders?status=${encodeURIComponent(typeof status === "string" ? status : "open")}`,
  }),
};

export const TRADING_ACTIONS: readonly string[] = Object.keys(ACTIONS);

/** The route behind a command; undefined for what is none. Throws RefusedRequest where a field is missing. */
export function routeOf(action: string, message: Message): RouteCall | undefined {
  return Object.hasOwn(ACTIONS, action) ? ACTIONS[action]?.(message) : undefined;
}

function idOf(message: Message, field: string): string {
  const id = message[field];
  if (typeof id === "string" && id !== "") return encodeURIComponent(id);
  throw new RefusedRequest(refuse("bad_request", `${field} is required, got ${shown(id)}`));
}

function amountOf({ qty, percentage }: Message): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ qty, percentage })) {
    if (typeof value === "string" || typeof value === "number") query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query.toString()}`;
}
