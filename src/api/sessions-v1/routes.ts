/** The Sessions API: create, list, get, change, delete, and the clock. */
import type { FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import { defaultConfig, type Command } from "../../engine/index.ts";
import { cash, LIST_ROWS_DEFAULT, LIST_ROWS_MAX, refuse, SCALE } from "../../kernel/index.ts";
import type { SessionHandle, SessionRegistry } from "../../sessions/index.ts";
import { advance, AdvanceBody, AdvanceReply, presentAdvance, type AdvanceJson } from "../wire/advancing.ts";
import { ownerOf } from "../wire/auth.ts";
import { normalizeBody } from "../wire/body.ts";
import { parseCash } from "../wire/cash.ts";
import { sessionInPath } from "../wire/session-path.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { linkNext, placeOf } from "../wire/paging.ts";
import { queryOf } from "../wire/query.ts";
import { describeSession } from "../wire/reading.ts";
import { created, NoContent, queryText, refusals } from "../wire/schemas.ts";
import { requiredTime, wholeNumber } from "../wire/values.ts";
import { shown } from "../wire/validation.ts";
import { parseConfig } from "./config.ts";
import { registerPast } from "./past-routes.ts";
import { registerPerformance } from "./performance.ts";
import { CreateSessionBody, presentSession, SessionObject, SpeedBody, UpdateSessionBody } from "./session.ts";

const TAGS = ["sessions"];
const PathParams = Type.Object({ sessionId: Type.String() });
const DEFAULT_CASH = cash(100_000n * SCALE);

/** What others have to do with a session's life. */
export interface SessionNeighbours {
  /** Called with the id of a session that is no more. */
  readonly onDelete: (session: string) => Promise<void>;
}

export function registerSessions(app: FastifyInstance, registry: SessionRegistry, neighbours: SessionNeighbours): void {
  app.addHook("preValidation", (request, _reply, done) => {
    normalizeBody(request, "camelCase");
    done();
  });
  const find = sessionInPath(registry);
  registerCollection(app, registry);
  registerOne(app, registry, { ...neighbours, find });
  registerPerformance(app, find);
  registerAdvance(app, find);
  registerSteering(app, registry, find);
  registerPast(app, { registry, find, present: (session) => present(registry, session) });
}

type Find = ReturnType<typeof sessionInPath>;

function registerCollection(app: FastifyInstance, registry: SessionRegistry): void {
  app.post(
    "/v1/sessions",
    {
      schema: {
        tags: TAGS,
        summary: "Create a session",
        body: CreateSessionBody,
        response: { 201: created(SessionObject), ...refusals(400, 413, 422) },
      },
    },
    async (request, reply) => {
      const body = request.body as Static<typeof CreateSessionBody>;
      const made = await registry.create(ownerOf(request), {
        name: body.name ?? undefined,
        startTime: requiredTime("startTime", body.startTime),
        endTime: requiredTime("endTime", body.endTime),
        initialCash: parseCash("initialCash", body.initialCash) ?? DEFAULT_CASH,
        config: body.config === undefined ? defaultConfig("conservative") : parseConfig(body.config),
      });
      const session = accepted(made);
      return reply
        .code(201)
        .header("location", `/v1/sessions/${session.id}`)
        .send(await present(registry, session));
    },
  );
  app.get(
    "/v1/sessions",
    {
      schema: {
        tags: TAGS,
        summary: "List your sessions, newest first",
        querystring: Type.Object({
          limit: queryText(`1 to ${LIST_ROWS_MAX}, default ${LIST_ROWS_DEFAULT}`),
          page_token: queryText("from the Link header"),
        }),
        response: { 200: Type.Array(SessionObject), ...refusals(400) },
      },
    },
    async (request, reply) => {
      const query = queryOf(request);
      const limit = wholeNumber("limit", query.text("limit"), {
        min: 1,
        max: LIST_ROWS_MAX,
        otherwise: LIST_ROWS_DEFAULT,
      });
      const page = await registry.list(ownerOf(request), { limit, after: placeOf(query.text("page_token")) });
      linkNext(request, reply, page.next);
      return page.sessions.map((summary) => presentSession(summary, registry.catalog));
    },
  );
}

function registerOne(
  app: FastifyInstance,
  registry: SessionRegistry,
  { find, onDelete }: SessionNeighbours & { readonly find: Find },
): void {
  app.get(
    "/v1/sessions/:sessionId",
    {
      schema: {
        tags: TAGS,
        summary: "Get a session",
        params: PathParams,
        response: { 200: SessionObject, ...refusals(404) },
      },
    },
    async (request) => present(registry, await find(request)),
  );
  app.patch(
    "/v1/sessions/:sessionId",
    {
      schema: {
        tags: TAGS,
        summary: "Rename a session, or extend it",
        params: PathParams,
        body: UpdateSessionBody,
        response: { 200: SessionObject, ...refusals(400, 404, 409, 413) },
      },
    },
    async (request) => {
      const body = request.body as Static<typeof UpdateSessionBody>;
      const endTime = body.endTime === undefined ? undefined : requiredTime("endTime", body.endTime);
      return execute(registry, await find(request), { kind: "update_session", name: body.name, endTime });
    },
  );
  app.delete(
    "/v1/sessions/:sessionId",
    {
      schema: {
        tags: TAGS,
        summary: "Delete a session and all of its data",
        params: PathParams,
        response: { 204: NoContent, ...refusals(404) },
      },
    },
    async (request, reply) => {
      const { sessionId } = request.params as Static<typeof PathParams>;
      if (!(await registry.delete(ownerOf(request), sessionId))) {
        throw new RefusedRequest(refuse("not_found", `session not found: ${shown(sessionId)}`));
      }
      await onDelete(sessionId);
      return reply.code(204).send();
    },
  );
}

function registerAdvance(app: FastifyInstance, find: Find): void {
  app.post(
    "/v1/sessions/:sessionId/time/advance",
    {
      schema: {
        tags: TAGS,
        summary: "Advance the clock: by a duration, to a time, or until something happens",
        params: PathParams,
        querystring: Type.Object({
          lockstep: queryText(
            "false: does not wait for readers in lock-step; true: asks even those who were sent nothing",
          ),
        }),
        body: AdvanceBody,
        response: { 200: AdvanceReply, ...refusals(400, 404, 409, 413) },
      },
    },
    async (request) => {
      const session = await find(request);
      const lockstep = queryOf(request).text("lockstep");
      if (lockstep !== "false") await session.readersSettled(lockstep === "true" ? "in any case" : "if behind");
      const reply = presentAdvance(accepted(await advance(session, request.body as AdvanceJson)));
      if (lockstep !== "false") await session.readersSettled("if behind");
      return reply;
    },
  );
}

function registerSteering(app: FastifyInstance, registry: SessionRegistry, find: Find): void {
  app.post(
    "/v1/sessions/:sessionId/accept-data",
    {
      schema: {
        tags: TAGS,
        summary: "Go on with the bars as they are now, where those that the session has used have changed",
        params: PathParams,
        response: { 200: SessionObject, ...refusals(400, 404, 409) },
      },
    },
    async (request) => execute(registry, await find(request), { kind: "accept_data" }),
  );
  const action = (name: string, summary: string, command: Command): void => {
    app.post(
      `/v1/sessions/:sessionId/time/${name}`,
      {
        schema: {
          tags: TAGS,
          summary,
          params: PathParams,
          response: { 200: SessionObject, ...refusals(400, 404, 409) },
        },
      },
      async (request) => execute(registry, await find(request), command),
    );
  };
  action("play", "Start playback", { kind: "play" });
  action("pause", "Pause playback", { kind: "pause", reason: "asked" });
  app.put(
    "/v1/sessions/:sessionId/time/speed",
    {
      schema: {
        tags: TAGS,
        summary: "Set the speed of playback",
        params: PathParams,
        body: SpeedBody,
        response: { 200: SessionObject, ...refusals(400, 404, 409, 413) },
      },
    },
    async (request) => {
      const { speed } = request.body as Static<typeof SpeedBody>;
      return execute(registry, await find(request), { kind: "set_speed", speed });
    },
  );
}

async function execute(
  registry: SessionRegistry,
  session: SessionHandle,
  command: Command,
): Promise<Static<typeof SessionObject>> {
  accepted(await session.execute(command));
  return present(registry, session);
}

/** The object of a session as of its last finished command. */
export async function present(
  { catalog }: SessionRegistry,
  session: SessionHandle,
): Promise<Static<typeof SessionObject>> {
  const summary = await describeSession(session);
  return presentSession(summary, catalog, session.changedDays);
}
