/** Transfers of cash: deposit, withdraw, list. None can be canceled, since each is complete at once. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { LIST_ROWS_DEFAULT, LIST_ROWS_MAX, refuse } from "../../kernel/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import {
  DIRECTIONS,
  parseTransfer,
  TransferBody,
  transfersOf,
  TransferView,
  type TransferJson,
} from "../alpaca/transfer.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { NoContent, queryText, refusals } from "../wire/schemas.ts";
import { oneOf, wholeNumber } from "../wire/values.ts";
import { shownBare } from "../wire/validation.ts";
import { accountOf, type Broker } from "./context.ts";

const TAGS = ["transfers"];
const BASE = "/v1/accounts/:accountId/transfers";
const AccountParams = Type.Object({ accountId: Type.String() });

export function registerTransfers(app: FastifyInstance, broker: Broker): void {
  registerMaking(app, broker);
  app.get(
    BASE,
    {
      schema: {
        tags: TAGS,
        summary: "List transfers, newest first",
        params: AccountParams,
        querystring: Type.Object({
          direction: queryText(DIRECTIONS.join(" or ")),
          limit: queryText(`1 to ${LIST_ROWS_MAX}, default ${LIST_ROWS_DEFAULT}`),
          offset: queryText("how many to leave out, default 0"),
        }),
        response: { 200: Type.Array(TransferView), ...refusals(400, 404) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const query = queryOf(request);
      const direction = oneOf("direction", query.text("direction"), DIRECTIONS);
      const limit = wholeNumber("limit", query.text("limit"), {
        min: 1,
        max: LIST_ROWS_MAX,
        otherwise: LIST_ROWS_DEFAULT,
      });
      const range = { min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 };
      const offset = wholeNumber("offset", query.text("offset"), range);
      return readSession(session, [], (view) => {
        const found = newestFirst(view, request).filter(
          (each) => direction === undefined || each.direction === direction,
        );
        return found.slice(offset, offset + limit);
      });
    },
  );
}

function registerMaking(app: FastifyInstance, broker: Broker): void {
  app.post(
    BASE,
    {
      config: { isOrderBody: true },
      schema: {
        tags: TAGS,
        summary: "Deposit or withdraw cash; complete at once",
        params: AccountParams,
        body: TransferBody,
        response: { 200: TransferView, ...refusals(400, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const account = await readSession(session, [], (view) => accountOf(view, request).ordinal);
      const netAmount = parseTransfer(request.body as Static<typeof TransferBody>);
      const { view } = accepted(await session.execute({ kind: "transfer_cash", account, netAmount }));
      return newestFirst(view, request)[0];
    },
  );
  app.delete(
    `${BASE}/:transferId`,
    {
      schema: {
        tags: TAGS,
        summary: "Refused: a transfer is complete at once, and what is complete is not canceled",
        params: Type.Object({ accountId: Type.String(), transferId: Type.String() }),
        response: { 204: NoContent, ...refusals(400, 404, 422) },
      },
    },
    async (request) => {
      const session = await broker.sessionOf(request);
      const { transferId } = request.params as { readonly transferId: string };
      const all = await readSession(session, [], (view) => newestFirst(view, request));
      const isKnown = all.some(({ id }) => id === transferId.toLowerCase());
      throw new RefusedRequest(
        isKnown
          ? refuse("order_rule", "transfer is complete and can no longer be canceled")
          : refuse("not_found", `transfer not found for ${shownBare(transferId)}`),
      );
    },
  );
}

const newestFirst = (view: SessionView, request: FastifyRequest): readonly TransferJson[] =>
  transfersOf(view, accountOf(view, request)).toReversed();
