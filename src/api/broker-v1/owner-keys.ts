/** All keys of an owner, whatever they were made for. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import type { KeyStore, KeySummary } from "../../access/index.ts";
import { formatInstant, instant } from "../../kernel/index.ts";
import { ownerOf } from "../wire/auth.ts";
import type { LastUsed } from "../wire/last-used.ts";
import { nullable, refusals } from "../wire/schemas.ts";

const OwnerKeyView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scope: Type.Enum(["owner", "session", "account"], {
      description: "account: that account alone; session: its session's clock too; owner: all that is the owner's.",
    }),
    session_id: nullable(Type.String({ format: "uuid" })),
    account_id: nullable(Type.String({ format: "uuid" })),
    created_at: Type.String({ format: "date-time" }),
    rotated_at: nullable(Type.String({ format: "date-time" })),
    revoked_at: nullable(Type.String({ format: "date-time" })),
    last_used_at: nullable(
      Type.String({ format: "date-time", description: "By the wall clock; null: not since the server started." }),
    ),
  },
  { description: "A key, never with its secret." },
);

export function registerOwnerKeys(
  app: FastifyInstance,
  keys: Pick<KeyStore, "list">,
  lastUsed: Pick<LastUsed, "of">,
): void {
  app.get(
    "/v1/keys",
    {
      schema: {
        tags: ["keys"],
        summary: "List all of your keys, revoked ones included, never their secrets",
        response: { 200: Type.Array(OwnerKeyView), ...refusals() },
      },
    },
    async (request) => {
      const owner = ownerOf(request);
      return keys
        .list()
        .filter((key) => key.owner === owner)
        .map((key) => present(key, lastUsed.of(key.id)));
    },
  );
}

const present = (key: KeySummary, usedAt: number | undefined): Static<typeof OwnerKeyView> => ({
  id: key.id,
  name: key.name,
  scope: key.binding?.scope ?? "owner",
  session_id: key.binding?.session ?? null,
  account_id: key.binding?.account ?? null,
  created_at: key.createdAt,
  rotated_at: key.rotatedAt ?? null,
  revoked_at: key.revokedAt ?? null,
  last_used_at: usedAt === undefined ? null : formatInstant(instant(usedAt)),
});
