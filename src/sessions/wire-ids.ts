/** UUIDs for what the engine numbers: derived, so that the same session always shows the same ids. */
import { v5 as uuidv5 } from "uuid";
import type { WireIds } from "./types.ts";

/** A rewind raises it, so that ids of an abandoned future never come back. */
const FIRST_EPOCH = 0;

interface Index {
  readonly idOf: (ordinal: number) => string;
  readonly find: (id: string) => number | undefined;
}

export interface Counts {
  readonly accounts: () => number;
  readonly orders: () => number;
}

/** Ids of one session. Lookups index what exists at the time, as far as they have to. */
export function createWireIds(session: string, counts: Counts): WireIds {
  const accounts = createIndex(session, "account", counts.accounts);
  const orders = createIndex(session, "order", counts.orders);
  return {
    account: accounts.idOf,
    order: orders.idOf,
    findAccount: accounts.find,
    findOrder: orders.find,
  };
}

const idOf = (session: string, kind: string, ordinal: number): string =>
  uuidv5(`${FIRST_EPOCH}/${kind}/${ordinal}`, session);

/** The id that an account of a session has, whether it is there or not. */
export const accountId = (session: string, ordinal: number): string => idOf(session, "account", ordinal);

function createIndex(session: string, kind: string, count: () => number): Index {
  const ids: string[] = [];
  const ordinals = new Map<string, number>();
  const grow = (upTo: number): void => {
    for (let ordinal = ids.length + 1; ordinal <= upTo; ordinal += 1) {
      const id = idOf(session, kind, ordinal);
      ids.push(id);
      ordinals.set(id, ordinal);
    }
  };
  return {
    idOf: (ordinal) => {
      grow(ordinal);
      return ids[ordinal - 1] ?? "";
    },
    find: (id) => {
      grow(count());
      const ordinal = ordinals.get(id.toLowerCase());
      return ordinal !== undefined && ordinal <= count() ? ordinal : undefined;
    },
  };
}
