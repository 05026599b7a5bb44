/** Files sent to be imported: received, looked at, started, watched and ended. */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { refuse, UPLOAD_BYTES_MAX, UPLOAD_MS_MAX } from "../../kernel/index.ts";
import type { ImportJob, UploadOptions, Uploads } from "../../sessions/index.ts";
import { ownerOf } from "../wire/auth.ts";
import { normalizeBody } from "../wire/body.ts";
import { accepted, RefusedRequest } from "../wire/errors.ts";
import { patiently } from "../wire/long-upload.ts";
import { queryOf } from "../wire/query.ts";
import { created, NoContent, queryText, refusals } from "../wire/schemas.ts";
import { shown } from "../wire/validation.ts";
import { ImportBody, ImportView, presentImport, presentPreview, PreviewView } from "./import-views.ts";

const TAGS = ["data"];
const PATH = "/v1/data/imports";
const PathParams = Type.Object({ importId: Type.String() });

export function registerImports(app: FastifyInstance, uploads: Uploads): void {
  registerOptions(app, uploads);
  registerReads(app, uploads);
  // A file is no JSON: its route takes bodies as they come.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => {
      done(null, payload);
    });
    registerReceiving(scope, uploads);
  });
}

function registerReceiving(app: FastifyInstance, uploads: Uploads): void {
  app.post(
    PATH,
    {
      // The limit is kept while the file is written, whatever its length is said to be.
      bodyLimit: Number.MAX_SAFE_INTEGER,
      schema: {
        tags: TAGS,
        summary: "Send a file to be imported; the body is the file. Nothing is imported before it is started",
        querystring: Type.Object({
          name: queryText("The file's own name: required, without folders; it may tell symbol and timeframe."),
        }),
        response: { 201: created(ImportView), ...refusals(400, 413) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const name = queryOf(request).text("name") ?? "";
      if (Number(request.headers["content-length"] ?? 0) > UPLOAD_BYTES_MAX)
        throw new RefusedRequest(refuse("body_too_large", `the file is larger than ${UPLOAD_BYTES_MAX} bytes`));
      const content = body instanceof Readable ? bytesOf(body) : Readable.from([]);
      const owner = ownerOf(request);
      const job = accepted(await patiently(app, UPLOAD_MS_MAX, () => uploads.receive({ owner, name, content })));
      return reply.code(201).header("location", `${PATH}/${job.id}`).send(presentImport(job));
    },
  );
}

/** What is refused in the middle is answered, so the socket has to stay; a sender who goes away is no fault of ours. */
async function* bytesOf(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new RefusedRequest(refuse("bad_request", `the file did not arrive whole: ${String(error)}`));
  }
}

function registerOptions(app: FastifyInstance, uploads: Uploads): void {
  const find = findIn(uploads);
  const preValidation = (request: FastifyRequest, _reply: unknown, done: () => void): void => {
    normalizeBody(request, "snake_case");
    done();
  };
  app.post(
    `${PATH}/:importId/preview`,
    {
      preValidation,
      schema: {
        tags: TAGS,
        summary: "What an import with these options would make of the file's first rows",
        params: PathParams,
        body: ImportBody,
        response: { 200: PreviewView, ...refusals(400, 404, 409, 413) },
      },
    },
    async (request) => presentPreview(accepted(await uploads.preview(find(request), optionsOf(request)))),
  );
  app.post(
    `${PATH}/:importId/start`,
    {
      preValidation,
      schema: {
        tags: TAGS,
        summary: "Import the file; imports run one after the other, each as a whole or not at all",
        params: PathParams,
        body: ImportBody,
        response: { 202: ImportView, ...refusals(400, 404, 409, 413) },
      },
    },
    async (request, reply) => {
      const started = uploads.start(find(request), optionsOf(request));
      return reply.code(202).send(presentImport(accepted(started)));
    },
  );
}

function registerReads(app: FastifyInstance, uploads: Uploads): void {
  const find = findIn(uploads);
  app.get(
    PATH,
    {
      schema: {
        tags: TAGS,
        summary: "List files that were sent, and the newest imports",
        response: { 200: Type.Array(ImportView), ...refusals() },
      },
    },
    async (request) => uploads.list(ownerOf(request)).map(presentImport),
  );
  app.get(
    `${PATH}/:importId`,
    {
      schema: {
        tags: TAGS,
        summary: "How far an import is, and its report",
        params: PathParams,
        response: { 200: ImportView, ...refusals(400, 404) },
      },
    },
    async (request) => presentImport(find(request)),
  );
  app.delete(
    `${PATH}/:importId`,
    {
      schema: {
        tags: TAGS,
        summary: "End an import and forget its file; what it had not finished has changed nothing",
        params: PathParams,
        response: { 204: NoContent, ...refusals(400, 404) },
      },
    },
    async (request, reply) => {
      await uploads.remove(find(request));
      return reply.code(204).send();
    },
  );
}

const findIn =
  (uploads: Uploads) =>
  (request: FastifyRequest): ImportJob => {
    const { importId } = request.params as Static<typeof PathParams>;
    const job = uploads.find(ownerOf(request), importId);
    if (job === undefined) throw new RefusedRequest(refuse("not_found", `import not found: ${shown(importId)}`));
    return job;
  };

function optionsOf(request: FastifyRequest): UploadOptions {
  const body = request.body as Static<typeof ImportBody>;
  const text = (value: string | null | undefined): string | undefined =>
    value === null || value === "" ? undefined : value;
  return {
    symbol: text(body.symbol),
    timeframe: text(body.timeframe),
    format: text(body.format),
    timezone: text(body.timezone),
    timeFormat: text(body.time_format),
    columns: text(body.columns),
    onConflict: text(body.on_conflict),
    isAdjusted: body.adjusted ?? undefined,
  };
}
