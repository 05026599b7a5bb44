/** What the server says of itself, to anybody who reaches it. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import type { KeyStore } from "../access/index.ts";
import { nullable } from "./wire/schemas.ts";

const TAGS = ["server"];

export const ServerView = Type.Object(
  {
    version: Type.String(),
    development_key: nullable(
      Type.Object(
        { id: Type.String(), secret: Type.String() },
        { description: "The published key, where the server takes it: only while it listens on loopback." },
      ),
    ),
  },
  { description: "What a client has to know before it signs in." },
);

export interface ServerParts {
  readonly version: string;
  readonly keys: Pick<KeyStore, "developmentKey">;
}

export function registerHealth(app: FastifyInstance): void {
  app.get(
    "/health",
    {
      schema: {
        tags: TAGS,
        summary: "Whether the server is up",
        security: [],
        response: { 200: Type.Object({ status: Type.Enum(["healthy"]) }) },
      },
    },
    () => Promise.resolve({ status: "healthy" as const }),
  );
}

export function registerServer(app: FastifyInstance, { version, keys }: ServerParts): void {
  app.get(
    "/v1/server",
    {
      schema: {
        tags: TAGS,
        summary: "Which server this is, and whether its development key is good",
        security: [],
        response: { 200: ServerView },
      },
    },
    (): Promise<Static<typeof ServerView>> =>
      Promise.resolve({ version, development_key: keys.developmentKey ?? null }),
  );
}
