/** Keys for one account: made, listed and revoked by the owner of its session. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { KEY_SCOPES, type KeyStore, type KeySummary } from "../../access/index.ts";
import { NAME_LENGTH_MAX, refuse } from "../../kernel/index.ts";
import { ownerOf } from "../wire/auth.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { readSession } from "../wire/reading.ts";
import { created, NoContent, nullable, PLAIN_TEXT, refusals } from "../wire/schemas.ts";
import { shown } from "../wire/validation.ts";
import { accountOf, type Broker } from "./context.ts";

/** What the API needs of the store of keys. */
export type Keys = Pick<KeyStore, "create" | "list" | "revoke" | "revokeSession">;

const TAGS = ["keys"];
const AccountParams = Type.Object({ accountId: Type.String() });
const KeyParams = Type.Object({ accountId: Type.String(), keyId: Type.String() });

const FIELDS = {
  id: Type.String(),
  name: Type.String(),
  account_id: Type.String({ format: "uuid" }),
  session_id: Type.String({ format: "uuid" }),
  scope: Type.Enum([...KEY_SCOPES]),
  created_at: Type.String({ format: "date-time" }),
  rotated_at: nullable(Type.String({ format: "date-time" })),
  revoked_at: nullable(Type.String({ format: "date-time" })),
};

const KeyView = Type.Object(FIELDS, { description: "A key for one account." });
const NewKeyView = Type.Object({ ...FIELDS, secret: Type.String({ description: "Shown this once." }) });

const NewKeyBody = Type.Object(
  {
    name: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, pattern: PLAIN_TEXT }))),
    scope: Type.Optional(
      nullable(
        Type.Enum([...KEY_SCOPES], { description: "account (default); session: may move the session's clock too." }),
      ),
    ),
  },
  { additionalProperties: false },
);

interface Place {
  readonly owner: string;
  readonly session: string;
  readonly account: string;
}

export function registerKeys(app: FastifyInstance, broker: Broker, keys: Keys): void {
  const path = "/v1/accounts/:accountId/keys";
  app.post(
    path,
    {
      schema: {
        tags: TAGS,
        summary: "Make a key for one account",
        params: AccountParams,
        body: NewKeyBody,
        response: { 201: created(NewKeyView), ...refusals(400, 404, 413) },
      },
    },
    async (request, reply) => {
      const place = await placeOf(broker, request);
      const { name, scope } = request.body as Static<typeof NewKeyBody>;
      const boundTo = { ...place, scope: scope ?? "account" };
      const key = await keys.create({ name: name ?? `account ${place.account}`, boundTo });
      const location = `/v1/accounts/${place.account}/keys/${key.id}`;
      return reply
        .code(201)
        .header("location", location)
        .send({ ...present(key, place), secret: key.secret });
    },
  );
  app.get(
    path,
    {
      schema: {
        tags: TAGS,
        summary: "List an account's keys, never their secrets",
        params: AccountParams,
        response: { 200: Type.Array(KeyView), ...refusals(400, 404) },
      },
    },
    async (request) => {
      const place = await placeOf(broker, request);
      return keysOf(keys, place).map((key) => present(key, place));
    },
  );
  app.delete(
    `${path}/:keyId`,
    {
      schema: {
        tags: TAGS,
        summary: "Revoke a key of an account",
        params: KeyParams,
        response: { 204: NoContent, ...refusals(400, 404) },
      },
    },
    async (request, reply) => {
      const { keyId } = request.params as Static<typeof KeyParams>;
      const place = await placeOf(broker, request);
      if (!keysOf(keys, place).some(({ id }) => id === keyId)) {
        throw new RefusedRequest(refuse("not_found", `key not found: ${shown(keyId)}`));
      }
      await keys.revoke(keyId);
      return reply.code(204).send();
    },
  );
}

/** With X-Session-Id the session's; without it the account is looked for in all of the owner's sessions. */
async function placeOf(broker: Broker, request: FastifyRequest): Promise<Place> {
  const owner = ownerOf(request);
  const { accountId } = request.params as Static<typeof AccountParams>;
  const named = await broker.sessionIfAny(request);
  if (named !== undefined) {
    const account = await readSession(named, [], (view) => view.ids.account(accountOf(view, request).ordinal));
    return { owner, session: named.id, account };
  }
  const found = await broker.registry.findAccount(owner, accountId);
  if (found === undefined) throw new RefusedRequest(refuse("not_found", `account not found for ${shown(accountId)}`));
  return { owner, session: found.session.id, account: accountId.toLowerCase() };
}

const keysOf = (keys: Keys, { owner, account }: Place): readonly KeySummary[] =>
  keys.list().filter((key) => key.owner === owner && key.binding?.account === account);

const present = (key: KeySummary, { account, session }: Place): Static<typeof KeyView> => ({
  id: key.id,
  name: key.name,
  account_id: account,
  session_id: session,
  scope: key.binding?.scope ?? "account",
  created_at: key.createdAt,
  rotated_at: key.rotatedAt ?? null,
  revoked_at: key.revokedAt ?? null,
});
