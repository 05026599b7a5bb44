import { describe, expect, it } from "vitest";
import { findSessionId } from "./find-session.ts";
import type { ServerAnswer, ServerClient } from "./server-client.ts";

interface Row {
  readonly id: string;
  readonly name: string | null;
}

/** A server whose list has one session a page. */
function serverOf(rows: readonly Row[]): Pick<ServerClient, "get" | "send"> {
  const page = (index: number): ServerAnswer => ({
    body: rows.slice(index, index + 1),
    next: index + 1 < rows.length ? `/v1/sessions?page_token=${index + 1}` : undefined,
  });
  return {
    get: (path) => Promise.resolve(page(Number(/page_token=(\d+)/.exec(path)?.[1] ?? 0))),
    send: () => Promise.reject(new Error("nothing is sent to find a session")),
  };
}

const rows: readonly Row[] = [
  { id: "abc123", name: "first" },
  { id: "abd499", name: null },
  { id: "abd456", name: null },
  { id: "first", name: "third" },
  { id: "eee789", name: "abc" },
  { id: "eee999", name: "twice" },
  { id: "fff000", name: "twice" },
];

describe("a session", () => {
  const found: readonly (readonly [string, string, string])[] = [
    ["by its id before another's name", "first", "first"],
    ["by its name before another's beginning", "abc", "eee789"],
    ["by the beginning of its id", "abd45", "abd456"],
    ["by the beginning in capitals", "FFF0", "fff000"],
  ];
  it.each(found)("is found %s", async (_, given, id) => {
    expect(await findSessionId(serverOf(rows), given)).toBe(id);
  });

  it("is not looked for where a whole id is given", async () => {
    const id = "5f0c2a3e-0000-4000-8000-000000000000";
    const silent: Pick<ServerClient, "get" | "send"> = {
      get: () => Promise.reject(new Error("asked")),
      send: () => Promise.reject(new Error("asked")),
    };
    expect(await findSessionId(silent, id)).toBe(id);
  });

  it.each(["nobody", "", "fff"])("that does not exist is not found: %j", async (given) => {
    await expect(findSessionId(serverOf(rows), given)).rejects.toMatchObject({
      exit: "not_found",
      code: "server_refused",
    });
  });

  it.each(["abd4", "twice"])("must be the only one that is meant: %s", async (given) => {
    await expect(findSessionId(serverOf(rows), given)).rejects.toMatchObject({
      exit: "usage",
      message: expect.stringContaining(" may be "),
    });
  });

  it("is asked for with a few candidates, not with all of them", async () => {
    const many = Array.from({ length: 9 }, (_, index) => ({ id: `aaaa${index}`, name: null }));
    await expect(findSessionId(serverOf(many), "aaaa")).rejects.toThrow(
      /aaaa0, aaaa1, aaaa2, aaaa3, aaaa4 and 4 more; give more of the id/,
    );
  });
});
