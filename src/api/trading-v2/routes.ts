/** Alpaca's Trading API v2, for the one account that a request is bound to. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Account } from "../../engine/index.ts";
import { refuse } from "../../kernel/index.ts";
import type { SessionRegistry, SessionView } from "../../sessions/index.ts";
import { findAsset } from "../alpaca/asset-lookup.ts";
import type { Desk } from "../alpaca/desk/desk.ts";
import { registerDesk } from "../alpaca/desk/routes.ts";
import { documentAsOf } from "../wire/as-of.ts";
import type { Bind } from "../wire/binding.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { registerUnsupported } from "../wire/unsupported.ts";
import { registerAnnouncements } from "./announcements.ts";
import { registerAssets } from "./assets.ts";
import { registerClocks } from "./clocks.ts";
import { UNSUPPORTED } from "./unsupported.ts";
import { registerWatchlists } from "./watchlists.ts";

/** Only Alpaca's spelling counts here: a field in another one is unknown, and ignored as any unknown field is. */
export function registerTrading(app: FastifyInstance, registry: SessionRegistry, bind: Bind): void {
  app.addHook("preValidation", (request, _reply, done) => {
    request.body ??= {};
    done();
  });
  documentAsOf(app);
  const desk = tradingDesk(registry, bind);
  registerDesk(app, desk);
  registerAssets(app, desk, registry.catalog);
  registerClocks(app, desk);
  registerWatchlists(app, desk);
  registerAnnouncements(app, desk, registry.catalog);
  registerUnsupported(app, UNSUPPORTED);
}

function tradingDesk(registry: SessionRegistry, bind: Bind): Desk {
  const bound = new WeakMap<FastifyRequest, number>();
  return {
    base: "/v2",
    params: {},
    placedStatus: 200,
    sessionOf: async (request) => {
      const { session, account } = await bind(request);
      if (account !== undefined) bound.set(request, account);
      return session;
    },
    accountOf: (view, request) => accountOf(view, bound.get(request)),
    assetOf: (symbolOrId) => findAsset(registry.catalog, symbolOrId),
  };
}

function accountOf(view: SessionView, ordinal: number | undefined): Account {
  if (ordinal === undefined) {
    const count = view.state.accounts.length;
    const message =
      count === 0
        ? "the session has no account: open one with POST /v1/accounts"
        : `the session has ${count} accounts: say which with X-Account-Id, or with /sim/{accountId}`;
    throw new RefusedRequest(refuse("bad_request", message));
  }
  const account = view.state.accounts[ordinal - 1];
  if (account === undefined) throw new RefusedRequest(refuse("not_found", "account not found"));
  return account;
}
