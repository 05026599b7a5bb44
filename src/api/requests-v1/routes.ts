/** What clients have asked lately: for finding out whether a bot is connected, and with what success. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import type { KeyStore } from "../../access/index.ts";
import { formatInstant, instant, LIST_ROWS_DEFAULT, LIST_ROWS_MAX } from "../../kernel/index.ts";
import { ownerOf } from "../wire/auth.ts";
import { queryOf } from "../wire/query.ts";
import { nullable, queryText, refusals } from "../wire/schemas.ts";
import { wholeNumber } from "../wire/values.ts";
import type { LoggedRequest, RequestLog } from "./request-log.ts";

const RequestView = Type.Object(
  {
    id: Type.Integer({ description: "Grows from request to request; begins anew with the server." }),
    at: Type.String({ format: "date-time", description: "By the wall clock." }),
    method: Type.String(),
    path: Type.String({ description: "Without its query." }),
    status: Type.Integer(),
    ms: Type.Number({ description: "From the request's first line to the end of the answer." }),
    key_id: Type.String(),
    session_id: nullable(Type.String({ description: "As the path, the key or the header says." })),
    account_id: nullable(Type.String()),
    agent: nullable(Type.String({ description: "The client's User-Agent, shortened." })),
  },
  { description: "One request, never with a secret." },
);

const Query = Type.Object({
  after: queryText("only requests with a greater id"),
  limit: queryText(`1 to ${LIST_ROWS_MAX}; default ${LIST_ROWS_DEFAULT}`),
});

/** `keys` tells whose a key is that was shown with a wrong secret. */
export function registerRequests(
  app: FastifyInstance,
  log: RequestLog,
  keys: Pick<KeyStore, "list" | "developmentKey">,
): void {
  app.get(
    "/v1/requests",
    {
      schema: {
        tags: ["requests"],
        summary: "The newest requests of your keys, newest first; those of the server's own pages are left out",
        querystring: Query,
        response: { 200: Type.Array(RequestView), ...refusals(400) },
      },
    },
    async (request) => {
      const owner = ownerOf(request);
      const query = queryOf(request);
      const after = wholeNumber("after", query.text("after"), { min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 });
      const limit = wholeNumber("limit", query.text("limit"), {
        min: 1,
        max: LIST_ROWS_MAX,
        otherwise: LIST_ROWS_DEFAULT,
      });
      const own = ownKeys(keys, owner);
      const rows: Static<typeof RequestView>[] = [];
      for (const each of log.newest()) {
        if (each.id <= after || rows.length >= limit) break;
        if (each.owner === owner || (each.owner === undefined && own.has(each.keyId))) rows.push(present(each));
      }
      return rows;
    },
  );
}

/** A wrong secret is its owner's matter too: the key that it was shown with says whose. */
function ownKeys(keys: Pick<KeyStore, "list" | "developmentKey">, owner: string): ReadonlySet<string> {
  const own = keys.list().flatMap((key) => (key.owner === owner ? [key.id] : []));
  return new Set(owner === "development" && keys.developmentKey !== undefined ? [...own, keys.developmentKey.id] : own);
}

const present = (logged: LoggedRequest): Static<typeof RequestView> => ({
  id: logged.id,
  at: formatInstant(instant(logged.at)),
  method: logged.method,
  path: logged.path,
  status: logged.status,
  ms: logged.ms,
  key_id: logged.keyId,
  session_id: logged.session ?? null,
  account_id: logged.account ?? null,
  agent: logged.agent ?? null,
});
