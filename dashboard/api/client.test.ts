import { describe, expect, it } from "vitest";
import { createClient, nextOf } from "./client.ts";
import { wordsOf } from "./errors.ts";

interface Asked {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

function clientThat(answer: () => Promise<Response>): { asked: Asked[]; client: ReturnType<typeof createClient> } {
  const asked: Asked[] = [];
  const client = createClient({
    credentials: () => ({ id: "key", secret: "secret" }),
    fetch: (url, init) => {
      asked.push({ url: url as string, headers: init?.headers as Record<string, string>, body: init?.body });
      return answer();
    },
  });
  return { asked, client };
}

describe("the client", () => {
  it("sends the key, the session and a JSON body", async () => {
    const { asked, client } = clientThat(() => Promise.resolve(Response.json({})));
    await client.openAccount("s-1");
    expect(asked).toEqual([
      {
        url: "/v1/accounts",
        headers: {
          "apca-api-key-id": "key",
          "apca-api-secret-key": "secret",
          "x-session-id": "s-1",
          "content-type": "application/json",
        },
        body: "{}",
      },
    ]);
  });

  it("throws what the server said, with its code", async () => {
    const { client } = clientThat(() =>
      Promise.resolve(Response.json({ code: 40_410_000, message: "session not found: x" }, { status: 404 })),
    );
    const error: unknown = await client.session("x").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 404, code: 40_410_000 });
    expect(wordsOf(error)).toBe("session not found: x (40410000)");
  });

  it("says so where no answer comes, or one without words", async () => {
    const { client } = clientThat(() => Promise.reject(new TypeError("fetch failed")));
    await expect(client.session("x")).rejects.toMatchObject({ status: 0 });
    const silent = clientThat(() => Promise.resolve(new Response("<html>", { status: 502 })));
    await expect(silent.client.session("x")).rejects.toThrow("answered 502");
  });

  it("finds the next page in the Link header", () => {
    expect(nextOf('<http://localhost:5000/v1/sessions?limit=2&page_token=abc>; rel="next"')).toBe("abc");
    expect(nextOf(null)).toBeUndefined();
  });
});
