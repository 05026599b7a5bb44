/** Activities of all accounts of a session. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Account } from "../../engine/index.ts";
import { refuse } from "../../kernel/index.ts";
import type { SessionView } from "../../sessions/index.ts";
import { ACTIVITY_QUERY, ANY_ACTIVITY_TYPE, pageOf, parseActivityQuery } from "../alpaca/activity-list.ts";
import { ActivityView, presentActivity, type ActivityJson } from "../alpaca/activity.ts";
import { ActivityTypeParam } from "../alpaca/desk/activities.ts";
import { RefusedRequest } from "../wire/errors.ts";
import { queryOf } from "../wire/query.ts";
import { readSession } from "../wire/reading.ts";
import { queryText, refusals } from "../wire/schemas.ts";
import { shown } from "../wire/validation.ts";
import type { Broker } from "./context.ts";

const TAGS = ["activities"];
const PATH = "/v1/accounts/activities";
const ONE_ACCOUNT = { account_id: queryText("only this account") };

export function registerActivities(app: FastifyInstance, broker: Broker): void {
  const response = { 200: Type.Array(ActivityView), ...refusals(400, 404, 422) };
  const list = (request: FastifyRequest): Promise<readonly ActivityJson[]> => listOfAll(broker, request);
  app.get(
    PATH,
    {
      schema: {
        tags: TAGS,
        summary: "List activities of all accounts of the session",
        querystring: Type.Object({ ...ONE_ACCOUNT, ...ANY_ACTIVITY_TYPE, ...ACTIVITY_QUERY }),
        response,
      },
    },
    list,
  );
  app.get(
    `${PATH}/:activityType`,
    {
      schema: {
        tags: TAGS,
        summary: "List activities of one type of all accounts of the session",
        params: Type.Object({ activityType: ActivityTypeParam }),
        querystring: Type.Object({ ...ONE_ACCOUNT, ...ACTIVITY_QUERY }),
        response,
      },
    },
    list,
  );
}

async function listOfAll(broker: Broker, request: FastifyRequest): Promise<readonly ActivityJson[]> {
  const id = queryOf(request).text("account_id");
  const session = await broker.sessionOf(request);
  const wanted = parseActivityQuery(request);
  return readSession(session, [], (view) =>
    pageOf(view, accountsOf(view, id), wanted).map((placed) => ({
      ...presentActivity(view, placed),
      account_id: view.ids.account(placed.account.ordinal),
    })),
  );
}

function accountsOf(view: SessionView, id: string | undefined): readonly Account[] {
  if (id === undefined || id === "") return view.state.accounts;
  const account = view.state.accounts[(view.ids.findAccount(id) ?? 0) - 1];
  if (account === undefined) throw new RefusedRequest(refuse("not_found", `account not found for ${shown(id)}`));
  return [account];
}
