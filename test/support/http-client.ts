/** A small client for tests and benches: the development key, JSON in and out, status beside it. */

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Path and query of the next page, if there is one. */
  readonly next: string | undefined;
}

export interface Client {
  readonly request: (method: string, path: string, body?: unknown, session?: string) => Promise<Answer>;
}

const AUTHORIZATION = `Basic ${Buffer.from("test-api-key:test-api-secret").toString("base64")}`;

export function createClient(url: string): Client {
  return {
    request: async (method, path, body, session) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: AUTHORIZATION,
          ...(session === undefined ? {} : { "x-session-id": session }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text === "" ? undefined : (JSON.parse(text) as unknown),
        next: nextIn(response.headers.get("link")),
      };
    },
  };
}

function nextIn(link: string | null): string | undefined {
  const href = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
  if (href === undefined) return undefined;
  const { pathname, search } = new URL(href);
  return pathname + search;
}

/** A field of a JSON answer, as text; "" where there is none. */
export function field(body: unknown, name: string): string {
  if (typeof body !== "object" || body === null) return "";
  const value = (body as Record<string, unknown>)[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
