/**
 * Lists that grow with a session's past, in pages: those that nobody asks for may lie in a store, so that a long past
 * costs neither memory nor time. What is written since they were stored is always in memory.
 */
import { assert } from "../kernel/index.ts";

/** Items of a page: enough that a page costs little by itself, few enough that a change stores little. */
export const PAGE_ITEMS = 64;
const PAGE_BITS = 6;
const PAGE_MASK = PAGE_ITEMS - 1;

/** A list, oldest first, as everyone but `apply` sees it. */
export interface Rows<T> extends Iterable<T> {
  readonly length: number;
  /** Undefined where there is none. */
  readonly get: (index: number) => T | undefined;
  /** From the newest to the oldest. */
  readonly newestFirst: () => Generator<T>;
  /** From one on. */
  readonly from: (index: number) => Generator<T>;
}

/** Reads a stored page of a list; of its items at least as many as the list had when it was stored. */
export type PageReader = (page: number) => readonly unknown[];

/** What has to be stored of a list: its length, and every page that has changed. */
export interface ChangedPages {
  readonly length: number;
  readonly pages: ReadonlyMap<number, readonly unknown[]>;
}

export class PagedRows<T> implements Rows<T> {
  #length = 0;
  readonly #pages: (T[] | undefined)[] = [];
  /** Pages that the store does not have as they are now. */
  readonly #changed = new Set<number>();
  /** The one of them that was written last: mostly it is written again. */
  #written = -1;
  #read: PageReader | undefined;

  /** A list whose pages lie in a store. */
  static stored<T>(length: number, read: PageReader): PagedRows<T> {
    const rows = new PagedRows<T>();
    rows.#length = length;
    rows.#read = read;
    rows.#pages.length = Math.ceil(length / PAGE_ITEMS);
    return rows;
  }

  get length(): number {
    return this.#length;
  }

  get(index: number): T | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    return (this.#pages[index >>> PAGE_BITS] ?? this.#load(index >>> PAGE_BITS))[index & PAGE_MASK];
  }

  set(index: number, item: T): void {
    assert(index >= 0 && index < this.#length, "Invariant: what is set in a list is in it");
    this.#pageToWrite(index)[index & PAGE_MASK] = item;
  }

  push(item: T): void {
    const index = this.#length;
    if ((index & PAGE_MASK) === 0) this.#pages[index >>> PAGE_BITS] = [];
    this.#pageToWrite(index).push(item);
    this.#length += 1;
  }

  /** An item that is about to be changed in its place. */
  toChange(index: number): T | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    return this.#pageToWrite(index)[index & PAGE_MASK];
  }

  *[Symbol.iterator](): Generator<T> {
    yield* this.from(0);
  }

  *from(index: number): Generator<T> {
    for (let at = Math.max(0, index); at < this.#length; at += 1) yield this.get(at) as T;
  }

  *newestFirst(): Generator<T> {
    for (let at = this.#length - 1; at >= 0; at -= 1) yield this.get(at) as T;
  }

  /** What has changed since the last `stored`. */
  changed(): ChangedPages {
    const pages = [...this.#changed].map((page) => [page, this.#pages[page] ?? []] as const);
    return { length: this.#length, pages: new Map(pages) };
  }

  /** Its changed pages are in the store now, where they can be read again. */
  wasStored(read: PageReader): void {
    this.#changed.clear();
    this.#written = -1;
    this.#read = read;
  }

  /** Lets go of the pages that the store has too; the last one mostly is the next to be asked for. Says how many. */
  release(): number {
    let count = 0;
    for (let page = 0; page < this.#pages.length - 1; page += 1) {
      if (this.#pages[page] === undefined || this.#changed.has(page) || this.#read === undefined) continue;
      this.#pages[page] = undefined;
      count += 1;
    }
    return count;
  }

  /** Lets go of pages for good, but for the last one: whoever asks for one of them meets `gone`. */
  forget(isNeeded: (page: number, items: readonly T[]) => boolean, gone: PageReader): void {
    for (let page = 0; page < this.#pages.length - 1; page += 1) {
      const items = this.#pages[page];
      if (items === undefined || isNeeded(page, items)) continue;
      this.#pages[page] = undefined;
      this.#changed.delete(page);
    }
    this.#written = -1;
    this.#read = gone;
  }

  /** Items in memory. */
  get held(): number {
    let count = 0;
    for (const page of this.#pages) count += page?.length ?? 0;
    return count;
  }

  #pageToWrite(index: number): T[] {
    const page = index >>> PAGE_BITS;
    const items = this.#pages[page] ?? this.#load(page);
    if (page !== this.#written) {
      this.#changed.add(page);
      this.#written = page;
    }
    return items;
  }

  /** A page may have been stored again since, with more items than this list has: these are not its own. */
  #load(page: number): T[] {
    const items = (this.#read?.(page) ?? []).slice(0, this.#length - page * PAGE_ITEMS) as T[];
    assert(
      items.length === Math.min(PAGE_ITEMS, this.#length - page * PAGE_ITEMS),
      "Invariant: a stored page is whole",
    );
    this.#pages[page] = items;
    return items;
  }
}

/** Finds the ordinal of what was stored under a key. */
export type KeyReader = (key: string) => number | undefined;

/** A map from a client's keys to ordinals, as everyone but `apply` sees it. */
export interface Keys {
  readonly get: (key: string) => number | undefined;
  readonly has: (key: string) => boolean;
}

export class PagedKeys implements Keys {
  /** Keys that the store does not have. */
  readonly #fresh = new Map<string, number>();
  #read: KeyReader | undefined;

  static stored(read: KeyReader): PagedKeys {
    const keys = new PagedKeys();
    keys.#read = read;
    return keys;
  }

  get(key: string): number | undefined {
    return this.#fresh.get(key) ?? this.#read?.(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, ordinal: number): void {
    this.#fresh.set(key, ordinal);
  }

  /** What has been added since the last `wasStored`. */
  changed(): ReadonlyMap<string, number> {
    return this.#fresh;
  }

  wasStored(read: KeyReader): void {
    this.#fresh.clear();
    this.#read = read;
  }
}
