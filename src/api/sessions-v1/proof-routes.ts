/** Proofs over HTTP: a session run again, verified, compared with another, and carried as a file. */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { RULES_VERSION, type EngineConfig } from "../../engine/index.ts";
import { isRefusal, refuse, SESSION_FILE_BYTES_MAX, SESSION_FILE_MS_MAX, type Refusal } from "../../kernel/index.ts";
import type { SessionHandle, SessionRegistry, Watch, WireIds } from "../../sessions/index.ts";
import { ownerOf } from "../wire/auth.ts";
import { normalizeBody } from "../wire/body.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { patiently } from "../wire/long-upload.ts";
import { queryOf } from "../wire/query.ts";
import { describeSession, readSession } from "../wire/reading.ts";
import { created, queryText, refusals } from "../wire/schemas.ts";
import { sessionInPath } from "../wire/session-path.ts";
import { shown } from "../wire/validation.ts";
import { truth } from "../wire/values.ts";
import { ConfigBody, parseConfig } from "./config.ts";
import { answerLongWork } from "./long-work.ts";
import {
  DiffView,
  ImportView,
  presentDiff,
  presentImport,
  presentReplay,
  presentVerification,
  ReplayView,
  VerifyView,
} from "./proof-views.ts";
import { present } from "./routes.ts";

const TAGS = ["proofs"];
const PathParams = Type.Object({ sessionId: Type.String() });
const ReplayBody = Type.Object(
  { config: Type.Optional(ConfigBody) },
  { additionalProperties: false, description: "Options of the run; what is not named stays as it was." },
);
const PROGRESS = { progress: queryText("true: JSON lines that tell how far it is, and last the report") };

/** `by`: program and version, as files name them. */
export function registerProof(app: FastifyInstance, registry: SessionRegistry, by: string): void {
  registerRuns(app, registry);
  registerDiff(app, registry);
  registerExport(app, registry, by);
  // A file is no JSON: its route takes bodies as they come.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => {
      done(null, payload);
    });
    registerImport(scope, registry);
  });
}

const idsOf = (session: SessionHandle): Promise<WireIds> => readSession(session, [], ({ ids }) => ids);

/** Works as the client wants to hear of it: with lines of progress, or with the report alone. */
function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (watch: Watch) => Promise<object | Refusal>,
): Promise<object> {
  return answerLongWork(reply, truth("progress", queryOf(request).text("progress")), work);
}

function registerRuns(app: FastifyInstance, registry: SessionRegistry): void {
  const find = sessionInPath(registry);
  app.post(
    "/v1/sessions/:sessionId/replay",
    {
      preValidation: (request, _reply, done) => {
        normalizeBody(request, "camelCase");
        done();
      },
      schema: {
        tags: TAGS,
        summary: "Run a session's commands again, under the same options or others, and compare",
        params: PathParams,
        querystring: Type.Object(PROGRESS),
        body: ReplayBody,
        response: { 200: ReplayView, ...refusals(400, 404, 409, 413) },
      },
    },
    async (request, reply) => {
      const session = await find(request);
      const config = changeOf((request.body as Static<typeof ReplayBody>).config);
      const ids = await idsOf(session);
      return answer(request, reply, async (watch) => {
        const report = await registry.proof.replay(session, { config, watch });
        return isRefusal(report) ? report : presentReplay(session.id, report, ids);
      });
    },
  );
  app.post(
    "/v1/sessions/:sessionId/verify",
    {
      schema: {
        tags: TAGS,
        summary: "Verify a session: its chain of hashes, its commands run again, and the data that it used",
        params: PathParams,
        querystring: Type.Object(PROGRESS),
        response: { 200: VerifyView, ...refusals(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const session = await find(request);
      const ids = await idsOf(session);
      return answer(request, reply, async (watch) => {
        const report = await registry.proof.verify(session, watch);
        return isRefusal(report) ? report : presentVerification(session.id, report, ids);
      });
    },
  );
}

/** A profile brings all of its options but what the session was given to begin with. */
function changeOf(
  options: Static<typeof ConfigBody> | undefined,
): ((recorded: EngineConfig) => EngineConfig) | undefined {
  if (options === undefined) return undefined;
  return ({ rulesVersion: _rulesVersion, ...recorded }) => {
    const { seed, initialPositions } = recorded;
    return parseConfig({ ...(options["profile"] === undefined ? recorded : { seed, initialPositions }), ...options });
  };
}

function registerDiff(app: FastifyInstance, registry: SessionRegistry): void {
  const find = sessionInPath(registry);
  app.get(
    "/v1/sessions/:sessionId/diff/:otherId",
    {
      schema: {
        tags: TAGS,
        summary: "Where two sessions part: common entries, options, the first event that differs",
        params: Type.Object({ sessionId: Type.String(), otherId: Type.String() }),
        response: { 200: DiffView, ...refusals(404) },
      },
    },
    async (request) => {
      const session = await find(request);
      const { otherId } = request.params as { readonly otherId: string };
      const other = await registry.find(ownerOf(request), otherId);
      if (other === undefined) throw new RefusedRequest(refuse("not_found", `session not found: ${shown(otherId)}`));
      const [a, b] = [await sideOf(session), await sideOf(other)];
      return presentDiff(accepted(await registry.proof.diff(session, other)), a, b);
    },
  );
}

const sideOf = async (session: SessionHandle): Promise<Parameters<typeof presentDiff>[1]> => ({
  summary: await describeSession(session),
  ids: await idsOf(session),
});

function registerExport(app: FastifyInstance, registry: SessionRegistry, by: string): void {
  const find = sessionInPath(registry);
  app.get(
    "/v1/sessions/:sessionId/export",
    {
      schema: {
        tags: TAGS,
        summary: "A session as a file that another server can take in and verify",
        params: PathParams,
        querystring: Type.Object({ bars: queryText("true: with the bars that the session has used, up to its clock") }),
        response: {
          200: {
            description: "docs/reference/session-file.md says what it holds.",
            content: { "application/gzip": { schema: Type.String({ format: "binary" }) } },
          },
          ...refusals(400, 404, 409),
        },
      },
    },
    async (request, reply) => {
      const session = await find(request);
      const isWithBars = truth("bars", queryOf(request).text("bars"));
      const file = accepted(await registry.proof.write(session, { by, isWithBars }));
      return reply
        .type("application/gzip")
        .header("content-disposition", `attachment; filename="${session.id}.tapedeck"`)
        .send(Readable.from(file));
    },
  );
}

function registerImport(app: FastifyInstance, registry: SessionRegistry): void {
  app.post(
    "/v1/sessions/import",
    {
      bodyLimit: SESSION_FILE_BYTES_MAX,
      schema: {
        tags: TAGS,
        summary: "Take a session file in as a session of yours; the body is the file",
        querystring: Type.Object({
          bars: queryText("take: bring bars of the file into the catalog where it lacks them; days that it has stay"),
        }),
        response: { 201: created(ImportView), ...refusals(400, 413, 422) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      if (!(body instanceof Readable))
        throw new RefusedRequest(refuse("bad_session_file", "the body must be a session file"));
      // What is refused in the middle is answered, so the socket has to stay.
      const bytes = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
      const owner = ownerOf(request);
      const isTakingBars = isTake(queryOf(request).text("bars"));
      const taking = (): ReturnType<typeof registry.proof.take> =>
        registry.proof.take({ owner, bytes, checkConfig, isTakingBars });
      const imported = accepted(await patiently(app, SESSION_FILE_MS_MAX, taking));
      const session = await registry.find(owner, imported.id);
      if (session === undefined) throw new RefusedRequest(refuse("not_found", "session not found"));
      return reply
        .code(201)
        .header("location", `/v1/sessions/${session.id}`)
        .send(presentImport(await present(registry, session), imported));
    },
  );
}

function isTake(bars: string | undefined): boolean {
  if (bars === undefined || bars === "take") return bars !== undefined;
  throw new RefusedRequest(refuse("bad_request", `bars: got ${shown(bars)}, wanted take`));
}

/** Why options of a file cannot be a session's. */
function checkConfig({ rulesVersion, ...options }: EngineConfig): Refusal | undefined {
  if (!Number.isInteger(rulesVersion) || rulesVersion < 1 || rulesVersion > RULES_VERSION) {
    return refuse("bad_session_file", `rulesVersion must be 1 to ${RULES_VERSION}, got ${shown(rulesVersion)}`);
  }
  try {
    parseConfig(options);
    return undefined;
  } catch (error) {
    if (error instanceof RefusedRequest) return error.refusal;
    throw error;
  }
}
