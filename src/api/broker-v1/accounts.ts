/** Accounts of a session: open, list, read, change, close, and the account as its trader sees it. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import { LIST_ROWS_DEFAULT, LIST_ROWS_MAX, refuse } from "../../kernel/index.ts";
import { inTurn, NO_PROFILE, profileOf, profileText } from "../alpaca/account-profile.ts";
import { BrokerAccountView, presentBrokerAccount } from "../alpaca/broker-account.ts";
import { parseCash } from "../wire/cash.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { linkNext, placeOf } from "../wire/paging.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { created, DecimalInput, NoContent, queryText, refusals } from "../wire/schemas.ts";
import { wholeNumber } from "../wire/values.ts";
import { accountOf, type Broker } from "./context.ts";

const TAGS = ["accounts"];
const PathParams = Type.Object({ accountId: Type.String() });
const Details = Type.Record(Type.String(), Type.Unknown());

/** Other fields of Alpaca's account requests are accepted and mean nothing here. */
const OpenAccountBody = Type.Object(
  { initial_cash: Type.Optional(DecimalInput), contact: Type.Optional(Details), identity: Type.Optional(Details) },
  { additionalProperties: true },
);
const UpdateAccountBody = Type.Object(
  { contact: Type.Optional(Details), identity: Type.Optional(Details) },
  { additionalProperties: true },
);

export function registerAccounts(app: FastifyInstance, broker: Broker): void {
  registerCollection(app, broker);
  registerOne(app, broker);
}

function registerOne(app: FastifyInstance, broker: Broker): void {
  app.get(
    "/v1/accounts/:accountId",
    {
      schema: {
        tags: TAGS,
        summary: "Get an account",
        params: PathParams,
        response: { 200: BrokerAccountView, ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      return readSession(session, [], (view) => presentBrokerAccount(view, accountOf(view, request)));
    },
  );
  app.patch(
    "/v1/accounts/:accountId",
    {
      schema: {
        tags: TAGS,
        summary: "Change contact and identity data",
        params: PathParams,
        body: UpdateAccountBody,
        response: { 200: BrokerAccountView, ...refusals(400, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const body = request.body as Static<typeof UpdateAccountBody>;
      return inTurn(session, async () => {
        const account = await readSession(session, [], (view) => accountOf(view, request));
        const known = profileOf(account);
        const profile = profileText({
          ...known,
          contact: { ...known.contact, ...body.contact },
          identity: { ...known.identity, ...body.identity },
        });
        const { view } = accepted(await session.execute({ kind: "update_account", account: account.ordinal, profile }));
        return presentBrokerAccount(view, accountOf(view, request));
      });
    },
  );
  app.delete(
    "/v1/accounts/:accountId",
    {
      schema: {
        tags: TAGS,
        summary: "Close an account that is flat and has no open orders",
        params: PathParams,
        response: { 204: NoContent, ...refusals(400, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const session = await broker.sessionOf(request);
      const account = await readSession(session, [], (view) => accountOf(view, request));
      accepted(await session.execute({ kind: "close_account", account: account.ordinal }));
      return reply.code(204).send();
    },
  );
}

/** Accounts are listed from the newest down. */
function ordinalAfter(place: string | undefined): number {
  if (place === undefined) return Infinity;
  if (/^\d{1,9}$/.test(place)) return Number(place);
  throw new RefusedRequest(refuse("bad_request", "page_token must be one that a page of accounts gave, got another"));
}

function registerCollection(app: FastifyInstance, broker: Broker): void {
  app.post(
    "/v1/accounts",
    {
      schema: {
        tags: TAGS,
        summary: "Open an account",
        body: OpenAccountBody,
        response: { 201: created(BrokerAccountView), ...refusals(400, 404, 409, 413) },
      },
    },
    async (request, reply) => {
      const session = await broker.sessionOf(request);
      const { initial_cash: amount, contact = {}, identity = {} } = request.body as Static<typeof OpenAccountBody>;
      const initialCash = parseCash("initial_cash", amount);
      const profile = profileText({ ...NO_PROFILE, contact, identity });
      const { view } = accepted(await session.execute({ kind: "open_account", initialCash, profile }));
      const account = view.state.accounts.at(-1);
      const body = account === undefined ? undefined : presentBrokerAccount(view, account);
      return reply
        .code(201)
        .header("location", `/v1/accounts/${body?.id ?? ""}`)
        .send(body);
    },
  );
  app.get(
    "/v1/accounts",
    {
      schema: {
        tags: TAGS,
        summary: "List accounts, newest first",
        querystring: Type.Object({
          limit: queryText(`1 to ${LIST_ROWS_MAX}, default ${LIST_ROWS_DEFAULT}`),
          page_token: queryText("from the Link header"),
        }),
        response: { 200: Type.Array(BrokerAccountView), ...refusals(400, 404) },
      },
    },
    async (request, reply) => {
      const session = await broker.sessionOf(request);
      const query = queryOf(request);
      const limit = wholeNumber("limit", query.text("limit"), {
        min: 1,
        max: LIST_ROWS_MAX,
        otherwise: LIST_ROWS_DEFAULT,
      });
      const after = ordinalAfter(placeOf(query.text("page_token")));
      return readSession(session, [], (view) => {
        const rest = view.state.accounts.filter((account) => account.ordinal < after).toReversed();
        const page = rest.slice(0, limit);
        linkNext(request, reply, rest.length > limit ? String(page.at(-1)?.ordinal) : undefined);
        return page.map((account) => presentBrokerAccount(view, account));
      });
    },
  );
}
