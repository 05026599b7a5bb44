/** News: there is no archive of them, so that bots that ask for some go on without. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Bind } from "../wire/binding.ts";
import { queryOf } from "../wire/query.ts";
import { nullable, queryList, queryText, refusals } from "../wire/schemas.ts";
import { oneOf, optionalTime, truth, wholeNumber } from "../wire/values.ts";
import { bad, sceneOf, TAGS } from "./market.ts";

const NEWS_MAX = 50;
const NEWS_DEFAULT = 10;

export function registerNews(app: FastifyInstance, bind: Bind): void {
  app.get(
    "/v1beta1/news",
    {
      schema: {
        tags: TAGS,
        summary: "News: none, they are not simulated",
        querystring: Type.Object({
          symbols: queryList("accepted"),
          start: queryText("a time with an offset, or a date"),
          end: queryText("a time with an offset, or a date"),
          limit: queryText(`1 to ${NEWS_MAX}, default ${NEWS_DEFAULT}`),
          sort: queryText("asc or desc"),
          include_content: queryText("true or false"),
          exclude_contentless: queryText("true or false"),
          page_token: queryText("there is only one page: no token is right"),
        }),
        response: {
          200: Type.Object({ news: Type.Array(Type.Object({})), next_page_token: nullable(Type.String()) }),
          ...refusals(400, 404),
        },
      },
    },
    async (request) => {
      checkNewsQuery(request);
      await sceneOf(bind, request);
      return { news: [], next_page_token: null };
    },
  );
}

/** What would be wrong if there were news is wrong here too. */
function checkNewsQuery(request: FastifyRequest): void {
  const query = queryOf(request);
  const [start, end] = [optionalTime("start", query.text("start")), optionalTime("end", query.text("end"))];
  if (start !== undefined && end !== undefined && end < start) throw bad("end should not be before start");
  wholeNumber("limit", query.text("limit"), { min: 1, max: NEWS_MAX, otherwise: NEWS_DEFAULT });
  oneOf("sort", query.text("sort")?.toLowerCase(), ["asc", "desc"] as const);
  for (const field of ["include_content", "exclude_contentless"]) truth(field, query.text(field));
  if ((query.text("page_token") ?? "") !== "") throw bad("page_token belongs to a request with other parameters");
}
