/** Base URLs with a path: /sim/{accountId}/v2/… is /v2/… for that account. */
import type { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";

const PREFIX = /^\/+sim\/+([^/?#]+)([^]*)$/;

const accounts = new WeakMap<object, string>();

/** The path without its prefix; what the prefix named is remembered with the request. */
export function withoutAccount(raw: Pick<IncomingMessage, "url">): string {
  const url = raw.url ?? "/";
  const [, account, rest = ""] = PREFIX.exec(url) ?? [];
  if (account === undefined) return url;
  accounts.set(raw, decoded(account));
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** The account id that the path named. */
export const accountInPath = ({ raw }: FastifyRequest): string | undefined => accounts.get(raw);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
