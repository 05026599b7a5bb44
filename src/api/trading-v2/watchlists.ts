/** Watchlists of an account: lists of symbols that only its owner gives a meaning. Kept with the account, in the journal. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { v5 as uuidv5 } from "uuid";
import type { Account } from "../../engine/index.ts";
import { formatInstant, refuse } from "../../kernel/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { inTurn, profileOf, profileText, type Profile, type StoredWatchlist } from "../alpaca/account-profile.ts";
import { AssetView, presentAsset } from "../alpaca/asset.ts";
import type { Desk } from "../alpaca/desk/desk.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { NoContent, nullable, PLAIN_TEXT, queryText, refusals, Time } from "../wire/schemas.ts";
import { shown, shownBare } from "../wire/validation.ts";

const TAGS = ["watchlists"];
const BY_ID = "/v2/watchlists/:watchlistId";
const BY_NAME = "/v2/watchlists::by_name";

const NAME_LENGTH_MAX = 64;

const WatchlistView = Type.Object({
  id: Type.String({ format: "uuid" }),
  account_id: Type.String({ format: "uuid" }),
  name: Type.String(),
  created_at: Time,
  updated_at: Time,
  assets: Type.Optional(Type.Array(AssetView)),
});

const Name = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, pattern: PLAIN_TEXT });
const ListBody = Type.Object(
  { name: Type.Optional(nullable(Name)), symbols: Type.Optional(nullable(Type.Array(Type.String()))) },
  { additionalProperties: true },
);
const SymbolBody = Type.Object({ symbol: Type.String() }, { additionalProperties: true });

const Id = Type.Object({ watchlistId: Type.String() });
const ByName = Type.Object({ name: queryText("the watchlist's name") });

export function registerWatchlists(app: FastifyInstance, desk: Desk): void {
  registerCollection(app, desk);
  for (const place of [
    { url: BY_ID, where: { params: Id } },
    { url: BY_NAME, where: { querystring: ByName } },
  ]) {
    registerReading(app, desk, place);
    registerChanging(app, desk, place);
  }
  app.delete(
    `${BY_ID}/:symbol`,
    {
      schema: {
        tags: TAGS,
        summary: "Take a symbol off a watchlist",
        params: Type.Object({ watchlistId: Type.String(), symbol: Type.String() }),
        response: { 200: WatchlistView, ...refusals(400, 404, 409, 422) },
      },
    },
    async (request) => {
      const { symbol } = request.params as { readonly symbol: string };
      const asked = desk.assetOf(symbol)?.symbol ?? symbol.toUpperCase();
      return edit(desk, request, (list) => {
        if (!list.symbols.includes(asked)) throw notFound(`symbol not found: ${shownBare(asked)}`);
        return { ...list, symbols: list.symbols.filter((each) => each !== asked) };
      });
    },
  );
}

function registerCollection(app: FastifyInstance, desk: Desk): void {
  app.get(
    "/v2/watchlists",
    {
      schema: {
        tags: TAGS,
        summary: "List watchlists, without their assets",
        response: { 200: Type.Array(WatchlistView), ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      return readSession(session, [], (view) => {
        const account = desk.accountOf(view, request);
        return profileOf(account).watchlists.map((list) => present(view, account, list));
      });
    },
  );
  app.post(
    "/v2/watchlists",
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Make a watchlist",
        body: ListBody,
        response: { 200: WatchlistView, ...refusals(400, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const { name, symbols } = request.body as Static<typeof ListBody>;
      if (name === undefined || name === null) throw invalid("name is required");
      return change(desk, request, (profile, now) => {
        checkFree(profile, name);
        const number = profile.watchlistCount + 1;
        const list = { number, name, symbols: symbolsOf(desk, symbols ?? []), createdAt: now, updatedAt: now };
        return { profile: { ...profile, watchlists: [...profile.watchlists, list], watchlistCount: number }, list };
      });
    },
  );
}

interface Place {
  readonly url: string;
  readonly where: object;
}

function registerReading(app: FastifyInstance, desk: Desk, { url, where }: Place): void {
  app.get(
    url,
    {
      schema: {
        tags: TAGS,
        summary: "Get a watchlist",
        ...where,
        response: { 200: WatchlistView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await desk.sessionOf(request);
      return readSession(session, [], (view) => {
        const account = desk.accountOf(view, request);
        return presentWhole(desk, { view, account, list: find(profileOf(account), { view, account }, request) });
      });
    },
  );
  app.delete(
    url,
    {
      schema: {
        tags: TAGS,
        summary: "Delete a watchlist",
        ...where,
        response: { 204: NoContent, ...refusals(400, 404, 409) },
      },
    },
    async (request, reply) => {
      await change(desk, request, (profile, _now, { view, account }) => {
        const list = find(profile, { view, account }, request);
        return { profile: { ...profile, watchlists: profile.watchlists.filter((other) => other !== list) }, list };
      });
      return reply.code(204).send();
    },
  );
}

function registerChanging(app: FastifyInstance, desk: Desk, { url, where }: Place): void {
  app.put(
    url,
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Rename a watchlist, or give it other symbols",
        ...where,
        body: ListBody,
        response: { 200: WatchlistView, ...refusals(400, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const { name, symbols } = request.body as Static<typeof ListBody>;
      return edit(desk, request, (list, profile) => {
        if (name !== undefined && name !== null && name !== list.name) checkFree(profile, name);
        const kept = symbols === undefined || symbols === null ? list.symbols : symbolsOf(desk, symbols);
        return { ...list, name: name ?? list.name, symbols: kept };
      });
    },
  );
  app.post(
    url,
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Add a symbol to a watchlist",
        ...where,
        body: SymbolBody,
        response: { 200: WatchlistView, ...refusals(400, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const { symbol } = request.body as Static<typeof SymbolBody>;
      return edit(desk, request, (list) => {
        const [known = ""] = symbolsOf(desk, [symbol]);
        if (list.symbols.includes(known)) throw invalid(`duplicate symbol: ${known}`);
        return { ...list, symbols: [...list.symbols, known] };
      });
    },
  );
}

interface Whose {
  readonly view: SessionView;
  readonly account: Account;
}

type Edit = (
  profile: Profile,
  now: string,
  whose: Whose,
) => { readonly profile: Profile; readonly list: StoredWatchlist };

/** Changes one list. */
function edit(
  desk: Desk,
  request: FastifyRequest,
  make: (list: StoredWatchlist, profile: Profile) => StoredWatchlist,
): Promise<Static<typeof WatchlistView>> {
  return change(desk, request, (profile, now, { view, account }) => {
    const old = find(profile, { view, account }, request);
    const list = { ...make(old, profile), updatedAt: now };
    return {
      profile: { ...profile, watchlists: profile.watchlists.map((each) => (each === old ? list : each)) },
      list,
    };
  });
}

async function change(desk: Desk, request: FastifyRequest, make: Edit): Promise<Static<typeof WatchlistView>> {
  const session = await desk.sessionOf(request);
  return inTurn(session, async () => {
    const { ordinal, made } = await readSession(session, [], (view) => {
      const account = desk.accountOf(view, request);
      const profile = profileOf(account);
      return { ordinal: account.ordinal, made: make(profile, formatInstant(view.state.clock), { view, account }) };
    });
    const profile = profileText(made.profile);
    const { view } = accepted(await session.execute({ kind: "update_account", account: ordinal, profile }));
    return presentWhole(desk, { view, account: desk.accountOf(view, request), list: made.list });
  });
}

/** The list of the request, as it stands in this profile: each reading of a profile makes other objects. */
function find(profile: Profile, { view, account }: Whose, request: FastifyRequest): StoredWatchlist {
  const { watchlistId } = request.params as { readonly watchlistId?: string };
  const wanted = watchlistId?.toLowerCase() ?? queryOf(request).text("name") ?? "";
  if (wanted === "") throw new RefusedRequest(refuse("bad_request", "name is required"));
  const list = profile.watchlists.find((each) =>
    watchlistId === undefined ? each.name === wanted : idOf(view, account, each) === wanted,
  );
  if (list === undefined) throw notFound(`watchlist not found for ${shown(wanted)}`);
  return list;
}

function checkFree(profile: Profile, name: string): void {
  if (profile.watchlists.some((list) => list.name === name)) {
    throw invalid(`watchlist name must be unique, got ${shown(name)} a second time`);
  }
}

/** Symbols of the catalog, each once. */
function symbolsOf(desk: Desk, symbols: readonly string[]): readonly string[] {
  const known = symbols.map((symbol) => {
    const asset = desk.assetOf(symbol);
    if (asset === undefined) throw invalid(`symbol not found: ${shownBare(symbol)}`);
    return asset.symbol;
  });
  return [...new Set(known)];
}

const invalid = (message: string): RefusedRequest => new RefusedRequest(refuse("invalid_order_parameter", message));
const notFound = (message: string): RefusedRequest => new RefusedRequest(refuse("not_found", message));

const idOf = (view: SessionView, account: Account, { number }: StoredWatchlist): string =>
  uuidv5(`watchlist/${number}`, view.ids.account(account.ordinal));

function present(view: SessionView, account: Account, list: StoredWatchlist): Static<typeof WatchlistView> {
  return {
    id: idOf(view, account, list),
    account_id: view.ids.account(account.ordinal),
    name: list.name,
    created_at: list.createdAt,
    updated_at: list.updatedAt,
  };
}

/** A symbol that the catalog has lost stands on the list still, and is not shown. */
function presentWhole(
  desk: Desk,
  { view, account, list }: Whose & { readonly list: StoredWatchlist },
): Static<typeof WatchlistView> {
  const assets = list.symbols.map((symbol) => desk.assetOf(symbol)).filter((asset) => asset !== undefined);
  return { ...present(view, account, list), assets: assets.map(presentAsset) };
}
