/** Activities of an account. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { readSession } from "../../wire/reading.ts";
import { refusals } from "../../wire/schemas.ts";
import { ACTIVITY_QUERY, ANY_ACTIVITY_TYPE, pageOf, parseActivityQuery } from "../activity-list.ts";
import { ActivityView, presentActivity, type ActivityJson } from "../activity.ts";
import { paramsOf, type Desk } from "./desk.ts";

const TAGS = ["activities"];

/** One of Alpaca's types, in a path. */
export const ActivityTypeParam = Type.String({ description: "One of Alpaca's types, such as FILL, FEE or DIV." });

export function registerAccountActivities(app: FastifyInstance, desk: Desk): void {
  const response = { 200: Type.Array(ActivityView), ...refusals(400, 404, 422) };
  const list = async (request: FastifyRequest): Promise<readonly ActivityJson[]> => {
    const session = await desk.sessionOf(request);
    const wanted = parseActivityQuery(request);
    return readSession(session, [], (view) =>
      pageOf(view, [desk.accountOf(view, request)], wanted).map((placed) => presentActivity(view, placed)),
    );
  };
  const path = `${desk.base}/account/activities`;
  const querystring = Type.Object({ ...ANY_ACTIVITY_TYPE, ...ACTIVITY_QUERY });
  const summary = "List an account's activities";
  app.get(path, { schema: { tags: TAGS, summary, params: paramsOf(desk), querystring, response } }, list);
  app.get(
    `${path}/:activityType`,
    {
      schema: {
        tags: TAGS,
        summary: "List an account's activities of one type",
        params: paramsOf(desk, { activityType: ActivityTypeParam }),
        querystring: Type.Object(ACTIVITY_QUERY),
        response,
      },
    },
    list,
  );
}
