/** Base URLs with a path: /sim/{accountId}/v2/… is /v2/… for that account; /sim/{accountId}/lockstep/… in lock-step. */
import type { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";

const PREFIX = /^\/+sim\/+([^/?#]+)(\/+lockstep(?=[/?#]|$))?([^]*)$/;

interface Named {
  readonly account: string;
  readonly isLockStep: boolean;
}

const named = new WeakMap<object, Named>();

/** The path without its prefix; what the prefix named is remembered with the request. */
export function withoutAccount(raw: Pick<IncomingMessage, "url">): string {
  const url = raw.url ?? "/";
  const [, account, lockStep, rest = ""] = PREFIX.exec(url) ?? [];
  if (account === undefined) return url;
  named.set(raw, { account: decoded(account), isLockStep: lockStep !== undefined });
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** The account id that the path named. */
export const accountInPath = ({ raw }: FastifyRequest): string | undefined => named.get(raw)?.account;

/** Whether the path asked that a session waits for its streams. */
export const isLockStepInPath = ({ raw }: FastifyRequest): boolean => named.get(raw)?.isLockStep ?? false;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
