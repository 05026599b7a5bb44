/** Refusals that name an order: the engine counts orders, the wire knows them by id. */
import type { Refusal } from "../kernel/index.ts";
import type { WireIds } from "./types.ts";

/** The same refusal with the ids of the orders that it names among its details. */
export function namedRefusal(refusal: Refusal, ids: Pick<WireIds, "order">): Refusal {
  const { orders, ...rest } = refusal;
  if (orders === undefined) return refusal;
  const named = Object.entries(orders).map(([field, ordinal]) => [field, ids.order(ordinal)] as const);
  return { ...rest, details: { ...rest.details, ...Object.fromEntries(named) } };
}
