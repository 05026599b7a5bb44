import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { LIST_ROWS_MAX } from "../kernel/index.ts";
import { createAccountFinder, type FoundAccount } from "./account-finder.ts";
import type { Journal, SessionSummary } from "./journal-port.ts";
import type { SessionHandle, SessionView } from "./types.ts";
import { accountId, createWireIds } from "./wire-ids.ts";

interface Row {
  readonly id: string;
  readonly owner: string;
  accounts: number;
  lastSeq: number;
  readonly epochs: readonly [];
}

interface Stage {
  readonly rows: Row[];
  readonly find: (owner: string, id: string) => Promise<FoundAccount | undefined>;
  /** Pages that were asked for since the last look. */
  readonly pages: () => number;
  readonly opened: string[];
}

/** A journal and sessions that hold no more than the finder asks for. */
function openStage(rows: Row[]): Stage {
  let pages = 0;
  const opened: string[] = [];
  const list: Journal["list"] = async (owner, { limit, after }) => {
    pages += 1;
    const own = rows.filter((row) => row.owner === owner);
    const from = after === undefined ? 0 : Number(after);
    const sessions = own.slice(from, from + limit) as unknown as readonly SessionSummary[];
    return { sessions, next: from + limit < own.length ? String(from + limit) : undefined };
  };
  const open = async (owner: string, id: string): Promise<SessionHandle | undefined> => {
    const row = rows.find((each) => each.id === id && each.owner === owner);
    if (row === undefined) return undefined;
    opened.push(id);
    const ids = createWireIds(id, { accounts: () => row.accounts, orders: () => 0, epochs: () => [] });
    const read = async <T>(_symbols: readonly string[], query: (view: SessionView) => T): Promise<T> =>
      query({ ids } as unknown as SessionView);
    return { id, read } as unknown as SessionHandle;
  };
  return {
    rows,
    find: createAccountFinder({ list }, open),
    pages: () => {
      const seen = pages;
      pages = 0;
      return seen;
    },
    opened,
  };
}

const rowOf = (accounts = 1, owner = "me"): Row => ({
  id: randomUUID(),
  owner,
  accounts,
  lastSeq: accounts + 1,
  epochs: [],
});
const rowsOf = (count: number): Row[] => Array.from({ length: count }, () => rowOf());

describe("finding an account by its id", () => {
  it("finds the session on any page of the list, and remembers it", async () => {
    const stage = openStage(rowsOf(2 * LIST_ROWS_MAX + 5));
    for (const [place, pages] of [
      [0, 1],
      [LIST_ROWS_MAX, 2],
      [2 * LIST_ROWS_MAX + 4, 3],
    ] as const) {
      const row = stage.rows[place] ?? rowOf();
      const found = await stage.find("me", accountId(row.id, 1, []));
      expect([found?.session.id, found?.account]).toEqual([row.id, 1]);
      expect(stage.pages()).toBe(pages);
      await stage.find("me", accountId(row.id, 1, []).toUpperCase());
      expect(stage.pages()).toBe(0);
    }
  });

  it("finds any account that the session can have, and none that it has not opened", async () => {
    const row = rowOf(300);
    const stage = openStage([rowOf(), row, rowOf()]);
    for (const ordinal of [1, 2, 3, 16, 17, 300])
      expect((await stage.find("me", accountId(row.id, ordinal, [])))?.account).toBe(ordinal);
    for (const ordinal of [301, 302, 999])
      expect(await stage.find("me", accountId(row.id, ordinal, []))).toBeUndefined();
  });

  it("finds an account that was opened after it was asked for in vain", async () => {
    const row = rowOf(1);
    const stage = openStage([row]);
    const id = accountId(row.id, 2, []);
    expect(await stage.find("me", id)).toBeUndefined();
    row.accounts = 2;
    row.lastSeq = 3;
    expect((await stage.find("me", id))?.account).toBe(2);
  });

  it("forgets an account whose session is gone", async () => {
    const [row = rowOf(), ...rest] = rowsOf(3);
    const stage = openStage([row, ...rest]);
    const id = accountId(row.id, 1, []);
    expect(await stage.find("me", id)).toBeDefined();
    stage.rows.shift();
    expect(await stage.find("me", id)).toBeUndefined();
    stage.pages();
    expect(await stage.find("me", id)).toBeUndefined();
    expect(stage.pages()).toBeGreaterThan(0);
  });

  it("finds nothing for another owner, who does not make the right one search again", async () => {
    const stage = openStage([rowOf(), rowOf(1, "other")]);
    const id = accountId(stage.rows[0]?.id ?? "", 1, []);
    expect(await stage.find("me", id)).toBeDefined();
    stage.opened.length = 0;
    expect(await stage.find("other", id)).toBeUndefined();
    expect(stage.opened).toEqual([]);
    stage.pages();
    expect(await stage.find("me", id)).toBeDefined();
    expect(stage.pages()).toBe(0);
  });

  it("does not search for what can be no account's id", async () => {
    const stage = openStage(rowsOf(2));
    const random = randomUUID();
    for (const id of [
      "",
      "nope",
      "__proto__",
      random,
      `${accountId(random, 1, [])}0`,
      accountId(random, 1, []).slice(1),
    ])
      expect(await stage.find("me", id)).toBeUndefined();
    expect(stage.pages()).toBe(0);
  });

  it("lets others have their turn while it searches in vain", async () => {
    const stage = openStage(Array.from({ length: 20 }, () => ({ ...rowOf(), lastSeq: 100_000 })));
    let turns = 0;
    let isSearching = true;
    const others = (): void => {
      turns += 1;
      if (isSearching) setImmediate(others);
    };
    setImmediate(others);
    expect(await stage.find("me", accountId(randomUUID(), 1, []))).toBeUndefined();
    isSearching = false;
    expect(turns).toBeGreaterThan(3);
  });

  it("goes on finding when it has to forget what it remembered", async () => {
    const stage = openStage(Array.from({ length: 10_002 }, (_, owner) => rowOf(1, `owner ${owner}`)));
    for (const { id, owner } of stage.rows) expect(await stage.find(owner, accountId(id, 1, []))).toBeDefined();
    const { id, owner } = stage.rows[0] ?? rowOf();
    expect((await stage.find(owner, accountId(id, 1, [])))?.session.id).toBe(id);
  });
});
