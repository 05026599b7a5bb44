/** UUIDs for what the engine numbers: derived, so that the same session always shows the same ids. */
import { v5 as uuidv5 } from "uuid";
import type { Epoch } from "./journal-port.ts";
import type { WireIds } from "./types.ts";

/** Of what was there before the session ever went back. */
const FIRST_EPOCH = 0;

/** Ids that are remembered: what a page of a list shows need not be made again. */
const REMEMBERED_MAX = 4096;

/** What the ids of a session depend on. */
export interface Numbered {
  readonly accounts: () => number;
  readonly orders: () => number;
  /** A rewind begins one, so that ids of an abandoned future never come back. */
  readonly epochs: () => readonly Epoch[];
}

/** Ids of one session. Lookups go from the newest back, as far as they have to. */
export function createWireIds(session: string, { accounts, orders, epochs }: Numbered): WireIds & Forgetful {
  const accountIds = new Index(accounts, (ordinal) => idOf(session, "account", ordinal, epochs()));
  const orderIds = new Index(orders, (ordinal) => idOf(session, "order", ordinal, epochs()));
  return {
    account: (ordinal) => accountIds.idOf(ordinal),
    order: (ordinal) => orderIds.idOf(ordinal),
    findAccount: (id) => accountIds.find(id),
    findOrder: (id) => orderIds.find(id),
    forget: () => {
      accountIds.forget();
      orderIds.forget();
    },
  };
}

export interface Forgetful {
  /** After a rewind, which gives the same ordinals other ids. */
  readonly forget: () => void;
}

/** The id that an account of a session has, whether it is there or not. */
export const accountId = (session: string, ordinal: number, epochs: readonly Epoch[]): string =>
  idOf(session, "account", ordinal, epochs);

function idOf(session: string, kind: "account" | "order", ordinal: number, epochs: readonly Epoch[]): string {
  const epoch = epochs.findLast((each) => each[kind] <= ordinal)?.epoch ?? FIRST_EPOCH;
  return uuidv5(`${epoch}/${kind}/${ordinal}`, session);
}

/** Ids by ordinal and ordinals by id; of those that are not remembered it knows the first eight digits. */
class Index {
  readonly #count: () => number;
  readonly #make: (ordinal: number) => string;
  readonly #ids = new Map<number, string>();
  readonly #ordinals = new Map<string, number>();
  /** By ordinal − 1; 0: not looked at yet. */
  #prefixes = new Uint32Array(0);

  constructor(count: () => number, make: (ordinal: number) => string) {
    this.#count = count;
    this.#make = make;
  }

  idOf(ordinal: number): string {
    const known = this.#ids.get(ordinal);
    if (known !== undefined) return known;
    const id = this.#make(ordinal);
    this.#remember(ordinal, id);
    return id;
  }

  find(text: string): number | undefined {
    const id = text.toLowerCase();
    const ordinal = this.#ordinals.get(id) ?? this.#search(id);
    return ordinal !== undefined && ordinal <= this.#count() ? ordinal : undefined;
  }

  forget(): void {
    this.#ids.clear();
    this.#ordinals.clear();
    this.#prefixes = new Uint32Array(0);
  }

  #remember(ordinal: number, id: string): void {
    if (this.#ids.size >= REMEMBERED_MAX) {
      this.#ids.clear();
      this.#ordinals.clear();
    }
    this.#ids.set(ordinal, id);
    this.#ordinals.set(id, ordinal);
  }

  #search(id: string): number | undefined {
    if (!UUID.test(id)) return undefined;
    const prefix = Number.parseInt(id.slice(0, 8), 16);
    const count = this.#count();
    if (this.#prefixes.length < count) this.#grow(count);
    for (let ordinal = count; ordinal >= 1; ordinal -= 1) {
      if (this.#prefixOf(ordinal) === prefix && this.#make(ordinal) === id) {
        this.#remember(ordinal, id);
        return ordinal;
      }
    }
    return undefined;
  }

  #prefixOf(ordinal: number): number {
    const known = this.#prefixes[ordinal - 1] ?? 0;
    if (known !== 0) return known;
    const prefix = Number.parseInt(this.#make(ordinal).slice(0, 8), 16);
    this.#prefixes[ordinal - 1] = prefix;
    return prefix;
  }

  #grow(count: number): void {
    const grown = new Uint32Array(Math.ceil(count * 1.5) + 16);
    grown.set(this.#prefixes);
    this.#prefixes = grown;
  }
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
