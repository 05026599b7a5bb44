/** Finds the account that a request of one of Alpaca's surfaces is bound to: by path, by key, or by headers. */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../kernel/index.ts";
import type { SessionHandle, SessionRegistry } from "../../sessions/index.ts";
import { accountInPath } from "./account-path.ts";
import { asOf } from "./as-of.ts";
import { ownerOf } from "./auth.ts";
import type { Bind, Bound } from "./binding.ts";
import { answeredFrom } from "./data-changes.ts";
import { RefusedRequest } from "./errors.ts";
import { readSession } from "./reading.ts";
import { shown } from "./validation.ts";

const UNBOUND =
  "nothing says which account this is about: use a base URL that ends in /sim/{accountId}, a key that was made for " +
  "one account, or the headers X-Session-Id and X-Account-Id";

export function createBind(registry: SessionRegistry): Bind {
  return async (request) => {
    const bound = await find(registry, request);
    answeredFrom(request, bound.session);
    return { ...bound, session: await asOf(request, bound.session) };
  };
}

async function find(registry: SessionRegistry, request: FastifyRequest): Promise<Bound> {
  const account = accountOf(request);
  if (request.principal === undefined && account !== undefined) return findOpen(registry, account);
  const owner = ownerOf(request);
  const sessionId = header(request, "x-session-id");
  if (sessionId !== undefined) {
    const session = await registry.find(owner, sessionId);
    if (session === undefined) throw notFound(`session not found: ${shown(sessionId)}`);
    return { session, account: await accountIn(session, account) };
  }
  if (account === undefined) throw new RefusedRequest(refuse("bad_request", UNBOUND));
  const found = await registry.findAccount(owner, account);
  if (found === undefined) throw notFound(`account not found for ${shown(account)}`);
  return found;
}

/** Without credentials only a route that needs none gets here; the account's id, which nobody can guess, is the key. */
async function findOpen(registry: SessionRegistry, account: string): Promise<Bound> {
  const found = await registry.findOpenAccount(account);
  if (found !== undefined) return found;
  throw new RefusedRequest(refuse("missing_authorization", "credentials are required until the session is in use"));
}

/** The path and the headers must not name two accounts, and a key that was made for one names no other. */
function accountOf(request: FastifyRequest): string | undefined {
  const ids = [request.principal?.binding?.account, accountInPath(request), header(request, "x-account-id")].filter(
    (id) => id !== undefined,
  );
  const [first, ...others] = ids.map((id) => id.toLowerCase());
  const other = others.find((id) => id !== first);
  if (other === undefined) return first;
  throw notFound(`account not found for ${shown(other)}`);
}

/** A session with one account needs no word about which. */
async function accountIn(session: SessionHandle, id: string | undefined): Promise<number | undefined> {
  return readSession(session, [], (view) => {
    if (id === undefined) return view.state.accounts.length === 1 ? 1 : undefined;
    const ordinal = view.ids.findAccount(id);
    if (ordinal === undefined) throw notFound(`account not found for ${shown(id)}`);
    return ordinal;
  });
}

const notFound = (message: string): RefusedRequest => new RefusedRequest(refuse("not_found", message));

function header({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
